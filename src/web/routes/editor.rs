//! The SPARQL page: runs what is asked and hands what came of it to the page. Errors are shown
//! where the query is, with the status they have.

use super::plan::plan_of;
use crate::app::App;
use crate::entity::{EntityError, Labels};
use crate::query::{Answer, Ask, Form, Shown, Window, show};
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, wait_for_seq};
use crate::web::html::{AnswerTable, Asked, Outcome, ROWS, Reply, answer_table, sparql_page};
use crate::web::language::Reader;
use crate::web::represent::page_number;
use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;
use std::time::Duration;

/// The page for a query, evaluated for the part of its answer that is asked for.
pub async fn page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    parameters: &Parameters,
    text: &str,
    short: Option<&str>,
) -> Result<Response, HttpError> {
    let mut reply = Reply::Rows;
    let outcome = match run(app, reader, uri, parameters, text, &mut reply).await {
        Ok(outcome) => outcome,
        Err(internal @ HttpError::Internal(_)) => return Err(internal),
        Err(error) => Outcome::Problem(error),
    };
    let asked = Asked { query: Some(text), reply, outcome, short };
    let mut response = sparql_page(app, reader, uri, asked)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn run(
    app: &App,
    reader: Reader,
    uri: &Uri,
    parameters: &Parameters,
    text: &str,
    reply: &mut Reply,
) -> Result<Outcome, HttpError> {
    super::sparql::check_length("query", text, app.settings.query_bytes)?;
    wait_for_seq(parameters, app).await?;
    let ask = Ask {
        query: text.to_owned(),
        default_graphs: parameters.all("default-graph-uri"),
        named_graphs: parameters.all("named-graph-uri"),
        base: Some(app.base.join("/")),
        services: app.services.clone(),
    };
    let answer = ask.parse()?;
    *reply = match answer.form {
        Form::Graph => Reply::Graph,
        Form::Results if answer.is_truth() => Reply::Truth,
        Form::Results => Reply::Rows,
    };
    if parameters.one("explain")?.as_deref() == Some("true") {
        return Ok(Outcome::Plan(plan_of(app, answer).await?));
    }
    let pages = |page: u64| other_page(uri, page);
    let number = page_number(parameters.one("page")?)?;
    let limit = app.settings.query_timeout();
    let table = table(app, reader, parameters, answer, number, limit, &pages).await?;
    Ok(Outcome::Answer(Box::new(table)))
}

/// Evaluates an answer for one page of its table.
pub async fn table(
    app: &App,
    reader: Reader,
    parameters: &Parameters,
    answer: Answer,
    number: u64,
    limit: Duration,
    pages: &(dyn Fn(u64) -> String + Send + Sync),
) -> Result<AnswerTable, HttpError> {
    if answer.calls_services() {
        super::search::wait_for_index(parameters, app).await?;
    }
    let place = app.place().await.ok_or(HttpError::Busy)?;
    let window = Window { offset: (number - 1).saturating_mul(ROWS), size: ROWS };
    let shown = show(answer, app.dataset.clone(), window, limit, place).await?;
    let (before, after) = (pages(number.saturating_sub(1)), pages(number + 1));
    let other = move |page: u64| if page < number { before.clone() } else { after.clone() };
    named(app, reader, shown, (number, Vec::new()), other).await
}

/// The table of what was found, with the names of things; with the number of its page, and how
/// what has its page on another node begins.
pub async fn named(
    app: &App,
    reader: Reader,
    shown: Shown,
    (number, elsewhere): (u64, Vec<String>),
    pages: impl Fn(u64) -> String + Send + 'static,
) -> Result<AnswerTable, HttpError> {
    let (memory, dataset, base) = (app.memory.clone(), app.dataset.clone(), app.base.clone());
    let work = move || -> Result<AnswerTable, EntityError> {
        let known = memory.of(&dataset);
        let labels = Labels::new(dataset.read().0, reader.language, known);
        answer_table(&base, reader, &labels, &shown, number, &pages, &elsewhere)
    };
    let table = tokio::task::spawn_blocking(work).await;
    Ok(table.map_err(|error| HttpError::Internal(error.into()))??)
}

/// This address with another page.
pub fn other_page(uri: &Uri, page: u64) -> String {
    let kept = uri.query().unwrap_or_default().split('&');
    let mut parts: Vec<String> = kept
        .filter(|part| !part.is_empty() && !part.starts_with("page="))
        .map(str::to_owned)
        .collect();
    parts.push(format!("page={page}"));
    format!("?{}", parts.join("&"))
}
