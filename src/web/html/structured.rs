//! What search engines are told of a record, in the terms of schema.org.
//! Knows statements, not pages.

use super::frame::Frame;
use super::record::Stated;
use crate::entity::Label;
use crate::publish::{File, Part};
use crate::vocab::{dct, fl, foaf};
use serde_json::{Value, json};

/// What a kind of record is called there.
const TYPES: [(&str, &str); 13] = [
    ("attore", "Organization"),
    ("rete", "Organization"),
    ("territorio", "AdministrativeArea"),
    ("evento", "Event"),
    ("notizia", "NewsArticle"),
    ("raccolta", "Collection"),
    ("percorso", "HowTo"),
    ("tema", "DefinedTerm"),
    ("destinatario", "DefinedTerm"),
    ("competenza", "DefinedTerm"),
    ("valutazione", "CreativeWork"),
    ("modello", "CreativeWork"),
    ("risorsa", "LearningResource"),
];

/// What schema.org calls a kind of record.
pub fn class(kind: &str) -> &'static str {
    TYPES.iter().find(|(name, _)| *name == kind).map_or("Article", |(_, class)| class)
}

/// A record as a thing of schema.org.
pub fn record(
    frame: &Frame<'_>,
    kind: &str,
    iri: &str,
    stated: &Stated<'_>,
    lead: Option<&Label>,
) -> Value {
    let class = class(kind);
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
        "Article" | "NewsArticle" | "Collection" | "CreativeWork" | "LearningResource" => {
            set("headline", json!(frame.title));
            set("datePublished", text(dct::ISSUED.as_str()));
            set("dateModified", text(dct::MODIFIED.as_str()));
            set("author", json!(names(fl::LEAD_ACTOR.as_str())));
            set("about", json!(names(dct::SUBJECT.as_str())));
            set("spatialCoverage", json!(names(fl::TERRITORY_OF.as_str())));
            set("license", json!(stated.links(dct::LICENSE.as_str()).first().map(|l| &l.iri)));
            set("hasPart", json!(names(dct::HAS_PART.as_str())));
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

/// The whole catalogue as a dataset, with what can be downloaded of it.
pub fn dataset(frame: &Frame<'_>, exported: &[File]) -> Value {
    let base = frame.base;
    let file = |(name, media): (&str, &str)| json!({ "@type": "DataDownload", "contentUrl": base.join(name), "encodingFormat": media });
    let dump = |file: &File| {
        json!({
            "@type": "DataDownload",
            "contentUrl": base.join(&format!("/dump/{}", file.name)),
            "encodingFormat": file.media_type,
            "contentSize": format!("{} B", file.bytes),
        })
    };
    let feeds = [("/feed.atom", "application/atom+xml"), ("/eventi.ics", "text/calendar")];
    let whole = exported.iter().filter(|file| file.part == Part::All).map(dump);
    json!({
        "@type": "Dataset",
        "@id": base.join("/catalog/dataset/tutto"),
        "name": frame.words.node,
        "description": frame.words.about.data_intro,
        "url": frame.at_whole("/dati"),
        "license": crate::vocab::LICENCE_CC_BY,
        "isAccessibleForFree": true,
        "inLanguage": ["it", "en"],
        "creator": {
            "@type": "GovernmentOrganization",
            "name": frame.site.administration,
            "url": frame.site.administration_url,
        },
        "distribution": whole.chain(feeds.map(file)).collect::<Vec<_>>(),
    })
}
