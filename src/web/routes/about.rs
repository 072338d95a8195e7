//! The pages about the site, and what visitors write to those who run it.

use crate::app::App;
use crate::entity::Labels;
use crate::iri::spelled;
use crate::store::Feedback;
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, refuse_packed};
use crate::web::html::{sitemap_page, text_page};
use crate::web::language::Reader;
use crate::web::words::Words;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

/// The shortest and the longest message, in characters.
const MESSAGE: std::ops::RangeInclusive<usize> = 10..=5_000;
/// The longest address of a page or a mailbox, in characters.
const ADDRESS: usize = 500;
/// The most messages in an hour, so that nobody can fill the disk.
const HOURLY: u64 = 60;

/// What a source is called: the actor of that name, where there is one.
pub(super) fn source_name(
    app: &App,
    reader: Reader,
    labels: &Labels<'_>,
    graph: &str,
) -> Result<String, HttpError> {
    let name = app.base.source_of(graph).unwrap_or(graph);
    if let Some(own) = Words::of(reader.language).source(name) {
        return Ok(own.to_owned());
    }
    let label = labels.link(&app.base.record("attore", name))?.label.text;
    Ok(if label == name { spelled(name) } else { label })
}

/// The map of the site.
pub async fn sitemap(
    State(app): State<App>,
    uri: Uri,
    reader: Reader,
) -> Result<Response, HttpError> {
    sitemap_page(&app, reader, &uri)
}

/// The accessibility statement, the privacy notice, the legal notes.
pub async fn text(State(app): State<App>, uri: Uri, reader: Reader) -> Result<Response, HttpError> {
    text_page(&app, reader, &uri, None)
}

/// Keeps what a visitor writes.
pub async fn feedback(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    reader: Reader,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    refuse_packed(&headers)?;
    let form = Parameters::parse(&String::from_utf8_lossy(&body?));
    let field = |name: &str| -> Result<String, HttpError> {
        let text = form.one(name)?.unwrap_or_default();
        Ok(text.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect())
    };
    let (message, page, mail) = (field("message")?, field("page")?, field("mail")?);
    let length = message.chars().count();
    let is_short = |text: &str| text.chars().count() <= ADDRESS;
    if !MESSAGE.contains(&length) || !is_short(&page) || !is_short(&mail) {
        let mut response = text_page(&app, reader, &uri, Some(false))?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    let now = jiff::Timestamp::now();
    let hour_ago = now - jiff::SignedDuration::from_hours(1);
    if app.dataset.log().feedback_since(&hour_ago.to_string()).await? >= HOURLY {
        return Err(HttpError::Unavailable(
            "more messages came in the last hour than this node keeps; try again later".to_owned(),
        ));
    }
    app.dataset.log().keep_feedback(&Feedback { at: now.to_string(), message, page, mail }).await?;
    tracing::info!("a visitor sent a message; `familylab feedback` shows it");
    text_page(&app, reader, &uri, Some(true))
}
