//! The catalogue in pages of a hundred datasets, each of which stands by itself, and what is said of
//! one resource. Knows the addresses of the catalogue, nothing of HTTP.

use super::graph::Graph;
use super::profile::Profile;
use crate::iri::Base;
use crate::vocab::{dct, hydra};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{Literal, Term};
use std::collections::HashSet;

/// How many datasets stand on a page.
const PAGE: usize = 100;

/// The whole catalogue at one state of the log.
#[derive(Debug)]
pub struct Whole {
    pub(super) base: Base,
    pub(super) graph: Graph,
    /// The IRIs of the datasets, in the order of the pages.
    pub(super) datasets: Vec<String>,
    /// When it changed last.
    pub modified: String,
}

/// The statements of a page or of a resource, in order.
#[derive(Debug)]
pub struct Shown(pub(super) Graph);

impl Whole {
    /// How many pages there are; at least one.
    pub fn pages(&self) -> usize {
        self.datasets.len().div_ceil(PAGE).max(1)
    }

    /// A page, from 1. It says nothing of datasets on other pages: a dataset without a title makes
    /// harvesters give up. `extension` is the one by which the client named the format, so that it
    /// is led to the same format again.
    pub fn page(&self, number: usize, extension: Option<&str>, profile: Profile) -> Option<Shown> {
        let mut pages = self.datasets.chunks(PAGE);
        let here = pages.nth(number.checked_sub(1)?);
        if here.is_none() && number > 1 {
            return None;
        }
        let here: HashSet<&str> = here.unwrap_or_default().iter().map(String::as_str).collect();
        let catalog = self.base.join("/catalog");
        let reduced = profile.reduce(&self.graph);
        let mut shown = self.reached(&reduced, &catalog, &|dataset| here.contains(dataset));
        self.view(&mut shown, number, extension, profile);
        Some(Shown(shown))
    }

    /// What is said of a resource of the catalogue and of what it refers to; of other datasets
    /// just enough to know them by.
    pub fn resource(&self, path: &str, profile: Profile) -> Option<Shown> {
        let iri = self.base.join(path);
        let reduced = profile.reduce(&self.graph);
        if reduced.values(&iri, rdf::TYPE).is_empty() {
            return None;
        }
        let mut shown = self.reached(&reduced, &iri, &|dataset| dataset == iri);
        let own = reduced.of(&iri).into_iter().flatten();
        for value in
            own.flat_map(|(property, values)| values.iter().map(move |one| (property, one)))
        {
            let (property, Term::NamedNode(node)) = value else { continue };
            let other = node.as_str();
            if other == iri || !self.datasets.iter().any(|dataset| dataset == other) {
                continue;
            }
            shown.add(&iri, property.as_ref(), node.clone());
            for known in [rdf::TYPE, dct::TITLE, dct::DESCRIPTION, dct::IDENTIFIER] {
                for value in reduced.values(other, known) {
                    shown.add(other, known, value.clone());
                }
            }
        }
        Some(Shown(shown))
    }

    /// What is said of a resource and of everything that can be reached from it, without datasets
    /// that are not wanted and links to them.
    fn reached(&self, graph: &Graph, start: &str, is_wanted: &dyn Fn(&str) -> bool) -> Graph {
        let datasets: HashSet<&str> = self.datasets.iter().map(String::as_str).collect();
        let mut shown = Graph::default();
        let mut seen = HashSet::from([start.to_owned()]);
        let mut waiting = vec![start.to_owned()];
        while let Some(subject) = waiting.pop() {
            for (property, values) in graph.of(&subject).into_iter().flatten() {
                for value in values {
                    if let Term::NamedNode(node) = value {
                        let iri = node.as_str();
                        if datasets.contains(iri) && !is_wanted(iri) {
                            continue;
                        }
                        if graph.of(iri).is_some() && seen.insert(iri.to_owned()) {
                            waiting.push(iri.to_owned());
                        }
                    }
                    shown.add(&subject, property.as_ref(), value.clone());
                }
            }
        }
        shown
    }

    /// Where the pages before and after are, in both ways in which Hydra has said it. The last page
    /// names no next one: harvesters would go on for ever.
    fn view(&self, shown: &mut Graph, number: usize, extension: Option<&str>, profile: Profile) {
        let catalog = self.base.join("/catalog");
        let page = |number: usize| format!("{catalog}?page={number}");
        let asked = |number: usize| {
            let dot = extension.map(|extension| format!(".{extension}")).unwrap_or_default();
            let profile = profile.token().map(|token| format!("&profile={token}"));
            format!("{catalog}{dot}?page={number}{}", profile.unwrap_or_default())
        };
        let (view, pages) = (page(number), self.pages());
        shown.add(&catalog, rdf::TYPE, hydra::COLLECTION);
        shown.link(&catalog, hydra::VIEW, &view);
        for kind in [hydra::PARTIAL_COLLECTION_VIEW, hydra::PAGED_COLLECTION] {
            shown.add(&view, rdf::TYPE, kind);
        }
        let count = |count: usize| Literal::new_typed_literal(count.to_string(), xsd::INTEGER);
        shown.add(&view, hydra::TOTAL_ITEMS, count(self.datasets.len()));
        shown.add(&catalog, hydra::TOTAL_ITEMS, count(self.datasets.len()));
        shown.add(&view, hydra::ITEMS_PER_PAGE, count(PAGE));
        for property in [hydra::FIRST, hydra::FIRST_PAGE] {
            shown.link(&view, property, &page(1));
        }
        for property in [hydra::LAST, hydra::LAST_PAGE] {
            shown.link(&view, property, &page(pages));
        }
        for property in [hydra::PREVIOUS, hydra::PREVIOUS_PAGE] {
            if number > 1 {
                shown.link(&view, property, &asked(number - 1));
            }
        }
        for property in [hydra::NEXT, hydra::NEXT_PAGE] {
            if number < pages {
                shown.link(&view, property, &asked(number + 1));
            }
        }
    }
}
