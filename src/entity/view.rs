//! A description as a reader meets it: labels in their language, properties in order, and what
//! refers to it. Runs on a blocking thread; knows nothing of HTML.

use super::describe::{Description, EntityError};
use super::inverse::{Inverse, References};
use super::label::{Labels, Link};
use super::memory::Memory;
use super::order::Order;
use super::tree::{self, Part};
use crate::schema::Language;
use crate::store::{Dataset, Mode};
use crate::vocab::fl;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Quad, Term};
use oxigraph::sparql::CancellationToken;
use std::sync::Arc;
use std::time::Duration;

/// What a reader wants to see of a description.
#[derive(Debug, Clone)]
pub struct Ask {
    pub language: Language,
    /// A property that refers to the resource, and the page of its subjects.
    pub inverse: Option<(String, u64)>,
    /// How long counting references may take.
    pub limit: Duration,
}

/// A description for people.
#[derive(Debug, Clone)]
pub struct View {
    pub link: Link,
    pub classes: Vec<Link>,
    pub parts: Vec<Part>,
    pub inverse: Vec<Inverse>,
    /// Whether it is an example and not a claim.
    pub demonstration: bool,
    /// Whether the data uses the IRI as a property.
    pub is_property: bool,
    /// Whether the IRI names a source graph.
    pub is_graph: bool,
}

/// Makes a view, off the asynchronous threads. [`EntityError::Unknown`] where nothing in the
/// data mentions the IRI at all.
pub async fn view(
    dataset: &Dataset,
    memory: &Memory,
    description: &Arc<Description>,
    ask: Ask,
) -> Result<View, EntityError> {
    let (dataset, memory) = (dataset.clone(), memory.clone());
    let description = Arc::clone(description);
    let token = CancellationToken::new();
    let limit = ask.limit;
    let work = tokio::task::spawn_blocking({
        let token = token.clone();
        move || make(&dataset, &memory, &description, ask, token)
    });
    let stop = StopOnDrop(token);
    match tokio::time::timeout(limit, work).await {
        Ok(view) => view.map_err(|error| EntityError::Write(error.into()))?,
        Err(_) => {
            drop(stop);
            Err(EntityError::TimedOut)
        }
    }
}

/// A reader who goes away stops the counting.
pub(super) struct StopOnDrop(pub CancellationToken);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

fn make(
    dataset: &Dataset,
    memory: &Memory,
    description: &Description,
    ask: Ask,
    token: CancellationToken,
) -> Result<View, EntityError> {
    let known = memory.of(dataset);
    let (store, _) = dataset.read();
    let node = NamedNode::new_unchecked(&description.iri);
    let classes = classes(description);
    let order = Order::read(store, &classes, &known)?;
    let labels = Labels::new(store, ask.language, Arc::clone(&known));
    let mut parts = tree::parts(&description.iri, &description.quads, &order, &labels)?;
    if description.version.is_none() {
        let inferred = inferred(dataset, &node)?;
        parts.extend(tree::parts(&description.iri, &inferred, &order, &labels)?);
    }
    let is_graph = store.contains_named_graph(&node)?;
    let uses = store.quads_for_pattern(None, Some(node.as_ref()), None, None).next();
    let is_property = uses.transpose()?.is_some();
    let mut inverse = Vec::new();
    if description.version.is_none() {
        let asked = ask.inverse.as_ref().map(|(property, page)| (property.as_str(), *page));
        let except = refers_to_itself(description).then_some(description.iri.as_str());
        let references = References { store, known: &known, target: &node, except, token };
        inverse = references.read(&labels, asked)?;
    }
    if description.quads.is_empty() && inverse.is_empty() && !is_property && !is_graph {
        return Err(EntityError::Unknown(description.iri.clone()));
    }
    let classes =
        classes.iter().map(|class| labels.link(class.as_str())).collect::<Result<_, _>>()?;
    Ok(View {
        link: labels.link(&description.iri)?,
        classes,
        parts,
        inverse,
        demonstration: is_demonstration(description),
        is_property,
        is_graph,
    })
}

/// What the rules infer of it. The log knows nothing of that, and documents in RDF hold only what
/// somebody states.
fn inferred(dataset: &Dataset, node: &NamedNode) -> Result<Vec<Quad>, EntityError> {
    let Mode::Node(base) = dataset.mode() else { return Ok(Vec::new()) };
    let (graph, (store, _)) = (base.inferred(), dataset.read());
    let subject = Some(node.as_ref().into());
    let quads = store.quads_for_pattern(subject, None, None, Some(graph.as_ref().into()));
    Ok(quads.collect::<Result<_, _>>()?)
}

/// The classes of what is described.
fn classes(description: &Description) -> Vec<NamedNode> {
    let mut classes: Vec<NamedNode> = description
        .quads
        .iter()
        .filter(|quad| is(&quad.subject, &description.iri) && quad.predicate == rdf::TYPE)
        .filter_map(|quad| match &quad.object {
            Term::NamedNode(class) => Some(class.clone()),
            _ => None,
        })
        .collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// Whether fragments of the record refer to the record.
fn refers_to_itself(description: &Description) -> bool {
    description.iri == description.record()
        && description.quads.iter().any(|quad| {
            matches!(&quad.object, Term::NamedNode(node) if node.as_str() == description.iri)
        })
}

fn is_demonstration(description: &Description) -> bool {
    let yes = Term::from(Literal::from(true));
    description.quads.iter().any(|quad| quad.predicate == fl::DEMONSTRATION && quad.object == yes)
}

fn is(subject: &NamedOrBlankNode, iri: &str) -> bool {
    matches!(subject, NamedOrBlankNode::NamedNode(node) if node.as_str() == iri)
}
