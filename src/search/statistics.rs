//! How common words are, as ranking sees it: places are left out, which are many and hold hardly a
//! word, and would make every other word look rare. How many documents have a word is remembered.

use super::facet::Facet;
use super::index::Snapshot;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

/// More terms than this are forgotten and counted again.
const MOST: usize = 50_000;

/// How many documents of one state of the index have a term, as far as somebody asked: each
/// question asks for dozens, in every segment.
#[derive(Debug, Default)]
pub struct Frequencies(Mutex<HashMap<Term, u64>>);

impl Frequencies {
    /// How many documents have a term.
    pub fn of(&self, searcher: &Searcher, term: &Term) -> tantivy::Result<u64> {
        // A lock's poison means a panic between two steps that each leave the map whole.
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = known().get(term) {
            return Ok(*count);
        }
        let count = searcher.doc_freq(term)?;
        let mut known = known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(term.clone(), count);
        Ok(count)
    }
}

/// The statistics of BM25 without the records of places.
pub struct Statistics<'s> {
    snapshot: &'s Snapshot,
    documents: u64,
}

impl<'s> Statistics<'s> {
    /// The statistics of one state of the index.
    pub fn of(snapshot: &'s Snapshot) -> tantivy::Result<Self> {
        let kind = snapshot.fields.facets[Facet::Kind.place()];
        let places = Term::from_field_text(kind, "territorio");
        let places = snapshot.frequencies.of(&snapshot.searcher, &places)?;
        let documents = snapshot.searcher.num_docs().saturating_sub(places).max(1);
        Ok(Self { snapshot, documents })
    }

    /// The inverse document frequency of BM25 for a word that so many documents have.
    pub fn rarity(&self, documents: u64) -> f32 {
        let (all, own) = (self.documents as f32, documents.clamp(1, self.documents) as f32);
        (1.0 + (all - own + 0.5) / (own + 0.5)).ln()
    }
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.snapshot.searcher.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        // A name such as San stands in more places than there are other documents.
        let own = self.snapshot.frequencies.of(&self.snapshot.searcher, term)?;
        Ok(own.min(self.documents))
    }
}
