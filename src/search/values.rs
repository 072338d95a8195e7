//! Values as people and addresses write them: whole IRIs, `tema/affido-e-adozione`, `municipal`,
//! ISTAT codes.

use super::error::SearchError;
use super::facet::Facet;
use super::index::Snapshot;
use super::service::Search;
use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, TermQuery};
use tantivy::schema::IndexRecordOption;

impl Search {
    /// The value of a facet that a text stands for; the text itself where it stands for none.
    pub fn value(&self, facet: Facet, text: &str) -> Result<String, SearchError> {
        let snapshot = self.shelf.take()?;
        let known = |value: &str| snapshot.dictionary.number(facet, value).is_some();
        if known(text) {
            return Ok(text.to_owned());
        }
        let below = format!("{}{text}", self.base.id());
        if known(&below) {
            return Ok(below);
        }
        if let Some(value) = snapshot.dictionary.ending(facet, text) {
            return Ok(value);
        }
        if facet == Facet::Territory
            && let Some(iri) = self.coded(&snapshot, text)?
        {
            return Ok(iri);
        }
        Ok(text.to_owned())
    }

    /// The territory a text stands for: an IRI, a slug, an ISTAT or cadastral code, a name.
    pub fn territory(&self, text: &str) -> Result<Option<String>, SearchError> {
        let snapshot = self.shelf.take()?;
        let value = self.value(Facet::Territory, text)?;
        if snapshot.dictionary.number(Facet::Territory, &value).is_some() {
            return Ok(Some(value));
        }
        let name = super::analysis::words(text).into_iter().map(|word| word.text);
        let slug = self.base.record("territorio", &name.collect::<Vec<_>>().join("-"));
        Ok(snapshot.dictionary.number(Facet::Territory, &slug).map(|_| slug))
    }

    /// Where a territory is, as latitude and longitude.
    pub fn place(&self, iri: &str) -> Result<Option<(f64, f64)>, SearchError> {
        Ok(self.things.whereabouts(iri)?.place)
    }

    /// The territory with a code.
    fn coded(&self, snapshot: &Snapshot, code: &str) -> Result<Option<String>, SearchError> {
        let fields = &snapshot.fields;
        let term = |field, text: &str| -> Box<dyn tantivy::query::Query> {
            let term = Term::from_field_text(field, text);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        };
        let query = BooleanQuery::intersection(vec![
            term(fields.code, &super::analysis::fold(code)),
            term(fields.facets[Facet::Kind.place()], "territorio"),
        ]);
        let hits = snapshot.searcher.search(&query, &TopDocs::with_limit(1).order_by_score())?;
        hits.first().map(|(_, address)| Ok(snapshot.shown(*address)?.0)).transpose()
    }
}
