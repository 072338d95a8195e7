//! `/federation/peers/{name}/harvest`: how the last harvests of a peer went; for administrators, one
//! more.

use super::peers::answer;
use crate::app::App;
use crate::federation::{HarvestError, Harvests};
use crate::web::error::HttpError;
use crate::web::extract::Admin;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The last harvests of a peer, the newest first, and which of its records are kept back, and why.
#[utoipa::path(get, path = "/federation/peers/{name}/harvest", tag = "federation",
    params(("name" = String, Path, description = "The name of the peer")),
    responses((status = 200, description = "Each run: when it was, how many records were new, changed, deleted, kept back, what stopped it"),
        (status = 304, description = "The client has it"), (status = 404)))]
pub async fn reports(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    Ok(answer(&headers, &of(&app, &name)?.reports(&name).await?))
}

/// Begins to harvest a peer. Needs the admin token.
#[utoipa::path(post, path = "/federation/peers/{name}/harvest", tag = "federation",
    params(("name" = String, Path, description = "The name of the peer")),
    responses((status = 202, description = "It has begun; GET at the same address tells how it goes"), (status = 401), (status = 403), (status = 404),
        (status = 409, description = "It is being harvested already, or it is not trusted with that")))]
pub async fn begin(
    _: Admin,
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Response, HttpError> {
    of(&app, &name)?.begin(&name).await?;
    let address = app.base.join(&format!("/federation/peers/{name}/harvest"));
    let told = json!({ "peer": name, "report": address });
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, address)], Json(told)).into_response())
}

/// A plain store takes nothing over.
fn of<'a>(app: &'a App, name: &str) -> Result<&'a Harvests, HttpError> {
    let missing = || HttpError::NotFound(format!("/federation/peers/{name}/harvest"));
    app.harvests.as_ref().ok_or_else(missing)
}

impl From<HarvestError> for HttpError {
    fn from(error: HarvestError) -> Self {
        match error {
            HarvestError::Peer(error) => error.into(),
            HarvestError::NotTrusted(_) | HarvestError::Running(_) => {
                Self::Conflict(error.to_string())
            }
            HarvestError::Dataset(error) => error.into(),
            HarvestError::Log(error) => error.into(),
            other => Self::Internal(other.into()),
        }
    }
}
