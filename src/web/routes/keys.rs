//! `/.well-known/familylab-keys`: the public keys by which this node signs, and signed before.

use crate::app::App;
use crate::store::hex;
use crate::web::error::HttpError;
use crate::web::extract::is_known;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// RFC 7517, section 8.5.2.
const KEY_SET: &str = "application/jwk-set+json";

/// The key that signs and those that did before, as a JSON Web Key Set. RFC 7517; RFC 8037.
#[utoipa::path(get, path = "/.well-known/familylab-keys", tag = "federation",
    responses((status = 200, content_type = "application/jwk-set+json", description = "The key that signs first; `iat` and `exp` tell from when to when a key signed"), (status = 304, description = "The client has it")))]
pub async fn keys(State(app): State<App>, headers: HeaderMap) -> Result<Response, HttpError> {
    let keys = app.keys.current().await.map_err(|error| HttpError::Internal(error.into()))?;
    let body = keys.set().to_string();
    let digest = hex(&Sha256::digest(body.as_bytes()));
    let etag = format!("\"{}\"", &digest[..32]);
    let fixed = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    Ok((fixed, [(header::CONTENT_TYPE, KEY_SET)], body).into_response())
}
