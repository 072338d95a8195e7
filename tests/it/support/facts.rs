//! Statements to look things up in, by short names: `skos:broader` and not its address.

use familylab::vocab::PREFIXES;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{Literal, Term};
use std::collections::{BTreeMap, BTreeSet};

/// Statements by subject and property.
#[derive(Default)]
pub struct Facts(BTreeMap<String, BTreeMap<String, Vec<Term>>>);

impl Facts {
    /// What these Turtle texts state together.
    pub fn of(texts: impl IntoIterator<Item = String>) -> Self {
        let mut facts = Self::default();
        for text in texts {
            let parser = RdfParser::from_format(RdfFormat::Turtle).rename_blank_nodes();
            for quad in parser.for_slice(&text) {
                let quad = quad.expect("the text is Turtle");
                let subject = facts.0.entry(name(&Term::from(quad.subject))).or_default();
                subject.entry(short(quad.predicate.as_str())).or_default().push(quad.object);
            }
        }
        facts
    }

    /// The values of a property.
    pub fn values(&self, subject: &str, property: &str) -> &[Term] {
        let values = self.0.get(subject).and_then(|properties| properties.get(property));
        values.map_or(&[], Vec::as_slice)
    }

    /// The values of a property that are no literals.
    pub fn nodes(&self, subject: &str, property: &str) -> BTreeSet<String> {
        self.values(subject, property).iter().filter(|term| !term.is_literal()).map(name).collect()
    }

    /// The values of a property that are text in a language.
    pub fn texts(&self, subject: &str, property: &str, language: &str) -> Vec<&str> {
        let literals = self.values(subject, property).iter().filter_map(|term| match term {
            Term::Literal(literal) => Some(literal),
            _ => None,
        });
        literals
            .filter(|literal| literal.language() == Some(language))
            .map(Literal::value)
            .collect()
    }

    /// Whether a property has one text in Italian, one in English, and nothing else.
    pub fn in_both_languages(&self, subject: &str, property: &str) -> bool {
        let once = |language: &str| {
            let texts = self.texts(subject, property, language);
            texts.len() == 1 && texts.iter().all(|text| !text.trim().is_empty())
        };
        self.values(subject, property).len() == 2 && once("it") && once("en")
    }

    /// What a subject has something stated for.
    pub fn properties(&self, subject: &str) -> BTreeSet<&str> {
        self.0.get(subject).into_iter().flatten().map(|(property, _)| property.as_str()).collect()
    }

    /// The subjects that have a property.
    pub fn having(&self, property: &str) -> BTreeSet<&str> {
        let having = self.0.iter().filter(|(_, properties)| properties.contains_key(property));
        having.map(|(subject, _)| subject.as_str()).collect()
    }

    /// The subjects that have this node as the value of a property.
    pub fn pointing(&self, property: &str, node: &str) -> BTreeSet<&str> {
        let points = |subject: &&str| self.nodes(subject, property).contains(node);
        self.having(property).into_iter().filter(points).collect()
    }
}

/// An address with its usual prefix, or as it is where it has none.
pub fn short(iri: &str) -> String {
    let shortened = PREFIXES.iter().find_map(|(prefix, namespace)| {
        iri.strip_prefix(namespace).map(|local| format!("{prefix}:{local}"))
    });
    shortened.unwrap_or_else(|| iri.to_owned())
}

fn name(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => short(node.as_str()),
        other => other.to_string(),
    }
}
