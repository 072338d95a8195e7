//! The catalogue in an RDF syntax: the same statements are always the same bytes.
//! Knows the prefixes of catalogues, nothing of HTTP.

use super::error::CatalogError;
use super::page::Shown;
use crate::entity::write_triples;
use crate::vocab::{CATALOGUE_PREFIXES, PREFIXES};
use oxigraph::io::RdfFormat;
use oxigraph::model::Triple;

/// Writes what is shown.
pub fn write(shown: &Shown, format: RdfFormat) -> Result<Vec<u8>, CatalogError> {
    let triples: Vec<Triple> = shown.0.triples().collect();
    let prefixes = PREFIXES.into_iter().chain(CATALOGUE_PREFIXES);
    Ok(write_triples(&triples, format, prefixes)?)
}
