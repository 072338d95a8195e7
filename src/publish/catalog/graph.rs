//! A graph whose statements have one order, so that the same catalogue is always the same bytes.
//! Knows no vocabulary.

use oxigraph::model::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use std::collections::BTreeMap;

/// A name by language.
pub type Names = BTreeMap<String, String>;

/// What is said of one subject.
pub type Said = BTreeMap<NamedNode, Vec<Term>>;

/// Statements by subject and property. Subjects are IRIs: a catalogue has no blank nodes.
#[derive(Debug, Clone, Default)]
pub struct Graph(BTreeMap<String, Said>);

impl Graph {
    /// States something, once.
    pub fn add(&mut self, subject: &str, property: NamedNodeRef<'_>, object: impl Into<Term>) {
        let said = self.0.entry(subject.to_owned()).or_default();
        let values = said.entry(property.into_owned()).or_default();
        let object = object.into();
        let place = values.binary_search_by_key(&object.to_string(), Term::to_string);
        if let Err(place) = place {
            values.insert(place, object);
        }
    }

    /// States a link to an IRI that is known to be one.
    pub fn link(&mut self, subject: &str, property: NamedNodeRef<'_>, iri: &str) {
        self.add(subject, property, NamedNode::new_unchecked(iri));
    }

    /// States a text without a language.
    pub fn text(&mut self, subject: &str, property: NamedNodeRef<'_>, text: &str) {
        self.add(subject, property, Literal::new_simple_literal(text));
    }

    /// What is said of a subject.
    pub fn of(&self, subject: &str) -> Option<&Said> {
        self.0.get(subject)
    }

    /// The values of a property.
    pub fn values(&self, subject: &str, property: NamedNodeRef<'_>) -> &[Term] {
        let values = self.of(subject).and_then(|said| said.get(&property.into_owned()));
        values.map_or(&[], Vec::as_slice)
    }

    /// Takes back what is said of a subject by a property.
    pub fn forget(&mut self, subject: &str, property: NamedNodeRef<'_>) {
        if let Some(said) = self.0.get_mut(subject) {
            said.remove(&property.into_owned());
        }
    }

    /// Every subject and what is said of it.
    pub fn subjects(&self) -> impl Iterator<Item = (&String, &Said)> {
        self.0.iter()
    }

    /// Says of a subject what a model says, with words put in the place of names in braces; of
    /// properties it has already, nothing more.
    pub fn like(&mut self, subject: &str, model: &Said, words: &[(&str, &Names)]) {
        let said = self.0.entry(subject.to_owned()).or_default();
        let missing: Vec<_> =
            model.iter().filter(|(property, _)| !said.contains_key(*property)).collect();
        for (property, values) in missing {
            for value in values {
                self.add(subject, property.as_ref(), filled(value, words));
            }
        }
    }

    /// Every statement, in order.
    pub fn triples(&self) -> impl Iterator<Item = Triple> + '_ {
        self.0.iter().flat_map(|(subject, said)| {
            let subject = NamedOrBlankNode::from(NamedNode::new_unchecked(subject.as_str()));
            said.iter().flat_map(move |(property, values)| {
                let subject = subject.clone();
                values
                    .iter()
                    .map(move |value| Triple::new(subject.clone(), property.clone(), value.clone()))
            })
        })
    }
}

impl FromIterator<Triple> for Graph {
    fn from_iter<T: IntoIterator<Item = Triple>>(triples: T) -> Self {
        let mut graph = Self::default();
        for triple in triples {
            if let NamedOrBlankNode::NamedNode(subject) = &triple.subject {
                graph.add(subject.as_str(), triple.predicate.as_ref(), triple.object);
            }
        }
        graph
    }
}

/// A value with words, in its own language, in the place of names in braces.
fn filled(value: &Term, words: &[(&str, &Names)]) -> Term {
    let Term::Literal(literal) = value else { return value.clone() };
    let Some(language) = literal.language() else { return value.clone() };
    let text = words.iter().fold(literal.value().to_owned(), |text, (place, names)| {
        let name = names.get(language).or_else(|| names.get("it")).or(names.values().next());
        name.map_or(text.clone(), |name| text.replace(&format!("{{{place}}}"), name))
    });
    Literal::new_language_tagged_literal_unchecked(text, language).into()
}
