//! The pages about the site itself: accessibility, privacy, legal notes,
//! the map of the site. Long texts stand in the templates, one for each language.

use super::entity::source;
use super::frame::{Anchor, Frame, html};
use crate::app::App;
use crate::schema::Language;
use crate::web::address::PLACES;
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{TermWords, Words};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

/// The page about a source, under its name.
pub(super) fn named(frame: &Frame<'_>, graph: &str, name: &str) -> Anchor {
    Anchor { text: name.to_owned(), ..source(frame, graph) }
}

pub(super) fn questions(app: &App, frame: &Frame<'_>, names: &[&str]) -> Vec<Anchor> {
    let queries = names.iter().filter_map(|name| app.catalogue.get(name));
    let link = |query: &crate::query::NamedQuery| {
        let text = query.summary.get(frame.reader.language);
        Anchor::new(frame.at(&format!("/q/{}", query.name)), text)
    };
    queries.map(link).collect()
}

#[derive(Template)]
#[template(path = "accessibility.it.html")]
struct AccessibilityItalian<'a> {
    version: &'static str,
    frame: &'a Frame<'a>,
    words: &'static Words,
    sent: Option<bool>,
}

#[derive(Template)]
#[template(path = "accessibility.en.html")]
struct AccessibilityEnglish<'a> {
    version: &'static str,
    frame: &'a Frame<'a>,
    words: &'static Words,
    sent: Option<bool>,
}

#[derive(Template)]
#[template(path = "privacy.it.html")]
struct PrivacyItalian<'a> {
    frame: &'a Frame<'a>,
}

#[derive(Template)]
#[template(path = "privacy.en.html")]
struct PrivacyEnglish<'a> {
    frame: &'a Frame<'a>,
}

#[derive(Template)]
#[template(path = "legal.it.html")]
struct LegalItalian<'a> {
    frame: &'a Frame<'a>,
}

#[derive(Template)]
#[template(path = "legal.en.html")]
struct LegalEnglish<'a> {
    frame: &'a Frame<'a>,
}

/// Renders a page of text; `sent` tells whether a message came with the request and was kept.
pub fn text_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    sent: Option<bool>,
) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let italian = reader.language == Language::Italian;
    let title = match uri.path() {
        "/accessibilita" => words.frame.accessibility,
        "/privacy" => words.frame.privacy,
        _ => words.frame.legal,
    };
    let version = env!("CARGO_PKG_VERSION");
    let frame = &Frame::new(app, reader, uri, title.to_owned());
    match (uri.path(), italian) {
        ("/accessibilita", true) => {
            html(&AccessibilityItalian { version, frame, words, sent }, reader.language)
        }
        ("/accessibilita", false) => {
            html(&AccessibilityEnglish { version, frame, words, sent }, reader.language)
        }
        ("/privacy", true) => html(&PrivacyItalian { frame }, reader.language),
        ("/privacy", false) => html(&PrivacyEnglish { frame }, reader.language),
        (_, true) => html(&LegalItalian { frame }, reader.language),
        (_, false) => html(&LegalEnglish { frame }, reader.language),
    }
}

#[derive(Template)]
#[template(path = "sitemap.html")]
struct MapPage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    kinds: Vec<(Anchor, &'static str)>,
    data: Vec<Anchor>,
    rules: Vec<Anchor>,
}

/// Renders the map of the site.
pub fn sitemap_page(app: &App, reader: Reader, uri: &Uri) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let frame = Frame::new(app, reader, uri, words.frame.site_map.to_owned());
    let kinds = PLACES.into_iter().map(|(kind, place)| {
        let name = words.kind(kind).unwrap_or_default();
        (Anchor::new(frame.at(place), name), crate::web::words::intro(kind, reader.language))
    });
    let link = |(path, text): (&str, &str)| Anchor::new(frame.at(path), text);
    let own = words.frame;
    let data = [
        ("/dati", own.open_data),
        ("/sparql", words.sparql),
        ("/federazione", own.ask_all),
        ("/q", words.named_queries),
        ("/ontologia", words.ontology),
        ("/vocabolari", TermWords::of(reader.language).vocabularies),
        ("/shapes", words.shapes),
        ("/qualita", own.quality),
        ("/search", words.search),
        ("/cerca-ovunque", own.search_all),
        ("/esperienze/simili", own.similar),
        ("/esperienze/confronta", words.catalogue.compare),
    ];
    let rules = [
        ("/stato", own.status),
        ("/accessibilita", own.accessibility),
        ("/privacy", own.privacy),
        ("/note-legali", own.legal),
    ];
    let page = MapPage {
        words,
        kinds: kinds.collect(),
        data: data.into_iter().map(link).collect(),
        rules: rules.into_iter().map(link).collect(),
        frame: &frame,
    };
    html(&page, reader.language)
}
