//! The page on the state of the node: how far its parts have followed the log, and how its peers
//! are. Asks nobody itself.

use super::frame::{Frame, html};
use crate::app::App;
use crate::federation::{Peer, Trust};
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{StatusWords, Words, told};
use askama::Template;
use axum::http::Uri;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::response::Response;

/// How far each part of a node has followed the log, by numbers of changes.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The last change in the log.
    pub head: u64,
    /// The last one in the graph.
    pub applied: u64,
    /// The last one the rules have seen, where there are rules.
    pub inferred: Option<u64>,
    /// The last one that can be found, where there is an index.
    pub indexed: Option<u64>,
    /// The last one that others can harvest, where something is published.
    pub published: Option<u64>,
}

/// A part of the node.
struct PartRow {
    name: &'static str,
    seq: String,
    state: String,
}

/// A peer as the page shows it.
struct PeerRow {
    name: String,
    address: String,
    kind: &'static str,
    trust: String,
    state: String,
    /// What is wrong, as the program says it.
    detail: String,
    checked: String,
    holds: Vec<String>,
    /// What the last harvest brought, and what stopped it, as the program says it.
    harvest: String,
    harvest_detail: String,
}

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage<'a> {
    frame: &'a Frame<'a>,
    words: &'static StatusWords,
    version: String,
    parts: Vec<PartRow>,
    peers: Vec<PeerRow>,
    summary: String,
    data: String,
    /// Whether any of them may be asked queries, and whether any may be searched.
    asks: bool,
    searches: bool,
}

/// Renders the state of a node and of its peers.
pub fn status_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    progress: &Progress,
    peers: &[Peer],
) -> Result<Response, HttpError> {
    let (all, words) = (Words::of(reader.language), StatusWords::of(reader.language));
    let mut frame = Frame::new(app, reader, uri, all.frame.status.to_owned());
    frame.describe(words.lead);
    let well = peers.iter().filter(|peer| peer.is_well() == Some(true)).count();
    let values = [("well", well.to_string()), ("all", peers.len().to_string())];
    let page = StatusPage {
        words,
        version: told(words.version, &[("version", env!("CARGO_PKG_VERSION").to_owned())]),
        parts: parts(progress, all, words),
        peers: peers.iter().map(|peer| row(peer, all, words)).collect(),
        summary: told(words.summary, &values),
        data: format!("{}/federation/peers", frame.root),
        asks: peers.iter().any(|peer| peer.may(Trust::Query)),
        searches: peers.iter().any(|peer| peer.may(Trust::Search)),
        frame: &frame,
    };
    let mut response = html(&page, reader.language)?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

fn parts(progress: &Progress, all: &Words, words: &'static StatusWords) -> Vec<PartRow> {
    let [log, graph, rules, index, published] = words.parts;
    let reached = [
        (log, Some(progress.head)),
        (graph, Some(progress.applied)),
        (rules, progress.inferred),
        (index, progress.indexed),
        (published, progress.published),
    ];
    let row = |(name, seq): (&'static str, Option<u64>)| {
        let Some(seq) = seq else {
            return PartRow { name, seq: String::new(), state: words.absent.to_owned() };
        };
        let behind = progress.head.saturating_sub(seq);
        let state = match behind {
            0 => words.current.to_owned(),
            1 => words.one_behind.to_owned(),
            _ => told(words.behind, &[("count", number(all, behind))]),
        };
        PartRow { name, seq: number(all, seq), state }
    };
    reached.into_iter().map(row).collect()
}

fn row(peer: &Peer, all: &Words, words: &'static StatusWords) -> PeerRow {
    let trust: Vec<&str> = peer.trust.iter().map(|trust| words.trust(*trust)).collect();
    let health = peer.health.as_ref();
    let problem = health.and_then(|health| health.problem.as_ref());
    let date = |moment: jiff::Timestamp| {
        let text = moment.to_string();
        format!("{} UTC", all.date(&text).unwrap_or(text))
    };
    let state = match (health, problem) {
        (None, _) => words.not_checked.to_owned(),
        (Some(_), Some(problem)) => words.problem(problem.kind).to_owned(),
        (Some(health), None) => {
            let latency = health.latency.map_or(0, |latency| latency.as_millis() as u64);
            told(words.well, &[("ms", number(all, latency))])
        }
    };
    let counts = health.map(|health| health.counts).unwrap_or_default();
    let counts =
        [(words.triples, counts.triples), (words.records, counts.records), (words.seq, counts.seq)];
    let mut holds: Vec<String> = counts
        .into_iter()
        .filter_map(|(text, count)| Some(told(text, &[("count", number(all, count?))])))
        .collect();
    // What is known of a peer that is not well is as old as its last answer.
    if let (Some(_), Some(answered)) = (problem, health.and_then(|health| health.answered)) {
        holds.push(told(words.as_of, &[("date", date(answered))]));
    }
    let (harvest, harvest_detail) = harvest(peer, all, words);
    PeerRow {
        harvest,
        harvest_detail,
        name: peer.name.clone(),
        address: peer.address().to_owned(),
        kind: words.kind(peer.kind),
        trust: if trust.is_empty() { words.no_trust.to_owned() } else { trust.join(", ") },
        state,
        detail: problem.map(|problem| problem.detail.clone()).unwrap_or_default(),
        checked: health.map(|health| date(health.checked)).unwrap_or_default(),
        holds,
    }
}

/// What the last harvest brought, and what stopped it.
fn harvest(peer: &Peer, all: &Words, words: &'static StatusWords) -> (String, String) {
    let Some(run) = &peer.harvest else { return Default::default() };
    let counts = &run.counts;
    let values = [
        ("date", format!("{} UTC", all.date(&run.started).unwrap_or_else(|| run.started.clone()))),
        ("new", number(all, counts.added)),
        ("changed", number(all, counts.changed)),
        ("deleted", number(all, counts.deleted)),
        ("held", number(all, counts.quarantined)),
    ];
    let end = match (&run.problem, &run.ended) {
        (Some(_), _) => words.harvest_stopped,
        (None, None) => words.harvest_open,
        (None, Some(_)) => "",
    };
    let detail = run.problem.as_ref().map(|(_, detail)| detail.clone()).unwrap_or_default();
    (format!("{}{end}", told(words.harvest, &values)), detail)
}

fn number(words: &Words, number: u64) -> String {
    words.number(&number.to_string()).unwrap_or_default()
}
