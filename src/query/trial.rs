//! What an update would do, found out on a store that is thrown away: its operations one by one.
//! Knows nothing of records, shapes or the log. SPARQL 1.1 Update, section 3.

use super::scratch::{Delta, Scratch};
use super::target::{check_targets, check_writable, graph_of};
use super::update::UpdateError;
use crate::store::{Mode, View};
use oxigraph::model::{BlankNode, GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use oxigraph::store::{StorageError, Store};
use spareval::{DeleteInsertQuad, QueryDatasetSpecification, QueryEvaluator};
use spargebra::algebra::GraphTarget;
use spargebra::term;
use spargebra::{GraphUpdateOperation, Update};
use std::collections::HashMap;

/// Runs the update in a transaction that is thrown away.
pub(super) fn try_out(
    store: &Store,
    mode: &Mode,
    update: &Update,
    using: Option<&QueryDatasetSpecification>,
    evaluator: &QueryEvaluator,
) -> Result<Delta, UpdateError> {
    for operation in &update.operations {
        check_targets(mode, operation)?;
    }
    let mut scratch = Scratch { transaction: store.start_transaction()?, delta: Delta::default() };
    let trial = Trial { mode, update, using, evaluator };
    for operation in &update.operations {
        trial.run(&mut scratch, operation)?;
    }
    let delta = scratch.delta;
    let touched = delta.added.iter().chain(&delta.removed).map(|quad| &quad.graph_name);
    for graph in touched.chain(delta.graphs.iter().map(|(graph, _)| graph)) {
        check_writable(mode, graph)?;
    }
    Ok(delta)
}

/// What every operation of an update runs with.
struct Trial<'a> {
    mode: &'a Mode,
    update: &'a Update,
    /// The dataset that the protocol's parameters give, if they give one.
    using: Option<&'a QueryDatasetSpecification>,
    evaluator: &'a QueryEvaluator,
}

impl Trial<'_> {
    fn run(
        &self,
        scratch: &mut Scratch<'_>,
        operation: &GraphUpdateOperation,
    ) -> Result<(), UpdateError> {
        match operation {
            GraphUpdateOperation::InsertData { data } => {
                let mut fresh = HashMap::new();
                for quad in data {
                    scratch.insert(fresh_quad(quad, &mut fresh))?;
                }
                Ok(())
            }
            GraphUpdateOperation::DeleteData { data } => {
                for quad in data {
                    scratch.remove(ground_quad(quad))?;
                }
                Ok(())
            }
            GraphUpdateOperation::DeleteInsert { .. } => self.edit(scratch, operation),
            GraphUpdateOperation::Create { graph, silent } => create(scratch, graph, *silent),
            GraphUpdateOperation::Clear { graph, silent } => {
                self.empty(scratch, graph, *silent, false)
            }
            GraphUpdateOperation::Drop { graph, silent } => {
                self.empty(scratch, graph, *silent, true)
            }
            // Only a plain store comes here, and only with SILENT: nothing is fetched.
            GraphUpdateOperation::Load { .. } => Ok(()),
        }
    }

    /// DELETE and INSERT, with everything deleted before anything is inserted. Section 3.1.3.
    fn edit(
        &self,
        scratch: &mut Scratch<'_>,
        operation: &GraphUpdateOperation,
    ) -> Result<(), UpdateError> {
        let GraphUpdateOperation::DeleteInsert { delete, insert, using, pattern } = operation
        else {
            return Ok(());
        };
        let base = self.update.base_iri.clone();
        let mut prepared = self.evaluator.prepare_delete_insert(
            delete.clone(),
            insert.clone(),
            base,
            using.clone(),
            pattern,
        );
        let spec = prepared.dataset_mut();
        if let Some(using) = self.using {
            spec.clone_from(using);
        } else if spec.is_default_dataset() && matches!(self.mode, Mode::Node(_)) {
            spec.set_default_graph_as_union();
        }
        let quads: Vec<DeleteInsertQuad> =
            prepared.execute(View::of(&scratch.transaction))?.collect::<Result<_, _>>()?;
        for quad in &quads {
            if let DeleteInsertQuad::Delete(quad) = quad {
                scratch.remove(quad.clone())?;
            }
        }
        for quad in quads {
            if let DeleteInsertQuad::Insert(quad) = quad {
                scratch.insert(quad)?;
            }
        }
        Ok(())
    }

    /// CLEAR and DROP. Sections 3.1.5 and 3.2.2.
    fn empty(
        &self,
        scratch: &mut Scratch<'_>,
        target: &GraphTarget,
        silent: bool,
        drop: bool,
    ) -> Result<(), UpdateError> {
        let graphs = match target {
            GraphTarget::NamedNode(graph) => {
                if !scratch.transaction.contains_named_graph(graph)? {
                    let missing = UpdateError::NoGraph(graph.to_string());
                    return if silent { Ok(()) } else { Err(missing) };
                }
                vec![graph.clone().into()]
            }
            GraphTarget::DefaultGraph => vec![GraphName::DefaultGraph],
            GraphTarget::NamedGraphs => named_graphs(scratch)?,
            GraphTarget::AllGraphs => {
                let mut graphs = named_graphs(scratch)?;
                graphs.push(GraphName::DefaultGraph);
                graphs
            }
        };
        for graph in graphs {
            for quad in scratch.quads_of(&graph)? {
                scratch.remove(quad)?;
            }
            if drop {
                scratch.set_existence(&graph, false)?;
            }
        }
        Ok(())
    }
}

fn create(scratch: &mut Scratch<'_>, graph: &NamedNode, silent: bool) -> Result<(), UpdateError> {
    if !scratch.transaction.contains_named_graph(graph)? {
        scratch.set_existence(&graph.clone().into(), true)?;
    } else if !silent {
        return Err(UpdateError::Exists(graph.to_string()));
    }
    Ok(())
}

fn named_graphs(scratch: &Scratch<'_>) -> Result<Vec<GraphName>, StorageError> {
    let names: Result<Vec<NamedOrBlankNode>, _> = scratch.transaction.named_graphs().collect();
    let names = names?.into_iter().filter(|name| !crate::store::is_mark(name));
    Ok(names.map(GraphName::from).collect())
}

/// Blank nodes of INSERT DATA are new ones each time. SPARQL 1.1 Update, section 3.1.1.
fn fresh_quad(quad: &term::Quad, fresh: &mut HashMap<BlankNode, BlankNode>) -> Quad {
    let mut renamed = |node: &BlankNode| fresh.entry(node.clone()).or_default().clone();
    let subject = match &quad.subject {
        NamedOrBlankNode::BlankNode(node) => renamed(node).into(),
        named @ NamedOrBlankNode::NamedNode(_) => named.clone(),
    };
    let object = match &quad.object {
        Term::BlankNode(node) => renamed(node).into(),
        other => other.clone(),
    };
    Quad::new(subject, quad.predicate.clone(), object, graph_of(&quad.graph_name))
}

/// A quad of DELETE DATA, which holds no blank nodes.
fn ground_quad(quad: &term::GroundQuad) -> Quad {
    let (subject, predicate) = (quad.subject.clone(), quad.predicate.clone());
    Quad::new(subject, predicate, Term::from(quad.object.clone()), graph_of(&quad.graph_name))
}
