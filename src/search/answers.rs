//! Answers given for one state of the index, kept for those who ask the same again: readers turn
//! pages back and forth, and many look for the same words. They go with the state they are of.

use super::find::Ask;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// More answers than this are forgotten.
const MOST: usize = 600;
/// Longer answers, and those to longer questions, are not kept.
pub const LONGEST: usize = 100;
const LONGEST_QUESTION: usize = 4000;

/// The answers of one kind for one state of the index, by their questions spelled out.
#[derive(Debug)]
pub struct Answers<T>(Arc<Mutex<HashMap<String, Arc<T>>>>);

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Answers<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> Answers<T> {
    /// The answer to a question that was asked before.
    pub fn get(&self, question: &str) -> Option<T> {
        // A lock's poison means a panic between two steps that each leave the map whole.
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(question).cloned();
        found.map(|found| T::clone(&found))
    }

    /// Keeps an answer.
    pub fn keep(&self, question: String, answer: &T) {
        if question.len() > LONGEST_QUESTION {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(question, Arc::new(answer.clone()));
    }
}

impl Ask {
    /// Everything that was asked, spelled out; nothing where the answer is too long to be kept.
    pub(super) fn question(&self) -> Option<String> {
        (self.limit <= LONGEST && self.text.len() <= LONGEST_QUESTION).then(|| format!("{self:?}"))
    }
}
