//! Joins that ask the right side only for what joins rows of the left: their values travel in
//! VALUES, each to the sources that may know it, a few first, more while that pays. Blank nodes stay
//! at home: where a row has one, its source is asked without it. SPARQL 1.1, section 10.

use super::fetch::{Seen, numbers};
use super::join::probe;
use super::stream::{Batches, Out, Stop};
use super::table::{Layout, Table};
use crate::engine::asking::Context;
use crate::engine::error::EngineError;
use crate::engine::leaf::Leaf;
use crate::engine::plan::{Kind, MOST_ROWS};
use crate::engine::select::Selection;
use crate::engine::source::Bindings;
use crate::engine::steps::Step;
use crate::engine::term::{Id, source_of};
use oxigraph::model::{Term, Variable};
use spargebra::term::GroundTerm;
use std::collections::{HashSet, VecDeque};
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
        let mut pace = Pace { size: self.first, last: None };
        let mut waiting: VecDeque<Vec<Id>> = VecDeque::new();
        let mut is_over = false;
        loop {
            let mut wave = Wave::new(self.leaf.sources());
            while !wave.is_full(pace.size) {
                match waiting.pop_front() {
                    Some(row) => self.add(row, &mut wave),
                    None if is_over => break,
                    None => match left.recv().await {
                        None => is_over = true,
                        Some(batch) => waiting.extend(batch?.iter()),
                    },
                }
            }
            // What has the same values need not be asked for again.
            let is_known = |row: &Vec<Id>| wave.keys.contains(&self.layout.left_key(row));
            let (same, others) = waiting.into_iter().partition(is_known);
            waiting = others;
            wave.rows.extend::<VecDeque<_>>(same);
            if wave.rows.is_empty() {
                return Ok(());
            }
            self.send(wave, &mut pace, &mut out).await?;
        }
    }

    /// Adds a row, and its values for each source that may have something there. A row in which no
    /// value can travel stands for all there is.
    fn add(&self, row: Vec<Id>, wave: &mut Wave) {
        let key = self.layout.left_key(&row);
        wave.rows.push(row);
        if wave.keys.contains(&key) {
            return;
        }
        for (part, known) in &mut wave.parts {
            let Some(values) = self.values(&key, part.source) else { continue };
            part.is_whole |= values.iter().all(Option::is_none);
            if known.insert(values.clone()) {
                part.rows.push(values);
            }
        }
        wave.keys.insert(key);
    }

    async fn send(&self, wave: Wave, pace: &mut Pace, out: &mut Out) -> Result<(), Stop> {
        let (rows, since) = (wave.longest(), Instant::now());
        let budget = &self.context.budget;
        let mut gathered = Gathered {
            table: Table::new(self.layout.clone(), Arc::clone(budget)),
            seen: Seen::new(Arc::clone(budget)),
        };
        let parts = wave.parts.into_iter().map(|(part, _)| part);
        let mut parts: Vec<Part> = parts.filter(|part| !part.rows.is_empty()).collect();
        while !parts.is_empty() {
            parts = self.ask(parts, pace, &mut gathered).await?;
        }
        pace.went(rows, since.elapsed());
        for row in &wave.rows {
            probe(&gathered.table, &self.layout, row, self.kind, out).await?;
        }
        out.flush().await
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

/// Rows of the left side for which the right one is asked at once.
struct Wave {
    rows: Vec<Vec<Id>>,
    keys: HashSet<Vec<Id>>,
    /// What each source is asked, and the values that are in it.
    parts: Vec<(Part, HashSet<Vec<Option<GroundTerm>>>)>,
}

impl Wave {
    fn new(sources: Vec<usize>) -> Self {
        let part = |source| (Part { source, rows: Vec::new(), is_whole: false }, HashSet::new());
        let parts = sources.into_iter().map(part).collect();
        Self { rows: Vec::new(), keys: HashSet::new(), parts }
    }

    /// How many rows the longest request has.
    fn longest(&self) -> usize {
        self.parts.iter().map(|(part, _)| part.rows.len()).max().unwrap_or_default()
    }

    /// Whether some source is asked for as many rows as one request may carry.
    fn is_full(&self, most: usize) -> bool {
        self.longest() >= most
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
