//! How common words are, as ranking sees it: places are left out, which are many and hold hardly a
//! word, and would make every other word look rare.

use super::facet::Facet;
use super::index::Snapshot;
use tantivy::Term;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;

/// The statistics of BM25 without the records of places.
pub struct Statistics<'s> {
    snapshot: &'s Snapshot,
    documents: u64,
}

impl<'s> Statistics<'s> {
    /// The statistics of one state of the index.
    pub fn of(snapshot: &'s Snapshot) -> tantivy::Result<Self> {
        let kind = snapshot.fields.facets[Facet::Kind.place()];
        let places = snapshot.searcher.doc_freq(&Term::from_field_text(kind, "territorio"))?;
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
        Ok(self.snapshot.searcher.doc_freq(term)?.min(self.documents))
    }
}
