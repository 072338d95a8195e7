//! The catalogue in an RDF syntax: the same statements are always the same bytes.
//! Knows the syntaxes, nothing of HTTP.

use super::error::CatalogError;
use super::page::Shown;
use crate::vocab::{CATALOGUE_PREFIXES, PREFIXES};
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::Triple;

/// Writes what is shown.
pub fn write(shown: &Shown, format: RdfFormat) -> Result<Vec<u8>, CatalogError> {
    let triples: Vec<Triple> = shown.0.triples().collect();
    let text: String = triples.iter().map(Triple::to_string).collect();
    let mut serializer = RdfSerializer::from_format(format);
    for (prefix, namespace) in PREFIXES.into_iter().chain(CATALOGUE_PREFIXES) {
        if text.contains(namespace) {
            serializer = serializer
                .with_prefix(prefix, namespace)
                .expect("the prefixes are well-formed constants");
        }
    }
    let mut writer = serializer.for_writer(Vec::new());
    for triple in &triples {
        writer.serialize_triple(triple)?;
    }
    Ok(writer.finish()?)
}
