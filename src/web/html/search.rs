//! The search of the whole site: a form, results of every kind, facets as links, advice.

use super::card::snippet_lang;
use super::facets::{FacetPart, Facets, Place, facets};
use super::frame::{Anchor, Frame, html};
use super::notes::{Note, notes};
use crate::app::App;
use crate::federation::Trust;
use crate::search::{Alike, Facet, Found, Hit, Tagged};
use crate::web::address::page;
use crate::web::asked::next;
use crate::web::error::HttpError;
use crate::web::extract::Parameters;
use crate::web::found::{RESULTS, marked};
use crate::web::language::{Reader, tag};
use crate::web::words::{SearchWords, Words};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

/// The path of the search.
const PATH: &str = "/search";
/// So many facets are unfolded at first.
const OPEN: usize = 2;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    own: &'static SearchWords,
    text: String,
    kept: Vec<(String, String)>,
    total: String,
    is_one: bool,
    notes: Vec<Note>,
    chosen: Vec<Anchor>,
    facets: Vec<FacetPart>,
    results: Vec<ResultPart>,
    next: Option<String>,
    formats: Vec<Anchor>,
    /// The same search over all nodes, where there are others.
    all: Option<String>,
}

struct ResultPart {
    link: Anchor,
    kind: &'static str,
    snippet: String,
    /// The language of the snippet, where it is another one, as an attribute.
    snippet_lang: String,
    distance: Option<String>,
    demonstration: bool,
}

/// Another record and why it is like this one.
#[derive(Debug, Clone)]
pub struct AlikePart {
    pub link: Anchor,
    pub reasons: Vec<String>,
}

/// The page of a search's results.
pub fn search_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    parameters: &Parameters,
    found: &Found,
) -> Result<Response, HttpError> {
    let (words, own) = (Words::of(reader.language), SearchWords::of(reader.language));
    let mut frame = Frame::new(app, reader, uri, own.title.to_owned());
    frame.is_hidden = !parameters.except(&[]).is_empty();
    frame.has_search = true;
    let mut pairs =
        parameters.except(&["format", "after", "page", "facets", "lang", "limit", "min-seq"]);
    pairs.retain(|(_, value)| !value.is_empty());
    frame.feed(&pairs);
    let here = Place { path: PATH, parameters };
    let Facets { chosen, parts } = facets(&frame, &here, &found.facets, OPEN);
    let mut kept = parameters.except(&["q", "format", "after", "page", "facets", "lang"]);
    kept.retain(|(_, value)| !value.is_empty());
    let formats = RESULTS
        .iter()
        .map(|media| Anchor::new(here.with(&frame, "format", media.extension), media.label));
    let page = SearchPage {
        words,
        own,
        text: parameters.one("q")?.unwrap_or_default(),
        kept,
        total: words.number(&found.total.to_string()).unwrap_or_default(),
        is_one: found.total == 1,
        notes: notes(&frame, own, &here, found),
        chosen,
        facets: parts,
        results: found.hits.iter().map(|hit| result(&frame, hit)).collect(),
        next: found.next.map(|mark| format!("{}?{}", frame.at(PATH), next(parameters, mark))),
        formats: formats.collect(),
        all: app.peers.any(Trust::Search).then(|| {
            let everywhere = Place { path: "/cerca-ovunque", parameters };
            // Only relevance and distance mean the same everywhere.
            let mut pairs = pairs.clone();
            pairs.retain(|(name, value)| name != "sort" || value == "distance");
            everywhere.address(&frame, &pairs)
        }),
        frame: &frame,
    };
    html(&page, reader.language)
}

/// Records like the one a page is about, with the reasons in the reader's language.
pub fn alike(frame: &Frame<'_>, list: &[Alike]) -> Vec<AlikePart> {
    let one = |alike: &Alike| AlikePart {
        link: anchor(frame, &alike.iri, &alike.title, &alike.names),
        reasons: alike
            .reasons
            .iter()
            .map(|reason| reason.text.get(frame.reader.language).to_owned())
            .collect(),
    };
    list.iter().map(one).collect()
}

fn result(frame: &Frame<'_>, hit: &Hit) -> ResultPart {
    ResultPart {
        link: anchor(frame, &hit.iri, &hit.title, &hit.names),
        kind: crate::web::words::single(&hit.kind, frame.reader.language),
        snippet: marked(&hit.snippet),
        snippet_lang: snippet_lang(frame, hit),
        distance: hit.distance_km.map(|km| format!("{km:.0} km")),
        demonstration: hit.demonstration,
    }
}

fn anchor(frame: &Frame<'_>, iri: &str, title: &str, names: &[Tagged]) -> Anchor {
    let language = names.iter().find(|name| name.text == title).map(|name| name.language.clone());
    let language =
        language.filter(|language| !language.is_empty() && language != tag(frame.reader.language));
    Anchor { address: page(frame.base, iri, frame.reader), text: title.to_owned(), language }
}

/// The facets that the page counts.
pub const COUNTED: [Facet; 8] = [
    Facet::Kind,
    Facet::Territory,
    Facet::Theme,
    Facet::Target,
    Facet::Level,
    Facet::Phase,
    Facet::Evidence,
    Facet::Cost,
];
