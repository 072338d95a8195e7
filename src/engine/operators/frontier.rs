//! Follows steps from one term, wave by wave, each term once: what a path of any length reaches
//! over all sources. SPARQL 1.1, section 9.3. Knows nothing of what the ends are joined with.

use super::bound::{Bound, MOST};
use super::fetch::rows;
use super::run::Shared;
use super::stream::{Batches, Out, Stop, running};
use super::table::Layout;
use crate::engine::asking::Asking;
use crate::engine::batch::Batch;
use crate::engine::error::EngineError;
use crate::engine::leaf::Leaf;
use crate::engine::plan::Kind;
use crate::engine::steps::Step;
use crate::engine::term::Id;
use crate::engine::walk::{Walk, from};
use futures::StreamExt;
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::mpsc;

/// What a term takes that was reached.
const REACHED_BYTES: usize = 24;

/// A walk and what it needs.
pub(super) struct Frontier {
    pub walk: Walk,
    pub shared: Shared,
    pub step: Arc<Step>,
}

impl Frontier {
    /// Puts out every term that is reached. The budget caps how many.
    pub async fn run(self, mut out: Out) -> Result<(), Stop> {
        let context = &self.shared.context;
        let start = context.terms.id(&self.walk.start)?;
        let mut reached: HashSet<Id> = HashSet::new();
        let mut frontier = vec![start];
        while !frontier.is_empty() {
            let mut next = Vec::new();
            for leaf in &self.walk.steps {
                let mut ends = self.wave(leaf, &frontier);
                while let Some(batch) = ends.recv().await {
                    for to in batch?.iter().filter_map(|row| row.last().copied()) {
                        if reached.insert(to) {
                            context.budget.take(REACHED_BYTES)?;
                            next.push(to);
                            out.push([to]).await?;
                        }
                    }
                }
            }
            out.flush().await?;
            frontier = next;
        }
        if self.walk.is_start_included
            && !reached.contains(&start)
            && (!reached.is_empty() || self.is_known().await?)
        {
            out.push([start]).await?;
            out.flush().await?;
        }
        Ok(())
    }

    /// Pairs of a term and one that is a step away.
    fn wave(&self, leaf: &Leaf, frontier: &[Id]) -> Batches {
        let mut batch = Batch::new(1);
        frontier.iter().for_each(|id| batch.push([*id]));
        let (sender, left) = mpsc::channel(1);
        // There is room for one.
        let _ = sender.try_send(Ok(batch));
        let (names, ends) = ([from()], leaf.asked());
        let bound = Bound {
            context: Arc::clone(&self.shared.context),
            selection: Arc::clone(&self.shared.selection),
            leaf: leaf.clone(),
            layout: Layout::new((&names, &names), (&ends, &ends)),
            variables: names.to_vec(),
            kind: Kind::Inner,
            step: Arc::clone(&self.step),
            first: MOST,
        };
        running(2, move |out| bound.run(left, out))
    }

    /// Whether the start stands anywhere in the merged graph: a way of no steps is one only then.
    async fn is_known(&self) -> Result<bool, EngineError> {
        let mut askings: Vec<Asking> = Vec::new();
        for leaf in &self.walk.mentions {
            let request = leaf.request(None);
            let sources = leaf.sources().into_iter();
            askings.extend(sources.map(|i| self.shared.context.ask(i, request.clone())));
        }
        self.step.asked(askings.len());
        Ok(rows(askings).next().await.transpose()?.is_some())
    }
}
