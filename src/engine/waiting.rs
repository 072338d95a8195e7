//! How the evaluator's thread waits for what tasks send: within the query's time, and only while
//! somebody wants the answer. Knows nothing of what is sent.

use super::error::EngineError;
use super::report::Tally;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Waits on a thread that may block.
#[derive(Clone)]
pub(super) struct Waiter {
    pub handle: Handle,
    pub limit: Duration,
    pub until: Instant,
    /// Cancelled when nobody wants the answer any more.
    pub stop: CancellationToken,
}

impl Waiter {
    /// Waits for something to come; what ends the query is noted.
    pub fn wait<T>(
        &self,
        tally: &Arc<Tally>,
        what: impl Future<Output = T>,
    ) -> Result<T, EngineError> {
        let ended = self.handle.block_on(async {
            tokio::select! {
                got = what => Ok(got),
                error = self.end() => Err(error),
            }
        });
        ended.map_err(|error| tally.end(error))
    }

    /// Returns when time is up or nobody waits any more, and says which.
    pub async fn end(&self) -> EngineError {
        tokio::select! {
            () = tokio::time::sleep_until(self.until) => EngineError::Deadline(self.limit),
            () = self.stop.cancelled() => EngineError::Abandoned,
        }
    }
}
