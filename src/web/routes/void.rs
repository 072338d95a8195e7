//! `/.well-known/void`: the data of this node described for machines, as of the last export.

use super::dump::{current, shelf};
use crate::app::App;
use crate::media::{JSON_LD, Kind, Media, N_TRIPLES, RDF_XML, TURTLE};
use crate::publish::description;
use crate::vocab::{PREFIXES, void};
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, format, is_known};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use oxigraph::io::RdfSerializer;
use oxigraph::model::Triple;

/// How the description can be written, the preferred one first.
const OFFERS: [Media; 4] = [TURTLE, N_TRIPLES, RDF_XML, JSON_LD];

/// What the node holds, how much of what, and where to get it.
#[utoipa::path(get, path = "/.well-known/void", tag = "data",
    params(("format" = Option<String>, Query, description = "ttl, nt, rdf or jsonld")),
    responses((status = 200), (status = 304, description = "The client has it"), (status = 406),
        (status = 503, description = "The first export is still being made")))]
pub async fn void(
    State(app): State<App>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let media = format(&parameters, &headers, &OFFERS)?;
    let (export, shelf) = (current(&app)?, shelf(&app)?);
    let etag = format!("\"{}-{}-{}\"", export.seq, media.extension, env!("CARGO_PKG_VERSION"));
    let fixed = [
        (header::ETAG, etag.clone()),
        (header::VARY, "Accept".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    let work = move || {
        // A newer export may have just taken its place.
        let counts = shelf.counts(export.seq).ok_or_else(|| {
            HttpError::Unavailable("the description is being replaced; try again".to_owned())
        })?;
        written(&description(&app.base, &export, &counts), media)
    };
    let body = tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| HttpError::Internal(error.into()))??;
    Ok((fixed, [(header::CONTENT_TYPE, media.content_type)], body).into_response())
}

fn written(triples: &[Triple], media: Media) -> Result<Vec<u8>, HttpError> {
    let Kind::Rdf(syntax) = media.kind else { return Err(HttpError::not_acceptable(&OFFERS)) };
    let mut writer = RdfSerializer::from_format(syntax);
    for (prefix, namespace) in PREFIXES.into_iter().chain([("void", void::NAMESPACE)]) {
        writer = writer
            .with_prefix(prefix, namespace)
            .map_err(|error| HttpError::Internal(error.into()))?;
    }
    let mut writer = writer.for_writer(Vec::new());
    for triple in triples {
        writer.serialize_triple(triple)?;
    }
    Ok(writer.finish()?)
}
