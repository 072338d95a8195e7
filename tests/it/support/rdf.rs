//! RDF to send, and RDF to compare: graphs are compared as graphs, never as text.

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::Dataset;
use oxigraph::model::dataset::CanonicalizationAlgorithm;

/// The address in which the identifiers of test nodes begin.
pub const BASE: &str = "http://localhost:7070";

/// The statements of a text, with canonical names for blank nodes.
#[track_caller]
pub fn parse(text: impl AsRef<[u8]>, format: RdfFormat) -> Dataset {
    let quads = RdfParser::from_format(format).for_slice(text.as_ref());
    let mut dataset: Dataset = quads.collect::<Result<_, _>>().expect("the text is RDF");
    dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
    dataset
}

/// The RDF syntax with this file extension.
pub fn syntax(extension: &str) -> RdfFormat {
    RdfFormat::from_extension(extension).expect("a known extension")
}

/// A public administration that fits its shapes, as N-Triples.
pub fn actor(slug: &str) -> String {
    let node = format!("<{BASE}/id/attore/{slug}>");
    let fl = "https://w3id.org/familylab/ontology#";
    let a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
    let level = "https://w3id.org/familylab/vocabulary/levels#municipal";
    format!(
        "{node} {a} <{fl}Actor> .\n\
         {node} {a} <{fl}PublicAdministration> .\n\
         {node} <http://www.w3.org/2004/02/skos/core#prefLabel> \"Comune di {slug}\"@it .\n\
         {node} <{fl}territory> <{BASE}/id/territorio/bari> .\n\
         {node} <{fl}governmentLevel> <{level}> .\n"
    )
}

/// A competence that fits its shapes but for this label, as N-Triples.
pub fn competence(slug: &str, label: &str) -> String {
    let node = format!("<{BASE}/id/competenza/{slug}>");
    let skos = "http://www.w3.org/2004/02/skos/core#";
    format!(
        "{node} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \
         <https://w3id.org/familylab/ontology#Competence> .\n\
         {node} <{skos}prefLabel> {label} .\n\
         {node} <{skos}definition> \"Saper condurre un colloquio con una famiglia.\"@it .\n"
    )
}

/// The IRI of a source graph of a test node.
pub fn graph(source: &str) -> String {
    format!("{BASE}/graph/{source}")
}
