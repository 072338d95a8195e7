//! A record as the fifteen elements of Dublin Core, every text with its language. Dublin Core Metadata
//! Element Set 1.1. Knows which properties an element stands for, nothing of requests.

use super::item::Item;
use super::names::Names;
use super::set::single;
use super::xml::Xml;
use crate::iri::{Base, spelled};
use crate::vocab::harvest::{DUBLIN_CORE, OAI_DC, OAI_DC_SCHEMA, SCHEMA_INSTANCE};
use crate::vocab::{LANGUAGES, dct, dcterms, fl, foaf, skos};
use oxigraph::model::{Literal, NamedNodeRef, Term};
use std::collections::BTreeSet;

/// The element that holds the others.
const ROOT: &str = "oai_dc:dc";
/// The elements whose values are things with names, and the properties that lead to these.
const NAMED: [(&str, &[NamedNodeRef<'static>]); 4] = [
    ("dc:creator", &[dcterms::CREATOR, fl::LEAD_ACTOR, fl::COORDINATOR]),
    ("dc:contributor", &[fl::PARTNER]),
    ("dc:subject", &[dct::SUBJECT]),
    ("dc:coverage", &[fl::TERRITORY_OF]),
];
/// The elements whose values are told as they stand.
const PLAIN: [(&str, &[NamedNodeRef<'static>]); 6] = [
    ("dc:title", &[dct::TITLE, skos::PREF_LABEL, foaf::NAME]),
    ("dc:description", &[dct::DESCRIPTION, skos::DEFINITION]),
    ("dc:date", &[dct::ISSUED, dct::DATE, dct::MODIFIED]),
    ("dc:identifier", &[dct::IDENTIFIER]),
    ("dc:source", &[dct::SOURCE]),
    (
        "dc:relation",
        &[fl::NETWORK_OF, fl::TRANSFERRED_FROM, fl::ASSESSES, foaf::PAGE, foaf::HOMEPAGE],
    ),
];

/// The records whose names are needed to write an item.
pub fn named(base: &Base, item: &Item) -> BTreeSet<String> {
    let properties = NAMED.iter().flat_map(|(_, properties)| *properties);
    let things = properties.flat_map(|property| item.values(*property));
    let iris = things.filter_map(|thing| match thing {
        Term::NamedNode(node) => Some(node.as_str().to_owned()),
        _ => None,
    });
    iris.chain(item.sources.iter().map(|source| base.record("attore", source))).collect()
}

/// Writes an item that is there. `licence` is that of records which name none.
pub fn write(xml: &mut Xml, base: &Base, item: &Item, names: &Names, licence: &str) {
    open(xml);
    if named_by(item).next().is_none() {
        xml.leaf("dc:title", &[], &spelled(&item.slug));
    }
    xml.leaf("dc:identifier", &[], &item.identifier);
    for (element, properties) in PLAIN {
        for value in properties.iter().flat_map(|property| item.values(*property)) {
            term(xml, element, value);
        }
    }
    for (element, properties) in NAMED {
        for value in properties.iter().flat_map(|property| item.values(*property)) {
            match value {
                Term::NamedNode(node) if !names.of(node.as_str()).is_empty() => {
                    names.of(node.as_str()).iter().for_each(|name| literal(xml, element, name));
                }
                other => term(xml, element, other),
            }
        }
    }
    period(xml, item);
    publishers(xml, base, item, names);
    for (word, language) in single(&item.kind).into_iter().flatten().zip(["it", "en"]) {
        xml.leaf("dc:type", &[("xml:lang", language)], word);
    }
    for language in languages(item) {
        xml.leaf("dc:language", &[], &language);
    }
    let mut licences = item.values(dct::LICENSE).peekable();
    if licences.peek().is_none() {
        xml.leaf("dc:rights", &[], licence);
    }
    licences.for_each(|licence| term(xml, "dc:rights", licence));
    xml.close(ROOT);
}

/// Writes what is said of something that is no record, as texts with their languages.
pub fn describe(xml: &mut Xml, texts: &[(&str, &str)]) {
    open(xml);
    for (language, text) in texts {
        xml.leaf("dc:description", &[("xml:lang", language)], text);
    }
    xml.close(ROOT);
}

fn open(xml: &mut Xml) {
    let schema = format!("{OAI_DC} {OAI_DC_SCHEMA}");
    xml.open(
        ROOT,
        &[
            ("xmlns:oai_dc", OAI_DC),
            ("xmlns:dc", DUBLIN_CORE),
            ("xmlns:xsi", SCHEMA_INSTANCE),
            ("xsi:schemaLocation", &schema),
        ],
    );
}

/// The names of an item.
pub fn named_by(item: &Item) -> impl Iterator<Item = &Literal> {
    texts(item, PLAIN[0].1)
}

/// The texts that say what an item is.
pub fn described_by(item: &Item) -> impl Iterator<Item = &Literal> {
    texts(item, PLAIN[1].1)
}

fn texts<'i>(
    item: &'i Item,
    properties: &'static [NamedNodeRef<'static>],
) -> impl Iterator<Item = &'i Literal> {
    let values = properties.iter().flat_map(|property| item.values(*property));
    values.filter_map(|value| match value {
        Term::Literal(text) => Some(text),
        _ => None,
    })
}

/// From when to when, as an interval of ISO 8601 with an open end where none is told.
fn period(xml: &mut Xml, item: &Item) {
    let date = |property| {
        item.values(property).find_map(|value| match value {
            Term::Literal(date) => Some(date.value().to_owned()),
            _ => None,
        })
    };
    if let Some(start) = date(fl::START_DATE) {
        let end = date(fl::END_DATE).unwrap_or_else(|| "..".to_owned());
        xml.leaf("dc:coverage", &[], &format!("{start}/{end}"));
    }
}

/// The sources, by the names of their own records where they have them.
fn publishers(xml: &mut Xml, base: &Base, item: &Item, names: &Names) {
    for source in &item.sources {
        let known = names.of(&base.record("attore", source));
        if known.is_empty() {
            let name = super::set::Set::Source(source.clone()).name();
            xml.leaf("dc:publisher", &[("xml:lang", "it")], &name);
        }
        known.iter().for_each(|name| literal(xml, "dc:publisher", name));
    }
}

/// The languages that the item names, as their codes of three letters, else those of its texts.
fn languages(item: &Item) -> BTreeSet<String> {
    let named = item.values(dct::LANGUAGE).map(|language| match language {
        Term::NamedNode(node) => match node.as_str().strip_prefix(LANGUAGES) {
            Some(code) => code.to_lowercase(),
            None => node.as_str().to_owned(),
        },
        Term::Literal(text) => text.value().to_owned(),
        other => other.to_string(),
    });
    let named: BTreeSet<String> = named.collect();
    if !named.is_empty() {
        return named;
    }
    let texts = named_by(item).chain(described_by(item));
    texts.filter_map(|text| text.language().map(str::to_owned)).collect()
}

fn term(xml: &mut Xml, element: &str, term: &Term) {
    match term {
        Term::NamedNode(node) => xml.leaf(element, &[], node.as_str()),
        Term::Literal(text) => literal(xml, element, text),
        other => xml.leaf(element, &[], &other.to_string()),
    }
}

fn literal(xml: &mut Xml, element: &str, text: &Literal) {
    match text.language() {
        Some(language) => xml.leaf(element, &[("xml:lang", language)], text.value()),
        None => xml.leaf(element, &[], text.value()),
    }
}
