//! Signs the answers that other nodes take over: one list of which they are. Refuses to know what is
//! in them; how a signature is made others know.

use super::address::root;
use super::error::HttpError;
use crate::app::App;
use crate::signing::{Exchange, sign};
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

/// What is signed: these paths and those below them.
const SIGNED: [&str; 3] = ["/ldes", "/.well-known/void", "/federation/summary"];
/// A longer answer goes out as it comes, without a signature: it would have to be held in memory.
const LONGEST: usize = 32 << 20;

/// Signs the answer to a GET of a path on the list. It stands around the packing of answers, since
/// what is signed is what is sent. RFC 9530, section 2; RFC 9421, section 2.4.
pub async fn sign_answers(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_listed = SIGNED.iter().any(|listed| {
        path.strip_prefix(listed).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    if !is_listed || request.method() != Method::GET {
        return next.run(request).await;
    }
    // As the client sees it, also where a proxy takes the beginning of the path away.
    let path = format!("{}{path}", root(&app.base));
    let query = request.uri().query().map(str::to_owned);
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    match signed(&app, &path, query.as_deref(), response).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

async fn signed(
    app: &App,
    path: &str,
    query: Option<&str>,
    response: Response,
) -> Result<Response, HttpError> {
    let keys = app.keys.current().await.map_err(|error| HttpError::Internal(error.into()))?;
    let (mut parts, body) = response.into_parts();
    let body = match gather(body).await.map_err(|error| HttpError::Internal(error.into()))? {
        Ok(bytes) => bytes,
        Err(body) => return Ok(Response::from_parts(parts, body)),
    };
    let exchange = Exchange { method: "GET", path, query, status: 200, headers: &parts.headers };
    let now = Timestamp::now().as_second();
    let Some(signed) = sign(&keys.pair, exchange, &body, now, age(&parts.headers)) else {
        let why = "an answer that is to be signed has no media type";
        return Err(HttpError::Internal(anyhow::anyhow!("{why}: {path}")));
    };
    for (name, value) in [
        ("content-digest", signed.content_digest),
        ("signature-input", signed.signature_input),
        ("signature", signed.signature),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            parts.headers.insert(HeaderName::from_static(name), value);
        }
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// The whole of a body, or the body again where it is too long for that.
async fn gather(body: Body) -> Result<Result<Bytes, Body>, axum::Error> {
    let (mut rest, mut chunks, mut size): (BodyDataStream, Vec<Bytes>, usize) =
        (body.into_data_stream(), Vec::new(), 0);
    while let Some(chunk) = rest.try_next().await? {
        size += chunk.len();
        chunks.push(chunk);
        if size > LONGEST {
            let begun = stream::iter(chunks).map(Ok::<Bytes, axum::Error>);
            return Ok(Err(Body::from_stream(begun.chain(rest))));
        }
    }
    Ok(Ok(chunks.concat().into()))
}

/// For how long caches may keep an answer, in seconds. RFC 9111, section 5.2.2.1.
fn age(headers: &HeaderMap) -> i64 {
    let lines = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    let mut directives = lines.flat_map(|line| line.split(',')).map(str::trim);
    let age = directives.find_map(|directive| directive.strip_prefix("max-age="));
    age.and_then(|age| age.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_that_is_too_long_to_be_signed_is_sent_whole() {
        let piece = |_| Ok::<_, std::io::Error>(vec![7_u8; 1 << 20]);
        let pieces = || stream::iter((0..40).map(piece));
        let Err(body) = gather(Body::from_stream(pieces())).await.unwrap() else {
            panic!("40 MiB were held in memory");
        };
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(body.len(), 40 << 20);
        let short = gather(Body::from_stream(pieces().take(2))).await.unwrap().unwrap();
        assert_eq!(short.len(), 2 << 20);
    }

    #[test]
    fn a_signature_holds_as_long_as_caches_keep_what_it_is_of() {
        let mut headers = HeaderMap::new();
        assert_eq!(age(&headers), 0);
        let value = HeaderValue::from_static("public, max-age=604800, immutable");
        headers.insert(header::CACHE_CONTROL, value);
        assert_eq!(age(&headers), 604_800);
    }
}
