//! Runs what is left of a query through the evaluator, which calls fragments by SERVICE and reads
//! the merge of the sources for the rest. Knows no plan from inside.

use super::asking::Context;
use super::calling::Caller;
use super::calls::Calls;
use super::error::EngineError;
use super::fragment::Fragment;
use super::keeping::Kept;
use super::merged::Merged;
use super::operators::Shared;
use super::patterns::Key;
use super::plan::Plan;
use super::report::Tally;
use super::select::Selection;
use super::steps::Steps;
use super::waiting::Waiter;
use crate::sparql::{until_stopped, watch, watcher};
use oxigraph::model::NamedNode;
use oxigraph::sparql::{
    CancellationToken, QueryEvaluationError, QueryResults, QuerySolutionIter, QueryTripleIter,
};
use spareval::QueryEvaluator;
use spargebra::Query;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

/// What is run.
pub(super) struct Evaluation {
    pub query: Query,
    pub fragments: Vec<(NamedNode, Plan)>,
    /// What the evaluator holds of what it calls.
    pub kept: HashMap<NamedNode, Kept>,
    pub calls: Arc<Calls>,
    /// Whether an answer is wanted that is wrong for want of a source.
    pub partial: bool,
    pub keys: Vec<Key>,
    pub graphs: (Vec<usize>, Vec<usize>),
    pub context: Arc<Context>,
    pub selection: Arc<Selection>,
    pub steps: Arc<Steps>,
    pub limit: Duration,
    pub stop: tokio_util::sync::CancellationToken,
    /// Whether `false` is no answer where a source is missing.
    pub doubts_no: bool,
}

/// Ends the evaluation's timer with the evaluation.
struct Timer(tokio::task::JoinHandle<()>);

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Evaluates, and hands the results over as they come.
pub(super) fn evaluate<T>(
    mut evaluation: Evaluation,
    take: impl FnOnce(QueryResults<'static>) -> T,
) -> Result<T, EngineError> {
    let tally = Arc::clone(&evaluation.context.tally);
    let waiter = Waiter {
        handle: Handle::current(),
        limit: evaluation.limit,
        until: Instant::now() + evaluation.limit,
        stop: evaluation.stop.clone(),
    };
    let token = CancellationToken::new();
    let _timer = Timer(tokio::spawn({
        let (waiter, token, tally) = (waiter.clone(), token.clone(), Arc::clone(&tally));
        async move {
            let error = waiter.end().await;
            tally.end(error);
            token.cancel();
        }
    }));
    watch(&mut evaluation.query);
    let evaluator = evaluator(&evaluation, &waiter, token);
    let done = until_stopped(|| {
        let merged = Merged::new(
            Arc::clone(&evaluation.context),
            Arc::clone(&evaluation.selection),
            waiter.clone(),
            evaluation.graphs.clone(),
            evaluation.keys.clone(),
        );
        let results = evaluator.prepare(&evaluation.query).execute(merged)?;
        let results = guarded(results, &tally, evaluation.doubts_no)?;
        Ok::<T, EngineError>(take(results))
    });
    match (done, tally.fatal()) {
        (_, Some(fatal)) => Err(fatal),
        (Some(done), None) => done,
        (None, None) => Err(EngineError::Abandoned),
    }
}

fn evaluator(evaluation: &Evaluation, waiter: &Waiter, token: CancellationToken) -> QueryEvaluator {
    let shared = Shared {
        context: Arc::clone(&evaluation.context),
        selection: Arc::clone(&evaluation.selection),
        steps: Arc::clone(&evaluation.steps),
    };
    let (alive, look) = watcher(token.clone());
    let (calls, context) = (Arc::clone(&evaluation.calls), Arc::clone(&evaluation.context));
    let caller =
        Caller::new(calls, context, waiter.clone(), evaluation.partial, evaluation.kept.clone());
    let (called, find) = caller.function();
    let mut evaluator = QueryEvaluator::new()
        .with_cancellation_token(token)
        .with_custom_function(alive, look)
        .with_custom_function(called, find)
        .with_default_service_handler(caller);
    for (name, plan) in &evaluation.fragments {
        let fragment = Fragment {
            plan: plan.clone(),
            shared: shared.clone(),
            waiter: waiter.clone(),
            kept: evaluation.kept.get(name).cloned().unwrap_or_default(),
        };
        evaluator = evaluator.with_service_handler(name.clone(), fragment);
    }
    evaluator
}

/// The same results, ended by what the evaluator did not say.
fn guarded(
    results: QueryResults<'static>,
    tally: &Arc<Tally>,
    doubts_no: bool,
) -> Result<QueryResults<'static>, EngineError> {
    Ok(match results {
        QueryResults::Solutions(solutions) => {
            let variables = solutions.variables().into();
            let items = Guarded { items: solutions, tally: Arc::clone(tally), is_over: false };
            QueryResults::Solutions(QuerySolutionIter::new(variables, items))
        }
        QueryResults::Graph(triples) => {
            let items = Guarded { items: triples, tally: Arc::clone(tally), is_over: false };
            QueryResults::Graph(QueryTripleIter::new(items))
        }
        QueryResults::Boolean(value) => {
            let missing = if doubts_no && !value { tally.missing() } else { None };
            if let Some(error) = tally.fatal().or(missing) {
                return Err(error);
            }
            QueryResults::Boolean(value)
        }
    })
}

struct Guarded<I> {
    items: I,
    tally: Arc<Tally>,
    is_over: bool,
}

impl<T, I: Iterator<Item = Result<T, QueryEvaluationError>>> Iterator for Guarded<I> {
    type Item = Result<T, QueryEvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let item = self.items.next();
        let Some(error) = self.tally.fatal() else { return item };
        self.is_over = true;
        Some(Err(error.into()))
    }
}
