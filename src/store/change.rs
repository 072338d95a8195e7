//! What a change is made of: records, their triples in canonical form, and entries.
//! Refuses to know where any of it is kept.

use oxigraph::io::{RdfFormat, RdfParser, RdfSyntaxError};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{LiteralRef, Quad, Term, TermRef, TripleRef};
use sha2::{Digest, Sha256};
use spareval::ExpressionTerm;
use std::collections::HashSet;

/// One record in one graph, as the log names it (see [`crate::iri::graph_key`]).
///
/// An empty `record` stands for the existence of the graph itself, which a plain SPARQL store
/// must remember even while the graph is empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub graph: String,
    pub record: String,
}

/// The triples of a record: N-Triples, one a line, sorted by code point, without duplicates.
///
/// Stored records hold no blank nodes, so this is their canonical form (RDFC-1.0, section 4)
/// and equal texts mean equal graphs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Triples(String);

impl Triples {
    /// Sorts N-Triples lines into canonical form; every line ends with ` .` and a line feed.
    pub fn from_lines(lines: &str) -> Self {
        let mut sorted: Vec<&str> = lines.split_inclusive('\n').collect();
        sorted.sort_unstable();
        sorted.dedup();
        Self(sorted.concat())
    }

    /// Takes a text that is known to be canonical, such as one that the log kept.
    pub(super) fn from_canonical(text: String) -> Self {
        Self(text)
    }

    /// Writes down triples.
    pub fn from_triples<'a>(triples: impl IntoIterator<Item = TripleRef<'a>>) -> Self {
        let mut lines = String::new();
        for triple in triples {
            push_line(&mut lines, triple);
        }
        Self::from_lines(&lines)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The lines, each with its line feed.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.split_inclusive('\n')
    }

    /// How many triples there are.
    pub fn len(&self) -> usize {
        self.lines().count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The SHA-256 of the text, in hexadecimal.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }

    /// The quads these triples are in a graph.
    pub fn quads(&self, graph: &str) -> impl Iterator<Item = Result<Quad, RdfSyntaxError>> + '_ {
        parse(&self.0, graph)
    }

    /// These triples without the lines in `removed` and with those in `added`.
    pub fn edited(&self, removed: &Self, added: &Self) -> Self {
        let mut lines = self.minus(removed).0;
        lines.push_str(&added.0);
        Self::from_lines(&lines)
    }

    /// The lines of this text that the other lacks.
    pub fn minus(&self, other: &Self) -> Self {
        let others: HashSet<&str> = other.lines().collect();
        Self(self.lines().filter(|line| !others.contains(line)).collect())
    }
}

/// Appends one triple as a canonical N-Triples line, its literal spelled as the graph spells it.
pub(super) fn push_line(lines: &mut String, triple: TripleRef<'_>) {
    use std::fmt::Write;
    let written = match triple.object {
        TermRef::Literal(literal) if is_respelled(literal) => {
            let object = respelled(literal.into_owned().into());
            writeln!(lines, "{} {} {object} .", triple.subject, triple.predicate)
        }
        object => writeln!(lines, "{} {} {object} .", triple.subject, triple.predicate),
    };
    written.expect("writing to a string cannot fail");
}

/// A quad as Oxigraph gives it back: `01.50` as `1.5`, `xsd:int` as `xsd:integer`.
///
/// Oxigraph keeps numbers, truth values, dates and times as values, not as texts. The log must
/// hold the same spelling, or a deleted `1.5` would not take away an imported `1.50`.
pub fn spelled(mut quad: Quad) -> Quad {
    if matches!(quad.object.as_ref(), TermRef::Literal(literal) if is_respelled(literal)) {
        quad.object = respelled(quad.object);
    }
    quad
}

fn respelled(term: Term) -> Term {
    ExpressionTerm::from(term).into()
}

fn is_respelled(literal: LiteralRef<'_>) -> bool {
    literal.language().is_none() && literal.datatype() != xsd::STRING
}

/// Reads N-Triples of our own making into a graph.
fn parse<'a>(
    text: &'a str,
    graph: &str,
) -> impl Iterator<Item = Result<Quad, RdfSyntaxError>> + use<'a> {
    RdfParser::from_format(RdfFormat::NTriples)
        .with_default_graph(crate::iri::graph_name(graph))
        .lenient()
        .for_slice(text)
}

/// What one change does to one record: what it holds from now on, or nothing when it is deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: Key,
    pub after: Option<Triples>,
}

impl Entry {
    /// The record holds these triples from now on.
    pub fn put(graph: impl Into<String>, record: impl Into<String>, triples: Triples) -> Self {
        Self { key: Key { graph: graph.into(), record: record.into() }, after: Some(triples) }
    }

    /// The record is gone from now on.
    pub fn delete(graph: impl Into<String>, record: impl Into<String>) -> Self {
        Self { key: Key { graph: graph.into(), record: record.into() }, after: None }
    }
}

/// Who changed the data, when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub at: jiff::Timestamp,
    /// A role or a program, never a private person.
    pub by: String,
    pub note: String,
}

/// Bytes in hexadecimal, lower case.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{Literal, NamedNode};

    #[test]
    fn triples_are_sorted_and_single_whatever_order_they_come_in() {
        let a = "<http://x/a> <http://x/p> \"1\" .\n";
        let b = "<http://x/a> <http://x/p> \"2\" .\n";
        let one = Triples::from_lines(&format!("{b}{a}{b}"));
        assert_eq!(one.as_str(), format!("{a}{b}"));
        assert_eq!(one.hash(), Triples::from_lines(&format!("{a}{b}")).hash());
        assert_eq!(one.len(), 2);
    }

    #[test]
    fn an_edit_takes_lines_out_and_puts_lines_in() {
        let lines = |text: &[&str]| Triples::from_lines(&text.concat());
        let (a, b, c) = ("<x:a> <x:p> 1 .\n", "<x:b> <x:p> 1 .\n", "<x:c> <x:p> 1 .\n");
        assert_eq!(lines(&[a, b]).edited(&lines(&[a]), &lines(&[c])), lines(&[b, c]));
        assert_eq!(lines(&[a, b]).minus(&lines(&[b])), lines(&[a]));
    }

    #[test]
    fn every_value_is_spelled_as_the_graph_gives_it_back() {
        let store = oxigraph::store::Store::new().unwrap();
        let (node, graph) =
            (NamedNode::new("http://x/a").unwrap(), NamedNode::new("http://x/g").unwrap());
        let values = [
            ("01", "int"),
            ("+1.50", "decimal"),
            ("1e3", "double"),
            ("NaN", "float"),
            ("1", "boolean"),
            ("2024-02-30", "date"),
            ("2024-02-03Z", "date"),
            ("2024-01-01T24:00:00", "dateTime"),
            ("P1Y0M", "duration"),
            ("02024", "gYear"),
            ("--01-09", "gMonthDay"),
            ("x", "string"),
            ("10:00:00.000", "time"),
            ("99999999999999999999", "integer"),
            (" 1", "integer"),
        ];
        let mut lines = String::new();
        for (value, datatype) in values {
            let datatype =
                NamedNode::new(format!("http://www.w3.org/2001/XMLSchema#{datatype}")).unwrap();
            let quad = Quad::new(
                node.clone(),
                node.clone(),
                Literal::new_typed_literal(value, datatype),
                graph.clone(),
            );
            push_line(&mut lines, quad.as_ref().into());
            store.insert(&quad).unwrap();
        }
        let mut stored = String::new();
        for quad in store.iter() {
            stored += &format!("{} .\n", oxigraph::model::Triple::from(quad.unwrap()));
        }
        assert_eq!(Triples::from_lines(&lines), Triples::from_lines(&stored));
    }

    #[test]
    fn what_was_written_is_read_back() {
        let quad = Quad::new(
            NamedNode::new("http://x/a b".replace(' ', "%20")).unwrap(),
            NamedNode::new("http://x/p").unwrap(),
            Literal::new_language_tagged_literal("è \"qui\"\n\t\\", "it").unwrap(),
            NamedNode::new("http://x/g").unwrap(),
        );
        let triples = Triples::from_triples([TripleRef::from(quad.as_ref())]);
        let back: Vec<Quad> = triples.quads("http://x/g").map(Result::unwrap).collect();
        assert_eq!(back, [quad]);
    }
}
