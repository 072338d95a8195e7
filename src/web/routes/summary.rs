//! `/federation/summary`: what this node's default graph holds, in numbers and beginnings of IRIs, by
//! which others know what they need not ask it.

use crate::app::App;
use crate::web::error::HttpError;
use crate::web::extract::is_known;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// How long a request waits until the present state is counted.
const PATIENCE: Duration = Duration::from_millis(250);

/// What the default graph of `/sparql` holds: what is not in the summary is not there.
#[utoipa::path(get, path = "/federation/summary", tag = "federation",
    responses((status = 200, description = "Of each predicate how many triples, subjects and objects, and what their IRIs begin with; how often each class; `others` and `other_classes` where not all are listed"),
        (status = 304, description = "The client has it"),
        (status = 503, description = "The present state is still being counted")))]
pub async fn summary(State(app): State<App>, headers: HeaderMap) -> Result<Response, HttpError> {
    let counted = app.federated.summary.within(PATIENCE).await.ok_or_else(|| {
        HttpError::Unavailable(
            "the data has changed and is being counted; try again in a few seconds".to_owned(),
        )
    })?;
    let fixed =
        [(header::ETAG, counted.tag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if is_known(&headers, &counted.tag) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    let media = [(header::CONTENT_TYPE, "application/json")];
    Ok((fixed, media, counted.json.clone()).into_response())
}
