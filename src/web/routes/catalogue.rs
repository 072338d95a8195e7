//! The lists of the records of each kind, for people: a search within one kind.

use crate::app::App;
use crate::entity::{EntityError, Labels};
use crate::overview::{Facts, brief};
use crate::search::{Ask, FACETS, Facet, Found, Order, Search};
use crate::vocab::{fl, skos};
use crate::web::address::{kind_at, page as page_address};
use crate::web::asked::ask;
use crate::web::assets::digest;
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, is_known};
use crate::web::html::{Branch, CardSource, Listing, Spot, SpotSource, VIEWS, catalogue_page};
use crate::web::language::{Reader, tag};
use crate::web::represent::tagged;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::collections::{BTreeMap, HashMap};

/// How many experiences have each value.
type Counts = HashMap<String, u32>;

/// How many records a list shows at a time.
const PAGE: usize = 20;
/// How many rows a table shows at a time.
const ROWS: usize = 50;
/// No longer list is shown whole, by name.
const WHOLE: u64 = 200;
/// The kinds that are sorted by date where nobody says otherwise.
const DATED: [&str; 4] = ["esperienza", "notizia", "evento", "valutazione"];

/// The kinds whose records have places.
const MAPPED: [&str; 4] = ["esperienza", "attore", "territorio", "evento"];
/// The kinds that are concepts of a scheme, and the facets that count experiences by them.
const CONCEPTS: [(&str, Facet); 2] = [("tema", Facet::Theme), ("destinatario", Facet::Target)];

/// What narrows these kinds; experiences have every facet, the others themes and sources.
const NARROWED: [(&str, &[Facet]); 3] = [
    ("attore", &[Facet::Territory, Facet::Level, Facet::ActorType, Facet::Source]),
    ("rete", &[Facet::Territory, Facet::Level, Facet::Source]),
    ("territorio", &[Facet::Territory, Facet::Population]),
];
/// Facets that say nothing within one kind, or have too many values to choose from.
const LEFT_OUT: [Facet; 2] = [Facet::Kind, Facet::Actor];
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
    Ok(tagged(super::search::blocking(work).await?, &etag))
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
    let (mut found, is_whole) = match is_free && !is_dated && view != VIEWS[1] {
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
    let is_first = is_free && ask.chosen.len() == 1 && view == VIEWS[0];
    let concepts = CONCEPTS.iter().find(|(name, _)| *name == kind && is_first);
    let tree = match concepts {
        Some((kind, facet)) if is_whole => {
            // The vocabularies that ship are concepts too, but none of these.
            let below = app.base.record(kind, "");
            found.hits.retain(|hit| hit.iri.starts_with(&below));
            found.total = found.hits.len() as u64;
            tree(search, &facts, reader, *facet, &found)?
        }
        _ => Vec::new(),
    };
    let regions = match kind == "territorio" && is_first {
        true => regions(app, search, &facts, reader)?,
        false => Vec::new(),
    };
    let cards = if tree.is_empty() { cards } else { Vec::new() };
    let listing = Listing {
        kind,
        view,
        found: &found,
        cards,
        spots,
        is_dated,
        is_whole: is_whole || !regions.is_empty(),
        tree,
        regions,
        is_mapped: MAPPED.contains(&kind),
    };
    catalogue_page(app, reader, uri, parameters, &listing)
}

fn counted(kind: &str) -> Vec<Facet> {
    if kind == "esperienza" {
        return FACETS.into_iter().filter(|facet| !LEFT_OUT.contains(facet)).collect();
    }
    let own = NARROWED.iter().find(|(name, _)| *name == kind);
    own.map_or(OTHERS, |(_, facets)| facets).to_vec()
}

/// All records by name, where there are not too many of them; else as the index gives them.
fn by_name(search: &Search, ask: &Ask) -> Result<(Found, bool), HttpError> {
    let few = search.find(ask)?;
    if few.total > WHOLE || few.total <= 1 {
        return Ok((few, false));
    }
    let mut found =
        search.find(&Ask { limit: WHOLE as usize, offset: 0, after: None, ..ask.clone() })?;
    found.hits.sort_by_cached_key(|hit| hit.title.to_lowercase());
    Ok((found, true))
}

/// How many experiences there are for each value of a facet.
fn experiences(search: &Search, reader: Reader, facet: Facet) -> Result<Counts, HttpError> {
    let found = search.find(&Ask {
        chosen: vec![(Facet::Kind, vec!["esperienza".to_owned()])],
        counted: vec![facet],
        limit: 1,
        language: tag(reader.language).to_owned(),
        ..Ask::default()
    })?;
    let values = found.facets.into_iter().flat_map(|counted| counted.values);
    Ok(values.map(|value| (value.value, value.count)).collect())
}

/// The concepts that were found as a tree, by name.
fn tree(
    search: &Search,
    facts: &Facts<'_>,
    reader: Reader,
    facet: Facet,
    found: &Found,
) -> Result<Vec<Branch>, HttpError> {
    let counts = experiences(search, reader, facet)?;
    let mut below: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut tops = Vec::new();
    for hit in &found.hits {
        let above = facts.nodes(&hit.iri, skos::BROADER)?;
        if above.is_empty() {
            tops.push(hit.iri.clone());
        }
        for above in above {
            below.entry(above).or_default().push(hit.iri.clone());
        }
    }
    let branch = |iri: &String, below: Vec<Branch>| -> Result<Branch, EntityError> {
        let brief = brief(facts, iri)?;
        let count = counts.get(iri).copied().unwrap_or_default();
        Ok(Branch { link: brief.link, text: brief.text, count, below })
    };
    let branches = tops.iter().map(|top| {
        let under = below.get(top).map(Vec::as_slice).unwrap_or_default();
        let under = under.iter().map(|iri| branch(iri, Vec::new())).collect::<Result<_, _>>()?;
        branch(top, under)
    });
    Ok(branches.collect::<Result<_, EntityError>>()?)
}

/// Every region with how many experiences it has.
fn regions(
    app: &App,
    search: &Search,
    facts: &Facts<'_>,
    reader: Reader,
) -> Result<Vec<Spot>, HttpError> {
    let counts = experiences(search, reader, Facet::Territory)?;
    let mut spots = Vec::new();
    let own = app.base.id();
    // Every node has the same regions: those of peers are counted as this node's own.
    for region in facts.members(fl::REGION)?.into_iter().filter(|it| it.starts_with(&own)) {
        spots.push(Spot {
            name: facts.labels.link(&region)?.label.text,
            count: counts.get(&region).copied().unwrap_or_default(),
            address: page_address(&app.base, &region, reader),
            region: facts.literal(&region, fl::ISTAT_CODE)?,
            place: search.place(&region)?,
            is_listed: true,
        });
    }
    spots.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(spots)
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
