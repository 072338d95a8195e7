//! What was found, written as JSON, JSON-LD, CSV or Atom.

use super::asked::{encoded, next};
use super::atom::{Entry, Feed, Record};
use super::error::HttpError;
use super::extract::Parameters;
use crate::iri::Base;
use crate::media::{Kind, Media};
use crate::schema::Text;
use crate::search::{Alike, Counted, Found, Hit, Part};
use crate::vocab;
use serde_json::{Value, json};

/// Results as they can be written, the preferred way first.
pub const RESULTS: [Media; 4] = [
    Media {
        kind: Kind::Listing,
        extension: "json",
        content_type: "application/json",
        names: &["application/json"],
        label: "JSON",
    },
    Media {
        kind: Kind::Listing,
        extension: "jsonld",
        content_type: "application/ld+json",
        names: &["application/ld+json"],
        label: "JSON-LD",
    },
    Media {
        kind: Kind::Listing,
        extension: "csv",
        content_type: "text/csv; charset=utf-8",
        names: &["text/csv"],
        label: "CSV",
    },
    Media {
        kind: Kind::Listing,
        extension: "atom",
        content_type: "application/atom+xml; charset=utf-8",
        names: &["application/atom+xml"],
        label: "Atom",
    },
];

/// Writes results in a format of [`RESULTS`].
pub fn write(
    found: &Found,
    base: &Base,
    parameters: &Parameters,
    media: Media,
    updated: &str,
) -> Result<String, HttpError> {
    Ok(match media.extension {
        "jsonld" => linked(found, base, parameters).to_string(),
        "csv" => csv(found)?,
        "atom" => atom(found, base, parameters, updated),
        _ => listing(found, base, parameters).to_string(),
    })
}

/// Results as JSON, the way other nodes read them too.
pub fn listing(found: &Found, base: &Base, parameters: &Parameters) -> Value {
    let pair = |(from, to): &(String, String)| json!({ "typed": from, "searched": to });
    let concept = |(iri, label): &(String, Text)| json!({ "iri": iri, "label": label });
    json!({
        "query": parameters.one("q").ok().flatten().unwrap_or_default(),
        "total": found.total,
        "seq": found.seq,
        "hits": found.hits.iter().map(hit).collect::<Vec<_>>(),
        "facets": found.facets.iter().map(facet).collect::<Vec<_>>(),
        "corrected": found.corrected.iter().map(pair).collect::<Vec<_>>(),
        "suggestion": found.suggestion,
        "relaxed": found.relaxed,
        "concepts": found.concepts.iter().map(concept).collect::<Vec<_>>(),
        "unknown_fields": found.unknown_fields,
        "unknown_values": found.unknown_values,
        "next": next_page(found, base, parameters),
    })
}

fn hit(hit: &Hit) -> Value {
    json!({
        "iri": hit.iri,
        "kind": hit.kind,
        "title": hit.title,
        "titles": hit.names,
        "score": hit.score,
        "snippet": marked(&hit.snippet),
        "snippet_language": hit.snippet_language,
        "sources": hit.sources,
        "demonstration": hit.demonstration,
        "distance_km": hit.distance_km.map(|km| (km * 10.0).round() / 10.0),
        "same_as": hit.same_as,
    })
}

fn facet(counted: &Counted) -> Value {
    let values = counted.values.iter().map(|value| {
        json!({
            "value": value.value,
            "label": value.label,
            "count": value.count,
            "selected": value.chosen,
            "broader": value.above,
        })
    });
    json!({
        "facet": counted.facet.name(),
        "label": counted.facet.label(),
        "values": values.collect::<Vec<_>>(),
    })
}

/// Records like another, with the reasons.
pub fn alike(list: &[Alike]) -> Vec<Value> {
    let one = |alike: &Alike| {
        let reasons = alike.reasons.iter().map(|reason| {
            json!({
                "signal": reason.signal,
                "weight": (reason.part * 1000.0).round() / 1000.0,
                "it": reason.text.it,
                "en": reason.text.en,
            })
        });
        json!({
            "iri": alike.iri,
            "kind": alike.kind,
            "title": alike.title,
            "titles": alike.names,
            "score": (alike.score * 1000.0).round() / 1000.0,
            "reasons": reasons.collect::<Vec<_>>(),
            "demonstration": alike.demonstration,
        })
    };
    list.iter().map(one).collect()
}

/// A list of items in the terms of schema.org.
fn linked(found: &Found, base: &Base, parameters: &Parameters) -> Value {
    let items = found.hits.iter().enumerate().map(|(place, hit)| {
        json!({
            "@type": "ListItem",
            "position": place + 1,
            "item": { "@id": hit.iri, "name": hit.title, "description": plain(&hit.snippet) },
        })
    });
    json!({
        "@context": { "@vocab": vocab::SCHEMA },
        "@id": address(base, parameters),
        "@type": "ItemList",
        "numberOfItems": found.total,
        "itemListElement": items.collect::<Vec<_>>(),
        "relatedLink": next_page(found, base, parameters),
    })
}

fn csv(found: &Found) -> Result<String, HttpError> {
    let failed = |error: csv::Error| HttpError::Internal(error.into());
    let mut table = csv::Writer::from_writer(Vec::new());
    table
        .write_record(["iri", "kind", "title", "score", "snippet", "sources", "distance_km"])
        .map_err(failed)?;
    for hit in &found.hits {
        let distance = hit.distance_km.map_or_else(String::new, |km| format!("{km:.1}"));
        let (score, snippet) = (hit.score.to_string(), plain(&hit.snippet));
        let sources = hit.sources.join(" ");
        table
            .write_record([&hit.iri, &hit.kind, &hit.title, &score, &snippet, &sources, &distance])
            .map_err(failed)?;
    }
    let bytes =
        table.into_inner().map_err(|error| HttpError::Internal(error.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// RFC 4287. The search does not know when each record changed: all stand at the index's moment.
fn atom(found: &Found, base: &Base, parameters: &Parameters, updated: &str) -> String {
    let own = address(base, parameters);
    let title = parameters.one("q").ok().flatten().unwrap_or_default();
    let mut links = vec![("self", own.clone())];
    links.extend(next_page(found, base, parameters).map(|next| ("next", next)));
    let entry = |hit: &Hit| {
        Entry::Record(Record {
            iri: hit.iri.clone(),
            page: hit.iri.clone(),
            kind: hit.kind.clone(),
            title: hit.title.clone(),
            summary: plain(&hit.snippet),
            updated: updated.to_owned(),
            language: None,
        })
    };
    let feed = Feed {
        id: own,
        title: format!("FamilyLab: {title}"),
        language: match parameters.one("lang").ok().flatten().as_deref() {
            Some("en") => "en",
            _ => "it",
        },
        updated: updated.to_owned(),
        links,
        entries: found.hits.iter().map(entry).collect(),
    };
    feed.write()
}

/// The address of the next page, absolute.
fn next_page(found: &Found, base: &Base, parameters: &Parameters) -> Option<String> {
    found.next.map(|mark| base.join(&format!("/search?{}", next(parameters, mark))))
}

fn address(base: &Base, parameters: &Parameters) -> String {
    base.join(&format!("/search?{}", encoded(&parameters.except(&[]))))
}

/// A snippet as HTML.
pub fn marked(parts: &[Part]) -> String {
    let part = |part: &Part| {
        let text = escaped(&part.text);
        if part.marked { format!("<mark>{text}</mark>") } else { text }
    };
    parts.iter().map(part).collect()
}

/// A snippet as text.
pub fn plain(parts: &[Part]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect()
}

/// Text that can stand in XML and HTML.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0, section 2.2: other control characters cannot stand in it at all.
            c if c.is_control() && !matches!(c, '\n' | '\t' | '\r') => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
