//! Reads manifests: which tests there are, and what each says about itself.
//! Refuses to know how a test is run.

use crate::data;
use anyhow::{Context, Result};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Graph, NamedNode, NamedOrBlankNode, Term};
use std::collections::VecDeque;
use std::sync::Arc;

/// A term of the manifests' vocabulary.
pub fn mf(name: &str) -> NamedNode {
    term("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#", name)
}

/// A term of the vocabulary of query tests.
pub fn qt(name: &str) -> NamedNode {
    term("http://www.w3.org/2001/sw/DataAccess/tests/test-query#", name)
}

/// A term of the vocabulary of update tests.
pub fn ut(name: &str) -> NamedNode {
    term("http://www.w3.org/2009/sparql/tests/test-update#", name)
}

/// A term named by its namespace and its last part.
pub fn term(namespace: &str, name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{namespace}{name}"))
}

/// A node of a manifest, from which its properties can be followed.
#[derive(Clone)]
pub struct Node {
    graph: Arc<Graph>,
    pub term: Term,
}

impl Node {
    /// A node of a graph.
    pub fn new(graph: Arc<Graph>, term: impl Into<Term>) -> Self {
        Self { graph, term: term.into() }
    }

    /// The graph the node stands in.
    pub fn graph(&self) -> Arc<Graph> {
        Arc::clone(&self.graph)
    }

    /// Every value of a property.
    pub fn all(&self, predicate: &NamedNode) -> Vec<Self> {
        let subject: NamedOrBlankNode = match &self.term {
            Term::NamedNode(node) => node.clone().into(),
            Term::BlankNode(node) => node.clone().into(),
            _ => return Vec::new(),
        };
        let objects = self.graph.objects_for_subject_predicate(&subject, predicate);
        objects.map(|object| Self::new(Arc::clone(&self.graph), object.into_owned())).collect()
    }

    /// One value of a property, if it has any.
    pub fn get(&self, predicate: &NamedNode) -> Option<Self> {
        self.all(predicate).pop()
    }

    /// The one value that a property must have.
    pub fn need(&self, predicate: &NamedNode) -> Result<Self> {
        self.get(predicate).with_context(|| format!("{} lacks {predicate}", self.term))
    }

    /// The members of an RDF list.
    pub fn items(&self) -> Vec<Self> {
        let mut items = Vec::new();
        let mut rest = Some(self.clone());
        while let Some(list) = rest {
            let Some(first) = list.get(&rdf::FIRST.into_owned()) else { break };
            items.push(first);
            rest = list.get(&rdf::REST.into_owned());
        }
        items
    }

    /// The text of a literal, or an IRI, or the label of a blank node.
    pub fn text(&self) -> &str {
        match &self.term {
            Term::NamedNode(node) => node.as_str(),
            Term::BlankNode(node) => node.as_str(),
            Term::Literal(literal) => literal.value(),
            Term::Triple(_) => "",
        }
    }

    /// What follows the last `#` of an IRI.
    pub fn local_name(&self) -> &str {
        self.text().rsplit('#').next().unwrap_or_default()
    }
}

/// One test of a manifest.
#[derive(Clone)]
pub struct Test {
    pub node: Node,
    /// The local name of its class, such as `QueryEvaluationTest`.
    pub kind: String,
}

impl Test {
    /// What identifies the test.
    pub fn iri(&self) -> &str {
        self.node.text()
    }

    /// What is done.
    pub fn action(&self) -> Result<Node> {
        self.node.need(&mf("action"))
    }

    /// What must come of it.
    pub fn result(&self) -> Result<Node> {
        self.node.need(&mf("result"))
    }
}

/// The tests of a manifest and of those it includes, in their order.
pub fn tests(url: &str) -> Result<Vec<Test>> {
    let mut manifests = VecDeque::from([url.to_owned()]);
    let mut tests = Vec::new();
    while let Some(url) = manifests.pop_front() {
        let graph = Arc::new(data::graph(&url)?);
        let manifest = Node::new(graph, NamedNode::new(&url)?);
        for included in manifest.all(&mf("include")) {
            // The SPARQL suites include a list, the SHACL suite one manifest after the other.
            match &included.term {
                Term::NamedNode(node) => manifests.push_back(node.as_str().to_owned()),
                _ => manifests.extend(included.items().iter().map(|item| item.text().to_owned())),
            }
        }
        for node in manifest.all(&mf("entries")).iter().flat_map(Node::items) {
            let kind = node.need(&rdf::TYPE.into_owned())?.local_name().to_owned();
            tests.push(Test { node, kind });
        }
    }
    Ok(tests)
}
