//! The first page, the lists of records, and what pages are dressed in.

use crate::app::App;
use crate::entity::{EntityError, Labels, Link};
use crate::iri::KINDS;
use crate::store::Mode;
use crate::vocab::{SCHEMES, fl, skos};
use crate::web::assets::{self, digest};
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, is_known};
use crate::web::html::{self, KindCount, Overview};
use crate::web::language::{Reader, tag};
use crate::web::represent::page_number;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Literal, NamedOrBlankNode};
use oxigraph::store::Store;

/// How many records a list shows at a time.
const PAGE: u64 = 100;
/// How many experiences the first page shows.
const FIRST: u64 = 30;

/// What this node is and holds.
#[utoipa::path(get, path = "/", tag = "data", responses((status = 200), (status = 304)))]
pub async fn home(
    State(app): State<App>,
    headers: HeaderMap,
    reader: Reader,
) -> Result<Response, HttpError> {
    if matches!(app.dataset.mode(), Mode::Bare) {
        return html::sparql_page(
            &app,
            reader,
            &Uri::from_static("/sparql"),
            html::Asked::nothing(),
        );
    }
    let seq = app.dataset.version();
    let etag = format!("\"{seq}-{}-{}\"", tag(reader.language), digest());
    let tags = [(header::ETAG, etag.clone())];
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, tags).into_response());
    }
    let mut kinds = Vec::new();
    for kind in KINDS {
        let total = app.dataset.log().count_below(&app.base.record(kind, "")).await?;
        kinds.push(KindCount { kind, total });
    }
    let experiences =
        app.dataset.log().list_below(&app.base.record(KINDS[0], ""), 0, FIRST).await?;
    let overview = in_background(&app, reader, move |store, labels| {
        Ok(Overview {
            kinds,
            experiences: links(labels, &experiences)?,
            schemes: links(labels, &schemes(store)?)?,
            demonstration: has_demonstration(store)?,
        })
    });
    let mut response = html::home_page(&app, reader, &overview.await?)?;
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    Ok(response)
}

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
    let records = in_background(app, reader, move |_, labels| links(labels, &records));
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
    work: impl FnOnce(&Store, &Labels<'_>) -> Result<T, EntityError> + Send + 'static,
) -> Result<T, HttpError> {
    let (memory, dataset) = (app.memory.clone(), app.dataset.clone());
    let done = tokio::task::spawn_blocking(move || {
        let known = memory.of(&dataset);
        let (store, _) = dataset.read();
        work(store, &Labels::new(store, reader.language, known))
    })
    .await;
    Ok(done.map_err(|error| HttpError::Internal(error.into()))??)
}

fn links(labels: &Labels<'_>, iris: &[String]) -> Result<Vec<Link>, EntityError> {
    iris.iter().map(|iri| labels.link(iri)).collect()
}

/// The controlled vocabularies of the project.
fn schemes(store: &Store) -> Result<Vec<String>, EntityError> {
    let class = skos::CONCEPT_SCHEME.into();
    let mut schemes = Vec::new();
    for quad in store.quads_for_pattern(None, Some(rdf::TYPE), Some(class), None) {
        if let NamedOrBlankNode::NamedNode(scheme) = quad?.subject
            && scheme.as_str().starts_with(SCHEMES)
        {
            schemes.push(scheme.into_string());
        }
    }
    schemes.sort_unstable();
    schemes.dedup();
    Ok(schemes)
}

fn has_demonstration(store: &Store) -> Result<bool, EntityError> {
    let yes = Literal::from(true);
    let object = Some(yes.as_ref().into());
    let mut quads = store.quads_for_pattern(None, Some(fl::DEMONSTRATION), object, None);
    Ok(quads.next().transpose()?.is_some())
}
