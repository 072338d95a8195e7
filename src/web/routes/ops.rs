//! `/health`, `/ready`, `/metrics`, `/openapi.json`: what operators and machines ask of a node.

use crate::app::App;
use crate::publish::Publication;
use crate::search::Search;
use crate::web::error::HttpError;
use crate::web::html::Progress;
use crate::web::openapi::document;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::{Value, json};

/// Whether the process is alive.
#[utoipa::path(get, path = "/health", tag = "operation", responses((status = 200)))]
pub async fn health() -> Json<Value> {
    Json(json!({ "status": "alive", "version": env!("CARGO_PKG_VERSION") }))
}

/// Whether the node answers from everything that was accepted.
#[utoipa::path(get, path = "/ready", tag = "operation", responses((status = 200), (status = 503, description = "The graph has not followed the log yet")))]
pub async fn ready(State(app): State<App>) -> Result<Json<Value>, HttpError> {
    let Progress { head, applied, inferred, indexed, published } = progress(&app).await?;
    if applied < head {
        return Err(HttpError::Unavailable(format!("change {applied} of {head} is applied")));
    }
    Ok(Json(json!({
        "status": "ready", "seq": applied, "inferred": inferred, "indexed": indexed,
        "published": published,
    })))
}

/// How far each part of the node has followed the log.
pub(super) async fn progress(app: &App) -> Result<Progress, HttpError> {
    let (head, applied) = (app.dataset.log().head().await?, app.dataset.applied());
    // What follows from a change belongs to what can be found.
    let indexed = app.search.as_ref().map(Search::reached);
    Ok(Progress {
        head,
        applied,
        inferred: app.inference.as_ref().map(|_| app.dataset.inferred()),
        indexed: indexed.map(|reached| reached.seq.min(reached.settled)),
        published: app.publication.as_ref().map(Publication::through),
    })
}

/// Counters and times in the Prometheus text format.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses((status = 200, body = String)))]
pub async fn metrics(
    State(app): State<App>,
    axum::Extension(recorder): axum::Extension<PrometheusHandle>,
) -> Response {
    metrics::gauge!("familylab_applied_seq").set(app.dataset.applied() as f64);
    metrics::gauge!("familylab_inferred_seq").set(app.dataset.inferred() as f64);
    if let Some(search) = &app.search {
        metrics::gauge!("familylab_indexed_seq").set(search.reached().seq as f64);
    }
    if let Some(publication) = &app.publication {
        metrics::gauge!("familylab_published_seq").set(publication.through() as f64);
    }
    metrics::gauge!("familylab_query_places_free").set(app.places.available_permits() as f64);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], recorder.render()).into_response()
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "operation", responses((status = 200)))]
pub async fn openapi(State(app): State<App>) -> Json<Value> {
    Json(document(&app.base))
}
