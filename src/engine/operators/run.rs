//! Starts the operators of a plan, from the leaves up. Knows what each of them needs.

use super::bound::Bound;
use super::fetch::{fetch, numbered};
use super::frontier::Frontier;
use super::join::hash_join;
use super::stream::{Batches, Out, Pieces, Stop, running, sending};
use super::table::Layout;
use crate::engine::asking::Context;
use crate::engine::batch::places;
use crate::engine::leaf::Leaf;
use crate::engine::plan::{How, Kind, Op, Plan};
use crate::engine::select::Selection;
use crate::engine::steps::{Step, Steps};
use crate::engine::term::Id;
use oxigraph::model::{Term, Variable};
use spargebra::term::GroundTerm;
use std::collections::HashSet;
use std::sync::Arc;

/// What a row takes that is remembered so as not to come again, beside its numbers.
const DISTINCT_BYTES: usize = 48;

/// What all operators of a query know.
#[derive(Clone)]
pub(in crate::engine) struct Shared {
    pub context: Arc<Context>,
    pub selection: Arc<Selection>,
    pub steps: Arc<Steps>,
}

/// Starts a plan; its rows come in the order of its variables.
pub(in crate::engine) fn start(plan: &Plan, shared: &Shared) -> Batches {
    let step = shared.steps.step(plan.number);
    let context = Arc::clone(&shared.context);
    let batches = match &plan.op {
        Op::Fetch(leaf) => {
            let pieces = fetching(leaf, shared, &step);
            running(plan.variables.len(), move |out| numbered(context, pieces, out))
        }
        Op::Join { left, right, how, kind } => {
            join(plan, (left, right), (*how, *kind), shared, &step)
        }
        Op::Distinct(inner) => {
            let places = places(&plan.variables, &inner.variables);
            let rows = start(inner, shared);
            running(plan.variables.len(), move |out| distinct(context, rows, places, out))
        }
        Op::Union(parts) => {
            let parts = parts
                .iter()
                .map(|part| (start(part, shared), places(&plan.variables, &part.variables)))
                .collect();
            running(plan.variables.len(), move |out| union(parts, out))
        }
        Op::Walk(walk) => {
            let walk = (**walk).clone();
            let frontier = Frontier { walk, shared: shared.clone(), step: Arc::clone(&step) };
            running(plan.variables.len(), move |out| frontier.run(out))
        }
        Op::Values { rows } => {
            let rows = rows.clone();
            running(plan.variables.len(), move |out| values(context, rows, out))
        }
    };
    counted(batches, plan.variables.len(), step)
}

/// Starts a plan that is nothing but a question to some sources: its rows need no numbers, so they
/// are forgotten once they are read.
pub(in crate::engine) fn start_plain(plan: &Plan, shared: &Shared) -> Option<Pieces> {
    let Op::Fetch(leaf) = &plan.op else { return None };
    let step = shared.steps.step(plan.number);
    let mut pieces = fetching(leaf, shared, &step);
    Some(sending(move |sender| async move {
        while let Some(rows) = pieces.recv().await {
            step.made(rows.as_ref().map_or(0, Vec::len));
            sender.send(rows).await.map_err(|_| Stop::Unread)?;
        }
        step.ended();
        Ok(())
    }))
}

fn fetching(leaf: &Leaf, shared: &Shared, step: &Arc<Step>) -> Pieces {
    let (context, leaf, step) = (Arc::clone(&shared.context), leaf.clone(), Arc::clone(step));
    let selection = Arc::clone(&shared.selection);
    sending(move |sender| fetch(context, leaf, selection, step, sender))
}

fn join(
    plan: &Plan,
    (left, right): (&Plan, &Plan),
    (how, kind): (How, Kind),
    shared: &Shared,
    step: &Arc<Step>,
) -> Batches {
    let context = Arc::clone(&shared.context);
    let layout = Layout::new((&left.variables, &left.certain), (&right.variables, &right.certain));
    if let (How::Bound { first }, Op::Fetch(leaf)) = (how, &right.op) {
        let variables: Vec<Variable> =
            layout.keys().iter().map(|(_, column)| right.variables[*column].clone()).collect();
        let bound = Bound {
            context,
            selection: Arc::clone(&shared.selection),
            leaf: (**leaf).clone(),
            layout,
            variables,
            kind,
            step: Arc::clone(step),
            first,
        };
        let left = start(left, shared);
        return running(plan.variables.len(), move |out| bound.run(left, out));
    }
    let (one, two) = (start(left, shared), start(right, shared));
    running(plan.variables.len(), move |out| hash_join(context, one, two, layout, kind, out))
}

/// All rows of all parts, one part after the other.
async fn union(parts: Vec<(Batches, Vec<Option<usize>>)>, mut out: Out) -> Result<(), Stop> {
    for (mut batches, places) in parts {
        while let Some(batch) = batches.recv().await {
            out.send(batch?.arranged(&places)).await?;
        }
    }
    Ok(())
}

/// Each row once.
async fn distinct(
    context: Arc<Context>,
    mut batches: Batches,
    places: Vec<Option<usize>>,
    mut out: Out,
) -> Result<(), Stop> {
    let mut seen = HashSet::new();
    while let Some(batch) = batches.recv().await {
        for row in batch?.arranged(&places).iter() {
            if seen.insert(row.clone()) {
                context.budget.take(DISTINCT_BYTES + 4 * row.len())?;
                out.push(row).await?;
            }
        }
        out.flush().await?;
    }
    Ok(())
}

async fn values(
    context: Arc<Context>,
    rows: Vec<Vec<Option<GroundTerm>>>,
    mut out: Out,
) -> Result<(), Stop> {
    for row in rows {
        let mut numbers = Vec::with_capacity(row.len());
        for term in row {
            numbers.push(match term {
                Some(term) => context.terms.id(&Term::from(term))?,
                None => Id::UNBOUND,
            });
        }
        out.push(numbers).await?;
    }
    out.flush().await
}

/// The same batches, counted.
fn counted(mut batches: Batches, width: usize, step: Arc<Step>) -> Batches {
    running(width, move |mut out| async move {
        while let Some(batch) = batches.recv().await {
            let batch = batch?;
            step.made(batch.len());
            out.send(batch).await?;
        }
        step.ended();
        Ok(())
    })
}
