//! The first page, the lists of records, and the SPARQL form.

use super::entity::Pager;
use super::frame::{Anchor, Frame, html};
use crate::app::App;
use crate::entity::Link;
use crate::web::address::root;
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{SearchWords, Words};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

/// How many records of a kind there are.
pub struct KindCount {
    pub kind: &'static str,
    pub total: u64,
}

struct KindLink {
    address: String,
    text: &'static str,
    total: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    frame: Frame<'a>,
    words: &'static Words,
    search: &'static SearchWords,
    demonstration: bool,
    kinds: Vec<KindLink>,
    experiences: Vec<Anchor>,
    all_experiences: String,
    schemes: Vec<Anchor>,
    queries: Vec<Anchor>,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List<'a> {
    frame: Frame<'a>,
    words: &'static Words,
    total: String,
    records: Vec<Anchor>,
    pager: Pager,
}

/// What the first page shows.
pub struct Overview {
    pub kinds: Vec<KindCount>,
    pub experiences: Vec<Link>,
    pub schemes: Vec<Link>,
    /// Whether there are examples among the records.
    pub demonstration: bool,
}

/// The first page.
pub fn home_page(app: &App, reader: Reader, overview: &Overview) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let uri = Uri::from_static("/");
    let frame = Frame::new(app, reader, &uri, words.home.to_owned());
    let kinds = overview.kinds.iter().filter(|count| count.total > 0).filter_map(|count| {
        Some(KindLink {
            address: frame.at(&format!("/doc/{}", count.kind)),
            text: words.kind(count.kind)?,
            total: words.number(&count.total.to_string())?,
        })
    });
    let page = Home {
        words,
        search: SearchWords::of(reader.language),
        demonstration: overview.demonstration,
        kinds: kinds.collect(),
        experiences: overview.experiences.iter().map(|link| frame.link(link)).collect(),
        all_experiences: frame.at("/doc/esperienza"),
        schemes: overview.schemes.iter().map(|link| frame.link(link)).collect(),
        queries: queries(app, &frame),
        frame,
    };
    html(&page, reader.language)
}

/// A page of the records of a kind.
pub fn list_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    counted: &KindCount,
    records: &[Link],
    (page, pages): (u64, u64),
) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let title = words.kind(counted.kind).unwrap_or(counted.kind);
    let frame = Frame::new(app, reader, uri, title.to_owned());
    let here = frame.at(&format!("/doc/{}", counted.kind));
    let joint = if here.contains('?') { '&' } else { '?' };
    let address = |page| format!("{here}{joint}page={page}");
    let list = List {
        words,
        total: words.number(&counted.total.to_string()).unwrap_or_default(),
        records: records.iter().map(|link| frame.link(link)).collect(),
        pager: Pager {
            words,
            label: title.to_owned(),
            page,
            pages,
            previous: (page > 1).then(|| address(page - 1)),
            next: (page < pages).then(|| address(page + 1)),
        },
        frame,
    };
    html(&list, reader.language)
}

fn queries(app: &App, frame: &Frame<'_>) -> Vec<Anchor> {
    app.catalogue
        .iter()
        .map(|query| Anchor {
            address: format!("{}/q/{}", root(&app.base), query.name),
            text: query.summary.get(frame.reader.language).to_owned(),
            language: None,
        })
        .collect()
}
