//! Actors and networks like one another: who works on the same things, near or together.

use super::collect::{Collect, Order};
use super::compile::{any_value, term};
use super::error::SearchError;
use super::facet::Facet;
use super::index::Snapshot;
use super::reason::Signal;
use super::related::{Alike, values};
use super::seed::Seed;
use super::service::Search;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

/// So many of an actor's themes are looked at, the most frequent ones.
const THEMES: usize = 12;
/// So many actors or networks have their places compared.
const LOOKED_AT: usize = 300;
/// No more of them are given.
const CANDIDATES: usize = 100;

/// What speaks for one actor or network.
#[derive(Default)]
struct Case {
    /// The places of the themes among those looked at.
    themes: Vec<usize>,
    together: BTreeSet<String>,
}

impl Search {
    /// The actors, or networks, that do what one does. Blocking.
    pub(super) fn colleagues(
        &self,
        seed: &Seed,
        limit: usize,
        language: &str,
    ) -> Result<Vec<Alike>, SearchError> {
        let snapshot = self.shelf.take()?;
        let Some(own) = seed.iri.as_deref() else { return Ok(Vec::new()) };
        let facet = if seed.kind == "rete" { Facet::Network } else { Facet::Actor };
        let themes = self.themes_of(&snapshot, facet, own)?;
        let all: f64 = themes.iter().map(|(_, weight)| weight).sum();
        let part = |theme: usize| themes[theme].1 / all.max(1e-9);
        // Thousands may have a theme in common: they go by their numbers until the likeliest are known.
        let mut cases: HashMap<u32, Case> = HashMap::new();
        for (place, (theme, _)) in themes.iter().enumerate() {
            for (other, _) in self.counts(&snapshot, Facet::Theme, theme, facet)? {
                cases.entry(other).or_default().themes.push(place);
            }
        }
        // Members in common make networks alike; networks in common, actors.
        let shared = if facet == Facet::Network { Facet::Actor } else { Facet::Network };
        let kind = if facet == Facet::Network { "rete" } else { "attore" };
        let links = seed.values(shared).cloned().collect::<Vec<_>>();
        for link in links.iter().take(THEMES) {
            for (other, _) in self.counts(&snapshot, shared, link, facet)? {
                cases.entry(other).or_default().together.insert(link.clone());
            }
            if facet == Facet::Network {
                for iri in self.networks_with(&snapshot, link)? {
                    if let Some(other) = snapshot.dictionary.number(facet, &iri) {
                        cases.entry(other).or_default().together.insert(link.clone());
                    }
                }
            }
        }
        let weights = &self.related;
        let shares = |case: &Case| case.together.len() as f64 / links.len().max(1) as f64;
        let told = |case: &Case| {
            let themes: f64 = case.themes.iter().map(|theme| part(*theme)).sum();
            weights.themes * themes + weights.networks * shares(case).sqrt()
        };
        // Where they are is looked up for those only who may come out first.
        let mut cases: Vec<(f64, u32, Case)> =
            cases.into_iter().map(|(other, case)| (told(&case), other, case)).collect();
        cases.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let cases = cases.into_iter().filter_map(|(_, other, case)| {
            let iri = snapshot.dictionary.value(facet, other)?;
            (iri != own && !seed.same.contains(&iri)).then_some((iri, case))
        });
        let mut ranked = Vec::new();
        for (iri, case) in cases.take(LOOKED_AT) {
            let Some(address) = self.address(&snapshot, &iri, kind)? else { continue };
            let mut signals = Vec::new();
            let share = shares(&case);
            let of_themes: f64 = case.themes.iter().map(|theme| part(*theme)).sum();
            if of_themes > 0.0 {
                // They came in the order of their weights.
                let names = case.themes.iter().map(|theme| themes[*theme].0.clone()).collect();
                signals.push((weights.themes * of_themes, Signal::Themes(names)));
            }
            if !case.together.is_empty() {
                let names = case.together.into_iter().collect();
                signals.push(match shared {
                    Facet::Network => (weights.networks * share.sqrt(), Signal::Networks(names)),
                    _ => (weights.networks * share.sqrt(), Signal::Actors(names)),
                });
            }
            signals.extend(self.nearness(&snapshot, seed, address)?);
            let score: f64 = signals.iter().map(|(part, _)| part).sum();
            ranked.push((score, iri, address, signals));
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        ranked.truncate(CANDIDATES.min(limit));
        let mut alike = Vec::new();
        for (score, iri, address, signals) in ranked {
            let (_, shown) = snapshot.shown(address)?;
            let mut reasons = Vec::new();
            for (part, signal) in signals {
                reasons.push(self.reason(signal, part)?);
            }
            reasons.sort_by(|a, b| b.part.total_cmp(&a.part));
            let title = super::thing::best(&shown.names, language).unwrap_or(&iri).to_owned();
            let (kind, names, demonstration) = (shown.kind, shown.names, shown.demonstration);
            alike.push(Alike { iri, kind, title, names, score, reasons, demonstration });
        }
        Ok(alike)
    }

    /// The themes of the experiences somebody takes part in, each with how often and how rarely.
    fn themes_of(
        &self,
        snapshot: &Arc<Snapshot>,
        facet: Facet,
        iri: &str,
    ) -> Result<Vec<(String, f64)>, SearchError> {
        let all = snapshot.searcher.num_docs().max(1) as f64;
        let mut themes = Vec::new();
        for (theme, count) in self.counts(snapshot, facet, iri, Facet::Theme)? {
            let Some(theme) = snapshot.dictionary.value(Facet::Theme, theme) else { continue };
            let term = Term::from_field_text(snapshot.fields.facets[Facet::Theme.place()], &theme);
            let elsewhere = snapshot.searcher.doc_freq(&term)?.max(1);
            let rarity = (1.0 + all / elsewhere as f64).ln();
            themes.push((theme, (1.0 + f64::from(count).ln()) * rarity));
        }
        themes.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        themes.truncate(THEMES);
        Ok(themes)
    }

    /// How often the values of one facet, by their numbers, occur among the experiences that have a value of another.
    fn counts(
        &self,
        snapshot: &Arc<Snapshot>,
        of: Facet,
        value: &str,
        counted: Facet,
    ) -> Result<Vec<(u32, u32)>, SearchError> {
        let fields = &snapshot.fields;
        let query = BooleanQuery::intersection(vec![
            term(fields.facets[of.place()], value),
            term(fields.facets[Facet::Kind.place()], "esperienza"),
        ]);
        let collect = Collect {
            order: Order::Date,
            near: None,
            limit: 0,
            after: None,
            chosen: Vec::new(),
            counted: vec![counted],
            priors: Vec::new(),
            snapshot: Arc::clone(snapshot),
        };
        let collected = snapshot.searcher.search(&query, &collect)?;
        let counts = collected.counts.into_iter().next().unwrap_or_default();
        Ok((0..).zip(counts).filter(|(_, count)| *count > 0).collect())
    }

    /// The networks that an actor is a member of.
    fn networks_with(&self, snapshot: &Snapshot, actor: &str) -> Result<Vec<String>, SearchError> {
        let fields = &snapshot.fields;
        let query = BooleanQuery::intersection(vec![
            any_value(fields.facets[Facet::Actor.place()], &[actor.to_owned()]),
            any_value(fields.facets[Facet::Kind.place()], &["rete".to_owned()]),
        ]);
        let top = TopDocs::with_limit(CANDIDATES).order_by_score();
        let hits = snapshot.searcher.search(&query, &top)?;
        hits.into_iter().map(|(_, address)| Ok(snapshot.shown(address)?.0)).collect()
    }

    /// Where the document of a record of a kind is.
    fn address(
        &self,
        snapshot: &Snapshot,
        iri: &str,
        kind: &str,
    ) -> Result<Option<DocAddress>, SearchError> {
        let query = TermQuery::new(
            Term::from_field_text(snapshot.fields.iri, iri),
            IndexRecordOption::Basic,
        );
        let hits = snapshot.searcher.search(&query, &TopDocs::with_limit(1).order_by_score())?;
        let address = hits.first().map(|(_, address)| *address);
        Ok(address.filter(|address| {
            values(snapshot, Facet::Kind, *address).iter().any(|value| value == kind)
        }))
    }
}
