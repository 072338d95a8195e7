//! Answers given for one state of the index, kept for those who ask the same again: readers turn
//! pages back and forth, and many look for the same words. They go with the state they are of.

use super::find::{Ask, Found};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// More answers than this are forgotten.
const MOST: usize = 300;
/// Longer answers, and those to longer questions, are not kept.
const LONGEST: usize = 100;
const LONGEST_QUESTION: usize = 2000;

/// The answers of one state of the index.
#[derive(Debug, Clone, Default)]
pub struct Answers(Arc<Mutex<HashMap<String, Arc<Found>>>>);

impl Answers {
    /// The answer to a question that was asked before.
    pub fn get(&self, ask: &Ask) -> Option<Found> {
        let key = key(ask)?;
        // A lock's poison means a panic between two steps that each leave the map whole.
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        found.map(|found| Found::clone(&found))
    }

    /// Keeps an answer.
    pub fn keep(&self, ask: &Ask, found: &Found) {
        let Some(key) = key(ask) else { return };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, Arc::new(found.clone()));
    }
}

/// Everything that was asked, spelled out.
fn key(ask: &Ask) -> Option<String> {
    if ask.limit > LONGEST || ask.text.len() > LONGEST_QUESTION {
        return None;
    }
    let key = format!("{ask:?}");
    (key.len() <= 2 * LONGEST_QUESTION).then_some(key)
}
