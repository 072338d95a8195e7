//! Which documents some changes concern: the records themselves, those that show their names or
//! stand below them, and those of which the rules may now infer something else.

use super::error::SearchError;
use super::thing::NAMES;
use crate::iri::record_of;
use crate::store::{Step, Triples};
use crate::vocab::{dct, fl, geo, skos};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use oxigraph::store::Store;
use std::collections::BTreeSet;

/// What other documents take over from a record.
const TAKEN_OVER: [NamedNodeRef<'static>; 8] = [
    skos::ALT_LABEL,
    skos::BROADER,
    rdf::TYPE,
    fl::POPULATION,
    fl::TERRITORY_OF,
    fl::GOVERNMENT_LEVEL,
    geo::LAT,
    geo::LONG,
];
/// Links along which nothing is inferred: their other ends are many and need no second look.
const STILL: [NamedNodeRef<'static>; 7] = [
    rdf::TYPE,
    dct::SUBJECT,
    dct::LICENSE,
    dct::LANGUAGE,
    fl::TARGET_GROUP,
    fl::TERRITORY_OF,
    skos::IN_SCHEME,
];

/// What is to be indexed again.
#[derive(Debug, Default)]
pub struct Affected {
    /// Records whose documents are made again.
    pub records: BTreeSet<String>,
    /// Things that are read again.
    pub things: BTreeSet<String>,
}

impl Affected {
    /// Adds what one step concerns.
    pub fn add(&mut self, step: &Step, store: &Store) -> Result<(), SearchError> {
        let record = step.key.record.as_str();
        if record.is_empty() || record.starts_with("_:") {
            return Ok(());
        }
        self.records.insert(record.to_owned());
        self.things.insert(record.to_owned());
        let none = Triples::default();
        let (before, after) =
            (step.before.as_ref().unwrap_or(&none), step.after.as_ref().unwrap_or(&none));
        let mut passes_on = false;
        for lines in [before.minus(after), after.minus(before)] {
            for quad in lines.quads(&step.key.graph) {
                let quad = quad?;
                let property = quad.predicate.as_ref();
                passes_on |= NAMES.contains(&property) || TAKEN_OVER.contains(&property);
                if let Term::NamedNode(object) = &quad.object
                    && !STILL.contains(&property)
                {
                    self.records.insert(record_of(object.as_str()).to_owned());
                }
            }
        }
        // An assessment counts for what it assesses, whichever of the two states the link.
        let assesses = record.contains("/valutazione/");
        if passes_on || assesses {
            self.below(record, store)?;
        }
        Ok(())
    }

    /// The records that refer to one, and to what stands below it.
    fn below(&mut self, record: &str, store: &Store) -> Result<(), SearchError> {
        let mut next = vec![record.to_owned()];
        let mut seen = BTreeSet::new();
        while let Some(iri) = next.pop() {
            if !seen.insert(iri.clone()) {
                continue;
            }
            let object = Term::from(NamedNode::new_unchecked(iri));
            for quad in store.quads_for_pattern(None, None, Some(object.as_ref()), None) {
                let quad = quad?;
                if let NamedOrBlankNode::NamedNode(subject) = quad.subject {
                    let referring = record_of(subject.as_str()).to_owned();
                    if quad.predicate == skos::BROADER {
                        self.things.insert(referring.clone());
                        next.push(referring.clone());
                    }
                    self.records.insert(referring);
                }
            }
        }
        Ok(())
    }
}
