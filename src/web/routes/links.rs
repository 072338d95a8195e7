//! Short addresses of queries: `POST /sparql/link` makes one, `/s/{name}` answers as the query does.

use super::sparql::{Asked, wants_page};
use crate::app::App;
use crate::query::Ask;
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, refuse_packed};
use crate::web::language::Reader;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Keeps a query on this node and answers its short address; the same query has the same one.
#[utoipa::path(post, path = "/sparql/link", tag = "sparql",
    request_body(content((String = "application/sparql-query"), (String = "application/x-www-form-urlencoded"))),
    responses((status = 201, description = "The short address, as JSON and as Location"), (status = 303, description = "A browser is sent to the short address"),
        (status = 400, description = "Not SPARQL 1.1"), (status = 413), (status = 429, description = "Too many new addresses in a minute")))]
pub async fn keep(
    State(app): State<App>,
    headers: HeaderMap,
    parameters: Parameters,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    let wants_data = parameters.has("format") || !wants_page(&headers);
    let ask = ask(&app, &headers, parameters, &body?)?;
    let name = app.links.keep(ask, jiff::Timestamp::now()).await?;
    if !wants_data {
        let page = app.base.join(&format!("/s/{name}"));
        return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response());
    }
    let address = app.base.join(&format!("/s/{name}"));
    let body = json!({ "name": name, "address": address, "text": format!("{address}.rq") });
    Ok((StatusCode::CREATED, [(header::LOCATION, address)], Json(body)).into_response())
}

/// Whether a query is one that this node could run; nothing is evaluated.
#[utoipa::path(post, path = "/sparql/check", tag = "sparql",
    request_body(content((String = "application/sparql-query"), (String = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "Whether it is, and if not the problem, with line and column")))]
pub async fn check(
    State(app): State<App>,
    headers: HeaderMap,
    parameters: Parameters,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, HttpError> {
    let read = ask(&app, &headers, parameters, &body?)?.parse().map_err(HttpError::from);
    Ok(Json(match read {
        Ok(_) => json!({ "valid": true }),
        Err(error) => json!({ "valid": false, "problem": error.problem() }),
    }))
}

/// The query that a body holds.
fn ask(
    app: &App,
    headers: &HeaderMap,
    parameters: Parameters,
    body: &Bytes,
) -> Result<Ask, HttpError> {
    refuse_packed(headers)?;
    let Asked::Query(query, _) = Asked::read(headers, parameters, body)? else {
        return Err(HttpError::BadRequest("send a query, not an update".to_owned()));
    };
    if query.len() > app.settings.query_bytes {
        return Err(HttpError::TooLarge(format!(
            "the query is longer than {} bytes",
            app.settings.query_bytes
        )));
    }
    let (base, services) = (Some(app.base.join("/")), app.services.clone());
    Ok(Ask { query, base, services, ..Ask::default() })
}

/// Answers as `/sparql` does for the query of a short address; with `.rq` at the end, its text.
#[utoipa::path(get, path = "/s/{name}", tag = "sparql", params(("name" = String, Path, description = "The name; with .rq the query's text is answered")),
    responses((status = 200, description = "The results, the graph, or a page with them"), (status = 404)))]
pub async fn follow(
    State(app): State<App>,
    Path(name): Path<String>,
    reader: Reader,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    let bare = name.strip_suffix(".rq");
    let text = app.links.find(bare.unwrap_or(&name)).await?;
    let text = text.ok_or_else(|| HttpError::NotFound(format!("/s/{name}")))?;
    if bare.is_some() {
        let media = HeaderValue::from_static("application/sparql-query; charset=utf-8");
        return Ok(([(header::CONTENT_TYPE, media)], text).into_response());
    }
    super::sparql::answer_or_page(&app, reader, &uri, &headers, &parameters, text, Some(&name))
        .await
}
