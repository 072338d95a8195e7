//! What a record is linked with, by name: labels, what stands above it, where it is.
//! Reads the graph and remembers; refuses to know what the names are for.

use super::error::SearchError;
use crate::vocab::{dct, fl, foaf, geo, skos};
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{Literal, NamedNodeRef, Term};
use oxigraph::store::Store;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The properties that name a thing, the best first.
pub const NAMES: [NamedNodeRef<'static>; 4] =
    [skos::PREF_LABEL, dct::TITLE, rdfs::LABEL, foaf::NAME];
/// Nothing stands above more than this many others.
const DEEPEST: usize = 8;
/// More things than this are forgotten and read again.
const MOST: usize = 400_000;

/// A text and its language, empty where none is given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tagged {
    pub language: String,
    pub text: String,
}

/// Something that records refer to.
#[derive(Debug, Clone, Default)]
pub struct Thing {
    pub names: Vec<Tagged>,
    pub other_names: Vec<Tagged>,
    pub classes: Vec<String>,
    /// The IRIs above it by `skos:broader`, the nearest first.
    pub above: Vec<String>,
    pub population: Option<u64>,
    /// Latitude and longitude.
    pub place: Option<(f64, f64)>,
    pub territories: Vec<String>,
    pub levels: Vec<String>,
}

impl Tagged {
    /// A literal that is a text; `None` for numbers, dates and the like.
    pub fn of(literal: &Literal) -> Option<Self> {
        let language = literal.language().unwrap_or_default();
        let is_text =
            !language.is_empty() || literal.datatype() == oxigraph::model::vocab::xsd::STRING;
        let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
        is_text.then(|| Self { language: primary, text: literal.value().to_owned() })
    }
}

impl Thing {
    /// Its name in a language, or in the node's other one, or in any.
    pub fn name(&self, language: &str) -> Option<&str> {
        best(&self.names, language)
    }
}

/// The text a reader of `language` understands best.
pub fn best<'t>(texts: &'t [Tagged], language: &str) -> Option<&'t str> {
    let rank = |text: &Tagged| match text.language.as_str() {
        tag if tag == language => 0,
        "" => 1,
        "it" | "en" => 2,
        _ => 3,
    };
    texts.iter().min_by_key(|text| (rank(text), &text.text)).map(|text| text.text.as_str())
}

/// The things of one graph, remembered once read.
pub struct Things {
    store: Store,
    known: RwLock<HashMap<String, Arc<Thing>>>,
}

impl Things {
    /// The things of a store.
    pub fn new(store: Store) -> Self {
        Self { store, known: RwLock::default() }
    }

    /// The store they are read from.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// A thing by its IRI; without names if the graph says nothing of it. Blocking.
    pub fn get(&self, iri: &str) -> Result<Arc<Thing>, SearchError> {
        // A lock's poison means a panic between two steps that each leave the map whole.
        if let Some(thing) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(iri) {
            return Ok(Arc::clone(thing));
        }
        let mut thing = self.read(iri)?;
        let mut next = self.above(iri)?;
        while let Some(above) = next.pop() {
            if above != iri && !thing.above.contains(&above) && thing.above.len() < DEEPEST {
                next.extend(self.above(&above)?);
                thing.above.push(above);
            }
        }
        let thing = Arc::new(thing);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(iri.to_owned(), Arc::clone(&thing));
        Ok(thing)
    }

    /// Forgets what changed: these things, and those that stand below them.
    pub fn forget(&self, changed: &[String]) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if changed.iter().any(|iri| known.contains_key(iri)) {
            known.retain(|iri, thing| {
                !changed.contains(iri) && !thing.above.iter().any(|above| changed.contains(above))
            });
        }
    }

    /// Forgets everything.
    pub fn forget_all(&self) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn read(&self, iri: &str) -> Result<Thing, SearchError> {
        let subject = NamedNodeRef::new_unchecked(iri);
        let mut thing = Thing::default();
        let mut names: Vec<Vec<Tagged>> = vec![Vec::new(); NAMES.len()];
        let (mut lat, mut long) = (None, None);
        for property in NAMES.into_iter().chain([
            skos::ALT_LABEL,
            rdf::TYPE,
            fl::POPULATION,
            geo::LAT,
            geo::LONG,
            fl::TERRITORY_OF,
            fl::GOVERNMENT_LEVEL,
        ]) {
            for quad in
                self.store.quads_for_pattern(Some(subject.into()), Some(property), None, None)
            {
                match quad?.object {
                    Term::Literal(literal) => {
                        if let Some(place) = NAMES.iter().position(|name| *name == property) {
                            names[place].extend(Tagged::of(&literal));
                        } else if property == skos::ALT_LABEL {
                            thing.other_names.extend(Tagged::of(&literal));
                        } else if property == fl::POPULATION {
                            thing.population = literal.value().parse().ok();
                        } else if property == geo::LAT {
                            lat = literal.value().parse().ok();
                        } else if property == geo::LONG {
                            long = literal.value().parse().ok();
                        }
                    }
                    Term::NamedNode(node) => {
                        let list = if property == rdf::TYPE {
                            &mut thing.classes
                        } else if property == fl::TERRITORY_OF {
                            &mut thing.territories
                        } else {
                            &mut thing.levels
                        };
                        list.push(node.into_string());
                    }
                    _ => {}
                }
            }
        }
        thing.names = names.into_iter().find(|names| !names.is_empty()).unwrap_or_default();
        for list in [&mut thing.names, &mut thing.other_names] {
            list.sort_unstable();
            list.dedup();
        }
        for list in [&mut thing.classes, &mut thing.territories, &mut thing.levels] {
            list.sort_unstable();
            list.dedup();
        }
        thing.place = lat.zip(long);
        Ok(thing)
    }

    fn above(&self, iri: &str) -> Result<Vec<String>, SearchError> {
        let subject = NamedNodeRef::new_unchecked(iri);
        let mut above = Vec::new();
        let links =
            self.store.quads_for_pattern(Some(subject.into()), Some(skos::BROADER), None, None);
        for quad in links {
            if let Term::NamedNode(node) = quad?.object {
                above.push(node.into_string());
            }
        }
        above.sort_unstable();
        above.dedup();
        Ok(above)
    }
}
