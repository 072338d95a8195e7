//! What can be asked: a source of triples, the requests it takes and how it fails.
//! Knows neither the network nor a store.

use super::summary::Summary;
use oxigraph::model::{NamedNode, Term, Variable};
use spargebra::Query;
use spargebra::algebra::{GraphPattern, OrderExpression};
use spargebra::term::GroundTerm;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// One value a variable of the request, in the request's order.
pub type Row = Vec<Option<Term>>;

/// What a source sends: rows in pieces, as they come, and an empty piece at the end, without
/// which the answer was broken off. Dropped, it ends the work for it.
pub type Rows = mpsc::Receiver<Result<Vec<Row>, SourceError>>;

/// Something that holds a graph and answers SELECT over it: this node, or an endpoint elsewhere.
pub trait Source: Send + Sync {
    /// The name of its graph, which is how `GRAPH` and `FROM` call it.
    fn name(&self) -> &NamedNode;

    /// The address of its endpoint, by which SERVICE calls it too.
    fn endpoint(&self) -> Option<&NamedNode> {
        None
    }

    /// What is known of its graph; nothing is left out for a source of which nothing is known.
    fn summary(&self) -> Option<Arc<Summary>>;

    /// When the copy was taken that stands in for the source, where one does.
    fn copied(&self) -> Option<&str> {
        None
    }

    /// Why nothing is known of its graph, where nothing is.
    fn why_unknown(&self) -> String {
        "it gives none".to_owned()
    }

    /// Whether it sorts any values as this node's evaluator does. The standard leaves open how some
    /// compare. SPARQL 1.1, section 15.1.
    fn sorts_alike(&self) -> bool {
        false
    }

    /// Begins to answer. Called inside a Tokio runtime, and returns at once.
    fn ask(&self, request: Request) -> Rows;
}

/// A SELECT for one source: solutions of a pattern, for some values of its variables.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    pub pattern: GraphPattern,
    pub variables: Vec<Variable>,
    pub bindings: Option<Bindings>,
    /// Which rows come first, where that matters.
    pub order: Vec<OrderExpression>,
    /// How many rows are enough.
    pub limit: Option<usize>,
    /// Whether solutions that are alike count one by one, as they do in a SERVICE.
    pub keeps_repeats: bool,
}

/// Values that some variables may have. They hold no blank nodes, which mean nothing elsewhere.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bindings {
    pub variables: Vec<Variable>,
    pub rows: Vec<Vec<Option<GroundTerm>>>,
}

impl Request {
    /// The request as a query; its `Display` is the text to send.
    ///
    /// DISTINCT, since many endpoints' default graph is a union that shows a triple once for each
    /// graph that holds it. All variables are asked for, so no two solutions of a graph are alike.
    pub fn query(&self) -> Query {
        let mut pattern = self.pattern.clone();
        if let Some(bindings) = &self.bindings {
            bind(&mut pattern, bindings);
        }
        let mut inner = Box::new(pattern);
        if !self.order.is_empty() {
            inner = Box::new(GraphPattern::OrderBy { inner, expression: self.order.clone() });
        }
        let mut pattern = GraphPattern::Project { inner, variables: self.variables.clone() };
        if !self.keeps_repeats {
            pattern = GraphPattern::Distinct { inner: Box::new(pattern) };
        }
        if self.limit.is_some() {
            pattern =
                GraphPattern::Slice { inner: Box::new(pattern), start: 0, length: self.limit };
        }
        Query::Select { dataset: None, pattern, base_iri: None }
    }
}

/// Puts the values where evaluation begins: beside what every solution has, left of OPTIONAL and
/// inside FILTER. They bind no variable that those parts leave open, so it means the same there.
fn bind(pattern: &mut GraphPattern, bindings: &Bindings) {
    match pattern {
        GraphPattern::LeftJoin { left: inner, .. } | GraphPattern::Filter { inner, .. } => {
            bind(inner, bindings);
        }
        other => {
            let left = Box::new(GraphPattern::Values {
                variables: bindings.variables.clone(),
                bindings: bindings.rows.clone(),
            });
            let right = Box::new(std::mem::take(other));
            *other = GraphPattern::Join { left, right };
        }
    }
}

/// Why a source did not answer, or not to the end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The request was too large for it: it may be asked in smaller parts.
    #[error("the request is too large for it")]
    TooLarge,
    #[error("it sent nothing for {0:?}")]
    TimedOut(Duration),
    #[error("it refused: {0}")]
    Refused(String),
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    #[error("what it sent cannot be read: {0}")]
    Malformed(String),
    #[error("it failed: {0}")]
    Failed(String),
}

impl SourceError {
    /// Whether the same question in smaller parts may do better.
    pub fn wants_less(&self) -> bool {
        matches!(self, Self::TooLarge | Self::TimedOut(_))
    }
}
