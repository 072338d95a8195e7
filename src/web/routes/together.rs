//! `/federation/search`: one search over this node and its peers.

use super::search::{blocking, of, wait_for_index};
use crate::app::App;
use crate::federation::{Fusion, Heard, Page, Trust, fuse, search_peers, sum};
use crate::web::asked::{ask, common, number};
use crate::web::error::HttpError;
use crate::web::extract::Parameters;
use crate::web::found::listing;
use crate::web::html::Together;
use crate::web::language::Reader;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Nobody waits longer for a peer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a page is, at most, and how far pages lead: each node is asked for all up to there.
const LONGEST: usize = 100;
const DEEPEST: usize = 500;
/// What is said anew to each node, or is about this answer only.
const OWN: [&str; 5] = ["limit", "offset", "format", "min-seq", "q"];

/// Searches the records of this node and of all peers that are trusted with searches.
#[utoipa::path(get, path = "/federation/search", tag = "federation",
    params(("q" = Option<String>, Query, description = "As for /search, and so are all other parameters"),
        ("limit" = Option<usize>, Query, description = "1 to 100, otherwise 20"), ("offset" = Option<usize>, Query, description = "Results passed over, 500 at most"),
        ("sort" = Option<String>, Query, description = "relevance, distance"),
        ("facets" = Option<String>, Query, description = "Facets to count, by commas; values are named without the address of a node: `tema/affido`")),
    responses((status = 200, description = "Results of all nodes, each with the nodes that know it; what each node found, how long it took, which were not heard and why"),
        (status = 400, description = "A parameter is wrong"), (status = 503, description = "The index is being made")))]
pub async fn search(
    State(app): State<App>,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    let found = found(&app, &parameters, reader).await?;
    let answer = json!({
        "query": parameters.one("q")?.unwrap_or_default(),
        "total": found.total,
        "complete": found.nodes.iter().all(|node| node.said.is_ok()),
        "hits": found.hits,
        "facets": found.facets,
        "nodes": found.nodes.iter().map(|node| told(node, "total")).collect::<Vec<_>>(),
        "took_ms": milliseconds(found.took),
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// Puts a search to this node and to all peers that are trusted with searches.
pub async fn found(
    app: &App,
    parameters: &Parameters,
    reader: Reader,
) -> Result<Together, HttpError> {
    let limit = number(parameters, "limit", 1, LONGEST)?.unwrap_or(20);
    let offset = number(parameters, "offset", 0, DEEPEST)?.unwrap_or(0);
    if let Some(name) = ["page", "after"].into_iter().find(|name| parameters.has(name)) {
        return Err(HttpError::BadRequest(format!(
            "results of several nodes are paged by `offset`, not by `{name}`"
        )));
    }
    let order = order(parameters)?;
    // Ranks fuse otherwise at another depth, so the pages up to there are cut out of one list.
    let asked = asked(app, parameters, (limit + offset).next_multiple_of(LONGEST))?;
    wait_for_index(parameters, app).await?;
    // What is refused here is not put to others first.
    let (search, question) = (of(app)?, Parameters::of(asked.clone()));
    blocking(move || ask(&search, &question, reader).map(drop)).await?;
    let start = Instant::now();
    let (own, peers) =
        tokio::join!(own(app, &asked, reader), search_peers(&app.peers, &asked, PATIENCE));
    let (page, took) = own?;
    let mut heard = vec![Heard { node: app.base.as_str().to_owned(), took, said: Ok(page) }];
    let (mut peers, own_records) = (peers?, app.base.id());
    for page in peers.iter_mut().filter_map(|heard| heard.said.as_mut().ok()) {
        // Nobody else speaks for this node's records.
        page.hits.retain(|hit| !hit.iri.starts_with(&own_records));
    }
    heard.extend(peers);
    let total_of = |heard: &Heard<Page>| Heard {
        node: heard.node.clone(),
        took: heard.took,
        said: heard.said.as_ref().map(|page| page.total).map_err(Clone::clone),
    };
    let nodes: Vec<Heard<u64>> = heard.iter().map(total_of).collect();
    let pages: Vec<_> =
        heard.into_iter().filter_map(|heard| Some((heard.node, heard.said.ok()?))).collect();
    // A peer may write any number.
    let total = pages.iter().fold(0, |sum: u64, (_, page)| sum.saturating_add(page.total));
    let fused = fuse(&pages, order);
    let next = offset + limit;
    Ok(Together {
        total,
        next: Some(next)
            .filter(|next| fused.len() >= *next && total > *next as u64)
            .filter(|next| *next <= DEEPEST),
        hits: fused.into_iter().skip(offset).take(limit).collect(),
        offset,
        limit,
        facets: sum(&pages),
        nodes,
        took: start.elapsed(),
    })
}

/// What this node itself finds, in the words in which the others tell it.
async fn own(
    app: &App,
    asked: &[(String, String)],
    reader: Reader,
) -> Result<(Page, Duration), HttpError> {
    let (search, app) = (of(app)?, app.clone());
    let mut asked = asked.to_vec();
    let mut text = without_copies(&app).await?;
    if let Some(place) = asked.iter().position(|(name, _)| name == "q") {
        text += &asked.remove(place).1;
    }
    asked.push(("q".to_owned(), text));
    let parameters = Parameters::of(asked);
    blocking(move || {
        let start = Instant::now();
        let found = search.find(&ask(&search, &parameters, reader)?)?;
        let page = serde_json::from_value(listing(&found, &app.base, &parameters))
            .map_err(|error| HttpError::Internal(error.into()))?;
        Ok((page, start.elapsed()))
    })
    .await
}

/// That what was taken over from those who are asked themselves does not count here.
async fn without_copies(app: &App) -> Result<String, HttpError> {
    let peers = app.peers.list().await?;
    let asked = peers.iter().filter(|peer| peer.may(Trust::Search) && peer.harvest.is_some());
    Ok(asked.map(|peer| format!("-source:peer/{} ", peer.name)).collect())
}

/// The parameters for every node: values are named as all nodes name them.
fn asked(
    app: &App,
    parameters: &Parameters,
    limit: usize,
) -> Result<Vec<(String, String)>, HttpError> {
    let mut asked = common(&app.base, parameters.except(&OWN));
    asked.extend(parameters.one("q")?.map(|text| ("q".to_owned(), text)));
    asked.push(("limit".to_owned(), limit.to_string()));
    if !parameters.has("facets") {
        asked.push(("facets".to_owned(), String::new()));
    }
    Ok(asked)
}

fn order(parameters: &Parameters) -> Result<Fusion, HttpError> {
    match parameters.one("sort")?.as_deref() {
        None | Some("" | "relevance") => Ok(Fusion::Ranks),
        Some("distance") => Ok(Fusion::Distance),
        Some(other) => Err(HttpError::BadRequest(format!(
            "results of several nodes come by relevance or by distance, not by {other:?}"
        ))),
    }
}

/// What became of a node: how many of something it gave, or why it is not heard.
pub fn told(heard: &Heard<u64>, what: &str) -> Value {
    let mut told = json!({ "node": heard.node, "ms": milliseconds(heard.took) });
    match &heard.said {
        Ok(count) => told[what] = json!(count),
        Err(why) => told["failed"] = json!(why),
    }
    told
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
