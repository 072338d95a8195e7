//! `/federation/suggest` and `/federation/related`: completions and likeness over this node and its
//! peers.

use super::federation::{REPORT, in_short};
use super::search::{blocking, of, wait_for_index};
use super::together::told;
use crate::app::App;
use crate::federation::{
    Completion, Completions, Heard, Known, Likes, likes_at_peers, merge, rank, suggest_at_peers,
};
use crate::media::{HTML, Kind, Media};
use crate::search::MOST_SUGGESTIONS;
use crate::web::asked::number;
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, format};
use crate::web::found::{RESULTS, alike};
use crate::web::html::likes_page;
use crate::web::language::{Reader, tag};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Whoever types waits for no peer longer than this.
const AT_ONCE: Duration = Duration::from_millis(150);
/// Whoever looks for what is alike, longer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How likeness over several nodes can be written; data where a client says nothing.
const OFFERS: [Media; 2] = [RESULTS[0], HTML];

/// Completes what is being typed, from this node and all peers that are trusted with searches.
#[utoipa::path(get, path = "/federation/suggest", tag = "federation",
    params(("q" = String, Query), ("limit" = Option<usize>, Query), ("lang" = Option<String>, Query)),
    responses((status = 200, description = "Completions, each with the nodes that offer it; the header `Federation-Report` names the nodes, and which were too late"),
        (status = 400, description = "A parameter is wrong"), (status = 503, description = "The index is being made")))]
pub async fn suggest(
    State(app): State<App>,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    let (search, text) = (of(&app)?, parameters.one("q")?.unwrap_or_default());
    if text.len() > 500 {
        return Err(HttpError::BadRequest("q is longer than 500 bytes".to_owned()));
    }
    let limit = number(&parameters, "limit", 1, MOST_SUGGESTIONS)?.unwrap_or(8);
    let language = tag(reader.language);
    let asked = [("q", text.clone()), ("limit", limit.to_string()), ("lang", language.to_owned())];
    let asked = asked.map(|(name, value)| (name.to_owned(), value));
    let typed = text.clone();
    let own = timed(blocking(move || Ok(search.suggest(&typed, limit, language)?)));
    let (own, peers) = tokio::join!(own, suggest_at_peers(&app.peers, &asked, AT_ONCE));
    let one = |one: crate::search::Suggestion| Completion {
        text: one.text,
        kind: one.kind,
        iri: one.iri,
    };
    let (own, took) = own?;
    let own = Completions { suggestions: own.into_iter().map(one).collect() };
    let mut heard = vec![here(&app, took, own)];
    heard.extend(peers?);
    let (nodes, lists) = apart(heard, |list| list.suggestions.len());
    let (complete, sources) = report(&nodes, "suggestions");
    let short = in_short(&json!({ "complete": complete, "sources": sources }));
    let list = merge(&lists, limit);
    // What lacks a node is not kept in the place of what does not.
    let caching = if complete { "public, max-age=60" } else { "no-store" };
    let body = Json(json!({ "query": text, "suggestions": list }));
    let mut response = ([(header::CACHE_CONTROL, caching)], body).into_response();
    response.headers_mut().extend(short.map(|short| (REPORT, short)));
    Ok(response)
}

/// Experiences of all nodes like one of this node, with reasons.
#[utoipa::path(get, path = "/federation/related", tag = "federation",
    params(("iri" = String, Query, description = "An experience of this node"), ("limit" = Option<usize>, Query, description = "1 to 100, otherwise 10"),
        ("lang" = Option<String>, Query), ("format" = Option<String>, Query, description = "json, html; otherwise the Accept header decides"), ("min-seq" = Option<u64>, Query)),
    responses((status = 200, description = "Experiences of all nodes, each with its reasons in Italian and English and with the nodes that know it; what became of each node"),
        (status = 400, description = "A parameter is wrong, or it is no experience"), (status = 404, description = "No such record here"), (status = 503, description = "The index is being made")))]
pub async fn related(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    let search = of(&app)?;
    let media = format(&parameters, &headers, &OFFERS)?;
    wait_for_index(&parameters, &app).await?;
    let iri = parameters.one("iri")?.filter(|iri| !iri.is_empty());
    let iri = iri.ok_or_else(|| {
        HttpError::BadRequest("the parameter iri is missing: the IRI of an experience".to_owned())
    })?;
    let iri = crate::iri::absolute(&iri)?.into_string();
    let limit = number(&parameters, "limit", 1, 100)?.unwrap_or(10);
    let portrait = search.portrait(&iri).await?;
    let language = tag(reader.language);
    // Those that are the same are left out of what comes.
    let most = limit + portrait.same.len();
    let own = async { Ok(search.related(&iri, limit, language).await?) };
    let (own, peers) = tokio::join!(
        timed(own),
        likes_at_peers(&app.peers, &portrait, (most.min(100), language), PATIENCE)
    );
    let (own, took) = own?;
    let own = serde_json::from_value(json!({ "similar": alike(&own) }));
    let own: Likes = own.map_err(|error| HttpError::Internal(error.into()))?;
    let mut heard = vec![here(&app, took, own)];
    let (mut peers, own_records) = (peers?, app.base.id());
    for list in peers.iter_mut().filter_map(|heard| heard.said.as_mut().ok()) {
        // Nobody else speaks for this node's records.
        list.similar.retain(|like| !like.iri.starts_with(&own_records));
    }
    heard.extend(peers);
    let (nodes, lists) = apart(heard, |list| list.similar.len());
    let list: Vec<Known> = rank(&lists, &portrait.same, limit);
    let mut response = if media.kind == Kind::Html {
        let peers = app.peers.list().await?;
        likes_page(&app, reader, &uri, (&iri, &portrait), (&list, &nodes), &peers)?
    } else {
        let (complete, sources) = report(&nodes, "related");
        let body = json!({ "iri": iri, "complete": complete, "related": list, "nodes": sources });
        Json(body).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, header::HeaderValue::from_static("Accept, Accept-Language"));
    Ok(response)
}

/// What this node itself says.
fn here<T>(app: &App, took: Duration, said: T) -> Heard<T> {
    Heard { node: app.base.as_str().to_owned(), took, said: Ok(said) }
}

async fn timed<T>(
    work: impl Future<Output = Result<T, HttpError>>,
) -> Result<(T, Duration), HttpError> {
    let start = Instant::now();
    let done = work.await?;
    Ok((done, start.elapsed()))
}

/// How much each node gave, and what was given.
fn apart<T>(
    heard: Vec<Heard<T>>,
    count: impl Fn(&T) -> usize,
) -> (Vec<Heard<u64>>, Vec<(String, T)>) {
    let (mut nodes, mut lists) = (Vec::new(), Vec::new());
    for Heard { node, took, said } in heard {
        let given = said.as_ref().map(|said| count(said) as u64).map_err(Clone::clone);
        nodes.push(Heard { node: node.clone(), took, said: given });
        lists.extend(said.ok().map(|said| (node, said)));
    }
    (nodes, lists)
}

/// Whether every node was heard, and what became of each.
fn report(nodes: &[Heard<u64>], what: &str) -> (bool, Vec<Value>) {
    let complete = nodes.iter().all(|node| node.said.is_ok());
    (complete, nodes.iter().map(|node| told(node, what)).collect())
}
