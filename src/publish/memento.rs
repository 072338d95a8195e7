//! Which version of a record was in force at a moment. RFC 7089.
//! Knows no headers and no addresses.

use super::publication::{Publication, PublishError};
use crate::store::LogError;
use jiff::Timestamp;
use std::collections::HashMap;

/// A published version of a record, from its moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memento {
    pub seq: u64,
    pub at: Timestamp,
    /// Whether the record was deleted here.
    pub is_gone: bool,
}

/// Every published version of a record, the oldest first.
#[derive(Debug, Clone)]
pub struct Timeline {
    pub record: String,
    pub mementos: Vec<Memento>,
}

impl Publication {
    /// The published versions of a record; those that are kept back are passed over.
    pub async fn timeline(&self, record: &str) -> Result<Timeline, PublishError> {
        let mut mementos: Vec<Memento> = Vec::new();
        let mut held = HashMap::new();
        for turn in self.log().turns(record, self.through()).await? {
            let Some(is_held) = turn.is_held else { continue };
            held.insert(turn.graph, is_held);
            let at = turn.at.parse().map_err(|_| LogError::Damaged {
                seq: turn.seq,
                what: "the moment of the change cannot be read".to_owned(),
            })?;
            let is_gone = !held.values().any(|is_held| *is_held);
            // A change may touch the record in several graphs: it is one version all the same.
            mementos.retain(|memento| memento.seq != turn.seq);
            mementos.push(Memento { seq: turn.seq, at, is_gone });
        }
        Ok(Timeline { record: record.to_owned(), mementos })
    }
}

impl Timeline {
    /// The version in force at a moment, the first one before there was any. RFC 7089,
    /// section 4.5.3.
    pub fn at(&self, moment: Timestamp) -> Option<&Memento> {
        let known = self.mementos.iter().rev().find(|memento| memento.at <= moment);
        known.or_else(|| self.mementos.first())
    }

    /// The versions that can be read.
    pub fn readable(&self) -> impl DoubleEndedIterator<Item = &Memento> {
        self.mementos.iter().filter(|memento| !memento.is_gone)
    }

    /// The version of a change.
    pub fn of(&self, seq: u64) -> Option<&Memento> {
        self.mementos.iter().find(|memento| memento.seq == seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_the_first_version_it_is_the_first_and_after_that_the_one_in_force() {
        let memento = |seq, second, is_gone| Memento {
            seq,
            at: Timestamp::from_second(second).unwrap(),
            is_gone,
        };
        let mementos = vec![memento(3, 100, false), memento(5, 200, false), memento(8, 300, true)];
        let timeline = Timeline { record: String::new(), mementos };
        let at = |second| timeline.at(Timestamp::from_second(second).unwrap()).unwrap().seq;
        assert_eq!([at(0), at(100), at(199), at(200), at(900)], [3, 3, 3, 5, 8]);
        assert_eq!(timeline.readable().count(), 2);
    }
}
