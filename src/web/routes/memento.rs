//! TimeGate and TimeMap. RFC 7089.

use crate::app::App;
use crate::media::{Kind, Media};
use crate::publish::{Memento, Timeline};
use crate::web::address::{Document, encode, whole};
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, format, is_known};
use crate::web::mementos::{link, neighbours, timeline, timemap, version};
use crate::web::represent::{Request, http_date};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

/// How a TimeMap is written.
const MAPS: [Media; 2] = [
    Media {
        kind: Kind::Listing,
        extension: "link",
        content_type: "application/link-format",
        names: &["application/link-format", "text/plain"],
        label: "Link",
    },
    Media {
        kind: Kind::Listing,
        extension: "json",
        content_type: "application/json",
        names: &["application/json"],
        label: "JSON",
    },
];

/// Leads to the version in force at a moment. RFC 7089, section 4.1.1.
pub async fn gate(
    request: &Request,
    path: &str,
    moment: Timestamp,
    media: Option<Media>,
) -> Result<Response, HttpError> {
    let Request { app, reader, headers, parameters, .. } = request;
    let address = format!("{}{path}", app.base.id());
    let missing = || HttpError::NotFound(address.clone());
    let found = timeline(app, &address).await?.ok_or_else(missing)?;
    let seq = found.at(moment).ok_or_else(missing)?.seq;
    let document = Document::version(&app.base, &found.record, seq).ok_or_else(missing)?;
    let location = match media {
        Some(media) => document.data(&app.base, media, Some(*reader)),
        // A page asked for by people stays in their language; programs negotiate.
        None if parameters.has("at") => document.page(&app.base, *reader),
        None => document.any(&app.base),
    };
    let location = whole(&app.base, &location);
    let links = neighbours(&app.base, &found, seq).join(", ");
    let mut response = StatusCode::FOUND.into_response();
    let answer = response.headers_mut();
    let vary = if headers.contains_key("accept-datetime") || !parameters.has("at") {
        "accept-datetime, Accept, Accept-Language"
    } else {
        "Accept, Accept-Language"
    };
    for (name, value) in [
        (header::LOCATION, location.as_str()),
        (header::LINK, links.as_str()),
        (header::VARY, vary),
        (header::CACHE_CONTROL, "no-cache"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.insert(name, value);
        }
    }
    Ok(response)
}

/// Every published version of a record, deleted ones included. RFC 7089, section 5.
#[utoipa::path(get, path = "/timemap/{kind}/{slug}", tag = "data",
    params(("kind" = String, Path), ("slug" = String, Path), ("format" = Option<String>, Query, description = "link or json")),
    responses((status = 200, description = "Every version with its moment"), (status = 304), (status = 404), (status = 406)))]
pub async fn map(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    let missing = || HttpError::NotFound(uri.path().to_owned());
    let path = uri.path().strip_prefix("/timemap/").ok_or_else(missing)?;
    let address = format!("{}{path}", app.base.id());
    let found = timeline(&app, &address).await?.ok_or_else(missing)?;
    let media = format(&parameters, &headers, &MAPS)?;
    let last = found.mementos.last().ok_or_else(missing)?;
    let etag = format!("\"{}-{}-{}\"", last.seq, media.extension, env!("CARGO_PKG_VERSION"));
    let modified = http_date(&last.at.to_string()).unwrap_or_default();
    let tags = [
        (header::ETAG, etag.clone()),
        (header::VARY, "Accept".to_owned()),
        (header::LAST_MODIFIED, modified),
        (header::CACHE_CONTROL, "public, no-cache".to_owned()),
    ];
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, tags).into_response());
    }
    let body = match media.extension {
        "json" => listed(&app, &found).to_string(),
        _ => linked(&app, &found),
    };
    Ok((tags, [(header::CONTENT_TYPE, media.content_type)], body).into_response())
}

/// The marks of the first and the last of several.
fn marks(place: usize, count: usize) -> Vec<&'static str> {
    let marks = [(place == 0, "first"), (place + 1 == count, "last")];
    marks.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect()
}

/// RFC 6690, section 2, in the terms of RFC 7089, section 5.
fn linked(app: &App, found: &Timeline) -> String {
    let (own, map) = (encode(&found.record), timemap(&app.base, &found.record));
    let readable: Vec<_> = found.readable().collect();
    let date = |memento: Option<&&Memento>, name: &str| {
        let date = memento.and_then(|memento| http_date(&memento.at.to_string()));
        date.map_or_else(String::new, |date| format!("; {name}=\"{date}\""))
    };
    let mut lines = vec![
        format!("<{own}>; rel=\"original timegate\""),
        format!(
            "<{map}>; rel=\"self\"; type=\"application/link-format\"{}{}",
            date(readable.first(), "from"),
            date(readable.last(), "until")
        ),
    ];
    for (place, memento) in readable.iter().enumerate() {
        lines.push(link(&app.base, &found.record, memento, &marks(place, readable.len())));
    }
    format!("{}\n", lines.join(",\n"))
}

fn listed(app: &App, found: &Timeline) -> Value {
    let own = encode(&found.record);
    let memento = |memento: &Memento| {
        json!({
            "datetime": memento.at.to_string(),
            "uri": version(&app.base, &found.record, memento.seq),
        })
    };
    let list: Vec<Value> = found.readable().map(memento).collect();
    let gone = found.mementos.last().filter(|last| last.is_gone);
    json!({
        "original_uri": own,
        "timegate_uri": own,
        "timemap_uri": { "link_format": timemap(&app.base, &found.record) },
        "deleted": gone.map(|last| last.at.to_string()),
        "mementos": { "first": list.first(), "last": list.last(), "list": list },
    })
}
