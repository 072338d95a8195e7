//! Experiences of several nodes like one of this node, each with its reasons and its node.

use super::everywhere::title;
use super::facets::Place;
use super::frame::{Anchor, Frame, html};
use super::nodes::{HeardRow, Nodes};
use crate::app::App;
use crate::federation::{Heard, Known, Peer};
use crate::schema::Language;
use crate::search::Portrait;
use crate::web::address::page;
use crate::web::error::HttpError;
use crate::web::extract::Parameters;
use crate::web::language::Reader;
use crate::web::words::{FederationWords, SearchWords, Words, told};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

#[derive(Template)]
#[template(path = "likes.html")]
struct LikesPage<'a> {
    frame: &'a Frame<'a>,
    own: &'static SearchWords,
    all: &'static FederationWords,
    of: Anchor,
    missing: Option<String>,
    likes: Vec<LikePart>,
    heard: Vec<HeardRow>,
    data: String,
}

struct LikePart {
    link: Anchor,
    is_here: bool,
    nodes: String,
    reasons: Vec<String>,
    demonstration: bool,
}

/// The page of what is like a record.
pub fn likes_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    (iri, portrait): (&str, &Portrait),
    (list, heard): (&[Known], &[Heard<u64>]),
    peers: &[Peer],
) -> Result<Response, HttpError> {
    let (words, all) = (Words::of(reader.language), FederationWords::of(reader.language));
    let mut frame = Frame::new(app, reader, uri, all.likes_title.to_owned());
    let of = Anchor::new(page(&app.base, iri, reader), portrait.name.get(reader.language));
    frame.crumb(frame.at("/esperienze"), words.experiences);
    frame.crumb(of.address.clone(), &of.text);
    frame.is_hidden = true;
    let nodes = Nodes::new(&frame, all, peers);
    let part = |known: &Known| {
        let like = &known.like;
        let (link, is_here) = title(&frame, &like.iri, &like.title, &like.titles);
        let reasons = like.reasons.iter().map(|reason| match reader.language {
            Language::Italian => reason.it.clone(),
            Language::English => reason.en.clone(),
        });
        LikePart {
            link,
            is_here,
            nodes: nodes.names(&known.nodes),
            reasons: reasons.collect(),
            demonstration: like.demonstration,
        }
    };
    let asked = Parameters::parse(uri.query().unwrap_or_default());
    let place = Place { path: "/federation/related", parameters: &asked };
    let page = LikesPage {
        own: SearchWords::of(reader.language),
        all,
        of,
        missing: nodes.missing(heard).map(|names| told(all.search_missing, &[("nodes", names)])),
        likes: list.iter().map(part).collect(),
        heard: nodes.heard(&frame, heard),
        data: place.changed(&frame, "format", Some("json")),
        frame: &frame,
    };
    html(&page, reader.language)
}
