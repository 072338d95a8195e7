//! Records like one another, each with the reasons in words: likeness of the texts, themes and
//! recipients by their rarity, comparable places, networks, actors, transfers, evidence.

use super::answers::LONGEST;
use super::collect::distance;
use super::compile::any_value;
use super::error::SearchError;
use super::facet::Facet;
use super::find::MOST_HITS;
use super::index::Snapshot;
use super::reason::{Reason, Signal};
use super::seed::Seed;
use super::service::Search;
use super::thing::Tagged;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use tantivy::collector::{DocSetCollector, TopDocs};
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

/// So many records are compared one by one.
const CANDIDATES: usize = 150;
/// So many of the best of all kinds are looked at to find those of one kind.
const AMONG_ALL: usize = 200;
/// A record that is like another by less than this is not like it.
const LEAST: f64 = 0.35;
/// A signal that adds less than this to the sum is no reason to tell.
const TOLD: f64 = 0.05;
/// Beyond this, nearness no longer counts.
const FAR_KM: f64 = 300.0;

/// A record like another.
#[derive(Debug, Clone)]
pub struct Alike {
    pub iri: String,
    pub kind: String,
    pub title: String,
    pub names: Vec<Tagged>,
    pub score: f64,
    /// What makes it like the other, the strongest first.
    pub reasons: Vec<Reason>,
    pub demonstration: bool,
}

/// A candidate's score, where it is, and each signal with its part of the score.
type Ranked = (f64, DocAddress, Vec<(f64, Signal)>);

/// A candidate and what is known of it without reading its texts.
struct Candidate {
    address: DocAddress,
    text: f64,
}

impl Search {
    /// The records most like one, of its own kind, the most like first.
    pub async fn related(
        &self,
        iri: &str,
        limit: usize,
        language: &str,
    ) -> Result<Vec<Alike>, SearchError> {
        let question = format!("{limit} {language} {iri}");
        let snapshot = self.shelf.take()?;
        if let Some(alike) = snapshot.likes.get(&question) {
            return Ok(alike);
        }
        let seed = self.seed(iri).await?;
        let (search, language) = (self.clone(), language.to_owned());
        let work = move || match seed.kind.as_str() {
            "attore" | "rete" => search.colleagues(&seed, limit, &language),
            _ => search.alike(&seed, limit, &language),
        };
        let alike = tokio::task::spawn_blocking(work).await??;
        if limit <= LONGEST {
            snapshot.likes.keep(question, &alike);
        }
        Ok(alike)
    }

    /// The records most like a seed. Blocking.
    pub(super) fn alike(
        &self,
        seed: &Seed,
        limit: usize,
        language: &str,
    ) -> Result<Vec<Alike>, SearchError> {
        let snapshot = self.shelf.take()?;
        let rarity = Rarity::of(&snapshot, seed)?;
        let transfers = addresses(&snapshot, &seed.transfers)?;
        let mut ranked = Vec::new();
        for candidate in self.candidates(&snapshot, seed)? {
            let is_transfer = transfers.contains(&candidate.address);
            let (score, signals) =
                self.compare(&snapshot, seed, &rarity, &candidate, is_transfer)?;
            if score >= LEAST {
                ranked.push((score, candidate.address, signals));
            }
        }
        let tie = |address: &DocAddress| {
            let fast = snapshot.searcher.segment_reader(address.segment_ord).fast_fields();
            fast.u64("tie").ok().and_then(|ties| ties.first(address.doc_id))
        };
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| tie(&a.1).cmp(&tie(&b.1))));
        self.told(&snapshot, seed, ranked, limit.min(MOST_HITS), language)
    }

    /// The best candidates with their reasons, no body's records crowding out the others'.
    fn told(
        &self,
        snapshot: &Snapshot,
        seed: &Seed,
        ranked: Vec<Ranked>,
        limit: usize,
        language: &str,
    ) -> Result<Vec<Alike>, SearchError> {
        let most = limit.div_ceil(3).max(1);
        let mut by_source: HashMap<String, usize> = HashMap::new();
        let (mut alike, mut spare) = (Vec::new(), Vec::new());
        for (score, address, signals) in ranked {
            if alike.len() >= limit {
                break;
            }
            let (iri, shown) = snapshot.shown(address)?;
            let never = seed.iri.as_ref() == Some(&iri) || seed.same.contains(&iri);
            let title = super::thing::best(&shown.names, language).unwrap_or(&iri).to_owned();
            if never {
                continue;
            }
            let mut reasons = Vec::new();
            for (part, signal) in signals.into_iter().filter(|(part, _)| *part >= TOLD) {
                reasons.push(self.reason(signal, part)?);
            }
            reasons.sort_by(|a, b| b.part.total_cmp(&a.part));
            let source = shown.sources.first().cloned().unwrap_or_default();
            let (kind, names, demonstration) = (shown.kind, shown.names, shown.demonstration);
            let one = Alike { iri, kind, title, names, score, reasons, demonstration };
            let count = by_source.entry(source).or_default();
            *count += 1;
            if *count <= most { alike.push(one) } else { spare.push(one) }
        }
        // Only where nobody else has anything like it may one body fill the list.
        alike.extend(spare);
        alike.truncate(limit);
        Ok(alike)
    }

    /// Records that share words with the seed, or values of its facets, or links.
    fn candidates(&self, snapshot: &Snapshot, seed: &Seed) -> Result<Vec<Candidate>, SearchError> {
        let fields = &snapshot.fields;
        let term = |field, text: &str, boost: f32| -> Box<dyn Query> {
            let term = Term::from_field_text(field, text);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            Box::new(BoostQuery::new(Box::new(query), boost))
        };
        let words: Vec<Box<dyn Query>> =
            seed.stems.iter().map(|(stem, weight)| term(fields.it, stem, *weight)).collect();
        let mut shared: Vec<Box<dyn Query>> = Vec::new();
        for (facet, boost) in
            [(Facet::Theme, 2.0), (Facet::Target, 1.0), (Facet::Network, 2.0), (Facet::Actor, 1.0)]
        {
            let field = fields.facets[facet.place()];
            shared.extend(seed.values(facet).map(|value| term(field, value, boost)));
        }
        shared.extend(seed.transfers.iter().map(|iri| term(fields.iri, iri, 5.0)));
        let kind = any_value(fields.facets[Facet::Kind.place()], std::slice::from_ref(&seed.kind));
        let is_kind = |address: &DocAddress| {
            let number = snapshot.dictionary.number(Facet::Kind, &seed.kind);
            let columns = &snapshot.columns[address.segment_ord as usize];
            columns.facet(Facet::Kind).of(address.doc_id).first().copied() == number
        };
        let top = |limit| TopDocs::with_limit(limit).order_by_score();
        let mut found: HashMap<DocAddress, f32> = HashMap::new();
        let mut most = 0.0f32;
        for (list, is_text) in [(words, true), (shared, false)] {
            if list.is_empty() {
                continue;
            }
            // The best of all kinds are found much faster than those of one kind, since most others
            // need not be looked at; they do where enough of them are of this kind.
            let union = BooleanQuery::union(list);
            let mut best = snapshot.searcher.search(&union, &top(AMONG_ALL))?;
            let all = best.len() < AMONG_ALL;
            best.retain(|(_, address)| is_kind(address));
            if best.len() < CANDIDATES / 2 && !all {
                let query = BooleanQuery::new(vec![
                    (Occur::Must, Box::new(union) as Box<dyn Query>),
                    (Occur::Must, kind.box_clone()),
                ]);
                best = snapshot.searcher.search(&query, &top(CANDIDATES))?;
            }
            best.truncate(CANDIDATES);
            for (score, address) in best {
                let text = found.entry(address).or_default();
                if is_text {
                    *text = score;
                    most = most.max(score);
                }
            }
        }
        let scale = if most > 0.0 { f64::from(most) } else { 1.0 };
        let all = found
            .into_iter()
            .map(|(address, score)| Candidate { address, text: f64::from(score) / scale });
        Ok(all.collect())
    }

    /// How alike a candidate is, and by what.
    fn compare(
        &self,
        snapshot: &Snapshot,
        seed: &Seed,
        rarity: &Rarity,
        candidate: &Candidate,
        is_transfer: bool,
    ) -> Result<(f64, Vec<(f64, Signal)>), SearchError> {
        let weights = &self.related;
        let mut signals = vec![(weights.text * candidate.text.sqrt() * 0.8, Signal::Text)];
        let themes = rarity.shared(snapshot, Facet::Theme, candidate.address);
        signals.push((weights.themes * themes.0, Signal::Themes(themes.1)));
        let targets = rarity.shared(snapshot, Facet::Target, candidate.address);
        signals.push((weights.recipients * targets.0, Signal::Recipients(targets.1)));
        for (facet, weight) in [(Facet::Network, weights.networks), (Facet::Actor, weights.actors)]
        {
            let (_, shared) = rarity.shared(snapshot, facet, candidate.address);
            if !shared.is_empty() {
                let signal = match facet {
                    Facet::Network => Signal::Networks(shared),
                    _ => Signal::Actors(shared),
                };
                signals.push((weight, signal));
            }
        }
        signals.extend(self.nearness(snapshot, seed, candidate.address)?);
        if is_transfer {
            signals.push((weights.transfer, Signal::Transfer));
        }
        let evidence = values(snapshot, Facet::Evidence, candidate.address);
        let level = evidence.iter().map(|value| match value.rsplit('#').next() {
            Some("consolidated") => 1.0,
            Some("promising") => 0.5,
            _ => 0.0,
        });
        let level = level.fold(0.0, f64::max);
        let told: f64 = signals.iter().map(|(part, _)| part).sum();
        if level > 0.0 && told >= LEAST {
            signals.push((weights.evidence * level, Signal::Evidence(evidence)));
        }
        Ok((signals.iter().map(|(part, _)| part).sum(), signals))
    }

    /// Places of the same size, near each other, or in the same province.
    pub(super) fn nearness(
        &self,
        snapshot: &Snapshot,
        seed: &Seed,
        address: DocAddress,
    ) -> Result<Vec<(f64, Signal)>, SearchError> {
        let weight = self.related.territory;
        let mut signals = Vec::new();
        let band = values(snapshot, Facet::Population, address);
        if let Some(same) = seed.values(Facet::Population).find(|own| band.contains(own)) {
            signals.push((weight * 0.5, Signal::Population(same.clone())));
        }
        let place = snapshot.columns[address.segment_ord as usize].place(address.doc_id);
        if let (Some(own), Some(other)) = (seed.place, place) {
            let km = distance(own, other);
            if km < FAR_KM {
                signals.push((weight * 0.5 * (1.0 - km / FAR_KM), Signal::Distance(km)));
            }
        }
        let actors = values(snapshot, Facet::Actor, address);
        let same_body = seed.values(Facet::Actor).any(|own| actors.contains(own));
        if !same_body {
            let places = values(snapshot, Facet::Territory, address);
            for own in seed.values(Facet::Territory).filter(|own| places.contains(own)) {
                let province = crate::vocab::fl::PROVINCE.as_str();
                if self.things.classes(own)?.iter().any(|class| class == province) {
                    signals.push((weight * 0.5, Signal::Province(own.clone())));
                }
            }
        }
        Ok(signals)
    }
}

/// How rare the values of a seed's facets are in the index.
pub(super) struct Rarity(HashMap<Facet, HashMap<u32, (String, f64)>>);

impl Rarity {
    pub(super) fn of(snapshot: &Arc<Snapshot>, seed: &Seed) -> Result<Self, SearchError> {
        let all = snapshot.searcher.num_docs().max(1) as f64;
        let mut rarity = HashMap::new();
        for facet in [Facet::Theme, Facet::Target, Facet::Network, Facet::Actor] {
            let mut values = HashMap::new();
            for value in seed.values(facet) {
                let Some(number) = snapshot.dictionary.number(facet, value) else { continue };
                let term = Term::from_field_text(snapshot.fields.facets[facet.place()], value);
                let count = snapshot.searcher.doc_freq(&term)?.max(1);
                values.insert(number, (value.clone(), (1.0 + all / count as f64).ln()));
            }
            rarity.insert(facet, values);
        }
        Ok(Self(rarity))
    }

    /// The share of the seed's values that a document has, by rarity, and which they are, the
    /// rarest first.
    pub(super) fn shared(
        &self,
        snapshot: &Snapshot,
        facet: Facet,
        address: DocAddress,
    ) -> (f64, Vec<String>) {
        let Some(own) = self.0.get(&facet).filter(|own| !own.is_empty()) else {
            return (0.0, Vec::new());
        };
        let columns = &snapshot.columns[address.segment_ord as usize];
        let numbers: BTreeSet<&u32> = columns.facet(facet).of(address.doc_id).iter().collect();
        let mut shared: Vec<&(String, f64)> = own
            .iter()
            .filter(|(number, _)| numbers.contains(number))
            .map(|(_, value)| value)
            .collect();
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let sum: f64 = own.values().map(|(_, rarity)| rarity).sum();
        let part: f64 = shared.iter().map(|(_, rarity)| rarity).sum();
        (part / sum, shared.into_iter().map(|(value, _)| value.clone()).collect())
    }
}

/// Where the documents of some records are.
fn addresses(
    snapshot: &Snapshot,
    iris: &BTreeSet<String>,
) -> Result<HashSet<DocAddress>, SearchError> {
    if iris.is_empty() {
        return Ok(HashSet::new());
    }
    let terms = iris.iter().map(|iri| Term::from_field_text(snapshot.fields.iri, iri));
    Ok(snapshot.searcher.search(&TermSetQuery::new(terms), &DocSetCollector)?)
}

/// The values of a facet that a document has.
pub(super) fn values(snapshot: &Snapshot, facet: Facet, address: DocAddress) -> Vec<String> {
    let columns = &snapshot.columns[address.segment_ord as usize];
    let numbers = columns.facet(facet).of(address.doc_id);
    numbers.iter().filter_map(|number| snapshot.dictionary.value(facet, *number)).collect()
}
