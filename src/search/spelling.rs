//! Words that nobody wrote and the ones that were probably meant.

use super::error::SearchError;
use super::index::Snapshot;
use std::collections::HashMap;
use tantivy::Term;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;

/// No longer word is looked at.
const LONGEST: usize = 40;
/// A word this short is not corrected: everything is near it.
const SHORTEST: usize = 4;

/// How many documents have a word.
pub fn frequency(snapshot: &Snapshot, field: Field, word: &str) -> Result<u64, SearchError> {
    Ok(snapshot.frequencies.of(&snapshot.searcher, &Term::from_field_text(field, word))?)
}

/// The known word nearest to one that is not known, the commoner among equals.
pub fn correct(snapshot: &Snapshot, word: &str) -> Result<Option<String>, SearchError> {
    let length = word.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) || word.chars().any(|c| c.is_ascii_digit()) {
        return Ok(None);
    }
    let distance = if length < 8 { 1 } else { 2 };
    let near = near(snapshot, word, distance)?;
    let best = near.into_iter().max_by(|(a, a_count), (b, b_count)| {
        let rank = |near: &str, count: u64| likeness(word, near) + (count as f64).ln() * 0.05;
        rank(a, *a_count).total_cmp(&rank(b, *b_count)).then_with(|| b.cmp(a))
    });
    Ok(best.map(|(near, _)| near))
}

/// Known words within some edits, with the number of documents that have each.
fn near(
    snapshot: &Snapshot,
    word: &str,
    distance: u8,
) -> Result<HashMap<String, u64>, SearchError> {
    let field = snapshot.fields.plain;
    let query = FuzzyTermQuery::new(Term::from_field_text(field, word), distance, true);
    let mut found: HashMap<String, u64> = HashMap::new();
    for segment in snapshot.searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let automaton = query.automaton()?;
        let mut stream = inverted.terms().search(&automaton).into_stream()?;
        while stream.advance() {
            let text = String::from_utf8_lossy(stream.key()).into_owned();
            *found.entry(text).or_default() += u64::from(stream.value().doc_freq);
        }
    }
    found.remove(word);
    Ok(found)
}

/// How alike two words are, from 0 to 1; people seldom mistake the first letter.
fn likeness(word: &str, near: &str) -> f64 {
    let same_start = word.chars().next() == near.chars().next();
    strsim::normalized_damerau_levenshtein(word, near) + if same_start { 0.1 } else { 0.0 }
}
