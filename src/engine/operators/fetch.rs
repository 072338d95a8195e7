//! Asks the sources of a leaf and puts their rows together, each once. Knows no joins.

use super::stream::{Out, Stop};
use crate::engine::asking::{Asking, Context};
use crate::engine::budget::Budget;
use crate::engine::error::EngineError;
use crate::engine::leaf::Leaf;
use crate::engine::source::Row;
use crate::engine::steps::Step;
use crate::engine::term::Id;
use futures::StreamExt;
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

/// What a remembered row takes: two hashes, and its place in the table.
const SEEN_BYTES: usize = 40;

/// Rows that were seen, by two hashes of 64 bits with keys of chance: two different rows are as
/// good as never taken for one.
pub(super) struct Seen {
    keys: (RandomState, RandomState),
    rows: HashSet<(u64, u64)>,
    budget: Arc<Budget>,
}

impl Seen {
    pub fn new(budget: Arc<Budget>) -> Self {
        Self { keys: (RandomState::new(), RandomState::new()), rows: HashSet::new(), budget }
    }

    /// Whether a row is seen for the first time.
    pub fn is_new(&mut self, row: &Row) -> Result<bool, EngineError> {
        let is_new = self.rows.insert((self.keys.0.hash_one(row), self.keys.1.hash_one(row)));
        if is_new {
            self.budget.take(SEEN_BYTES)?;
        }
        Ok(is_new)
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        self.budget.give_back(SEEN_BYTES * self.rows.len());
    }
}

/// Rows with the source that each is of, from all sources at once.
pub(in crate::engine) fn rows(
    askings: Vec<Asking>,
) -> impl futures::Stream<Item = Result<(usize, Vec<Row>), EngineError>> + Send + Unpin {
    let streams = askings.into_iter().map(|asking| {
        Box::pin(futures::stream::unfold(Some(asking), |asking| async move {
            let mut asking = asking?;
            let source = asking.source();
            match asking.next().await {
                Ok(Some(rows)) => Some((Ok((source, rows)), Some(asking))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        }))
    });
    futures::stream::select_all(streams)
}

/// Fetches all that the sources have.
pub(super) async fn fetch(
    context: Arc<Context>,
    leaf: Leaf,
    is_disjoint: bool,
    step: Arc<Step>,
    mut out: Out,
) -> Result<(), Stop> {
    let request = leaf.request(None);
    let askings: Vec<Asking> =
        leaf.sources().into_iter().map(|source| context.ask(source, request.clone())).collect();
    step.asked(askings.len());
    let tags = tags(&context, &leaf)?;
    let mut seen = (!is_disjoint).then(|| Seen::new(Arc::clone(&context.budget)));
    let mut arriving = rows(askings);
    while let Some(piece) = arriving.next().await {
        let (source, rows) = piece?;
        for row in rows {
            if let Some(seen) = &mut seen
                && !seen.is_new(&row)?
            {
                continue;
            }
            let tag = tags.get(source).copied();
            out.push(numbers(&context, &row)?.into_iter().chain(tag)).await?;
        }
        out.flush().await?;
    }
    Ok(())
}

/// The names of all sources, where the rows carry them.
fn tags(context: &Context, leaf: &Leaf) -> Result<Vec<Id>, EngineError> {
    if leaf.tag.is_none() {
        return Ok(Vec::new());
    }
    context.sources.iter().map(|source| context.terms.id(&source.name().clone().into())).collect()
}

/// The numbers of a row's terms.
pub(super) fn numbers(context: &Context, row: &Row) -> Result<Vec<Id>, EngineError> {
    row.iter()
        .map(|term| term.as_ref().map_or(Ok(Id::UNBOUND), |term| context.terms.id(term)))
        .collect()
}
