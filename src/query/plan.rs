//! How a query is evaluated: the evaluator's own plan, with how many solutions each step gave and
//! how long it took. Runs the query to its end or to its time limit; keeps no solution.

use super::answer::{Answer, RunError};
use super::run::StopOnDrop;
use crate::sparql::{ALIVE, until_stopped};
use crate::store::Dataset;
use json_event_parser::{JsonEvent, SliceJsonParser};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryExplanation, QueryResults};
use std::time::{Duration, Instant};

/// How long an evaluation that was stopped is given to tell how far it came.
const GRACE: Duration = Duration::from_secs(5);

/// A plan that was carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// How many solutions there are, of a CONSTRUCT before its template is filled.
    pub rows: u64,
    pub seconds: f64,
    /// What of it went into planning.
    pub planning: f64,
    /// Whether the evaluation came to its end within the time limit.
    pub complete: bool,
    /// The steps, each followed by those it takes its solutions from.
    pub stages: Vec<Stage>,
}

/// One step of a plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stage {
    /// How deep it lies, the last step to be finished at 0.
    pub level: usize,
    /// What is done, in the evaluator's words.
    pub operation: String,
    pub rows: u64,
    /// Including the steps below it.
    pub seconds: f64,
}

/// Evaluates an answer on a blocking thread and tells how that went; ends when time is up or
/// nobody waits. `held` is kept until then, such as a place among the running queries.
pub async fn explain<H: Send + 'static>(
    answer: Answer,
    dataset: Dataset,
    limit: Duration,
    held: H,
) -> Result<Plan, RunError> {
    let token = CancellationToken::new();
    let stop = StopOnDrop(token.clone());
    let mut work = tokio::task::spawn_blocking(move || {
        let plan = carry_out(answer, &dataset, token);
        drop(held);
        plan
    });
    let done = match tokio::time::timeout(limit, &mut work).await {
        Ok(done) => done,
        Err(_) => {
            drop(stop);
            // It ends where it next reads the graph; its client need not wait for more.
            tokio::time::timeout(GRACE, work).await.map_err(|_| RunError::TimedOut(limit))?
        }
    };
    match done.map_err(|_| RunError::Lost)? {
        Err(RunError::Evaluation(QueryEvaluationError::Cancelled)) => {
            Err(RunError::TimedOut(limit))
        }
        other => other,
    }
}

fn carry_out(
    answer: Answer,
    dataset: &Dataset,
    token: CancellationToken,
) -> Result<Plan, RunError> {
    let start = Instant::now();
    let cancelled = || RunError::Evaluation(QueryEvaluationError::Cancelled);
    // What is collected first (to be sorted, grouped, multiplied) is, before there is a plan.
    let begun = until_stopped(|| answer.explain(dataset, token)).ok_or_else(cancelled)??;
    let (results, explanation) = begun;
    let mut rows = 0;
    let ended = until_stopped(|| count(results, &mut rows)).unwrap_or_else(|| Err(cancelled()));
    let complete = match ended {
        Ok(()) => true,
        Err(RunError::Evaluation(QueryEvaluationError::Cancelled)) => false,
        Err(other) => return Err(other),
    };
    let (planning, stages) = read(&explanation)?;
    let seconds = start.elapsed().as_secs_f64();
    Ok(Plan { rows, seconds, planning, complete, stages })
}

fn count(results: QueryResults<'_>, rows: &mut u64) -> Result<(), RunError> {
    let tell = |result: Result<(), QueryEvaluationError>| result.map_err(RunError::Evaluation);
    match results {
        QueryResults::Boolean(_) => *rows = 1,
        QueryResults::Solutions(mut solutions) => {
            solutions.try_for_each(|one| tell(one.map(|_| *rows += 1)))?;
        }
        QueryResults::Graph(mut triples) => {
            triples.try_for_each(|one| tell(one.map(|_| *rows += 1)))?;
        }
    }
    Ok(())
}

/// Reads what the evaluator tells, which it only tells as JSON.
fn read(explanation: &QueryExplanation) -> Result<(f64, Vec<Stage>), RunError> {
    let mut json = Vec::new();
    explanation.write_in_json(&mut json)?;
    let mut parser = SliceJsonParser::new(&json);
    let (mut planning, mut key, mut depth) = (0.0, String::new(), 0_usize);
    let (mut stages, mut open): (Vec<Stage>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        let event = parser.parse_next().map_err(std::io::Error::other)?;
        let last = open.last().and_then(|place| stages.get_mut(*place));
        match event {
            JsonEvent::Eof => break,
            JsonEvent::StartObject => {
                // The outermost object is no step.
                if depth > 0 {
                    open.push(stages.len());
                    stages.push(Stage { level: depth - 1, ..Stage::default() });
                }
                depth += 1;
            }
            JsonEvent::EndObject => {
                depth -= 1;
                open.pop();
            }
            JsonEvent::ObjectKey(name) => key = name.into_owned(),
            JsonEvent::String(text) if key == "name" => {
                if let Some(stage) = last {
                    stage.operation = text.into_owned();
                }
            }
            JsonEvent::Number(number) => match (key.as_str(), last) {
                ("number of results", Some(stage)) => stage.rows = number.parse().unwrap_or(0),
                ("duration in seconds", Some(stage)) => {
                    stage.seconds = number.parse().unwrap_or(0.0);
                }
                ("planning duration in seconds", None) => planning = number.parse().unwrap_or(0.0),
                _ => {}
            },
            _ => {}
        }
    }
    Ok((planning, stages_of_query(stages)))
}

/// The steps without those by which this node looks whether anybody still waits.
fn stages_of_query(stages: Vec<Stage>) -> Vec<Stage> {
    let mut kept: Vec<Stage> = Vec::new();
    // The levels of the steps that are left out and still open.
    let mut out: Vec<usize> = Vec::new();
    for mut stage in stages {
        out.retain(|level| *level < stage.level);
        if stage.operation.starts_with("Extend") && stage.operation.contains(ALIVE) {
            out.push(stage.level);
            continue;
        }
        stage.level -= out.len();
        stage.operation = plain(&stage.operation);
        kept.push(stage);
    }
    kept
}

/// What a step does without the call that looks whether anybody still waits.
fn plain(operation: &str) -> String {
    let call = format!("<{ALIVE}>()");
    operation.replace(&format!(" || {call}"), "").replace(&call, "true")
}
