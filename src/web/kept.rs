//! Pages that everybody sees alike, kept as they were written until the data change: the first page,
//! the lists, the vocabularies. Refuses to know what stands on them.

use super::error::HttpError;
use super::extract::{Parameters, accept, is_known};
use super::language::{Reader, tag};
use crate::app::App;
use crate::search::Search;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::BodyExt;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// More pages than this are forgotten.
const MOST: usize = 200;
/// Longer pages are not kept.
const LONGEST: u64 = 1 << 20;

/// The pages kept, by what was asked for. Clones share them.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<HashMap<String, Page>>>);

#[derive(Clone)]
struct Page {
    /// The state of the data that it shows.
    state: String,
    headers: HeaderMap,
    body: Bytes,
}

/// Answers with the page as it was written before, where nothing has changed since.
pub async fn keep(
    State((app, kept)): State<(App, Kept)>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let is_plain = request.method() == Method::GET && request.uri().query().is_none();
    let reader = Reader::of(request.extensions(), headers, &Parameters::default());
    let (true, Ok(reader)) = (is_plain, reader) else { return next.run(request).await };
    let accepted = accept(headers).unwrap_or_default();
    let question = format!("{} {} {accepted}", tag(reader.language), request.uri().path());
    // The state is read first: what is kept may be newer than it says, never older.
    let state = state(&app);
    if let Some(page) = kept.get(&question, &state) {
        return page.answer(headers);
    }
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let is_short = response.body().size_hint().exact().is_some_and(|bytes| bytes <= LONGEST);
    if response.status() != StatusCode::OK || !is_page || !is_short {
        return response;
    }
    let (parts, body) = response.into_parts();
    match body.collect().await {
        Ok(body) => {
            let page = Page { state, headers: parts.headers.clone(), body: body.to_bytes() };
            let body = page.body.clone();
            kept.keep(question, page);
            Response::from_parts(parts, Body::from(body))
        }
        Err(error) => HttpError::Internal(error.into()).into_response(),
    }
}

/// What pages depend on besides what is asked for.
fn state(app: &App) -> String {
    let index = app.search.as_ref().map(Search::reached);
    let index = index.map_or((0, 0), |reached| (reached.seq, reached.settled));
    let publication = app.publication.as_ref();
    let published = publication.map(|publication| {
        (publication.through(), publication.exported().map_or(0, |export| export.seq))
    });
    let day = jiff::Timestamp::now().as_second() / 86_400;
    format!("{} {index:?} {published:?} {day}", app.dataset.version())
}

impl Kept {
    fn get(&self, question: &str, state: &str) -> Option<Page> {
        // A lock's poison means a panic between two steps that each leave the map whole.
        let pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.get(question).filter(|page| page.state == state).cloned()
    }

    fn keep(&self, question: String, page: Page) {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= MOST {
            pages.clear();
        }
        pages.insert(question, page);
    }
}

impl Page {
    fn answer(self, asked: &HeaderMap) -> Response {
        let tag = self.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
        if let Some(tag) = tag
            && is_known(asked, tag)
        {
            return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
        }
        (self.headers, self.body).into_response()
    }
}
