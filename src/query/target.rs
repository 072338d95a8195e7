//! Which graphs an update is aimed at, and whether it may write them.

use super::update::UpdateError;
use crate::iri::graph_key;
use crate::store::Mode;
use oxigraph::model::GraphName;
use spargebra::algebra::GraphTarget;
use spargebra::{GraphUpdateOperation, term};

/// The graphs an operation names as its targets, so that most refusals need no evaluation.
pub(super) fn named_targets(operation: &GraphUpdateOperation) -> Vec<GraphName> {
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
