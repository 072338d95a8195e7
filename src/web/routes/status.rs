//! `/stato`: how this node and its peers are, for people.

use super::ops::progress;
use crate::app::App;
use crate::web::error::HttpError;
use crate::web::html::status_page;
use crate::web::language::Reader;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;

/// How far the parts of the node are, and how each peer is.
pub async fn page(State(app): State<App>, uri: Uri, reader: Reader) -> Result<Response, HttpError> {
    let (progress, peers) = (progress(&app).await?, app.peers.list().await?);
    status_page(&app, reader, &uri, &progress, &peers)
}
