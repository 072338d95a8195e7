//! The files that ship inside the program: ontology, vocabularies, shapes, territory,
//! demonstration catalogue. Turns them into quads of a node; refuses to know where these go.

use crate::iri::Base;
use crate::vocab::{self, dct, fl, geo, skos};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{
    GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term, vocab::rdf, vocab::xsd,
};
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

/// Regions, provinces and municipalities, in the graph `territory`.
pub fn territory(base: &Base) -> Result<Vec<Quad>, ShippedError> {
    let mut quads = Vec::new();
    let mut above = Codes::new();
    for (file, class, parent) in [
        ("territory/regions.csv", fl::REGION, None),
        ("territory/provinces.csv", fl::PROVINCE, Some("region")),
        ("territory/municipalities.csv", fl::MUNICIPALITY, Some("province")),
    ] {
        let wrong = |source| ShippedError::Table { file: file.to_owned(), source };
        let text = data_file(file)?;
        let mut table = csv::Reader::from_reader(text.as_bytes());
        let headings = table.headers().map_err(wrong)?.clone();
        let mut here = Codes::new();
        for row in table.records() {
            let row = row.map_err(wrong)?;
            let cell = |name: &str| {
                let place = headings.iter().position(|heading| heading == name)?;
                row.get(place).filter(|value| !value.is_empty())
            };
            let subject = NamedNode::new_unchecked(
                base.record("territorio", cell("slug").unwrap_or_default()),
            );
            here.insert(cell("istat").unwrap_or_default().to_owned(), subject.clone());
            let broader = parent.and_then(|name| above.get(cell(name).unwrap_or_default()));
            place_quads(base, subject, class.into_owned(), broader, &cell, &mut quads);
        }
        above = here;
    }
    Ok(quads)
}

type Codes = std::collections::HashMap<String, NamedNode>;

/// One row of a territory table as quads.
fn place_quads<'r>(
    base: &Base,
    subject: NamedNode,
    class: NamedNode,
    broader: Option<&NamedNode>,
    cell: &impl Fn(&str) -> Option<&'r str>,
    quads: &mut Vec<Quad>,
) {
    let graph = base.graph("territory");
    let mut add = |predicate: NamedNode, object: Term| {
        quads.push(Quad::new(subject.clone(), predicate, object, graph.clone()));
    };
    let tagged = |value: &str, tag: &str| -> Term {
        Literal::new_language_tagged_literal_unchecked(value, tag).into()
    };
    let typed = |value: &str, datatype: oxigraph::model::NamedNodeRef<'_>| -> Term {
        Literal::new_typed_literal(value, datatype).into()
    };
    let plain = |value: &str| -> Term { Literal::new_simple_literal(value).into() };
    add(rdf::TYPE.into(), fl::TERRITORY.into_owned().into());
    add(rdf::TYPE.into(), class.into());
    if let Some(broader) = broader {
        add(skos::BROADER.into(), broader.clone().into());
    }
    for (name, tag) in [("name_it", "it"), ("name_en", "en")] {
        if let Some(value) = cell(name) {
            add(skos::PREF_LABEL.into(), tagged(value, tag));
        }
    }
    if let Some((tag, value)) = cell("name_other").and_then(|value| value.split_once(':')) {
        add(skos::PREF_LABEL.into(), tagged(value, tag));
    }
    for (name, predicate) in [("istat", fl::ISTAT_CODE), ("cadastral", fl::CADASTRAL_CODE)] {
        if let Some(value) = cell(name) {
            add(predicate.into(), plain(value));
        }
    }
    for code in cell("nuts").iter().flat_map(|value| value.split(';')) {
        add(fl::NUTS_CODE.into(), plain(code));
    }
    if let Some(code) = cell("sigla") {
        add(skos::NOTATION.into(), plain(code));
    }
    for (name, predicate, datatype) in [
        ("population", fl::POPULATION, xsd::INTEGER),
        ("lat", geo::LAT, xsd::DECIMAL),
        ("long", geo::LONG, xsd::DECIMAL),
    ] {
        if let Some(value) = cell(name) {
            add(predicate.into(), typed(value, datatype));
        }
    }
    if let Some(national) = cell("national") {
        add(skos::EXACT_MATCH.into(), NamedNode::new_unchecked(national).into());
    }
    add(dct::LICENSE.into(), NamedNode::new_unchecked(vocab::LICENCE_CC_BY).into());
    quads.extend(canonical_match(base, &subject, &graph));
}

/// The link from a node's own copy of a shared record to the project's IRI for it.
fn canonical_match(base: &Base, node: &NamedNode, graph: &NamedNode) -> Option<Quad> {
    let rest = node.as_str().strip_prefix(&base.id())?;
    let canonical = NamedNode::new_unchecked(format!("{}{rest}", vocab::CANONICAL_ID));
    Some(Quad::new(node.clone(), skos::EXACT_MATCH, canonical, graph.clone()))
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
