//! How batches travel between operators: bounded, to an end that is said, and no further than
//! somebody reads. Knows no operator.

use crate::engine::batch::Batch;
use crate::engine::error::EngineError;
use crate::engine::source::Row;
use crate::engine::term::Id;
use tokio::sync::mpsc;

/// How many batches wait for their reader.
const WAITING: usize = 4;

/// Batches as they come. Dropped, they end the work for them.
pub(in crate::engine) type Batches = mpsc::Receiver<Result<Batch, EngineError>>;

/// Rows of a leaf as they come, in terms.
pub(in crate::engine) type Pieces = mpsc::Receiver<Result<Vec<Row>, EngineError>>;

/// Where an operator puts its rows.
pub(super) struct Out {
    sender: mpsc::Sender<Result<Batch, EngineError>>,
    batch: Batch,
    width: usize,
}

/// Nobody reads any more, or the query has failed.
pub(super) enum Stop {
    Unread,
    Error(EngineError),
}

impl From<EngineError> for Stop {
    fn from(error: EngineError) -> Self {
        Self::Error(error)
    }
}

impl Out {
    /// Adds a row.
    pub async fn push(&mut self, row: impl IntoIterator<Item = Id>) -> Result<(), Stop> {
        self.batch.push(row);
        if self.batch.is_full() { self.flush().await } else { Ok(()) }
    }

    /// Sends what there is.
    pub async fn flush(&mut self) -> Result<(), Stop> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.batch, Batch::new(self.width));
        self.send(batch).await
    }

    /// Sends a batch as it is.
    pub async fn send(&mut self, batch: Batch) -> Result<(), Stop> {
        self.sender.send(Ok(batch)).await.map_err(|_| Stop::Unread)
    }
}

/// Runs an operator that makes batches.
pub(super) fn running<F, Fut>(width: usize, work: F) -> Batches
where
    F: FnOnce(Out) -> Fut,
    Fut: Future<Output = Result<(), Stop>> + Send + 'static,
{
    sending(|sender| work(Out { sender, batch: Batch::new(width), width }))
}

/// Runs an operator in a task of its own, which ends when nobody reads.
pub(super) fn sending<T, F, Fut>(work: F) -> mpsc::Receiver<Result<T, EngineError>>
where
    T: Send + 'static,
    F: FnOnce(mpsc::Sender<Result<T, EngineError>>) -> Fut,
    Fut: Future<Output = Result<(), Stop>> + Send + 'static,
{
    let (sender, received) = mpsc::channel(WAITING);
    let work = tokio::spawn(work(sender.clone()));
    tokio::spawn(async move {
        let stop = work.abort_handle();
        let ended = tokio::select! {
            () = sender.closed() => return stop.abort(),
            ended = work => ended,
        };
        let error = match ended {
            Ok(Ok(()) | Err(Stop::Unread)) => return,
            Ok(Err(Stop::Error(error))) => error,
            Err(broken) => EngineError::Evaluation(format!("an operator broke off: {broken}")),
        };
        // Who no longer reads need not be told.
        let _ = sender.send(Err(error)).await;
    });
    received
}
