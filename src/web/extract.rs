//! What handlers take from a request: the format wanted, the right to write, the change to wait
//! for. Knows headers and query strings, nothing of what is asked.

use super::error::HttpError;
use crate::app::App;
use crate::media::{Media, by_extension, negotiate};
use crate::publish::Publication;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequestParts, RawQuery};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::time::Duration;
use subtle::ConstantTimeEq;

/// The parameters of a query string or a form, in order. Names may repeat.
#[derive(Debug, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` text.
    pub fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self(pairs.collect())
    }

    /// These names and values.
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Every value of a parameter.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(other, _)| other == name).map(|(_, value)| value.clone()).collect()
    }

    /// The only value of a parameter; an error if it stands twice.
    pub fn one(&self, name: &str) -> Result<Option<String>, HttpError> {
        let mut values = self.all(name);
        if values.len() > 1 {
            return Err(HttpError::BadRequest(format!(
                "the parameter {name} stands more than once"
            )));
        }
        Ok(values.pop())
    }

    /// Whether a parameter is there, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| other == name)
    }

    /// All of them but these.
    pub fn except(&self, names: &[&str]) -> Vec<(String, String)> {
        self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect()
    }

    /// These and then others.
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let Ok(RawQuery(query)) = RawQuery::from_request_parts(parts, state).await;
        Ok(Self::parse(&query.unwrap_or_default()))
    }
}

/// Picks a format by `?format=EXTENSION`, else by the Accept header.
pub fn format(
    parameters: &Parameters,
    headers: &HeaderMap,
    offers: &[Media],
) -> Result<Media, HttpError> {
    let refused = || HttpError::not_acceptable(offers);
    if let Some(extension) = parameters.one("format")? {
        return by_extension(&extension, offers).ok_or_else(refused);
    }
    negotiate(accept(headers).as_deref(), offers).ok_or_else(refused)
}

/// The Accept header; several lines are one list. RFC 9110, section 5.3.
pub fn accept(headers: &HeaderMap) -> Option<String> {
    let lines: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

/// Refuses a body that must be unpacked before it can be read. RFC 9110, section 8.4.
pub fn refuse_packed(headers: &HeaderMap) -> Result<(), HttpError> {
    let codings = headers.get_all(header::CONTENT_ENCODING).iter();
    let packed = codings
        .map(|line| String::from_utf8_lossy(line.as_bytes()).trim().to_owned())
        .find(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    packed.map_or(Ok(()), |coding| Err(HttpError::Packed(coding)))
}

/// What a client sent as JSON, which is `what`. RFC 8259.
pub fn json<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    what: &str,
) -> Result<T, HttpError> {
    refuse_packed(headers)?;
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        return Err(HttpError::Unsupported(format!("send the {what} as application/json")));
    }
    let sent = serde_json::from_slice(&body?);
    sent.map_err(|error| HttpError::BadRequest(format!("this is no {what} in JSON: {error}")))
}

/// Proof that the client may write: it showed the admin token.
#[derive(Debug)]
pub struct Admin(());

impl Admin {
    /// Compares the bearer token with the configured one, in a time that does not tell how much
    /// of it was right. RFC 6750, section 2.1.
    pub fn check(headers: &HeaderMap, app: &App) -> Result<Self, HttpError> {
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        let Some(given) = given else { return Err(HttpError::Unauthorized) };
        let wanted = app.settings.admin_token.as_deref().filter(|token| !token.is_empty());
        let right = wanted.is_some_and(|wanted| wanted.as_bytes().ct_eq(given.as_bytes()).into());
        if right { Ok(Self(())) } else { Err(HttpError::Forbidden) }
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, HttpError> {
        Self::check(&parts.headers, app)
    }
}

/// Waits until the change that the client has already seen is visible here: `min-seq`.
pub async fn wait_for_seq(parameters: &Parameters, app: &App) -> Result<(), HttpError> {
    let Some(seq) = parameters.one("min-seq")? else { return Ok(()) };
    let seq = seq
        .parse()
        .map_err(|_| HttpError::BadRequest(format!("min-seq is a number, not {seq:?}")))?;
    let limit = Duration::from_secs_f64(app.settings.min_seq_wait.clamp(0.0, 3600.0));
    Ok(app.dataset.wait_for(seq, limit).await?)
}

/// The publication of this node, once it holds the change that the client has already seen.
pub async fn published(parameters: &Parameters, app: &App) -> Result<Publication, HttpError> {
    let publication = app.publication.clone().ok_or_else(|| {
        let why = "here: a plain SPARQL store publishes nothing but its graphs";
        HttpError::NotFound(why.to_owned())
    })?;
    wait_for_seq(parameters, app).await?;
    let Some(seq) = parameters.one("min-seq")?.and_then(|seq| seq.parse().ok()) else {
        return Ok(publication);
    };
    let limit = Duration::from_secs_f64(app.settings.min_seq_wait.clamp(0.0, 3600.0));
    if publication.wait_for(seq, limit).await {
        return Ok(publication);
    }
    Err(HttpError::Unavailable(format!(
        "change {seq} is written but was not published within {limit:?}; the newest published one \
         is {}; try again later",
        publication.through()
    )))
}

/// A moment as HTTP writes it, in any of its three forms. RFC 9110, section 5.6.7.
pub fn http_moment(text: &str) -> Option<Timestamp> {
    httpdate::parse_http_date(text.trim()).ok()?.try_into().ok()
}

/// Whether the client already has what was modified at a moment: by the tag, else by the date.
/// RFC 9110, section 13.2.2.
pub fn is_fresh(headers: &HeaderMap, etag: &str, modified: &str) -> bool {
    if headers.contains_key(header::IF_NONE_MATCH) {
        return is_known(headers, etag);
    }
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    let modified: Option<Timestamp> = modified.parse().ok();
    let both = since.and_then(http_moment).zip(modified);
    both.is_some_and(|(since, modified)| modified.as_second() <= since.as_second())
}

/// Whether the client already has the representation with this tag. RFC 9110, section 13.1.2.
pub fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).any(|tag| {
        // Compression marks a tag as weak; If-None-Match compares weakly.
        tag == "*" || tag.trim_start_matches("W/") == etag
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_s_own_dates_are_read() {
        let read = |text| http_moment(text).map(|at| at.to_string());
        assert_eq!(read("Sun, 01 Nov 2026 10:00:00 GMT").as_deref(), Some("2026-11-01T10:00:00Z"));
        assert_eq!(read("2026-11-01T10:00:00Z"), None);
        assert_eq!(read("Sun, 01 Nov 2026 10:00:00 +0200"), None);
        assert_eq!(read(""), None);
    }
}
