//! Where the suites' files lie, and what they hold.
//! Refuses to know what any of it means.

use anyhow::{Context, Result, bail};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{Graph, GraphName, Quad};
use std::path::{Path, PathBuf};

/// Where the files are published, and the folder in which their copies lie.
const COPIES: [(&str, &str); 2] = [
    ("https://w3c.github.io/rdf-tests/sparql/", "w3c-rdf-tests"),
    ("https://w3c.github.io/data-shapes/data-shapes-test-suite/tests/", "w3c-shacl"),
];

/// The address of a file of the SPARQL suites.
pub fn sparql(path: &str) -> String {
    format!("{}{path}", COPIES[0].0)
}

/// The address of a file of the SHACL suite.
pub fn shacl(path: &str) -> String {
    format!("{}{path}", COPIES[1].0)
}

/// Whether there is a copy of a published file.
pub fn is_here(url: &str) -> bool {
    path_of(url).is_some_and(|path| path.is_file())
}

/// Where a published file is copied to, whether or not it is there.
pub fn path_of(url: &str) -> Option<PathBuf> {
    COPIES.iter().find_map(|(base, folder)| {
        let path = url.strip_prefix(base)?;
        Some(folder_of_data().join(folder).join(path))
    })
}

/// The bytes of a published file.
pub fn bytes(url: &str) -> Result<Vec<u8>> {
    let path = path_of(url).with_context(|| format!("<{url}> is no file of a suite"))?;
    std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))
}

/// The text of a published file.
pub fn text(url: &str) -> Result<String> {
    String::from_utf8(bytes(url)?).with_context(|| format!("<{url}> is not UTF-8"))
}

/// The RDF syntax of a file, by its extension.
pub fn format(url: &str) -> Option<RdfFormat> {
    RdfFormat::from_extension(extension(url))
}

/// What follows the last dot of an address.
pub fn extension(url: &str) -> &str {
    url.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// The quads of a published file, its triples standing in `graph`; blank nodes get names of
/// their own, so that files can be put together.
pub fn quads(url: &str, graph: &GraphName) -> Result<Vec<Quad>> {
    let Some(format) = format(url) else { bail!("<{url}> is in no RDF syntax") };
    RdfParser::from_format(format)
        .with_base_iri(url)?
        .with_default_graph(graph.clone())
        .rename_blank_nodes()
        .for_slice(&bytes(url)?)
        .map(|quad| quad.with_context(|| format!("<{url}> cannot be parsed")))
        .collect()
}

/// A published file as a graph.
pub fn graph(url: &str) -> Result<Graph> {
    let quads = quads(url, &GraphName::DefaultGraph)?;
    Ok(quads.iter().map(|quad| oxigraph::model::TripleRef::from(quad.as_ref())).collect())
}

fn folder_of_data() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    std::env::var_os("FAMILYLAB_TEST_DATA").map_or_else(beside, PathBuf::from)
}
