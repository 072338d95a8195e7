//! Why a federated query fails as a whole. Knows no statuses.

use oxigraph::model::NamedNode;
use oxigraph::sparql::QueryEvaluationError;
use std::time::Duration;

/// Why a federated query has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EngineError {
    #[error(
        "the query needs more than the {limit} bytes it may hold at once; ask for fewer records, \
         or for more that they have in common"
    )]
    Memory { limit: usize },
    #[error("the query was not answered within {0:?}; ask for less")]
    Deadline(Duration),
    #[error("nobody waits for the answer any more")]
    Abandoned,
    #[error(
        "{} did not answer ({reason}), and without it the answer would be wrong, not only \
         incomplete, since the query asks what is missing, counts, orders and cuts, or calls it by SERVICE \
         without SILENT; ask again later, or with partial=allow",
        .node.as_str()
    )]
    Wrong { node: NamedNode, reason: String },
    #[error("{} is no node that can be asked", .0.as_str())]
    UnknownNode(NamedNode),
    #[error(
        "SERVICE {0} is refused, with SILENT too: only this node and the peers on its list that may \
         be queried are called; put it on the list with `familylab peer add`, or leave SERVICE \
         out, since every listed node is asked anyway"
    )]
    Unlisted(String),
    #[error(
        "a SERVICE inside another one cannot be called from here unless the outer one names its node, \
         is not SILENT, and the inner one stands in no EXISTS and no GRAPH; put them side by side"
    )]
    Nested,
    /// What the evaluator says of the query itself.
    #[error("{0}")]
    Evaluation(String),
}

impl From<QueryEvaluationError> for EngineError {
    fn from(error: QueryEvaluationError) -> Self {
        match error {
            QueryEvaluationError::Service(cause) | QueryEvaluationError::Dataset(cause) => {
                match cause.downcast::<Self>() {
                    Ok(own) => *own,
                    Err(other) => Self::Evaluation(other.to_string()),
                }
            }
            other => Self::Evaluation(other.to_string()),
        }
    }
}

impl From<EngineError> for QueryEvaluationError {
    fn from(error: EngineError) -> Self {
        Self::Service(Box::new(error))
    }
}
