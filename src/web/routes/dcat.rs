//! `/catalog` and what is below it: the node's datasets for portals, as DCAT-AP and DCAT-AP_IT.
//! Decides formats, profiles and pages; refuses to know what is told of datasets.

use crate::app::App;
use crate::media::{
    HTML, JSON_LD, Kind, Media, N_TRIPLES, RDF_XML, TURTLE, by_extension, negotiate,
};
use crate::publish::{Catalog, Profile, Whole, write_catalog};
use crate::web::address::root;
use crate::web::error::HttpError;
use crate::web::extract::{accept, is_known, wait_for_seq};
use crate::web::language::Reader;
use crate::web::represent::{Request, http_date, page_number};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;

/// The formats of the catalogue. RDF/XML comes first: it goes to whoever accepts anything, such as
/// CKAN, which reads what it gets by the Content-Type and takes RDF/XML where it cannot tell.
pub const FORMATS: [Media; 4] = [RDF_XML, TURTLE, JSON_LD, N_TRIPLES];
/// Before N-Triples, which older clients call plain text: text browsers like that and HTML alike.
const OFFERS: [Media; 5] = [RDF_XML, TURTLE, JSON_LD, HTML, N_TRIPLES];
/// The page that tells people of the data.
const PAGE: &str = "/dati";
const ACCEPT_PROFILE: HeaderName = HeaderName::from_static("accept-profile");
const CONTENT_PROFILE: HeaderName = HeaderName::from_static("content-profile");

/// The catalogue of the node's data, a hundred datasets a page.
#[utoipa::path(get, path = "/catalog", tag = "data",
    params(("page" = Option<u64>, Query, description = "From 1"), ("profile" = Option<String>, Query, description = "dcat-ap or dcat-ap_it: that profile alone"), ("format" = Option<String>, Query, description = "rdf, ttl, jsonld or nt; or /catalog.rdf, /catalog.ttl …")),
    responses((status = 200, description = "DCAT-AP 3.0.1 and DCAT-AP_IT"), (status = 303, description = "The page for people, for browsers"), (status = 304), (status = 400), (status = 404, description = "No such page"), (status = 406)))]
pub async fn catalog(request: Request) -> Result<Response, HttpError> {
    let asked = Asked::read(&request)?;
    let Some(media) = asked.media else { return to_page(&request) };
    let number = page_number(request.parameters.one("page")?)?;
    let whole = now(&request).await?;
    let extension = asked.is_named.then_some(media.extension);
    let profile = asked.profile;
    let missing = || {
        let pages = whole.pages();
        HttpError::NotFound(format!("/catalog?page={number}: the last page is {pages}"))
    };
    let page = usize::try_from(number).ok();
    let shown = page.and_then(|page| whole.page(page, extension, profile)).ok_or_else(missing)?;
    let body = super::search::blocking(move || Ok(write_catalog(&shown, format_of(media))?));
    answer(&request, &asked, media, &whole, body.await?)
}

/// One dataset, distribution, service, agent of the catalogue, or its contact point.
#[utoipa::path(get, path = "/catalog/{path}", tag = "data",
    params(("path" = String, Path, description = "dataset/{slug}, dataset/{slug}/{format}, service/{name}, agent/{slug} or contact; may end in .rdf, .ttl, .jsonld or .nt"), ("profile" = Option<String>, Query)),
    responses((status = 200), (status = 303), (status = 304), (status = 404), (status = 406)))]
pub async fn resource(request: Request) -> Result<Response, HttpError> {
    let asked = Asked::read(&request)?;
    let whole = now(&request).await?;
    let shown = whole.resource(&asked.path, asked.profile);
    let shown = shown.ok_or_else(|| HttpError::NotFound(asked.path.clone()))?;
    let Some(media) = asked.media else { return to_page(&request) };
    let body = super::search::blocking(move || Ok(write_catalog(&shown, format_of(media))?));
    answer(&request, &asked, media, &whole, body.await?)
}

/// What a client wants.
struct Asked {
    /// The path without the extension of a format.
    path: String,
    /// The format; none for the page for people.
    media: Option<Media>,
    /// Whether the address names the format.
    is_named: bool,
    profile: Profile,
}

impl Asked {
    fn read(request: &Request) -> Result<Self, HttpError> {
        let path = request.uri.path();
        let refused = || HttpError::not_acceptable(&FORMATS);
        let by_path = path
            .rsplit_once('.')
            .and_then(|(path, end)| Some((path, by_extension(end, &FORMATS)?)));
        let named = match (by_path, request.parameters.one("format")?) {
            (Some((_, media)), _) => Some(media),
            (None, Some(name)) => Some(by_extension(&name, &FORMATS).ok_or_else(refused)?),
            (None, None) => None,
        };
        let media = match named {
            Some(media) => Some(media),
            None => liked(accept(&request.headers).as_deref()).ok_or_else(refused)?,
        };
        let profile = profile(request)?;
        let path = by_path.map_or(path, |(path, _)| path).to_owned();
        Ok(Self { path, media, is_named: named.is_some(), profile })
    }
}

/// The format a client likes best, or the page where a person asks. Programs that name `text/html`
/// beside everything else, as Java's URLConnection does, are no persons: browsers name XHTML too.
fn liked(accept: Option<&str>) -> Option<Option<Media>> {
    let best = negotiate(accept, &OFFERS)?;
    let says = |what: &str| accept.is_some_and(|accept| accept.contains(what));
    if best.kind != Kind::Html {
        return Some(Some(best));
    }
    if says("application/xhtml+xml") || !says("*") {
        return Some(None);
    }
    negotiate(accept, &FORMATS).map(Some)
}

/// The profile wanted. W3C, Content Negotiation by Profile, sections 7.1 and 7.2.
fn profile(request: &Request) -> Result<Profile, HttpError> {
    if let Some(name) = request.parameters.one("profile")? {
        return Profile::named(&name).ok_or_else(|| {
            let known = Profile::known();
            HttpError::BadRequest(format!("there is no profile {name:?}; there are: {known}"))
        });
    }
    let lines =
        request.headers.get_all(ACCEPT_PROFILE).iter().filter_map(|line| line.to_str().ok());
    let mut wanted: Vec<(f32, &str)> = lines
        .flat_map(|line| line.split(','))
        .map(|one| {
            let mut parts = one.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().trim_matches(['<', '>', '"']);
            let quality = parts.find_map(|part| part.strip_prefix("q="));
            (quality.and_then(|quality| quality.parse().ok()).unwrap_or(1.0), name)
        })
        .filter(|(quality, name)| *quality > 0.0 && !name.is_empty())
        .collect();
    if wanted.is_empty() {
        return Ok(Profile::Both);
    }
    wanted.sort_by(|one, other| other.0.total_cmp(&one.0));
    let known = wanted.into_iter().find_map(|(_, name)| Profile::named(name));
    known.ok_or_else(|| HttpError::NoProfile(Profile::known()))
}

/// The catalogue of what is published, with the change that the client has already seen.
async fn now(request: &Request) -> Result<Arc<Whole>, HttpError> {
    let Request { app, parameters, .. } = request;
    wait_for_seq(parameters, app).await?;
    let (catalog, publication) = of(app)?;
    if let Some(seq) = parameters.one("min-seq")?.and_then(|seq| seq.parse().ok()) {
        let limit = Duration::from_secs_f64(app.settings.min_seq_wait.clamp(0.0, 3600.0));
        if !publication.wait_for(seq, limit).await {
            let text = format!("change {seq} is not published yet; try again in a few seconds");
            return Err(HttpError::Unavailable(text));
        }
    }
    Ok(catalog.now().await?)
}

/// The catalogue of this node; a plain SPARQL store has none.
fn of(app: &App) -> Result<(&Catalog, &crate::publish::Publication), HttpError> {
    let both = app.catalog.as_ref().zip(app.publication.as_ref());
    both.ok_or_else(|| HttpError::NotFound("/catalog".to_owned()))
}

fn to_page(request: &Request) -> Result<Response, HttpError> {
    let reader = Reader::liked(&request.extensions, &request.headers, &request.parameters)?;
    let location = format!("{}{}{PAGE}", root(&request.app.base), reader.prefix());
    let vary = "Accept, Accept-Language, Accept-Profile".to_owned();
    let headers = [(header::LOCATION, location), (header::VARY, vary)];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

fn format_of(media: Media) -> oxigraph::io::RdfFormat {
    match media.kind {
        Kind::Rdf(format) => format,
        // Never met: all formats of the catalogue are RDF.
        _ => oxigraph::io::RdfFormat::NTriples,
    }
}

fn answer(
    request: &Request,
    asked: &Asked,
    media: Media,
    whole: &Whole,
    body: Vec<u8>,
) -> Result<Response, HttpError> {
    // The tag is of the bytes: nothing else can tell so surely that nothing changed.
    let digest = Sha256::digest(&body);
    let tag: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{tag}-{}\"", media.extension);
    let modified = http_date(&whole.modified).unwrap_or_default();
    let vary = if asked.is_named { "Accept-Profile" } else { "Accept, Accept-Profile" };
    let profiles: Vec<String> = asked.profile.kept().iter().map(|iri| format!("<{iri}>")).collect();
    let headers = [
        (header::ETAG, etag.clone()),
        (header::LAST_MODIFIED, modified),
        (header::VARY, vary.to_owned()),
        (header::CACHE_CONTROL, "public, no-cache".to_owned()),
        (CONTENT_PROFILE, profiles.join(", ")),
        (header::LINK, links(request, asked, media)),
    ];
    if is_had(&request.headers, &etag, &whole.modified) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, [(header::CONTENT_TYPE, media.content_type)], body).into_response())
}

/// Whether the client has it already. RFC 9110, section 13.2.2.
fn is_had(headers: &HeaderMap, etag: &str, modified: &str) -> bool {
    if headers.contains_key(header::IF_NONE_MATCH) {
        return is_known(headers, etag);
    }
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    let since = since.and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
    let modified: Option<jiff::Timestamp> = modified.parse().ok();
    since
        .zip(modified)
        .is_some_and(|(since, modified)| modified.as_second() <= since.timestamp().as_second())
}

/// The same in other formats and profiles. RFC 8288.
fn links(request: &Request, asked: &Asked, media: Media) -> String {
    let address = request.app.base.join(&asked.path);
    let mut links = vec![format!("<{address}>; rel=\"canonical\"")];
    for iri in asked.profile.kept() {
        links.push(format!("<{iri}>; rel=\"profile\""));
    }
    for other in FORMATS.iter().filter(|other| other.extension != media.extension) {
        let (extension, name) = (other.extension, other.names[0]);
        links.push(format!("<{address}.{extension}>; rel=\"alternate\"; type=\"{name}\""));
    }
    for other in Profile::SINGLE.into_iter().filter(|other| *other != asked.profile) {
        let (token, iri) = (other.token().unwrap_or_default(), other.kept()[0]);
        links.push(format!("<{address}?profile={token}>; rel=\"alternate\"; profile=\"{iri}\""));
    }
    links.join(", ")
}
