//! Joins that ask the right side only for what joins rows of the left: their values travel in
//! VALUES, a few first, more while that pays. Blank nodes stay at home: where a row has one, its
//! source is asked without it. SPARQL 1.1, section 10.

use super::fetch::{Seen, numbers};
use super::join::probe;
use super::stream::{Batches, Out, Stop};
use super::table::{Layout, Table};
use crate::engine::asking::Context;
use crate::engine::error::EngineError;
use crate::engine::leaf::Leaf;
use crate::engine::plan::Kind;
use crate::engine::select::Selection;
use crate::engine::source::Bindings;
use crate::engine::steps::Step;
use crate::engine::term::{Id, source_of};
use oxigraph::model::{Term, Variable};
use spargebra::term::GroundTerm;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many rows the first request carries where the left side goes on.
pub(super) const FIRST: usize = 16;
/// How many any request carries at most.
pub(super) const MOST: usize = 512;

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
    /// How many rows the first request carries.
    pub first: usize,
}

/// How many rows travel in one request.
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
            self.size = (self.size * 2).min(MOST);
        }
        self.last = Some(each);
    }
}

impl Bound {
    pub async fn run(self, mut left: Batches, mut out: Out) -> Result<(), Stop> {
        let mut pace = Pace { size: self.first, last: None };
        let mut waiting: Vec<Vec<Id>> = Vec::new();
        let mut is_over = false;
        while !is_over || !waiting.is_empty() {
            let mut keys: HashSet<Vec<Id>> =
                waiting.iter().map(|row| self.layout.left_key(row)).collect();
            while !is_over && keys.len() < pace.size {
                match left.recv().await {
                    None => is_over = true,
                    Some(batch) => {
                        for row in batch?.iter() {
                            keys.insert(self.layout.left_key(&row));
                            waiting.push(row);
                        }
                    }
                }
            }
            let (taken, rest) = self.first(std::mem::take(&mut waiting), pace.size);
            waiting = rest;
            if !taken.is_empty() {
                self.step_once(&taken, &mut pace, &mut out).await?;
            }
        }
        Ok(())
    }

    /// The first rows with no more than so many keys, and the others.
    fn first(&self, rows: Vec<Vec<Id>>, size: usize) -> (Vec<Vec<Id>>, Vec<Vec<Id>>) {
        let mut keys = HashSet::new();
        rows.into_iter().partition(|row| {
            let key = self.layout.left_key(row);
            keys.contains(&key) || (keys.len() < size && keys.insert(key))
        })
    }

    async fn step_once(
        &self,
        left: &[Vec<Id>],
        pace: &mut Pace,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let keys: HashSet<Vec<Id>> = left.iter().map(|row| self.layout.left_key(row)).collect();
        let since = Instant::now();
        let budget = &self.context.budget;
        let mut gathered = Gathered {
            table: Table::new(self.layout.clone(), Arc::clone(budget)),
            seen: Seen::new(Arc::clone(budget)),
        };
        let mut parts = self.parts(&keys)?;
        while !parts.is_empty() {
            parts = self.ask(parts, pace, &mut gathered).await?;
        }
        pace.went(keys.len(), since.elapsed());
        for row in left {
            probe(&gathered.table, &self.layout, row, self.kind, out).await?;
        }
        out.flush().await
    }

    /// For each source the values that may have something there. A row in which no value can
    /// travel stands for all there is.
    fn parts(&self, keys: &HashSet<Vec<Id>>) -> Result<Vec<Part>, EngineError> {
        let mut parts = Vec::new();
        for source in self.leaf.sources() {
            let mut part = Part { source, rows: Vec::new(), is_whole: false };
            let mut known = HashSet::new();
            for key in keys {
                let Some(row) = self.values(key, source) else { continue };
                part.is_whole |= row.iter().all(Option::is_none);
                if known.insert(row.clone()) {
                    part.rows.push(row);
                }
            }
            if !part.rows.is_empty() {
                parts.push(part);
            }
        }
        Ok(parts)
    }

    /// The values of a key as a source may be sent them; nothing where it cannot have any of them.
    fn values(&self, key: &[Id], source: usize) -> Option<Vec<Option<GroundTerm>>> {
        let mut values = Vec::with_capacity(key.len());
        for (id, variable) in key.iter().zip(&self.variables) {
            let term = self.context.terms.term(*id)?;
            if let Term::BlankNode(node) = &*term {
                if source_of(node) != Some(source) {
                    return None;
                }
                values.push(None);
                continue;
            }
            let may_be = self.leaf.required.iter().all(|(pattern, _)| {
                !crate::engine::select::variables(pattern).contains(variable)
                    || self.selection.ends(source, pattern, variable).may_hold(&term)
            });
            if !may_be {
                return None;
            }
            values.push(GroundTerm::try_from((*term).clone()).ok());
        }
        Some(values)
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

/// The values that one source is sent.
struct Part {
    source: usize,
    rows: Vec<Vec<Option<GroundTerm>>>,
    /// All solutions are wanted, since for some row no value can travel.
    is_whole: bool,
}

impl Part {
    fn can_be_less(&self) -> bool {
        !self.is_whole && self.rows.len() > 1
    }

    fn halves(mut self) -> [Self; 2] {
        let rows = self.rows.split_off(self.rows.len() / 2);
        [Self { rows, source: self.source, is_whole: false }, self]
    }
}
