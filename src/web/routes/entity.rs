//! Linked data: `/id/…` leads to `/doc/…`, and the project's own documents answer in their place.
//! W3C, Cool URIs for the Semantic Web, section 4.2 (303 redirects).

use crate::entity::{self, EntityError};
use crate::iri::absolute;
use crate::media::{self, DESCRIPTIONS, Kind};
use crate::vocab::CANONICAL;
use crate::web::address::Document;
use crate::web::error::HttpError;
use crate::web::extract::{format, wait_for_seq};
use crate::web::language::Reader;
use crate::web::mementos::{asked, times};
use crate::web::represent::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Sends a client from a record to its document, or answers one of its versions.
#[utoipa::path(get, path = "/id/{kind}/{slug}", tag = "data",
    params(("kind" = String, Path), ("slug" = String, Path, description = "May end in .ttl, .nt, .rdf, .jsonld or .html, or go on with /v/{seq}")),
    responses((status = 200, description = "A version"), (status = 302, description = "The version in force at Accept-Datetime or ?at="), (status = 303, description = "The document about the record"), (status = 404), (status = 406), (status = 410, description = "The record was deleted")))]
pub async fn identifier(request: Request) -> Result<Response, HttpError> {
    let Request { app, headers, parameters, uri, extensions, .. } = &request;
    let (path, media) = request.format(uri.path().trim_start_matches("/id/"))?;
    wait_for_seq(parameters, app).await?;
    let version = path.rsplit_once("/v/");
    if let Some((path, seq)) = version.and_then(|(path, seq)| Some((path, seq.parse().ok()?))) {
        return request.version(path, seq, media).await;
    }
    if let Some(moment) = asked(headers, parameters)? {
        let format = uri.path().ends_with(&format!(".{}", media.extension)).then_some(media);
        return super::memento::gate(&request, path, moment, format).await;
    }
    let description = request.record(path).await?;
    let document = Document::about(&app.base, &description.iri);
    let location = match media.kind {
        Kind::Html => {
            let reader = Reader::liked(extensions, headers, parameters)?;
            document.page(&app.base, reader)
        }
        _ => document.data(&app.base, media, None),
    };
    let times = times(&app.base, &description.iri).join(", ");
    let link = format!("<{}>; rel=\"describedby\", {times}", document.any(&app.base));
    let vary = "Accept, Accept-Language, Accept-Datetime".to_owned();
    let headers = [(header::LOCATION, location), (header::LINK, link), (header::VARY, vary)];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// The document about a record, or the list of the records of a kind.
#[utoipa::path(get, path = "/doc/{kind}/{slug}", tag = "data",
    params(("kind" = String, Path), ("slug" = String, Path, description = "May end in .ttl, .nt, .rdf, .jsonld or .html"), ("lang" = Option<String>, Query, description = "it or en")),
    responses((status = 200), (status = 304), (status = 404), (status = 406), (status = 410)))]
pub async fn document(request: Request) -> Result<Response, HttpError> {
    let Request { app, parameters, uri, reader, .. } = &request;
    let path = uri.path().trim_start_matches("/doc/");
    if !path.contains('/') {
        return super::site::list(app, *reader, uri, parameters, path).await;
    }
    wait_for_seq(parameters, app).await?;
    let (path, media) = request.format(path)?;
    if let Some(known) = request.not_modified(media)? {
        return Ok(known);
    }
    let description = request.record(path).await?;
    request.answer(description, media).await
}

/// The document about any IRI in the data.
#[utoipa::path(get, path = "/doc", tag = "data",
    params(("iri" = String, Query), ("format" = Option<String>, Query, description = "ttl, nt, rdf, jsonld or html"), ("lang" = Option<String>, Query)),
    responses((status = 200), (status = 303, description = "The IRI has a document of its own"), (status = 400), (status = 404), (status = 410)))]
pub async fn any(request: Request) -> Result<Response, HttpError> {
    let Request { app, parameters, reader, .. } = &request;
    let Some(asked) = parameters.one("iri")? else {
        return Err(HttpError::BadRequest("name what is to be described: /doc?iri=…".to_owned()));
    };
    let iri = absolute(&asked.replace(' ', "%20"))?.into_string();
    let media = format(parameters, &request.headers, &DESCRIPTIONS)?;
    let document = Document::about(&app.base, &iri);
    if document != Document::of_any(&iri) && !iri.contains('#') {
        let location = match media.kind {
            Kind::Html => document.page(&app.base, *reader),
            _ => document.data(&app.base, media, None),
        };
        return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response());
    }
    wait_for_seq(parameters, app).await?;
    if let Some(known) = request.not_modified(media)? {
        return Ok(known);
    }
    let description = entity::describe(&app.dataset, &iri).await?;
    request.answer(description, media).await
}

/// The ontology, the shapes and the vocabularies, each at its own path.
#[utoipa::path(get, path = "/ontology", tag = "data", responses((status = 200), (status = 304), (status = 406)))]
pub async fn shipped(request: Request) -> Result<Response, HttpError> {
    let Request { app, uri, .. } = &request;
    let (path, media) = request.format(uri.path().trim_start_matches('/'))?;
    if let Some(known) = request.not_modified(media)? {
        return Ok(known);
    }
    let iri = absolute(&format!("{CANONICAL}{path}"))?.into_string();
    let description = entity::describe(&app.dataset, &iri).await?;
    if description.quads.is_empty() {
        return Err(EntityError::Unknown(iri).into());
    }
    request.answer(description, media).await
}

/// The JSON-LD context that the node's JSON-LD refers to.
#[utoipa::path(get, path = "/context.jsonld", tag = "data", responses((status = 200)))]
pub async fn context() -> Result<Response, HttpError> {
    let headers = [
        (header::CONTENT_TYPE, media::JSON_LD.content_type),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    Ok((headers, entity::context()?).into_response())
}
