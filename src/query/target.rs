//! Which graphs an update is aimed at, and whether it may write them.

use super::update::UpdateError;
use crate::iri::graph_key;
use crate::store::Mode;
use oxigraph::model::GraphName;
use spargebra::algebra::GraphTarget;
use spargebra::{GraphUpdateOperation, term};

/// Refuses an operation that aims at what may not be written, before anything is evaluated.
///
/// SILENT does not make a success of it: it tells what becomes of an operation that was carried
/// out and failed (SPARQL 1.1 Update, section 3), while this request is not carried out at all.
pub(super) fn check_targets(
    mode: &Mode,
    operation: &GraphUpdateOperation,
) -> Result<(), UpdateError> {
    let Mode::Node(base) = mode else { return Ok(()) };
    let example = || base.graph("comune-di-esempio").into_string();
    match operation {
        GraphUpdateOperation::Load { .. } => Err(UpdateError::Load),
        GraphUpdateOperation::Clear { graph: GraphTarget::AllGraphs, .. }
        | GraphUpdateOperation::Drop { graph: GraphTarget::AllGraphs, .. } => {
            Err(UpdateError::Everything("ALL", example()))
        }
        GraphUpdateOperation::Clear { graph: GraphTarget::NamedGraphs, .. }
        | GraphUpdateOperation::Drop { graph: GraphTarget::NamedGraphs, .. } => {
            Err(UpdateError::Everything("NAMED", example()))
        }
        _ => named_targets(operation).iter().try_for_each(|graph| check_writable(mode, graph)),
    }
}

/// The graphs an operation names as its targets.
fn named_targets(operation: &GraphUpdateOperation) -> Vec<GraphName> {
    match operation {
        GraphUpdateOperation::InsertData { data } => {
            data.iter().map(|quad| graph_of(&quad.graph_name)).collect()
        }
        GraphUpdateOperation::DeleteInsert { delete, insert, .. } => {
            let deleted = delete.iter().map(|quad| &quad.graph_name);
            let named = deleted.chain(insert.iter().map(|quad| &quad.graph_name));
            named
                .filter_map(|name| match name {
                    term::GraphNamePattern::NamedNode(node) => Some(node.clone().into()),
                    term::GraphNamePattern::DefaultGraph => Some(GraphName::DefaultGraph),
                    term::GraphNamePattern::Variable(_) => None,
                })
                .collect()
        }
        GraphUpdateOperation::Clear { graph: GraphTarget::NamedNode(graph), .. }
        | GraphUpdateOperation::Drop { graph: GraphTarget::NamedNode(graph), .. }
        | GraphUpdateOperation::Create { graph, .. } => vec![graph.clone().into()],
        GraphUpdateOperation::Clear { graph: GraphTarget::DefaultGraph, .. }
        | GraphUpdateOperation::Drop { graph: GraphTarget::DefaultGraph, .. } => {
            vec![GraphName::DefaultGraph]
        }
        _ => Vec::new(),
    }
}

/// Refuses a graph that updates may not write.
pub(super) fn check_writable(mode: &Mode, graph: &GraphName) -> Result<(), UpdateError> {
    let Mode::Node(base) = mode else { return Ok(()) };
    let key = graph_key(graph);
    if base.is_writable(&key) {
        return Ok(());
    }
    let name = if key.is_empty() { "DEFAULT".to_owned() } else { format!("<{key}>") };
    Err(UpdateError::NotWritable(name, base.graph("comune-di-esempio").into_string()))
}

/// The graph a quad of the update names.
pub(super) fn graph_of(name: &term::GraphName) -> GraphName {
    match name {
        term::GraphName::NamedNode(node) => node.clone().into(),
        term::GraphName::DefaultGraph => GraphName::DefaultGraph,
    }
}
