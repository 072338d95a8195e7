//! Runs a rule or a check on what was stated, for one record or for all.
//! Knows no log and writes nothing.

use super::rule::{InferError, Rule};
use crate::sparql::substitute;
use crate::store::View;
use oxigraph::model::{NamedNode, Triple};
use oxigraph::sparql::{CancellationToken, QueryResults, QuerySolutionIter};
use spareval::QueryEvaluator;
use spargebra::Query;

/// Hands over what a rule infers, of one record or of every record; a statement may come twice.
pub(super) fn infer(
    rule: &Rule,
    view: &View<'static>,
    record: Option<&NamedNode>,
    stop: &CancellationToken,
    mut each: impl FnMut(Triple) -> Result<(), InferError>,
) -> Result<(), InferError> {
    let mut query = rule.query.clone();
    if let Some(record) = record {
        substitute(&mut query, &[(rule.record.clone(), record.clone().into())]);
    }
    if let QueryResults::Graph(triples) = run(&query, view, stop)? {
        for triple in triples {
            each(triple?)?;
        }
    }
    Ok(())
}

/// The solutions of a SELECT query over every graph of a view.
pub(super) fn select(
    query: &Query,
    view: &View<'static>,
) -> Result<Option<QuerySolutionIter<'static>>, InferError> {
    match run(query, view, &CancellationToken::new())? {
        QueryResults::Solutions(solutions) => Ok(Some(solutions)),
        _ => Ok(None),
    }
}

fn run(
    query: &Query,
    view: &View<'static>,
    stop: &CancellationToken,
) -> Result<QueryResults<'static>, InferError> {
    let evaluator = QueryEvaluator::new().with_cancellation_token(stop.clone());
    let mut prepared = evaluator.prepare(query);
    prepared.dataset_mut().set_default_graph_as_union();
    Ok(prepared.execute(view.clone())?)
}
