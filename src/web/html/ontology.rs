//! The documentation of the ontology: every term with its meaning, its use, its place among the
//! others, examples. Anchors are the terms' local names. Finds nothing out by itself.

use super::frame::{Anchor, Frame, html};
use crate::app::App;
use crate::schema::{Glossary, Language, Property, Sort, Term};
use crate::vocab::fl;
use crate::web::address::page;
use crate::web::error::HttpError;
use crate::web::language::{Reader, tag};
use crate::web::words::{TermWords, Words, told};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeMap;

/// A query for each service, to begin with, in Italian and in English.
const EXAMPLES: [(&str, [&str; 2]); 2] = [
    (
        "search",
        [
            include_str!("../../../web/templates/examples/search.it.rq"),
            include_str!("../../../web/templates/examples/search.en.rq"),
        ],
    ),
    (
        "related",
        [
            include_str!("../../../web/templates/examples/related.it.rq"),
            include_str!("../../../web/templates/examples/related.en.rq"),
        ],
    ),
];

/// What the data shows of a term.
#[derive(Default)]
pub struct Shown {
    pub count: Option<u64>,
    /// Resources of a class.
    pub members: Vec<Anchor>,
    /// A subject that has a property, and the value.
    pub statement: Option<(Anchor, Anchor)>,
}

#[derive(Template)]
#[template(path = "ontology.html")]
struct Page<'a> {
    frame: Frame<'a>,
    own: &'static TermWords,
    lead: &'a str,
    version: &'a str,
    asked: String,
    found: Option<String>,
    sections: Vec<Section>,
    formats: Vec<Anchor>,
}

struct Section {
    id: &'static str,
    title: &'static str,
    hint: &'static str,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    iri: String,
    /// The words by which it is found.
    words: String,
    sort: &'static str,
    label: String,
    definition: String,
    usage: String,
    /// Lists of links under a heading each.
    links: Vec<(&'static str, Vec<Anchor>)>,
    count: Option<String>,
    members: Vec<Anchor>,
    statement: Option<(Anchor, Anchor)>,
    diagram: Option<(String, String)>,
    rows: Vec<Row>,
    example: Option<(&'static str, String)>,
}

/// A property of a class.
struct Row {
    link: Anchor,
    term: String,
    values: Anchor,
    how_many: String,
}

/// What stands around every term of one page.
struct Scene<'s> {
    app: &'s App,
    reader: Reader,
    frame: &'s Frame<'s>,
    glossary: &'s Glossary,
    own: &'static TermWords,
    words: &'static Words,
}

/// The documentation, or the part of it that holds some words.
pub fn ontology_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    asked: &str,
    shown: &mut BTreeMap<String, Shown>,
) -> Result<Response, HttpError> {
    let (own, language) = (TermWords::of(reader.language), reader.language);
    let glossary = &app.glossary;
    let mut frame = Frame::new(app, reader, uri, own.title.to_owned());
    frame.describe(glossary.description.get(language));
    frame.styles.push("terms.css");
    frame.scripts.push("terms.js");
    frame.is_hidden = !asked.is_empty();
    let scene = Scene { app, reader, frame: &frame, glossary, own, words: Words::of(language) };
    let wanted: Vec<String> = folded(asked).split_whitespace().map(str::to_owned).collect();
    let mut total = 0;
    let mut section = |id, title, hint, sorts: &[Sort]| {
        let terms = glossary.terms.iter().filter(|term| sorts.contains(&term.sort));
        let entries =
            terms.map(|term| scene.entry(term, shown.remove(&term.iri).unwrap_or_default()));
        let found = entries.filter(|entry| wanted.iter().all(|word| entry.words.contains(word)));
        let entries: Vec<Entry> = found.collect();
        total += entries.len();
        Section { id, title, hint, entries }
    };
    let sections = vec![
        section("classi", own.classes, "", &[Sort::Class]),
        section("proprieta", own.properties, "", &[Sort::Link, Sort::Value]),
        section("servizi", own.services, own.services_hint, &[Sort::Service]),
        section("termini-dei-servizi", own.service_terms, "", &[Sort::ServiceTerm]),
    ];
    let found = (!wanted.is_empty()).then(|| match total {
        0 => own.found_none.to_owned(),
        total => told(own.found, &[("count", total.to_string())]),
    });
    let formats = crate::media::GRAPHS.iter().take(4).map(|media| {
        Anchor::new(format!("{}/ontology.{}", frame.root, media.extension), media.label)
    });
    let page = Page {
        own,
        lead: own.lead,
        version: &glossary.version,
        asked: asked.to_owned(),
        found,
        formats: formats.collect(),
        sections: sections.into_iter().filter(|section| !section.entries.is_empty()).collect(),
        frame,
    };
    html(&page, language)
}

impl Scene<'_> {
    fn entry(&self, term: &Term, shown: Shown) -> Entry {
        let (own, language) = (self.own, self.reader.language);
        let all = |iris: &[String]| iris.iter().map(|iri| self.link(iri)).collect::<Vec<Anchor>>();
        let inverse: Vec<String> = term.inverse.iter().cloned().collect();
        let links = [
            (own.more_precise, all(&term.broader)),
            (own.narrower, all(&term.narrower)),
            (own.of_classes, all(&term.domains)),
            (own.range, all(&term.ranges)),
            (own.inverse, all(&inverse)),
            (own.aligned, all(&term.aligned)),
            (own.see_also, all(&term.see_also)),
        ];
        let outline = self.glossary.outline(&term.name).filter(|_| term.sort == Sort::Class);
        let count = shown.count.filter(|count| *count > 0).map(|count| {
            let text = if term.sort == Sort::Class { own.used } else { own.used_statements };
            let count = self.words.number(&count.to_string()).unwrap_or_default();
            told(text, &[("count", count)])
        });
        let label = term.label.get(language).to_owned();
        let example = EXAMPLES.iter().find(|(name, _)| *name == term.name);
        Entry {
            words: folded(&format!(
                "{} {} {} {} {}",
                term.name, term.label.it, term.label.en, term.definition.it, term.definition.en
            )),
            sort: match term.sort {
                Sort::Class => own.kind_class,
                Sort::Link => own.kind_object,
                Sort::Value => own.kind_value,
                Sort::Service => own.kind_service,
                Sort::ServiceTerm => own.kind_service_term,
            },
            definition: term.definition.get(language).to_owned(),
            usage: term.usage.get(language).to_owned(),
            links: links.into_iter().filter(|(_, links)| !links.is_empty()).collect(),
            count,
            members: shown.members,
            statement: shown.statement,
            diagram: outline.map(|_| {
                // An image is asked for without the page's language.
                let (root, tag) = (&self.frame.root, tag(language));
                let address = format!("{root}/ontologia/{}.svg?lang={tag}", term.name);
                (address, told(own.diagram, &[("name", label.clone())]))
            }),
            rows: outline.map_or_else(Vec::new, |outline| {
                outline.values.iter().chain(&outline.links).map(|one| self.row(one)).collect()
            }),
            example: example.map(|(_, queries)| {
                let query = queries[usize::from(language == Language::English)];
                let query_text = utf8_percent_encode(query, NON_ALPHANUMERIC);
                (query, format!("{}?query={query_text}", self.frame.at("/sparql")))
            }),
            name: term.name.clone(),
            iri: term.iri.clone(),
            label,
        }
    }

    fn row(&self, property: &Property) -> Row {
        let (own, language) = (self.own, self.reader.language);
        let whole = |short: &str| {
            let name = short.strip_prefix("fl:")?;
            Some(format!("{}{name}", fl::NAMESPACE))
        };
        let link = |text: &str, short: &str| match whole(short) {
            Some(iri) if self.glossary.get(&iri).is_some() => {
                Anchor::new(format!("#{}", &short[3..]), text)
            }
            _ => Anchor::new(String::new(), text),
        };
        let class = format!("fl:{}", property.kind);
        let called = property.called.get(language);
        let values = match called.is_empty() {
            true => Anchor::new(String::new(), property.kind.as_str()),
            false => link(called, &class),
        };
        let number = |text: &str| {
            let most = property.most.unwrap_or_default();
            told(text, &[("least", property.least.to_string()), ("most", most.to_string())])
        };
        let how_many = match (property.least, property.most) {
            (0, None) => own.any.to_owned(),
            (_, None) => number(own.at_least),
            (0, Some(_)) => number(own.at_most),
            (least, Some(most)) if least == most => number(own.exactly),
            _ => number(own.between),
        };
        Row {
            link: link(property.name.get(language), &property.term),
            term: property.term.clone(),
            values,
            how_many,
        }
    }

    /// A term of the ontology stands on this page; others have pages of their own.
    fn link(&self, iri: &str) -> Anchor {
        match self.glossary.get(iri) {
            Some(term) => {
                Anchor::new(format!("#{}", term.name), term.label.get(self.reader.language))
            }
            None => Anchor::new(page(&self.app.base, iri, self.reader), self.glossary.short(iri)),
        }
    }
}

/// A text as it is looked through: without capitals and accents.
pub fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .flat_map(char::to_lowercase)
        .collect()
}
