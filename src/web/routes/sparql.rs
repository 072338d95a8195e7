//! `/sparql`: SPARQL 1.1 Protocol, query and update, and the service description.

use crate::app::App;
use crate::media::{GRAPHS, Kind, Media, SOLUTIONS};
use crate::query::{Answer, Ask, Form, RunError, Running, UpdateAsk, start, update};
use crate::web::error::HttpError;
use crate::web::extract::{
    Admin, Parameters, accept, format, is_known, refuse_packed, wait_for_seq,
};
use crate::web::language::Reader;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// How much longer than its limit a query is given to tell by itself that it was stopped.
const GRACE: Duration = Duration::from_secs(1);
const FORM: &str = "application/x-www-form-urlencoded";
const QUERY: &str = "application/sparql-query";
const UPDATE: &str = "application/sparql-update";

/// Runs a query, or describes the service where there is none.
#[utoipa::path(get, path = "/sparql", tag = "sparql",
    params(("query" = Option<String>, Query, description = "A SPARQL 1.1 query; without one the service description is answered"),
        ("default-graph-uri" = Option<Vec<String>>, Query), ("named-graph-uri" = Option<Vec<String>>, Query),
        ("format" = Option<String>, Query, description = "json, xml, csv, tsv, ttl, nt, rdf, jsonld; otherwise the Accept header decides"),
        ("explain" = Option<bool>, Query, description = "true: the plan of the query with rows and times, as JSON, instead of its answer"),
        ("download" = Option<bool>, Query, description = "true: a browser keeps the answer as a file"),
        ("min-seq" = Option<u64>, Query, description = "Wait until this change is visible")),
    responses((status = 200, description = "The results, the graph, or the service description"),
        (status = 304), (status = 400, description = "Not SPARQL 1.1"), (status = 406), (status = 503, description = "Time-out, or too many queries")))]
pub async fn get(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    if parameters.has("update") {
        return Err(HttpError::Method {
            method: "GET with an update".into(),
            allowed: "POST".into(),
        });
    }
    match parameters.one("query")? {
        Some(text) => answer_or_page(&app, reader, &uri, &headers, &parameters, text, None).await,
        None => super::describe::service(&app, reader, &headers, &parameters),
    }
}

/// Runs a query or an update, sent as a form or directly.
#[utoipa::path(post, path = "/sparql", tag = "sparql",
    request_body(content((String = "application/sparql-query"), (String = "application/sparql-update"), (String = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "The results or the graph"), (status = 204, description = "The update is on disk; `Familylab-Seq` tells its number"),
        (status = 400), (status = 401), (status = 403), (status = 409, description = "A graph that may not be written"), (status = 415), (status = 422, description = "The update breaks a shape")))]
pub async fn post(
    State(app): State<App>,
    headers: HeaderMap,
    parameters: Parameters,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    refuse_packed(&headers)?;
    match Asked::read(&headers, parameters, &body?)? {
        Asked::Query(text, parameters) => query(&app, &headers, &parameters, text, false).await,
        Asked::Update(text, parameters) => run_update(&app, &headers, &parameters, text).await,
    }
}

/// What the body of a POST asks for, with the parameters it comes with.
pub enum Asked {
    Query(String, Parameters),
    Update(String, Parameters),
}

impl Asked {
    /// Reads a body that is a form, or the query or update itself. SPARQL 1.1 Protocol, section 2.
    pub fn read(
        headers: &HeaderMap,
        parameters: Parameters,
        body: &Bytes,
    ) -> Result<Self, HttpError> {
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let text = std::str::from_utf8(body)
            .map_err(|_| HttpError::BadRequest("the body is not UTF-8".to_owned()))?;
        match essence.to_ascii_lowercase().as_str() {
            QUERY => Ok(Self::Query(text.to_owned(), parameters)),
            UPDATE => Ok(Self::Update(text.to_owned(), parameters)),
            FORM => {
                let form = Parameters::parse(text).and(parameters);
                match (form.one("query")?, form.one("update")?) {
                    (Some(text), None) => Ok(Self::Query(text, form)),
                    (None, Some(text)) => Ok(Self::Update(text, form)),
                    (Some(_), Some(_)) => Err(HttpError::BadRequest(
                        "a form holds either a query or an update, not both".to_owned(),
                    )),
                    (None, None) => Err(HttpError::BadRequest(
                        "the form holds neither `query` nor `update`".to_owned(),
                    )),
                }
            }
            other => Err(HttpError::Unsupported(format!(
                "the body is {other:?}; send {QUERY}, {UPDATE} or {FORM}"
            ))),
        }
    }
}

/// Answers a query that came by its address: with a page where one is wanted and no format named.
pub async fn answer_or_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    headers: &HeaderMap,
    parameters: &Parameters,
    text: String,
    short: Option<&str>,
) -> Result<Response, HttpError> {
    if prefers_page(headers, parameters) {
        return super::editor::page(app, reader, uri, parameters, &text, short).await;
    }
    query(app, headers, parameters, text, true).await
}

async fn query(
    app: &App,
    headers: &HeaderMap,
    parameters: &Parameters,
    text: String,
    may_cache: bool,
) -> Result<Response, HttpError> {
    check_length("query", &text, app.settings.query_bytes)?;
    wait_for_seq(parameters, app).await?;
    let varies = is_volatile(&text);
    let ask = Ask {
        query: text,
        default_graphs: parameters.all("default-graph-uri"),
        named_graphs: parameters.all("named-graph-uri"),
        base: Some(app.base.join("/")),
        services: app.services.clone(),
    };
    let answer = ask.parse()?;
    if parameters.one("explain")?.as_deref() == Some("true") {
        let plan = super::plan::plan_of(app, answer).await?;
        return Ok(super::plan::plan_json(&plan, app.settings.query_timeout()));
    }
    answer_query(app, headers, parameters, answer, may_cache && !varies).await
}

/// Runs a parsed query and streams its answer; `may_cache` where the same address will have the
/// same answer until the next change.
pub async fn answer_query(
    app: &App,
    headers: &HeaderMap,
    parameters: &Parameters,
    answer: Answer,
    may_cache: bool,
) -> Result<Response, HttpError> {
    let offers: &[Media] = match answer.form {
        Form::Results => &SOLUTIONS,
        Form::Graph => &GRAPHS,
    };
    let media = format(parameters, headers, offers)?;
    if answer.calls_services() {
        super::search::wait_for_index(parameters, app).await?;
    }
    // What a service finds does not hang on the graph's number.
    let may_cache = may_cache && !answer.calls_services();
    let etag = format!("\"{}-{}\"", app.dataset.version(), media.extension);
    if may_cache && is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let place = app.place().await.ok_or(HttpError::Busy)?;
    let limit = app.settings.query_timeout();
    let running = start(answer, app.dataset.clone(), media, limit, place);
    let mut response = begun(running, limit).await?.into_response();
    let headers = response.headers_mut();
    if parameters.one("download")?.as_deref() == Some("true") {
        let kept = format!("attachment; filename=\"familylab.{}\"", media.extension);
        headers
            .extend(HeaderValue::from_str(&kept).map(|kept| (header::CONTENT_DISPOSITION, kept)));
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    let caching = if may_cache { "public, no-cache" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let (true, Ok(etag)) = (may_cache, HeaderValue::from_str(&etag)) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

/// The body of an answer whose first piece is there: until then an error can still have a status of
/// its own. An evaluation looks at the clock only where it reads, its client need not wait.
pub async fn begun(mut running: Running, limit: Duration) -> Result<Body, RunError> {
    let first = tokio::time::timeout(limit + GRACE, running.pieces.recv())
        .await
        .map_err(|_| RunError::TimedOut(limit))?;
    let first = first.transpose()?.unwrap_or_default();
    Ok(Body::from_stream(stream(first, running)))
}

/// The pieces as a body. An error breaks the transfer off, so that nobody takes half an answer
/// for a whole one.
fn stream(first: Bytes, running: Running) -> impl futures::Stream<Item = Result<Bytes, RunError>> {
    use futures::StreamExt;
    let rest = futures::stream::unfold(running, |mut running| async move {
        let piece = running.pieces.recv().await?;
        if let Err(error) = &piece {
            tracing::warn!(%error, "an answer was broken off");
        }
        Some((piece, running))
    });
    // A compressor asks once more after the end.
    futures::stream::iter([Ok(first)]).chain(rest).fuse()
}

async fn run_update(
    app: &App,
    headers: &HeaderMap,
    parameters: &Parameters,
    text: String,
) -> Result<Response, HttpError> {
    Admin::check(headers, app)?;
    check_length("update", &text, app.settings.update_bytes)?;
    let ask = UpdateAsk {
        update: text,
        using_graphs: parameters.all("using-graph-uri"),
        using_named_graphs: parameters.all("using-named-graph-uri"),
        base: Some(app.base.join("/")),
        limit: Some(app.settings.query_timeout()),
    };
    let header = app.header("SPARQL update");
    let (seq, _) = update(&app.dataset, Some(app.shapes.clone()), ask, header).await?;
    let seq = seq.unwrap_or_else(|| app.dataset.applied());
    Ok((StatusCode::NO_CONTENT, [("familylab-seq", seq.to_string())]).into_response())
}

pub fn check_length(what: &str, text: &str, limit: usize) -> Result<(), HttpError> {
    if text.len() <= limit {
        return Ok(());
    }
    Err(HttpError::TooLarge(format!("the {what} is longer than {limit} bytes")))
}

/// Whether a query asks for something that is new each time.
fn is_volatile(query: &str) -> bool {
    let upper = query.to_ascii_uppercase();
    ["NOW", "RAND", "UUID", "BNODE"].iter().any(|name| upper.contains(name))
}

/// Whether a client asks for a page rather than for results, and names no format.
pub fn prefers_page(headers: &HeaderMap, parameters: &Parameters) -> bool {
    if parameters.has("format") {
        return false;
    }
    let offers = [&SOLUTIONS[..], &GRAPHS[..], &[crate::media::HTML]].concat();
    crate::media::negotiate(accept(headers).as_deref(), &offers)
        .is_some_and(|media| media.kind == Kind::Html)
}

/// Whether a client asks for a page rather than for data.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let offers = [crate::media::TURTLE, crate::media::HTML, crate::media::RDF_XML];
    crate::media::negotiate(accept(headers).as_deref(), &offers)
        .is_some_and(|media| media.kind == Kind::Html)
}
