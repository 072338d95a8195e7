//! Runs one test of the suite for SPARQL 1.1 Service Description over real HTTP. Its manifest
//! only names the tests; what they ask for is written here.

use crate::manifest::{Test, term};
use crate::server::Server;
use anyhow::{Context, Result, bail, ensure};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Graph, NamedNode, NamedOrBlankNodeRef, TermRef};

const SD: &str = "http://www.w3.org/ns/sparql-service-description#";

/// The properties of the vocabulary: which classes have each, and the class of its values where
/// they are described in the same place; otherwise they are IRIs. Section 3.
const PROPERTIES: [(&str, &[&str], Option<&str>); 19] = [
    ("endpoint", &["Service"], None),
    ("feature", &["Service"], None),
    ("defaultEntailmentRegime", &["Service"], None),
    ("defaultSupportedEntailmentProfile", &["Service"], None),
    ("extensionFunction", &["Service"], None),
    ("extensionAggregate", &["Service"], None),
    ("languageExtension", &["Service"], None),
    ("supportedLanguage", &["Service"], None),
    ("propertyFeature", &["Service"], None),
    ("inputFormat", &["Service"], None),
    ("resultFormat", &["Service"], None),
    ("defaultDataset", &["Service"], Some("Dataset")),
    ("availableGraphs", &["Service"], Some("GraphCollection")),
    ("defaultGraph", &["Dataset"], Some("Graph")),
    ("namedGraph", &["Dataset", "GraphCollection"], Some("NamedGraph")),
    ("name", &["NamedGraph"], None),
    ("graph", &["NamedGraph"], Some("Graph")),
    ("entailmentRegime", &["NamedGraph"], None),
    ("supportedEntailmentProfile", &["NamedGraph"], None),
];

/// Runs a test of class `ServiceDescriptionTest`.
pub fn run(server: &Server, test: &Test) -> Result<()> {
    let accept = ("accept".to_owned(), "text/turtle, application/rdf+xml;q=0.9".to_owned());
    let reply = server.send("GET", "/sparql", &[accept], None)?;
    ensure!(reply.status == 200, "GET on the endpoint answers {}", reply.text());
    let graph = reply.graph()?;
    match test.node.local_name() {
        "returns-rdf" => ensure!(!graph.is_empty(), "the service description is empty"),
        "has-endpoint-triple" => {
            let endpoint = NamedNode::new(server.url("/sparql"))?;
            let mut subjects = graph.subjects_for_predicate_object(&sd("endpoint"), &endpoint);
            ensure!(subjects.next().is_some(), "nothing has {endpoint} for its endpoint");
        }
        "conforms-to-schema" => check_schema(&graph)?,
        other => bail!("nobody knows what {other} asks for"),
    }
    Ok(())
}

fn check_schema(graph: &Graph) -> Result<()> {
    let is_a = |node: NamedOrBlankNodeRef<'_>, class: &str| {
        graph
            .objects_for_subject_predicate(node, rdf::TYPE)
            .any(|kind| kind == sd(class).as_ref().into())
    };
    let services = graph.subjects_for_predicate_object(rdf::TYPE, &sd("Service")).count();
    ensure!(services > 0, "nothing is a sd:Service");
    for triple in graph {
        let Some(name) = triple.predicate.as_str().strip_prefix(SD) else { continue };
        let property = PROPERTIES.iter().find(|(property, ..)| *property == name);
        let (_, classes, range) = property.with_context(|| format!("there is no sd:{name}"))?;
        let has_it = classes.iter().any(|class| is_a(triple.subject, class));
        ensure!(has_it, "{triple}: the subject is none of {classes:?}");
        let is_good = match (triple.object, range) {
            (TermRef::NamedNode(value), Some(class)) => is_a(value.into(), class),
            (TermRef::BlankNode(value), Some(class)) => is_a(value.into(), class),
            (value, None) => value.is_named_node(),
            (_, Some(_)) => false,
        };
        ensure!(is_good, "{triple}: the object is no {}", range.unwrap_or("IRI"));
    }
    Ok(())
}

fn sd(name: &str) -> NamedNode {
    term(SD, name)
}
