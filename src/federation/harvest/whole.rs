//! A peer that is read from its beginning to its end each time: what it does not hold any more is
//! gone, but only where all of it could be read.

use super::door::{Door, Tick};
use super::error::HarvestError;
use super::item::{Item, State};
use std::collections::HashSet;

/// So many records are taken in together.
pub(super) const BATCH: usize = 250;

/// What was met of a peer so far.
#[derive(Debug, Default)]
pub(super) struct Whole {
    met: HashSet<String>,
    /// Whether something could not be read of which nobody knows what it was about.
    pub has_gaps: bool,
}

impl Whole {
    /// Nothing was met yet.
    pub fn new(has_gaps: bool) -> Self {
        Self { has_gaps, ..Self::default() }
    }

    /// Takes records in and remembers that they are there.
    pub async fn take(&mut self, door: &mut Door, items: Vec<Item>) -> Result<(), HarvestError> {
        for item in &items {
            if matches!(item.state, State::Gone) {
                continue;
            }
            self.met.insert(item.of.record.clone());
        }
        door.take(items, Tick::default()).await
    }

    /// Deletes what was not met.
    pub async fn end(self, door: &mut Door) -> Result<(), HarvestError> {
        if self.has_gaps {
            return Ok(());
        }
        let log = door.dataset.log();
        let own = door.graph().to_owned();
        let mut left: HashSet<String> = log.records_of(&own).await?.into_iter().collect();
        left.extend(log.harvest_kept_back(door.peer()).await?);
        let gone = left.into_iter().filter(|record| *record != own && !self.met.contains(record));
        let gone: Vec<Item> = gone.map(Item::gone).collect();
        for part in gone.chunks(BATCH) {
            door.take(part.to_vec(), Tick::default()).await?;
        }
        Ok(())
    }
}
