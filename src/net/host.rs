//! What is kept of each listed origin: how far it leads, whose turn it is, how it does; and one
//! request to it from its beginning to its end.

use super::breaker::Breaker;
use super::error::NetError;
use super::origin::{Origin, Reach};
use super::request::Manner;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A listed origin.
#[derive(Debug)]
pub(super) struct Host {
    pub origin: Origin,
    pub reach: Reach,
    turns: Arc<Semaphore>,
    breaker: Mutex<Breaker>,
}

impl Host {
    pub fn new(origin: Origin, reach: Reach, at_once: usize, breaker: Breaker) -> Self {
        let turns = Arc::new(Semaphore::new(at_once.max(1)));
        Self { origin, reach, turns, breaker: Mutex::new(breaker) }
    }

    /// Waits for a turn, no longer than this, and asks whether the host is being left alone.
    pub async fn attempt(
        self: Arc<Self>,
        wait: Duration,
        manner: Manner,
    ) -> Result<Attempt, NetError> {
        let turn = Arc::clone(&self.turns).acquire_owned();
        // The semaphore is never closed.
        let Ok(Ok(turn)) = tokio::time::timeout(wait, turn).await else {
            return Err(NetError::Crowded(self.origin.clone()));
        };
        let now = Instant::now();
        let admitted = match manner {
            Manner::Usual => self.breaker().admits(now),
            Manner::Insisting => self.breaker().admits(now).or(Ok(())),
            Manner::Aside => self.breaker().left(now).map_or(Ok(()), Err),
        };
        if let Err(left) = admitted {
            return Err(NetError::Resting { origin: self.origin.clone(), left });
        }
        let is_settled = manner == Manner::Aside;
        Ok(Attempt { host: self, _turn: turn, is_settled, has_answered: false })
    }

    /// Whether it is left alone now, since it failed too often.
    pub fn is_resting(&self) -> bool {
        self.breaker().left(Instant::now()).is_some_and(|left| !left.is_zero())
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        // A lock's poison means a panic between two steps that each leave the counts whole.
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request on its way. Dropped, its turn is free again.
#[derive(Debug)]
pub(super) struct Attempt {
    host: Arc<Host>,
    _turn: OwnedSemaphorePermit,
    /// Whether the host was told how it ended, or need not be.
    is_settled: bool,
    has_answered: bool,
}

impl Attempt {
    pub fn origin(&self) -> &Origin {
        &self.host.origin
    }

    /// A part of the answer has come.
    pub fn answered(&mut self) {
        self.has_answered = true;
    }

    /// The answer is whole.
    pub fn succeeded(&mut self) {
        if !std::mem::replace(&mut self.is_settled, true) {
            self.host.breaker().succeeded();
        }
    }

    /// The error, once it is noted whether it speaks against the host.
    pub fn failed(&mut self, error: NetError) -> NetError {
        if !std::mem::replace(&mut self.is_settled, true) {
            if error.is_the_host_s() {
                self.host.breaker().failed(Instant::now());
            } else if error.shows_the_host_alive() {
                self.host.breaker().succeeded();
            }
        }
        error
    }
}

impl Drop for Attempt {
    /// Who had enough of an answer before its end speaks for the host all the same.
    fn drop(&mut self) {
        if self.has_answered {
            self.succeeded();
        }
    }
}
