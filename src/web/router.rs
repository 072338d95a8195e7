//! The one list of routes, and what happens around each request.

use super::address::PLACES;
use super::error::HttpError;
use super::html::pages_for_people;
use super::kept::{Kept, keep};
use super::language::{lead_to_language, read_language};
use super::routes::{
    about, ask_all, catalogue, compare, data, dcat, dump, elsewhere, entity, everywhere, explain,
    federation as federated, feeds, front, graphs, harvest, keys, ldes, links, linkset, memento,
    oai, ops, peers, quality, queries, record, search, site, sitemap, sparql, status, summary,
    takedown, terms, together, vocabulary, void,
};
use super::signed::sign_answers;
use crate::app::App;
use crate::media::DESCRIPTIONS;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{Extensions, HeaderMap, HeaderName, Method, StatusCode, Uri, Version, header};
use axum::middleware::{self, Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router};
use metrics_exporter_prometheus::PrometheusHandle;
use std::time::{Duration, Instant};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_http::cors::{Any, CorsLayer};

/// Every address the node answers.
pub fn router(app: App, recorder: PrometheusHandle) -> Router {
    let kept = from_fn_with_state((app.clone(), Kept::default()), keep);
    let sign = from_fn_with_state(app.clone(), sign_answers);
    let limit = app.settings.upload_bytes;
    // A form spells most characters of an update with three.
    let updates = DefaultBodyLimit::max(app.settings.update_bytes * 3 + 65_536);
    let graph_store = get(graphs::get).put(graphs::put).post(graphs::post).delete(graphs::delete);
    let routes = Router::new()
        .route("/", get(front::home).layer(kept.clone()))
        .route("/assets/{name}", get(site::asset))
        .route("/id/{*path}", get(entity::identifier))
        .route("/doc", get(entity::any))
        .route("/doc/{*path}", get(entity::document))
        .route("/vocabulary/{name}", get(entity::shipped))
        .route("/context.jsonld", get(entity::context))
        .merge(shipped())
        .merge(records(get(catalogue::list).layer(kept.clone())))
        .merge(catalog())
        .route("/dati", get(data::page).layer(kept.clone()))
        .route("/qualita", get(quality::quality))
        .route("/qualita/schede", get(quality::page))
        .route("/quality", get(quality::data))
        .route("/accessibilita", get(about::text).post(about::feedback))
        .route("/privacy", get(about::text))
        .route("/note-legali", get(about::text))
        .route("/stato", get(status::page))
        .merge(federation())
        .route("/mappa-sito", get(about::sitemap))
        .route("/esperienze/simili", get(compare::similar))
        .route("/esperienze/confronta", get(compare::compare))
        .route("/sparql", get(sparql::get).post(sparql::post).layer(updates))
        .route("/ontologia", get(vocabulary::ontology))
        .route("/ontologia/{file}", get(vocabulary::drawing))
        .route("/vocabolari", get(vocabulary::list).layer(kept.clone()))
        .route("/vocabolari/{scheme}", get(vocabulary::scheme).layer(kept.clone()))
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
        .route("/search", get(search::search).post(search::posted))
        .route("/suggest", get(search::suggest))
        .route("/feed.atom", get(feeds::changes))
        .route("/eventi.ics", get(feeds::events))
        .route("/timemap/{*path}", get(memento::map))
        .route("/linkset/{*path}", get(linkset::linkset))
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemap/{file}", get(sitemap::file))
        .route("/robots.txt", get(sitemap::robots))
        .route("/related", get(search::related))
        .route("/similar", get(search::similar))
        .route("/opensearch.xml", get(search::opensearch))
        .route("/explain", get(explain::explain))
        .route("/dump", get(dump::list))
        .route("/dump/", get(dump::list))
        .route("/dump/{*path}", get(dump::file))
        .route("/.well-known/void", get(void::void))
        .route("/.well-known/familylab-keys", get(keys::keys))
        .merge(takedowns())
        .route("/ldes", get(ldes::all))
        .route("/ldes/{*path}", get(ldes::below))
        .route("/oai", get(oai::get).post(oai::post).layer(DefaultBodyLimit::max(65_536)))
        .route("/oai/rdf.xsd", get(oai::schema))
        .route("/health", get(ops::health))
        .route("/ready", get(ops::ready))
        .route("/metrics", get(ops::metrics))
        .route("/openapi.json", get(ops::openapi))
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(limit))
        .layer(Extension(recorder));
    // One page shows what the others answer.
    let routes = routes
        .clone()
        .layer(Extension(data::Inside(routes.with_state(app.clone()))))
        .layer(from_fn_with_state(app.clone(), lead_to_language))
        .layer(from_fn_with_state(app.clone(), pages_for_people))
        .layer(middleware::from_fn(observe))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(may_be_packed)))
        .layer(sign)
        .layer(cors())
        .with_state(app);
    // The language is taken off the path before a route is looked for.
    Router::new().fallback_service(routes).layer(middleware::map_request(read_language))
}

/// The lists and the pages of every kind of record.
fn records(list: MethodRouter<App>) -> Router<App> {
    PLACES.into_iter().fold(Router::new(), |router, (_, place)| {
        router.route(place, list.clone()).route(&format!("{place}/{{slug}}"), get(record::page))
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

/// The peers, and queries over all of them. What is sent of one peer is short.
fn federation() -> Router<App> {
    let list = get(peers::list).post(peers::add).layer(DefaultBodyLimit::max(65_536));
    Router::new()
        .route("/federation/sparql", get(federated::get).post(federated::post))
        .route("/federation/search", get(together::search))
        .route("/federation/suggest", get(elsewhere::suggest))
        .route("/federation/related", get(elsewhere::related))
        .route("/federazione", get(ask_all::page))
        .route("/cerca-ovunque", get(everywhere::page))
        .route("/federation/report/{name}", get(federated::report))
        .route("/federation/summary", get(summary::summary))
        .route("/federation/peers", list)
        .route("/federation/peers/{name}", get(peers::one).delete(peers::remove))
        .route("/federation/peers/{name}/check", post(peers::check))
        .route("/federation/peers/{name}/harvest", get(harvest::reports).post(harvest::begin))
}

/// What was taken down. What is sent of one record is short.
fn takedowns() -> Router<App> {
    let list = get(takedown::list).post(takedown::add).delete(takedown::lift);
    Router::new().route("/takedowns", list.layer(DefaultBodyLimit::max(65_536)))
}

/// The catalogue of the node's data, without and with the extension of a format.
fn catalog() -> Router<App> {
    let router = Router::new()
        .route("/catalog", get(dcat::catalog))
        .route("/catalog/{*path}", get(dcat::resource));
    dcat::FORMATS.into_iter().fold(router, |router, media| {
        router.route(&format!("/catalog.{}", media.extension), get(dcat::catalog))
    })
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
            HeaderName::from_static("accept-profile"),
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
            header::IF_RANGE,
            header::RANGE,
            HeaderName::from_static("accept-datetime"),
        ])
        .expose_headers([
            header::ETAG,
            header::LINK,
            header::LOCATION,
            header::CONTENT_LOCATION,
            header::CONTENT_RANGE,
            header::ACCEPT_RANGES,
            HeaderName::from_static("content-profile"),
            HeaderName::from_static("familylab-seq"),
            HeaderName::from_static("federation-report"),
            HeaderName::from_static("memento-datetime"),
            HeaderName::from_static("content-digest"),
            HeaderName::from_static("signature"),
            HeaderName::from_static("signature-input"),
        ])
        .max_age(Duration::from_secs(86_400))
}

/// Exported files arrive as they are. RFC 9111, section 5.2.2.6.
fn may_be_packed(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let mut control = headers.get_all(header::CACHE_CONTROL).iter();
    !control.any(|line| line.to_str().is_ok_and(|line| line.contains("no-transform")))
}

async fn nothing_here(uri: Uri) -> HttpError {
    HttpError::NotFound(uri.path().to_owned())
}

async fn wrong_method(method: Method, path: MatchedPath) -> HttpError {
    let allowed = if path.as_str().starts_with("/graph") {
        "GET, HEAD, PUT, POST, DELETE"
    } else if matches!(
        path.as_str(),
        "/sparql"
            | "/search"
            | "/oai"
            | "/federation/peers"
            | "/federation/sparql"
            | "/federation/peers/{name}/harvest"
    ) {
        "GET, HEAD, POST"
    } else if path.as_str() == "/takedowns" {
        "GET, HEAD, POST, DELETE"
    } else if path.as_str() == "/federation/peers/{name}" {
        "GET, HEAD, DELETE"
    } else if matches!(
        path.as_str(),
        "/sparql/link" | "/sparql/check" | "/sparql/labels" | "/federation/peers/{name}/check"
    ) {
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
