//! What each operator of a plan did: rows, requests, time. Knows no operator.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What the operators of one query did, by their numbers.
#[derive(Debug)]
pub(super) struct Steps {
    since: Instant,
    steps: Mutex<BTreeMap<usize, Arc<Step>>>,
}

/// What one operator did.
#[derive(Debug)]
pub(super) struct Step {
    since: Instant,
    requests: AtomicUsize,
    rows: AtomicUsize,
    /// When its last row was made, in milliseconds since the beginning; nothing before that.
    ended: AtomicU64,
}

const NEVER: u64 = u64::MAX;

impl Steps {
    /// Nothing done yet.
    pub fn new(since: Instant) -> Self {
        Self { since, steps: Mutex::default() }
    }

    /// What an operator does; begun where it has not begun.
    pub fn step(&self, number: usize) -> Arc<Step> {
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let step = steps.entry(number).or_insert_with(|| {
            Arc::new(Step {
                since: self.since,
                requests: AtomicUsize::new(0),
                rows: AtomicUsize::new(0),
                ended: AtomicU64::new(NEVER),
            })
        });
        Arc::clone(step)
    }

    /// What an operator did, if it has begun.
    pub fn known(&self, number: usize) -> Option<Arc<Step>> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
    }
}

impl Step {
    pub fn asked(&self, requests: usize) {
        self.requests.fetch_add(requests, Ordering::Relaxed);
    }

    pub fn made(&self, rows: usize) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
    }

    pub fn ended(&self) {
        let time = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(NEVER);
        self.ended.store(time, Ordering::Relaxed);
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    pub fn rows(&self) -> usize {
        self.rows.load(Ordering::Relaxed)
    }

    /// When its last row was made, in milliseconds; nothing where it was not run to the end.
    pub fn ms(&self) -> Option<u64> {
        Some(self.ended.load(Ordering::Relaxed)).filter(|time| *time != NEVER)
    }
}
