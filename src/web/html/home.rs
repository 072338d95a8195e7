//! The plain lists of records.

use super::entity::Pager;
use super::frame::{Anchor, Frame, html};
use crate::app::App;
use crate::entity::Link;
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::Words;
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

/// How many records of a kind there are.
pub struct KindCount {
    pub kind: &'static str,
    pub total: u64,
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
