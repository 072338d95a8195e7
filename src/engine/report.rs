//! What became of each source during one query: asked, answered, failed, left out. Decides when a
//! source that failed makes the whole answer wrong. Knows no rows.

use super::error::EngineError;
use super::source::{Source, SourceError};
use super::summary::Basis;
use oxigraph::model::{NamedNode, Term};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What became of each source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether every source that could have added to the answer was heard to the end, itself and not
    /// by a copy.
    pub complete: bool,
    pub sources: Vec<SourceReport>,
    /// What SERVICE SILENT found as values and did not call, since it is on no list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unlisted: Vec<String>,
}

/// What became of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    pub node: String,
    /// By which summary of it the query was planned.
    pub summary: Basis,
    /// How often it was asked.
    pub requests: u64,
    /// How many rows it sent.
    pub rows: u64,
    /// How long it was waited for, all requests together.
    pub ms: u64,
    /// Why its answer is missing, or a part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// When the copy was taken that was asked in its stead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
    /// Why it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

/// A report while it is written.
#[derive(Debug)]
pub(super) struct Tally {
    nodes: Vec<NamedNode>,
    /// Whether a missing part makes the answer wrong rather than incomplete.
    strict: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    sources: Vec<SourceReport>,
    unlisted: BTreeSet<String>,
    /// The sources that the query calls itself, and cannot do without.
    needed: BTreeSet<usize>,
    /// Those that are not asked any more.
    gone: BTreeSet<usize>,
    /// What ends the query; the evaluator hides some errors, such as those below MINUS.
    fatal: Option<EngineError>,
}

impl Tally {
    pub fn new(sources: &[Arc<dyn Source>], bases: &[Basis], strict: bool) -> Self {
        let nodes = sources.iter().map(|source| source.name().clone()).collect();
        let report = |(source, basis): (&Arc<dyn Source>, &Basis)| SourceReport {
            node: source.name().as_str().to_owned(),
            summary: basis.clone(),
            copy: source.copied().map(str::to_owned),
            requests: 0,
            rows: 0,
            ms: 0,
            failed: None,
            skipped: None,
        };
        let sources = sources.iter().zip(bases).map(report).collect();
        Self { nodes, strict, state: Mutex::new(State { sources, ..State::default() }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn asked(&self, source: usize) {
        self.state().sources[source].requests += 1;
    }

    pub fn received(&self, source: usize, rows: usize) {
        self.state().sources[source].rows += u64::try_from(rows).unwrap_or(u64::MAX);
    }

    pub fn waited(&self, source: usize, time: Duration) {
        self.state().sources[source].ms += u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    }

    /// Notes that a part of a source's answer is missing; an error where that makes the whole wrong.
    pub fn failed(&self, source: usize, error: &SourceError) -> Result<(), EngineError> {
        let reason = self.noted(source, error);
        self.state().gone.insert(source);
        if !self.strict && !self.state().needed.contains(&source) {
            return Ok(());
        }
        Err(self.end(EngineError::Wrong { node: self.nodes[source].clone(), reason }))
    }

    /// Notes that a part of a source's answer is missing, whatever that means; what was said of it
    /// first stays.
    pub fn noted(&self, source: usize, error: &SourceError) -> String {
        let mut state = self.state();
        state.sources[source].failed.get_or_insert_with(|| error.to_string()).clone()
    }

    /// Notes that the query cannot do without a source.
    pub fn need(&self, source: usize) {
        self.state().needed.insert(source);
    }

    /// Notes that a node was to be called that is on no list.
    pub fn unlisted(&self, node: &Term) {
        self.state().unlisted.insert(node.to_string());
    }

    /// Why a source failed already, if it did; it is not asked again.
    pub fn failure(&self, source: usize) -> Option<SourceError> {
        let state = self.state();
        let reason = state.gone.contains(&source).then(|| state.sources[source].failed.clone());
        reason.flatten().map(SourceError::Failed)
    }

    /// Notes what ends the query; what came first stays.
    pub fn end(&self, error: EngineError) -> EngineError {
        self.state().fatal.get_or_insert(error).clone()
    }

    /// What ends the query, if anything does.
    pub fn fatal(&self) -> Option<EngineError> {
        self.state().fatal.clone()
    }

    /// The first source that failed, and why.
    pub fn missing(&self) -> Option<EngineError> {
        let state = self.state();
        let mut reports = self.nodes.iter().zip(&state.sources);
        reports.find_map(|(node, report)| {
            let reason = report.failed.clone()?;
            Some(EngineError::Wrong { node: node.clone(), reason })
        })
    }

    /// The report, with a reason for each source that was not asked.
    pub fn report(&self, why_skipped: impl Fn(usize) -> String) -> Report {
        let state = self.state();
        let (mut sources, unlisted) = (state.sources.clone(), state.unlisted.clone());
        drop(state);
        for (place, source) in sources.iter_mut().enumerate() {
            if source.requests == 0 && source.failed.is_none() {
                source.skipped = Some(why_skipped(place));
            }
        }
        let is_heard = |source: &SourceReport| {
            source.failed.is_none() && (source.copy.is_none() || source.requests == 0)
        };
        let is_whole = sources.iter().all(is_heard);
        let unlisted: Vec<String> = unlisted.into_iter().collect();
        Report { complete: is_whole && unlisted.is_empty(), sources, unlisted }
    }
}
