//! A part of an answer for a page, and how long the whole of it is. Keeps no more rows than are
//! shown; counts the rest up to a bound. Knows no HTML.

use super::answer::{Answer, RunError};
use super::run::StopOnDrop;
use crate::sparql::until_stopped;
use crate::store::Dataset;
use oxigraph::model::{Term, Triple};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults};
use std::time::{Duration, Instant};

/// Rows are counted up to so many beyond those shown.
const COUNTED: u64 = 10_000;
/// How much longer than its limit an evaluation is waited for.
const GRACE: Duration = Duration::from_secs(1);

/// What a page shows of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    pub contents: Contents,
    /// How many rows or triples there are, or at least are.
    pub total: u64,
    /// Whether that is all of them.
    pub is_total: bool,
    pub seconds: f64,
}

/// The rows of a part of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Contents {
    Rows { columns: Vec<String>, rows: Vec<Vec<Option<Term>>> },
    Graph(Vec<Triple>),
    Truth(bool),
}

/// Which rows a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub offset: u64,
    pub size: u64,
}

/// Evaluates an answer for a part of it, on a blocking thread; ends when time is up or nobody
/// waits. `held` is kept until then, such as a place among the running queries.
pub async fn show<H: Send + 'static>(
    answer: Answer,
    dataset: Dataset,
    window: Window,
    limit: Duration,
    held: H,
) -> Result<Shown, RunError> {
    let token = CancellationToken::new();
    let stop = StopOnDrop(token.clone());
    let timer = tokio::spawn({
        let token = token.clone();
        async move {
            tokio::time::sleep(limit).await;
            token.cancel();
        }
    });
    let work = tokio::task::spawn_blocking(move || {
        let cancelled = RunError::Evaluation(QueryEvaluationError::Cancelled);
        let shown = until_stopped(|| part(answer, &dataset, window, token));
        drop(held);
        shown.unwrap_or(Err(cancelled))
    });
    let done = tokio::time::timeout(limit + GRACE, work).await;
    timer.abort();
    drop(stop);
    match done.map_err(|_| RunError::TimedOut(limit))?.map_err(|_| RunError::Lost)? {
        Err(RunError::Evaluation(QueryEvaluationError::Cancelled)) => {
            Err(RunError::TimedOut(limit))
        }
        other => other,
    }
}

/// The first results of an evaluation that began at a moment, and whether there are more: those are
/// not asked for.
pub fn first(results: QueryResults<'_>, most: u64, since: Instant) -> Result<Shown, RunError> {
    read(results, Window { offset: 0, size: most }, 0, since)
}

fn part(
    answer: Answer,
    dataset: &Dataset,
    window: Window,
    token: CancellationToken,
) -> Result<Shown, RunError> {
    let start = Instant::now();
    read(answer.evaluate(dataset, token)?, window, COUNTED, start)
}

/// Keeps the rows of a window and counts so many beyond it.
fn read(
    results: QueryResults<'_>,
    window: Window,
    counted: u64,
    start: Instant,
) -> Result<Shown, RunError> {
    let (contents, total, is_total) = match results {
        QueryResults::Boolean(truth) => (Contents::Truth(truth), 1, true),
        QueryResults::Solutions(solutions) => {
            let columns: Vec<String> =
                solutions.variables().iter().map(|variable| variable.as_str().to_owned()).collect();
            let rows = solutions.map(|row| row.map(|row| row.values().to_vec()));
            let (rows, total, is_total) = window.of(rows, counted)?;
            (Contents::Rows { columns, rows }, total, is_total)
        }
        QueryResults::Graph(triples) => {
            let (triples, total, is_total) = window.of(triples, counted)?;
            (Contents::Graph(triples), total, is_total)
        }
    };
    Ok(Shown { contents, total, is_total, seconds: start.elapsed().as_secs_f64() })
}

impl Window {
    fn of<T>(
        self,
        all: impl Iterator<Item = Result<T, QueryEvaluationError>>,
        counted: u64,
    ) -> Result<(Vec<T>, u64, bool), RunError> {
        let (mut kept, mut total) = (Vec::new(), 0);
        let end = self.offset.saturating_add(self.size);
        for one in all {
            let one = one.map_err(RunError::Evaluation)?;
            if total == end.saturating_add(counted) {
                return Ok((kept, total, false));
            }
            if total >= self.offset && total < end {
                kept.push(one);
            }
            total += 1;
        }
        Ok((kept, total, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_is_counted_up_to_a_bound() {
        let window = Window { offset: 2, size: 3 };
        let of = |count: u64| window.of((0..count).map(Ok), COUNTED).unwrap();
        assert_eq!(of(4), (vec![2, 3], 4, true));
        assert_eq!(of(100), (vec![2, 3, 4], 100, true));
        assert_eq!(of(50_000), (vec![2, 3, 4], COUNTED + 5, false));
        assert_eq!(window.of((0..5).map(Ok), 0).unwrap(), (vec![2, 3, 4], 5, true));
        assert_eq!(window.of((0..6).map(Ok), 0).unwrap(), (vec![2, 3, 4], 5, false));
    }
}
