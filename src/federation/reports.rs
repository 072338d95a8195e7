//! What became of the latest federated queries, by names that cannot be guessed. Refuses to know
//! what a report says.

use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Older reports than this many are forgotten.
const MOST: usize = 1000;

/// The latest reports. Clones share them.
#[derive(Clone, Default)]
pub struct Reports(Arc<Mutex<VecDeque<(String, Value)>>>);

impl Reports {
    /// A name for a report that is still to be made.
    pub(super) fn name() -> String {
        format!("{:032x}", rand::random::<u128>())
    }

    /// Keeps a report.
    pub(super) fn keep(&self, name: String, report: Value) {
        let mut kept = self.kept();
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back((name, report));
    }

    /// A report by its name: nothing while its query is running, and once it is forgotten.
    pub fn get(&self, name: &str) -> Option<Value> {
        let kept = self.kept();
        kept.iter().rev().find(|(own, _)| own == name).map(|(_, report)| report.clone())
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<(String, Value)>> {
        // A lock's poison means a panic between two steps that each leave the list whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
