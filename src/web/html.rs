//! Pages. To be filled by the linked-data pages.

use super::error::HttpError;
use super::extract::Parameters;
use crate::app::App;
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};

/// The SPARQL form.
pub fn sparql_page(_: &App, _: &HeaderMap, _: &Parameters) -> Result<Response, HttpError> {
    Ok(Html("<!doctype html><title>SPARQL</title>").into_response())
}
