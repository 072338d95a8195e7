//! `/takedowns`: records that must go and not come back; for administrators only.

use crate::app::App;
use crate::store::Takedown;
use crate::takedown::{Class, Request, TakedownError};
use crate::web::error::HttpError;
use crate::web::extract::{Admin, Parameters, json};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// What is asked for, in JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    record: String,
    reason: String,
    #[serde(default)]
    class: Option<String>,
}

/// What was taken down, and why. Needs the admin token.
#[utoipa::path(get, path = "/takedowns", tag = "operation",
    responses((status = 200, description = "Each record with its reason, the last first"), (status = 401), (status = 403)))]
pub async fn list(_: Admin, State(app): State<App>) -> Result<Response, HttpError> {
    let list: Vec<Value> = app.takedowns.list().await?.iter().map(told).collect();
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    Ok((fresh, Json(json!({ "takedowns": list }))).into_response())
}

/// Deletes a record for good: its name and its content cannot come back, its versions are emptied.
/// Needs the admin token.
#[utoipa::path(post, path = "/takedowns", tag = "operation",
    request_body(content((String = "application/json")), description = "record, reason; class: personal-data, order, rights, wrong or other"),
    responses((status = 201, description = "The record is gone; `emptied` tells whether its versions are too, or will be in a moment"),
        (status = 400, description = "Also for a record that the node never held"), (status = 401), (status = 403),
        (status = 409, description = "It ships with the program"), (status = 413), (status = 415)))]
pub async fn add(
    _: Admin,
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    let Ask { record, reason, class } = json(&headers, body, "takedown")?;
    let class = class.as_deref().map_or(Ok(Class::default()), str::parse)?;
    let request = Request { record, class, reason, header: app.header("") };
    let mut takedown = app.takedowns.take_down(request).await?;
    let wait = Duration::from_secs_f64(app.settings.min_seq_wait.clamp(0.0, 3600.0));
    takedown.is_emptied = app.takedowns.finish_within(wait).await?;
    Ok((StatusCode::CREATED, Json(told(&takedown))).into_response())
}

/// Lets a record come back; what it held does not by itself. Needs the admin token.
#[utoipa::path(delete, path = "/takedowns", tag = "operation",
    params(("record" = String, Query, description = "The IRI of the record")),
    responses((status = 204), (status = 400), (status = 401), (status = 403), (status = 404)))]
pub async fn lift(
    _: Admin,
    State(app): State<App>,
    parameters: Parameters,
) -> Result<StatusCode, HttpError> {
    let record = parameters.one("record")?.ok_or_else(|| {
        HttpError::BadRequest("name the record: /takedowns?record=IRI".to_owned())
    })?;
    app.takedowns.lift(&record, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn told(takedown: &Takedown) -> Value {
    json!({
        "record": takedown.record,
        "class": takedown.class,
        "reason": takedown.reason,
        "at": takedown.at,
        "seq": takedown.through,
        "lifted": takedown.lifted,
        "emptied": takedown.is_emptied,
    })
}

impl From<TakedownError> for HttpError {
    fn from(error: TakedownError) -> Self {
        match error {
            TakedownError::NotDown(record) => Self::NotFound(format!("/takedowns?record={record}")),
            TakedownError::Shipped { .. } | TakedownError::Bare => {
                Self::Conflict(error.to_string())
            }
            TakedownError::Log(error) => error.into(),
            TakedownError::Dataset(error) => error.into(),
            TakedownError::Unknown(_)
            | TakedownError::Reason
            | TakedownError::Class { .. }
            | TakedownError::Iri(_) => Self::BadRequest(error.to_string()),
        }
    }
}
