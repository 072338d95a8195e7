//! A search as an address asks for it, and back: parameters to questions, questions to links.

use super::error::HttpError;
use super::extract::Parameters;
use super::language::{Reader, tag};
use crate::federation::short;
use crate::iri::Base;
use crate::search::{
    Ask, DEEPEST, FACETS, Facet, MOST_HITS, Mark, Near, Order, Search, SearchError, Span,
};

/// The longest text that is searched for, in bytes.
const LONGEST: usize = 10_000;
/// What is counted where nothing else is asked for.
const COUNTED: [Facet; 5] =
    [Facet::Kind, Facet::Territory, Facet::Theme, Facet::Target, Facet::Level];
/// Parameters beside the facets.
const OTHERS: [&str; 19] = [
    "q",
    "year",
    "budget",
    "inhabitants",
    "from",
    "until",
    "near",
    "within",
    "sort",
    "limit",
    "page",
    "after",
    "facets",
    "lang",
    "format",
    "min-seq",
    "iri",
    "need",
    "view",
];

/// Parameters as all nodes understand them: values of facets by the names that all have for them.
pub fn common(base: &Base, pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    let own = base.id();
    let common = |(name, value): (String, String)| {
        let value = if value.starts_with(&own) { short(&value).to_owned() } else { value };
        (name, value)
    };
    pairs.into_iter().map(common).collect()
}

/// Reads the parameters of a search; those it does not know are an error, not passed over.
pub fn ask(search: &Search, parameters: &Parameters, reader: Reader) -> Result<Ask, HttpError> {
    known(parameters)?;
    let limit = number(parameters, "limit", 1, MOST_HITS)?.unwrap_or(20);
    let page = number(parameters, "page", 1, usize::MAX)?.unwrap_or(1);
    let offset = (page - 1).saturating_mul(limit);
    if offset + limit > DEEPEST {
        return Err(bad(format!(
            "pages reach as far as result {DEEPEST}; follow the link `next` of a page, which uses \
             `after`, to go on from there"
        )));
    }
    let text = parameters.one("q")?.unwrap_or_default();
    if text.len() > LONGEST {
        return Err(bad(format!("q is longer than {LONGEST} bytes; say it in fewer words")));
    }
    let after = parameters.one("after")?.map(|text| mark(&text)).transpose()?;
    let near = near(search, parameters)?;
    let mut chosen = Vec::new();
    for facet in FACETS {
        let mut values = Vec::new();
        for value in parameters.all(facet.name()).iter().filter(|value| !value.is_empty()) {
            values.push(search.value(facet, value)?);
        }
        if !values.is_empty() {
            chosen.push((facet, values));
        }
    }
    let date = match (day(parameters, "from", false)?, day(parameters, "until", true)?) {
        (None, None) => None,
        both => Some(both),
    };
    let order = match parameters.one("sort")?.as_deref() {
        None | Some("" | "relevance") => Order::Relevance,
        Some("date") => Order::Date,
        Some("distance") if near.is_some() => Order::Distance,
        Some("distance") => {
            return Err(bad("sort=distance needs near=, a municipality or lat,long".to_owned()));
        }
        Some(other) => {
            return Err(bad(format!("sort is relevance, date or distance, not {other:?}")));
        }
    };
    Ok(Ask {
        year: span(parameters, "year")?,
        budget: span(parameters, "budget")?,
        population: span(parameters, "inhabitants")?,
        offset: if after.is_some() { 0 } else { offset },
        counted: counted(parameters)?,
        language: tag(reader.language).to_owned(),
        text,
        chosen,
        date,
        near,
        order,
        limit,
        after,
    })
}

/// The same search, going on after a result.
pub fn next(parameters: &Parameters, mark: Mark) -> String {
    let mut pairs = parameters.except(&["after", "page"]);
    pairs.push(("after".to_owned(), format!("{:x}-{:x}", mark.rank.to_bits(), mark.tie)));
    encoded(&pairs)
}

/// Parameters as a query string.
pub fn encoded(pairs: &[(String, String)]) -> String {
    let encode = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// A number between two others.
pub fn number(
    parameters: &Parameters,
    name: &str,
    least: usize,
    most: usize,
) -> Result<Option<usize>, HttpError> {
    let Some(text) = parameters.one(name)?.filter(|text| !text.is_empty()) else { return Ok(None) };
    match text.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
        _ if most == usize::MAX => {
            Err(bad(format!("{name} is a number from {least} on, not {text:?}")))
        }
        _ => Err(bad(format!("{name} is a number from {least} to {most}, not {text:?}"))),
    }
}

fn known(parameters: &Parameters) -> Result<(), HttpError> {
    for (name, _) in parameters.except(&OTHERS) {
        if Facet::named(&name).is_none() {
            let names: Vec<&str> = FACETS.iter().map(|facet| facet.name()).collect();
            return Err(bad(format!(
                "there is no parameter {name:?}; facets are {}, and there are {}",
                names.join(", "),
                OTHERS[..16].join(", ")
            )));
        }
    }
    Ok(())
}

/// `facets=theme,level`; none for `facets=`.
fn counted(parameters: &Parameters) -> Result<Vec<Facet>, HttpError> {
    let Some(list) = parameters.one("facets")? else { return Ok(COUNTED.to_vec()) };
    let mut counted = Vec::new();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        if name == "all" {
            return Ok(FACETS.to_vec());
        }
        let facet = Facet::named(name);
        let facet = facet.ok_or_else(|| {
            let names: Vec<&str> = FACETS.iter().map(|facet| facet.name()).collect();
            bad(format!("there is no facet {name:?}; there are {}", names.join(", ")))
        })?;
        if !counted.contains(&facet) {
            counted.push(facet);
        }
    }
    Ok(counted)
}

/// `2018..2022`, `2018..`, `..2022`, `2020`.
fn span(parameters: &Parameters, name: &str) -> Result<Option<Span>, HttpError> {
    let Some(text) = parameters.one(name)?.filter(|text| !text.is_empty()) else { return Ok(None) };
    let (from, to) = text.split_once("..").unwrap_or((&text, &text));
    let read = |text: &str| match text.trim() {
        "" => Some(None),
        text => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Some),
    };
    match (read(from), read(to)) {
        (Some(from), Some(to)) => Ok(Some(Span { from, to })),
        _ => Err(bad(format!("{name} is a number or FROM..TO, such as 2018..2022, not {text:?}"))),
    }
}

/// The first or the last second of a day.
fn day(parameters: &Parameters, name: &str, last: bool) -> Result<Option<i64>, HttpError> {
    let Some(text) = parameters.one(name)?.filter(|text| !text.is_empty()) else { return Ok(None) };
    let date: Option<jiff::civil::Date> = text.parse().ok();
    let zoned = date.and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let Some(zoned) = zoned else {
        return Err(bad(format!("{name} is a day such as 2024-05-31, not {text:?}")));
    };
    Ok(Some(zoned.timestamp().as_second() + if last { 86_399 } else { 0 }))
}

/// `near=bologna&within=50`: a territory, or latitude and longitude; kilometres.
fn near(search: &Search, parameters: &Parameters) -> Result<Option<Near>, HttpError> {
    let Some(text) = parameters.one("near")?.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let within_km = match parameters.one("within")?.filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => {
            let km = text.parse().ok().filter(|km: &f64| km.is_finite() && *km > 0.0);
            Some(km.ok_or_else(|| bad(format!("within is a number of kilometres, not {text:?}")))?)
        }
    };
    let coordinates = text.split_once(',').and_then(|(lat, long)| {
        let (lat, long): (f64, f64) = (lat.trim().parse().ok()?, long.trim().parse().ok()?);
        (lat.abs() <= 90.0 && long.abs() <= 180.0).then_some((lat, long))
    });
    let place = match coordinates {
        Some(place) => Some(place),
        None => search.territory(&text)?.map(|iri| search.place(&iri)).transpose()?.flatten(),
    };
    let (lat, long) = place.ok_or_else(|| {
        bad(format!("near is a municipality (name, ISTAT code or IRI) or lat,long, not {text:?}"))
    })?;
    Ok(Some(Near { lat, long, within_km }))
}

/// The place `next` wrote.
fn mark(text: &str) -> Result<Mark, HttpError> {
    let read = |text: &str| u64::from_str_radix(text, 16).ok();
    let parts = text.split_once('-').and_then(|(rank, tie)| Some((read(rank)?, read(tie)?)));
    match parts.map(|(rank, tie)| Mark { rank: f64::from_bits(rank), tie }) {
        Some(mark) if !mark.rank.is_nan() => Ok(mark),
        _ => Err(bad(
            "after is what the link `next` of a page holds; it cannot be made up".to_owned()
        )),
    }
}

fn bad(text: String) -> HttpError {
    HttpError::BadRequest(text)
}

impl From<SearchError> for HttpError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Ask(text) => Self::BadRequest(text),
            SearchError::Unknown(iri) => Self::NotFound(iri),
            SearchError::NotYet { .. } | SearchError::NotReady => {
                Self::Unavailable(error.to_string())
            }
            other => Self::Internal(other.into()),
        }
    }
}
