//! Where readers take the index from and the follower puts the next state of it.

use super::error::SearchError;
use super::index::{Reached, Snapshot};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::watch;

/// The state of the index that searches see; cheap to clone.
#[derive(Clone)]
pub struct Shelf(Arc<Inner>);

struct Inner {
    /// Held only to take or to put; never while anything is searched.
    snapshot: RwLock<Option<Arc<Snapshot>>>,
    reached: watch::Sender<Reached>,
}

impl Default for Shelf {
    fn default() -> Self {
        let reached = watch::Sender::new(Reached::default());
        Self(Arc::new(Inner { snapshot: RwLock::default(), reached }))
    }
}

impl Shelf {
    /// What is to be searched now.
    pub fn take(&self) -> Result<Arc<Snapshot>, SearchError> {
        let snapshot = self.0.snapshot.read().unwrap_or_else(PoisonError::into_inner);
        snapshot.clone().ok_or(SearchError::NotReady)
    }

    /// Puts the next state.
    pub(super) fn put(&self, snapshot: Snapshot) {
        let reached = snapshot.reached;
        let mut place = self.0.snapshot.write().unwrap_or_else(PoisonError::into_inner);
        *place = Some(Arc::new(snapshot));
        drop(place);
        self.0.reached.send_replace(reached);
    }

    /// Up to where the index follows.
    pub fn reached(&self) -> Reached {
        *self.0.reached.borrow()
    }

    /// Waits until searches see a change, and what the rules infer from it.
    pub async fn wait_for(
        &self,
        seq: u64,
        settled: bool,
        limit: Duration,
    ) -> Result<(), SearchError> {
        let mut watch = self.0.reached.subscribe();
        let reached = watch.wait_for(|reached| {
            reached.seq >= seq && reached.layout > 0 && (!settled || reached.settled >= seq)
        });
        match tokio::time::timeout(limit, reached).await {
            Ok(_) => Ok(()),
            Err(_) => {
                Err(SearchError::NotYet { asked: seq, applied: self.reached().seq, waited: limit })
            }
        }
    }
}
