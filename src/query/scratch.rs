//! A store being changed on trial: an update runs on it operation by operation, what it would add
//! and remove is noted, and nothing is kept.

use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use oxigraph::store::{StorageError, Transaction};
use spareval::{InternalQuad, QueryableDataset};
use std::collections::HashSet;

/// What an update would do, as sets of quads that do not overlap.
#[derive(Debug, Default)]
pub(super) struct Delta {
    pub added: HashSet<Quad>,
    pub removed: HashSet<Quad>,
    /// Graphs created or dropped as such; the last word counts.
    pub graphs: Vec<(GraphName, bool)>,
}

/// A transaction that will be thrown away, and what has been done in it.
pub(super) struct Scratch<'a> {
    pub transaction: Transaction<'a>,
    pub delta: Delta,
}

impl Scratch<'_> {
    /// Adds a quad on trial.
    pub fn insert(&mut self, quad: Quad) -> Result<(), StorageError> {
        let quad = crate::store::spelled(quad);
        if !self.transaction.contains(&quad)? {
            self.transaction.insert(&quad);
            if !self.delta.removed.remove(&quad) {
                self.delta.added.insert(quad);
            }
        }
        Ok(())
    }

    /// Takes a quad away on trial.
    pub fn remove(&mut self, quad: Quad) -> Result<(), StorageError> {
        let quad = crate::store::spelled(quad);
        if self.transaction.contains(&quad)? {
            self.transaction.remove(&quad);
            if !self.delta.added.remove(&quad) {
                self.delta.removed.insert(quad);
            }
        }
        Ok(())
    }

    /// Every quad of a graph, as it stands now.
    pub fn quads_of(&self, graph: &GraphName) -> Result<Vec<Quad>, StorageError> {
        self.transaction.quads_for_pattern(None, None, None, Some(graph.as_ref())).collect()
    }

    /// Creates or drops a graph on trial.
    pub fn set_existence(&mut self, graph: &GraphName, exists: bool) -> Result<(), StorageError> {
        if let Some(name) = name_of(graph) {
            if exists {
                self.transaction.insert_named_graph(&name);
            } else {
                self.transaction.remove_named_graph(&name)?;
            }
            self.delta.graphs.push((graph.clone(), exists));
        }
        Ok(())
    }
}

fn name_of(graph: &GraphName) -> Option<NamedOrBlankNode> {
    match graph {
        GraphName::NamedNode(node) => Some(node.clone().into()),
        GraphName::BlankNode(node) => Some(node.clone().into()),
        GraphName::DefaultGraph => None,
    }
}

/// What patterns of an update are matched against: the transaction as it stands.
pub(super) struct View<'a>(pub &'a Transaction<'a>);

impl<'a> QueryableDataset<'a> for View<'a> {
    type InternalTerm = Term;
    type Error = StorageError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&Term>,
        predicate: Option<&Term>,
        object: Option<&Term>,
        graph_name: Option<Option<&Term>>,
    ) -> impl Iterator<Item = Result<InternalQuad<Term>, StorageError>> + use<'a> {
        let subject = subject.map(subject_of);
        let predicate = predicate.map(predicate_of);
        let graph = graph_name.map(|name| name.map_or(Some(GraphName::DefaultGraph), graph_of));
        // A term that cannot stand in its place matches nothing.
        let impossible = matches!(subject, Some(None))
            || matches!(predicate, Some(None))
            || matches!(graph, Some(None));
        let (subject, predicate) = (subject.flatten(), predicate.flatten());
        let any_named = graph.is_none();
        let graph = graph.flatten();
        let quads = (!impossible).then(|| {
            self.0.quads_for_pattern(
                subject.as_ref().map(NamedOrBlankNode::as_ref),
                predicate.as_ref().map(NamedNode::as_ref),
                object.map(Term::as_ref),
                graph.as_ref().map(GraphName::as_ref),
            )
        });
        quads.into_iter().flatten().filter_map(move |quad| match quad {
            Ok(quad) if any_named && quad.graph_name.is_default_graph() => None,
            Ok(quad) => Some(Ok(InternalQuad {
                subject: quad.subject.into(),
                predicate: quad.predicate.into(),
                object: quad.object,
                graph_name: match quad.graph_name {
                    GraphName::NamedNode(node) => Some(node.into()),
                    GraphName::BlankNode(node) => Some(node.into()),
                    GraphName::DefaultGraph => None,
                },
            })),
            Err(error) => Some(Err(error)),
        })
    }

    fn internalize_term(&self, term: Term) -> Result<Term, StorageError> {
        Ok(term)
    }

    fn externalize_term(&self, term: Term) -> Result<Term, StorageError> {
        Ok(term)
    }
}

fn subject_of(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        _ => None,
    }
}

fn predicate_of(term: &Term) -> Option<NamedNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone()),
        _ => None,
    }
}

fn graph_of(term: &Term) -> Option<GraphName> {
    subject_of(term).map(Into::into)
}
