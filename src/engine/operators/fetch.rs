//! Asks the sources of a leaf and puts their rows together, each once. Knows no joins.

use super::stream::{Out, Pieces, Stop};
use crate::engine::asking::{Asking, Context};
use crate::engine::budget::{Budget, Share};
use crate::engine::error::EngineError;
use crate::engine::leaf::Leaf;
use crate::engine::select::Selection;
use crate::engine::source::{Request, Row};
use crate::engine::steps::Step;
use crate::engine::term::Id;
use futures::StreamExt;
use futures::stream::{BoxStream, SelectAll};
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// The answer of one source as it comes.
pub(in crate::engine) type Answers = BoxStream<'static, Result<(usize, Vec<Row>), EngineError>>;

/// For how long one source is waited for alone, where it may have enough.
const ALONE: Duration = Duration::from_secs(1);
/// What a remembered row takes: two hashes, and its place in the table.
const SEEN_BYTES: usize = 40;

/// Rows that were seen, by two hashes of 64 bits with keys of chance: two different rows are as
/// good as never taken for one.
pub(super) struct Seen {
    keys: (RandomState, RandomState),
    rows: HashSet<(u64, u64)>,
    share: Share,
}

impl Seen {
    pub fn new(budget: &Arc<Budget>) -> Self {
        let (keys, share) = ((RandomState::new(), RandomState::new()), Share::of(budget));
        Self { keys, rows: HashSet::new(), share }
    }

    /// Whether a row is seen for the first time.
    pub fn is_new(&mut self, row: &Row) -> Result<bool, EngineError> {
        let hashes = (self.keys.0.hash_one(row), self.keys.1.hash_one(row));
        if self.rows.contains(&hashes) {
            return Ok(false);
        }
        self.share.take(SEEN_BYTES)?;
        Ok(self.rows.insert(hashes))
    }
}

/// Rows with the source that each is of, from all sources at once.
pub(in crate::engine) fn rows(askings: Vec<Asking>) -> SelectAll<Answers> {
    let streams = askings.into_iter().map(|asking| -> Answers {
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

/// All that the sources have, each row once, with the name of its source where that is wanted. Where
/// any rows are enough, the source that is likeliest to have them is asked before all others; where
/// the first of an order are, each sends its own first ones, if it sorts as this node does.
pub(super) async fn fetch(
    context: Arc<Context>,
    leaf: Leaf,
    selection: Arc<Selection>,
    step: Arc<Step>,
    sender: mpsc::Sender<Result<Vec<Row>, EngineError>>,
) -> Result<(), Stop> {
    let is_disjoint = leaf.is_disjoint(&selection);
    let mut seen = (!is_disjoint).then(|| Seen::new(&context.budget));
    let is_any = leaf.order.is_empty();
    let mut wanted = leaf.limit.filter(|_| is_any).unwrap_or(usize::MAX);
    let request = leaf.request(None);
    let ask = |sources: Vec<usize>| {
        step.asked(sources.len());
        let askings = sources.into_iter().map(|source| {
            let request = match is_any || context.sources[source].sorts_alike() {
                true => request.clone(),
                false => Request { order: Vec::new(), limit: None, ..request.clone() },
            };
            context.ask(source, request)
        });
        rows(askings.collect())
    };
    let (first, mut others) = leaf.waves(&selection);
    let mut arriving = ask(first);
    let late = tokio::time::sleep(ALONE);
    tokio::pin!(late);
    while wanted > 0 {
        let piece = tokio::select! {
            piece = arriving.next() => piece,
            () = &mut late, if !others.is_empty() => None,
        };
        let Some(piece) = piece else {
            if others.is_empty() {
                break;
            }
            arriving.extend(ask(std::mem::take(&mut others)));
            continue;
        };
        let (source, rows) = piece?;
        let tag = leaf.tag.as_ref().map(|_| Some(context.sources[source].name().clone().into()));
        let mut fresh = Vec::with_capacity(rows.len());
        for mut row in rows {
            if let Some(seen) = &mut seen
                && !seen.is_new(&row)?
            {
                continue;
            }
            row.extend(tag.clone());
            fresh.push(row);
        }
        wanted = wanted.saturating_sub(fresh.len());
        if !fresh.is_empty() && sender.send(Ok(fresh)).await.is_err() {
            return Err(Stop::Unread);
        }
    }
    Ok(())
}

/// The same rows as numbers.
pub(super) async fn numbered(
    context: Arc<Context>,
    mut pieces: Pieces,
    mut out: Out,
) -> Result<(), Stop> {
    while let Some(rows) = pieces.recv().await {
        for row in rows? {
            out.push(numbers(&context, &row)?).await?;
        }
        out.flush().await?;
    }
    Ok(())
}

/// The numbers of a row's terms.
pub(super) fn numbers(context: &Context, row: &Row) -> Result<Vec<Id>, EngineError> {
    row.iter()
        .map(|term| term.as_ref().map_or(Ok(Id::UNBOUND), |term| context.terms.id(term)))
        .collect()
}
