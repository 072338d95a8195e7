//! Parts of what is stored as bytes: which ones a client wants, and whether it has them already.
//! RFC 9110, sections 13 and 14. Knows headers; refuses to know whose bytes they are.

use super::extract::is_known;
use axum::http::{HeaderMap, HeaderName, header};
use std::ops::Range;
use std::time::{SystemTime, UNIX_EPOCH};

/// Whoever asks for more parts at once gets the whole. RFC 9110, section 17.15.
const MOST: usize = 32;

/// What is known of the bytes.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The strong tag, in quotation marks.
    pub etag: String,
    pub modified: SystemTime,
    pub bytes: u64,
}

/// What a client is to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// It has the bytes already.
    Known,
    /// It has others and wanted to go on with those.
    Changed,
    Whole,
    /// One part or several, in the order in which they were asked for.
    Parts(Vec<Range<u64>>),
    /// Parts that there are not.
    Beyond,
}

impl Stored {
    /// Evaluates the conditions of a request in the order of RFC 9110, section 13.2.2.
    pub fn wanted(&self, headers: &HeaderMap, is_head: bool) -> Wanted {
        let date = |name: HeaderName| one(headers, name).and_then(seconds);
        if headers.contains_key(header::IF_MATCH) {
            if !self.matches(headers) {
                return Wanted::Changed;
            }
        } else if date(header::IF_UNMODIFIED_SINCE).is_some_and(|date| self.seconds() > date) {
            return Wanted::Changed;
        }
        if headers.contains_key(header::IF_NONE_MATCH) {
            if is_known(headers, &self.etag) {
                return Wanted::Known;
            }
        } else if date(header::IF_MODIFIED_SINCE).is_some_and(|date| self.seconds() <= date) {
            return Wanted::Known;
        }
        // Ranges are of GET only. RFC 9110, section 14.2.
        match one(headers, header::RANGE) {
            Some(ranges) if !is_head && self.goes_on(headers) => ranges_of(ranges, self.bytes),
            _ => Wanted::Whole,
        }
    }

    /// RFC 9110, section 13.1.1: tags are compared strongly, so a weak one never matches.
    fn matches(&self, headers: &HeaderMap) -> bool {
        let lines = headers.get_all(header::IF_MATCH).iter().filter_map(|line| line.to_str().ok());
        lines
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag == self.etag)
    }

    /// Whether If-Range, where there is one, is about these bytes. RFC 9110, section 13.1.5.
    fn goes_on(&self, headers: &HeaderMap) -> bool {
        match one(headers, header::IF_RANGE) {
            None => !headers.contains_key(header::IF_RANGE),
            Some(tag) if tag.contains('"') => tag == self.etag,
            Some(date) => seconds(date) == Some(self.seconds()),
        }
    }

    fn seconds(&self) -> u64 {
        self.modified.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }
}

fn one(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// The seconds of a date in any of the three forms. RFC 9110, section 5.6.7.
fn seconds(date: &str) -> Option<u64> {
    let moment = httpdate::parse_http_date(date).ok()?;
    moment.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}

/// Reads a Range header; what is not understood is passed over. RFC 9110, section 14.1.2.
fn ranges_of(header: &str, bytes: u64) -> Wanted {
    let Some((unit, list)) = header.split_once('=') else { return Wanted::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Wanted::Whole;
    }
    let mut parts = Vec::new();
    let mut count = 0;
    for spec in list.split(',').map(str::trim).filter(|spec| !spec.is_empty()) {
        count += 1;
        match range_of(spec, bytes) {
            None => return Wanted::Whole,
            Some(range) if range.is_empty() => {}
            Some(range) => parts.push(range),
        }
    }
    let total: u64 = parts.iter().map(|range| range.end - range.start).sum();
    match parts.len() {
        0 if count == 0 => Wanted::Whole,
        0 => Wanted::Beyond,
        // Parts that overlap or are very many cost more than the whole.
        several if several > 1 && (several > MOST || total > bytes) => Wanted::Whole,
        _ => Wanted::Parts(parts),
    }
}

/// One range, empty where it lies beyond the end; nothing where it is not written as one.
fn range_of(spec: &str, bytes: u64) -> Option<Range<u64>> {
    let (first, last) = spec.split_once('-')?;
    let number = |text: &str| {
        let plain = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        // More digits than a number can have are beyond any end.
        plain.then(|| text.parse().unwrap_or(u64::MAX))
    };
    if first.is_empty() {
        return Some(bytes.saturating_sub(number(last)?)..bytes);
    }
    let first: u64 = number(first)?;
    let end = match last {
        "" => bytes,
        last => {
            let last: u64 = number(last)?;
            if last < first {
                return None;
            }
            last.saturating_add(1).min(bytes)
        }
    };
    Some(first.min(end)..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn stored() -> Stored {
        let modified = UNIX_EPOCH + Duration::from_millis(784_111_777_900);
        Stored { etag: "\"a\"".to_owned(), modified, bytes: 100 }
    }

    fn wanted(headers: &[(&'static str, &'static str)]) -> Wanted {
        let pairs = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), header::HeaderValue::from_static(value))
        });
        stored().wanted(&pairs.collect(), false)
    }

    #[test]
    fn ranges_are_read_as_the_standard_writes_them() {
        let range = |text| wanted(&[("range", text)]);
        let parts = |parts: &[(u64, u64)]| {
            Wanted::Parts(parts.iter().map(|(start, end)| *start..*end).collect())
        };
        assert_eq!(range("bytes=0-9"), parts(&[(0, 10)]));
        assert_eq!(range("bytes=90-"), parts(&[(90, 100)]));
        assert_eq!(range("Bytes=-10"), parts(&[(90, 100)]));
        assert_eq!(range("bytes=-1000"), parts(&[(0, 100)]));
        assert_eq!(range("bytes=5-99999999999999999999999"), parts(&[(5, 100)]));
        assert_eq!(range("bytes=0-0, 200-300 ,-1"), parts(&[(0, 1), (99, 100)]));
        for beyond in ["bytes=100-", "bytes=-0", "bytes=100-200,300-"] {
            assert_eq!(range(beyond), Wanted::Beyond, "{beyond}");
        }
        for whole in ["bytes=9-3", "lines=0-1", "bytes", "bytes=", "bytes=a-b", "bytes=0-99,0-99"] {
            assert_eq!(range(whole), Wanted::Whole, "{whole}");
        }
    }

    #[test]
    fn conditions_come_before_ranges() {
        let (before, own) = ("Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(wanted(&[("if-none-match", "W/\"a\", \"b\"")]), Wanted::Known);
        assert_eq!(
            wanted(&[("if-none-match", "\"b\""), ("if-modified-since", own)]),
            Wanted::Whole
        );
        for date in [own, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(wanted(&[("if-modified-since", date)]), Wanted::Known, "{date}");
            assert_eq!(wanted(&[("if-unmodified-since", date)]), Wanted::Whole, "{date}");
        }
        assert_eq!(wanted(&[("if-modified-since", before)]), Wanted::Whole);
        assert_eq!(wanted(&[("if-modified-since", "ieri")]), Wanted::Whole);
        assert_eq!(wanted(&[("if-unmodified-since", before)]), Wanted::Changed);
        assert_eq!(wanted(&[("if-match", "\"a\"")]), Wanted::Whole);
        assert_eq!(wanted(&[("if-match", "W/\"a\"")]), Wanted::Changed);
        let range = ("range", "bytes=0-0");
        for good in ["\"a\"", own] {
            assert_ne!(wanted(&[range, ("if-range", good)]), Wanted::Whole, "{good}");
        }
        for bad in ["W/\"a\"", "\"b\"", before, "ieri"] {
            assert_eq!(wanted(&[range, ("if-range", bad)]), Wanted::Whole, "{bad}");
        }
        let headers = HeaderMap::from_iter([(header::RANGE, "bytes=0-0".parse().unwrap())]);
        assert_eq!(stored().wanted(&headers, true), Wanted::Whole);
    }
}
