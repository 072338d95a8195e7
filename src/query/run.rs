//! Runs an answer on a thread of its own and writes it as it comes; the thread ends when nobody
//! listens or time is up. Knows no HTTP.

use super::answer::{Answer, RunError};
use crate::media::{Kind, Media};
use crate::sparql::until_stopped;
use crate::store::Dataset;
use bytes::Bytes;
use oxigraph::io::RdfSerializer;
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults, Variable};
use sparesults::QueryResultsSerializer;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// The answer travels in pieces of about this size.
const PIECE: usize = 64 << 10;

/// A query being evaluated; its bytes come out of `pieces`. Dropped, it stops the evaluation.
pub struct Running {
    pub pieces: mpsc::Receiver<Result<Bytes, RunError>>,
    _stop: StopOnDrop,
    _with: Option<Box<dyn Send>>,
}

impl Running {
    /// What is dropped with it, where more has to be told that nobody waits any more.
    #[must_use]
    pub fn with(mut self, what: impl Send + 'static) -> Self {
        self._with = Some(Box::new(what));
        self
    }
}

/// Cancels an evaluation when nobody waits for it any more.
pub(super) struct StopOnDrop(pub CancellationToken);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Starts evaluating on a blocking thread and writes the answer in a format that fits its form.
/// `held` is kept until the evaluation ends, such as a place among the running queries.
pub fn start<H: Send + 'static>(
    answer: Answer,
    dataset: Dataset,
    media: Media,
    limit: Duration,
    held: H,
) -> Running {
    stream(limit, held, move |token, mut out| {
        let results = answer.evaluate(&dataset, token)?;
        write(results, media, &mut out)
    })
}

/// Starts some work on a blocking thread; what it writes travels in pieces. It is to end when its
/// token is cancelled, because time is up or nobody listens.
pub fn stream<H: Send + 'static>(
    limit: Duration,
    held: H,
    work: impl FnOnce(CancellationToken, &mut dyn Write) -> Result<(), RunError> + Send + 'static,
) -> Running {
    let (sender, pieces) = mpsc::channel(4);
    let token = CancellationToken::new();
    let timed_out = Arc::new(AtomicBool::new(false));
    let timer = tokio::spawn({
        let (token, timed_out) = (token.clone(), Arc::clone(&timed_out));
        async move {
            tokio::time::sleep(limit).await;
            timed_out.store(true, Ordering::Relaxed);
            token.cancel();
        }
    });
    let running = Running { pieces, _stop: StopOnDrop(token.clone()), _with: None };
    tokio::task::spawn_blocking(move || {
        let mut out = Pieces { sender, piece: Vec::with_capacity(PIECE), timed_out: &timed_out };
        let written = until_stopped(|| {
            work(token, &mut out)?;
            Ok(out.flush()?)
        });
        timer.abort();
        let written = written.unwrap_or(Err(RunError::Evaluation(QueryEvaluationError::Cancelled)));
        if let Err(error) = written {
            let error = if timed_out.load(Ordering::Relaxed) {
                RunError::TimedOut(limit)
            } else {
                cancelled(error)
            };
            // Nobody may be listening any more; then there is nobody to tell.
            let _ = out.sender.blocking_send(Err(error));
        }
        drop(held);
    });
    running
}

fn cancelled(error: RunError) -> RunError {
    match error {
        RunError::Evaluation(QueryEvaluationError::Cancelled) => RunError::Abandoned,
        RunError::Write(error) if error.kind() == io::ErrorKind::BrokenPipe => RunError::Abandoned,
        other => other,
    }
}

/// Writes results as they come.
pub fn write(
    results: QueryResults<'_>,
    media: Media,
    out: &mut impl Write,
) -> Result<(), RunError> {
    match (results, media.kind) {
        (QueryResults::Solutions(solutions), Kind::Results(format)) => {
            let variables: Vec<Variable> = solutions.variables().to_vec();
            let mut writer = QueryResultsSerializer::from_format(format)
                .serialize_solutions_to_writer(out, variables)?;
            for solution in solutions {
                writer.serialize(&solution.map_err(RunError::Evaluation)?)?;
            }
            writer.finish()?;
        }
        (QueryResults::Boolean(value), Kind::Results(format)) => {
            QueryResultsSerializer::from_format(format).serialize_boolean_to_writer(out, value)?;
        }
        (QueryResults::Graph(triples), Kind::Rdf(format)) => {
            let mut writer = RdfSerializer::from_format(format).for_writer(out);
            for triple in triples {
                writer.serialize_triple(&triple.map_err(RunError::Evaluation)?)?;
            }
            writer.finish()?;
        }
        _ => return Err(RunError::Lost),
    }
    Ok(())
}

/// Collects what is written into pieces and sends them; waits while the client is slow.
struct Pieces<'a> {
    sender: mpsc::Sender<Result<Bytes, RunError>>,
    piece: Vec<u8>,
    timed_out: &'a AtomicBool,
}

impl Pieces<'_> {
    fn send(&mut self) -> io::Result<()> {
        if self.timed_out.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.sender
            .blocking_send(Ok(piece.into()))
            .map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() { Ok(()) } else { self.send() }
    }
}
