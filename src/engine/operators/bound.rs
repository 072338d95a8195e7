//! Joins that ask the right side only for what joins rows of the left: their values travel in
//! VALUES, each to the sources that may know it, a few first, more while that pays. Blank nodes stay
//! at home: where a row has one, its source is asked without it. SPARQL 1.1, section 10.

use super::fetch::{Seen, numbers};
use super::join::probe;
use super::stream::{Batches, Out, Stop};
use super::table::{Layout, Table};
use super::wave::{Part, Reach, Wave};
use crate::engine::asking::Context;
use crate::engine::error::EngineError;
use crate::engine::leaf::Leaf;
use crate::engine::plan::{Kind, MOST_ROWS};
use crate::engine::select::Selection;
use crate::engine::source::Bindings;
use crate::engine::steps::Step;
use crate::engine::term::Id;
use oxigraph::model::Variable;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a bound join needs beside its rows.
pub(super) struct Bound {
    pub context: Arc<Context>,
    pub selection: Arc<Selection>,
    pub leaf: Leaf,
    pub layout: Layout,
    /// The variables of the keys, in the layout's order.
    pub variables: Vec<Variable>,
    pub kind: Kind,
    pub step: Arc<Step>,
    /// How many rows a request carries at first.
    pub first: usize,
}

/// How many rows a request may carry.
struct Pace {
    size: usize,
    last: Option<f64>,
}

impl Pace {
    /// Twice as many, while a row takes less time than before.
    fn went(&mut self, rows: usize, time: Duration) {
        let rows = u32::try_from(rows).unwrap_or(u32::MAX).max(1);
        let each = time.as_secs_f64() / f64::from(rows);
        if self.last.is_none_or(|last| each < last) {
            self.size = (self.size * 2).min(MOST_ROWS);
        }
        self.last = Some(each);
    }
}

impl Bound {
    pub async fn run(self, mut left: Batches, mut out: Out) -> Result<(), Stop> {
        let sources = Reach::of(&self.leaf, &self.selection, &self.variables);
        let mut pace = Pace { size: self.first, last: None };
        let mut waiting: VecDeque<Vec<Id>> = VecDeque::new();
        let mut is_over = false;
        loop {
            let mut wave = Wave::new(&sources, &self.context.budget);
            while !wave.is_full(pace.size) {
                match waiting.pop_front() {
                    Some(row) => self.add(row, &mut wave, &sources)?,
                    None if is_over => break,
                    None => match left.recv().await {
                        None => is_over = true,
                        Some(batch) => waiting.extend(batch?.iter()),
                    },
                }
            }
            // What has the same values need not be asked for again.
            let is_known = |row: &Vec<Id>| wave.knows(&self.layout.left_key(row));
            let (same, others): (VecDeque<_>, _) = waiting.into_iter().partition(is_known);
            waiting = others;
            for row in same {
                self.add(row, &mut wave, &sources)?;
            }
            if wave.rows.is_empty() {
                return Ok(());
            }
            self.send(wave, &mut pace, &mut out).await?;
        }
    }

    fn add(&self, row: Vec<Id>, wave: &mut Wave, sources: &[Reach<'_>]) -> Result<(), EngineError> {
        let key = self.layout.left_key(&row);
        wave.add(row, key, &self.context.terms, sources)
    }

    async fn send(&self, mut wave: Wave, pace: &mut Pace, out: &mut Out) -> Result<(), Stop> {
        let since = Instant::now();
        let budget = &self.context.budget;
        let mut gathered =
            Gathered { table: Table::new(self.layout.clone(), budget), seen: Seen::new(budget) };
        let mut parts = std::mem::take(&mut wave.parts);
        parts.retain(|part| !part.rows.is_empty());
        while !parts.is_empty() {
            parts = self.ask(parts, pace, &mut gathered).await?;
        }
        pace.went(wave.longest, since.elapsed());
        for row in &wave.rows {
            probe(&gathered.table, &self.layout, row, self.kind, out).await?;
        }
        out.flush().await
    }

    /// Asks the sources at once; returns what must be asked again in smaller parts.
    async fn ask(
        &self,
        parts: Vec<Part>,
        pace: &mut Pace,
        gathered: &mut Gathered,
    ) -> Result<Vec<Part>, EngineError> {
        self.step.asked(parts.len());
        let gathered = Mutex::new(gathered);
        let asked = parts.into_iter().map(|part| self.ask_one(part, &gathered));
        let mut again = Vec::new();
        for answer in futures::future::join_all(asked).await {
            if let Some(part) = answer? {
                pace.size = (pace.size / 2).max(1);
                again.extend(part.halves());
            }
        }
        Ok(again)
    }

    /// Asks one source; returns what it was asked where that was too much for it. What it sent
    /// before it said so comes again and is known by then.
    async fn ask_one(
        &self,
        part: Part,
        gathered: &Mutex<&mut Gathered>,
    ) -> Result<Option<Part>, EngineError> {
        let bindings = (!part.is_whole)
            .then(|| Bindings { variables: self.variables.clone(), rows: part.rows.clone() });
        let mut asking = self.context.ask(part.source, self.leaf.request(bindings));
        loop {
            match asking.try_next().await {
                Ok(Some(rows)) => {
                    let mut gathered = gathered.lock().unwrap_or_else(PoisonError::into_inner);
                    for row in rows {
                        if gathered.seen.is_new(&row)? {
                            gathered.table.add(numbers(&self.context, &row)?)?;
                        }
                    }
                }
                Ok(None) => return Ok(None),
                Err(error) if error.wants_less() && part.can_be_less() => return Ok(Some(part)),
                Err(error) => {
                    asking.fail(&error)?;
                    return Ok(None);
                }
            }
        }
    }
}

/// What the right side has for some rows of the left.
struct Gathered {
    table: Table,
    seen: Seen,
}
