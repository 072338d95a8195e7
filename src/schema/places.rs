//! The territory that ships inside the program, from its tables to quads.
//! Refuses to know where the quads go.

use super::shipped::{ShippedError, canonical_match, data_file};
use crate::iri::Base;
use crate::vocab::{self, dct, fl, geo, skos};
use oxigraph::model::{Literal, NamedNode, Quad, Term, vocab::rdf, vocab::xsd};

/// Regions, provinces, municipalities and what became of former ones, in the graph `territory`.
pub fn territory(base: &Base) -> Result<Vec<Quad>, ShippedError> {
    let mut quads = Vec::new();
    // Codes of regions have two digits, of provinces three, of municipalities six.
    let mut known = Codes::new();
    for (file, class, parent) in [
        ("territory/regions.csv", fl::REGION, None),
        ("territory/provinces.csv", fl::PROVINCE, Some("region")),
        ("territory/municipalities.csv", fl::MUNICIPALITY, Some("province")),
        ("territory/former.csv", fl::FORMER_MUNICIPALITY, Some("province")),
    ] {
        let wrong = |source| ShippedError::Table { file: file.to_owned(), source };
        let text = data_file(file)?;
        let mut table = csv::Reader::from_reader(text.as_bytes());
        let headings = table.headers().map_err(wrong)?.clone();
        for row in table.records() {
            let row = row.map_err(wrong)?;
            let cell = |name: &str| {
                let place = headings.iter().position(|heading| heading == name)?;
                row.get(place).filter(|value| !value.is_empty())
            };
            let subject = NamedNode::new_unchecked(
                base.record("territorio", cell("slug").unwrap_or_default()),
            );
            let broader = parent.and_then(|name| known.get(cell(name)?));
            let after = cell("successors").unwrap_or_default().split(';');
            for successor in after.filter_map(|code| known.get(code)) {
                let graph = base.graph("territory");
                for (old, link, new) in [
                    (&subject, dct::IS_REPLACED_BY, successor),
                    (successor, dct::REPLACES, &subject),
                ] {
                    quads.push(Quad::new(old.clone(), link, new.clone(), graph.clone()));
                }
            }
            place_quads(base, subject.clone(), class.into_owned(), broader, &cell, &mut quads);
            if let (Some(code), false) = (cell("istat"), class == fl::FORMER_MUNICIPALITY) {
                known.insert(code.to_owned(), subject);
            }
        }
    }
    Ok(quads)
}

type Codes = std::collections::HashMap<String, NamedNode>;

/// One row of a territory table as quads.
fn place_quads<'r>(
    base: &Base,
    subject: NamedNode,
    class: NamedNode,
    broader: Option<&NamedNode>,
    cell: &impl Fn(&str) -> Option<&'r str>,
    quads: &mut Vec<Quad>,
) {
    let graph = base.graph("territory");
    let mut add = |predicate: NamedNode, object: Term| {
        quads.push(Quad::new(subject.clone(), predicate, object, graph.clone()));
    };
    let tagged = |value: &str, tag: &str| -> Term {
        Literal::new_language_tagged_literal_unchecked(value, tag).into()
    };
    let typed = |value: &str, datatype: oxigraph::model::NamedNodeRef<'_>| -> Term {
        Literal::new_typed_literal(value, datatype).into()
    };
    let plain = |value: &str| -> Term { Literal::new_simple_literal(value).into() };
    add(rdf::TYPE.into(), fl::TERRITORY.into_owned().into());
    add(rdf::TYPE.into(), class.into());
    if let Some(broader) = broader {
        add(skos::BROADER.into(), broader.clone().into());
    }
    for (name, tag) in [("name_it", "it"), ("name_en", "en")] {
        if let Some(value) = cell(name) {
            add(skos::PREF_LABEL.into(), tagged(value, tag));
        }
    }
    if let Some((tag, value)) = cell("name_other").and_then(|value| value.split_once(':')) {
        add(skos::PREF_LABEL.into(), tagged(value, tag));
    }
    for (name, predicate) in [("istat", fl::ISTAT_CODE), ("cadastral", fl::CADASTRAL_CODE)] {
        if let Some(value) = cell(name) {
            add(predicate.into(), plain(value));
        }
    }
    for code in cell("nuts").iter().flat_map(|value| value.split(';')) {
        add(fl::NUTS_CODE.into(), plain(code));
    }
    if let Some(code) = cell("sigla") {
        add(skos::NOTATION.into(), plain(code));
    }
    for (name, predicate, datatype) in [
        ("population", fl::POPULATION, xsd::INTEGER),
        ("lat", geo::LAT, xsd::DECIMAL),
        ("long", geo::LONG, xsd::DECIMAL),
        ("valid_from", fl::VALID_FROM, xsd::DATE),
        ("valid_until", fl::VALID_UNTIL, xsd::DATE),
    ] {
        if let Some(value) = cell(name) {
            add(predicate.into(), typed(value, datatype));
        }
    }
    if let Some(national) = cell("national") {
        add(skos::EXACT_MATCH.into(), NamedNode::new_unchecked(national).into());
    }
    add(dct::LICENSE.into(), NamedNode::new_unchecked(vocab::LICENCE_CC_BY).into());
    quads.extend(canonical_match(base, &subject, &graph));
}
