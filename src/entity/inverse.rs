//! What refers to a resource, counted for each property and read a page at a time.
//! Knows nothing of labels' languages or of pages' looks.

use super::describe::EntityError;
use super::label::{Labels, Link};
use super::memory::Known;
use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Term};
use oxigraph::sparql::{CancellationToken, QueryResults, QuerySolutionIter, SparqlEvaluator};
use oxigraph::store::Store;
use spargebra::SparqlParser;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many resources are shown at a time for each property.
pub const PAGE: u64 = 50;
/// Up to so many statements are read one by one; more are counted by the evaluator, which need not
/// spell them out.
const FEW: usize = 500;

/// The resources that refer to another one by one property.
#[derive(Debug, Clone)]
pub struct Inverse {
    pub property: Link,
    /// How many there are, in all sources, each counted once.
    pub total: u64,
    /// Which page of them follows, from 1.
    pub page: u64,
    pub subjects: Vec<Link>,
}

impl Inverse {
    /// How many pages there are.
    pub fn pages(&self) -> u64 {
        self.total.div_ceil(PAGE).max(1)
    }
}

/// Reads references to one resource until `token` says to stop.
pub(super) struct References<'s> {
    pub store: &'s Store,
    pub known: &'s Known,
    pub target: &'s NamedNode,
    /// The record whose own references are left out.
    pub except: Option<&'s str>,
    pub token: CancellationToken,
}

impl References<'_> {
    /// The properties by which the resource is referred to, with exact counts, by label; a page
    /// of subjects for each: the one asked for, or the first.
    pub fn read(
        &self,
        labels: &Labels<'_>,
        asked: Option<(&str, u64)>,
    ) -> Result<Vec<Inverse>, EntityError> {
        let few = self.few()?;
        let counts = match &few {
            Some(few) => {
                Arc::new(few.iter().map(|(name, all)| (name.clone(), all.len() as u64)).collect())
            }
            None => self.known.counts.get(self.target, || Ok(Arc::new(self.counts()?)))?,
        };
        let mut inverse = Vec::new();
        for (property, total) in counts.iter() {
            let last = total.div_ceil(PAGE).max(1);
            let page = asked
                .filter(|(name, _)| *name == property.as_str())
                .map_or(1, |(_, page)| page.clamp(1, last));
            let subjects = match few.as_ref().and_then(|few| few.get(property)) {
                Some(all) => page_of(all, page),
                None => self.subjects(property, page)?,
            };
            let mut subjects: Vec<Link> =
                subjects.iter().map(|iri| labels.link(iri)).collect::<Result<_, _>>()?;
            subjects.sort_by(|a, b| (&a.label, &a.iri).cmp(&(&b.label, &b.iri)));
            inverse.push(Inverse {
                property: labels.link(property.as_str())?,
                total: *total,
                page,
                subjects,
            });
        }
        inverse.sort_by(|a, b| a.property.label.cmp(&b.property.label));
        Ok(inverse)
    }

    /// Everything that refers to the resource, by property, unless that is much.
    fn few(&self) -> Result<Option<Few>, EntityError> {
        let object = Some(self.target.as_ref().into());
        let mut few = Few::new();
        for (place, quad) in self.store.quads_for_pattern(None, None, object, None).enumerate() {
            if place == FEW {
                return Ok(None);
            }
            let quad = quad?;
            let subject = match quad.subject {
                NamedOrBlankNode::NamedNode(node) if self.is_own(node.as_str()) => continue,
                NamedOrBlankNode::NamedNode(node) => node.into_string(),
                blank @ NamedOrBlankNode::BlankNode(_) => blank.to_string(),
            };
            few.entry(quad.predicate).or_default().insert(subject);
        }
        Ok(Some(few))
    }

    /// Whether it belongs to the record whose references are left out.
    fn is_own(&self, subject: &str) -> bool {
        let rest = self.except.and_then(|record| subject.strip_prefix(record));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
    }

    fn counts(&self) -> Result<Vec<(NamedNode, u64)>, EntityError> {
        let query = format!(
            "SELECT ?property (COUNT(DISTINCT ?subject) AS ?total) \
             WHERE {{ ?subject ?property {} {} }} GROUP BY ?property",
            self.target,
            self.filter()
        );
        let mut counts = Vec::new();
        for solution in self.select(&query)? {
            let solution = solution.map_err(EntityError::from_query)?;
            if let (Some(Term::NamedNode(property)), Some(Term::Literal(total))) =
                (solution.get("property"), solution.get("total"))
            {
                counts.push((property.clone(), total.value().parse().unwrap_or(0)));
            }
        }
        Ok(counts)
    }

    fn subjects(&self, property: &NamedNode, page: u64) -> Result<Vec<String>, EntityError> {
        // The order is that of the graph's index: the same for as long as the data is the same.
        let query = format!(
            "SELECT DISTINCT ?subject WHERE {{ ?subject {property} {} {} }} \
             LIMIT {PAGE} OFFSET {}",
            self.target,
            self.filter(),
            (page - 1) * PAGE
        );
        let mut subjects = Vec::new();
        for solution in self.select(&query)? {
            if let Some(Term::NamedNode(subject)) =
                solution.map_err(EntityError::from_query)?.get("subject")
            {
                subjects.push(subject.as_str().to_owned());
            }
        }
        Ok(subjects)
    }

    /// Literals are written alike in N-Triples and SPARQL.
    fn filter(&self) -> String {
        let Some(record) = self.except else { return String::new() };
        let fragments = Literal::new_simple_literal(format!("{record}#"));
        let record = Literal::new_simple_literal(record);
        format!("FILTER(STR(?subject) != {record} && !STRSTARTS(STR(?subject), {fragments}))")
    }

    fn select(&self, query: &str) -> Result<QuerySolutionIter<'static>, EntityError> {
        let query = SparqlParser::new().parse_query(query)?;
        let mut prepared = SparqlEvaluator::new()
            .without_default_http_service_handler()
            .with_cancellation_token(self.token.clone())
            .for_query(query);
        prepared.dataset_mut().set_default_graph_as_union();
        match prepared.on_store(self.store).execute().map_err(EntityError::from_query)? {
            QueryResults::Solutions(solutions) => Ok(solutions),
            _ => unreachable!("a SELECT query has solutions"),
        }
    }
}

/// Subjects by property, each once; blank nodes by their labels.
type Few = BTreeMap<NamedNode, BTreeSet<String>>;

/// A page of subjects; blank nodes count, but cannot be linked to.
fn page_of(subjects: &BTreeSet<String>, page: u64) -> Vec<String> {
    let before = usize::try_from((page - 1) * PAGE).unwrap_or(usize::MAX);
    let page = subjects.iter().skip(before).take(PAGE as usize);
    page.filter(|subject| !subject.starts_with("_:")).cloned().collect()
}
