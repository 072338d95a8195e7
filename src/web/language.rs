//! Which language a reader wants: what the address says, else Italian on pages, and what the client
//! likes where data is asked for. Italian pages stand at the root, English ones under `/en`.

use super::address::root;
use super::error::HttpError;
use super::extract::Parameters;
use crate::app::App;
use crate::schema::Language;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{Extensions, HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Where the English pages stand.
const ENGLISH: &str = "/en";

/// The mark of a request that came below [`ENGLISH`].
#[derive(Debug, Clone, Copy)]
struct BelowEnglish;

/// The reader's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    pub language: Language,
}

/// The reader for whom the addresses without a language are.
pub const ITALIAN: Reader = Reader { language: Language::Italian };
/// The reader of the pages below [`ENGLISH`].
pub const IN_ENGLISH: Reader = Reader { language: Language::English };

impl Reader {
    /// Reads `?lang=it|en`, else the path, else what the client asks for: pages are Italian,
    /// data is in the language it likes best. RFC 9110, section 12.5.4.
    pub fn of(
        extensions: &Extensions,
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Result<Self, HttpError> {
        let language = match parameters.one("lang")?.as_deref() {
            Some("it") => Language::Italian,
            Some("en") => Language::English,
            Some(other) => {
                return Err(HttpError::BadRequest(format!("lang is it or en, not {other:?}")));
            }
            None if extensions.get::<BelowEnglish>().is_some() => Language::English,
            None if wants_page(headers) => Language::Italian,
            None => accepted(headers),
        };
        Ok(Self { language })
    }

    /// The reader of a page that must be answered whatever its parameters say.
    pub fn at(extensions: &Extensions) -> Self {
        match extensions.get::<BelowEnglish>() {
            Some(_) => Self { language: Language::English },
            None => Self { language: Language::Italian },
        }
    }

    /// The reader of a thing that has an address of its own beside its pages: the address may
    /// name the language, else the client's wish counts.
    pub fn liked(
        extensions: &Extensions,
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Result<Self, HttpError> {
        if parameters.has("lang") || extensions.get::<BelowEnglish>().is_some() {
            return Self::of(extensions, headers, parameters);
        }
        Ok(Self { language: accepted(headers) })
    }

    /// What the paths of this reader's pages begin with.
    pub fn prefix(self) -> &'static str {
        prefix(self.language)
    }
}

impl FromRequestParts<App> for Reader {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, HttpError> {
        let parameters = Parameters::from_request_parts(parts, app).await?;
        Self::of(&parts.extensions, &parts.headers, &parameters)
    }
}

/// What the paths of pages in a language begin with.
pub fn prefix(language: Language) -> &'static str {
    match language {
        Language::Italian => "",
        Language::English => ENGLISH,
    }
}

/// Takes the language off the path, so that each page has one route.
pub async fn read_language(mut request: Request) -> Request {
    if let Some(uri) = below_english(request.uri()) {
        *request.uri_mut() = uri;
        request.extensions_mut().insert(BelowEnglish);
    }
    request
}

/// Sends those who follow an address of old, with `?lang=`, to the page in that language.
pub async fn lead_to_language(State(app): State<App>, request: Request, next: Next) -> Response {
    let parameters = Parameters::parse(request.uri().query().unwrap_or_default());
    let asked = match parameters.all("lang").as_slice() {
        [one] if one == "it" => Language::Italian,
        [one] if one == "en" => Language::English,
        _ => return next.run(request).await,
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let uri = request.uri().clone();
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page || response.status() != StatusCode::OK {
        return response;
    }
    let kept = uri.query().unwrap_or_default().split('&').filter(|part| !part.starts_with("lang="));
    let kept = kept.collect::<Vec<_>>().join("&");
    let mark = if kept.is_empty() { "" } else { "?" };
    let path = if uri.path() == "/" && asked == Language::English { "" } else { uri.path() };
    let location = format!("{}{}{path}{mark}{kept}", root(&app.base), prefix(asked));
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, location)]).into_response()
}

fn below_english(uri: &Uri) -> Option<Uri> {
    let rest = uri.path().strip_prefix(ENGLISH)?;
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    let path = if rest.is_empty() { "/" } else { rest };
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(format!("{path}{query}")).ok()?);
    Uri::from_parts(parts).ok()
}

fn wants_page(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|range| range.trim().starts_with("text/html"))
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
    fn english_pages_stand_below_en_and_nothing_else_does() {
        let below = |uri: &str| below_english(&uri.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(below("/en").as_deref(), Some("/"));
        assert_eq!(below("/en/?a=1").as_deref(), Some("/?a=1"));
        assert_eq!(below("/en/esperienze/x").as_deref(), Some("/esperienze/x"));
        assert_eq!(below("/entrate"), None);
        assert_eq!(below("/esperienze/en"), None);
    }

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
