//! The search over several nodes: a form, results with the nodes that know them, facets as links,
//! which nodes are missing. Trusts no word of a peer beyond what was checked.

use super::facets::{FacetPart, Facets, Place, facets};
use super::frame::{Anchor, Frame, html};
use super::nodes::{HeardRow, Nodes};
use crate::app::App;
use crate::federation::{self, Fused, Heard, Peer, Trust};
use crate::search::{Count, Counted, Facet, Tagged};
use crate::web::address::page;
use crate::web::asked::common;
use crate::web::error::HttpError;
use crate::web::extract::Parameters;
use crate::web::language::{Reader, tag};
use crate::web::words::{FederationWords, SearchWords, Words, single, told};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;
use serde_json::Value;
use std::time::Duration;

/// The path of the page.
const PATH: &str = "/cerca-ovunque";
/// So many facets are unfolded at first.
const OPEN: usize = 2;

/// What all nodes found together.
pub struct Together {
    pub total: u64,
    /// The results of one page.
    pub hits: Vec<Fused>,
    /// How many results come before them.
    pub offset: usize,
    /// How many results a page has.
    pub limit: usize,
    /// How many results come before the next page, where there is one.
    pub next: Option<usize>,
    pub facets: Vec<federation::Facet>,
    /// How much each node found, or why it is not heard.
    pub nodes: Vec<Heard<u64>>,
    pub took: Duration,
}

#[derive(Template)]
#[template(path = "everywhere.html")]
struct EverywherePage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    own: &'static SearchWords,
    all: &'static FederationWords,
    text: String,
    kept: Vec<(String, String)>,
    /// Whether there is anybody else to ask.
    any: bool,
    here: String,
    found: Option<FoundPart>,
}

struct FoundPart {
    total: String,
    is_one: bool,
    missing: Option<String>,
    chosen: Vec<Anchor>,
    facets: Vec<FacetPart>,
    /// The number of the first result of the page.
    first: usize,
    results: Vec<ResultPart>,
    previous: Option<String>,
    next: Option<String>,
    heard: Vec<HeardRow>,
    data: String,
}

struct ResultPart {
    link: Anchor,
    is_here: bool,
    kind: &'static str,
    nodes: String,
    snippet: String,
    /// The language of the snippet, where it is another one.
    snippet_language: Option<String>,
    distance: Option<String>,
    demonstration: bool,
}

/// The page of what all nodes found, or of a form only.
pub fn everywhere_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    parameters: &Parameters,
    peers: &[Peer],
    together: Option<&Together>,
) -> Result<Response, HttpError> {
    let all = FederationWords::of(reader.language);
    let mut frame = Frame::new(app, reader, uri, all.search_title.to_owned());
    frame.describe(all.search_lead);
    frame.stands_for(PATH);
    frame.is_hidden = together.is_some();
    frame.has_search = true;
    let nodes = Nodes::new(&frame, all, peers);
    let common = Parameters::of(common(&app.base, parameters.except(&[])));
    let here = Place { path: PATH, parameters: &common };
    let mut kept = common.except(&["q", "offset", "format", "facets", "limit"]);
    kept.retain(|(_, value)| !value.is_empty());
    let alone = Place { path: "/search", parameters: &common };
    let pairs = common.except(&["offset", "limit", "facets", "format"]);
    let found = together.map(|together| found_part(&frame, &nodes, &here, together));
    let page = EverywherePage {
        words: Words::of(reader.language),
        own: SearchWords::of(reader.language),
        all,
        text: parameters.one("q")?.unwrap_or_default(),
        kept,
        any: peers.iter().any(|peer| peer.may(Trust::Search)),
        here: alone.address(&frame, &pairs),
        found,
        frame: &frame,
    };
    html(&page, reader.language)
}

fn found_part(
    frame: &Frame<'_>,
    nodes: &Nodes<'_>,
    here: &Place<'_>,
    together: &Together,
) -> FoundPart {
    let all = FederationWords::of(frame.reader.language);
    let counted = counted(&together.facets);
    // A page of other results begins with the first of them.
    let first = Parameters::of(here.parameters.except(&["offset"]));
    let Facets { chosen, parts } =
        facets(frame, &Place { path: PATH, parameters: &first }, &counted, OPEN);
    let at = |offset: usize| here.changed(frame, "offset", Some(&offset.to_string()));
    let before = (together.offset > 0).then(|| at(together.offset.saturating_sub(together.limit)));
    let data = Place { path: "/federation/search", parameters: here.parameters };
    FoundPart {
        total: frame.words.number(&together.total.to_string()).unwrap_or_default(),
        is_one: together.total == 1,
        missing: nodes
            .missing(&together.nodes)
            .map(|names| told(all.search_missing, &[("nodes", names)])),
        chosen,
        facets: parts,
        first: together.offset + 1,
        results: together.hits.iter().map(|hit| result(frame, nodes, hit)).collect(),
        previous: before,
        next: together.next.map(at),
        heard: nodes.heard(frame, &together.nodes),
        data: data.with(frame, "lang", tag(frame.reader.language)),
    }
}

/// The facets of all nodes as those of one.
fn counted(facets: &[federation::Facet]) -> Vec<Counted> {
    let count = |count: &federation::Count| Count {
        value: count.value.clone(),
        label: count.label.clone(),
        count: u32::try_from(count.count).unwrap_or(u32::MAX),
        chosen: count.selected,
        above: count.broader.clone(),
    };
    let facet = |facet: &federation::Facet| {
        let values = facet.values.iter().map(count).collect();
        Some(Counted { facet: Facet::named(&facet.facet)?, values })
    };
    facets.iter().filter_map(facet).collect()
}

fn result(frame: &Frame<'_>, nodes: &Nodes<'_>, fused: &Fused) -> ResultPart {
    let hit = &fused.hit;
    let (link, is_here) = title(frame, &hit.iri, &hit.title, &hit.titles);
    ResultPart {
        link,
        is_here,
        kind: single(&hit.kind, frame.reader.language),
        nodes: nodes.names(&fused.nodes),
        snippet: hit.snippet.clone(),
        snippet_language: foreign(frame, &hit.snippet_language),
        distance: hit.distance_km.map(|km| format!("{km:.0} km")),
        demonstration: hit.demonstration,
    }
}

/// The title of a record with the way to its page, and whether that is here.
pub fn title(frame: &Frame<'_>, iri: &str, title: &str, titles: &Value) -> (Anchor, bool) {
    let below = iri.strip_prefix(frame.base.as_str());
    let is_here = below.is_some_and(|rest| rest.starts_with('/'));
    let titles: Vec<Tagged> = serde_json::from_value(titles.clone()).unwrap_or_default();
    let language = titles.into_iter().find(|name| name.text == title).map(|name| name.language);
    let address = if is_here { page(frame.base, iri, frame.reader) } else { iri.to_owned() };
    let language = language.and_then(|language| foreign(frame, &language));
    (Anchor { address, text: title.to_owned(), language }, is_here)
}

/// A language that is not that of the page. A peer may write anything where one is named.
fn foreign(frame: &Frame<'_>, language: &str) -> Option<String> {
    let is_tag =
        !language.is_empty() && language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (is_tag && language != tag(frame.reader.language)).then(|| language.to_owned())
}
