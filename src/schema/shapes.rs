//! The shapes graph, compiled once: what the engine needs, and the words that go with it.
//! Refuses what the engine would skip in silence; knows nothing of data.

use crate::schema::sentences::sentence;
use crate::schema::text::{Text, Wording};
use crate::vocab::sh;
use oxigraph::io::{RdfFormat, RdfParseError, RdfParser};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Graph, NamedOrBlankNode, NamedOrBlankNodeRef, TermRef};
use rudof_rdf::rdf_impl::OxigraphInMemory;
use shacl::ir::IRSchema;
use shacl::rdf::ShaclParser;
use std::collections::HashMap;

/// How many values of a list a sentence names before it stops.
const NAMED_VALUES: usize = 12;

/// Why a shapes graph cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ShapesError {
    #[error("the shapes are not valid Turtle")]
    Turtle(#[from] RdfParseError),
    #[error("the shapes are not valid SHACL")]
    Shacl(#[from] Box<shacl::error::IRError>),
    #[error("shape {shape} has a SPARQL constraint, which is not supported")]
    Sparql { shape: String },
    #[error("property shape {shape} has no path")]
    NoPath { shape: String },
}

/// Compiled shapes with their names and messages; made once, shared by all batches.
#[derive(Debug)]
pub struct Shapes {
    compiled: IRSchema,
    words: HashMap<String, Words>,
    names: HashMap<String, Text>,
}

/// What one shape says, and the limits its own sentences may name.
#[derive(Debug, Default)]
struct Words {
    name: Wording,
    message: Wording,
    limits: HashMap<String, String>,
}

impl Shapes {
    /// Reads and compiles a shapes graph; its IRIs must be absolute. SHACL, section 1.5.
    pub fn parse(turtle: &str) -> Result<Self, ShapesError> {
        let mut graph = Graph::new();
        let mut input = OxigraphInMemory::new();
        for quad in RdfParser::from_format(RdfFormat::Turtle).for_slice(turtle) {
            let quad = quad.map_err(RdfParseError::Syntax)?;
            graph.insert(quad.as_ref());
            input
                .add_triple_ref(&quad.subject, &quad.predicate, &quad.object)
                .map_err(|error| Box::new(error.into()))?;
        }
        refuse_what_is_skipped(&graph)?;
        let ast = ShaclParser::new(input).parse().map_err(|error| Box::new(error.into()))?;
        let compiled = IRSchema::compile(&ast).map_err(Box::new)?;
        let words = words(&graph);
        let names = names(&graph, &words);
        Ok(Self { compiled, words, names })
    }

    /// What the engine runs.
    pub(crate) fn compiled(&self) -> &IRSchema {
        &self.compiled
    }

    /// What to call a property: as the shape names it, else as any shape names the path, else
    /// the last part of the path. Empty when a whole record is meant.
    pub fn name(&self, shape: &str, path: Option<&str>) -> Text {
        let own = self.words.get(shape).and_then(|words| words.name.either());
        own.or_else(|| path.and_then(|path| self.names.get(path).cloned())).unwrap_or_else(|| {
            let last = path.map(local_name).unwrap_or_default();
            Text::new(last, last)
        })
    }

    /// What to say when a shape's constraint of the given component IRI is not met.
    pub(crate) fn message(&self, shape: &str, component: &str) -> Text {
        let words = self.words.get(shape);
        let component = component
            .strip_prefix(sh::NAMESPACE)
            .and_then(|name| name.strip_suffix("ConstraintComponent"))
            .unwrap_or(component);
        let limit = words.and_then(|words| words.limits.get(component)).map(String::as_str);
        let generic = || sentence(component, limit);
        words.map_or_else(generic, |words| words.message.complete(generic))
    }
}

/// The engine passes over SPARQL constraints, and takes a property shape without a path for a
/// node shape; neither may go unnoticed.
fn refuse_what_is_skipped(graph: &Graph) -> Result<(), ShapesError> {
    let of_own_kind = graph.subjects_for_predicate_object(rdf::TYPE, sh::CONSTRAINT_COMPONENT);
    let in_sparql = graph.triples_for_predicate(sh::SPARQL).map(|triple| triple.subject);
    if let Some(shape) = in_sparql.chain(of_own_kind).next() {
        return Err(ShapesError::Sparql { shape: key(shape) });
    }
    for triple in graph.triples_for_predicate(sh::PROPERTY) {
        let shape = match triple.object {
            TermRef::NamedNode(node) => NamedOrBlankNodeRef::from(node),
            TermRef::BlankNode(node) => node.into(),
            other => return Err(ShapesError::NoPath { shape: other.to_string() }),
        };
        if graph.object_for_subject_predicate(shape, sh::PATH).is_none() {
            return Err(ShapesError::NoPath { shape: key(shape) });
        }
    }
    Ok(())
}

/// A node as findings write it: its IRI, or `_:label`.
fn key(node: NamedOrBlankNodeRef<'_>) -> String {
    match node {
        NamedOrBlankNodeRef::NamedNode(node) => node.as_str().to_owned(),
        NamedOrBlankNodeRef::BlankNode(node) => node.to_string(),
    }
}

/// Collects the words of every subject that uses a term of SHACL.
fn words(graph: &Graph) -> HashMap<String, Words> {
    let mut all: HashMap<String, Words> = HashMap::new();
    for triple in graph {
        let Some(parameter) = triple.predicate.as_str().strip_prefix(sh::NAMESPACE) else {
            continue;
        };
        let words = all.entry(key(triple.subject)).or_default();
        match (parameter, triple.object) {
            ("name", TermRef::Literal(name)) => words.name.add(name),
            ("message", TermRef::Literal(message)) => words.message.add(message),
            (_, value) => {
                words.limits.insert(component_of(parameter), readable(graph, value));
            }
        }
    }
    all
}

/// The component a parameter belongs to: `minCount` to `MinCount`. SHACL, section 4.
fn component_of(parameter: &str) -> String {
    let mut letters = parameter.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A parameter's value as a sentence shows it: text, the last part of an IRI, or a list of these.
fn readable(graph: &Graph, value: TermRef<'_>) -> String {
    match value {
        TermRef::NamedNode(node) => local_name(node.as_str()).to_owned(),
        TermRef::Literal(literal) => literal.value().to_owned(),
        TermRef::BlankNode(list) => {
            let mut values = members(graph, list.into_owned().into());
            let shown: Vec<_> = values.by_ref().take(NAMED_VALUES).collect();
            let more = if values.next().is_some() { ", …" } else { "" };
            shown.join(", ") + more
        }
        TermRef::Triple(_) => String::new(),
    }
}

/// The members of an RDF list, readable; at most as many as there are triples, so that a list
/// that bites its tail ends too.
fn members(graph: &Graph, list: NamedOrBlankNode) -> impl Iterator<Item = String> {
    let mut rest = Some(list);
    std::iter::from_fn(move || {
        let node = rest.take()?;
        let first = graph.object_for_subject_predicate(&node, rdf::FIRST)?;
        rest = match graph.object_for_subject_predicate(&node, rdf::REST) {
            Some(TermRef::BlankNode(next)) => Some(next.into_owned().into()),
            _ => None,
        };
        Some(match first {
            TermRef::NamedNode(node) => local_name(node.as_str()).to_owned(),
            TermRef::Literal(literal) => literal.value().to_owned(),
            _ => "…".to_owned(),
        })
    })
    .take(graph.len())
}

/// The names of simple paths, by predicate; where shapes differ, the first in order of their IRIs.
fn names(graph: &Graph, words: &HashMap<String, Words>) -> HashMap<String, Text> {
    let mut named: Vec<_> = graph
        .triples_for_predicate(sh::PATH)
        .filter_map(|triple| match triple.object {
            TermRef::NamedNode(path) => Some((key(triple.subject), path.as_str().to_owned())),
            _ => None,
        })
        .collect();
    named.sort();
    let mut names = HashMap::new();
    for (shape, path) in named {
        if let Some(name) = words.get(&shape).and_then(|words| words.name.either()) {
            names.entry(path).or_insert(name);
        }
    }
    names
}

/// The part of an IRI after its last `#`, `/` or `:`.
fn local_name(iri: &str) -> &str {
    iri.rsplit(['#', '/', ':']).find(|part| !part.is_empty()).unwrap_or(iri)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: &str = r#"
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix ex: <https://example.org/> .
        ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:S-title , ex:S-phase .
        ex:S-title sh:path ex:title ; sh:name "titolo"@it , "title"@en ;
            sh:message "Dare un titolo."@it ; sh:minCount 1 .
        ex:S-phase sh:path ex:phase ; sh:in ( ex:idea "due" ) ."#;

    #[test]
    fn names_and_messages_come_from_the_shape_then_from_what_is_generic() {
        let shapes = Shapes::parse(SHAPES).unwrap();
        let title = "https://example.org/S-title";
        let component = format!("{}MinCountConstraintComponent", sh::NAMESPACE);
        assert_eq!(shapes.name(title, None), Text::new("titolo", "title"));
        assert_eq!(shapes.name("other", Some("https://example.org/title")).it, "titolo");
        assert_eq!(shapes.name("other", Some("https://example.org/phase")).it, "phase");
        assert_eq!(shapes.message(title, &component).it, "Dare un titolo.");
        assert_eq!(shapes.message(title, &component).en, "A value is missing: add it.");
        let component = format!("{}InConstraintComponent", sh::NAMESPACE);
        let phase = shapes.message("https://example.org/S-phase", &component);
        assert_eq!(phase.en, "Choose one of the allowed values: idea, due.");
    }

    #[test]
    fn shapes_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Shapes>();
    }

    #[test]
    fn what_cannot_be_checked_is_refused() {
        let sparql = "@prefix sh: <http://www.w3.org/ns/shacl#> .
            <https://example.org/S> a sh:NodeShape ; sh:sparql [ sh:select \"\" ] .";
        assert!(matches!(Shapes::parse(sparql), Err(ShapesError::Sparql { .. })));
        assert!(matches!(Shapes::parse("<x"), Err(ShapesError::Turtle(_))));
        let path = "@prefix sh: <http://www.w3.org/ns/shacl#> .
            <https://example.org/S> sh:property [ sh:minCount 1 ] .";
        assert!(matches!(Shapes::parse(path), Err(ShapesError::NoPath { .. })));
        for wrong in ["sh:pattern '('", "sh:minCount 'some'", "sh:in 'not a list'"] {
            let shape = format!(
                "@prefix sh: <http://www.w3.org/ns/shacl#> . <https://example.org/S>
                 a sh:PropertyShape ; sh:path <https://example.org/p> ; {wrong} ."
            );
            assert!(matches!(Shapes::parse(&shape), Err(ShapesError::Shacl(_))), "{wrong}");
        }
    }
}
