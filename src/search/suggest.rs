//! Completions while somebody types: concepts and places first, then actors, networks, titles.

use super::analysis::{fold, words};
use super::compile::any_value;
use super::error::SearchError;
use super::facet::Facet;
use super::index::Snapshot;
use super::service::Search;
use super::thing::{Tagged, best};
use std::collections::HashSet;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

/// No more completions are given.
pub const MOST: usize = 20;
/// How many ways a word that is not finished may end.
const ENDINGS: usize = 40;
/// How many words that begin so are looked at to find them.
const LOOKED_AT: usize = 3000;
/// How many records are read to pick the best.
const CANDIDATES: usize = 40;
/// The kinds that come first: few records, often meant.
const FIRST: [&str; 3] = ["tema", "destinatario", "territorio"];

/// One completion.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub text: String,
    pub kind: String,
    pub iri: String,
}

impl Search {
    /// What the text may be the beginning of. Blocking: a few milliseconds.
    pub fn suggest(
        &self,
        text: &str,
        limit: usize,
        language: &str,
    ) -> Result<Vec<Suggestion>, SearchError> {
        let snapshot = self.shelf.take()?;
        let mut list: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
        list.truncate(12);
        // Behind a space the last word is finished.
        let Some(last) = list.pop() else { return Ok(Vec::new()) };
        let done = text.ends_with(char::is_whitespace);
        let endings = if done { vec![last.clone()] } else { endings(&snapshot, &last)? };
        let matching = matching(&snapshot, &list, &endings);
        let kinds: Vec<String> = FIRST.iter().map(|kind| (*kind).to_owned()).collect();
        let kind_field = snapshot.fields.facets[Facet::Kind.place()];
        let first = BooleanQuery::new(vec![
            (Occur::Must, any_value(kind_field, &kinds)),
            (Occur::Must, matching.box_clone()),
        ]);
        let top = || TopDocs::with_limit(CANDIDATES).order_by_score();
        let mut found: Vec<DocAddress> = Vec::new();
        for query in [&first as &dyn Query, &*matching] {
            let hits = snapshot.searcher.search(query, &top())?;
            found.extend(hits.into_iter().map(|(_, address)| address));
        }
        let mut seen = HashSet::new();
        found.retain(|address| seen.insert(*address));
        self.ranked(&snapshot, &found, &fold(text.trim()), limit, language)
    }

    fn ranked(
        &self,
        snapshot: &Snapshot,
        found: &[DocAddress],
        typed: &str,
        limit: usize,
        language: &str,
    ) -> Result<Vec<Suggestion>, SearchError> {
        let mut ranked: Vec<(u8, u8, usize, Suggestion)> = Vec::new();
        for address in found {
            let (iri, shown) = snapshot.shown(*address)?;
            let all: Vec<Tagged> = shown.names.iter().chain(&shown.other_names).cloned().collect();
            let begins = |name: &Tagged| fold(&name.text).starts_with(typed);
            let own: Vec<Tagged> = all.iter().filter(|name| begins(name)).cloned().collect();
            // The name that begins so, in the reader's language; else what it is called.
            let text = best(&own, language).or_else(|| best(&shown.names, language));
            let Some(text) = text.map(str::to_owned) else { continue };
            let start = u8::from(own.is_empty());
            let place = FIRST.iter().position(|kind| *kind == shown.kind).unwrap_or(FIRST.len());
            let kind = u8::try_from(place).unwrap_or(u8::MAX);
            let length = text.chars().count();
            ranked.push((start, kind, length, Suggestion { text, kind: shown.kind, iri }));
        }
        ranked.sort_by(|a, b| (a.0, a.1, a.2, &a.3.text).cmp(&(b.0, b.1, b.2, &b.3.text)));
        let mut seen = HashSet::new();
        ranked.retain(|(.., suggestion)| seen.insert(fold(&suggestion.text)));
        Ok(ranked.into_iter().take(limit.min(MOST)).map(|(.., suggestion)| suggestion).collect())
    }
}

/// The commonest words of titles that begin so, the word itself among them.
fn endings(snapshot: &Snapshot, start: &str) -> Result<Vec<String>, SearchError> {
    let field = snapshot.fields.title;
    let mut found: std::collections::HashMap<String, u32> = std::collections::HashMap::new();
    for segment in snapshot.searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut stream = inverted.terms().range().ge(start).into_stream()?;
        let mut looked = 0;
        while looked < LOOKED_AT && stream.advance() {
            let Ok(word) = std::str::from_utf8(stream.key()) else { continue };
            if !word.starts_with(start) {
                break;
            }
            looked += 1;
            *found.entry(word.to_owned()).or_default() += stream.value().doc_freq;
        }
    }
    let mut endings: Vec<(String, u32)> = found.into_iter().collect();
    endings.sort_unstable_by(|a, b| (b.0 == start, b.1, &a.0).cmp(&(a.0 == start, a.1, &b.0)));
    Ok(endings.into_iter().take(ENDINGS).map(|(word, _)| word).collect())
}

/// Titles with all the finished words and one that begins as the last one does.
fn matching(snapshot: &Snapshot, list: &[String], endings: &[String]) -> Box<dyn Query> {
    let field = snapshot.fields.title;
    let term = |word: &String| -> Box<dyn Query> {
        let term = Term::from_field_text(field, word);
        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
    };
    let last: Box<dyn Query> = Box::new(BooleanQuery::union(endings.iter().map(term).collect()));
    if list.is_empty() {
        return last;
    }
    let mut clauses: Vec<(Occur, Box<dyn Query>)> =
        list.iter().map(|word| (Occur::Must, term(word))).collect();
    clauses.push((Occur::Must, last));
    Box::new(BooleanQuery::new(clauses))
}
