//! From what was typed to what Tantivy is asked: words by their stems in both languages, concepts
//! by all their names, facets by what their values are called.

use super::analysis::words;
use super::error::SearchError;
use super::facet::Facet;
use super::formula::Formula;
use super::index::Snapshot;
use super::statistics::Statistics;
use super::thesaurus::Thesaurus;
use super::typed::{Clause, Item, Span, Typed};
use crate::config::SearchWeights;
use std::ops::Bound;
use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, InvertedIndexRangeQuery, Occur,
    PhraseQuery, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

type Boxed = Box<dyn Query>;
/// So many things may be called alike.
const NAMESAKES: usize = 50;

/// A query made ready.
pub struct Compiled {
    pub formula: Formula,
    /// Words to mark in snippets, folded.
    pub marked: Vec<String>,
    /// Words that were replaced because no record has them, and by what.
    pub corrected: Vec<(String, String)>,
    /// The concepts that words named, by their numbers in the thesaurus.
    pub concepts: Vec<usize>,
    /// The kinds of records that words named.
    pub kinds: Vec<&'static str>,
    /// Field values that nothing is called by.
    pub unknown_values: Vec<String>,
}

/// How a query is made.
pub struct Compiler<'s> {
    pub snapshot: &'s Snapshot,
    pub thesaurus: &'s Thesaurus,
    pub statistics: &'s Statistics<'s>,
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
            formula: Formula::other(Box::new(AllQuery)),
            marked: Vec::new(),
            corrected: Vec::new(),
            concepts: Vec::new(),
            kinds: Vec::new(),
            unknown_values: Vec::new(),
        };
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        for group in &typed.groups {
            let mut either = Vec::new();
            for Item { negative, clause } in group {
                let formula = self.clause(clause, *negative, &mut compiled)?;
                if *negative { &mut unwanted } else { &mut either }.push(formula);
            }
            if !either.is_empty() {
                wanted.push(Formula::any(either));
            }
        }
        if !wanted.is_empty() {
            compiled.formula = Formula::all(wanted);
        }
        if !unwanted.is_empty() {
            let mut clauses: Vec<(Occur, Boxed)> = vec![(Occur::Must, Box::new(compiled.formula))];
            let without = |formula| -> (Occur, Boxed) { (Occur::MustNot, Box::new(formula)) };
            clauses.extend(unwanted.into_iter().map(without));
            compiled.formula = Formula::other(Box::new(BooleanQuery::new(clauses)));
        }
        Ok(compiled)
    }

    fn clause(
        &self,
        clause: &Clause,
        negative: bool,
        compiled: &mut Compiled,
    ) -> Result<Formula, SearchError> {
        let fields = &self.snapshot.fields;
        let query: Boxed = match clause {
            Clause::Words(text) if negative => return Ok(self.any_form(text)),
            Clause::Words(text) => return self.words(text, compiled),
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
                return Ok(Formula::any_value(fields.facets[facet.place()], &values));
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
        };
        Ok(Formula::other(query))
    }

    /// What must not be there: any form of all the words.
    fn any_form(&self, text: &str) -> Formula {
        Formula::all(words(text).into_iter().map(|word| self.word(&word.text)).collect())
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

pub(super) fn term(field: Field, text: &str) -> Boxed {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

/// Words one after the other.
fn phrase(field: Field, text: &str) -> Boxed {
    let list: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
    slop(field, &list, 0)
}

pub(super) fn slop(field: Field, list: &[String], slop: u32) -> Boxed {
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
