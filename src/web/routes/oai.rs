//! `/oai`: the records for harvesters, OAI-PMH 2.0.

use crate::app::App;
use crate::publish::{Answer, Repository, rdf_schema};
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, is_known, refuse_packed};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

/// Section 3.1.2.1 of the protocol.
const MEDIA: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "text/xml; charset=utf-8")];

/// A request of a harvester. Refusals are answers of the protocol too.
#[utoipa::path(get, path = "/oai", tag = "data",
    params(("verb" = String, Query, description = "Identify, ListMetadataFormats, ListSets, ListIdentifiers, ListRecords or GetRecord"),
        ("identifier" = Option<String>, Query, description = "The IRI of a record"), ("metadataPrefix" = Option<String>, Query, description = "oai_dc or dcat_ap"),
        ("from" = Option<String>, Query, description = "YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"), ("until" = Option<String>, Query, description = "As from"),
        ("set" = Option<String>, Query, description = "A set that ListSets tells"), ("resumptionToken" = Option<String>, Query, description = "Alone with the verb")),
    responses((status = 200, description = "OAI-PMH 2.0"), (status = 304), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    let Answer { body, tag } = answer(&app, &uri, &parameters).await?;
    let etag = format!("\"{tag}-{}\"", env!("CARGO_PKG_VERSION"));
    // Weak, for the date of the answer is no part of it. RFC 9110, section 8.8.1.
    let caching = [
        (header::ETAG, format!("W/{etag}")),
        (header::CACHE_CONTROL, "public, no-cache".to_owned()),
    ];
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    Ok((caching, MEDIA, body).into_response())
}

/// The same, its arguments in a form. Section 3.1.1.2 of the protocol.
#[utoipa::path(post, path = "/oai", tag = "data",
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "The same parameters"),
    responses((status = 200, description = "OAI-PMH 2.0"), (status = 404), (status = 413)))]
pub async fn post(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    refuse_packed(&headers)?;
    let form = Parameters::parse(&String::from_utf8_lossy(&body?));
    let Answer { body, .. } = answer(&app, &uri, &parameters.and(form)).await?;
    Ok((MEDIA, body).into_response())
}

/// The XML schema of the records in RDF.
#[utoipa::path(get, path = "/oai/rdf.xsd", tag = "data", responses((status = 200, body = String)))]
pub async fn schema() -> Response {
    let caching = [(header::CACHE_CONTROL, "public, max-age=86400")];
    ([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], caching, rdf_schema())
        .into_response()
}

async fn answer(app: &App, uri: &Uri, parameters: &Parameters) -> Result<Answer, HttpError> {
    let (Some(publication), Some(catalog)) = (app.publication.clone(), app.catalog.clone()) else {
        return Err(HttpError::NotFound(uri.path().to_owned()));
    };
    let repository = Repository::new(publication, catalog);
    Ok(repository.answer(parameters.except(&[]), Timestamp::now()).await?)
}
