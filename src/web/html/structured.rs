//! What search engines are told of a record, in the terms of schema.org.
//! Knows statements, not pages.

use super::frame::Frame;
use super::record::Stated;
use crate::entity::Label;
use crate::vocab::{dct, fl, foaf};
use serde_json::{Value, json};

/// What a kind of record is called there.
const TYPES: [(&str, &str); 8] = [
    ("attore", "Organization"),
    ("rete", "Organization"),
    ("territorio", "AdministrativeArea"),
    ("evento", "Event"),
    ("notizia", "NewsArticle"),
    ("raccolta", "Collection"),
    ("percorso", "HowTo"),
    ("tema", "DefinedTerm"),
];

/// A record as a thing of schema.org.
pub fn record(
    frame: &Frame<'_>,
    kind: &str,
    iri: &str,
    stated: &Stated<'_>,
    lead: Option<&Label>,
) -> Value {
    let found = TYPES.iter().find(|(name, _)| *name == kind);
    let class = found.map_or("Article", |(_, class)| class);
    let names = |property: &str| -> Vec<Value> {
        let links = stated.links(property).into_iter();
        links.map(|link| json!({ "@id": link.iri, "name": link.label.text })).collect()
    };
    let mut thing = json!({
        "@type": class,
        "@id": iri,
        "url": frame.canonical(),
        "name": frame.title,
        "inLanguage": frame.words.tag,
        "mainEntityOfPage": frame.canonical(),
    });
    let mut set = |name: &str, value: Value| {
        let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !is_empty {
            thing[name] = value;
        }
    };
    set("description", json!(lead.map(|label| label.text.as_str())));
    let text = |property: &str| json!(stated.text(property).map(|label| label.text.as_str()));
    match class {
        "Article" | "NewsArticle" | "Collection" => {
            set("headline", json!(frame.title));
            set("datePublished", text(dct::ISSUED.as_str()));
            set("dateModified", text(dct::MODIFIED.as_str()));
            set("author", json!(names(fl::LEAD_ACTOR.as_str())));
            set("about", json!(names(dct::SUBJECT.as_str())));
            set("spatialCoverage", json!(names(fl::TERRITORY_OF.as_str())));
            set("license", json!(stated.links(dct::LICENSE.as_str()).first().map(|l| &l.iri)));
        }
        "Event" => {
            set("startDate", text(fl::START_DATE.as_str()));
            set("endDate", text(fl::END_DATE.as_str()));
            set("location", json!(names(fl::TERRITORY_OF.as_str())));
        }
        "Organization" => {
            set("areaServed", json!(names(fl::TERRITORY_OF.as_str())));
            set("member", json!(names(fl::MEMBER.as_str())));
            set("sameAs", json!(stated.links(foaf::HOMEPAGE.as_str()).first().map(|l| &l.iri)));
        }
        _ => {}
    }
    thing
}
