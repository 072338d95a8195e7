//! `/dump/`: the list of exported files, their checksums, and the files themselves, byte by byte as the
//! list tells.
//!
//! What is packed with gzip is `application/gzip` and has no Content-Encoding: nobody on the way and no
//! client unpacks it unasked, so size and checksum hold for what arrives.

use crate::app::App;
use crate::publish::{Export, File, Shelf};
use crate::web::error::HttpError;
use crate::web::extract::is_known;
use crate::web::range::{Stored, Wanted};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::io::Cursor;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// How many bytes are read at a time.
const BUFFER: usize = 64 << 10;
/// The name of the list of checksums.
const SUMS: &str = "SHA256SUMS";

/// The exported files, each with its size and checksum.
#[utoipa::path(get, path = "/dump", tag = "data", responses((status = 200),
    (status = 503, description = "The first export is still being made")))]
pub async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Response, HttpError> {
    Ok(listed(&app, &headers, &*current(&app)?))
}

/// A file by its name, of the last export or, with its number before the name, of one that is kept.
#[utoipa::path(get, path = "/dump/{path}", tag = "data",
    params(("path" = String, Path, description = "Such as all.nq.gz, esperienza.csv, SHA256SUMS or 12/all.nq.gz")),
    responses((status = 200, description = "The whole file"), (status = 206, description = "A part of it"),
        (status = 304, description = "The client has it"), (status = 404), (status = 410, description = "Of an older export"),
        (status = 412), (status = 416), (status = 503, description = "The first export is still being made")))]
pub async fn file(
    State(app): State<App>,
    method: Method,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (export, name) = match path.split_once('/') {
        Some((seq, name)) if !seq.is_empty() && seq.bytes().all(|c| c.is_ascii_digit()) => {
            (kept(&app, seq, &path).await?, name)
        }
        _ => (current(&app)?, path.as_str()),
    };
    match (name, export.file(name)) {
        ("", _) => Ok(listed(&app, &headers, &export)),
        (SUMS, _) => Ok(sums(&headers, &export)),
        (_, Some(file)) => sent(&app, &method, &headers, &export, file).await,
        _ => Err(HttpError::NotFound(format!("/dump/{path}"))),
    }
}

/// The last export.
pub fn current(app: &App) -> Result<Arc<Export>, HttpError> {
    let publication = app.publication.as_ref();
    let publication = publication.ok_or_else(|| HttpError::NotFound("/dump/".to_owned()))?;
    publication.exported().ok_or_else(|| {
        HttpError::Unavailable(
            "the files for download are being made for the first time; try again in a moment"
                .to_owned(),
        )
    })
}

/// An export by the number of its change, where it is kept.
async fn kept(app: &App, seq: &str, path: &str) -> Result<Arc<Export>, HttpError> {
    let current = current(app)?;
    let missing = || HttpError::NotFound(format!("/dump/{path}"));
    let seq: u64 = seq.parse().map_err(|_| missing())?;
    if seq == current.seq {
        return Ok(current);
    }
    let shelf = shelf(app)?;
    let export = tokio::task::spawn_blocking(move || shelf.export(seq))
        .await
        .map_err(|error| HttpError::Internal(error.into()))?;
    export.map(Arc::new).ok_or_else(|| match seq < current.seq {
        true => HttpError::Gone(format!("/dump/{path}")),
        false => missing(),
    })
}

/// Where the exports stand.
pub fn shelf(app: &App) -> Result<Shelf, HttpError> {
    let publication = app.publication.as_ref();
    let publication = publication.ok_or_else(|| HttpError::NotFound("/dump/".to_owned()))?;
    Ok(Shelf::new(publication.folder()))
}

fn listed(app: &App, headers: &HeaderMap, export: &Export) -> Response {
    let files = export.files.iter().map(|file| {
        let path = format!("/dump/{}", file.name);
        let kept = format!("/dump/{}/{}", export.seq, file.name);
        json!({
            "name": file.name, "url": app.base.join(&path), "versionUrl": app.base.join(&kept),
            "mediaType": file.media_type, "bytes": file.bytes, "sha256": file.sha256,
            "count": file.count, "records": file.records,
        })
    });
    let list = json!({ "seq": export.seq, "at": export.at, "files": files.collect::<Vec<_>>() });
    small(headers, export, "json", "application/json", list.to_string())
}

/// The checksums as `sha256sum --check` reads them.
fn sums(headers: &HeaderMap, export: &Export) -> Response {
    let lines = export.files.iter().map(|file| format!("{}  {}\n", file.sha256, file.name));
    small(headers, export, "sums", "text/plain; charset=utf-8", lines.collect())
}

/// What is told of an export as a whole.
fn small(
    headers: &HeaderMap,
    export: &Export,
    what: &str,
    media_type: &'static str,
    body: String,
) -> Response {
    let etag = format!("\"{}-{what}-{}\"", export.seq, env!("CARGO_PKG_VERSION"));
    let fixed = [
        (header::ETAG, etag.as_str()),
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    if is_known(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, body).into_response()
}

/// A file, or what the client wants of it.
async fn sent(
    app: &App,
    method: &Method,
    headers: &HeaderMap,
    export: &Export,
    file: &File,
) -> Result<Response, HttpError> {
    let path = shelf(app)?.file(export.seq, &file.name);
    let opened = tokio::fs::File::open(&path).await;
    // A newer export has just taken the place of this one.
    let mut opened = opened.map_err(|_| {
        HttpError::Unavailable(format!("{} is being replaced; try again", file.name))
    })?;
    let modified = opened.metadata().await?.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    let etag = format!("\"{}\"", file.sha256);
    let stored = Stored { etag, modified, bytes: file.bytes };
    let media_type = if file.name.ends_with(".gz") {
        "application/gzip"
    } else {
        // RFC 4180, section 3.
        "text/csv; charset=utf-8; header=present"
    };
    let response = match stored.wanted(headers, *method == Method::HEAD) {
        Wanted::Known => StatusCode::NOT_MODIFIED.into_response(),
        Wanted::Changed => return Err(HttpError::Changed(file.name.clone())),
        Wanted::Beyond => return Err(HttpError::Beyond(file.bytes)),
        Wanted::Whole => {
            let mut response =
                Body::from_stream(ReaderStream::with_capacity(opened, BUFFER)).into_response();
            set(&mut response, header::CONTENT_TYPE, media_type);
            set(&mut response, header::CONTENT_LENGTH, &file.bytes.to_string());
            response
        }
        Wanted::Parts(parts) => match parts.as_slice() {
            [part] => {
                opened.seek(std::io::SeekFrom::Start(part.start)).await?;
                let bytes = part.end - part.start;
                let body = ReaderStream::with_capacity(opened.take(bytes), BUFFER);
                let body = Body::from_stream(body);
                let mut response = (StatusCode::PARTIAL_CONTENT, body).into_response();
                set(&mut response, header::CONTENT_TYPE, media_type);
                set(&mut response, header::CONTENT_RANGE, &content_range(part, file.bytes));
                set(&mut response, header::CONTENT_LENGTH, &bytes.to_string());
                response
            }
            parts => several(&path, file, media_type, parts).await?,
        },
    };
    Ok(with_validators(app, response, &stored))
}

/// What goes with the file, a part of it, and the news that the client has it.
fn with_validators(app: &App, mut response: Response, stored: &Stored) -> Response {
    set(&mut response, header::ETAG, &stored.etag);
    set(&mut response, header::LAST_MODIFIED, &httpdate::fmt_http_date(stored.modified));
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    // Nobody may pack it once more on the way. RFC 9111, section 5.2.2.6.
    set(&mut response, header::CACHE_CONTROL, "no-cache, no-transform");
    let described = app.base.join("/.well-known/void");
    set(&mut response, header::LINK, &format!("<{described}>; rel=\"describedby\""));
    response
}

/// Several parts in one answer. RFC 9110, section 14.6.
async fn several(
    path: &std::path::Path,
    file: &File,
    media_type: &str,
    parts: &[Range<u64>],
) -> Result<Response, HttpError> {
    let boundary = format!("familylab-{}", &file.sha256[..file.sha256.len().min(32)]);
    let mut reader: Pin<Box<dyn AsyncRead + Send>> = Box::pin(tokio::io::empty());
    let mut length = 0;
    for part in parts {
        let range = content_range(part, file.bytes);
        let head = format!(
            "\r\n--{boundary}\r\nContent-Type: {media_type}\r\nContent-Range: {range}\r\n\r\n"
        );
        let mut opened = tokio::fs::File::open(path).await?;
        opened.seek(std::io::SeekFrom::Start(part.start)).await?;
        let bytes = part.end - part.start;
        length += head.len() as u64 + bytes;
        reader = Box::pin(reader.chain(Cursor::new(head)).chain(opened.take(bytes)));
    }
    let end = format!("\r\n--{boundary}--\r\n");
    length += end.len() as u64;
    let reader = reader.chain(Cursor::new(end));
    let body = Body::from_stream(ReaderStream::with_capacity(reader, BUFFER));
    let mut response = (StatusCode::PARTIAL_CONTENT, body).into_response();
    let kind = format!("multipart/byteranges; boundary={boundary}");
    set(&mut response, header::CONTENT_TYPE, &kind);
    set(&mut response, header::CONTENT_LENGTH, &length.to_string());
    Ok(response)
}

/// RFC 9110, section 14.4.
fn content_range(part: &Range<u64>, bytes: u64) -> String {
    format!("bytes {}-{}/{bytes}", part.start, part.end - 1)
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
