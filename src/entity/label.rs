//! What things are called, in the reader's language where the data has it.
//! Looks labels up in the graph, each once for every state of the data; knows nothing of pages.

use super::describe::EntityError;
use super::memory::Known;
use crate::schema::Language;
use crate::vocab::{self, dct, foaf, skos, vcard};
use oxigraph::model::vocab::rdfs;
use oxigraph::model::{Literal, NamedNodeRef, Term};
use oxigraph::store::Store;
use percent_encoding::percent_decode_str;
use std::sync::Arc;

/// The properties that name a thing, the best first.
const NAMES: [NamedNodeRef<'static>; 5] =
    [skos::PREF_LABEL, rdfs::LABEL, dct::TITLE, foaf::NAME, vcard::FN];
/// The properties that say what a thing is, the best first.
const DEFINITIONS: [NamedNodeRef<'static>; 3] = [skos::DEFINITION, rdfs::COMMENT, dct::DESCRIPTION];

/// A text and the language it is in, where that is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    pub text: String,
    pub language: Option<String>,
}

/// A resource and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub iri: String,
    pub label: Label,
}

/// The labels of one page.
pub struct Labels<'s> {
    store: &'s Store,
    language: Language,
    known: Arc<Known>,
}

impl<'s> Labels<'s> {
    /// Labels for a reader of `language`.
    pub fn new(store: &'s Store, language: Language, known: Arc<Known>) -> Self {
        Self { store, language, known }
    }

    /// The reader's language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A resource with its label; one without a label is called by the end of its IRI.
    pub fn link(&self, iri: &str) -> Result<Link, EntityError> {
        let label = self.known.labels.of(self.language).get(iri, || {
            let found = self.first(iri, &NAMES)?;
            Ok(found.unwrap_or_else(|| Label { text: short_name(iri), language: None }))
        })?;
        Ok(Link { iri: iri.to_owned(), label })
    }

    /// What a term means, if the graph says so.
    pub fn definition(&self, iri: &str) -> Result<Option<Label>, EntityError> {
        let definitions = self.known.definitions.of(self.language);
        definitions.get(iri, || self.first(iri, &DEFINITIONS))
    }

    fn first(
        &self,
        iri: &str,
        properties: &[NamedNodeRef<'_>],
    ) -> Result<Option<Label>, EntityError> {
        let subject = NamedNodeRef::new_unchecked(iri);
        for property in properties {
            let quads =
                self.store.quads_for_pattern(Some(subject.into()), Some(*property), None, None);
            let mut literals = Vec::new();
            for quad in quads {
                if let Term::Literal(literal) = quad?.object {
                    literals.push(literal);
                }
            }
            if let Some(label) = best(literals, self.language) {
                return Ok(Some(label));
            }
        }
        Ok(None)
    }
}

impl Label {
    /// How far a text is from its reader: their language, then no language, then the node's
    /// other one, then any.
    pub(super) fn rank(&self, language: Language) -> u8 {
        let (wanted, other) = match language {
            Language::Italian => ("it", "en"),
            Language::English => ("en", "it"),
        };
        match self.language.as_deref().map(primary) {
            Some(tag) if tag == wanted => 0,
            None => 1,
            Some(tag) if tag == other => 2,
            Some(_) => 3,
        }
    }
}

/// The text a reader understands best; among equals the first by code point, so that the choice
/// does not wander.
fn best(literals: Vec<Literal>, language: Language) -> Option<Label> {
    let labels = literals.into_iter().map(|literal| Label {
        text: literal.value().to_owned(),
        language: literal.language().map(str::to_owned),
    });
    labels.min_by_key(|label| (label.rank(language), label.clone()))
}

/// `de` of `de-AT`.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// A short name for an IRI without a label: `dct:title`, or the end of it, readable.
pub fn short_name(iri: &str) -> String {
    for (prefix, namespace) in vocab::PREFIXES {
        if let Some(name) = iri.strip_prefix(namespace).filter(|name| !name.contains('/')) {
            return format!("{prefix}:{name}");
        }
    }
    let end = iri.trim_end_matches('/').rsplit(['#', '/']).next().filter(|end| !end.is_empty());
    let decoded = percent_decode_str(end.unwrap_or(iri)).decode_utf8_lossy();
    if iri.contains("//") { decoded.into_owned() } else { iri.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged(text: &str, tag: &str) -> Literal {
        Literal::new_language_tagged_literal(text, tag).unwrap()
    }

    #[test]
    fn the_reader_s_language_comes_first_then_no_language_then_the_other() {
        let all = vec![tagged("Haus", "de"), tagged("house", "en"), tagged("casa", "it")];
        let text = |literals: &[Literal], language| {
            best(literals.to_vec(), language).map(|label| label.text)
        };
        assert_eq!(text(&all, Language::Italian).as_deref(), Some("casa"));
        assert_eq!(text(&all, Language::English).as_deref(), Some("house"));
        assert_eq!(text(&all[..2], Language::Italian).as_deref(), Some("house"));
        assert_eq!(text(&all[..1], Language::Italian).as_deref(), Some("Haus"));
        assert_eq!(text(&[], Language::Italian), None);
    }

    #[test]
    fn an_iri_without_a_label_is_called_by_its_end() {
        assert_eq!(short_name("http://purl.org/dc/terms/title"), "dct:title");
        assert_eq!(short_name("http://x.example/a/Citt%C3%A0%20vecchia"), "Città vecchia");
        assert_eq!(short_name("mailto:ufficio@example.org"), "mailto:ufficio@example.org");
        assert_eq!(short_name("https://x.example/"), "x.example");
    }
}
