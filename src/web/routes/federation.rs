//! `/federation/sparql`: one query over this node and its peers, with what became of each of them.
//! SPARQL 1.1 Protocol, section 2.1.

use super::sparql::{Asked, begun, check_length, prefers_page};
use crate::app::App;
use crate::engine::{Identity, Options};
use crate::federation::Federated;
use crate::media::{GRAPHS, Media, SOLUTIONS};
use crate::query::{Form, RunError, form, read};
use crate::web::address::root;
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, format, refuse_packed, wait_for_seq};
use crate::web::language::Reader;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use oxigraph::model::NamedNode;
use serde_json::Value;
use spargebra::Query;

/// The report itself, where it is there before the answer begins and is no longer than this.
pub const REPORT: HeaderName = HeaderName::from_static("federation-report");
const LONGEST: usize = 4096;

/// Runs a query over this node and its peers.
#[utoipa::path(get, path = "/federation/sparql", tag = "federation",
    params(("query" = String, Query, description = "A SPARQL 1.1 query; each node is a named graph, its name its address, and the default graph is all of them"),
        ("default-graph-uri" = Option<Vec<String>>, Query, description = "Nodes to ask, by their addresses"), ("named-graph-uri" = Option<Vec<String>>, Query),
        ("partial" = Option<String>, Query, description = "allow: an answer also where a node is missing without which it may be wrong"),
        ("identity" = Option<String>, Query, description = "follow: what the query names is also looked for by its other names: by owl:sameAs and skos:exactMatch of this node, and by those of places, themes and target groups on every node; the report tells which"),
        ("explain" = Option<bool>, Query, description = "true: the plan with rows, requests and times, and what became of each node, instead of the answer"),
        ("min-seq" = Option<u64>, Query, description = "Wait until this change of this node is visible"),
        ("format" = Option<String>, Query, description = "json, xml, csv, tsv, ttl, nt, rdf, jsonld; otherwise the Accept header decides")),
    responses((status = 200, description = "The results or the graph; the header `Link` (rel=describedby) names the report on the nodes"),
        (status = 303, description = "A browser is sent to the page that shows the same"),
        (status = 400, description = "Not SPARQL 1.1, or SERVICE or a graph of a node that is not listed"), (status = 406),
        (status = 502, description = "A node did not answer, and without it the answer would be wrong; the report is part of the problem"),
        (status = 503, description = "Time-out, or too many queries")))]
pub async fn get(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    if prefers_page(&headers, &parameters) {
        return Ok(to_page(&app, reader, &uri));
    }
    let text = parameters.one("query")?.ok_or_else(|| {
        HttpError::BadRequest("give a SPARQL query as the parameter `query`".to_owned())
    })?;
    answer(&app, &headers, &parameters, &text).await
}

/// Sends people to the page that shows the same. RFC 9110, section 15.4.4.
fn to_page(app: &App, reader: Reader, uri: &Uri) -> Response {
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    let place = format!("{}{}/federazione{query}", root(&app.base), reader.prefix());
    let vary = "Accept, Accept-Language".to_owned();
    let headers = [(header::LOCATION, place), (header::VARY, vary)];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// Runs a query over this node and its peers, sent as a form or directly.
#[utoipa::path(post, path = "/federation/sparql", tag = "federation",
    request_body(content((String = "application/sparql-query"), (String = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "The results or the graph"), (status = 400), (status = 406), (status = 415), (status = 502), (status = 503)))]
pub async fn post(
    State(app): State<App>,
    headers: HeaderMap,
    parameters: Parameters,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    refuse_packed(&headers)?;
    match Asked::read(&headers, parameters, &body?)? {
        Asked::Query(text, parameters) => answer(&app, &headers, &parameters, &text).await,
        Asked::Update(..) => Err(HttpError::BadRequest(
            "other nodes are only asked; send an update to /sparql of the node it is for"
                .to_owned(),
        )),
    }
}

/// What became of each node in a query that has ended.
#[utoipa::path(get, path = "/federation/report/{name}", tag = "federation",
    params(("name" = String, Path, description = "The name that the answer's `Link` told")),
    responses((status = 200, description = "Which nodes were asked, what each gave, which are missing and why; the plan"), (status = 404, description = "The query is running, or its report is forgotten")))]
pub async fn report(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Json<Value>, HttpError> {
    let report = app.federated.reports.get(&name);
    report.map(Json).ok_or_else(|| HttpError::NotFound(format!("/federation/report/{name}")))
}

async fn answer(
    app: &App,
    headers: &HeaderMap,
    parameters: &Parameters,
    text: &str,
) -> Result<Response, HttpError> {
    check_length("query", text, app.settings.query_bytes)?;
    wait_for_seq(parameters, app).await?;
    let query = read(text, Some(&app.base.join("/")))?;
    let explains = parameters.one("explain")?.as_deref() == Some("true");
    let offers: &[Media] = match form(&query) {
        Form::Results => &SOLUTIONS,
        Form::Graph => &GRAPHS,
    };
    let media = if explains { offers[0] } else { format(parameters, headers, offers)? };
    let planned = app.federated.plan(&query, options(app, parameters, &query).await?).await?;
    let place = app.place().await.ok_or(HttpError::Busy)?;
    if explains {
        // Whoever has enough of waiting ends the query.
        let _stop = planned.stop().drop_guard();
        let told = tokio::task::spawn_blocking(move || {
            let told = Federated::explain(planned);
            drop(place);
            told
        });
        let told = told.await.map_err(|error| HttpError::Internal(error.into()))??;
        return Ok(([(header::CACHE_CONTROL, "no-store")], Json(told)).into_response());
    }
    let asked = app.federated.run(planned, media, place);
    let body = begun(asked.running, app.settings.query_timeout()).await;
    let report = app.federated.reports.get(&asked.report);
    let body = body.map_err(|error| failed(error, report.as_ref()))?;
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let address = app.base.join(&format!("/federation/report/{}", asked.report));
    let link = HeaderValue::from_str(&format!("<{address}>; rel=\"describedby\""));
    headers.extend(link.map(|link| (header::LINK, link)));
    headers.extend(report.as_ref().and_then(in_short).map(|report| (REPORT, report)));
    Ok(response)
}

/// How a query is meant, by its parameters.
pub async fn options(
    app: &App,
    parameters: &Parameters,
    query: &Query,
) -> Result<Options, HttpError> {
    let nodes = |name: &str| -> Result<Option<Vec<NamedNode>>, HttpError> {
        let node = |iri: String| NamedNode::new(&iri).map_err(|_| RunError::Iri(iri).into());
        let nodes: Result<Vec<NamedNode>, HttpError> =
            parameters.all(name).into_iter().map(node).collect();
        Ok(Some(nodes?).filter(|nodes| !nodes.is_empty()))
    };
    let (default, named) = (nodes("default-graph-uri")?, nodes("named-graph-uri")?);
    let partial = says(parameters, "partial", "allow")?;
    let identity = match says(parameters, "identity", "follow")? {
        true => app.federated.identity(query).await?,
        false => Identity::new(),
    };
    Ok(Options { partial, default, named, identity, ..Options::default() })
}

/// Whether a parameter says the one thing that it can say.
pub fn says(parameters: &Parameters, name: &str, word: &str) -> Result<bool, HttpError> {
    match parameters.one(name)?.as_deref() {
        None | Some("") => Ok(false),
        Some(said) if said == word => Ok(true),
        Some(other) => Err(HttpError::BadRequest(format!(
            "{name} is {other:?}; `{word}` is all that it can be"
        ))),
    }
}

/// An error, with what became of the nodes where one of them is the reason.
fn failed(error: RunError, report: Option<&Value>) -> HttpError {
    match (HttpError::from(error), report) {
        (HttpError::Missing(text, _), Some(report)) => {
            HttpError::Missing(text, report["sources"].clone())
        }
        (error, _) => error,
    }
}

/// What became of each node, as a header.
pub fn in_short(report: &Value) -> Option<HeaderValue> {
    let short = serde_json::json!({ "complete": report["complete"], "sources": report["sources"] });
    let text = ascii(&short.to_string());
    if text.len() > LONGEST { None } else { HeaderValue::from_str(&text).ok() }
}

/// JSON with escapes for what a header cannot hold. RFC 8259, section 7.
fn ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            ' '..='~' => ascii.push(c),
            c => {
                let units = c.encode_utf16(&mut [0; 2]).to_vec();
                ascii.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
            }
        }
    }
    ascii
}
