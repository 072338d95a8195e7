//! `/q`: the named queries, with their parameters checked; pages for people, data for programs.

use super::choices::choices;
use super::sparql::prefers_page;
use crate::app::App;
use crate::query::{Answer, Ask, Kind, NamedQuery};
use crate::web::error::HttpError;
use crate::web::extract::wait_for_seq;
use crate::web::html::{Answered, QueryOutcome as Outcome, queries_page, query_page};
use crate::web::language::tag;
use crate::web::represent::{Request, page_number};
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// The parameters that are not the query's own.
const OURS: [&str; 5] = ["format", "min-seq", "lang", "page", "download"];
/// How long a page may work for an answer that nobody has asked for yet.
const FIRST: Duration = Duration::from_secs(2);

/// Every named query, with what it is for and what it takes.
#[utoipa::path(get, path = "/q", tag = "queries", responses((status = 200, description = "The named queries, as JSON or as a page")))]
pub async fn list(request: Request) -> Result<Response, HttpError> {
    let Request { app, headers, parameters, uri, reader, .. } = &request;
    if prefers_page(headers, parameters) {
        return queries_page(app, *reader, uri);
    }
    let queries: Vec<Value> =
        app.catalogue.iter().map(|query| describe(query, &app.base.join("/q/"))).collect();
    let vary = [(header::VARY, "Accept")];
    Ok((vary, Json(json!({ "queries": queries }))).into_response())
}

/// Runs a named query. With `.rq` at the end of its name its text is answered instead, with the
/// values given in the place of its parameters.
#[utoipa::path(get, path = "/q/{name}", tag = "queries", params(("name" = String, Path, description = "The query's name; with .rq its text is answered")),
    responses((status = 200, description = "The results, or a page with a form"), (status = 400, description = "A parameter is wrong"), (status = 404)))]
pub async fn run(Path(name): Path<String>, request: Request) -> Result<Response, HttpError> {
    let Request { app, headers, parameters, .. } = &request;
    let missing = || HttpError::NotFound(format!("/q/{name}"));
    if let Some(bare) = name.strip_suffix(".rq") {
        let query = app.catalogue.get(bare).ok_or_else(missing)?;
        let values = parameters.except(&OURS);
        let text = match values.is_empty() {
            true => query.source.clone(),
            false => query.filled(&query.bind(&values, &app.base)?),
        };
        let media = HeaderValue::from_static("application/sparql-query; charset=utf-8");
        return Ok(([(header::CONTENT_TYPE, media)], text).into_response());
    }
    let query = app.catalogue.get(&name).ok_or_else(missing)?;
    if prefers_page(headers, parameters) {
        return page(&request, query).await;
    }
    wait_for_seq(parameters, app).await?;
    let answer = bound(app, query, &parameters.except(&OURS))?;
    super::sparql::answer_query(app, headers, parameters, answer, true).await
}

fn bound(app: &App, query: &NamedQuery, values: &[(String, String)]) -> Result<Answer, HttpError> {
    let values = query.bind(values, &app.base)?;
    let ask = Ask { query: query.text.clone(), services: app.services.clone(), ..Ask::default() };
    Ok(ask.parse()?.with(&values))
}

async fn page(request: &Request, query: &NamedQuery) -> Result<Response, HttpError> {
    let Request { app, parameters, uri, reader, .. } = request;
    let mut values = parameters.except(&OURS);
    let is_first = values.is_empty();
    for parameter in query.parameters.iter().filter(|parameter| parameter.kind == Kind::Lang) {
        // Names in the reader's language, unless they chose another.
        if !values.iter().any(|(name, _)| *name == parameter.name) {
            values.push((parameter.name.clone(), tag(reader.language).to_owned()));
        }
    }
    let lacks = query.parameters.iter().any(|parameter| {
        let given =
            values.iter().any(|(name, value)| *name == parameter.name && !value.trim().is_empty());
        parameter.required && !given
    });
    let outcome = match lacks {
        true => Outcome::Missing,
        false => outcome(request, query, &values, is_first).await?,
    };
    let text = query.bind(&values, &app.base).map(|values| query.filled(&values));
    let answered = Answered {
        query,
        choices: choices(app, *reader, query).await?,
        outcome,
        text: text.unwrap_or_else(|_| query.text.clone()),
        values,
    };
    let mut response = query_page(app, *reader, uri, answered)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

async fn outcome(
    request: &Request,
    query: &NamedQuery,
    values: &[(String, String)],
    is_first: bool,
) -> Result<Outcome, HttpError> {
    let Request { app, parameters, uri, reader, .. } = request;
    let whole = app.settings.query_timeout();
    let limit = if is_first { FIRST.min(whole) } else { whole };
    let number = page_number(parameters.one("page")?)?;
    let pages = |page: u64| super::editor::other_page(uri, page);
    let answer = match bound(app, query, values) {
        Ok(answer) => answer,
        Err(error) => return Ok(Outcome::Problem(error)),
    };
    let table = super::editor::table(app, *reader, parameters, answer, number, limit, &pages);
    match table.await {
        Ok(table) => Ok(Outcome::Answer(Box::new(table))),
        Err(HttpError::TimedOut(_)) if is_first => Ok(Outcome::Long),
        Err(internal @ HttpError::Internal(_)) => Err(internal),
        Err(error) => Ok(Outcome::Problem(error)),
    }
}

fn describe(query: &NamedQuery, address: &str) -> Value {
    let parameters: Vec<Value> = query
        .parameters
        .iter()
        .map(|parameter| {
            json!({
                "name": parameter.name,
                "type": parameter.kind.name(),
                "among": parameter.among,
                "required": parameter.required,
                "default": parameter.default,
                "summary": parameter.summary,
            })
        })
        .collect();
    json!({
        "name": query.name,
        "address": format!("{address}{}", query.name),
        "text": format!("{address}{}.rq", query.name),
        "summary": query.summary,
        "description": query.description,
        "subject": query.subject.name(),
        "parameters": parameters,
    })
}
