//! From what was typed to what Tantivy is asked: words by their stems in both languages, concepts
//! by all their names, facets by what their values are called.

use super::analysis::{EN, IT, analyzer, is_stop_word, terms, words};
use super::error::SearchError;
use super::facet::Facet;
use super::index::Snapshot;
use super::spelling::{correct, frequency};
use super::thesaurus::{Named, Thesaurus};
use super::typed::{Clause, Item, Span, Typed};
use crate::config::SearchWeights;
use std::ops::Bound;
use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery,
    InvertedIndexRangeQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

type Boxed = Box<dyn Query>;
/// No more words of a query are looked at.
const MOST_WORDS: usize = 64;
/// So many things may be called alike.
const NAMESAKES: usize = 50;

/// A query made ready.
pub struct Compiled {
    pub query: Boxed,
    /// Words to mark in snippets, folded.
    pub marked: Vec<String>,
    /// Words that were replaced because no record has them, and by what.
    pub corrected: Vec<(String, String)>,
    /// The IRIs of the concepts that words named.
    pub concepts: Vec<String>,
    /// Field values that nothing is called by.
    pub unknown_values: Vec<String>,
}

/// How a query is made.
pub struct Compiler<'s> {
    pub snapshot: &'s Snapshot,
    pub thesaurus: &'s Thesaurus,
    pub weights: &'s SearchWeights,
    /// `it` or `en`: whose stems count more.
    pub language: &'s str,
    /// Whether one word that matches is enough.
    pub loose: bool,
}

impl Compiler<'_> {
    /// Makes one query of everything typed.
    pub fn compile(&self, typed: &Typed) -> Result<Compiled, SearchError> {
        let mut compiled = Compiled {
            query: Box::new(AllQuery),
            marked: Vec::new(),
            corrected: Vec::new(),
            concepts: Vec::new(),
            unknown_values: Vec::new(),
        };
        let mut clauses: Vec<(Occur, Boxed)> = Vec::new();
        for group in &typed.groups {
            let mut either = Vec::new();
            for Item { negative, clause } in group {
                let query = self.clause(clause, *negative, &mut compiled)?;
                if *negative {
                    clauses.push((Occur::MustNot, query));
                } else {
                    either.push(query);
                }
            }
            match either.len() {
                0 => {}
                1 => clauses.extend(either.pop().map(|query| (Occur::Must, query))),
                _ => clauses.push((Occur::Must, Box::new(BooleanQuery::union(either)))),
            }
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        compiled.query = match clauses.len() {
            1 => clauses.swap_remove(0).1,
            _ => Box::new(BooleanQuery::new(clauses)),
        };
        Ok(compiled)
    }

    fn clause(
        &self,
        clause: &Clause,
        negative: bool,
        compiled: &mut Compiled,
    ) -> Result<Boxed, SearchError> {
        let fields = &self.snapshot.fields;
        Ok(match clause {
            Clause::Words(text) if negative => self.any_form(text),
            Clause::Words(text) => self.words(text, compiled)?,
            Clause::Phrase(text) => {
                if !negative {
                    compiled.marked.extend(words(text).into_iter().map(|word| word.text));
                }
                phrase(fields.plain, text)
            }
            Clause::Title(text) => {
                let each = words(text).into_iter().map(|word| term(fields.title, &word.text));
                Box::new(BooleanQuery::intersection(each.collect()))
            }
            Clause::Prefix(start) => {
                let start = super::analysis::fold(start);
                if !negative {
                    compiled.marked.push(format!("{start}*"));
                }
                Box::new(ConstScoreQuery::new(Box::new(prefix(fields.plain, &start)), 1.0))
            }
            Clause::Facet(facet, value) => {
                let values = self.called(*facet, value)?;
                if values.is_empty() {
                    compiled.unknown_values.push(value.clone());
                }
                any_value(fields.facets[facet.place()], &values)
            }
            Clause::Iri(iri) => {
                let exact = [term(fields.iri, iri), term(fields.links, iri)];
                Box::new(BooleanQuery::union(exact.into()))
            }
            Clause::Year(span) => {
                range(*span, |number| Term::from_field_i64(fields.year, number as i64))
            }
            Clause::Budget(span) => {
                range(*span, |number| Term::from_field_f64(fields.budget, number))
            }
            Clause::Population(span) => range(*span, |number| {
                Term::from_field_u64(fields.population, number.max(0.0) as u64)
            }),
        })
    }

    /// Words in any order: concepts they name count by all their names; most of the words must
    /// be there, all where they are few.
    fn words(&self, text: &str, compiled: &mut Compiled) -> Result<Boxed, SearchError> {
        let mut list: Vec<String> =
            words(text).into_iter().take(MOST_WORDS).map(|word| word.text).collect();
        if list.is_empty() {
            return Ok(Box::new(AllQuery));
        }
        self.mend(&mut list, compiled)?;
        let named = self.thesaurus.named(&list);
        let only_stop_words = list.iter().all(|word| is_stop_word(word));
        let mut parts: Vec<Boxed> = Vec::new();
        let mut place = 0;
        while place < list.len() {
            if let Some(name) = named.iter().find(|name| name.from == place) {
                parts.push(self.concept(name, &list, compiled));
                place = name.to;
                continue;
            }
            let word = &list[place];
            if only_stop_words || !is_stop_word(word) {
                parts.push(self.word(word));
            }
            place += 1;
        }
        compiled
            .marked
            .extend(list.iter().filter(|word| only_stop_words || !is_stop_word(word)).cloned());
        let least = if self.loose { 1 } else { least(parts.len()) };
        let matching: Boxed = match parts.len() {
            1 => parts.swap_remove(0),
            _ => Box::new(BooleanQuery::union_with_minimum_required_clauses(parts, least)),
        };
        Ok(self.with_nearness(matching, &list))
    }

    /// Records that have the words side by side, or in their titles, come first.
    fn with_nearness(&self, matching: Boxed, list: &[String]) -> Boxed {
        let fields = &self.snapshot.fields;
        let mut clauses: Vec<(Occur, Boxed)> = vec![(Occur::Must, matching)];
        let mut add = |query: Boxed, boost: f32| {
            clauses.push((Occur::Should, Box::new(BoostQuery::new(query, boost))));
        };
        if list.len() > 1 && list.len() <= 8 {
            add(slop(fields.plain, list, 2), self.weights.nearness);
            add(slop(fields.title, list, 3), self.weights.nearness * 2.0);
        }
        let code = list.join("-");
        add(term(fields.code, &code), self.weights.code);
        Box::new(BooleanQuery::new(clauses))
    }

    /// One word by its stems and as it is.
    fn word(&self, word: &str) -> Boxed {
        let fields = &self.snapshot.fields;
        let (own, other) = (1.0, self.weights.other_language);
        let (italian, english) = if self.language == "en" { (other, own) } else { (own, other) };
        let mut forms: Vec<Boxed> = Vec::new();
        for (field, name, weight) in [(fields.it, IT, italian), (fields.en, EN, english)] {
            // A stop word of one language may be a word of the other.
            for stem in terms(&mut analyzer(name), word) {
                forms.push(Box::new(BoostQuery::new(frequent(field, &stem), weight)));
            }
        }
        forms.push(Box::new(BoostQuery::new(frequent(fields.plain, word), self.weights.exact)));
        forms.push(Box::new(BoostQuery::new(frequent(fields.title, word), self.weights.title)));
        forms.push(Box::new(BoostQuery::new(term(fields.code, word), self.weights.code)));
        Box::new(DisjunctionMaxQuery::with_tie_breaker(forms, 0.3))
    }

    /// Words that name concepts: the words themselves, or records that have the concept, or its
    /// other names, or, for less, what is near it.
    fn concept(&self, name: &Named, list: &[String], compiled: &mut Compiled) -> Boxed {
        let weights = self.weights;
        let own: Vec<Boxed> = list[name.from..name.to]
            .iter()
            .filter(|word| name.to - name.from == 1 || !is_stop_word(word))
            .map(|word| self.word(word))
            .collect();
        let mut ways: Vec<Boxed> = vec![Box::new(BooleanQuery::intersection(own))];
        let mut seen = Vec::new();
        for number in &name.concepts {
            let concept = &self.thesaurus.concepts[*number];
            compiled.concepts.push(concept.iri.clone());
            ways.push(self.having(*number, weights.concept));
            for label in &concept.labels {
                self.label(&label.text, &label.language, weights.synonym, &mut ways, &mut seen);
            }
            for near in &concept.narrower {
                for label in &self.thesaurus.concepts[*near].labels {
                    self.label(
                        &label.text,
                        &label.language,
                        weights.narrower,
                        &mut ways,
                        &mut seen,
                    );
                }
            }
            for near in &concept.related {
                ways.push(self.having(*near, weights.related_concept));
            }
        }
        Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.15))
    }

    /// Records whose facet has a concept; what is below it counts, as the facet holds it too.
    fn having(&self, number: usize, weight: f32) -> Boxed {
        let concept = &self.thesaurus.concepts[number];
        let field = self.snapshot.fields.facets[concept.facet.place()];
        Box::new(BoostQuery::new(term(field, &concept.iri), weight))
    }

    /// Another name: all its words, by their stems.
    fn label(
        &self,
        text: &str,
        language: &str,
        weight: f32,
        ways: &mut Vec<Boxed>,
        seen: &mut Vec<Vec<String>>,
    ) {
        let fields = &self.snapshot.fields;
        let (field, name) = if language == "en" { (fields.en, EN) } else { (fields.it, IT) };
        let stems = terms(&mut analyzer(name), text);
        if stems.is_empty() || seen.contains(&stems) {
            return;
        }
        let all =
            BooleanQuery::intersection(stems.iter().map(|stem| frequent(field, stem)).collect());
        // Each word would add its score: a name of three words is no better than one of one.
        let weight = weight / stems.len() as f32;
        ways.push(Box::new(BoostQuery::new(Box::new(all), weight)));
        seen.push(stems);
    }

    /// Replaces words that no record has by the nearest one that some record has.
    fn mend(&self, list: &mut [String], compiled: &mut Compiled) -> Result<(), SearchError> {
        let fields = &self.snapshot.fields;
        for word in list.iter_mut() {
            let mut known = is_stop_word(word) || frequency(self.snapshot, fields.plain, word)? > 0;
            known = known || frequency(self.snapshot, fields.code, word)? > 0;
            for (field, name) in [(fields.it, IT), (fields.en, EN)] {
                for stem in terms(&mut analyzer(name), word) {
                    known = known || frequency(self.snapshot, field, &stem)? > 0;
                }
            }
            known = known || !self.thesaurus.named(std::slice::from_ref(word)).is_empty();
            if !known && let Some(better) = correct(self.snapshot, word)? {
                compiled.corrected.push((word.clone(), better.clone()));
                *word = better;
            }
        }
        Ok(())
    }

    /// What must not be there: any form of all the words.
    fn any_form(&self, text: &str) -> Boxed {
        let each = words(text).into_iter().map(|word| self.word(&word.text)).collect();
        Box::new(BooleanQuery::intersection(each))
    }

    /// The values of a facet that are called so.
    fn called(&self, facet: Facet, text: &str) -> Result<Vec<String>, SearchError> {
        let dictionary = &self.snapshot.dictionary;
        if dictionary.number(facet, text).is_some() {
            return Ok(vec![text.to_owned()]);
        }
        let mut values: Vec<String> = self
            .thesaurus
            .called(text)
            .into_iter()
            .map(|number| &self.thesaurus.concepts[number])
            .filter(|concept| concept.facet == facet)
            .map(|concept| concept.iri.clone())
            .collect();
        let kinds: &[&str] = match facet {
            Facet::Territory => &["territorio"],
            Facet::Actor => &["attore"],
            Facet::Network => &["rete"],
            _ => &[],
        };
        if values.is_empty() && !kinds.is_empty() {
            values = self.namesakes(kinds, text)?;
        }
        let folded = super::analysis::fold(text);
        if values.is_empty() {
            values.extend(dictionary.number(facet, &folded).map(|_| folded));
        }
        Ok(values)
    }

    /// The records of some kinds whose name is exactly this; else whose name holds it.
    fn namesakes(&self, kinds: &[&str], text: &str) -> Result<Vec<String>, SearchError> {
        let fields = &self.snapshot.fields;
        let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let query = BooleanQuery::new(vec![
            (Occur::Must, phrase(fields.title, text)),
            (Occur::Must, any_value(fields.facets[Facet::Kind.place()], &kinds)),
        ]);
        let top = TopDocs::with_limit(NAMESAKES).order_by_score();
        let (mut exact, mut others) = (Vec::new(), Vec::new());
        for (_, address) in self.snapshot.searcher.search(&query, &top)? {
            let (iri, shown) = self.snapshot.shown(address)?;
            let wanted = super::analysis::fold(text);
            let named = shown.names.iter().chain(&shown.other_names);
            let is_exact =
                named.into_iter().any(|name| super::analysis::fold(&name.text) == wanted);
            if is_exact { &mut exact } else { &mut others }.push(iri);
        }
        Ok(if exact.is_empty() { others } else { exact })
    }
}

/// How many of some words must match.
fn least(words: usize) -> usize {
    match words {
        0..=2 => words,
        3 => 2,
        4..=5 => words - 2,
        _ => words.div_ceil(3),
    }
}

fn term(field: Field, text: &str) -> Boxed {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

fn frequent(field: Field, text: &str) -> Boxed {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

/// Words one after the other.
fn phrase(field: Field, text: &str) -> Boxed {
    let list: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
    slop(field, &list, 0)
}

fn slop(field: Field, list: &[String], slop: u32) -> Boxed {
    let terms: Vec<Term> = list.iter().map(|word| Term::from_field_text(field, word)).collect();
    match terms.len() {
        0 => Box::new(EmptyQuery),
        1 => Box::new(TermQuery::new(terms[0].clone(), IndexRecordOption::WithFreqs)),
        _ => {
            let mut query = PhraseQuery::new(terms);
            query.set_slop(slop);
            Box::new(query)
        }
    }
}

/// Words that begin so.
pub fn prefix(field: Field, start: &str) -> InvertedIndexRangeQuery {
    let mut after = start.to_owned();
    after.push(char::MAX);
    InvertedIndexRangeQuery::new(
        Bound::Included(Term::from_field_text(field, start)),
        Bound::Excluded(Term::from_field_text(field, &after)),
    )
}

/// Records that have any of these values.
pub fn any_value(field: Field, values: &[String]) -> Boxed {
    let terms = values.iter().map(|value| Term::from_field_text(field, value));
    Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), 0.0))
}

/// Records whose number is within a span.
pub fn range(span: Span, term: impl Fn(f64) -> Term) -> Boxed {
    let bound = |number: Option<f64>| {
        number.map_or(Bound::Unbounded, |number| Bound::Included(term(number)))
    };
    match (bound(span.from), bound(span.to)) {
        (Bound::Unbounded, Bound::Unbounded) => Box::new(AllQuery),
        (from, to) => Box::new(ConstScoreQuery::new(Box::new(RangeQuery::new(from, to)), 0.0)),
    }
}
