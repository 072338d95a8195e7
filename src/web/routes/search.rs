//! `/search`, `/suggest`, `/related`, `/similar`, `/opensearch.xml`.

use crate::app::App;
use crate::federation::Trust;
use crate::media::{HTML, Kind, Media};
use crate::search::{Need, Search, SearchError};
use crate::web::asked::{ask, number};
use crate::web::assets::digest;
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, format, is_known, refuse_packed};
use crate::web::found::{RESULTS, alike, escaped, write};
use crate::web::html::{COUNTED, search_page};
use crate::web::language::{Reader, tag};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// How results can be written; data where a client says nothing.
const OFFERS: [Media; 5] = [RESULTS[0], RESULTS[1], RESULTS[2], RESULTS[3], HTML];

/// Searches records by words, facets, numbers, dates and distance.
#[utoipa::path(get, path = "/search", tag = "search",
    params(("q" = Option<String>, Query, description = "Words, \"phrases\", -without, OR, field:value, prefix*, ranges such as anno:2018..2022"),
        ("kind" = Option<Vec<String>>, Query), ("theme" = Option<Vec<String>>, Query), ("territory" = Option<Vec<String>>, Query, description = "IRI, slug or ISTAT code"),
        ("near" = Option<String>, Query, description = "A municipality, or lat,long"), ("within" = Option<f64>, Query, description = "Kilometres"),
        ("year" = Option<String>, Query), ("budget" = Option<String>, Query), ("inhabitants" = Option<String>, Query),
        ("from" = Option<String>, Query), ("until" = Option<String>, Query), ("sort" = Option<String>, Query, description = "relevance, date, distance"),
        ("limit" = Option<usize>, Query), ("page" = Option<usize>, Query), ("after" = Option<String>, Query), ("facets" = Option<String>, Query, description = "Facets to count, by commas; `all`; empty for none"),
        ("lang" = Option<String>, Query), ("format" = Option<String>, Query, description = "json, jsonld, csv, atom"), ("min-seq" = Option<u64>, Query)),
    responses((status = 200, description = "Results with facets and advice"), (status = 400, description = "A parameter is wrong"), (status = 503, description = "The index is being made")))]
pub async fn search(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    let search = of(&app)?;
    let media = format(&parameters, &headers, &OFFERS)?;
    wait(&search, &parameters, &app).await?;
    let reached = search.reached();
    let language = tag(reader.language);
    let (extension, dress) = match media.kind {
        Kind::Html if app.peers.any(Trust::Search) => ("html.all", digest()),
        Kind::Html => (media.extension, digest()),
        _ => (media.extension, ""),
    };
    let etag = format!("\"{}.{}-{extension}{language}{dress}\"", reached.seq, reached.settled);
    let tags = [(header::ETAG, etag.clone()), (header::VARY, "Accept, Accept-Language".to_owned())];
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, tags).into_response());
    }
    let updated = app.dataset.log().change(reached.seq).await?.map_or_else(String::new, |c| c.at);
    let answer = blocking(move || {
        let mut ask = ask(&search, &parameters, reader)?;
        if media.kind == Kind::Html && !parameters.has("facets") {
            ask.counted = COUNTED.to_vec();
        }
        let found = search.find(&ask)?;
        if media.kind == Kind::Html {
            return search_page(&app, reader, &uri, &parameters, &found);
        }
        Ok(write(&found, &app.base, &parameters, media, &updated)?.into_response())
    });
    let caching =
        [(header::CACHE_CONTROL, "public, no-cache"), (header::CONTENT_TYPE, media.content_type)];
    Ok((tags, caching, answer.await?).into_response())
}

/// The same search from a form, for what is longer than an address may be.
#[utoipa::path(post, path = "/search", tag = "search",
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "The same parameters"),
    responses((status = 200, description = "Results with facets and advice"), (status = 400, description = "A parameter is wrong"), (status = 503, description = "The index is being made")))]
pub async fn posted(
    app: State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
    reader: Reader,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    refuse_packed(&headers)?;
    let form = Parameters::parse(&String::from_utf8_lossy(&body?));
    search(app, uri, headers, parameters.and(form), reader).await
}

/// Completes what is being typed.
#[utoipa::path(get, path = "/suggest", tag = "search",
    params(("q" = String, Query), ("limit" = Option<usize>, Query), ("lang" = Option<String>, Query), ("format" = Option<String>, Query, description = "`opensearch` for browsers")),
    responses((status = 200, description = "Completions")))]
pub async fn suggest(
    State(app): State<App>,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    let search = of(&app)?;
    let text = parameters.one("q")?.unwrap_or_default();
    if text.len() > 500 {
        return Err(HttpError::BadRequest("q is longer than 500 bytes".to_owned()));
    }
    let limit = number(&parameters, "limit", 1, crate::search::MOST_SUGGESTIONS)?.unwrap_or(8);
    let typed = text.clone();
    let found = blocking(move || Ok(search.suggest(&typed, limit, tag(reader.language))?)).await?;
    let caching = [(header::CACHE_CONTROL, "public, max-age=60")];
    if parameters.one("format")?.as_deref() == Some("opensearch") {
        let texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
        let body = json!([text, texts]).to_string();
        let media = [(header::CONTENT_TYPE, "application/x-suggestions+json")];
        return Ok((caching, media, body).into_response());
    }
    let one = |one: &crate::search::Suggestion| json!({ "text": one.text, "kind": one.kind, "iri": one.iri });
    let list: Vec<Value> = found.iter().map(one).collect();
    Ok((caching, Json(json!({ "query": text, "suggestions": list }))).into_response())
}

/// The records most like one, with reasons.
#[utoipa::path(get, path = "/related", tag = "search",
    params(("iri" = String, Query), ("limit" = Option<usize>, Query), ("lang" = Option<String>, Query), ("min-seq" = Option<u64>, Query)),
    responses((status = 200, description = "Records, each with its reasons in Italian and English"), (status = 404, description = "No such record")))]
pub async fn related(
    State(app): State<App>,
    parameters: Parameters,
    reader: Reader,
) -> Result<Json<Value>, HttpError> {
    let search = of(&app)?;
    wait(&search, &parameters, &app).await?;
    let iri = parameters.one("iri")?.filter(|iri| !iri.is_empty());
    let iri = iri.ok_or_else(|| missing("iri", "the IRI of a record"))?;
    let iri = crate::iri::absolute(&iri)?.into_string();
    let limit = number(&parameters, "limit", 1, 100)?.unwrap_or(6);
    let list = search.related(&iri, limit, tag(reader.language)).await?;
    Ok(Json(json!({ "iri": iri, "related": alike(&list) })))
}

/// Experiences like the one that is needed.
#[utoipa::path(get, path = "/similar", tag = "search",
    params(("need" = String, Query, description = "What is needed, in one's own words"), ("municipality" = Option<String>, Query, description = "Name, ISTAT code or IRI"), ("limit" = Option<usize>, Query), ("lang" = Option<String>, Query)),
    responses((status = 200, description = "Experiences, each with its reasons"), (status = 400, description = "No need, or no such municipality")))]
pub async fn similar(
    State(app): State<App>,
    parameters: Parameters,
    reader: Reader,
) -> Result<Json<Value>, HttpError> {
    let search = of(&app)?;
    wait(&search, &parameters, &app).await?;
    let need = parameters.one("need")?.filter(|need| !need.trim().is_empty());
    let text = need.ok_or_else(|| missing("need", "what is needed, in your own words"))?;
    if text.len() > 10_000 {
        return Err(HttpError::BadRequest("need is longer than 10000 bytes".to_owned()));
    }
    let place = parameters.one("municipality")?.filter(|place| !place.trim().is_empty());
    let limit = number(&parameters, "limit", 1, 100)?.unwrap_or(10);
    let list = blocking(move || {
        let municipality = place.map(|place| match search.territory(&place)? {
            Some(iri) => Ok(iri),
            None => Err(SearchError::Ask(format!(
                "there is no territory {place:?}; give a municipality's name, ISTAT code or IRI"
            ))),
        });
        let need = Need { municipality: municipality.transpose()?, text };
        Ok(search.similar(&need, limit, tag(reader.language))?)
    });
    Ok(Json(json!({ "similar": alike(&list.await?) })))
}

/// How a browser may search this node. OpenSearch 1.1.
#[utoipa::path(get, path = "/opensearch.xml", tag = "search", responses((status = 200, body = String)))]
pub async fn opensearch(State(app): State<App>) -> Response {
    let address = |path: &str| escaped(&app.base.join(path));
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<OpenSearchDescription xmlns=\"{}\">\n\
         <ShortName>FamilyLab</ShortName>\n<Description>Esperienze di politiche familiari</Description>\n\
         <InputEncoding>UTF-8</InputEncoding>\n\
         <Url type=\"text/html\" template=\"{}\"/>\n\
         <Url type=\"application/atom+xml\" template=\"{}\"/>\n\
         <Url type=\"application/json\" template=\"{}\"/>\n\
         <Url type=\"application/x-suggestions+json\" template=\"{}\"/>\n</OpenSearchDescription>\n",
        crate::vocab::OPENSEARCH,
        address("/search?q={searchTerms}&format=html"),
        address("/search?q={searchTerms}&format=atom&page={startPage?}"),
        address("/search?q={searchTerms}&format=json&page={startPage?}"),
        address("/suggest?q={searchTerms}&format=opensearch"),
    );
    ([(header::CONTENT_TYPE, "application/opensearchdescription+xml")], body).into_response()
}

/// The search of this node; a plain SPARQL store has none.
pub fn of(app: &App) -> Result<Search, HttpError> {
    app.search.clone().ok_or_else(|| HttpError::NotFound("/search".to_owned()))
}

/// The same for whoever asks in another way, where this node has an index.
pub async fn wait_for_index(parameters: &Parameters, app: &App) -> Result<(), HttpError> {
    match &app.search {
        Some(search) => wait(search, parameters, app).await,
        None => Ok(()),
    }
}

/// Waits until the index shows the change that the client has already seen: `min-seq`.
async fn wait(search: &Search, parameters: &Parameters, app: &App) -> Result<(), HttpError> {
    let Some(seq) = parameters.one("min-seq")? else { return Ok(()) };
    let seq = seq
        .parse()
        .map_err(|_| HttpError::BadRequest(format!("min-seq is a number, not {seq:?}")))?;
    let limit = Duration::from_secs_f64(app.settings.min_seq_wait.clamp(0.0, 3600.0));
    Ok(search.wait_for(seq, limit).await?)
}

fn missing(name: &str, what: &str) -> HttpError {
    HttpError::BadRequest(format!("the parameter {name} is missing: {what}"))
}

/// Runs work on the index where it holds up nobody.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, HttpError> + Send + 'static,
) -> Result<T, HttpError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| HttpError::Internal(error.into()))?
}
