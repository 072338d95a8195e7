//! `/q`: the named queries, with their parameters checked.

use crate::app::App;
use crate::query::{Ask, NamedQuery};
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, wait_for_seq};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The parameters that are not the query's own.
const OURS: [&str; 3] = ["format", "min-seq", "lang"];

/// Every named query, with what it is for and what it takes.
#[utoipa::path(get, path = "/q", tag = "queries", responses((status = 200, description = "The named queries, as JSON")))]
pub async fn list(State(app): State<App>) -> Json<Value> {
    let queries: Vec<Value> =
        app.catalogue.iter().map(|query| describe(query, &app.base.join("/q/"))).collect();
    Json(json!({ "queries": queries }))
}

/// Runs a named query. With `.rq` at the end of its name its text is answered instead.
#[utoipa::path(get, path = "/q/{name}", tag = "queries", params(("name" = String, Path, description = "The query's name; with .rq its text is answered")),
    responses((status = 200, description = "The results"), (status = 400, description = "A parameter is wrong"), (status = 404)))]
pub async fn run(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    let missing = || HttpError::NotFound(format!("/q/{name}"));
    if let Some(text) = name.strip_suffix(".rq") {
        let query = app.catalogue.get(text).ok_or_else(missing)?;
        let media = HeaderValue::from_static("application/sparql-query; charset=utf-8");
        return Ok(([(header::CONTENT_TYPE, media)], query.source.clone()).into_response());
    }
    let query = app.catalogue.get(&name).ok_or_else(missing)?;
    wait_for_seq(&parameters, &app).await?;
    let values = query.bind(&parameters.except(&OURS), &app.base)?;
    let ask = Ask { query: query.text.clone(), services: app.services.clone(), ..Ask::default() };
    let answer = ask.parse()?.with(&values);
    super::sparql::answer_query(&app, &headers, &parameters, answer, true).await
}

fn describe(query: &NamedQuery, address: &str) -> Value {
    let parameters: Vec<Value> = query
        .parameters
        .iter()
        .map(|parameter| {
            json!({
                "name": parameter.name,
                "type": parameter.kind.name(),
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
        "parameters": parameters,
    })
}
