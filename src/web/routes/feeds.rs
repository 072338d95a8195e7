//! What is new, as an Atom feed, and events as a calendar. RFC 4287, RFC 5545.

use crate::app::App;
use crate::iri::Base;
use crate::publish::{Publication, Told};
use crate::search::{DEEPEST, Found, Order};
use crate::store::Revision;
use crate::web::address::{page, whole};
use crate::web::asked::{ask, encoded, number};
use crate::web::atom::{Entry, Feed, Record};
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, is_fresh};
use crate::web::found::plain;
use crate::web::language::{Reader, tag};
use crate::web::represent::{Request, http_date};
use crate::web::words::Words;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// How many entries a page of the feed has where nobody says otherwise.
const PAGE: usize = 50;
/// Parameters that choose no records.
const FORM: [&str; 7] = ["page", "limit", "lang", "format", "facets", "min-seq", "sort"];

/// The newest changes of the records, or of those a search finds.
#[utoipa::path(get, path = "/feed.atom", tag = "data",
    params(("q" = Option<String>, Query, description = "This and every other parameter of /search narrows the feed"), ("page" = Option<usize>, Query), ("limit" = Option<usize>, Query), ("lang" = Option<String>, Query)),
    responses((status = 200, description = "Atom; deleted records stand as at:deleted-entry in the feed of everything"), (status = 304), (status = 400), (status = 404), (status = 503, description = "The index is being made")))]
pub async fn changes(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    let publication = of(&app, &uri)?;
    let search = super::search::of(&app)?;
    super::search::wait_for_index(&parameters, &app).await?;
    if parameters.has("after") {
        let text = "a feed is turned by `page`; follow its links `next` and `previous`";
        return Err(HttpError::BadRequest(text.to_owned()));
    }
    let limit = number(&parameters, "limit", 1, crate::search::MOST_HITS)?.unwrap_or(PAGE);
    let number = number(&parameters, "page", 1, usize::MAX)?.unwrap_or(1);
    let offset = (number - 1).saturating_mul(limit);
    if offset + limit > DEEPEST {
        let text = format!(
            "a feed reaches as far as entry {DEEPEST}; everything older is at /ldes and /oai"
        );
        return Err(HttpError::BadRequest(text));
    }
    let (through, language) = (publication.through(), tag(reader.language));
    let is_filtered = parameters.except(&FORM).iter().any(|(_, value)| !value.is_empty());
    let reached = search.reached();
    let index =
        if is_filtered { format!(".{}.{}", reached.seq, reached.settled) } else { String::new() };
    let etag = format!("\"{through}{index}-feed-{language}-{}\"", env!("CARGO_PKG_VERSION"));
    let moment = publication.log().change(through).await?.map_or_else(String::new, |c| c.at);
    if is_fresh(&headers, &etag, &moment) {
        return Ok(answer(StatusCode::NOT_MODIFIED, &etag, &moment, ATOM, String::new()));
    }
    let mut question = ask(&search, &parameters, reader)?;
    let (entries, has_next) = if is_filtered {
        question.limit = limit;
        question.offset = offset;
        question.counted = Vec::new();
        if parameters.one("sort")?.is_none() {
            question.order = Order::Date;
        }
        let found = super::search::blocking(move || Ok(search.find(&question)?)).await?;
        let has_next = offset as u64 + (limit as u64) < found.total;
        (chosen(&app, publication, through, reader, &found).await?, has_next)
    } else {
        newest(publication, through, reader, offset, limit).await?
    };
    let is_last = offset + limit * 2 > DEEPEST;
    let pages = (number, has_next && !is_last);
    let feed = feed(&app.base, reader, &parameters, entries, pages, moment.clone());
    Ok(answer(StatusCode::OK, &etag, &moment, ATOM, feed.write()))
}

/// The events as a calendar; those that were deleted are cancelled.
#[utoipa::path(get, path = "/eventi.ics", tag = "data", params(("lang" = Option<String>, Query)),
    responses((status = 200, body = String), (status = 304), (status = 404)))]
pub async fn events(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    reader: Reader,
) -> Result<Response, HttpError> {
    calendar(&app, &uri, &headers, reader, None).await
}

/// One event as a calendar.
pub async fn event(request: &Request, slug: &str) -> Result<Response, HttpError> {
    let Request { app, uri, headers, reader, .. } = request;
    let mut found = Err(HttpError::NotFound(uri.path().to_owned()));
    for iri in crate::web::address::decode(&app.base.record("evento", slug)) {
        found = calendar(app, uri, headers, *reader, Some(&iri)).await;
        if found.is_ok() {
            break;
        }
    }
    found
}

async fn calendar(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    reader: Reader,
    only: Option<&str>,
) -> Result<Response, HttpError> {
    let publication = of(app, uri)?;
    let (through, language) = (publication.through(), tag(reader.language));
    let etag = format!("\"{through}-ics-{language}-{}\"", env!("CARGO_PKG_VERSION"));
    let moment = publication.log().change(through).await?.map_or_else(String::new, |c| c.at);
    // An event that is not there is not found, whatever the client has kept.
    if only.is_none() && is_fresh(headers, &etag, &moment) {
        return Ok(answer(StatusCode::NOT_MODIFIED, &etag, &moment, CALENDAR, String::new()));
    }
    let words = Words::of(reader.language);
    let name = format!("{} – {}", words.node, words.frame.events);
    let calendar = publication.calendar(language, &name, only).await?;
    let calendar = calendar.ok_or_else(|| HttpError::NotFound(uri.path().to_owned()))?;
    Ok(answer(StatusCode::OK, &etag, &moment, CALENDAR, calendar))
}

const ATOM: &str = "application/atom+xml; charset=utf-8";
const CALENDAR: &str = "text/calendar; charset=utf-8";

fn of<'a>(app: &'a App, uri: &Uri) -> Result<&'a Publication, HttpError> {
    app.publication.as_ref().ok_or_else(|| HttpError::NotFound(uri.path().to_owned()))
}

fn answer(status: StatusCode, etag: &str, at: &str, media: &str, body: String) -> Response {
    let tags = [
        (header::ETAG, etag.to_owned()),
        (header::LAST_MODIFIED, http_date(at).unwrap_or_default()),
        (header::CACHE_CONTROL, "public, no-cache".to_owned()),
        (header::VARY, "Accept-Language".to_owned()),
        (header::CONTENT_TYPE, media.to_owned()),
    ];
    (status, tags, body).into_response()
}

/// A page of all records, those that changed last first, deleted ones among them.
async fn newest(
    publication: &Publication,
    through: u64,
    reader: Reader,
    offset: usize,
    limit: usize,
) -> Result<(Vec<Entry>, bool), HttpError> {
    let below = publication.base().id();
    let (offset, more) = (offset as i64, limit as i64 + 1);
    let mut page = publication.log().newest(&below, offset, through, more).await?;
    let has_next = page.len() > limit;
    page.truncate(limit);
    let mut entries = Vec::new();
    for revision in &page {
        if let Some(told) = Told::of(revision) {
            entries.push(entry(publication.base(), reader, revision, &told, None));
            continue;
        }
        // What was never published has nothing to take back, nor what another source still tells.
        let iri = &revision.key.record;
        let others = publication.log().revision_of(iri, through).await?;
        if revision.follows && others.iter().all(|other| other.after.is_none()) {
            entries.push(Entry::Deleted { iri: iri.clone(), at: revision.at.clone() });
        }
    }
    Ok((entries, has_next))
}

/// The records a search found, with the moments of their last changes.
async fn chosen(
    app: &App,
    publication: &Publication,
    through: u64,
    reader: Reader,
    found: &Found,
) -> Result<Vec<Entry>, HttpError> {
    let mut entries = Vec::new();
    for hit in &found.hits {
        let revisions = publication.log().revision_of(&hit.iri, through).await?;
        let newest = revisions.iter().max_by_key(|revision| revision.place);
        let told = revisions.iter().find_map(Told::of);
        if let (Some(newest), Some(told)) = (newest, told) {
            let summary = plain(&hit.snippet);
            entries.push(entry(&app.base, reader, newest, &told, Some(summary)));
        }
    }
    Ok(entries)
}

fn entry(
    base: &Base,
    reader: Reader,
    revision: &Revision,
    told: &Told,
    snippet: Option<String>,
) -> Entry {
    let iri = revision.key.record.clone();
    let language = tag(reader.language);
    let (kind, slug) =
        iri.strip_prefix(&base.id()).and_then(|p| p.split_once('/')).unwrap_or_default();
    let (title, spoken) = told.name(language).unwrap_or((slug, None));
    let summary = told.summary(language).map(|(text, _)| text.to_owned());
    Entry::Record(Record {
        page: whole(base, &page(base, &iri, reader)),
        kind: kind.to_owned(),
        title: title.to_owned(),
        summary: summary.or(snippet).unwrap_or_default(),
        updated: revision.at.clone(),
        language: spoken.filter(|spoken| !spoken.starts_with(language)).map(str::to_owned),
        iri,
    })
}

fn feed(
    base: &Base,
    reader: Reader,
    parameters: &Parameters,
    entries: Vec<Entry>,
    (number, has_next): (usize, bool),
    moment: String,
) -> Feed {
    let words = Words::of(reader.language);
    let mut pairs = parameters.except(&["page", "lang", "format", "facets", "min-seq"]);
    pairs.retain(|(_, value)| !value.is_empty());
    let path = format!("{}/feed.atom", reader.prefix());
    let at = |page: usize| {
        let mut pairs = pairs.clone();
        pairs.extend((page > 1).then(|| ("page".to_owned(), page.to_string())));
        let mark = if pairs.is_empty() { "" } else { "?" };
        base.join(&format!("{path}{mark}{}", encoded(&pairs)))
    };
    let mut links = vec![("self", at(number)), ("first", at(1))];
    links.extend((number > 1).then(|| ("previous", at(number - 1))));
    links.extend(has_next.then(|| ("next", at(number + 1))));
    links
        .push(("alternate", base.join(&format!("{}/search?{}", reader.prefix(), encoded(&pairs)))));
    let asked = parameters.one("q").ok().flatten().filter(|text| !text.is_empty());
    let title =
        asked.map_or_else(|| words.node.to_owned(), |text| format!("{}: {text}", words.node));
    Feed { id: at(1), title, language: tag(reader.language), updated: moment, links, entries }
}
