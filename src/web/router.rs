//! The one list of routes, and what happens around each request.

use super::address::PLACES;
use super::error::HttpError;
use super::html::pages_for_people;
use super::language::{lead_to_language, read_language};
use super::routes::{
    about, catalogue, compare, entity, explain, front, graphs, links, ops, queries, record, search,
    site, sparql, terms, vocabulary,
};
use crate::app::App;
use crate::media::DESCRIPTIONS;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderName, Method, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use metrics_exporter_prometheus::PrometheusHandle;
use std::time::{Duration, Instant};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};

/// Every address the node answers.
pub fn router(app: App, recorder: PrometheusHandle) -> Router {
    let limit = app.settings.upload_bytes;
    // A form spells most characters of an update with three.
    let updates = DefaultBodyLimit::max(app.settings.update_bytes * 3 + 65_536);
    let graph_store = get(graphs::get).put(graphs::put).post(graphs::post).delete(graphs::delete);
    let routes = Router::new()
        .route("/", get(front::home))
        .route("/assets/{name}", get(site::asset))
        .route("/id/{*path}", get(entity::identifier))
        .route("/doc", get(entity::any))
        .route("/doc/{*path}", get(entity::document))
        .route("/vocabulary/{name}", get(entity::shipped))
        .route("/context.jsonld", get(entity::context))
        .merge(shipped())
        .merge(records())
        .route("/dati", get(about::data))
        .route("/qualita", get(about::quality))
        .route("/accessibilita", get(about::text).post(about::feedback))
        .route("/privacy", get(about::text))
        .route("/note-legali", get(about::text))
        .route("/mappa-sito", get(about::sitemap))
        .route("/esperienze/simili", get(compare::similar))
        .route("/esperienze/confronta", get(compare::compare))
        .route("/sparql", get(sparql::get).post(sparql::post).layer(updates))
        .route("/ontologia", get(vocabulary::ontology))
        .route("/ontologia/{file}", get(vocabulary::drawing))
        .route("/vocabolari", get(vocabulary::list))
        .route("/vocabolari/{scheme}", get(vocabulary::scheme))
        .route("/sparql/link", post(links::keep))
        .route("/sparql/check", post(links::check))
        .route("/sparql/terms", get(terms::terms))
        .route("/sparql/labels", post(terms::labels))
        .route("/s/{name}", get(links::follow))
        .route("/graphs", graph_store.clone())
        .route("/graphs/", graph_store.clone())
        .route("/graphs/{*name}", graph_store.clone())
        .route("/graph/{*source}", graph_store)
        .route("/q", get(queries::list))
        .route("/q/{name}", get(queries::run))
        .route("/search", get(search::search))
        .route("/suggest", get(search::suggest))
        .route("/related", get(search::related))
        .route("/similar", get(search::similar))
        .route("/opensearch.xml", get(search::opensearch))
        .route("/explain", get(explain::explain))
        .route("/health", get(ops::health))
        .route("/ready", get(ops::ready))
        .route("/metrics", get(ops::metrics))
        .route("/openapi.json", get(ops::openapi))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(limit))
        .layer(Extension(recorder))
        .layer(middleware::from_fn_with_state(app.clone(), lead_to_language))
        .layer(middleware::from_fn_with_state(app.clone(), pages_for_people))
        .layer(middleware::from_fn(observe))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(cors())
        .with_state(app);
    // The language is taken off the path before a route is looked for.
    Router::new().fallback_service(routes).layer(middleware::map_request(read_language))
}

/// The lists and the pages of every kind of record.
fn records() -> Router<App> {
    PLACES.into_iter().fold(Router::new(), |router, (_, place)| {
        router
            .route(place, get(catalogue::list))
            .route(&format!("{place}/{{slug}}"), get(record::page))
    })
}

/// The ontology and the shapes, without and with the extension of a format.
fn shipped() -> Router<App> {
    let mut router = Router::new();
    for name in ["/ontology", "/shapes", "/shapes/dcat-ap_it"] {
        router = router.route(name, get(entity::shipped));
        for media in DESCRIPTIONS {
            router = router.route(&format!("{name}.{}", media.extension), get(entity::shipped));
        }
    }
    router
}

/// Reading is open to pages from anywhere; writing needs a token, which no page has by itself.
/// Headers are named, for `*` does not stand for `Authorization`. Fetch, section 4.9.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
        ])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
        ])
        .expose_headers([
            header::ETAG,
            header::LINK,
            header::LOCATION,
            header::CONTENT_LOCATION,
            HeaderName::from_static("familylab-seq"),
        ])
        .max_age(Duration::from_secs(86_400))
}

async fn nothing_here(uri: Uri) -> HttpError {
    HttpError::NotFound(uri.path().to_owned())
}

async fn wrong_method(method: Method, path: MatchedPath) -> HttpError {
    let allowed = if path.as_str().starts_with("/graph") {
        "GET, HEAD, PUT, POST, DELETE"
    } else if path.as_str() == "/sparql" {
        "GET, HEAD, POST"
    } else if matches!(path.as_str(), "/sparql/link" | "/sparql/check" | "/sparql/labels") {
        "POST"
    } else {
        "GET, HEAD"
    };
    HttpError::Method { method: method.to_string(), allowed: allowed.to_owned() }
}

/// Counts and times each request under the pattern it matched, and logs it.
async fn observe(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await.into_response();
    let (status, took) = (response.status().as_u16(), start.elapsed());
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::counter!("familylab_requests_total", &labels).increment(1);
    metrics::histogram!("familylab_request_seconds", &labels).record(took.as_secs_f64());
    tracing::debug!(%method, path, status, took_ms = took.as_millis(), "answered a request");
    response
}
