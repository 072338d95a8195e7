//! A store being changed on trial: an update runs on it operation by operation, what it would add
//! and remove is noted, and nothing is kept.

use oxigraph::model::{GraphName, NamedOrBlankNode, Quad};
use oxigraph::store::{StorageError, Transaction};
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
