//! What an editor of queries needs to know of this graph: prefixes, classes, properties, names.

use crate::app::App;
use crate::entity::{Labels, Used};
use crate::vocab::PREFIXES;
use crate::web::address::page;
use crate::web::error::HttpError;
use crate::web::extract::is_known;
use crate::web::language::Reader;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// So many names can be asked for at once.
const MOST: usize = 1000;

/// The prefixes, classes and properties of this graph, with names in both languages and counts.
#[utoipa::path(get, path = "/sparql/terms", tag = "sparql", responses((status = 200, description = "The terms, as JSON; a count is null while they are counted for the first time"), (status = 304)))]
pub async fn terms(State(app): State<App>, headers: HeaderMap) -> Result<Response, HttpError> {
    let usage = app.usages.of(&app.dataset, &app.memory).await?;
    let counted = usage.properties.iter().any(|property| property.count.is_some());
    let etag = format!("\"{}-{counted}-{}\"", usage.version, env!("CARGO_PKG_VERSION"));
    let tags = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, tags).into_response());
    }
    let term = |term: &Used| {
        let short = term.short.clone().unwrap_or_else(|| format!("<{}>", term.iri));
        json!({ "term": short, "iri": term.iri, "it": term.label.it, "en": term.label.en, "count": term.count })
    };
    let prefixes: Map<String, Value> =
        PREFIXES.iter().map(|(prefix, iri)| ((*prefix).to_owned(), json!(iri))).collect();
    let body = json!({
        "prefixes": prefixes,
        "classes": usage.classes.iter().map(term).collect::<Vec<Value>>(),
        "properties": usage.properties.iter().map(term).collect::<Vec<Value>>(),
    });
    Ok((tags, Json(body)).into_response())
}

/// What resources are called and where their pages are: a JSON list of IRIs, a JSON object back.
#[utoipa::path(post, path = "/sparql/labels", tag = "sparql", params(("lang" = Option<String>, Query, description = "it or en")),
    request_body(content = Vec<String>), responses((status = 200, description = "For each IRI its name, the name's language, its page"), (status = 400)))]
pub async fn labels(
    State(app): State<App>,
    reader: Reader,
    Json(iris): Json<Vec<String>>,
) -> Result<Response, HttpError> {
    if iris.len() > MOST {
        return Err(HttpError::BadRequest(format!("ask for {MOST} names at most at once")));
    }
    let (memory, dataset, base) = (app.memory.clone(), app.dataset.clone(), app.base.clone());
    let named = tokio::task::spawn_blocking(move || {
        let known = memory.of(&dataset);
        let labels = Labels::new(dataset.read().0, reader.language, known);
        let name = |iri: String| {
            let link = labels.link(&iri)?;
            let page = page(&base, &iri, reader);
            let told =
                json!({ "text": link.label.text, "lang": link.label.language, "page": page });
            Ok((iri, told))
        };
        iris.into_iter()
            .map(name)
            .collect::<Result<Map<String, Value>, crate::entity::EntityError>>()
    })
    .await
    .map_err(|error| HttpError::Internal(error.into()))??;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(named)).into_response())
}
