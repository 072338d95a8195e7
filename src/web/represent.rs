//! What a document is answered with: its format, its version, its links, its tag.
//! Knows headers and descriptions; the handlers decide which resource is asked for.

use super::address::{Document, decode, encode, page, root};
use super::assets::digest;
use super::error::HttpError;
use super::extract::{Parameters, accept, is_known};
use super::html;
use super::language::{Reader, tag};
use super::signposts::Signposts;
use crate::app::App;
use crate::entity::{self, Ask, Description, EntityError, View};
use crate::federation::Trust;
use crate::iri::record_of;
use crate::media::{DESCRIPTIONS, Kind, Media, by_extension, negotiate};
use crate::search::{Alike, SearchError};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

/// The kinds of records that a page compares with others, and how many it shows.
const COMPARED: [&str; 7] =
    ["esperienza", "attore", "rete", "modello", "percorso", "risorsa", "competenza"];
const ALIKE: usize = 6;

/// A request for a document.
pub struct Request {
    pub app: App,
    pub headers: HeaderMap,
    pub parameters: Parameters,
    pub uri: Uri,
    pub extensions: Extensions,
    pub reader: Reader,
}

impl FromRequestParts<App> for Request {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, HttpError> {
        let parameters = Parameters::from_request_parts(parts, app).await?;
        let reader = Reader::of(&parts.extensions, &parts.headers, &parameters)?;
        let (headers, uri) = (parts.headers.clone(), parts.uri.clone());
        let extensions = parts.extensions.clone();
        Ok(Self { app: app.clone(), headers, parameters, uri, extensions, reader })
    }
}

impl Request {
    /// The format by extension, else by Accept, and the path without the extension.
    pub fn format<'p>(&self, path: &'p str) -> Result<(&'p str, Media), HttpError> {
        let named = path
            .rsplit_once('.')
            .and_then(|(path, extension)| Some((path, by_extension(extension, &DESCRIPTIONS)?)));
        let refused = || HttpError::not_acceptable(&DESCRIPTIONS);
        match named {
            Some(named) => Ok(named),
            None => negotiate(accept(&self.headers).as_deref(), &DESCRIPTIONS)
                .map(|media| (path, media))
                .ok_or_else(refused),
        }
    }

    /// The record at a path below `/id/`, whichever way its IRI writes accents.
    pub async fn record(&self, path: &str) -> Result<Description, HttpError> {
        let address = format!("{}{path}", self.app.base.id());
        for iri in decode(&address) {
            let description = entity::describe(&self.app.dataset, &iri).await?;
            if !description.quads.is_empty() {
                return Ok(description);
            }
        }
        Err(EntityError::Unknown(address).into())
    }

    pub async fn version(&self, path: &str, seq: u64, media: Media) -> Result<Response, HttpError> {
        let dataset = &self.app.dataset;
        let address = format!("{}{path}", self.app.base.id());
        let mut found = Err(EntityError::NoVersion { iri: address.clone(), seq });
        for iri in decode(&address) {
            found = entity::version(dataset, &iri, seq).await;
            if !matches!(found, Err(EntityError::NoVersion { .. })) {
                break;
            }
        }
        let mut response = match found {
            Ok(description) => self.answer(description, media).await?,
            Err(error @ (EntityError::Gone { .. } | EntityError::TakenDown { .. })) => {
                let mut response = HttpError::from(error).into_response();
                super::mementos::mark(&self.app, &address, seq, response.headers_mut()).await?;
                return Ok(response);
            }
            Err(error) => return Err(error.into()),
        };
        super::mementos::mark(&self.app, &address, seq, response.headers_mut()).await?;
        // No longer than a page of the stream: a version may have to go.
        let a_week = HeaderValue::from_static("public, max-age=604800, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, a_week);
        Ok(response)
    }

    /// What the client has already, if it has it. Everything an answer depends on but the
    /// address is in the tag: the data's number, the format, the language, the program.
    pub fn not_modified(&self, media: Media) -> Result<Option<Response>, HttpError> {
        let etag = self.etag(media);
        if !is_known(&self.headers, &etag) {
            return Ok(None);
        }
        let headers = [(header::ETAG, etag), (header::VARY, vary(self, media).to_owned())];
        Ok(Some((StatusCode::NOT_MODIFIED, headers).into_response()))
    }

    /// The tag of the answer: everything it depends on but the address.
    pub fn etag(&self, media: Media) -> String {
        let seq = self.app.dataset.version();
        let language = if media.kind == Kind::Html { tag(self.reader.language) } else { "" };
        // A page also shows what the index holds, which may come a moment later.
        let index = match (&self.app.search, media.kind) {
            (Some(search), Kind::Html) => format!(".{}", search.reached().settled),
            _ => String::new(),
        };
        // Where there are other nodes a page leads to them.
        let index = if media.kind == Kind::Html && self.app.peers.any(Trust::Search) {
            format!("{index}.all")
        } else {
            index
        };
        let dress = if media.kind == Kind::Html { digest() } else { env!("CARGO_PKG_VERSION") };
        format!("\"{seq}{index}-{}{language}-{dress}\"", media.extension)
    }

    /// The description in a format, with everything a client may want to know about it.
    pub async fn answer(
        &self,
        description: Description,
        media: Media,
    ) -> Result<Response, HttpError> {
        let etag = self.etag(media);
        let links = self.links(&description, media);
        let modified = description.versions.first().and_then(|version| http_date(&version.at));
        let location = self.content_location(&description, media);
        let signposts = Signposts::of(&self.app.base, &description)
            .map(|posts| posts.header(media.kind == Kind::Html));
        let mut response = match media.kind {
            Kind::Rdf(format) => {
                if description.quads.is_empty() {
                    return Err(EntityError::Unknown(description.iri).into());
                }
                let base = self.app.base.clone();
                let write = move || entity::write(&description, format, &base);
                let body = tokio::task::spawn_blocking(write)
                    .await
                    .map_err(|error| HttpError::Internal(error.into()))??;
                let mut response = body.into_response();
                if let Some(modified) = modified.and_then(|date| HeaderValue::from_str(&date).ok())
                {
                    response.headers_mut().insert(header::LAST_MODIFIED, modified);
                }
                response
            }
            _ => self.page(&Arc::new(description)).await?,
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type));
        headers.insert(header::VARY, HeaderValue::from_static(vary(self, media)));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        for (name, value) in
            [(header::ETAG, etag), (header::LINK, links), (header::CONTENT_LOCATION, location)]
        {
            set(headers, name, &value);
        }
        if let Some(signposts) = signposts.and_then(|text| HeaderValue::from_str(&text).ok()) {
            headers.append(header::LINK, signposts);
        }
        Ok(response)
    }

    async fn page(&self, description: &Arc<Description>) -> Result<Response, HttpError> {
        let view = self.view(description).await?;
        let others = self.alike(description).await?;
        html::entity_page(&self.app, self.reader, &self.uri, description, &view, &others)
    }

    /// The description as a reader meets it.
    pub async fn view(&self, description: &Arc<Description>) -> Result<View, HttpError> {
        let inverse = match (self.parameters.one("property")?, self.parameters.one("page")?) {
            (Some(property), page) => Some((property, page_number(page)?)),
            _ => None,
        };
        let limit = Duration::from_secs_f64(self.app.settings.query_timeout.clamp(0.001, 1e6));
        let ask = Ask { language: self.reader.language, inverse, limit };
        let app = &self.app;
        Ok(entity::view(&app.dataset, &app.memory, description, ask).await?)
    }

    /// What is like the record, where that is worth showing and the index is there.
    pub async fn alike(&self, description: &Description) -> Result<Vec<Alike>, HttpError> {
        let iri = description.iri.as_str();
        let kind = iri.strip_prefix(&self.app.base.id()).and_then(|path| path.split('/').next());
        let compared = kind.is_some_and(|kind| COMPARED.contains(&kind));
        let Some(search) = self.app.search.as_ref().filter(|_| compared) else {
            return Ok(Vec::new());
        };
        if description.version.is_some() || record_of(iri) != iri {
            return Ok(Vec::new());
        }
        match search.related(iri, ALIKE, tag(self.reader.language)).await {
            Ok(alike) => Ok(alike),
            // The page is whole without it, while the index is being made.
            Err(SearchError::NotReady | SearchError::Unknown(_)) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// The address of exactly this representation.
    fn content_location(&self, description: &Description, media: Media) -> String {
        self.own(description).data(&self.app.base, media, Some(self.reader))
    }

    /// The document this request is about: a version's, or the resource's.
    fn own(&self, description: &Description) -> Document {
        let (base, iri) = (&self.app.base, description.iri.as_str());
        let version = description.version.and_then(|seq| Document::version(base, iri, seq));
        version.unwrap_or_else(|| match record_of(iri) == iri {
            true => Document::about(base, iri),
            false => Document::of_any(iri),
        })
    }

    /// RFC 8288; `describes` is RFC 6892, `latest-version` RFC 5829.
    fn links(&self, description: &Description, media: Media) -> String {
        let base = &self.app.base;
        let host = base.as_str().strip_suffix(root(base)).unwrap_or(base.as_str());
        let own = self.own(description);
        let mut links = vec![
            format!("<{}>; rel=\"describes\"", encode(&description.iri)),
            format!("<{host}{}>; rel=\"canonical\"", own.any(base)),
        ];
        for other in DESCRIPTIONS.iter().filter(|other| other.extension != media.extension) {
            let address = own.data(base, *other, None);
            links.push(format!("<{address}>; rel=\"alternate\"; type=\"{}\"", other.names[0]));
        }
        if description.version.is_some() {
            let latest = page(base, &description.iri, self.reader);
            links.push(format!("<{latest}>; rel=\"latest-version\""));
        }
        links.join(", ")
    }
}

/// A page with its tag, to be asked for again each time it is shown.
pub fn tagged(mut response: Response, etag: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    set(headers, header::ETAG, etag);
    response
}

/// What the answer depends on besides the address.
fn vary(request: &Request, media: Media) -> &'static str {
    let path = request.uri.path();
    let named =
        path.ends_with(&format!(".{}", media.extension)) || request.parameters.has("format");
    match (named, media.kind == Kind::Html) {
        (false, _) => "Accept, Accept-Language",
        (true, true) => "Accept-Language",
        (true, false) => "Accept-Encoding",
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A moment as HTTP writes it. RFC 9110, section 5.6.7.
pub fn http_date(moment: &str) -> Option<String> {
    let moment: jiff::Timestamp = moment.parse().ok()?;
    Some(moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// The number of a page, from 1.
pub fn page_number(text: Option<String>) -> Result<u64, HttpError> {
    let Some(text) = text else { return Ok(1) };
    let wrong = || HttpError::BadRequest(format!("page is a number from 1, not {text:?}"));
    text.parse().ok().filter(|page| *page > 0).ok_or_else(wrong)
}
