//! The list of the records of a kind: facets, chips, order, list or map or table, the same as
//! data, advice where nothing was found.

use super::card::{Card, lang};
use super::facets::{FacetPart, Facets, Place, facets};
use super::frame::{Anchor, Frame, html};
use super::map::{Map, Spot};
use super::notes::{Note, notes};
use crate::app::App;
use crate::entity::{Label, Link};
use crate::search::{Facet, Found};
use crate::web::address::place;
use crate::web::asked::{encoded, next};
use crate::web::error::HttpError;
use crate::web::extract::Parameters;
use crate::web::found::RESULTS;
use crate::web::language::Reader;
use crate::web::words::{SearchWords, Words, intro};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

/// So many facets are unfolded at first.
const OPEN: usize = 3;

/// The kinds that are looked for together.
const ALSO: [&[&str]; 4] = [
    &["notizia", "evento"],
    &["risorsa", "competenza", "raccolta"],
    &["percorso", "modello"],
    &["esperienza", "valutazione", "raccolta"],
];

/// The ways to show a list: the value of the parameter `view`.
pub const VIEWS: [&str; 3] = ["elenco", "mappa", "tabella"];

#[derive(Template)]
#[template(path = "catalogue.html")]
struct CataloguePage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    own: &'static SearchWords,
    kind: &'static str,
    intro: &'static str,
    text: String,
    near: String,
    within: String,
    kept: Vec<(String, String)>,
    total: String,
    notes: Vec<Note>,
    chosen: Vec<Anchor>,
    clear: String,
    facets: Vec<FacetPart>,
    view: &'static str,
    views: Vec<Choice>,
    orders: Vec<Choice>,
    cards: Vec<Card>,
    map: Option<Map<'a>>,
    tree: Vec<BranchPart>,
    counted: &'static str,
    advice: Vec<Anchor>,
    also: Vec<Anchor>,
    next: Option<String>,
    formats: Vec<Anchor>,
    demonstration: bool,
}

/// Parameters that say how a list is shown, not what is in it.
const PAGING: [&str; 6] = ["format", "after", "page", "facets", "lang", "view"];

/// One of several ways, each a link.
struct Choice {
    address: String,
    text: &'static str,
    is_chosen: bool,
}

/// What a list shows.
pub struct Listing<'l> {
    pub kind: &'static str,
    pub view: &'static str,
    pub found: &'l Found,
    pub cards: Vec<CardSource>,
    pub spots: Vec<SpotSource>,
    /// Whether the records have dates to be sorted by.
    pub is_dated: bool,
    /// Whether all of them are there, sorted by name.
    pub is_whole: bool,
    /// The concepts of a scheme from the top, in the place of cards.
    pub tree: Vec<Branch>,
    /// The regions, in the place of cards.
    pub regions: Vec<Spot>,
    /// Whether the records have places.
    pub is_mapped: bool,
}

/// A concept with what is narrower.
pub struct Branch {
    pub link: Link,
    pub text: Option<Label>,
    /// How many experiences there are.
    pub count: u32,
    pub below: Vec<Branch>,
}

struct BranchPart {
    link: Anchor,
    text: String,
    text_lang: String,
    count: String,
    below: Vec<BranchPart>,
}

/// A record to be shown: its place among the hits and what is known of it.
pub struct CardSource {
    pub hit: usize,
    pub brief: crate::overview::Brief,
}

/// A territory to be shown on the map.
pub struct SpotSource {
    pub value: String,
    pub name: String,
    pub count: u32,
    pub region: Option<String>,
    pub place: Option<(f64, f64)>,
}

/// Renders a list.
pub fn catalogue_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    parameters: &Parameters,
    listing: &Listing<'_>,
) -> Result<Response, HttpError> {
    let (words, own) = (Words::of(reader.language), SearchWords::of(reader.language));
    let path = place(listing.kind).unwrap_or("/");
    let title = words.kind(listing.kind).unwrap_or_default();
    let mut frame = Frame::new(app, reader, uri, title.to_owned());
    frame.stands_for(path);
    frame.describe(intro(listing.kind, reader.language));
    // A search names the whole list as the page that stands for it; facets would go on for ever.
    frame.is_hidden = !parameters.except(&["view", "q"]).is_empty();
    let mut pairs = parameters.except(&PAGING);
    pairs.retain(|(_, value)| !value.is_empty());
    pairs.push(("kind".to_owned(), listing.kind.to_owned()));
    frame.feed(&pairs);
    let (found, here) = (listing.found, Place { path, parameters });
    let text = parameters.one("q")?.unwrap_or_default();
    let is_searched = !text.is_empty();
    let Facets { chosen, parts } = facets(&frame, &here, &found.facets, OPEN);
    let cards: Vec<Card> = listing
        .cards
        .iter()
        .filter_map(|source| {
            let hit = found.hits.get(source.hit)?;
            Some(Card::new(&frame, &source.brief).found(&frame, hit, is_searched))
        })
        .collect();
    let mut kept = parameters.except(&["q", "near", "within", "after", "page", "facets", "lang"]);
    kept.retain(|(_, value)| !value.is_empty());
    let spots = spots(&frame, &here, &listing.spots);
    let advice = if found.total == 0 { advice(&frame, &here, &text, found) } else { Vec::new() };
    let page = CataloguePage {
        words,
        own,
        kind: listing.kind,
        intro: intro(listing.kind, reader.language),
        near: parameters.one("near")?.unwrap_or_default(),
        within: parameters.one("within")?.unwrap_or_default(),
        total: words.number(&found.total.to_string()).unwrap_or_default(),
        notes: notes(&frame, own, &here, found),
        clear: frame.at(path),
        facets: parts,
        view: listing.view,
        views: if listing.is_mapped { views(&frame, &here, listing.view) } else { Vec::new() },
        orders: orders(&frame, &here, listing, is_searched)?,
        map: match listing.regions.is_empty() {
            true => (listing.view == VIEWS[1]).then(|| Map::new(&frame, &spots)),
            false => Some(Map::new(&frame, &listing.regions)),
        },
        tree: listing.tree.iter().map(|branch| branch_part(&frame, branch)).collect(),
        counted: match (found.total == 1, is_searched || !chosen.is_empty()) {
            (true, _) => own.one_result,
            (false, true) => own.results,
            (false, false) => title,
        },
        next: found
            .next
            .filter(|_| !listing.is_whole && listing.view != VIEWS[1])
            .map(|mark| format!("{}?{}", frame.at(path), next(parameters, mark))),
        formats: formats(&frame, listing.kind, parameters),
        demonstration: cards.iter().any(|card| card.demonstration),
        text,
        kept,
        chosen,
        cards,
        advice,
        also: also(&frame, listing.kind),
        frame: &frame,
    };
    html(&page, reader.language)
}

fn branch_part(frame: &Frame<'_>, branch: &Branch) -> BranchPart {
    BranchPart {
        link: frame.link(&branch.link),
        text: branch.text.as_ref().map_or_else(String::new, |label| label.text.clone()),
        text_lang: lang(frame, branch.text.as_ref()),
        count: frame.words.number(&branch.count.to_string()).unwrap_or_default(),
        below: branch.below.iter().map(|branch| branch_part(frame, branch)).collect(),
    }
}

fn views(frame: &Frame<'_>, here: &Place<'_>, view: &str) -> Vec<Choice> {
    let own = frame.words.catalogue;
    let texts = [own.as_list, own.as_map, own.as_table];
    let choice = |(name, text): (&&'static str, &'static str)| Choice {
        address: here.changed(frame, "view", Some(name).filter(|name| **name != VIEWS[0]).copied()),
        text,
        is_chosen: *name == view,
    };
    VIEWS.iter().zip(texts).map(choice).collect()
}

fn orders(
    frame: &Frame<'_>,
    here: &Place<'_>,
    listing: &Listing<'_>,
    is_searched: bool,
) -> Result<Vec<Choice>, HttpError> {
    let own = frame.words.catalogue;
    let asked = here.parameters.one("sort")?.unwrap_or_default();
    let is_near = here.parameters.one("near")?.is_some_and(|near| !near.is_empty());
    let mut orders = Vec::new();
    let default = if is_searched || !listing.is_dated { "relevance" } else { "date" };
    let chosen = if asked.is_empty() { default } else { asked.as_str() };
    for (name, text, is_there) in [
        ("relevance", own.by_relevance, is_searched),
        ("date", own.by_date, listing.is_dated),
        ("distance", own.by_distance, is_near),
    ] {
        if is_there {
            let address = here.changed(frame, "sort", Some(name));
            orders.push(Choice { address, text, is_chosen: name == chosen });
        }
    }
    if orders.len() < 2 {
        orders.clear();
    }
    Ok(orders)
}

fn spots(frame: &Frame<'_>, here: &Place<'_>, sources: &[SpotSource]) -> Vec<Spot> {
    let territory = Facet::Territory.name();
    sources
        .iter()
        .map(|source| Spot {
            name: source.name.clone(),
            count: source.count,
            address: here.with(frame, territory, &source.value),
            region: source.region.clone(),
            place: source.place,
            is_listed: source.count > 0,
        })
        .collect()
}

/// Ways on from an empty list: without a filter, without the place, everywhere.
fn advice(frame: &Frame<'_>, here: &Place<'_>, text: &str, found: &Found) -> Vec<Anchor> {
    let own = frame.words.catalogue;
    let without = |name: &str| format!("{} «{name}»", own.without);
    let mut ways: Vec<Anchor> = Vec::new();
    for counted in &found.facets {
        let name = counted.facet.name();
        for value in counted.values.iter().filter(|value| value.chosen) {
            let label = value.label.get(frame.reader.language);
            ways.push(Anchor::new(here.without(frame, name, &value.value), without(label)));
            let above = counted.values.iter().find(|v| value.above.as_ref() == Some(&v.value));
            if let Some(above) = above {
                let text = format!("{} «{}»", own.wider, above.label.get(frame.reader.language));
                let address = here.changed(frame, name, Some(&above.value));
                ways.push(Anchor::new(address, text));
            }
        }
    }
    for (name, label) in [("near", own.near), ("year", own.since)] {
        if here.parameters.has(name) {
            ways.push(Anchor::new(here.changed(frame, name, None), without(label)));
        }
    }
    if !text.is_empty() {
        let pair = |name: &str| encoded(&[(name.to_owned(), text.to_owned())]);
        let similar = format!("{}?{}", frame.at("/esperienze/simili"), pair("need"));
        ways.push(Anchor::new(format!("{}?{}", frame.at("/search"), pair("q")), own.everywhere));
        ways.push(Anchor::new(similar, own.similar_offer));
    }
    ways
}

/// The lists of the kinds that are looked for together.
fn also(frame: &Frame<'_>, kind: &str) -> Vec<Anchor> {
    let group = ALSO.iter().find(|group| group.contains(&kind)).copied().unwrap_or_default();
    let others = group.iter().filter(|other| **other != kind);
    others
        .filter_map(|other| Some(Anchor::new(frame.at(place(other)?), frame.words.kind(other)?)))
        .collect()
}

/// The same list as data, from the search interface.
fn formats(frame: &Frame<'_>, kind: &str, parameters: &Parameters) -> Vec<Anchor> {
    let mut pairs = parameters.except(&PAGING);
    pairs.push(("kind".to_owned(), kind.to_owned()));
    let address =
        |extension: &str| format!("{}/search?{}&format={extension}", frame.root, encoded(&pairs));
    let format = |media: &crate::media::Media| Anchor::new(address(media.extension), media.label);
    let calendar = (kind == "evento").then(|| Anchor::new(frame.at("/eventi.ics"), "iCalendar"));
    RESULTS.iter().map(format).chain(calendar).collect()
}
