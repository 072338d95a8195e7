//! The first page.

use crate::app::App;
use crate::entity::{EntityError, Labels};
use crate::overview::{Brief, Facts, brief};
use crate::search::{Ask, Facet, Found, Order, Search, SearchError};
use crate::store::Mode;
use crate::vocab::fl;
use crate::web::address::page as page_address;
use crate::web::assets::digest;
use crate::web::error::HttpError;
use crate::web::extract::is_known;
use crate::web::html::{self, Front, Spot, front_page};
use crate::web::language::{Reader, tag};
use crate::web::represent::tagged;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use oxigraph::model::Literal;

/// The kinds whose numbers are told.
const COUNTED: [&str; 6] = ["esperienza", "attore", "rete", "modello", "percorso", "risorsa"];
/// How many experiences and how much news are shown.
const LATEST: usize = 6;
const NEWS: usize = 3;

/// What this node is and holds.
#[utoipa::path(get, path = "/", tag = "data", responses((status = 200), (status = 304)))]
pub async fn home(
    State(app): State<App>,
    headers: HeaderMap,
    reader: Reader,
) -> Result<Response, HttpError> {
    if matches!(app.dataset.mode(), Mode::Bare) {
        return html::sparql_page(
            &app,
            reader,
            &Uri::from_static("/sparql"),
            html::Asked::nothing(),
        );
    }
    let seq = app.dataset.version();
    let index = app.search.as_ref().map_or(0, |search| search.reached().settled);
    let etag = format!("\"{seq}.{index}-{}{}\"", tag(reader.language), digest());
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let mut kinds = Vec::new();
    for kind in COUNTED {
        let total = app.dataset.log().count_below(&app.base.record(kind, "")).await?;
        kinds.push((kind, total));
    }
    let work = move || {
        let front = Front { kinds, ..gather(&app, reader)? };
        front_page(&app, reader, &front)
    };
    Ok(tagged(super::search::blocking(work).await?, &etag))
}

fn gather(app: &App, reader: Reader) -> Result<Front, HttpError> {
    let known = app.memory.of(&app.dataset);
    let (store, _) = app.dataset.read();
    let labels = Labels::new(store, reader.language, known);
    let facts = Facts { store, labels: &labels };
    let mut front = Front { demonstration: has_demonstration(&facts)?, ..Front::default() };
    let Some(search) = &app.search else { return Ok(front) };
    let experiences = match latest(search, reader, "esperienza", LATEST) {
        Ok(found) => found,
        Err(SearchError::NotReady) => return Ok(front),
        Err(error) => return Err(error.into()),
    };
    front.is_ready = true;
    front.latest = briefs(&facts, &experiences)?;
    front.news = briefs(&facts, &latest(search, reader, "notizia", NEWS)?)?;
    front.spots = spots(app, search, &facts, reader, &experiences)?;
    for counted in &experiences.facets {
        match counted.facet {
            Facet::Theme => {
                let tops = counted.values.iter().filter(|value| value.above.is_none());
                let theme = |value: &crate::search::Count| {
                    let name = value.label.get(reader.language).to_owned();
                    (value.value.clone(), name, value.count)
                };
                front.themes = tops.map(theme).collect();
                front.themes.sort_by_key(|theme| theme.1.to_lowercase());
            }
            Facet::Evidence => {
                let best = counted.values.iter().find(|v| v.value.ends_with("#consolidated"));
                front.consolidated = best.map(|value| (value.count, value.value.clone()));
            }
            _ => {}
        }
    }
    Ok(front)
}

fn latest(search: &Search, reader: Reader, kind: &str, limit: usize) -> Result<Found, SearchError> {
    search.find(&Ask {
        chosen: vec![(Facet::Kind, vec![kind.to_owned()])],
        order: Order::Date,
        counted: vec![Facet::Territory, Facet::Theme, Facet::Evidence],
        limit,
        language: tag(reader.language).to_owned(),
        ..Ask::default()
    })
}

fn briefs(facts: &Facts<'_>, found: &Found) -> Result<Vec<Brief>, EntityError> {
    found.hits.iter().map(|hit| brief(facts, &hit.iri)).collect()
}

/// The regions with their experiences, each leading to its page.
fn spots(
    app: &App,
    search: &Search,
    facts: &Facts<'_>,
    reader: Reader,
    found: &Found,
) -> Result<Vec<Spot>, HttpError> {
    let sources = super::catalogue::spots(search, facts, reader, found)?;
    let spots = sources.into_iter().filter(|source| source.region.is_some());
    let spots = spots.map(|source| Spot {
        address: page_address(&app.base, &source.value, reader),
        name: source.name,
        count: source.count,
        is_listed: source.count > 0,
        region: source.region,
        place: source.place,
    });
    Ok(spots.collect())
}

fn has_demonstration(facts: &Facts<'_>) -> Result<bool, EntityError> {
    let yes = Literal::from(true);
    let object = Some(yes.as_ref().into());
    let mut quads = facts.store.quads_for_pattern(None, Some(fl::DEMONSTRATION), object, None);
    Ok(quads.next().transpose()?.is_some())
}
