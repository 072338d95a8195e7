//! `/cerca-ovunque`: one search over this node and its peers, for people.

use super::together::found;
use crate::app::App;
use crate::federation::Trust;
use crate::search::Facet;
use crate::web::error::HttpError;
use crate::web::extract::Parameters;
use crate::web::html::{COUNTED, everywhere_page};
use crate::web::language::{Reader, tag};
use axum::extract::State;
use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;

/// The page for a search, or for none yet.
pub async fn page(
    State(app): State<App>,
    uri: Uri,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    let mut pairs = parameters.except(&["lang"]);
    pairs.retain(|(_, value)| !value.trim().is_empty());
    let peers = app.peers.list().await?;
    let any = peers.iter().any(|peer| peer.may(Trust::Search));
    // Whoever only opens the page puts no search to anybody.
    let together = if any && !pairs.is_empty() {
        let mut asked = pairs.clone();
        if !parameters.has("facets") {
            asked.push(("facets".to_owned(), COUNTED.map(Facet::name).join(",")));
        }
        asked.push(("lang".to_owned(), tag(reader.language).to_owned()));
        Some(found(&app, &Parameters::of(asked), reader).await?)
    } else {
        None
    };
    let asked = Parameters::of(pairs);
    let mut response = everywhere_page(&app, reader, &uri, &asked, &peers, together.as_ref())?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
