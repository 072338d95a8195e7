//! The files that ship inside the program: ontology, vocabularies, shapes, demonstration
//! catalogue. Turns them into quads of a node; refuses to know where these go.

use crate::iri::Base;
use crate::vocab::{self, skos};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term, Triple};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Why a shipped file could not be used. Each is a mistake in the program, not of its user.
#[derive(Debug, thiserror::Error)]
pub enum ShippedError {
    #[error("{file} does not parse: {source}")]
    Syntax { file: String, source: oxigraph::io::RdfSyntaxError },
    #[error("{file} is not a table of territory: {source}")]
    Table { file: String, source: csv::Error },
    #[error("{0} is not in the program")]
    Missing(String),
}

/// What of the project's own is the same on every node.
const SHARED: [&str; 2] = ["ontology", "vocabulary/"];

#[derive(RustEmbed)]
#[folder = "ontology/"]
struct Ontology;

#[derive(RustEmbed)]
#[folder = "data/"]
struct Data;

/// The text of `ontology/{name}`.
pub fn ontology_file(name: &str) -> Result<String, ShippedError> {
    text(Ontology::get(name), name)
}

/// The names of the files of `ontology/` that begin and end so, in order.
pub fn ontology_files(beginning: &str, end: &str) -> Vec<String> {
    let files = Ontology::iter().filter(|name| name.starts_with(beginning) && name.ends_with(end));
    sorted(files).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// The text of `data/{name}`.
pub fn data_file(name: &str) -> Result<String, ShippedError> {
    text(Data::get(name), name)
}

/// A hash of every shipped file that becomes data; another release has another one.
pub fn shipped_digest() -> String {
    let mut hasher = Sha256::new();
    let ontology = sorted(Ontology::iter()).into_iter().map(|name| (Ontology::get(&name), name));
    let data = sorted(Data::iter()).into_iter().map(|name| (Data::get(&name), name));
    for (file, name) in ontology.chain(data) {
        hasher.update(name.as_bytes());
        if let Some(file) = file {
            hasher.update(file.metadata.sha256_hash());
        }
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The ontology, the shapes and the vocabularies, in the graph `vocabulary`.
///
/// Blank nodes are left in; concepts under the project's `id/` move to the node's own, each with
/// a `skos:exactMatch` to where it came from, so that nodes can recognise each other's.
pub fn vocabulary(base: &Base) -> Result<Vec<Quad>, ShippedError> {
    let graph = base.graph("vocabulary");
    let mut quads = Vec::new();
    for name in sorted(Ontology::iter().filter(|name| name.ends_with(".ttl"))) {
        quads.extend(parse(&ontology_file(&name)?, &name, base, &graph)?);
    }
    let matches: Vec<Quad> = quads
        .iter()
        .filter(|quad| quad.predicate == skos::IN_SCHEME)
        .filter_map(|quad| match &quad.subject {
            NamedOrBlankNode::NamedNode(node) => canonical_match(base, node, &graph),
            NamedOrBlankNode::BlankNode(_) => None,
        })
        .collect();
    quads.extend(matches);
    Ok(quads)
}

/// The demonstration catalogue: each file's name is the source, and the graph, of its records.
pub fn demonstration(base: &Base) -> Result<Vec<(String, Vec<Quad>)>, ShippedError> {
    let mut sources = Vec::new();
    let is_catalogue = |name: &str| name.starts_with("demo/") && name.ends_with(".ttl");
    for name in sorted(Data::iter().filter(|name| is_catalogue(name))) {
        let source = name.trim_start_matches("demo/").trim_end_matches(".ttl").to_owned();
        let graph = base.graph(&source);
        sources.push((source, parse(&data_file(&name)?, &name, base, &graph)?));
    }
    Ok(sources)
}

/// The link from a node's own copy of a shared record to the project's IRI for it.
pub(super) fn canonical_match(base: &Base, node: &NamedNode, graph: &NamedNode) -> Option<Quad> {
    let rest = node.as_str().strip_prefix(&base.id())?;
    let canonical = NamedNode::new_unchecked(format!("{}{rest}", vocab::CANONICAL_ID));
    Some(Quad::new(node.clone(), skos::EXACT_MATCH, canonical, graph.clone()))
}

/// What ships with the program of the catalogue of data, moved to a node: everything of the
/// project's own but the ontology and the vocabularies, which are the same everywhere.
pub fn catalogue(base: &Base) -> Result<Vec<Triple>, ShippedError> {
    const FILE: &str = "catalog.ttl";
    let moved = |node: NamedNode| {
        let rest = node.as_str().strip_prefix(vocab::CANONICAL);
        match rest.filter(|rest| !SHARED.iter().any(|shared| rest.starts_with(shared))) {
            Some(rest) => NamedNode::new_unchecked(base.join(&format!("/{rest}"))),
            None => node,
        }
    };
    let syntax = |source| ShippedError::Syntax { file: FILE.to_owned(), source };
    let mut triples = Vec::new();
    for quad in RdfParser::from_format(RdfFormat::Turtle).for_slice(&data_file(FILE)?) {
        let mut triple = Triple::from(quad.map_err(syntax)?);
        if let NamedOrBlankNode::NamedNode(node) = triple.subject {
            triple.subject = moved(node).into();
        }
        if let Term::NamedNode(node) = triple.object {
            triple.object = moved(node).into();
        }
        triples.push(triple);
    }
    Ok(triples)
}

fn parse(
    turtle: &str,
    file: &str,
    base: &Base,
    graph: &NamedNode,
) -> Result<Vec<Quad>, ShippedError> {
    let local = |node: NamedNode| match base.localise(node.as_str()) {
        Some(iri) => NamedNode::new_unchecked(iri),
        None => node,
    };
    RdfParser::from_format(RdfFormat::Turtle)
        .rename_blank_nodes()
        .for_slice(turtle)
        .map(|quad| {
            let quad =
                quad.map_err(|source| ShippedError::Syntax { file: file.to_owned(), source })?;
            let subject = match quad.subject {
                NamedOrBlankNode::NamedNode(node) => local(node).into(),
                blank @ NamedOrBlankNode::BlankNode(_) => blank,
            };
            let object = match quad.object {
                Term::NamedNode(node) => local(node).into(),
                other => other,
            };
            let graph = GraphName::from(graph.clone());
            Ok(Quad::new(subject, local(quad.predicate), object, graph))
        })
        .collect()
}

fn text(file: Option<rust_embed::EmbeddedFile>, name: &str) -> Result<String, ShippedError> {
    let missing = || ShippedError::Missing(name.to_owned());
    let file = file.ok_or_else(missing)?;
    String::from_utf8(file.data.into_owned()).map_err(|_| missing())
}

fn sorted(
    names: impl Iterator<Item = std::borrow::Cow<'static, str>>,
) -> Vec<std::borrow::Cow<'static, str>> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names
}
