//! What an update would do, found out on a store that is thrown away: its operations one by one.
//! Knows nothing of records, shapes or the log. SPARQL 1.1 Update, section 3.

use super::scratch::{Delta, Scratch};
use super::target::{check_writable, graph_of, named_targets};
use super::update::UpdateError;
use crate::store::{Mode, View};
use oxigraph::model::{BlankNode, GraphName, NamedOrBlankNode, Quad, Term};
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
    for graph in update.operations.iter().flat_map(named_targets) {
        check_writable(mode, &graph)?;
    }
    let mut scratch = Scratch { transaction: store.start_transaction()?, delta: Delta::default() };
    for operation in &update.operations {
        run(&mut scratch, mode, update, operation, using, evaluator)?;
    }
    let delta = scratch.delta;
    let touched = delta.added.iter().chain(&delta.removed).map(|quad| &quad.graph_name);
    for graph in touched.chain(delta.graphs.iter().map(|(graph, _)| graph)) {
        check_writable(mode, graph)?;
    }
    Ok(delta)
}

fn run(
    scratch: &mut Scratch<'_>,
    mode: &Mode,
    update: &Update,
    operation: &GraphUpdateOperation,
    protocol_using: Option<&QueryDatasetSpecification>,
    evaluator: &QueryEvaluator,
) -> Result<(), UpdateError> {
    match operation {
        GraphUpdateOperation::InsertData { data } => {
            let mut fresh = HashMap::new();
            for quad in data {
                scratch.insert(fresh_quad(quad, &mut fresh))?;
            }
        }
        GraphUpdateOperation::DeleteData { data } => {
            for quad in data {
                scratch.remove(ground_quad(quad))?;
            }
        }
        GraphUpdateOperation::DeleteInsert { delete, insert, using, pattern } => {
            let mut prepared = evaluator.prepare_delete_insert(
                delete.clone(),
                insert.clone(),
                update.base_iri.clone(),
                using.clone(),
                pattern,
            );
            let spec = prepared.dataset_mut();
            if let Some(using) = protocol_using {
                spec.clone_from(using);
            } else if spec.is_default_dataset() && matches!(mode, Mode::Node(_)) {
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
        }
        GraphUpdateOperation::Create { graph, silent } => {
            let name = GraphName::from(graph.clone());
            if scratch.transaction.contains_named_graph(graph)? {
                if !silent {
                    return Err(UpdateError::Exists(graph.to_string()));
                }
            } else {
                scratch.set_existence(&name, true)?;
            }
        }
        GraphUpdateOperation::Clear { graph, silent } => {
            empty(scratch, mode, graph, *silent, false)?;
        }
        GraphUpdateOperation::Drop { graph, silent } => empty(scratch, mode, graph, *silent, true)?,
        // Without SILENT it has been refused; with it, a failure counts as success. Section 3.1.4.
        GraphUpdateOperation::Load { .. } => {}
    }
    Ok(())
}

/// CLEAR and DROP. In a node `ALL` and `NAMED` mean the graphs that may be written.
fn empty(
    scratch: &mut Scratch<'_>,
    mode: &Mode,
    target: &GraphTarget,
    silent: bool,
    drop: bool,
) -> Result<(), UpdateError> {
    let named = |scratch: &Scratch<'_>| -> Result<Vec<GraphName>, StorageError> {
        let names: Result<Vec<NamedOrBlankNode>, _> = scratch.transaction.named_graphs().collect();
        let names = names?.into_iter().filter(|name| !crate::store::is_mark(name));
        Ok(names.map(GraphName::from).collect())
    };
    let graphs = match target {
        GraphTarget::NamedNode(graph) => {
            if !scratch.transaction.contains_named_graph(graph)? {
                return if silent { Ok(()) } else { Err(UpdateError::NoGraph(graph.to_string())) };
            }
            vec![graph.clone().into()]
        }
        GraphTarget::DefaultGraph => vec![GraphName::DefaultGraph],
        GraphTarget::NamedGraphs => named(scratch)?,
        GraphTarget::AllGraphs => {
            let mut graphs = named(scratch)?;
            graphs.push(GraphName::DefaultGraph);
            graphs
        }
    };
    let all = matches!(target, GraphTarget::NamedGraphs | GraphTarget::AllGraphs);
    for graph in graphs {
        if all && check_writable(mode, &graph).is_err() {
            continue;
        }
        for quad in scratch.quads_of(&graph)? {
            scratch.remove(quad)?;
        }
        if drop {
            scratch.set_existence(&graph, false)?;
        }
    }
    Ok(())
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
