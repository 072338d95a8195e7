//! The search itself: from a question to results, facets and advice.
//! Knows no address and no format.

use super::collect::{Collect, Collected, Mark, Near, Order};
use super::compile::{Compiled, Compiler, range};
use super::error::SearchError;
use super::facet::Facet;
use super::formula::Formula;
use super::index::Snapshot;
use super::service::Search;
use super::snippet::{Marker, Part};
use super::spelling::{correct, frequency};
use super::statistics::Statistics;
use super::thing::{Tagged, best};
use super::typed::{self, Span, Typed};
use crate::schema::Text;
use std::sync::Arc;
use tantivy::Term;

/// No page holds more results.
pub const MOST_HITS: usize = 1000;
/// Pages are counted as far as this many results; beyond, `after` leads on.
pub const DEEPEST: usize = 10_000;
/// Fewer results than this, and another spelling is looked for.
const FEW: u64 = 3;

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What was typed.
    pub text: String,
    /// Values chosen in facets: any within one, all together. IRIs, or bands.
    pub chosen: Vec<(Facet, Vec<String>)>,
    pub year: Option<Span>,
    pub budget: Option<Span>,
    pub population: Option<Span>,
    /// First and last second of the record's date.
    pub date: Option<(Option<i64>, Option<i64>)>,
    pub near: Option<Near>,
    pub order: Order,
    pub limit: usize,
    /// Results passed over.
    pub offset: usize,
    pub after: Option<Mark>,
    /// Facets to count.
    pub counted: Vec<Facet>,
    /// `it` or `en`.
    pub language: String,
}

/// One result.
#[derive(Debug, Clone)]
pub struct Hit {
    pub iri: String,
    pub kind: String,
    pub names: Vec<Tagged>,
    /// The name a reader of the asked language understands best.
    pub title: String,
    pub score: f32,
    pub snippet: Vec<Part>,
    /// The language of the snippet, empty where it is not known.
    pub snippet_language: String,
    pub sources: Vec<String>,
    pub demonstration: bool,
    pub distance_km: Option<f64>,
    /// The IRIs that others have for the same, by `owl:sameAs`.
    pub same_as: Vec<String>,
    pub mark: Mark,
}

/// How often one value occurs.
#[derive(Debug, Clone)]
pub struct Count {
    pub value: String,
    pub label: Text,
    pub count: u32,
    pub chosen: bool,
    /// The value above it.
    pub above: Option<String>,
}

/// One facet with its values, the most frequent first.
#[derive(Debug, Clone)]
pub struct Counted {
    pub facet: Facet,
    pub values: Vec<Count>,
}

/// What was found, and what to know about it.
#[derive(Debug, Clone)]
pub struct Found {
    pub total: u64,
    /// The change up to which the index follows.
    pub seq: u64,
    pub hits: Vec<Hit>,
    pub facets: Vec<Counted>,
    /// Words replaced because no record has them.
    pub corrected: Vec<(String, String)>,
    /// A question that might have been meant.
    pub suggestion: Option<String>,
    /// Whether fewer of the words had to match, because nothing had enough of them.
    pub relaxed: bool,
    pub unknown_fields: Vec<String>,
    pub unknown_values: Vec<String>,
    /// The concepts that words named.
    pub concepts: Vec<(String, Text)>,
    /// Where the next page begins.
    pub next: Option<Mark>,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            text: String::new(),
            chosen: Vec::new(),
            year: None,
            budget: None,
            population: None,
            date: None,
            near: None,
            order: Order::Relevance,
            limit: 20,
            offset: 0,
            after: None,
            counted: Vec::new(),
            language: "it".to_owned(),
        }
    }
}

impl Search {
    /// Answers a question, from memory where nothing has changed since it was asked before.
    /// Blocking: some milliseconds.
    pub fn find(&self, ask: &Ask) -> Result<Found, SearchError> {
        let snapshot = self.shelf.take()?;
        let question = ask.question();
        if let Some(found) = question.as_ref().and_then(|asked| snapshot.answers.get(asked)) {
            return Ok(found);
        }
        let found = self.look(&snapshot, ask)?;
        if let Some(question) = question {
            snapshot.answers.keep(question, &found);
        }
        Ok(found)
    }

    fn look(&self, snapshot: &Arc<Snapshot>, ask: &Ask) -> Result<Found, SearchError> {
        let typed = typed::read(&ask.text);
        let mut unknown_values = Vec::new();
        let chosen = self.chosen(ask, snapshot, &mut unknown_values);
        let mut relaxed = false;
        let mut compiled = self.compile(snapshot, ask, &typed, false)?;
        let mut collected = self.collect(snapshot, ask, &compiled, &chosen)?;
        if collected.total == 0 && !typed.is_empty() {
            let loose = self.compile(snapshot, ask, &typed, true)?;
            let more = self.collect(snapshot, ask, &loose, &chosen)?;
            if more.total > 0 {
                (compiled, collected, relaxed) = (loose, more, true);
            }
        }
        let suggestion = if collected.total < FEW || relaxed {
            self.suggestion(snapshot, &ask.text)?
        } else {
            None
        };
        let mut marker = self.marker(snapshot, &compiled);
        let hits = collected.hits.iter().skip(ask.offset).map(|hit| {
            let (iri, shown) = snapshot.shown(hit.address)?;
            let (snippet, snippet_language) = marker.snippet(&shown.texts, &ask.language);
            Ok(Hit {
                title: best(&shown.names, &ask.language).unwrap_or(&iri).to_owned(),
                snippet,
                snippet_language,
                kind: shown.kind,
                names: shown.names,
                score: hit.score,
                sources: shown.sources,
                demonstration: shown.demonstration,
                distance_km: self.distance(ask, &iri)?,
                same_as: self.same_as(&iri)?.into_iter().collect(),
                mark: hit.mark,
                iri,
            })
        });
        let hits = hits.collect::<Result<Vec<Hit>, SearchError>>()?;
        let is_full = collected.hits.len() == ask.offset + ask.limit;
        let next = collected.hits.last().map(|hit| hit.mark).filter(|_| is_full && ask.limit > 0);
        unknown_values.append(&mut compiled.unknown_values);
        Ok(Found {
            total: collected.total,
            seq: snapshot.reached.seq,
            facets: self.facets(snapshot, ask, &chosen, &collected)?,
            corrected: compiled.corrected,
            suggestion,
            relaxed,
            unknown_fields: typed.unknown_fields,
            unknown_values,
            concepts: self.concepts(snapshot, &compiled.concepts)?,
            next,
            hits,
        })
    }

    fn compile(
        &self,
        snapshot: &Snapshot,
        ask: &Ask,
        typed: &Typed,
        loose: bool,
    ) -> Result<Compiled, SearchError> {
        let compiler = Compiler {
            snapshot,
            thesaurus: &snapshot.thesaurus,
            statistics: &Statistics::of(snapshot)?,
            weights: &self.weights,
            language: &ask.language,
            loose,
        };
        compiler.compile(typed)
    }

    /// The numbers of the values chosen in each facet; values no record has are told.
    fn chosen(
        &self,
        ask: &Ask,
        snapshot: &Snapshot,
        unknown: &mut Vec<String>,
    ) -> Vec<(Facet, Vec<u32>)> {
        let mut chosen = Vec::new();
        for (facet, values) in &ask.chosen {
            let mut numbers = Vec::new();
            for value in values {
                match snapshot.dictionary.number(*facet, value) {
                    Some(number) => numbers.push(number),
                    None => unknown.push(value.clone()),
                }
            }
            chosen.push((*facet, numbers));
        }
        chosen
    }

    fn collect(
        &self,
        snapshot: &Arc<Snapshot>,
        ask: &Ask,
        compiled: &Compiled,
        chosen: &[(Facet, Vec<u32>)],
    ) -> Result<Collected, SearchError> {
        let fields = &snapshot.fields;
        let mut parts = vec![compiled.formula.clone()];
        let mut narrow = |query| parts.push(Formula::other(query));
        if let Some(span) = ask.year {
            narrow(range(span, |year| Term::from_field_i64(fields.year, year as i64)));
        }
        if let Some(span) = ask.budget {
            narrow(range(span, |euro| Term::from_field_f64(fields.budget, euro)));
        }
        if let Some(span) = ask.population {
            narrow(range(span, |people| {
                Term::from_field_u64(fields.population, people.max(0.0) as u64)
            }));
        }
        if let Some((from, to)) = ask.date {
            let span = Span { from: from.map(|s| s as f64), to: to.map(|s| s as f64) };
            narrow(range(span, |second| {
                let date = tantivy::DateTime::from_timestamp_secs(second as i64);
                Term::from_field_date(fields.date, date)
            }));
        }
        // Facets that are not counted need no drilling sideways: the index narrows faster.
        let (mut sideways, mut direct) = (Vec::new(), Vec::new());
        for (facet, numbers) in chosen {
            if ask.counted.contains(facet) {
                sideways.push((*facet, numbers.clone()));
            } else {
                direct.push((*facet, numbers));
            }
        }
        for (facet, numbers) in direct {
            let dictionary = &snapshot.dictionary;
            let values: Vec<String> =
                numbers.iter().filter_map(|number| dictionary.value(facet, *number)).collect();
            parts.push(Formula::any_value(fields.facets[facet.place()], &values));
        }
        let query = Formula::all(parts);
        let collect = Collect {
            order: ask.order,
            near: ask.near,
            limit: ask.offset + ask.limit,
            after: ask.after,
            chosen: sideways,
            counted: ask.counted.clone(),
            priors: self.priors(snapshot, &compiled.kinds),
            snapshot: Arc::clone(snapshot),
        };
        let statistics = Statistics::of(snapshot)?;
        let searcher = &snapshot.searcher;
        Ok(searcher.search_with_statistics_provider(&query, &collect, &statistics)?)
    }

    /// How much each kind of record is worth to somebody who searches and may have named some, by
    /// its number.
    fn priors(&self, snapshot: &Snapshot, named: &[&str]) -> Vec<f32> {
        let numbers = 0..snapshot.dictionary.len(Facet::Kind);
        let prior = |number: usize| {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let kind = snapshot.dictionary.value(Facet::Kind, number).unwrap_or_default();
            if named.contains(&kind.as_str()) {
                return self.weights.named_kind;
            }
            self.weights.kinds.get(&kind).copied().unwrap_or(1.0)
        };
        numbers.map(prior).collect()
    }

    /// Marks the words typed and the short names of the concepts they stand for.
    fn marker(&self, snapshot: &Snapshot, compiled: &Compiled) -> Marker<'_> {
        let mut marked = compiled.marked.clone();
        for number in &compiled.concepts {
            let concept = &snapshot.thesaurus.concepts[*number];
            if concept.facet != Facet::Territory {
                for label in &concept.labels {
                    let words = super::analysis::words(&label.text);
                    if let [word] = words.as_slice() {
                        marked.push(word.text.clone());
                    }
                }
            }
        }
        Marker::new(&marked, &self.analyzers)
    }

    fn distance(&self, ask: &Ask, iri: &str) -> Result<Option<f64>, SearchError> {
        let Some(near) = ask.near else { return Ok(None) };
        let own = self.things.whereabouts(iri)?;
        let mut place = own.place;
        for territory in &own.territories {
            place = place.or(self.things.whereabouts(territory)?.place);
        }
        Ok(place.map(|place| super::collect::distance((near.lat, near.long), place)))
    }

    /// The same question with rare words replaced by much commoner ones that are near them.
    fn suggestion(&self, snapshot: &Snapshot, text: &str) -> Result<Option<String>, SearchError> {
        let field = snapshot.fields.plain;
        let mut better = text.to_owned();
        for word in super::analysis::words(text).into_iter().rev().take(20) {
            let own = frequency(snapshot, field, &word.text)?;
            if own == 0 || own > FEW || super::analysis::is_stop_word(&word.text) {
                continue;
            }
            if let Some(near) = correct(snapshot, &word.text)?
                && frequency(snapshot, field, &near)? > own * 10
            {
                better.replace_range(word.from..word.to, &near);
            }
        }
        Ok((better != text).then_some(better))
    }

    fn concepts(
        &self,
        snapshot: &Snapshot,
        numbers: &[usize],
    ) -> Result<Vec<(String, Text)>, SearchError> {
        let mut named: Vec<(String, Text)> = Vec::new();
        for number in numbers {
            let iri = &snapshot.thesaurus.concepts[*number].iri;
            if named.iter().all(|(known, _)| known != iri) {
                named.push((iri.clone(), self.name(iri)?));
            }
        }
        Ok(named)
    }
}
