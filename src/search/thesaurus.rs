//! The words people use for the concepts of the vocabularies: preferred and alternative labels,
//! and what stands near a concept. Built from the graph; knows no query.

use super::analysis::{EN, IT, analyzer, is_stop_word, terms, words};
use super::error::SearchError;
use super::facet::Facet;
use super::thing::{Tagged, Things};
use crate::iri::Base;
use crate::vocab::{fl, skos};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Term};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tantivy::tokenizer::TextAnalyzer;

/// No label of more words is looked for.
const LONGEST: usize = 6;

/// One concept.
#[derive(Debug, Clone)]
pub struct Concept {
    pub iri: String,
    /// The facet whose values its records have.
    pub facet: Facet,
    /// Preferred labels, then alternative ones.
    pub labels: Vec<Tagged>,
    pub narrower: Vec<usize>,
    pub related: Vec<usize>,
}

/// Every concept by its labels.
#[derive(Debug, Default)]
pub struct Thesaurus {
    pub concepts: Vec<Concept>,
    /// Stemmed labels, words joined by a space, by language.
    italian: HashMap<String, Vec<usize>>,
    english: HashMap<String, Vec<usize>>,
    /// Labels as they are, folded: names of places, and what stop words would make another thing.
    exact: HashMap<String, Vec<usize>>,
}

/// Words of a query that name concepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The first word and the one after the last.
    pub from: usize,
    pub to: usize,
    pub concepts: Vec<usize>,
}

impl Thesaurus {
    /// Reads the concepts of every scheme in the graph, and the territories; of what peers have too
    /// only this node's own. Blocking.
    pub fn read(things: &Things, base: &Base) -> Result<Self, SearchError> {
        let store = things.store();
        let mut iris = BTreeSet::new();
        let concepts = store.quads_for_pattern(None, Some(skos::IN_SCHEME), None, None);
        let places =
            store.quads_for_pattern(None, Some(rdf::TYPE), Some(fl::TERRITORY.into()), None);
        for quad in concepts.chain(places) {
            if let NamedOrBlankNode::NamedNode(node) = quad?.subject {
                iris.insert(node.into_string());
            }
        }
        iris.retain(|iri| facet_of(iri).is_some());
        let mut copies = BTreeSet::new();
        for iri in &iris {
            if things.own_copy(base, iri)?.is_some() {
                copies.insert(iri.clone());
            }
        }
        iris.retain(|iri| !copies.contains(iri));
        let numbers: BTreeMap<String, usize> =
            iris.iter().enumerate().map(|(number, iri)| (iri.clone(), number)).collect();
        let mut thesaurus = Self::default();
        let (mut italian, mut english) = (analyzer(IT), analyzer(EN));
        for iri in &iris {
            let number = thesaurus.concepts.len();
            let Some(facet) = facet_of(iri) else { continue };
            let mut labels = things.names(iri)?.to_vec();
            labels.extend(things.other_names(iri)?);
            for label in &labels {
                let list = folded(&label.text);
                add(&mut thesaurus.exact, &list, number);
                let ends = [list.first(), list.last()];
                if facet == Facet::Territory || ends.iter().flatten().any(|end| is_stop_word(end)) {
                    continue;
                }
                if label.language != "en" {
                    add(&mut thesaurus.italian, &terms(&mut italian, &label.text), number);
                }
                if label.language != "it" {
                    add(&mut thesaurus.english, &terms(&mut english, &label.text), number);
                }
            }
            thesaurus.concepts.push(Concept {
                iri: iri.clone(),
                facet,
                labels,
                narrower: Vec::new(),
                related: near(things, iri, skos::RELATED, &numbers)?,
            });
        }
        for (iri, number) in &numbers {
            if let Some(above) = things.above(iri)?.first().and_then(|above| numbers.get(above)) {
                thesaurus.concepts[*above].narrower.push(*number);
            }
        }
        Ok(thesaurus)
    }

    /// The longest runs of words that name concepts, from left to right, in either language.
    pub fn named(&self, words: &[String]) -> Vec<Named> {
        let (mut italian, mut english) = (analyzer(IT), analyzer(EN));
        let stem = |analyzer: &mut TextAnalyzer, word: &String| terms(analyzer, word).pop();
        let italian: Vec<Option<String>> =
            words.iter().map(|word| stem(&mut italian, word)).collect();
        let english: Vec<Option<String>> =
            words.iter().map(|word| stem(&mut english, word)).collect();
        let mut found = Vec::new();
        let mut from = 0;
        while from < words.len() {
            let longest = (from + 1..=words.len().min(from + LONGEST + 3)).rev().find_map(|to| {
                // `Ne` is a town, and in nearly every sentence a pronoun.
                let is_stop = to == from + 1 && words.len() > 1 && is_stop_word(&words[from]);
                let exact = self.exact.get(&words[from..to].join(" ")).filter(|_| !is_stop);
                let mut concepts = exact.cloned().unwrap_or_default();
                concepts.extend(self.look(&self.italian, &italian[from..to]));
                concepts.extend(self.look(&self.english, &english[from..to]));
                concepts.sort_unstable();
                concepts.dedup();
                (!concepts.is_empty()).then_some(Named { from, to, concepts })
            });
            match longest {
                Some(named) => {
                    from = named.to;
                    found.push(named);
                }
                None => from += 1,
            }
        }
        found
    }

    /// The concepts that a whole text names.
    pub fn called(&self, text: &str) -> Vec<usize> {
        let key = |name: &str| terms(&mut analyzer(name), text).join(" ");
        let mut concepts = self.exact.get(&folded(text).join(" ")).cloned().unwrap_or_default();
        concepts.extend(self.italian.get(&key(IT)).into_iter().flatten());
        concepts.extend(self.english.get(&key(EN)).into_iter().flatten());
        concepts.sort_unstable();
        concepts.dedup();
        concepts
    }

    fn look(&self, labels: &HashMap<String, Vec<usize>>, stems: &[Option<String>]) -> Vec<usize> {
        // A stop word at an end belongs to no label.
        if stems.first().is_none_or(Option::is_none) || stems.last().is_none_or(Option::is_none) {
            return Vec::new();
        }
        let key: Vec<&str> = stems.iter().flatten().map(String::as_str).collect();
        labels.get(&key.join(" ")).cloned().unwrap_or_default()
    }
}

/// The words of a label as they are.
fn folded(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.text).collect()
}

fn add(labels: &mut HashMap<String, Vec<usize>>, label: &[String], number: usize) {
    if label.is_empty() || label.len() > LONGEST {
        return;
    }
    let concepts = labels.entry(label.join(" ")).or_default();
    if !concepts.contains(&number) {
        concepts.push(number);
    }
}

/// The facet a concept is a value of; kinds of costs, criteria and the like are of none.
fn facet_of(iri: &str) -> Option<Facet> {
    let places = [
        ("/tema/", Facet::Theme),
        ("/destinatario/", Facet::Target),
        ("/territorio/", Facet::Territory),
        ("/levels#", Facet::Level),
        ("/phases#", Facet::Phase),
        ("/evidence#", Facet::Evidence),
        ("/funding#", Facet::Funding),
    ];
    places.into_iter().find(|(part, _)| iri.contains(part)).map(|(_, facet)| facet)
}

fn near(
    things: &Things,
    iri: &str,
    property: NamedNodeRef<'_>,
    numbers: &BTreeMap<String, usize>,
) -> Result<Vec<usize>, SearchError> {
    let subject = NamedNodeRef::new_unchecked(iri);
    let mut near = Vec::new();
    for quad in things.store().quads_for_pattern(Some(subject.into()), Some(property), None, None) {
        if let Term::NamedNode(node) = quad?.object {
            near.extend(numbers.get(node.as_str()));
        }
    }
    near.sort_unstable();
    near.dedup();
    Ok(near)
}
