//! Linked data: `/id/…` leads to `/doc/…`, and the project's own documents answer in their place.
//! W3C, Cool URIs for the Semantic Web, section 4.2 (303 redirects).

use crate::app::App;
use crate::entity::{self, Ask, Description, EntityError};
use crate::iri::{absolute, record_of};
use crate::media::{self, DESCRIPTIONS, Kind, Media, by_extension, negotiate};
use crate::vocab::CANONICAL;
use crate::web::address::{Document, decode, encode, page, root};
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, accept, is_known, wait_for_seq};
use crate::web::html;
use crate::web::language::{Reader, tag};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// What every answer of a request needs.
struct Request<'a> {
    app: &'a App,
    headers: &'a HeaderMap,
    parameters: &'a Parameters,
    uri: &'a Uri,
    reader: Reader,
}

/// Sends a client from a record to its document, or answers one of its versions.
#[utoipa::path(get, path = "/id/{kind}/{slug}", tag = "data",
    params(("kind" = String, Path), ("slug" = String, Path, description = "May end in .ttl, .nt, .rdf, .jsonld or .html, or go on with /v/{seq}")),
    responses((status = 200, description = "A version"), (status = 303, description = "The document about the record"), (status = 404), (status = 406), (status = 410, description = "The record was deleted")))]
pub async fn identifier(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    let reader = Reader::of(&headers, &parameters)?;
    let request =
        Request { app: &app, headers: &headers, parameters: &parameters, uri: &uri, reader };
    let (path, media) = request.format(uri.path().trim_start_matches("/id/"))?;
    wait_for_seq(&parameters, &app).await?;
    if let Some((path, seq)) = path.rsplit_once("/v/").and_then(|(path, seq)| Some((path, seq.parse().ok()?))) {
        return request.version(path, seq, media).await;
    }
    let description = request.record(path).await?;
    let document = Document::about(&app.base, &description.iri);
    let format = (media.kind != Kind::Html).then_some(media);
    let location = document.address(format, Some(reader).filter(|_| format.is_none()));
    let link = format!("<{}>; rel=\"describedby\"", document.address(None, None));
    let headers = [(header::LOCATION, location), (header::LINK, link), (header::VARY, "Accept".to_owned())];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// The document about a record, or the list of the records of a kind.
#[utoipa::path(get, path = "/doc/{kind}/{slug}", tag = "data",
    params(("kind" = String, Path), ("slug" = String, Path, description = "May end in .ttl, .nt, .rdf, .jsonld or .html"), ("lang" = Option<String>, Query, description = "it or en")),
    responses((status = 200), (status = 304), (status = 404), (status = 406), (status = 410)))]
pub async fn document(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    let reader = Reader::of(&headers, &parameters)?;
    let request =
        Request { app: &app, headers: &headers, parameters: &parameters, uri: &uri, reader };
    let path = uri.path().trim_start_matches("/doc/");
    if !path.contains('/') {
        return super::site::list(&app, reader, &uri, &parameters, path).await;
    }
    wait_for_seq(&parameters, &app).await?;
    let (path, media) = request.format(path)?;
    if let Some(known) = request.not_modified(media)? {
        return Ok(known);
    }
    let description = request.record(path).await?;
    request.answer(description, media).await
}

/// The document about any IRI in the data.
#[utoipa::path(get, path = "/doc", tag = "data",
    params(("iri" = String, Query), ("format" = Option<String>, Query, description = "ttl, nt, rdf, jsonld or html"), ("lang" = Option<String>, Query)),
    responses((status = 200), (status = 303, description = "The IRI has a document of its own"), (status = 400), (status = 404), (status = 410)))]
pub async fn any(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    let reader = Reader::of(&headers, &parameters)?;
    let request =
        Request { app: &app, headers: &headers, parameters: &parameters, uri: &uri, reader };
    let Some(asked) = parameters.one("iri")? else {
        return Err(HttpError::BadRequest("name what is to be described: /doc?iri=…".to_owned()));
    };
    let iri = absolute(&asked.replace(' ', "%20"))?.into_string();
    let media = crate::web::extract::format(&parameters, &headers, &DESCRIPTIONS)?;
    if Document::about(&app.base, &iri) != Document::of_any(&app.base, &iri) && !iri.contains('#') {
        let format = (media.kind != Kind::Html).then_some(media);
        let location = Document::about(&app.base, &iri).address(format, Some(reader));
        return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response());
    }
    wait_for_seq(&parameters, &app).await?;
    if let Some(known) = request.not_modified(media)? {
        return Ok(known);
    }
    let description = entity::describe(&app.dataset, &iri).await?;
    request.answer(description, media).await
}

/// The ontology, the shapes and the vocabularies, each at its own path.
#[utoipa::path(get, path = "/ontology", tag = "data", responses((status = 200), (status = 304), (status = 406)))]
pub async fn shipped(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    let reader = Reader::of(&headers, &parameters)?;
    let request =
        Request { app: &app, headers: &headers, parameters: &parameters, uri: &uri, reader };
    let (path, media) = request.format(uri.path().trim_start_matches('/'))?;
    if let Some(known) = request.not_modified(media)? {
        return Ok(known);
    }
    let iri = absolute(&format!("{CANONICAL}{path}"))?.into_string();
    let description = entity::describe(&app.dataset, &iri).await?;
    if description.quads.is_empty() {
        return Err(EntityError::Unknown(iri).into());
    }
    request.answer(description, media).await
}

/// The JSON-LD context that the node's JSON-LD refers to.
#[utoipa::path(get, path = "/context.jsonld", tag = "data", responses((status = 200)))]
pub async fn context() -> Result<Response, HttpError> {
    let headers = [
        (header::CONTENT_TYPE, media::JSON_LD.content_type),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    Ok((headers, entity::context()?).into_response())
}

impl Request<'_> {
    /// The format by extension, else by Accept, and the path without the extension.
    fn format<'p>(&self, path: &'p str) -> Result<(&'p str, Media), HttpError> {
        let named = path
            .rsplit_once('.')
            .and_then(|(path, extension)| Some((path, by_extension(extension, &DESCRIPTIONS)?)));
        let refused = || HttpError::not_acceptable(&DESCRIPTIONS);
        match named {
            Some(named) => Ok(named),
            None => negotiate(accept(self.headers).as_deref(), &DESCRIPTIONS)
                .map(|media| (path, media))
                .ok_or_else(refused),
        }
    }

    /// The record at a path below `/id/`, whichever way its IRI writes accents.
    async fn record(&self, path: &str) -> Result<Description, HttpError> {
        let address = format!("{}{path}", self.app.base.id());
        for iri in decode(&address) {
            let description = entity::describe(&self.app.dataset, &iri).await?;
            if !description.quads.is_empty() {
                return Ok(description);
            }
        }
        Err(EntityError::Unknown(address).into())
    }

    async fn version(&self, path: &str, seq: u64, media: Media) -> Result<Response, HttpError> {
        let dataset = &self.app.dataset;
        let address = format!("{}{path}", self.app.base.id());
        let mut found = Err(EntityError::NoVersion { iri: address.clone(), seq });
        for iri in decode(&address) {
            found = entity::version(dataset, &iri, seq).await;
            if !matches!(found, Err(EntityError::NoVersion { .. })) {
                break;
            }
        }
        let mut response = self.answer(found?, media).await?;
        let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, forever);
        Ok(response)
    }

    /// What the client has already, if it has it. Everything an answer depends on but the
    /// address is in the tag: the data's number, the format, the language, the program.
    fn not_modified(&self, media: Media) -> Result<Option<Response>, HttpError> {
        let etag = self.etag(media);
        if !is_known(self.headers, &etag) {
            return Ok(None);
        }
        let headers = [(header::ETAG, etag), (header::VARY, vary(self, media).to_owned())];
        Ok(Some((StatusCode::NOT_MODIFIED, headers).into_response()))
    }

    fn etag(&self, media: Media) -> String {
        let seq = self.app.dataset.applied();
        let language = if media.kind == Kind::Html { tag(self.reader.language) } else { "" };
        format!("\"{seq}-{}{language}-{}\"", media.extension, env!("CARGO_PKG_VERSION"))
    }

    /// The description in a format, with everything a client may want to know about it.
    async fn answer(&self, description: Description, media: Media) -> Result<Response, HttpError> {
        let etag = self.etag(media);
        let links = self.links(&description, media);
        let modified = description.versions.first().and_then(|version| http_date(&version.at));
        let location = self.content_location(&description, media);
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
                if let Some(modified) = modified.and_then(|date| HeaderValue::from_str(&date).ok()) {
                    response.headers_mut().insert(header::LAST_MODIFIED, modified);
                }
                response
            }
            _ => self.page(&description).await?,
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
        Ok(response)
    }

    async fn page(&self, description: &Description) -> Result<Response, HttpError> {
        let inverse = match (self.parameters.one("property")?, self.parameters.one("page")?) {
            (Some(property), page) => Some((property, super::site::page_number(page)?)),
            _ => None,
        };
        let limit = Duration::from_secs_f64(self.app.settings.query_timeout.clamp(0.001, 1e6));
        let ask = Ask { language: self.reader.language, inverse, limit };
        let (store, _) = self.app.dataset.read();
        let view = entity::view(store, description, ask).await?;
        html::entity_page(&self.app.base, self.reader, self.uri, description, &view)
    }

    /// The address of exactly this representation.
    fn content_location(&self, description: &Description, media: Media) -> String {
        self.own(description).address(Some(media), Some(self.reader))
    }

    /// The document this request is about: a version's, or the resource's.
    fn own(&self, description: &Description) -> Document {
        let (base, iri) = (&self.app.base, description.iri.as_str());
        let version = description.version.and_then(|seq| Document::version(base, iri, seq));
        version.unwrap_or_else(|| match record_of(iri) == iri {
            true => Document::about(base, iri),
            false => Document::of_any(base, iri),
        })
    }

    /// RFC 8288; `describes` is RFC 6892, `latest-version` RFC 5829.
    fn links(&self, description: &Description, media: Media) -> String {
        let base = &self.app.base;
        let host = base.as_str().strip_suffix(root(base)).unwrap_or(base.as_str());
        let own = self.own(description);
        let mut links = vec![
            format!("<{}>; rel=\"describes\"", encode(&description.iri)),
            format!("<{host}{}>; rel=\"canonical\"", own.address(None, None)),
        ];
        for other in DESCRIPTIONS.iter().filter(|other| other.extension != media.extension) {
            let address = own.address(Some(*other), None);
            links.push(format!("<{address}>; rel=\"alternate\"; type=\"{}\"", other.names[0]));
        }
        if description.version.is_some() {
            let latest = page(base, &description.iri, Reader { chosen: false, ..self.reader });
            links.push(format!("<{latest}>; rel=\"latest-version\""));
        }
        links.join(", ")
    }
}

/// What the answer depends on besides the address.
fn vary(request: &Request<'_>, media: Media) -> &'static str {
    let path = request.uri.path();
    let named = path.ends_with(&format!(".{}", media.extension)) || request.parameters.has("format");
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
fn http_date(moment: &str) -> Option<String> {
    let moment: jiff::Timestamp = moment.parse().ok()?;
    Some(moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}
