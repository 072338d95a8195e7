//! The plain lists of records by IRI, and what pages are dressed in.

use crate::app::App;
use crate::entity::{EntityError, Labels, Link};
use crate::iri::KINDS;
use crate::web::assets;
use crate::web::error::HttpError;
use crate::web::extract::Parameters;
use crate::web::html::{self, KindCount};
use crate::web::language::Reader;
use crate::web::represent::page_number;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};

/// How many records a list shows at a time.
const PAGE: u64 = 100;

/// A page of the records of a kind, by IRI.
pub async fn list(
    app: &App,
    reader: Reader,
    uri: &Uri,
    parameters: &Parameters,
    kind: &str,
) -> Result<Response, HttpError> {
    let missing = || HttpError::NotFound(uri.path().to_owned());
    let kind = KINDS.into_iter().find(|known| *known == kind).ok_or_else(missing)?;
    let path = app.base.record(kind, "");
    let total = app.dataset.log().count_below(&path).await?;
    let pages = total.div_ceil(PAGE).max(1);
    let page = page_number(parameters.one("page")?)?;
    if page > pages {
        return Err(missing());
    }
    let records = app.dataset.log().list_below(&path, (page - 1) * PAGE, PAGE).await?;
    let records = in_background(app, reader, move |labels| links(labels, &records));
    html::list_page(app, reader, uri, &KindCount { kind, total }, &records.await?, (page, pages))
}

/// What pages are dressed in: kept by browsers for ever, since another build has other names.
pub async fn asset(
    uri: Uri,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let asset = assets::file(&name, accepted.unwrap_or_default());
    let asset = asset.ok_or_else(|| HttpError::NotFound(uri.path().to_owned()))?;
    let caching =
        if asset.hashed { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, caching),
        (header::VARY, "Accept-Encoding"),
    ];
    let mut response = (headers, asset.body.into_owned()).into_response();
    if let Some(coding) = asset.coding {
        let coding = HeaderValue::from_static(coding);
        response.headers_mut().insert(header::CONTENT_ENCODING, coding);
    }
    Ok(response)
}

async fn in_background<T: Send + 'static>(
    app: &App,
    reader: Reader,
    work: impl FnOnce(&Labels<'_>) -> Result<T, EntityError> + Send + 'static,
) -> Result<T, HttpError> {
    let (memory, dataset) = (app.memory.clone(), app.dataset.clone());
    let done = tokio::task::spawn_blocking(move || {
        let known = memory.of(&dataset);
        let (store, _) = dataset.read();
        work(&Labels::new(store, reader.language, known))
    })
    .await;
    Ok(done.map_err(|error| HttpError::Internal(error.into()))??)
}

fn links(labels: &Labels<'_>, iris: &[String]) -> Result<Vec<Link>, EntityError> {
    iris.iter().map(|iri| labels.link(iri)).collect()
}
