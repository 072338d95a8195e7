//! A part of an answer as a table with names and links, and the way to its other parts. Knows
//! neither where the query came from nor what surrounds the table.

use super::frame::Anchor;
use crate::entity::{EntityError, Labels};
use crate::iri::Base;
use crate::query::{Contents, Shown};
use crate::vocab::datatype;
use crate::web::address::{encode, page};
use crate::web::language::Reader;
use crate::web::words::{SparqlWords, Words, told};
use askama::Template;
use oxigraph::model::{Literal, Term};

/// How many rows a page shows.
pub const ROWS: u64 = 100;

/// What stands in a place of the table.
enum Cell {
    Nothing,
    Link { anchor: Anchor, iri: String },
    Name(String),
    Text { text: String, lang: Option<String>, is_number: bool },
}

impl Cell {
    /// A link to what has its page on another node leads there.
    fn leading(mut self, elsewhere: &[String]) -> Self {
        if let Self::Link { anchor, iri } = &mut self
            && elsewhere.iter().any(|start| format!("{iri}/").starts_with(start))
        {
            anchor.address = encode(iri);
        }
        self
    }
}

/// The table of an answer; written out, it is HTML.
#[derive(Template)]
#[template(path = "answer.html")]
pub struct AnswerTable {
    own: &'static SparqlWords,
    /// Yes or no, of an ASK.
    truth: Option<bool>,
    /// How many rows there are, in words.
    count: String,
    took: String,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
    /// Which rows these are, where they are not all.
    shown: Option<String>,
    place: String,
    previous: Option<String>,
    next: Option<String>,
}

/// Where the other pages of an answer are: an address for a number of a page.
pub type Pages<'p> = &'p dyn Fn(u64) -> String;

/// The table of a part of an answer; `number` is that of its page, from 1. What begins as one of
/// `elsewhere` has its page on another node.
pub fn answer_table(
    base: &Base,
    reader: Reader,
    labels: &Labels<'_>,
    answer: &Shown,
    number: u64,
    pages: Pages<'_>,
    elsewhere: &[String],
) -> Result<AnswerTable, EntityError> {
    let own = SparqlWords::of(reader.language);
    let words = Words::of(reader.language);
    let cell = |term: Option<&Term>| {
        Ok::<_, EntityError>(cell(base, reader, words, labels, term)?.leading(elsewhere))
    };
    let (columns, rows): (Vec<String>, Vec<Vec<Cell>>) = match &answer.contents {
        Contents::Truth(_) => (Vec::new(), Vec::new()),
        Contents::Rows { columns, rows } => {
            let row =
                |row: &Vec<Option<Term>>| row.iter().map(|term| cell(term.as_ref())).collect();
            (columns.clone(), rows.iter().map(row).collect::<Result<_, _>>()?)
        }
        Contents::Graph(triples) => {
            let mut rows = Vec::new();
            for triple in triples {
                let subject = Term::from(triple.subject.clone());
                let predicate = Term::from(triple.predicate.clone());
                let terms = [&subject, &predicate, &triple.object];
                rows.push(
                    terms.into_iter().map(|term| cell(Some(term))).collect::<Result<_, _>>()?,
                );
            }
            (["subject", "predicate", "object"].map(str::to_owned).into(), rows)
        }
    };
    let first = (number - 1) * ROWS;
    let last = first + rows.len() as u64;
    let is_all = answer.is_total && first == 0 && last == answer.total;
    let spelled = |number: u64| words.number(&number.to_string()).unwrap_or_default();
    let last_page = answer.total.div_ceil(ROWS).max(1);
    let place = match answer.is_total {
        true => told(own.page_of, &[("page", spelled(number)), ("pages", spelled(last_page))]),
        false => told(own.page_only, &[("page", spelled(number))]),
    };
    Ok(AnswerTable {
        own,
        truth: match answer.contents {
            Contents::Truth(truth) => Some(truth),
            _ => None,
        },
        count: count(own, answer, &spelled(answer.total)),
        took: told(own.took, &[("seconds", seconds(words, answer.seconds))]),
        columns,
        rows,
        shown: (!is_all && last > first)
            .then(|| told(own.shown, &[("first", spelled(first + 1)), ("last", spelled(last))])),
        place,
        previous: (number > 1).then(|| pages(number - 1)),
        next: (!is_all && number < last_page).then(|| pages(number + 1)),
    })
}

fn count(own: &SparqlWords, answer: &Shown, total: &str) -> String {
    let is_graph = matches!(answer.contents, Contents::Graph(_));
    let text = match (is_graph, answer.is_total, answer.total) {
        (false, true, 1) => own.one_row,
        (false, true, _) => own.rows,
        (false, false, _) => own.more_rows,
        (true, true, 1) => own.one_triple,
        (true, true, _) => own.triples,
        (true, false, _) => own.more_triples,
    };
    told(text, &[("rows", total.to_owned())])
}

/// A duration as people write it, to the millisecond.
pub fn seconds(words: &Words, seconds: f64) -> String {
    words.number(&format!("{seconds:.3}")).unwrap_or_default()
}

fn cell(
    base: &Base,
    reader: Reader,
    words: &Words,
    labels: &Labels<'_>,
    term: Option<&Term>,
) -> Result<Cell, EntityError> {
    Ok(match term {
        None => Cell::Nothing,
        Some(Term::NamedNode(node)) => {
            let link = labels.link(node.as_str())?;
            let language = link.label.language.filter(|tag| tag != words.tag);
            let address = page(base, node.as_str(), reader);
            let anchor = Anchor { address, text: link.label.text, language };
            Cell::Link { anchor, iri: node.as_str().to_owned() }
        }
        Some(Term::Literal(literal)) => text(words, literal),
        Some(other) => Cell::Name(other.to_string()),
    })
}

fn text(words: &Words, literal: &Literal) -> Cell {
    let (value, kind) = (literal.value(), literal.datatype());
    let is_number = datatype::NUMBERS.contains(&kind.as_str());
    let own = match kind.as_str() {
        _ if is_number => words.number(value),
        kind if datatype::TIMES.contains(&kind) => words.date(value),
        _ => None,
    };
    Cell::Text {
        text: own.unwrap_or_else(|| value.to_owned()),
        lang: literal.language().filter(|tag| *tag != words.tag).map(str::to_owned),
        is_number,
    }
}
