//! Rows of a bound join's left side for which the right one is asked at once, and the values that
//! each source is sent for them. Sends nothing.

use crate::engine::budget::{Budget, Share};
use crate::engine::ends::Ends;
use crate::engine::error::EngineError;
use crate::engine::leaf::Leaf;
use crate::engine::select::{Selection, variables};
use crate::engine::term::{Id, Terms, source_of};
use oxigraph::model::{Term, Variable};
use spargebra::term::GroundTerm;
use std::collections::HashSet;
use std::sync::Arc;

/// What a row and its key take beside their numbers.
const ROW_BYTES: usize = 64;

/// A source, and where the values of each variable of the keys are from there, by each pattern that
/// holds it.
pub(super) struct Reach<'a> {
    source: usize,
    ends: Vec<Vec<&'a Ends>>,
}

impl<'a> Reach<'a> {
    /// The reach of each source of a leaf.
    pub fn of(leaf: &Leaf, selection: &'a Selection, keys: &[Variable]) -> Vec<Self> {
        let ends = |source: usize, variable: &Variable| {
            let patterns = leaf.required.iter().map(|(pattern, _)| pattern);
            let holding = patterns.filter(|pattern| variables(pattern).contains(variable));
            holding.map(|pattern| selection.ends(source, pattern, variable)).collect()
        };
        let of = |source| {
            let ends = keys.iter().map(|variable| ends(source, variable)).collect();
            Self { source, ends }
        };
        leaf.sources().into_iter().map(of).collect()
    }

    /// Whether the source may have all of some terms.
    fn may_have(&self, terms: &[Arc<Term>]) -> bool {
        terms.iter().zip(&self.ends).all(|(term, ends)| match &**term {
            Term::BlankNode(node) => source_of(node) == Some(self.source),
            term => ends.iter().all(|ends| ends.may_hold(term)),
        })
    }
}

/// The values that one source is sent.
pub(super) struct Part {
    pub source: usize,
    pub rows: Vec<Vec<Option<GroundTerm>>>,
    /// All solutions are wanted, since for some row no value can travel.
    pub is_whole: bool,
}

impl Part {
    pub fn can_be_less(&self) -> bool {
        !self.is_whole && self.rows.len() > 1
    }

    pub fn halves(mut self) -> [Self; 2] {
        let rows = self.rows.split_off(self.rows.len() / 2);
        [Self { rows, source: self.source, is_whole: false }, self]
    }
}

/// Rows of the left side, and what each source is asked for them.
pub(super) struct Wave {
    pub rows: Vec<Vec<Id>>,
    pub parts: Vec<Part>,
    keys: HashSet<Vec<Id>>,
    /// What is sent without some of its values, which other rows may be sent as too.
    open: HashSet<(usize, Vec<Option<GroundTerm>>)>,
    /// How many rows the longest request has.
    pub longest: usize,
    share: Share,
}

impl Wave {
    pub fn new(sources: &[Reach<'_>], budget: &Arc<Budget>) -> Self {
        let part =
            |reach: &Reach<'_>| Part { source: reach.source, rows: Vec::new(), is_whole: false };
        Self {
            rows: Vec::new(),
            parts: sources.iter().map(part).collect(),
            keys: HashSet::new(),
            open: HashSet::new(),
            longest: 0,
            share: Share::of(budget),
        }
    }

    /// Whether it is asked for what joins these values already.
    pub fn knows(&self, key: &[Id]) -> bool {
        self.keys.contains(key)
    }

    /// Whether some source is asked for as many rows as a request may carry, or all are together for
    /// as many as their requests may.
    pub fn is_full(&self, most: usize) -> bool {
        self.longest >= most || self.keys.len() >= most * self.parts.len().max(1)
    }

    /// Adds a row with its key, and the key's values for each source that may have something there. A
    /// row in which no value can travel stands for all there is.
    pub fn add(
        &mut self,
        row: Vec<Id>,
        key: Vec<Id>,
        terms: &Terms,
        sources: &[Reach<'_>],
    ) -> Result<(), EngineError> {
        self.share.take(ROW_BYTES + 4 * (row.len() + key.len()))?;
        self.rows.push(row);
        if self.knows(&key) {
            return Ok(());
        }
        let known: Option<Vec<Arc<Term>>> = key.iter().map(|id| terms.term(*id)).collect();
        self.keys.insert(key);
        // What is not bound joins nothing.
        let Some(known) = known else { return Ok(()) };
        // Blank nodes stay at home.
        let value = |term: &Arc<Term>| GroundTerm::try_from((**term).clone()).ok();
        let values: Vec<Option<GroundTerm>> = known.iter().map(value).collect();
        let is_open = values.iter().any(Option::is_none);
        let reached = sources.iter().zip(&mut self.parts).filter(|(it, _)| it.may_have(&known));
        for (_, part) in reached {
            if is_open && !self.open.insert((part.source, values.clone())) {
                continue;
            }
            part.is_whole |= values.iter().all(Option::is_none);
            part.rows.push(values.clone());
            self.longest = self.longest.max(part.rows.len());
        }
        Ok(())
    }
}
