//! The lists of the records of each kind, for people: a search within one kind.

use crate::app::App;
use crate::entity::{EntityError, Labels};
use crate::overview::{Facts, brief};
use crate::search::{Ask, Facet, Found, MOST_HITS, Order, Search};
use crate::vocab::fl;
use crate::web::address::kind_at;
use crate::web::asked::ask;
use crate::web::assets::digest;
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, is_known};
use crate::web::html::{CardSource, Listing, SpotSource, VIEWS, catalogue_page};
use crate::web::language::{Reader, tag};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// How many records a list shows at a time.
const PAGE: usize = 20;
/// How many rows a table shows at a time.
const ROWS: usize = 50;
/// The kinds that are sorted by date where nobody says otherwise.
const DATED: [&str; 4] = ["esperienza", "notizia", "evento", "valutazione"];

/// What narrows each kind; the others have themes and sources.
const FACETS: [(&str, &[Facet]); 4] = [
    (
        "esperienza",
        &[
            Facet::Territory,
            Facet::Theme,
            Facet::Target,
            Facet::Level,
            Facet::ActorType,
            Facet::Phase,
            Facet::Evidence,
            Facet::Cost,
            Facet::Population,
            Facet::Period,
            Facet::Network,
            Facet::Funding,
            Facet::Language,
            Facet::Source,
        ],
    ),
    ("attore", &[Facet::Territory, Facet::Level, Facet::ActorType, Facet::Source]),
    ("rete", &[Facet::Territory, Facet::Level, Facet::Source]),
    ("territorio", &[Facet::Territory, Facet::Population]),
];
const OTHERS: &[Facet] =
    &[Facet::Theme, Facet::Target, Facet::Territory, Facet::Language, Facet::Source];

/// The records of the kind whose place the path is.
pub async fn list(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    let kind = kind_at(uri.path()).ok_or_else(|| HttpError::NotFound(uri.path().to_owned()))?;
    let search = super::search::of(&app)?;
    let reached = search.reached();
    let language = tag(reader.language);
    let etag = format!("\"{}.{}-{language}{}\"", reached.seq, reached.settled, digest());
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let work = move || answer(&app, &search, reader, &uri, &parameters, kind);
    let mut response = super::search::blocking(work).await?;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

fn answer(
    app: &App,
    search: &Search,
    reader: Reader,
    uri: &Uri,
    parameters: &Parameters,
    kind: &'static str,
) -> Result<Response, HttpError> {
    let view = parameters.one("view")?.unwrap_or_else(|| VIEWS[0].to_owned());
    let view = VIEWS.into_iter().find(|known| *known == view).ok_or_else(|| {
        HttpError::BadRequest(format!("view is one of {}, not {view:?}", VIEWS.join(", ")))
    })?;
    let mut ask = ask(search, parameters, reader)?;
    let is_dated = DATED.contains(&kind);
    let is_free = ask.text.is_empty() && !parameters.has("sort") && ask.near.is_none();
    ask.chosen.push((Facet::Kind, vec![kind.to_owned()]));
    ask.counted = counted(kind);
    ask.limit = if view == VIEWS[2] { ROWS } else { PAGE };
    if is_free && is_dated {
        ask.order = Order::Date;
    }
    if view == VIEWS[1] {
        ask.limit = 1;
    }
    let (found, is_whole) = match is_free && !is_dated && view != VIEWS[1] {
        true => by_name(search, &ask)?,
        false => (search.find(&ask)?, false),
    };
    let known = app.memory.of(&app.dataset);
    let (store, _) = app.dataset.read();
    let labels = Labels::new(store, reader.language, known);
    let facts = Facts { store, labels: &labels };
    let cards = found
        .hits
        .iter()
        .enumerate()
        .map(|(hit, shown)| Ok(CardSource { hit, brief: brief(&facts, &shown.iri)? }));
    let cards =
        if view == VIEWS[1] { Vec::new() } else { cards.collect::<Result<_, EntityError>>()? };
    let spots = if view == VIEWS[1] { spots(search, &facts, reader, &found)? } else { Vec::new() };
    let listing = Listing { kind, view, found: &found, cards, spots, is_dated, is_whole };
    catalogue_page(app, reader, uri, parameters, &listing)
}

fn counted(kind: &str) -> Vec<Facet> {
    let own = FACETS.iter().find(|(name, _)| *name == kind);
    own.map_or(OTHERS, |(_, facets)| facets).to_vec()
}

/// All records by name, where there are not too many of them; else as the index gives them.
fn by_name(search: &Search, ask: &Ask) -> Result<(Found, bool), HttpError> {
    let few = search.find(ask)?;
    if few.total as usize > MOST_HITS / 2 || few.total as usize <= 1 {
        return Ok((few, false));
    }
    let mut found =
        search.find(&Ask { limit: MOST_HITS, offset: 0, after: None, ..ask.clone() })?;
    found.hits.sort_by_cached_key(|hit| hit.title.to_lowercase());
    Ok((found, true))
}

/// The territories that were counted, those below a chosen one as points.
pub fn spots(
    search: &Search,
    facts: &Facts<'_>,
    reader: Reader,
    found: &Found,
) -> Result<Vec<SpotSource>, HttpError> {
    let mut spots = Vec::new();
    let counted = found.facets.iter().find(|counted| counted.facet == Facet::Territory);
    for value in counted.into_iter().flat_map(|counted| &counted.values) {
        let is_region = facts.is_a(&value.value, fl::REGION)?;
        spots.push(SpotSource {
            name: value.label.get(reader.language).to_owned(),
            count: value.count,
            region: match is_region {
                true => facts.literal(&value.value, fl::ISTAT_CODE)?,
                false => None,
            },
            place: search.place(&value.value)?,
            value: value.value.clone(),
        });
    }
    Ok(spots)
}
