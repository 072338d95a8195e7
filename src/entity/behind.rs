//! What takes long to count, counted in the background, once for a state of the data. A reader
//! never waits long and may be told an older count, or none at first. Knows nothing of what is
//! counted.

use super::describe::EntityError;
use super::view::StopOnDrop;
use oxigraph::sparql::CancellationToken;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long the first reader waits for the first count.
const PATIENCE: Duration = Duration::from_secs(2);
/// Counting again may take this part of the time at most, so that constant change costs little.
const SHARE: u32 = 10;

/// What was counted last. Clones share it; the last one to go ends the counting.
pub struct Behind<T> {
    kept: watch::Receiver<Option<Kept<T>>>,
    tell: Arc<watch::Sender<Option<Kept<T>>>>,
    work: Arc<Mutex<Work>>,
    stop: Arc<StopOnDrop>,
}

struct Kept<T> {
    /// Which state of the data was counted.
    version: String,
    counted: Arc<T>,
}

#[derive(Default)]
struct Work {
    busy: bool,
    /// When the last counting ended and how long it took.
    last: Option<(Instant, Duration)>,
}

impl<T> Clone for Behind<T> {
    fn clone(&self) -> Self {
        Self {
            kept: self.kept.clone(),
            tell: Arc::clone(&self.tell),
            work: Arc::clone(&self.work),
            stop: Arc::clone(&self.stop),
        }
    }
}

impl<T> Default for Behind<T> {
    fn default() -> Self {
        let (tell, kept) = watch::channel(None);
        let stop = Arc::new(StopOnDrop(CancellationToken::new()));
        Self { kept, tell: Arc::new(tell), work: Arc::default(), stop }
    }
}

impl<T: Send + Sync + 'static> Behind<T> {
    /// What was counted last, which `count` brings up to `version` behind the reader's back; `None`
    /// where nothing has been counted yet and it takes long.
    pub async fn of(
        &self,
        version: String,
        count: impl FnOnce(CancellationToken) -> Result<T, EntityError> + Send + 'static,
    ) -> Option<Arc<T>> {
        let last = self.last();
        if let Some((counted, _)) = last.as_ref().filter(|(_, of)| *of == version) {
            return Some(Arc::clone(counted));
        }
        self.count_again(version, count);
        if let Some((counted, _)) = last {
            return Some(counted);
        }
        let mut coming = self.kept.clone();
        let first = coming.wait_for(Option::is_some);
        let _ = tokio::time::timeout(PATIENCE, first).await;
        self.last().map(|(counted, _)| counted)
    }

    fn last(&self) -> Option<(Arc<T>, String)> {
        let kept = self.kept.borrow();
        kept.as_ref().map(|kept| (Arc::clone(&kept.counted), kept.version.clone()))
    }

    /// Begins to count, unless that is being done or was done a moment ago.
    fn count_again(
        &self,
        version: String,
        count: impl FnOnce(CancellationToken) -> Result<T, EntityError> + Send + 'static,
    ) {
        // A lock's poison means a panic between two steps that each leave the work whole.
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = work.last.is_some_and(|(end, took)| end.elapsed() < took * SHARE);
        if work.busy || recent {
            return;
        }
        work.busy = true;
        let (tell, kept) = (Arc::clone(&self.tell), Arc::clone(&self.work));
        let token = self.stop.0.clone();
        tokio::task::spawn_blocking(move || {
            let start = Instant::now();
            match count(token) {
                Ok(counted) => {
                    let _ = tell.send(Some(Kept { version, counted: Arc::new(counted) }));
                }
                // Shutting down; nobody waits.
                Err(EntityError::TimedOut) => {}
                Err(error) => tracing::warn!(%error, "what takes long could not be counted"),
            }
            let mut work = kept.lock().unwrap_or_else(PoisonError::into_inner);
            *work = Work { busy: false, last: Some((Instant::now(), start.elapsed())) };
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_waits_long_and_an_older_count_is_told_meanwhile() {
        let behind = Behind::<u8>::default();
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let slow = move |_| {
            let _ = wait.recv();
            Ok(1)
        };
        assert_eq!(behind.of("a".to_owned(), slow).await, None, "it goes on behind");
        drop(go);
        let mut coming = behind.kept.clone();
        coming.wait_for(Option::is_some).await.unwrap();
        let again = behind.of("a".to_owned(), |_| unreachable!("it was counted")).await;
        assert_eq!(again.as_deref(), Some(&1));
        let older = behind.of("b".to_owned(), |_| Ok(2)).await;
        assert_eq!(older.as_deref(), Some(&1), "of the state before");
    }
}
