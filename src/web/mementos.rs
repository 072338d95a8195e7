//! The versions of a record in time, as headers and lists tell of them: which moment a request
//! asks for, and the links between a record, its TimeGate, its TimeMap and its versions. RFC 7089.
//! Knows no store.

use super::address::{Document, encode};
use super::error::HttpError;
use super::extract::Parameters;
use super::represent::http_date;
use crate::app::App;
use crate::iri::Base;
use crate::publish::{Memento, Timeline};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The header by which a client asks for a moment. RFC 7089, section 2.1.1.
const ACCEPT_DATETIME: &str = "accept-datetime";
/// The header that says from when on a version was in force. RFC 7089, section 2.1.2.
const MEMENTO_DATETIME: &str = "memento-datetime";

/// The moment a request asks for: `?at=` for people, Accept-Datetime for programs.
pub fn asked(headers: &HeaderMap, parameters: &Parameters) -> Result<Option<Timestamp>, HttpError> {
    if let Some(text) = parameters.one("at")? {
        return Ok(Some(at(&text)?));
    }
    let Some(value) = headers.get(ACCEPT_DATETIME) else { return Ok(None) };
    let text = String::from_utf8_lossy(value.as_bytes());
    let wrong = || {
        HttpError::BadRequest(format!(
            "Accept-Datetime is a moment such as `Sun, 01 Nov 2026 00:00:00 GMT`, not {text:?}"
        ))
    };
    from_http(text.trim()).ok_or_else(wrong).map(Some)
}

/// A moment as HTTP writes it. RFC 9110, section 5.6.7, the preferred form.
pub fn from_http(text: &str) -> Option<Timestamp> {
    let parsed = strtime::parse("%a, %d %b %Y %H:%M:%S GMT", text).ok()?;
    Some(parsed.to_datetime().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// A day stands for its last moment; a time without a zone is in UTC.
fn at(text: &str) -> Result<Timestamp, HttpError> {
    let wrong = || {
        HttpError::BadRequest(format!(
            "at is a day such as 2026-11-01 or a moment such as 2026-11-01T12:00:00Z, not {text:?}"
        ))
    };
    let utc = |time: DateTime| time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    // A plus sign that nobody encoded came here as a space.
    let spelled = text.trim().replace(' ', "+");
    let found = if spelled.contains('T') {
        spelled.parse().ok().or_else(|| spelled.parse().ok().and_then(utc))
    } else {
        let day: Option<Date> = spelled.parse().ok();
        let next = day.and_then(|day| day.checked_add(1.day()).ok());
        next.and_then(|next| utc(next.at(0, 0, 0, 0)))
            .and_then(|end| end.checked_sub(1.nanosecond()).ok())
    };
    found.ok_or_else(wrong)
}

/// Where a record's TimeMap is.
pub fn timemap(base: &Base, iri: &str) -> String {
    let path = iri.strip_prefix(&base.id()).unwrap_or_default();
    base.join(&format!("/timemap/{}", encode(path)))
}

/// The links that do not depend on a moment. A record is its own TimeGate. RFC 7089, section 2.2.
pub fn times(base: &Base, iri: &str) -> Vec<String> {
    let (own, map) = (encode(iri), timemap(base, iri));
    vec![
        format!("<{own}>; rel=\"original timegate\""),
        format!("<{map}>; rel=\"timemap\"; type=\"application/link-format\""),
    ]
}

/// These and the first, the last and the neighbours of a version, each once with all it is.
pub fn neighbours(base: &Base, timeline: &Timeline, seq: u64) -> Vec<String> {
    let mut links = times(base, &timeline.record);
    let readable: Vec<&Memento> = timeline.readable().collect();
    let last = readable.len().saturating_sub(1);
    let before = readable.iter().rposition(|memento| memento.seq < seq);
    let after = readable.iter().position(|memento| memento.seq > seq);
    for (place, memento) in readable.iter().enumerate() {
        let marks = [
            (place == 0, "first"),
            (place == last, "last"),
            (Some(place) == before, "prev"),
            (Some(place) == after, "next"),
        ];
        let names: Vec<&str> = marks.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
        if !names.is_empty() || memento.seq == seq {
            links.push(link(base, &timeline.record, memento, &names));
        }
    }
    links
}

/// A version with its moment.
pub fn link(base: &Base, iri: &str, memento: &Memento, names: &[&str]) -> String {
    let rel = names.iter().chain(&["memento"]).copied().collect::<Vec<_>>().join(" ");
    let date = http_date(&memento.at.to_string()).unwrap_or_default();
    format!("<{}>; rel=\"{rel}\"; datetime=\"{date}\"", version(base, iri, memento.seq))
}

/// The whole address of a version.
pub fn version(base: &Base, iri: &str, seq: u64) -> String {
    let document = Document::version(base, iri, seq).map(|document| document.any(base));
    super::address::whole(base, &document.unwrap_or_default())
}

/// Adds to the answer with a version what RFC 7089 asks of it (section 4.2.1), where it is
/// published.
pub async fn mark(
    app: &App,
    address: &str,
    seq: u64,
    headers: &mut HeaderMap,
) -> Result<(), HttpError> {
    let Some(timeline) = timeline(app, address).await? else { return Ok(()) };
    let Some(memento) = timeline.of(seq) else { return Ok(()) };
    let date = http_date(&memento.at.to_string()).unwrap_or_default();
    if let Ok(date) = HeaderValue::from_str(&date) {
        headers.insert(HeaderName::from_static(MEMENTO_DATETIME), date);
    }
    let links = neighbours(&app.base, &timeline, seq).join(", ");
    if let Ok(links) = HeaderValue::from_str(&links) {
        headers.append(header::LINK, links);
    }
    Ok(())
}

/// The published versions of the record at an address, whichever way it writes accents.
pub async fn timeline(app: &App, address: &str) -> Result<Option<Timeline>, HttpError> {
    let Some(publication) = &app.publication else { return Ok(None) };
    for iri in super::address::decode(address) {
        let timeline = publication.timeline(&iri).await?;
        if !timeline.mementos.is_empty() {
            return Ok(Some(timeline));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_stands_for_its_end_and_a_moment_for_itself() {
        let read = |text| at(text).map(|at| at.to_string()).ok();
        assert_eq!(read("2026-11-01").as_deref(), Some("2026-11-01T23:59:59.999999999Z"));
        assert_eq!(read("2026-11-01T10:00:00Z").as_deref(), Some("2026-11-01T10:00:00Z"));
        assert_eq!(read("2026-11-01T10:00:00 02:00").as_deref(), Some("2026-11-01T08:00:00Z"));
        assert_eq!(read("2026-11-01T10:00:00").as_deref(), Some("2026-11-01T10:00:00Z"));
        assert_eq!(read("ieri"), None);
        assert_eq!(read("2026-02-30"), None);
    }

    #[test]
    fn only_http_s_own_dates_are_read() {
        let read = |text| from_http(text).map(|at| at.to_string());
        assert_eq!(read("Sun, 01 Nov 2026 10:00:00 GMT").as_deref(), Some("2026-11-01T10:00:00Z"));
        assert_eq!(read("2026-11-01T10:00:00Z"), None);
        assert_eq!(read("Sun, 01 Nov 2026 10:00:00 +0200"), None);
        assert_eq!(read(""), None);
    }
}
