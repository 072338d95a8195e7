//! One question to one source: waited for within a limit, counted, its blank nodes kept apart from
//! those of others. Knows nothing of what the rows are for.

use super::budget::Budget;
use super::error::EngineError;
use super::report::Tally;
use super::source::{Request, Row, Rows, Source, SourceError};
use super::term::{Terms, scoped};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What all parts of one query share.
pub(super) struct Context {
    pub sources: Vec<Arc<dyn Source>>,
    pub budget: Arc<Budget>,
    pub terms: Terms,
    pub tally: Arc<Tally>,
    /// How long a source may send nothing.
    pub wait: Duration,
}

/// An answer as it comes.
pub(super) struct Asking {
    context: Arc<Context>,
    source: usize,
    rows: Option<Rows>,
    /// Why it is not asked: it failed before.
    failure: Option<SourceError>,
}

impl Context {
    /// Asks a source, unless it has failed already.
    pub fn ask(self: &Arc<Self>, source: usize, request: Request) -> Asking {
        let failure = self.tally.failure(source);
        let rows = failure.is_none().then(|| {
            self.tally.asked(source);
            self.sources[source].ask(request)
        });
        Asking { context: Arc::clone(self), source, rows, failure }
    }
}

impl Asking {
    pub fn source(&self) -> usize {
        self.source
    }

    /// The next rows; none at the end, and none any more where the source failed and the others'
    /// answers are still worth something.
    pub async fn next(&mut self) -> Result<Option<Vec<Row>>, EngineError> {
        match self.try_next().await {
            Ok(rows) => Ok(rows),
            Err(error) => self.fail(&error).map(|()| None),
        }
    }

    /// Notes that the source failed.
    pub fn fail(&self, error: &SourceError) -> Result<(), EngineError> {
        self.context.tally.failed(self.source, error)
    }

    /// The next rows, or why there are none; what to do about it is the caller's business.
    pub async fn try_next(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let Some(rows) = &mut self.rows else { return Ok(None) };
        let wait = self.context.wait;
        let since = Instant::now();
        let received = tokio::time::timeout(wait, rows.recv()).await;
        self.context.tally.waited(self.source, since.elapsed());
        let error = match received {
            Ok(Some(Ok(rows))) if rows.is_empty() => {
                self.rows = None;
                return Ok(None);
            }
            Ok(Some(Ok(rows))) => {
                self.context.tally.received(self.source, rows.len());
                return Ok(Some(rows.into_iter().map(|row| self.own(row)).collect()));
            }
            Ok(Some(Err(error))) => error,
            Ok(None) => SourceError::Failed("its answer was broken off".to_owned()),
            Err(_) => SourceError::TimedOut(wait),
        };
        self.rows = None;
        Err(error)
    }

    fn own(&self, row: Row) -> Row {
        row.into_iter().map(|term| term.map(|term| scoped(term, self.source))).collect()
    }
}
