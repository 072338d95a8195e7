//! How a term of a vocabulary is written down.

use oxigraph::model::NamedNodeRef;

/// An IRI that is known to be one.
pub(super) const fn term(iri: &'static str) -> NamedNodeRef<'static> {
    NamedNodeRef::new_unchecked(iri)
}
