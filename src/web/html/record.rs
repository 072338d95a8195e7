//! The page of a record, for people: what it says under headings, drawings, what it is linked
//! with. Everything else a node states of it is one link away.

use super::card::Card;
use super::drawings::{NetworkPart, ProfilePart, ToldPart, TreePart};
use super::entity::{Format, VersionRow, formats, versions};
use super::frame::{Anchor, Frame, html};
use super::groups::{SHOWN, TOLD, groups};
use super::map::{Map, Spot};
use super::search::{AlikePart, alike};
use super::value::{Parts, PropertyPart};
use crate::app::App;
use crate::entity::{Description, Label, Link, Property, Value, View};
use crate::federation::Trust;
use crate::overview::{Brief, Level, Profile, Transfer, TransferTree, Web};
use crate::search::Alike;
use crate::vocab::{dct, fl, skos};
use crate::web::address::{Document, encode, place, why};
use crate::web::asked::encoded;
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{FederationWords, SearchWords, Words, single};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;
use oxigraph::model::{NamedNode, NamedNodeRef, Triple};

/// What a page shows beside the statements of its record.
#[derive(Default)]
pub struct Around {
    pub briefs: Vec<Brief>,
    /// How many experiences there are in all, and the parameter that lists them.
    pub experiences: Option<(u64, &'static str)>,
    pub trees: Vec<TransferTree>,
    pub told: Vec<Transfer>,
    pub profiles: Vec<Profile>,
    pub web: Option<Web>,
    pub level: Option<Level>,
    pub spots: Vec<Spot>,
    /// The facts that the rule of the level of evidence looks at, in its order.
    pub earned: Option<[bool; 4]>,
}

/// A heading of the page with what stands below it.
struct Section {
    id: &'static str,
    title: &'static str,
    properties: Vec<PropertyPart>,
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    own: &'static SearchWords,
    kind: &'static str,
    slug: &'a str,
    single: &'static str,
    iri: &'a str,
    heading: Anchor,
    lead: Option<Anchor>,
    demonstration: bool,
    evidence: Option<Anchor>,
    evidence_why: Option<String>,
    earned: Vec<(&'static str, bool)>,
    level: Option<(&'static str, &'static str)>,
    sections: Vec<Section>,
    trees: Vec<TreePart>,
    told: Vec<ToldPart>,
    profiles: Vec<ProfilePart>,
    network: Option<NetworkPart>,
    map: Option<Map<'a>>,
    cards: Vec<Card>,
    total: String,
    all: Option<String>,
    links: Vec<(&'static str, Vec<Anchor>, String)>,
    alike: Vec<AlikePart>,
    /// The way to what is like it on other nodes, where there are some.
    everywhere: Option<String>,
    everywhere_text: &'static str,
    formats: Vec<Format>,
    versions: Vec<VersionRow>,
    statements: String,
    cite: String,
    mail: Option<String>,
}

/// Renders the page of a record.
pub fn record_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    kind: &'static str,
    (description, view): (&Description, &View),
    (around, others): (&Around, &[Alike]),
) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let iri = description.iri.as_str();
    let mut frame = Frame::new(app, reader, uri, view.link.label.text.clone());
    frame.crumb(frame.at(place(kind).unwrap_or("/")), words.kind(kind).unwrap_or_default());
    let stated = Stated::of(view, &app.base.inferred().into_string(), words.tag);
    let lead = stated.lead();
    if let Some(lead) = &lead {
        frame.describe(&lead.text);
    }
    frame.structured.push(super::structured::record(&frame, kind, iri, &stated, lead.as_ref()));
    frame.scripts.push("record.js");
    let sections = sections(&frame, kind, &stated);
    let document = Document::about(&app.base, iri);
    let page = RecordPage {
        words,
        own: SearchWords::of(reader.language),
        kind,
        slug: iri.rsplit('/').next().unwrap_or(iri),
        single: single(kind, reader.language),
        iri,
        heading: frame.link(&view.link),
        lead: lead.as_ref().map(|lead| frame.anchor(String::new(), lead)),
        demonstration: view.demonstration,
        evidence: stated.link(fl::EVIDENCE_LEVEL.as_str()).map(|link| frame.link(link)),
        evidence_why: evidence_why(&frame, iri, &stated),
        earned: earned(words, around),
        level: around.level.map(|level| level_words(words, level)),
        sections,
        trees: around.trees.iter().map(|tree| TreePart::new(&frame, tree)).collect(),
        told: around.told.iter().map(|told| ToldPart::new(&frame, told)).collect(),
        profiles: around.profiles.iter().map(|p| ProfilePart::new(&frame, p)).collect(),
        network: around
            .web
            .as_ref()
            .filter(|web| !web.links.is_empty())
            .map(|web| NetworkPart::new(&frame, web)),
        map: (!around.spots.is_empty()).then(|| Map::new(&frame, &around.spots)),
        cards: around.briefs.iter().map(|brief| Card::new(&frame, brief)).collect(),
        total: around.experiences.map_or_else(String::new, |(total, _)| {
            words.number(&total.to_string()).unwrap_or_default()
        }),
        all: around.experiences.filter(|(total, _)| *total > 0).map(|(_, parameter)| {
            let query = encoded(&[(parameter.to_owned(), iri.to_owned())]);
            format!("{}?{query}", frame.at("/esperienze"))
        }),
        links: links(&frame, &document, view),
        alike: alike(&frame, others),
        everywhere: (kind == "esperienza" && app.peers.any(Trust::Search)).then(|| {
            let query = encoded(&[("iri".to_owned(), iri.to_owned())]);
            format!("{}?{query}", frame.at("/federation/related"))
        }),
        everywhere_text: FederationWords::of(reader.language).likes_link,
        formats: formats(&app.base, description, &document),
        versions: versions(&frame, iri, &description.versions),
        statements: document.statements(&app.base, reader),
        cite: cite(words, view, description),
        mail: stated.mail(),
        frame: &frame,
    };
    html(&page, reader.language)
}

/// The statements about the record itself, those of every source together, in the reader's
/// language where the same is said in several.
pub struct Stated<'v> {
    properties: Vec<(&'v Property, Vec<Value>, bool)>,
}

impl<'v> Stated<'v> {
    fn of(view: &'v View, inferred: &str, tag: &str) -> Self {
        let mut properties: Vec<(&Property, Vec<Value>, bool)> = Vec::new();
        for part in &view.parts {
            let roots = part.nodes.iter().filter(|node| node.link.iri == view.link.iri);
            for property in roots.flat_map(|node| &node.properties) {
                let is_inferred = part.graph == inferred;
                match properties.iter_mut().find(|(known, ..)| known.link == property.link) {
                    Some((_, values, _)) => values.extend(property.values.iter().cloned()),
                    None => properties.push((property, property.values.clone(), is_inferred)),
                }
            }
        }
        for (_, values, _) in &mut properties {
            prefer(values, tag);
        }
        Self { properties }
    }

    /// The values of a property.
    pub fn values(&self, property: &str) -> &[Value] {
        let found = self.properties.iter().find(|(known, ..)| known.link.iri == property);
        found.map_or(&[], |(_, values, _)| values.as_slice())
    }

    /// The first text of a property.
    pub fn text(&self, property: &str) -> Option<&Label> {
        self.values(property).iter().find_map(|value| match value {
            Value::Literal { label, .. } => Some(label),
            _ => None,
        })
    }

    /// The resources of a property.
    pub fn links(&self, property: &str) -> Vec<&Link> {
        let links = self.values(property).iter().filter_map(|value| match value {
            Value::Link(link) => Some(link),
            Value::Node(node) => Some(&node.link),
            _ => None,
        });
        links.collect()
    }

    fn link(&self, property: &str) -> Option<&Link> {
        self.links(property).first().copied()
    }

    fn lead(&self) -> Option<Label> {
        let names = [dct::DESCRIPTION, skos::DEFINITION];
        names.iter().find_map(|name| self.text(name.as_str())).cloned()
    }

    /// The address of the office to ask.
    fn mail(&self) -> Option<String> {
        let contacts = self.values(fl::CONTACT_POINT.as_str()).iter();
        let nodes = contacts.filter_map(|value| match value {
            Value::Node(node) => Some(node),
            _ => None,
        });
        let values = nodes.flat_map(|node| &node.properties).flat_map(|p| &p.values);
        values.clone().find_map(|value| match value {
            Value::Link(link) if link.iri.starts_with("mailto:") => Some(link.iri.clone()),
            _ => None,
        })
    }
}

/// Leaves texts in other languages out where there are some in the reader's.
pub fn prefer(values: &mut Vec<Value>, tag: &str) {
    let speaks = |value: &Value| {
        matches!(value, Value::Literal { label, .. }
            if label.language.as_deref().is_some_and(|language| language.starts_with(tag)))
    };
    let is_tagged =
        |value: &Value| matches!(value, Value::Literal { label, .. } if label.language.is_some());
    if values.iter().any(speaks) {
        values.retain(|value| speaks(value) || !is_tagged(value));
    }
}

fn sections(frame: &Frame<'_>, kind: &str, stated: &Stated<'_>) -> Vec<Section> {
    let mut maker = Parts::new(frame);
    maker.is_plain = true;
    let mut taken: Vec<&str> = SHOWN.iter().map(|property| property.as_str()).collect();
    taken
        .extend([fl::EVIDENCE_LEVEL, fl::TRANSFER, fl::TRANSFERRED_FROM].map(NamedNodeRef::as_str));
    let mut sections = Vec::new();
    let mut make = |property: &Property, values: &[Value], inferred: bool| {
        maker.inferred = inferred;
        let property = Property { values: values.to_vec(), ..property.clone() };
        maker.property("", &property)
    };
    for group in groups(kind) {
        let mut properties = Vec::new();
        for name in group.properties {
            let found = stated.properties.iter().find(|(p, ..)| p.link.iri == name.as_str());
            if let Some((property, values, _)) = found {
                taken.push(name.as_str());
                properties.push(make(property, values, false));
            }
        }
        if group.id == "altro" {
            for (property, values, inferred) in &stated.properties {
                if !taken.contains(&property.link.iri.as_str()) && !inferred {
                    properties.push(make(property, values, false));
                }
            }
        }
        if !properties.is_empty() {
            let title = (group.title)(frame.words.record);
            sections.push(Section { id: group.id, title, properties });
        }
    }
    sections
}

fn level_words(words: &'static Words, level: Level) -> (&'static str, &'static str) {
    let own = words.record;
    match level {
        Level::Horizontal => (own.horizontal, own.horizontal_why),
        Level::Vertical => (own.vertical, own.vertical_why),
        Level::Unknown => (own.unknown_level, own.unknown_why),
    }
}

fn earned(words: &'static Words, around: &Around) -> Vec<(&'static str, bool)> {
    let own = words.record;
    let names = [own.has_indicator, own.has_reviewed, own.has_taken_over, own.has_lasted];
    around.earned.map_or_else(Vec::new, |facts| names.into_iter().zip(facts).collect())
}

/// Where it is told how the level was inferred, where it was.
fn evidence_why(frame: &Frame<'_>, iri: &str, stated: &Stated<'_>) -> Option<String> {
    let name = fl::EVIDENCE_LEVEL.as_str();
    let (_, _, inferred) = stated.properties.iter().find(|(p, ..)| p.link.iri == name)?;
    let level = NamedNode::new_unchecked(&stated.link(name)?.iri);
    let statement = Triple::new(NamedNode::new_unchecked(iri), fl::EVIDENCE_LEVEL, level);
    inferred.then(|| why(frame.base, &statement, frame.reader))
}

/// What refers to the record, by property, with the way to all of it.
fn links(
    frame: &Frame<'_>,
    document: &Document,
    view: &View,
) -> Vec<(&'static str, Vec<Anchor>, String)> {
    let is_told = |iri: &str| TOLD.iter().any(|property| property.as_str() == iri);
    let groups = view.inverse.iter().filter(|group| is_told(&group.property.iri));
    groups
        .map(|group| {
            let subjects = group.subjects.iter().map(|subject| frame.link(subject)).collect();
            let rest = match group.total > group.subjects.len() as u64 {
                true => document.statements(frame.base, frame.reader),
                false => String::new(),
            };
            let place = TOLD.iter().position(|p| p.as_str() == group.property.iri);
            let name = place.map_or("", |place| frame.words.record.told[place]);
            (name, subjects, rest)
        })
        .collect()
}

fn cite(words: &Words, view: &View, description: &Description) -> String {
    let version = description.versions.first();
    let date = version.and_then(|version| words.date(version.at.get(..10)?)).unwrap_or_default();
    let seq = version.map_or_else(String::new, |version| version.seq.to_string());
    let [open, close] = if words.tag == "it" { ['«', '»'] } else { ['“', '”'] };
    format!(
        "{open}{}{close}, FamilyLab, {} {seq}, {date}. {}",
        view.link.label.text,
        words.record.consulted,
        encode(&description.iri)
    )
}
