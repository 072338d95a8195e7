//! Errors for people: the same answer as a page, where the client is a browser.

use super::frame::{Frame, html};
use crate::app::App;
use crate::media::{HTML, Kind, Media, negotiate};
use crate::web::error::PROBLEM;
use crate::web::extract::{Parameters, accept};
use crate::web::language::Reader;
use crate::web::words::Words;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::{BodyExt, Collected, Limited};

/// A problem document is never longer than this.
const LIMIT: usize = 1 << 20;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    frame: Frame<'a>,
    words: &'static Words,
    status: u16,
    detail: &'a str,
    /// Words of the address, to search for.
    guess: String,
}

/// Turns problem documents into pages for clients that like pages better.
pub async fn pages_for_people(State(app): State<App>, request: Request, next: Next) -> Response {
    let (headers, uri) = (request.headers().clone(), request.uri().clone());
    let parameters = Parameters::parse(uri.query().unwrap_or_default());
    let reader = Reader::of(request.extensions(), &headers, &parameters);
    let reader = reader.unwrap_or_else(|_| Reader::at(request.extensions()));
    let response = next.run(request).await;
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes() == PROBLEM.as_bytes());
    if !is_problem || !prefers_page(&headers) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = Limited::new(body, LIMIT).collect().await;
    let body = body.map(Collected::to_bytes).unwrap_or_default();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let detail = problem["detail"].as_str().unwrap_or_default();
    match error_page(&app, reader, &uri, parts.status, detail) {
        Some(mut page) => {
            *page.status_mut() = parts.status;
            for (name, value) in &parts.headers {
                if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
                    page.headers_mut().insert(name, value.clone());
                }
            }
            page
        }
        None => Response::from_parts(parts, body.into()),
    }
}

/// An error as a page.
pub fn error_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    status: StatusCode,
    detail: &str,
) -> Option<Response> {
    let words = Words::of(reader.language);
    let title = match status {
        StatusCode::NOT_FOUND => words.error_not_found,
        StatusCode::GONE => words.error_gone,
        StatusCode::NOT_ACCEPTABLE => words.error_not_acceptable,
        StatusCode::SERVICE_UNAVAILABLE => words.error_unavailable,
        status if status.is_client_error() => words.error_request,
        _ => words.error_internal,
    };
    let mut frame = Frame::new(app, reader, uri, title.to_owned());
    frame.is_hidden = true;
    frame.has_search = true;
    let guess = guess(uri.path());
    html(&ErrorPage { words, status: status.as_u16(), detail, guess, frame }, reader.language).ok()
}

/// The last part of an address in words.
fn guess(path: &str) -> String {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let text = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
    text.split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

fn prefers_page(headers: &HeaderMap) -> bool {
    let problem = Media { kind: Kind::Html, names: &[PROBLEM, "application/json"], ..HTML };
    let accept = accept(headers);
    accept.is_some() && negotiate(accept.as_deref(), &[problem, HTML]) == Some(HTML)
}
