//! Experiences side by side, and experiences like the one somebody needs.
//! Knows views and likeness, not how they were found.

use super::card::Card;
use super::frame::{Anchor, Frame, html};
use super::groups::groups;
use super::record::prefer;
use super::value::{Parts, PropertyPart};
use crate::app::App;
use crate::entity::{Property, View};
use crate::overview::Brief;
use crate::search::Alike;
use crate::web::asked::encoded;
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{SearchWords, Words};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

#[derive(Template)]
#[template(path = "compare.html")]
struct ComparePage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

struct Column {
    link: Anchor,
    drop: String,
}

struct Row {
    property: Anchor,
    cells: Vec<Option<PropertyPart>>,
}

/// Renders the comparison of some experiences, by the ends of their IRIs.
pub fn compare_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    slugs: &[String],
    views: &[View],
) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let title = words.catalogue.compare.to_owned();
    let mut frame = Frame::new(app, reader, uri, title);
    frame.crumb(frame.at("/esperienze"), words.experiences);
    frame.describe(words.catalogue.compare_intro);
    frame.is_hidden = true;
    let mut rows = Vec::new();
    let mut parts = Parts::new(&frame);
    parts.is_plain = true;
    for name in groups("esperienza").iter().flat_map(|group| group.properties) {
        let found: Vec<Option<&Property>> =
            views.iter().map(|view| property(view, name.as_str())).collect();
        if let Some(first) = found.iter().flatten().next() {
            rows.push(Row {
                property: frame.link(&first.link),
                cells: found
                    .iter()
                    .map(|property| {
                        property.map(|property| {
                            let mut property = property.clone();
                            prefer(&mut property.values, words.tag);
                            parts.property("", &property)
                        })
                    })
                    .collect(),
            });
        }
    }
    let columns = views.iter().zip(slugs).map(|(view, slug)| {
        let others = slugs.iter().filter(|other| *other != slug);
        let pairs: Vec<_> = others.map(|other| ("id".to_owned(), other.clone())).collect();
        Column {
            link: frame.link(&view.link),
            drop: format!("{}?{}", frame.at("/esperienze/confronta"), encoded(&pairs)),
        }
    });
    let columns = columns.collect();
    html(&ComparePage { words, columns, rows, frame: &frame }, reader.language)
}

/// A property of the record itself, from whichever source states it.
fn property<'v>(view: &'v View, name: &str) -> Option<&'v Property> {
    let nodes = view.parts.iter().flat_map(|part| &part.nodes);
    let roots = nodes.filter(|node| node.link.iri == view.link.iri);
    roots.flat_map(|node| &node.properties).find(|property| property.link.iri == name)
}

#[derive(Template)]
#[template(path = "similar.html")]
struct SimilarPage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    own: &'static SearchWords,
    need: &'a str,
    place: &'a str,
    trouble: Option<&'a str>,
    cards: Vec<Card>,
    is_asked: bool,
}

/// What somebody needs, and what was found for it.
#[derive(Default)]
pub struct Needed {
    pub need: String,
    pub place: String,
    /// Why nothing could be looked for.
    pub trouble: Option<String>,
    pub found: Vec<(Alike, Brief)>,
    pub is_asked: bool,
}

/// Renders the form for a need and the experiences that come nearest to it.
pub fn similar_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    needed: &Needed,
) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let mut frame = Frame::new(app, reader, uri, words.catalogue.similar_title.to_owned());
    frame.crumb(frame.at("/esperienze"), words.experiences);
    frame.describe(words.catalogue.similar_intro);
    frame.is_hidden = needed.is_asked;
    let cards = needed.found.iter().map(|(alike, brief)| {
        let reasons = alike.reasons.iter();
        let reasons = reasons.map(|reason| reason.text.get(reader.language).to_owned()).collect();
        Card { reasons, ..Card::new(&frame, brief) }
    });
    let page = SimilarPage {
        words,
        own: SearchWords::of(reader.language),
        need: &needed.need,
        place: &needed.place,
        trouble: needed.trouble.as_deref(),
        cards: cards.collect(),
        is_asked: needed.is_asked,
        frame: &frame,
    };
    html(&page, reader.language)
}
