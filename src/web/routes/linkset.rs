//! The linkset of a record: every typed link in one document. RFC 9264.

use crate::media::{Kind, Media};
use crate::web::error::HttpError;
use crate::web::extract::{format, is_known};
use crate::web::represent::Request;
use crate::web::signposts::Signposts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// How a linkset is written.
const LINKSETS: [Media; 2] = [
    Media {
        kind: Kind::Listing,
        extension: "json",
        content_type: "application/linkset+json",
        names: &["application/linkset+json", "application/json"],
        label: "JSON",
    },
    Media {
        kind: Kind::Listing,
        extension: "txt",
        content_type: "application/linkset",
        names: &["application/linkset", "text/plain"],
        label: "Link",
    },
];

/// Every typed link of a record.
#[utoipa::path(get, path = "/linkset/{kind}/{slug}", tag = "data",
    params(("kind" = String, Path), ("slug" = String, Path), ("format" = Option<String>, Query, description = "json or txt")),
    responses((status = 200, description = "The links"), (status = 304), (status = 404), (status = 406), (status = 410, description = "The record was deleted")))]
pub async fn linkset(request: Request) -> Result<Response, HttpError> {
    let Request { app, headers, parameters, uri, .. } = &request;
    let missing = || HttpError::NotFound(uri.path().to_owned());
    let path = uri.path().strip_prefix("/linkset/").ok_or_else(missing)?;
    if app.publication.is_none() {
        return Err(missing());
    }
    let media = format(parameters, headers, &LINKSETS)?;
    let etag = request.etag(media);
    let tags = [(header::ETAG, etag.as_str()), (header::VARY, "Accept")];
    if is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, tags).into_response());
    }
    let description = request.record(path).await?;
    let posts = Signposts::of(&app.base, &description).ok_or_else(missing)?;
    let body = if media.extension == "json" { posts.json().to_string() } else { posts.text() };
    let media =
        [(header::CONTENT_TYPE, media.content_type), (header::CACHE_CONTROL, "public, no-cache")];
    Ok((tags, media, body).into_response())
}
