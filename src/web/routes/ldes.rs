//! `/ldes` and what is below it: the changes as Linked Data Event Streams.

use crate::app::App;
use crate::iri::{RESERVED_SOURCES, source_name};
use crate::media::{JSON_LD, Kind, Media, N_QUADS, TRIG};
use crate::publish::{Asked, Spot};
use crate::web::assets::takes;
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, format, is_known, published};
use crate::web::represent::http_date;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use oxigraph::io::RdfFormat;

/// Syntaxes with named graphs: without them a client would take a member for its first level only
/// and lose what hangs on its fragment IRIs.
const OFFERS: [Media; 3] = [TRIG, N_QUADS, JSON_LD];

/// The stream of all changes.
#[utoipa::path(get, path = "/ldes", tag = "data",
    params(("format" = Option<String>, Query, description = "trig, nq, jsonld"), ("min-seq" = Option<u64>, Query, description = "Waits until this change is published")),
    responses((status = 200, description = "The entrance of the stream, LDES and TREE"), (status = 304), (status = 406)))]
pub async fn all(
    State(app): State<App>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    answer(&app, &headers, &parameters, "").await
}

/// The streams of a kind and of a source, and the nodes of all streams.
#[utoipa::path(get, path = "/ldes/{path}", tag = "data",
    params(("path" = String, Path, description = "kind/{kind}, source/{source}, and below each, or below /ldes itself: page/{number}, index/{level}/{number}"),
        ("format" = Option<String>, Query, description = "trig, nq, jsonld"), ("min-seq" = Option<u64>, Query, description = "Waits until this change is published")),
    responses((status = 200, description = "A node of a stream"), (status = 304), (status = 400), (status = 404), (status = 406)))]
pub async fn below(
    State(app): State<App>,
    Path(path): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    answer(&app, &headers, &parameters, &path).await
}

async fn answer(
    app: &App,
    headers: &HeaderMap,
    parameters: &Parameters,
    path: &str,
) -> Result<Response, HttpError> {
    let missing = || HttpError::NotFound(format!("/ldes/{path}").trim_end_matches('/').to_owned());
    let streams = app.streams.as_ref().ok_or_else(missing)?;
    let (kind, source, spot) = read(path)?;
    let media = format(parameters, headers, &OFFERS)?;
    published(parameters, app).await?;
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let asked = Asked {
        kind,
        source,
        spot,
        format: match media.kind {
            Kind::Rdf(format) => format,
            _ => RdfFormat::TriG,
        },
        is_packed: takes(accepted.unwrap_or_default(), "gzip"),
    };
    let written = streams.node(&asked).await?.ok_or_else(missing)?;
    let etag = format!("\"{}\"", written.digest);
    let caching = match written.is_closed {
        true => "public, max-age=604800, immutable",
        false => "public, max-age=10",
    };
    let tags = [
        (header::ETAG, etag.as_str()),
        (header::VARY, "Accept, Accept-Encoding"),
        (header::CACHE_CONTROL, caching),
    ];
    // An open node may change twice in a second, and a full one when a record is taken down, which no
    // date tells.
    if is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, tags).into_response());
    }
    let kind = [(header::CONTENT_TYPE, media.content_type)];
    let mut response = (tags, kind, written.bytes).into_response();
    let modified = written.modified.as_deref().and_then(http_date);
    let more = [
        (header::LAST_MODIFIED, modified.and_then(|date| HeaderValue::from_str(&date).ok())),
        (header::CONTENT_ENCODING, written.is_packed.then(|| HeaderValue::from_static("gzip"))),
    ];
    for (name, value) in more {
        value.map(|value| response.headers_mut().insert(name, value));
    }
    Ok(response)
}

/// The stream and its node that a path below `/ldes/` means.
fn read(path: &str) -> Result<(Option<String>, Option<String>, Spot), HttpError> {
    let parts: Vec<&str> = path.split('/').filter(|_| !path.is_empty()).collect();
    match parts.as_slice() {
        ["kind", kind, rest @ ..] => Ok((Some((*kind).to_owned()), None, spot(rest, path)?)),
        ["source", source, rest @ ..] => {
            if !RESERVED_SOURCES.contains(source) {
                source_name(source)?;
            }
            Ok((None, Some((*source).to_owned()), spot(rest, path)?))
        }
        rest => Ok((None, None, spot(rest, path)?)),
    }
}

fn spot(parts: &[&str], path: &str) -> Result<Spot, HttpError> {
    match parts {
        [] => Ok(Spot::Root),
        ["page", page] => Ok(Spot::Page(number(page)?)),
        ["index", level, node] => {
            let level = u32::try_from(number(level)?).unwrap_or(u32::MAX);
            Ok(Spot::Index(level, number(node)?))
        }
        _ => Err(HttpError::NotFound(format!("/ldes/{path}"))),
    }
}

/// A number as addresses write it, so that each node has one address.
fn number(text: &str) -> Result<u64, HttpError> {
    let number = text.parse::<u64>().ok().filter(|number| *number > 0);
    number.filter(|number| number.to_string() == text).ok_or_else(|| {
        HttpError::BadRequest(format!(
            "pages, levels and index nodes have numbers from 1, not {text:?}; follow the relations \
             of /ldes"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_node_has_one_address() {
        let read = |path: &str| read(path).map_err(|error| error.status().as_u16());
        assert_eq!(read(""), Ok((None, None, Spot::Root)));
        assert_eq!(read("page/12"), Ok((None, None, Spot::Page(12))));
        let kind = Some("rete".to_owned());
        assert_eq!(read("kind/rete/index/2/3"), Ok((kind, None, Spot::Index(2, 3))));
        let source = Some("territory".to_owned());
        assert_eq!(read("source/territory"), Ok((None, source, Spot::Root)));
        for wrong in ["page/0", "page/01", "page/+1", "page/x", "index/0/1", "source/A--b", "page/"]
        {
            assert_eq!(read(wrong), Err(400), "{wrong}");
        }
        for nothing in ["x", "page", "page/1/2", "kind", "index/1"] {
            assert_eq!(read(nothing), Err(404), "{nothing}");
        }
    }
}
