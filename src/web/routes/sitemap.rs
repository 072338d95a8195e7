//! What crawlers are told: `/robots.txt`, the index of the sitemap and its files.

use crate::app::App;
use crate::publish::{Listed, Publication};
use crate::vocab::{SITEMAP, XHTML};
use crate::web::address::{Document, PLACES, root, whole};
use crate::web::error::HttpError;
use crate::web::extract::{is_fresh, is_known};
use crate::web::found::escaped;
use crate::web::language::{IN_ENGLISH, ITALIAN};
use crate::web::represent::http_date;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// The pages that are no records' and stand in both languages, beside the lists.
const FIXED: [&str; 11] = [
    "/",
    "/esperienze/simili",
    "/dati",
    "/qualita",
    "/ontologia",
    "/vocabolari",
    "/q",
    "/accessibilita",
    "/privacy",
    "/note-legali",
    "/mappa-sito",
];
/// Searches, which have no end, and answers that are made for one reader.
const ENDLESS: [&str; 14] = [
    "/search?",
    "/sparql?",
    "/suggest?",
    "/related?",
    "/similar?",
    "/explain?",
    "/esperienze/simili?",
    "/esperienze/confronta",
    "/cerca-ovunque?",
    "/federazione?",
    "/federation/sparql?",
    "/federation/search?",
    "/federation/suggest?",
    "/federation/related?",
];

/// The files of the sitemap, each with its last change. Sitemaps protocol 0.9.
#[utoipa::path(get, path = "/sitemap.xml", tag = "data", responses((status = 200, body = String), (status = 304), (status = 404)))]
pub async fn index(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let publication = of(&app, &uri)?;
    let through = publication.through();
    let etag = format!("\"{through}-sitemap-{}\"", env!("CARGO_PKG_VERSION"));
    let moment = publication.log().change(through).await?.map_or_else(String::new, |c| c.at);
    if is_fresh(&headers, &etag, &moment) {
        return Ok(answer(StatusCode::NOT_MODIFIED, &etag, &moment, String::new()));
    }
    let mut body = format!("{HEAD}<sitemapindex xmlns=\"{SITEMAP}\">\n");
    let mut add = |name: i64, at: &str| {
        let address = escaped(&app.base.join(&format!("/sitemap/{name}.xml")));
        let date = if at.is_empty() { String::new() } else { format!("<lastmod>{at}</lastmod>") };
        body.push_str(&format!("<sitemap><loc>{address}</loc>{date}</sitemap>\n"));
    };
    add(0, "");
    for (block, _, at) in publication.blocks().await? {
        add(block + 1, &at);
    }
    body.push_str("</sitemapindex>\n");
    Ok(answer(StatusCode::OK, &etag, &moment, body))
}

/// A file of the sitemap: 0 holds the fixed pages, the others blocks of records.
#[utoipa::path(get, path = "/sitemap/{n}.xml", tag = "data", params(("n" = u64, Path)), responses((status = 200, body = String), (status = 304), (status = 404)))]
pub async fn file(
    State(app): State<App>,
    uri: Uri,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let publication = of(&app, &uri)?;
    let missing = || HttpError::NotFound(uri.path().to_owned());
    let number = name.strip_suffix(".xml").ok_or_else(missing)?;
    let number: i64 =
        number.parse().ok().filter(|n: &i64| n.to_string() == number).ok_or_else(missing)?;
    if number == 0 {
        let etag = format!("\"fixed-{}\"", env!("CARGO_PKG_VERSION"));
        let status =
            if is_known(&headers, &etag) { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        return Ok(answer(status, &etag, "", fixed(&app)));
    }
    let blocks = publication.blocks().await?;
    let block = blocks.into_iter().find(|(block, ..)| *block == number - 1);
    let (block, seq, at) = block.ok_or_else(missing)?;
    let etag = format!("\"{seq}-{number}-{}\"", env!("CARGO_PKG_VERSION"));
    if is_fresh(&headers, &etag, &at) {
        return Ok(answer(StatusCode::NOT_MODIFIED, &etag, &at, String::new()));
    }
    let listed = publication.block(block).await?;
    Ok(answer(StatusCode::OK, &etag, &at, records(&app, &listed)))
}

/// What crawlers may fetch. RFC 9309. Data is never forbidden, only searches without an end.
#[utoipa::path(get, path = "/robots.txt", tag = "data", responses((status = 200, body = String), (status = 404)))]
pub async fn robots(State(app): State<App>, uri: Uri) -> Result<Response, HttpError> {
    of(&app, &uri)?;
    let root = root(&app.base);
    let mut body = "User-agent: *\n".to_owned();
    for prefix in ["", "/en"] {
        for path in ENDLESS {
            body.push_str(&format!("Disallow: {root}{prefix}{path}\n"));
        }
        for (_, place) in PLACES {
            // The longest rule that fits decides: what somebody linked to as a search may be
            // fetched, what it is narrowed to has no end.
            for (rule, rest) in [("Disallow", "?"), ("Allow", "?q="), ("Disallow", "?q=*&")] {
                body.push_str(&format!("{rule}: {root}{prefix}{place}{rest}\n"));
            }
        }
    }
    body.push_str(&format!("\nSitemap: {}\n", app.base.join("/sitemap.xml")));
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    Ok((headers, body).into_response())
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

fn of<'a>(app: &'a App, uri: &Uri) -> Result<&'a Publication, HttpError> {
    app.publication.as_ref().ok_or_else(|| HttpError::NotFound(uri.path().to_owned()))
}

fn answer(status: StatusCode, etag: &str, at: &str, body: String) -> Response {
    let tags = [(header::ETAG, etag), (header::CACHE_CONTROL, "public, no-cache")];
    let modified = http_date(at).map(|date| [(header::LAST_MODIFIED, date)]);
    let rest = [(header::CONTENT_TYPE, "application/xml; charset=utf-8")];
    let body = if status == StatusCode::OK { body } else { String::new() };
    match modified {
        Some(modified) => (status, tags, modified, rest, body).into_response(),
        None => (status, tags, rest, body).into_response(),
    }
}

fn fixed(app: &App) -> String {
    let paths = FIXED.into_iter().chain(PLACES.into_iter().map(|(_, place)| place));
    let addresses = paths.map(|path| {
        let english = if path == "/" { "/en".to_owned() } else { format!("/en{path}") };
        ([app.base.join(path), app.base.join(&english)], "")
    });
    urls(addresses)
}

fn records(app: &App, listed: &[Listed]) -> String {
    let base = &app.base;
    urls(listed.iter().map(|listed| {
        let document = Document::about(base, &listed.iri);
        let pages = [ITALIAN, IN_ENGLISH].map(|reader| whole(base, &document.page(base, reader)));
        (pages, listed.at.as_str())
    }))
}

/// Each page with its date and its other language.
fn urls<'a>(pages: impl Iterator<Item = ([String; 2], &'a str)>) -> String {
    let mut body = format!("{HEAD}<urlset xmlns=\"{SITEMAP}\" xmlns:xhtml=\"{XHTML}\">\n");
    for (pages, at) in pages {
        let [italian, english] = pages.map(|page| escaped(&page));
        let others: String = [("it", &italian), ("en", &english), ("x-default", &italian)]
            .iter()
            .map(|(tag, address)| {
                format!("<xhtml:link rel=\"alternate\" hreflang=\"{tag}\" href=\"{address}\"/>")
            })
            .collect();
        let date = if at.is_empty() { String::new() } else { format!("<lastmod>{at}</lastmod>") };
        for page in [&italian, &english] {
            body.push_str(&format!("<url><loc>{page}</loc>{date}{others}</url>\n"));
        }
    }
    body.push_str("</urlset>\n");
    body
}
