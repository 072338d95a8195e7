//! Experiences side by side, and experiences like the one somebody needs.

use crate::app::App;
use crate::entity::{self, EntityError, Labels};
use crate::overview::{Facts, brief};
use crate::search::{Need, Search};
use crate::web::error::HttpError;
use crate::web::extract::Parameters;
use crate::web::html::{Needed, compare_page, similar_page};
use crate::web::language::{Reader, tag};
use crate::web::represent::Request;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use std::sync::Arc;

/// So many experiences stand side by side.
const MOST: usize = 4;
/// So many experiences are shown for a need.
const NEAREST: usize = 10;
/// The longest need, in bytes.
const LONGEST: usize = 10_000;

/// Two to four experiences side by side: `?id=…&id=…`, by the ends of their IRIs.
pub async fn compare(request: Request) -> Result<Response, HttpError> {
    let mut slugs = Vec::new();
    for slug in request.parameters.all("id") {
        if !slug.is_empty() && !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    if slugs.len() > MOST {
        let text = format!("{} experiences were asked for; up to {MOST} are compared", slugs.len());
        return Err(HttpError::BadRequest(text));
    }
    let mut views = Vec::new();
    for slug in &slugs {
        let iri = request.app.base.record("esperienza", slug);
        let description = entity::describe(&request.app.dataset, &iri).await?;
        if description.quads.is_empty() {
            return Err(EntityError::Unknown(iri).into());
        }
        views.push(request.view(&Arc::new(description)).await?);
    }
    compare_page(&request.app, request.reader, &request.uri, &slugs, &views)
}

/// The form for a need, and the experiences that come nearest to it.
pub async fn similar(
    State(app): State<App>,
    uri: Uri,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    let need = parameters.one("need")?.unwrap_or_default();
    let place = parameters.one("municipality")?.unwrap_or_default();
    if need.len() > LONGEST {
        return Err(HttpError::BadRequest(format!("need is longer than {LONGEST} bytes")));
    }
    let search = super::search::of(&app)?;
    super::search::blocking(move || {
        let is_asked = !need.trim().is_empty();
        let mut needed = Needed { need, place, is_asked, ..Needed::default() };
        if is_asked {
            find(&app, &search, reader, &mut needed)?;
        }
        similar_page(&app, reader, &uri, &needed)
    })
    .await
}

fn find(app: &App, search: &Search, reader: Reader, needed: &mut Needed) -> Result<(), HttpError> {
    let mut municipality = None;
    if !needed.place.trim().is_empty() {
        municipality = search.territory(needed.place.trim())?;
        if municipality.is_none() {
            needed.trouble = Some(needed.place.trim().to_owned());
            return Ok(());
        }
    }
    let need = Need { municipality, text: needed.need.clone() };
    let known = app.memory.of(&app.dataset);
    let (store, _) = app.dataset.read();
    let labels = Labels::new(store, reader.language, known);
    let facts = Facts { store, labels: &labels };
    for alike in search.similar(&need, NEAREST, tag(reader.language))? {
        let brief = brief(&facts, &alike.iri)?;
        needed.found.push((alike, brief));
    }
    Ok(())
}
