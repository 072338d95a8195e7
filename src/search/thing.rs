//! What a record is linked with, by name: labels, what stands above it, where it is.
//! Reads the graph and remembers; refuses to know what the names are for.

use super::error::SearchError;
use crate::vocab::{dct, fl, foaf, geo, skos};
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{Literal, NamedNodeRef, Term};
use oxigraph::store::{StorageError, Store};
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
    pub classes: Vec<String>,
    /// The IRIs above it by `skos:broader`, the nearest first.
    pub above: Vec<String>,
}

/// Where something is.
#[derive(Debug, Clone, Default)]
pub struct Whereabouts {
    pub population: Option<u64>,
    /// Latitude and longitude.
    pub place: Option<(f64, f64)>,
    /// The territories it names, where it is no territory itself.
    pub territories: Vec<String>,
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

/// The things of one graph, remembered once read. Most are only asked for their names, so that
/// where they are is read and remembered apart.
pub struct Things {
    store: Store,
    known: RwLock<HashMap<String, Arc<Thing>>>,
    placed: RwLock<HashMap<String, Arc<Whereabouts>>>,
}

impl Things {
    /// The things of a store.
    pub fn new(store: Store) -> Self {
        Self { store, known: RwLock::default(), placed: RwLock::default() }
    }

    /// The store they are read from.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// A thing by its IRI; without names if the graph says nothing of it. Blocking.
    pub fn get(&self, iri: &str) -> Result<Arc<Thing>, SearchError> {
        remembered(&self.known, iri, || self.read(iri))
    }

    /// Where a thing is, as far as the graph says. Blocking.
    pub fn whereabouts(&self, iri: &str) -> Result<Arc<Whereabouts>, SearchError> {
        remembered(&self.placed, iri, || self.find(iri))
    }

    /// What else a thing is called, read from the graph each time. Blocking.
    pub fn other_names(&self, iri: &str) -> Result<Vec<Tagged>, SearchError> {
        self.texts(iri, skos::ALT_LABEL)
    }

    /// Forgets what changed: these things, and those that stand below them.
    pub fn forget(&self, changed: &[String]) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if changed.iter().any(|iri| known.contains_key(iri)) {
            known.retain(|iri, thing| {
                !changed.contains(iri) && !thing.above.iter().any(|above| changed.contains(above))
            });
        }
        let mut placed = self.placed.write().unwrap_or_else(PoisonError::into_inner);
        for iri in changed {
            placed.remove(iri);
        }
    }

    /// Forgets everything.
    pub fn forget_all(&self) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).clear();
        self.placed.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn read(&self, iri: &str) -> Result<Thing, SearchError> {
        let mut thing = Thing { classes: self.nodes(iri, rdf::TYPE)?, ..Thing::default() };
        for property in NAMES {
            thing.names = self.texts(iri, property)?;
            if !thing.names.is_empty() {
                break;
            }
        }
        let mut next = self.nodes(iri, skos::BROADER)?;
        while let Some(above) = next.pop() {
            if above != iri && !thing.above.contains(&above) && thing.above.len() < DEEPEST {
                next.extend(self.nodes(&above, skos::BROADER)?);
                thing.above.push(above);
            }
        }
        Ok(thing)
    }

    fn find(&self, iri: &str) -> Result<Whereabouts, SearchError> {
        let number = |property| -> Result<Option<f64>, SearchError> {
            let mut number = None;
            for object in self.objects(iri, property) {
                if let Term::Literal(literal) = object? {
                    number = literal.value().parse().ok().or(number);
                }
            }
            Ok(number)
        };
        Ok(Whereabouts {
            population: number(fl::POPULATION)?.map(|people| people as u64),
            place: number(geo::LAT)?.zip(number(geo::LONG)?),
            territories: self.nodes(iri, fl::TERRITORY_OF)?,
        })
    }

    fn texts(&self, iri: &str, property: NamedNodeRef<'_>) -> Result<Vec<Tagged>, SearchError> {
        let mut texts = Vec::new();
        for object in self.objects(iri, property) {
            if let Term::Literal(literal) = object? {
                texts.extend(Tagged::of(&literal));
            }
        }
        texts.sort_unstable();
        texts.dedup();
        Ok(texts)
    }

    fn nodes(&self, iri: &str, property: NamedNodeRef<'_>) -> Result<Vec<String>, SearchError> {
        let mut nodes = Vec::new();
        for object in self.objects(iri, property) {
            if let Term::NamedNode(node) = object? {
                nodes.push(node.into_string());
            }
        }
        nodes.sort_unstable();
        nodes.dedup();
        Ok(nodes)
    }

    fn objects(
        &self,
        iri: &str,
        property: NamedNodeRef<'_>,
    ) -> impl Iterator<Item = Result<Term, StorageError>> + use<> {
        let subject = NamedNodeRef::new_unchecked(iri);
        let quads = self.store.quads_for_pattern(Some(subject.into()), Some(property), None, None);
        quads.map(|quad| Ok(quad?.object))
    }
}

/// What is known of a thing, or else what `read` says of it, which is then known.
fn remembered<T>(
    known: &RwLock<HashMap<String, Arc<T>>>,
    iri: &str,
    read: impl FnOnce() -> Result<T, SearchError>,
) -> Result<Arc<T>, SearchError> {
    // A lock's poison means a panic between two steps that each leave the map whole.
    if let Some(thing) = known.read().unwrap_or_else(PoisonError::into_inner).get(iri) {
        return Ok(Arc::clone(thing));
    }
    let thing = Arc::new(read()?);
    let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(iri.to_owned(), Arc::clone(&thing));
    Ok(thing)
}
