//! What likeness starts from: one record's document, or a place and a need in somebody's words.

use super::document::{Document, Role};
use super::error::SearchError;
use super::facet::Facet;
use super::follow::{document, stated};
use super::gather::Gatherer;
use super::index::Snapshot;
use super::service::Search;
use crate::vocab::{dct, fl, owl, skos};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So many words of a text are looked for in others.
const WORDS: usize = 20;
/// A word of fewer documents is probably a mistake or a name.
const RAREST: u64 = 2;

/// What others are compared with.
#[derive(Debug, Default)]
pub struct Seed {
    /// The record itself, if it is one; never among its own likes.
    pub iri: Option<String>,
    pub kind: String,
    /// Italian stems and how much each tells.
    pub stems: Vec<(String, f32)>,
    /// The values of each facet.
    pub facets: BTreeMap<Facet, BTreeSet<String>>,
    pub population: Option<u64>,
    pub place: Option<(f64, f64)>,
    /// Records that were taken over from it, or it from them.
    pub transfers: BTreeSet<String>,
    /// The same thing in another language or version: never shown.
    pub same: BTreeSet<String>,
}

impl Search {
    /// The document of a record as it is now.
    pub(super) async fn seed(&self, iri: &str) -> Result<Seed, SearchError> {
        let quads = stated(&self.dataset, iri).await?;
        let (search, iri) = (self.clone(), iri.to_owned());
        tokio::task::spawn_blocking(move || {
            let snapshot = search.shelf.take()?;
            let gatherer = Gatherer { things: &search.things, base: &search.base };
            let document = document(&gatherer, &iri, quads)?;
            let document = document.ok_or_else(|| SearchError::Unknown(iri.clone()))?;
            search.seed_of(&snapshot, document)
        })
        .await?
    }

    fn seed_of(&self, snapshot: &Snapshot, document: Document) -> Result<Seed, SearchError> {
        let mut seed = Seed {
            kind: document.kind.clone(),
            stems: telling(snapshot, &document)?,
            population: document.population,
            place: document.place,
            transfers: self.linked(
                &document.iri,
                &[fl::TRANSFERRED_FROM, fl::TRANSFERRED_TO, fl::DERIVED_FROM, fl::INSPIRED],
            )?,
            same: self.same(&document.iri)?,
            ..Seed::default()
        };
        for (facet, value) in document.facets {
            seed.facets.entry(facet).or_default().insert(value);
        }
        seed.iri = Some(document.iri);
        Ok(seed)
    }

    /// What is said to be the very same.
    pub(super) fn same_as(&self, iri: &str) -> Result<BTreeSet<String>, SearchError> {
        self.linked(iri, &[owl::SAME_AS])
    }

    /// The same thing in another language or version, or on another node.
    pub(super) fn same(&self, iri: &str) -> Result<BTreeSet<String>, SearchError> {
        self.linked(
            iri,
            &[
                owl::SAME_AS,
                skos::EXACT_MATCH,
                dct::IS_VERSION_OF,
                dct::HAS_VERSION,
                dct::REPLACES,
                dct::IS_REPLACED_BY,
            ],
        )
    }

    /// The records at the other end of some links, in either direction.
    fn linked(
        &self,
        iri: &str,
        properties: &[NamedNodeRef<'_>],
    ) -> Result<BTreeSet<String>, SearchError> {
        let store = self.things.store();
        let node = NamedNode::new_unchecked(iri);
        let mut linked = BTreeSet::new();
        for property in properties {
            let subject = NamedOrBlankNode::from(node.clone());
            let from = store.quads_for_pattern(Some(subject.as_ref()), Some(*property), None, None);
            for quad in from {
                if let Term::NamedNode(object) = quad?.object {
                    linked.insert(object.into_string());
                }
            }
            let object = Term::from(node.clone());
            let to = store.quads_for_pattern(None, Some(*property), Some(object.as_ref()), None);
            for quad in to {
                if let NamedOrBlankNode::NamedNode(subject) = quad?.subject {
                    linked.insert(subject.into_string());
                }
            }
        }
        linked.remove(iri);
        Ok(linked)
    }
}

impl Seed {
    /// The values of a facet.
    pub fn values(&self, facet: Facet) -> impl Iterator<Item = &String> {
        self.facets.get(&facet).into_iter().flatten()
    }
}

/// The stems that tell most about a document: frequent in it, rare elsewhere.
fn telling(snapshot: &Snapshot, document: &Document) -> Result<Vec<(String, f32)>, SearchError> {
    let pieces = document.pieces.iter().filter(|piece| piece.role != Role::Link);
    let texts = pieces
        .filter(|piece| piece.tagged.language != "en")
        .map(|piece| (piece.tagged.text.as_str(), f32::from(piece.weight)));
    stems(snapshot, texts)
}

/// Stems weighed by how often they occur here and how seldom elsewhere.
pub(super) fn stems<'t>(
    snapshot: &Snapshot,
    texts: impl Iterator<Item = (&'t str, f32)>,
) -> Result<Vec<(String, f32)>, SearchError> {
    let mut analyzer = super::analysis::analyzer(super::analysis::IT);
    let mut frequencies: HashMap<String, f32> = HashMap::new();
    for (text, weight) in texts {
        for stem in super::analysis::terms(&mut analyzer, text) {
            *frequencies.entry(stem).or_default() += weight;
        }
    }
    let all = snapshot.searcher.num_docs() as f32;
    let mut stems = Vec::new();
    for (stem, frequency) in frequencies {
        if stem.chars().count() < 3 || stem.chars().all(|c| c.is_ascii_digit()) {
            continue;
        }
        let elsewhere = super::spelling::frequency(snapshot, snapshot.fields.it, &stem)?;
        if elsewhere >= RAREST {
            let rarity = (all / elsewhere as f32).ln().max(0.0);
            stems.push((stem, (1.0 + frequency.ln()) * rarity));
        }
    }
    stems.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    stems.truncate(WORDS);
    Ok(stems)
}
