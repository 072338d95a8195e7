//! Follows steps from one term, each term once: what a path of any length reaches over all sources,
//! wave by wave, or here where all steps were fetched. SPARQL 1.1, section 9.3. Knows nothing of what
//! the ends are joined with.

use super::bound::Bound;
use super::fetch::{Answers, numbers, rows};
use super::run::Shared;
use super::stream::{Batches, Out, Stop, running};
use super::table::Layout;
use crate::engine::asking::Asking;
use crate::engine::batch::Batch;
use crate::engine::budget::Share;
use crate::engine::error::EngineError;
use crate::engine::leaf::Leaf;
use crate::engine::plan::{Kind, MOST_ROWS};
use crate::engine::steps::Step;
use crate::engine::term::Id;
use crate::engine::walk::{Walk, from, to};
use futures::StreamExt;
use futures::stream::SelectAll;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tokio::sync::mpsc;

/// What a term takes that was reached.
const REACHED_BYTES: usize = 24;
/// What a step takes that is held, beside its terms.
const STEP_BYTES: usize = 48;

/// A walk and what it needs.
pub(super) struct Frontier {
    pub walk: Walk,
    pub shared: Shared,
    pub step: Arc<Step>,
}

/// The terms that were reached, those from which nothing was followed yet, and where they go.
struct Reached {
    terms: HashSet<Id>,
    next: Vec<Id>,
    share: Share,
    out: Out,
}

impl Reached {
    /// Takes a term in and puts it out, once. The budget caps how many.
    async fn add(&mut self, term: Id) -> Result<(), Stop> {
        if self.terms.insert(term) {
            self.share.take(REACHED_BYTES)?;
            self.next.push(term);
            self.out.push([term]).await?;
        }
        Ok(())
    }
}

impl Frontier {
    /// Puts out every term that is reached.
    pub async fn run(self, out: Out) -> Result<(), Stop> {
        let context = &self.shared.context;
        let start = context.terms.id(&self.walk.start)?;
        let share = Share::of(&context.budget);
        let mut reached = Reached { terms: HashSet::new(), next: vec![start], share, out };
        if self.walk.is_fetched {
            self.follow_held(&mut reached).await?;
        } else {
            self.follow(&mut reached).await?;
        }
        if self.walk.is_start_included
            && !reached.terms.contains(&start)
            && (!reached.terms.is_empty() || self.is_known().await?)
        {
            reached.add(start).await?;
        }
        reached.out.flush().await
    }

    /// Asks for the steps from what was reached last, as long as there are some.
    async fn follow(&self, reached: &mut Reached) -> Result<(), Stop> {
        while !reached.next.is_empty() {
            let frontier = std::mem::take(&mut reached.next);
            for leaf in &self.walk.steps {
                let mut ends = self.wave(leaf, &frontier);
                while let Some(batch) = ends.recv().await {
                    for row in batch?.iter() {
                        if let Some(to) = row.last() {
                            reached.add(*to).await?;
                        }
                    }
                }
            }
            reached.out.flush().await?;
        }
        Ok(())
    }

    /// Fetches all steps there are, and follows them here.
    async fn follow_held(&self, reached: &mut Reached) -> Result<(), Stop> {
        let context = &self.shared.context;
        let pieces = self.walk.steps.iter().map(|leaf| {
            let is_back = leaf.asked().first() == Some(&to());
            self.ask(leaf).map(move |piece| piece.map(|(_, rows)| (is_back, rows)))
        });
        let mut pieces = futures::stream::select_all(pieces);
        let mut held: HashMap<Id, Vec<Id>> = HashMap::new();
        let mut share = Share::of(&context.budget);
        while let Some((is_back, rows)) = pieces.next().await.transpose()? {
            for row in rows {
                let [one, two] = numbers(context, &row)?[..] else { continue };
                let (from, to) = if is_back { (two, one) } else { (one, two) };
                share.take(STEP_BYTES)?;
                held.entry(from).or_default().push(to);
            }
        }
        while let Some(from) = reached.next.pop() {
            for to in held.get(&from).into_iter().flatten() {
                reached.add(*to).await?;
            }
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
            first: MOST_ROWS,
        };
        running(2, move |out| bound.run(left, out))
    }

    /// Whether the start stands anywhere in the merged graph: a way of no steps is one only then.
    async fn is_known(&self) -> Result<bool, EngineError> {
        let mentions = self.walk.mentions.iter().map(|leaf| self.ask(leaf));
        let first = futures::stream::select_all(mentions).next().await.transpose()?;
        Ok(first.is_some())
    }

    /// What all sources of a leaf hold, as it comes.
    fn ask(&self, leaf: &Leaf) -> SelectAll<Answers> {
        let request = leaf.request(None);
        let sources = leaf.sources().into_iter();
        let askings = sources.map(|source| self.shared.context.ask(source, request.clone()));
        let askings: Vec<Asking> = askings.collect();
        self.step.asked(askings.len());
        rows(askings)
    }
}
