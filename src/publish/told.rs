//! What a published version says of itself in a language: its name, its text, its dates.
//! Knows statements, not formats.

use crate::store::Revision;
use crate::vocab::{dct, foaf, skos};
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Quad, Term};

/// The statements of a version about the record itself, not about its parts.
#[derive(Debug, Clone)]
pub struct Told(Vec<Quad>);

impl Told {
    /// What a version says; nothing where the record is gone.
    pub fn of(revision: &Revision) -> Option<Self> {
        let triples = revision.after.as_ref()?;
        let record = revision.key.record.as_str();
        let is_own = |quad: &Quad| matches!(&quad.subject, NamedOrBlankNode::NamedNode(node) if node.as_str() == record);
        // The log checked these lines against their hash; what Oxigraph wrote it can read.
        let quads = triples.quads(&revision.key.graph).filter_map(Result::ok);
        Some(Self(quads.filter(is_own).collect()))
    }

    /// The values of a property.
    pub fn values(&self, property: NamedNodeRef<'_>) -> impl Iterator<Item = &Term> {
        self.0.iter().filter(move |quad| quad.predicate == property).map(|quad| &quad.object)
    }

    /// The first text of a property, better in this language than in Italian, and better in
    /// Italian than in another: the text and its language.
    pub fn text(&self, property: NamedNodeRef<'_>, language: &str) -> Option<(&str, Option<&str>)> {
        let texts = self.values(property).filter_map(|value| match value {
            Term::Literal(literal) => Some((literal.value(), literal.language())),
            _ => None,
        });
        texts.min_by_key(|(_, tag)| {
            let speaks = |wanted: &str| tag.is_some_and(|tag| tag.starts_with(wanted));
            if speaks(language) { 0 } else { 1 + u8::from(!speaks("it")) }
        })
    }

    /// What the record is called.
    pub fn name(&self, language: &str) -> Option<(&str, Option<&str>)> {
        [dct::TITLE, skos::PREF_LABEL, foaf::NAME]
            .into_iter()
            .find_map(|property| self.text(property, language))
    }

    /// What the record says it is.
    pub fn summary(&self, language: &str) -> Option<(&str, Option<&str>)> {
        [dct::DESCRIPTION, skos::DEFINITION]
            .into_iter()
            .find_map(|property| self.text(property, language))
    }
}
