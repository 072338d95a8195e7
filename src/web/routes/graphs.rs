//! `/graphs`: SPARQL 1.1 Graph Store HTTP Protocol, graphs named by a parameter or by their own
//! address.

use crate::app::App;
use crate::ingest::{Encoding, Guard, Input, Job, Progress, Target, import};
use crate::iri::{absolute, graph_key};
use crate::media::{GRAPHS, rdf_format};
use crate::query::{Answer, UpdateAsk, update};
use crate::store::Mode;
use crate::web::error::HttpError;
use crate::web::extract::{Admin, Parameters, refuse_packed, wait_for_seq};
use axum::body::Body;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, OriginalUri, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt, TryStreamExt};
use oxigraph::io::RdfFormat;
use oxigraph::model::{GraphName, NamedOrBlankNode};
use std::time::Duration;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

/// How long a body that was refused is read on.
const DRAIN_WAIT: Duration = Duration::from_secs(3);
/// How long an upload may pause.
const PIECE_WAIT: Duration = Duration::from_secs(30);

/// The graph's triples. Section 5.2 of the protocol.
#[utoipa::path(get, path = "/graphs", tag = "graphs",
    params(("graph" = Option<String>, Query, description = "The graph's IRI"), ("default" = Option<String>, Query)),
    responses((status = 200, description = "The graph"), (status = 404), (status = 406)))]
pub async fn get(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    wait_for_seq(&parameters, &app).await?;
    let graph = identify(&app, uri.path(), &parameters)?;
    if !exists(&app, &graph)? {
        return Err(HttpError::NotFound(graph.to_string()));
    }
    crate::web::extract::format(&parameters, &headers, &GRAPHS)?;
    super::sparql::answer_query(&app, &headers, &parameters, Answer::graph(graph), true).await
}

/// Replaces the graph. Section 5.3.
#[utoipa::path(put, path = "/graphs", tag = "graphs", request_body = Vec<u8>,
    responses((status = 201), (status = 204), (status = 400), (status = 401), (status = 409), (status = 415), (status = 422)))]
pub async fn put(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    parameters: Parameters,
    _: Admin,
    request: Request,
) -> Result<Response, HttpError> {
    let graph = writable(&app, identify(&app, uri.path(), &parameters)?)?;
    let existed = exists(&app, &graph)?;
    let seq = upload(&app, graph, request, true).await?;
    let status = if existed { StatusCode::NO_CONTENT } else { StatusCode::CREATED };
    Ok((status, [("familylab-seq", seq.to_string())]).into_response())
}

/// Adds to the graph; without a graph it makes a new one and tells its address. Section 5.5.
#[utoipa::path(post, path = "/graphs", tag = "graphs", request_body = Vec<u8>,
    responses((status = 201), (status = 204), (status = 400), (status = 401), (status = 409), (status = 415), (status = 422)))]
pub async fn post(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    parameters: Parameters,
    _: Admin,
    request: Request,
) -> Result<Response, HttpError> {
    let named = parameters.has("graph") || parameters.has("default");
    let is_store = matches!(uri.path().trim_end_matches('/'), "/graphs");
    let (graph, new) = if is_store && !named {
        let name = format!("g-{}-{:08x}", app.dataset.applied() + 1, rand::random::<u32>());
        (app.base.graph(&name).into(), true)
    } else {
        (identify(&app, uri.path(), &parameters)?, false)
    };
    let graph = writable(&app, graph)?;
    let existed = exists(&app, &graph)?;
    let location = graph_key(&graph);
    let seq = upload(&app, graph, request, false).await?;
    let status = if existed { StatusCode::NO_CONTENT } else { StatusCode::CREATED };
    let mut response = (status, [("familylab-seq", seq.to_string())]).into_response();
    if let (true, Ok(location)) = (new, location.parse()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Deletes the graph with its records. Section 5.4.
#[utoipa::path(delete, path = "/graphs", tag = "graphs", responses((status = 204), (status = 401), (status = 404), (status = 409)))]
pub async fn delete(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    parameters: Parameters,
    _: Admin,
) -> Result<Response, HttpError> {
    let graph = writable(&app, identify(&app, uri.path(), &parameters)?)?;
    if !exists(&app, &graph)? {
        return Err(HttpError::NotFound(graph.to_string()));
    }
    let text = match &graph {
        GraphName::NamedNode(node) => format!("DROP GRAPH {node}"),
        _ => "CLEAR DEFAULT".to_owned(),
    };
    let ask = UpdateAsk { update: text, ..UpdateAsk::default() };
    let header = app.header(format!("deleted {graph}"));
    let (seq, _) = update(&app.dataset, None, ask, header).await?;
    let seq = seq.unwrap_or_else(|| app.dataset.applied());
    Ok((StatusCode::NO_CONTENT, [("familylab-seq", seq.to_string())]).into_response())
}

/// The graph a request is about: `?graph=`, `?default`, or the request's own address.
fn identify(app: &App, path: &str, parameters: &Parameters) -> Result<GraphName, HttpError> {
    let is_store = path.trim_end_matches('/') == "/graphs";
    match (parameters.one("graph")?, parameters.has("default")) {
        (Some(_), true) => {
            Err(HttpError::BadRequest("say either graph=IRI or default, not both".to_owned()))
        }
        (Some(iri), false) => Ok(absolute(&iri)?.into()),
        (None, true) => Ok(GraphName::DefaultGraph),
        (None, false) if !is_store => Ok(absolute(&app.base.join(path))?.into()),
        (None, false) => Err(HttpError::BadRequest(
            "say which graph: graph=IRI, or default for the default graph".to_owned(),
        )),
    }
}

fn writable(app: &App, graph: GraphName) -> Result<GraphName, HttpError> {
    if app.dataset.is_writable(&graph_key(&graph)) {
        return Ok(graph);
    }
    let example = app.base.graph("comune-di-esempio");
    Err(HttpError::Conflict(format!(
        "the graph {graph} may not be written; use a source graph of this node such as {example}"
    )))
}

/// The default graph is always there. Section 5 of the protocol.
fn exists(app: &App, graph: &GraphName) -> Result<bool, HttpError> {
    let name: NamedOrBlankNode = match graph {
        GraphName::NamedNode(node) => node.clone().into(),
        GraphName::BlankNode(node) => node.clone().into(),
        GraphName::DefaultGraph => return Ok(true),
    };
    let (store, _) = app.dataset.read();
    let failed = |error: oxigraph::store::StorageError| HttpError::Internal(error.into());
    if !store.contains_named_graph(&name).map_err(failed)? {
        return Ok(false);
    }
    // A node's graph is there as long as it holds a record; a plain store remembers empty ones.
    let mut quads = store.quads_for_pattern(None, None, None, Some(graph.as_ref()));
    Ok(*app.dataset.mode() == Mode::Bare || quads.next().transpose().map_err(failed)?.is_some())
}

/// Takes the body in by the same way as an import; gives the number of the last change.
async fn upload(
    app: &App,
    graph: GraphName,
    request: Request,
    replace: bool,
) -> Result<u64, HttpError> {
    let limit = app.settings.upload_bytes;
    let parts = spool(request, limit).await?;
    let input = |(file, format): &(NamedTempFile, RdfFormat)| {
        let size = file.as_file().metadata().map_or(0, |metadata| metadata.len());
        Input::rdf(file.path(), *format, size)
    };
    let note = format!("{} {graph}", if replace { "replaced" } else { "added to" });
    let job = Job {
        inputs: parts.iter().map(input).collect(),
        merge: !replace,
        replace,
        base_iri: Some(graph_key(&graph)).filter(|graph| !graph.is_empty()),
        target: Target::Graph(graph),
        dry_run: false,
        skip_invalid: false,
        trusted: *app.dataset.mode() == Mode::Bare,
        encoding: Encoding::Detect,
        guard: Guard {
            literal_bytes: app.settings.literal_bytes,
            unpack_ratio: app.settings.unpack_ratio,
        },
        header: app.header(note),
    };
    let outcome = import(&app.dataset, &app.shapes, job, &Progress::default()).await?;
    if !outcome.accepted {
        let text = "the graph holds records that do not fit their shapes; nothing was kept";
        return Err(HttpError::Invalid(text.to_owned(), outcome.report.findings));
    }
    Ok(outcome.seq.unwrap_or_else(|| app.dataset.applied()))
}

/// Writes the body, or each file of a form, to a temporary file as it comes.
async fn spool(
    request: Request,
    limit: usize,
) -> Result<Vec<(NamedTempFile, RdfFormat)>, HttpError> {
    refuse_packed(request.headers())?;
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    if !content_type.to_ascii_lowercase().starts_with("multipart/form-data") {
        let format = known_format(&content_type)?;
        let body: Body = request.into_body();
        return Ok(vec![(write(body.into_data_stream(), limit).await?, format)]);
    }
    let wrong = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(limit),
        _ => HttpError::BadRequest(format!("the form cannot be read: {}", error.body_text())),
    };
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| HttpError::BadRequest(error.body_text()))?;
    let mut parts = Vec::new();
    while let Some(field) = form.next_field().await.map_err(wrong)? {
        let format = known_format(field.content_type().unwrap_or_default())?;
        parts.push((write(field.map_err(|error| error.body_text()), limit).await?, format));
    }
    if parts.is_empty() {
        return Err(HttpError::BadRequest("the form holds no file".to_owned()));
    }
    Ok(parts)
}

fn too_large(limit: usize) -> HttpError {
    HttpError::TooLarge(format!("the body is longer than {limit} bytes"))
}

fn stalled() -> HttpError {
    HttpError::BadRequest(format!("nothing more of the body came for {PIECE_WAIT:?}"))
}

fn known_format(content_type: &str) -> Result<RdfFormat, HttpError> {
    rdf_format(content_type).ok_or_else(|| {
        let names: Vec<&str> = GRAPHS.iter().map(|media| media.names[0]).collect();
        HttpError::Unsupported(format!(
            "the body is {content_type:?}; send one of {}",
            names.join(", ")
        ))
    })
}

/// Reads on for a while and keeps nothing: a client that still sends may never see the answer
/// of a server that hangs up. RFC 9112, section 9.6.
async fn drain<P, E>(mut body: impl Stream<Item = Result<P, E>> + Unpin) {
    let rest = async { while let Some(Ok(_)) = body.next().await {} };
    // Who goes on sending after this will see the connection end.
    let _ = timeout(DRAIN_WAIT, rest).await;
}

async fn write<E: std::fmt::Display>(
    mut body: impl Stream<Item = Result<axum::body::Bytes, E>> + Unpin,
    limit: usize,
) -> Result<NamedTempFile, HttpError> {
    let file = NamedTempFile::new()?;
    let mut out = tokio::fs::File::from_std(file.reopen()?);
    let mut length = 0;
    while let Some(piece) = timeout(PIECE_WAIT, body.next()).await.map_err(|_| stalled())? {
        let piece = piece.map_err(|error| HttpError::BadRequest(error.to_string()))?;
        length += piece.len();
        if length > limit {
            drain(body).await;
            return Err(too_large(limit));
        }
        if let Err(error) = out.write_all(&piece).await {
            drain(body).await;
            return Err(error.into());
        }
    }
    out.flush().await?;
    Ok(file)
}
