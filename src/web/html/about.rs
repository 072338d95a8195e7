//! The pages about the site itself: its data, their quality, accessibility, privacy, legal notes,
//! the map of the site. Long texts stand in the templates, one for each language.

use super::entity::source;
use super::frame::{Anchor, Frame, html};
use crate::app::App;
use crate::overview::SourceQuality;
use crate::schema::Language;
use crate::web::address::{PLACES, encode};
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{TermWords, Words};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

/// The rows of the page on quality.
struct QualityRow {
    source: Anchor,
    experiences: String,
    share: u64,
    fresh: u64,
    newest: String,
    having: Vec<u64>,
}

#[derive(Template)]
#[template(path = "quality.html")]
struct QualityPage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    rows: Vec<QualityRow>,
    total: u64,
    counted: bool,
    questions: Vec<Anchor>,
}

/// Renders how good the records of each source are.
pub fn quality_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    sources: &[(String, SourceQuality)],
    counted: bool,
) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let mut frame = Frame::new(app, reader, uri, words.about.quality.to_owned());
    frame.describe(words.about.quality_intro);
    let rows = sources.iter().map(|(name, of)| QualityRow {
        source: named(&frame, &of.graph, name),
        experiences: words.number(&of.experiences.to_string()).unwrap_or_default(),
        share: of.share(),
        fresh: (of.fresh * 100).checked_div(of.experiences).unwrap_or(0),
        newest: of.newest.as_deref().and_then(|date| words.date(date)).unwrap_or_default(),
        having: of.having.iter().map(|n| n * 100 / of.experiences.max(1)).collect(),
    });
    let names = ["schede-da-aggiornare", "vuoti-di-copertura", "evidenza-per-tema"];
    let page = QualityPage {
        words,
        rows: rows.collect(),
        total: sources.iter().map(|(_, of)| of.experiences).sum(),
        counted,
        questions: questions(app, &frame, &names),
        frame: &frame,
    };
    html(&page, reader.language)
}

/// The page about a source, under its name.
fn named(frame: &Frame<'_>, graph: &str, name: &str) -> Anchor {
    Anchor { text: name.to_owned(), ..source(frame, graph) }
}

fn questions(app: &App, frame: &Frame<'_>, names: &[&str]) -> Vec<Anchor> {
    let queries = names.iter().filter_map(|name| app.catalogue.get(name));
    let link = |query: &crate::query::NamedQuery| {
        let text = query.summary.get(frame.reader.language);
        Anchor::new(frame.at(&format!("/q/{}", query.name)), text)
    };
    queries.map(link).collect()
}

#[derive(Template)]
#[template(path = "data.html")]
struct DataPage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    base: &'a str,
    sources: Vec<SourceRow>,
    queries: Vec<Anchor>,
}

struct SourceRow {
    source: Anchor,
    records: String,
    turtle: String,
    triples: String,
}

/// A source graph and how many records it has.
pub struct SourceCount {
    pub graph: String,
    /// What the source is called.
    pub name: String,
    pub records: u64,
}

/// Renders what can be had as data, and how.
pub fn data_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    sources: &[SourceCount],
) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let mut frame = Frame::new(app, reader, uri, words.frame.open_data.to_owned());
    frame.describe(words.about.data_intro);
    let download = |graph: &str, extension: &str| {
        let name = crate::web::asked::encoded(&[("graph".to_owned(), graph.to_owned())]);
        format!("{}/graphs?{name}&format={extension}", frame.root)
    };
    let rows: Vec<SourceRow> = sources
        .iter()
        .map(|count| SourceRow {
            source: named(&frame, &count.graph, &count.name),
            records: words.number(&count.records.to_string()).unwrap_or_default(),
            turtle: download(&count.graph, "ttl"),
            triples: download(&count.graph, "nt"),
        })
        .collect();
    let base = app.base.as_str();
    let exported = app.publication.as_ref().and_then(crate::publish::Publication::exported);
    let files = exported.as_deref().map_or(&[][..], |export| &export.files);
    frame.structured.push(super::structured::dataset(&frame, files));
    frame.structured.push(serde_json::json!({
        "@type": "DataCatalog",
        "name": words.node,
        "url": frame.canonical(),
        "dataset": sources.iter().map(|count| serde_json::json!({
            "@type": "Dataset",
            "@id": encode(&count.graph),
            "name": count.name,
            "description": words.is_graph,
            "license": crate::vocab::LICENCE_CC_BY,
            "isAccessibleForFree": true,
        })).collect::<Vec<_>>(),
    }));
    let queries = app.catalogue.iter().map(|query| {
        let text = query.summary.get(reader.language);
        Anchor::new(frame.at(&format!("/q/{}", query.name)), text)
    });
    let queries = queries.collect();
    html(&DataPage { words, base, sources: rows, queries, frame: &frame }, reader.language)
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
        ("/q", words.named_queries),
        ("/ontologia", words.ontology),
        ("/vocabolari", TermWords::of(reader.language).vocabularies),
        ("/shapes", words.shapes),
        ("/qualita", own.quality),
        ("/search", words.search),
        ("/esperienze/simili", own.similar),
        ("/esperienze/confronta", words.catalogue.compare),
    ];
    let rules = [
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
