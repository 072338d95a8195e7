//! `explain=true` on `/sparql`: the plan of a query instead of its answer.

use crate::app::App;
use crate::query::{Answer, Plan, Stage, explain};
use crate::web::error::HttpError;
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// Runs a query for its plan, under the same limits as for its answer.
pub async fn plan_of(app: &App, answer: Answer) -> Result<Plan, HttpError> {
    let place = app.place().await.ok_or(HttpError::Busy)?;
    let limit = app.settings.query_timeout();
    Ok(explain(answer, app.dataset.clone(), limit, place).await?)
}

/// A plan as JSON.
pub fn plan_json(plan: &Plan, limit: Duration) -> Response {
    let stage = |stage: &Stage| {
        json!({
            "level": stage.level,
            "operation": stage.operation,
            "rows": stage.rows,
            "seconds": stage.seconds,
        })
    };
    let body = json!({
        "rows": plan.rows,
        "seconds": plan.seconds,
        "planning_seconds": plan.planning,
        "complete": plan.complete,
        "limit_seconds": limit.as_secs_f64(),
        "steps": plan.stages.iter().map(stage).collect::<Vec<Value>>(),
    });
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
