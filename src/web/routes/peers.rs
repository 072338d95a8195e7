//! `/federation/peers`: who is on the list and how they are; for administrators, who is to be.

use crate::app::App;
use crate::federation::{Peer, Proposal};
use crate::store::hex;
use crate::web::error::HttpError;
use crate::web::extract::{self, Admin, is_known};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What everybody may know of the peers of this node.
#[utoipa::path(get, path = "/federation/peers", tag = "federation",
    responses((status = 200, description = "Each peer: its address, its kind, what it is used for, how it is, how much it holds"), (status = 304, description = "The client has it")))]
pub async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Response, HttpError> {
    let peers: Vec<Value> = app.peers.list().await?.iter().map(Peer::public).collect();
    Ok(answer(&headers, &json!({ "node": app.base.as_str(), "peers": peers })))
}

/// What everybody may know of one peer.
#[utoipa::path(get, path = "/federation/peers/{name}", tag = "federation",
    params(("name" = String, Path, description = "The name of the peer")),
    responses((status = 200), (status = 304, description = "The client has it"), (status = 404)))]
pub async fn one(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    Ok(answer(&headers, &app.peers.find(&name).await?.public()))
}

/// Puts a peer on the list; it is looked at soon. Needs the admin token.
#[utoipa::path(post, path = "/federation/peers", tag = "federation",
    request_body(content((String = "application/json")), description = "name, base; kind, trust, key, private where they are not the usual ones"),
    responses((status = 201, description = "The peer, and its address as Location"), (status = 400), (status = 401), (status = 403),
        (status = 409, description = "Its name or its address is on the list already"), (status = 413), (status = 415)))]
pub async fn add(
    _: Admin,
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    let proposal: Proposal = extract::json(&headers, body, "peer")?;
    let peer = app.peers.add(proposal, Timestamp::now()).await?;
    tracing::info!(peer.name = %peer.name, peer.base = %peer.base, "a peer was listed");
    let address = app.base.join(&format!("/federation/peers/{}", peer.name));
    let mut told = peer.public();
    if let Some(warning) = peer.warning() {
        told["warning"] = json!(warning);
    }
    Ok((StatusCode::CREATED, [(header::LOCATION, address)], Json(told)).into_response())
}

/// Takes a peer off the list, and what was taken over from it out of the data. Needs the admin token.
#[utoipa::path(delete, path = "/federation/peers/{name}", tag = "federation",
    params(("name" = String, Path, description = "The name of the peer")),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn remove(
    _: Admin,
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<StatusCode, HttpError> {
    app.peers.remove(&name).await?;
    tracing::info!(peer.name = %name, "a peer was taken off the list");
    if let Some(harvests) = &app.harvests {
        harvests.sweep().await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Looks at a peer now and answers what was found. Needs the admin token.
#[utoipa::path(post, path = "/federation/peers/{name}/check", tag = "federation",
    params(("name" = String, Path, description = "The name of the peer")),
    responses((status = 200, description = "The peer, well or not"), (status = 401), (status = 403), (status = 404)))]
pub async fn check(
    _: Admin,
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Json<Value>, HttpError> {
    Ok(Json(app.peers.check(&name, Timestamp::now()).await?.public()))
}

/// JSON, unless the client has the same already.
pub(super) fn answer(headers: &HeaderMap, told: &Value) -> Response {
    let body = told.to_string();
    let digest = hex(&Sha256::digest(body.as_bytes()));
    let etag = format!("\"{}\"", &digest[..32]);
    let fixed = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if is_known(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
