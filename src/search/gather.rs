//! From the statements of a record to its document: texts with their weights, facets, numbers,
//! and the names of what it is linked with. Refuses to know where the statements were read.

use super::document::{Document, Piece, Role};
use super::error::SearchError;
use super::facet::Facet;
use super::thing::{NAMES, Tagged, Things};
use crate::iri::{Base, KINDS, record_of, record_of_subject};
use crate::vocab::{dcat, dct, fl, geo, skos};
use jiff::civil::Date;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use std::collections::BTreeSet;

/// The kind of records that are none of the node's own.
const OTHER: &str = "altro";
/// No document tells the names of more than this many linked records.
const MOST_LINKS: usize = 200;
/// Properties whose values are codes by which a record is looked for.
const CODES: [NamedNodeRef<'static>; 7] = [
    dct::IDENTIFIER,
    fl::ISTAT_CODE,
    fl::CADASTRAL_CODE,
    fl::NUTS_CODE,
    fl::IPA_CODE,
    fl::TAX_CODE,
    skos::NOTATION,
];
/// Classes and the kinds of their records.
const CLASSES: [(NamedNodeRef<'static>, &str); 14] = [
    (fl::EXPERIENCE, "esperienza"),
    (fl::ACTOR, "attore"),
    (fl::NETWORK, "rete"),
    (fl::TERRITORY, "territorio"),
    (fl::SELF_ASSESSMENT, "valutazione"),
    (fl::IMPLEMENTATION_MODEL, "modello"),
    (fl::IMPLEMENTATION_PATH, "percorso"),
    (fl::COMPETENCE_CLASS, "competenza"),
    (fl::KNOWLEDGE_RESOURCE, "risorsa"),
    (fl::NEWS, "notizia"),
    (fl::EVENT, "evento"),
    (fl::COLLECTION, "raccolta"),
    (skos::CONCEPT, "tema"),
    (dcat::DATASET_CLASS, "dataset"),
];

/// How many times the words of a property's value count; 1 where it is not listed.
fn weight(property: NamedNodeRef<'_>) -> u8 {
    match property {
        p if NAMES.contains(&p) => 6,
        p if p == skos::ALT_LABEL => 5,
        p if p == dct::DESCRIPTION || p == fl::OBJECTIVE || p == skos::DEFINITION => 2,
        _ => 1,
    }
}

/// How many times the words in the name of a linked record count.
fn link_weight(property: NamedNodeRef<'_>) -> u8 {
    match property {
        p if p == dct::SUBJECT || p == fl::TERRITORY_OF => 3,
        p if p == fl::TARGET_GROUP || p == fl::LEAD_ACTOR || p == fl::NETWORK_OF => 2,
        _ => 1,
    }
}

/// Makes documents for one node.
pub struct Gatherer<'t> {
    pub things: &'t Things,
    pub base: &'t Base,
}

impl Gatherer<'_> {
    /// The document of a record from all that is stated and inferred of it; `None` for records
    /// that have no text by which anybody could find them, and for what is this node's own as well.
    pub fn document(&self, iri: &str, quads: &[Quad]) -> Result<Option<Document>, SearchError> {
        if self.things.own_copy(self.base, iri)?.is_some() {
            return Ok(None);
        }
        let mut draft = Draft {
            gatherer: self,
            document: Document::default(),
            seen: BTreeSet::new(),
            spots: Vec::new(),
        };
        draft.document.iri = iri.to_owned();
        draft.document.kind = self.kind(iri, quads);
        let mut quads: Vec<&Quad> = quads.iter().collect();
        quads.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        for quad in quads {
            draft.take(quad)?;
        }
        draft.finish()
    }

    /// The kind of a record: as its IRI says, or else its class.
    fn kind(&self, iri: &str, quads: &[Quad]) -> String {
        let path = iri.strip_prefix(&self.base.id()).and_then(|rest| rest.split('/').next());
        if let Some(kind) = path.filter(|kind| KINDS.contains(kind)) {
            return kind.to_owned();
        }
        let is_own = |quad: &&Quad| {
            quad.predicate == rdf::TYPE && record_of_subject(quad.subject.as_ref()) == iri
        };
        let classes: Vec<&Term> = quads.iter().filter(is_own).map(|quad| &quad.object).collect();
        let known = CLASSES.iter().find(|(class, _)| {
            classes.iter().any(|found| matches!(found, Term::NamedNode(node) if node == class))
        });
        known.map_or(OTHER, |(_, kind)| kind).to_owned()
    }
}

/// A document being made.
struct Draft<'g, 't> {
    gatherer: &'g Gatherer<'t>,
    document: Document,
    seen: BTreeSet<(String, Tagged)>,
    /// Where the record says it is.
    spots: Vec<Spot>,
}

/// A territory of a record: municipalities come before what is larger.
struct Spot {
    is_larger: bool,
    iri: String,
    population: Option<u64>,
    place: Option<(f64, f64)>,
}

/// By what the statements of a record are put in order.
fn key(quad: &Quad) -> (&str, &str, &str, &str) {
    let subject = match &quad.subject {
        NamedOrBlankNode::NamedNode(node) => node.as_str(),
        NamedOrBlankNode::BlankNode(node) => node.as_str(),
    };
    let (object, language) = match &quad.object {
        Term::NamedNode(node) => (node.as_str(), ""),
        Term::Literal(literal) => (literal.value(), literal.language().unwrap_or_default()),
        _ => ("", ""),
    };
    (subject, quad.predicate.as_str(), object, language)
}

impl Draft<'_, '_> {
    fn take(&mut self, quad: &Quad) -> Result<(), SearchError> {
        if let GraphName::NamedNode(graph) = &quad.graph_name
            && let Some(source) = self.gatherer.base.source_of(graph.as_str())
            && source != "inferred"
        {
            self.facet(Facet::Source, source.to_owned());
        }
        let own = matches!(&quad.subject, NamedOrBlankNode::NamedNode(node)
            if node.as_str() == self.document.iri);
        match &quad.object {
            Term::Literal(literal) => self.literal(quad.predicate.as_ref(), literal, own),
            Term::NamedNode(node) => self.link(quad.predicate.as_ref(), node, own)?,
            _ => {}
        }
        Ok(())
    }

    fn literal(&mut self, property: NamedNodeRef<'_>, literal: &Literal, own: bool) {
        let value = literal.value();
        if CODES.contains(&property) && own {
            self.document.codes.push(value.to_owned());
        } else if own && property == fl::BUDGET {
            self.document.budget = value.parse().ok().or(self.document.budget);
        } else if own && property == fl::POPULATION {
            self.document.population = value.parse().ok().or(self.document.population);
        } else if own && property == geo::LAT {
            let long = self.document.place.map_or(f64::NAN, |place| place.1);
            self.document.place = value.parse().ok().map(|lat| (lat, long));
        } else if own && property == geo::LONG {
            let lat = self.document.place.map_or(f64::NAN, |place| place.0);
            self.document.place = value.parse().ok().map(|long| (lat, long));
        } else if own && property == fl::DEMONSTRATION {
            self.document.demonstration = value == "true";
        } else if own && [fl::START_DATE, fl::END_DATE, fl::FOUNDED_ON].contains(&property) {
            self.years(value);
        } else if own && [dct::MODIFIED, dct::ISSUED, dct::DATE].contains(&property) {
            let date = seconds(value);
            self.document.date = self.document.date.max(date);
        } else if let Some(tagged) = Tagged::of(literal)
            && !tagged.text.trim().is_empty()
            && self.seen.insert((property.as_str().to_owned(), tagged.clone()))
        {
            let role = match property {
                p if own && NAMES.contains(&p) => Role::Name,
                p if own && p == skos::ALT_LABEL => Role::OtherName,
                _ => Role::Body,
            };
            let weight = if own { weight(property) } else { 1 };
            self.document.pieces.push(Piece { tagged, weight, role });
        }
    }

    fn years(&mut self, date: &str) {
        let Some(year) = date.get(..4).and_then(|year| year.parse().ok()) else { return };
        let (first, last) = self.document.years.unwrap_or((year, year));
        self.document.years = Some((first.min(year), last.max(year)));
    }

    fn link(
        &mut self,
        property: NamedNodeRef<'_>,
        node: &NamedNode,
        own: bool,
    ) -> Result<(), SearchError> {
        let iri = node.as_str();
        if record_of(iri) == self.document.iri {
            return Ok(());
        }
        if property == rdf::TYPE {
            let is_body = self.document.kind == "attore" && own && node != &fl::ACTOR;
            if is_body && iri.starts_with(fl::NAMESPACE) {
                self.facet(Facet::ActorType, iri.to_owned());
            }
            return Ok(());
        }
        if [dct::LICENSE, dct::LANGUAGE, skos::EXACT_MATCH].contains(&property) {
            return Ok(());
        }
        let things = self.gatherer.things;
        // Whoever looks for a place or a theme of this node finds what other nodes say of theirs.
        let copy = things.own_copy(self.gatherer.base, iri)?;
        let iri = copy.as_deref().unwrap_or(iri);
        let facet = match property {
            p if p == fl::TERRITORY_OF && own => Some(Facet::Territory),
            p if p == dct::SUBJECT && own => Some(Facet::Theme),
            p if p == fl::TARGET_GROUP && own => Some(Facet::Target),
            p if p == fl::GOVERNMENT_LEVEL && own => Some(Facet::Level),
            p if p == fl::PHASE && own => Some(Facet::Phase),
            p if p == fl::EVIDENCE_LEVEL && own => Some(Facet::Evidence),
            p if p == fl::NETWORK_OF && own => Some(Facet::Network),
            p if p == fl::FUNDING_SOURCE && own => Some(Facet::Funding),
            p if own && (p == fl::LEAD_ACTOR || p == fl::PARTNER || p == fl::MEMBER) => {
                Some(Facet::Actor)
            }
            _ => None,
        };
        if let Some(facet) = facet {
            self.facet(facet, iri.to_owned());
            if facet.is_tree() {
                for above in things.above(iri)?.iter() {
                    self.facet(facet, above.clone());
                }
            }
        }
        if property == fl::LEAD_ACTOR && own {
            for class in things.classes(iri)?.iter().filter(|class| *class != fl::ACTOR.as_str()) {
                if class.starts_with(fl::NAMESPACE) {
                    self.facet(Facet::ActorType, class.clone());
                }
            }
        }
        if facet == Some(Facet::Territory) {
            let is_larger =
                !things.classes(iri)?.iter().any(|class| class == fl::MUNICIPALITY.as_str());
            let spot = things.whereabouts(iri)?;
            let (population, place) = (spot.population, spot.place);
            self.spots.push(Spot { is_larger, iri: iri.to_owned(), population, place });
        }
        if self.document.links.len() < MOST_LINKS
            && self.document.links.iter().all(|link| link != iri)
        {
            self.document.links.push(iri.to_owned());
            self.document.links.extend(copy.is_some().then(|| node.as_str().to_owned()));
            self.names(&things.names(iri)?, link_weight(property));
            if facet == Some(Facet::Territory) {
                for above in things.above(iri)?.iter() {
                    self.names(&things.names(above)?, 1);
                }
            }
        }
        Ok(())
    }

    fn names(&mut self, names: &[Tagged], weight: u8) {
        for tagged in names {
            if self.seen.insert((String::new(), tagged.clone())) {
                let piece = Piece { tagged: tagged.clone(), weight, role: Role::Link };
                self.document.pieces.push(piece);
            }
        }
    }

    fn facet(&mut self, facet: Facet, value: String) {
        self.document.facets.push((facet, value));
    }

    /// Puts everything in one order, so that the same statements make the same document.
    fn finish(mut self) -> Result<Option<Document>, SearchError> {
        let things = self.gatherer.things;
        if self.document.pieces.iter().all(|piece| piece.role == Role::Link) {
            return Ok(None);
        }
        let kind = self.document.kind.clone();
        self.facet(Facet::Kind, kind);
        if self.document.kind == "territorio" {
            let iri = self.document.iri.clone();
            // By value only: as words, the names of regions would seem too common to tell anything.
            for above in things.above(&iri)?.iter() {
                self.facet(Facet::Territory, above.clone());
            }
            self.facet(Facet::Territory, iri);
        }
        if let Some(slug) = self.document.iri.rsplit(['/', '#']).next() {
            self.document.codes.push(slug.to_owned());
        }
        self.spots.sort_by(|a, b| (a.is_larger, &a.iri).cmp(&(b.is_larger, &b.iri)));
        let document = &mut self.document;
        if let Some(spot) = self.spots.first() {
            document.population = spot.population;
            document.place = spot.place;
        }
        if document.place.is_some_and(|(lat, long)| lat.is_nan() || long.is_nan()) {
            document.place = None;
        }
        if let Some(band) = document.budget.and_then(|budget| Facet::Cost.band(budget)) {
            document.facets.push((Facet::Cost, band));
        }
        if let Some(people) = document.population {
            document.facets.extend(
                Facet::Population.band(people as f64).map(|band| (Facet::Population, band)),
            );
        }
        if let Some((first, last)) = document.years {
            for year in (first..=last.min(first + 100)).step_by(1) {
                document.facets.push((Facet::Period, Facet::period(year)));
            }
        }
        let languages: BTreeSet<String> = document
            .pieces
            .iter()
            .filter(|piece| piece.role == Role::Name || piece.role == Role::Body)
            .map(|piece| piece.tagged.language.clone())
            .filter(|language| !language.is_empty())
            .collect();
        document.facets.extend(languages.into_iter().map(|tag| (Facet::Language, tag)));
        document.facets.sort_unstable();
        document.facets.dedup();
        document.codes.sort_unstable();
        document.codes.dedup();
        document.links.sort_unstable();
        document.pieces.sort_by(|a, b| {
            (a.role, std::cmp::Reverse(a.weight), &a.tagged).cmp(&(
                b.role,
                std::cmp::Reverse(b.weight),
                &b.tagged,
            ))
        });
        Ok(Some(self.document))
    }
}

/// Seconds since 1970 of an `xsd:date` or `xsd:dateTime`.
fn seconds(value: &str) -> Option<i64> {
    if let Ok(moment) = value.parse::<jiff::Timestamp>() {
        return Some(moment.as_second());
    }
    let date: Date = value.get(..10)?.parse().ok()?;
    let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_second())
}
