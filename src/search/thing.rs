//! What a record is linked with, by name: labels, what stands above it, where it is.
//! Reads the graph and remembers; refuses to know what the names are for.

use super::error::SearchError;
use crate::iri::Base;
use crate::vocab::{CANONICAL_ID, dct, fl, foaf, geo, skos};
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

/// What records refer to, in one graph: names, classes, what stands above, where it is. Each is
/// read when it is first asked for, since most things are only asked for their names, and is
/// remembered. What the graph says nothing of has none of them. All of this may block.
pub struct Things {
    store: Store,
    names: Remembered<Vec<Tagged>>,
    classes: Remembered<Vec<String>>,
    above: Remembered<Vec<String>>,
    places: Remembered<Whereabouts>,
    copies: Remembered<Option<String>>,
}

impl Things {
    /// The things of a store.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            names: Remembered::default(),
            classes: Remembered::default(),
            above: Remembered::default(),
            places: Remembered::default(),
            copies: Remembered::default(),
        }
    }

    /// The store they are read from.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What a thing is called, by the best of the properties that name it.
    pub fn names(&self, iri: &str) -> Result<Arc<Vec<Tagged>>, SearchError> {
        self.names.get(iri, || {
            for property in NAMES {
                let names = self.texts(iri, property)?;
                if !names.is_empty() {
                    return Ok(names);
                }
            }
            Ok(Vec::new())
        })
    }

    /// The classes a thing is of.
    pub fn classes(&self, iri: &str) -> Result<Arc<Vec<String>>, SearchError> {
        self.classes.get(iri, || self.nodes(iri, rdf::TYPE))
    }

    /// The things above one by `skos:broader`, the nearest first.
    pub fn above(&self, iri: &str) -> Result<Arc<Vec<String>>, SearchError> {
        self.above.get(iri, || {
            let mut all: Vec<String> = Vec::new();
            let mut next = self.nodes(iri, skos::BROADER)?;
            while let Some(above) = next.pop() {
                if above != iri && !all.contains(&above) && all.len() < DEEPEST {
                    next.extend(self.nodes(&above, skos::BROADER)?);
                    all.push(above);
                }
            }
            Ok(all)
        })
    }

    /// Where a thing is.
    pub fn whereabouts(&self, iri: &str) -> Result<Arc<Whereabouts>, SearchError> {
        self.places.get(iri, || self.find(iri))
    }

    /// This node's own copy of a shared place, theme or target group of another node, which tells by
    /// `skos:exactMatch` which of the project's it is. What is this node's own has none.
    pub fn own_copy(&self, base: &Base, iri: &str) -> Result<Arc<Option<String>>, SearchError> {
        let id = base.id();
        if iri.starts_with(&id) || !iri.contains("/id/") {
            return Ok(Arc::default());
        }
        self.copies.get(iri, || {
            for shared in self.nodes(iri, skos::EXACT_MATCH)? {
                let Some(rest) = shared.strip_prefix(CANONICAL_ID) else { continue };
                let own = format!("{id}{rest}");
                if self.nodes(&own, skos::EXACT_MATCH)?.contains(&shared) {
                    return Ok(Some(own));
                }
            }
            Ok(None)
        })
    }

    /// What else a thing is called, read from the graph each time.
    pub fn other_names(&self, iri: &str) -> Result<Vec<Tagged>, SearchError> {
        self.texts(iri, skos::ALT_LABEL)
    }

    /// Forgets what changed: these things, and what stands above those below them.
    pub fn forget(&self, changed: &[String]) {
        self.names.forget(|iri, _| changed.contains(iri));
        self.classes.forget(|iri, _| changed.contains(iri));
        self.places.forget(|iri, _| changed.contains(iri));
        self.copies.forget(|iri, own| {
            changed.contains(iri) || own.as_ref().is_some_and(|own| changed.contains(own))
        });
        self.above.forget(|iri, above| {
            changed.contains(iri) || above.iter().any(|above| changed.contains(above))
        });
    }

    /// Forgets everything.
    pub fn forget_all(&self) {
        self.names.forget(|_, _| true);
        self.classes.forget(|_, _| true);
        self.places.forget(|_, _| true);
        self.copies.forget(|_, _| true);
        self.above.forget(|_, _| true);
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

/// Something known of things, by their IRIs.
struct Remembered<T>(RwLock<HashMap<String, Arc<T>>>);

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> Remembered<T> {
    /// What is known of a thing, or else what `read` says of it, which is then known.
    fn get(
        &self,
        iri: &str,
        read: impl FnOnce() -> Result<T, SearchError>,
    ) -> Result<Arc<T>, SearchError> {
        // A lock's poison means a panic between two steps that each leave the map whole.
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(iri) {
            return Ok(Arc::clone(known));
        }
        let new = Arc::new(read()?);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(iri.to_owned(), Arc::clone(&new));
        Ok(new)
    }

    fn forget(&self, which: impl Fn(&String, &T) -> bool) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|iri, value| !which(iri, value));
    }
}
