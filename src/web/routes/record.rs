//! The page of a record, for people.

use crate::app::App;
use crate::entity::Labels;
use crate::media::HTML;
use crate::overview::{Facts, Level, Transfer, brief, earned, profiles, transfers, web};
use crate::search::{Ask, Facet, Order, Search, SearchError};
use crate::vocab::{dct, skos};
use crate::web::address::{kind_at, page as page_address};
use crate::web::error::HttpError;
use crate::web::html::{Around, Spot, record_page};
use crate::web::language::{Reader, tag};
use crate::web::mementos::asked;
use crate::web::represent::{Request, tagged};
use crate::web::signposts::Signposts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// How many experiences the page of something else shows.
const FEW: usize = 6;

/// The facet by which the experiences of each kind of record are found.
const NARROWED: [(&str, Facet); 5] = [
    ("attore", Facet::Actor),
    ("rete", Facet::Network),
    ("tema", Facet::Theme),
    ("destinatario", Facet::Target),
    ("territorio", Facet::Territory),
];

/// The record at the path.
pub async fn page(request: Request) -> Result<Response, HttpError> {
    let Request { app, uri, reader, .. } = &request;
    let missing = || HttpError::NotFound(uri.path().to_owned());
    let kind = kind_at(uri.path()).ok_or_else(missing)?;
    let slug = uri.path().rsplit('/').next().unwrap_or_default();
    if let Some(location) = coded(&request, kind, slug).await? {
        return Ok((StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, location)]).into_response());
    }
    if let Some(slug) = slug.strip_suffix(".ics").filter(|_| kind == "evento") {
        return super::feeds::event(&request, slug).await;
    }
    if request.parameters.has("at")
        && let Some(moment) = asked(&Default::default(), &request.parameters)?
    {
        return super::memento::gate(&request, &format!("{kind}/{slug}"), moment, None).await;
    }
    if let Some(known) = request.not_modified(HTML)? {
        return Ok(known);
    }
    let description = Arc::new(request.record(&format!("{kind}/{slug}")).await?);
    let view = request.view(&description).await?;
    let others = request.alike(&description).await?;
    let (of, seen, iri) = (app.clone(), *reader, description.iri.clone());
    let work = move || around(&of, seen, kind, &iri);
    let around = super::search::blocking(work).await?;
    let told = (description.as_ref(), &view);
    let response = record_page(app, *reader, uri, kind, told, (&around, &others))?;
    let mut response = tagged(response, &request.etag(HTML));
    Signposts::of(&app.base, &description).into_iter().for_each(|p| p.put(response.headers_mut()));
    Ok(response)
}

/// The page of the territory with an ISTAT code.
async fn coded(request: &Request, kind: &str, slug: &str) -> Result<Option<String>, HttpError> {
    let is_code =
        kind == "territorio" && slug.len() >= 2 && slug.bytes().all(|b| b.is_ascii_digit());
    let Some(search) = request.app.search.clone().filter(|_| is_code) else { return Ok(None) };
    let code = slug.to_owned();
    let found = super::search::blocking(move || Ok(search.territory(&code)?)).await?;
    Ok(found.map(|iri| page_address(&request.app.base, &iri, request.reader)))
}

/// Everything a page shows beside the statements of its record.
fn around(app: &App, reader: Reader, kind: &str, iri: &str) -> Result<Around, HttpError> {
    let known = app.memory.of(&app.dataset);
    let (store, _) = app.dataset.read();
    let labels = Labels::new(store, reader.language, known);
    let facts = Facts { store, labels: &labels };
    let mut around = Around::default();
    match kind {
        "esperienza" => {
            around.trees = transfers(&facts, iri)?;
            around.trees.retain(|tree| !tree.is_alone());
            around.told = Transfer::told_by(&facts, iri)?;
            around.profiles = profiles(&facts, iri)?;
            around.earned = Some(earned(&facts, iri, &around.profiles)?);
        }
        "rete" => {
            around.level = Some(Level::of(&facts, iri)?);
            around.web = Some(web(&facts, iri, true)?);
        }
        "attore" => around.web = Some(web(&facts, iri, false)?),
        "raccolta" => {
            for part in facts.nodes(iri, dct::HAS_PART)? {
                around.briefs.push(brief(&facts, &part)?);
            }
        }
        _ => {}
    }
    let facet = NARROWED.iter().find(|(name, _)| *name == kind).map(|(_, facet)| *facet);
    if let (Some(facet), Some(search)) = (facet, &app.search) {
        match experiences(search, &facts, reader, facet, iri, &mut around) {
            // The page is whole without them, while the index is being made.
            Ok(()) | Err(HttpError::Unavailable(_)) => {}
            Err(error) => return Err(error),
        }
        if kind == "territorio" {
            around.spots = territory(app, search, &facts, reader, iri)?;
        }
    }
    Ok(around)
}

fn experiences(
    search: &Search,
    facts: &Facts<'_>,
    reader: Reader,
    facet: Facet,
    iri: &str,
    around: &mut Around,
) -> Result<(), HttpError> {
    let ask = Ask {
        chosen: vec![(Facet::Kind, vec!["esperienza".to_owned()]), (facet, vec![iri.to_owned()])],
        order: Order::Date,
        limit: FEW,
        language: tag(reader.language).to_owned(),
        ..Ask::default()
    };
    let found = search.find(&ask)?;
    around.experiences = Some((found.total, facet.name()));
    for hit in &found.hits {
        around.briefs.push(brief(facts, &hit.iri)?);
    }
    Ok(())
}

/// What is below a territory and has experiences, each with its place.
fn territory(
    app: &App,
    search: &Search,
    facts: &Facts<'_>,
    reader: Reader,
    iri: &str,
) -> Result<Vec<Spot>, HttpError> {
    let ask = Ask {
        chosen: vec![
            (Facet::Kind, vec!["esperienza".to_owned()]),
            (Facet::Territory, vec![iri.to_owned()]),
        ],
        counted: vec![Facet::Territory],
        limit: 1,
        language: tag(reader.language).to_owned(),
        ..Ask::default()
    };
    let found = match search.find(&ask) {
        Ok(found) => found,
        Err(SearchError::NotReady) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let sources = super::catalogue::spots(search, facts, reader, &found)?;
    let mut spots = Vec::new();
    for source in sources {
        let above = facts.nodes(&source.value, skos::BROADER)?;
        let is_region = source.region.is_some();
        if !is_region && source.value != iri && !above.iter().any(|above| above == iri) {
            continue;
        }
        spots.push(Spot {
            address: page_address(&app.base, &source.value, reader),
            name: source.name,
            count: source.count,
            is_listed: source.value == iri || !is_region,
            region: source.region,
            place: source.place,
        });
    }
    Ok(spots)
}
