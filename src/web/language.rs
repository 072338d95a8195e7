//! Which language a reader wants: what the address says, else what the browser says, else Italian.

use super::error::HttpError;
use super::extract::Parameters;
use crate::schema::Language;
use axum::http::{HeaderMap, header};

/// The reader's language, and whether the address says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    pub language: Language,
    pub chosen: bool,
}

impl Reader {
    /// Reads `?lang=it|en`, else Accept-Language. RFC 9110, section 12.5.4.
    pub fn of(headers: &HeaderMap, parameters: &Parameters) -> Result<Self, HttpError> {
        match parameters.one("lang")?.as_deref() {
            Some("it") => Ok(Self { language: Language::Italian, chosen: true }),
            Some("en") => Ok(Self { language: Language::English, chosen: true }),
            Some(other) => {
                Err(HttpError::BadRequest(format!("lang is it or en, not {other:?}")))
            }
            None => Ok(Self { language: accepted(headers), chosen: false }),
        }
    }
}

/// The tag of a language.
pub fn tag(language: Language) -> &'static str {
    match language {
        Language::Italian => "it",
        Language::English => "en",
    }
}

fn accepted(headers: &HeaderMap) -> Language {
    let lines = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let ranges = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    let mut qualities = [0.0, 0.0];
    for range in ranges {
        let (name, parameters) = range.split_once(';').unwrap_or((range, ""));
        let quality: f32 = parameters
            .trim()
            .strip_prefix("q=")
            .map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0));
        let name = name.trim().to_ascii_lowercase();
        let place = match name.split('-').next() {
            Some("it") => 0,
            Some("en") => 1,
            _ => continue,
        };
        qualities[place] = quality.max(qualities[place]);
    }
    if qualities[1] > qualities[0] { Language::English } else { Language::Italian }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn italian_unless_english_is_liked_better() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, text.parse().unwrap());
            accepted(&headers)
        };
        assert_eq!(read("de"), Language::Italian);
        assert_eq!(read("it-IT,it;q=0.9,en;q=0.8"), Language::Italian);
        assert_eq!(read("en-GB,en;q=0.9,it;q=0.8"), Language::English);
        assert_eq!(read("fr, en;q=0.5"), Language::English);
    }
}
