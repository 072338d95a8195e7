//! Which classes and properties the data uses, how often, and what they are called.
//! Knows nothing of queries' texts or of pages.

use super::behind::Behind;
use super::describe::EntityError;
use super::label::Labels;
use super::memory::Memory;
use crate::schema::{Language, Text};
use crate::store::Dataset;
use crate::vocab::{PREFIXES, owl};
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use oxigraph::sparql::{CancellationToken, QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use spargebra::SparqlParser;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What declares a class or a property.
const CLASSES: [NamedNodeRef<'static>; 2] = [owl::CLASS, rdfs::CLASS];
const PROPERTIES: [NamedNodeRef<'static>; 4] =
    [owl::OBJECT_PROPERTY, owl::DATATYPE_PROPERTY, owl::ANNOTATION_PROPERTY, rdf::PROPERTY];

/// A class or a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    pub iri: String,
    /// With its prefix, where it has a well-known one.
    pub short: Option<String>,
    pub label: Text,
    /// How many statements have it: as a property, or as what something is. None while counting.
    pub count: Option<u64>,
}

/// The terms of a state of the data, the most frequent first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// The version of the data that was counted.
    pub version: String,
    pub classes: Vec<Used>,
    pub properties: Vec<Used>,
}

/// The terms as they were counted last.
#[derive(Clone, Default)]
pub struct Usages(Behind<Usage>);

impl Usages {
    /// The terms as they were counted last; without counts where that has never been done and
    /// takes long.
    pub async fn of(&self, dataset: &Dataset, memory: &Memory) -> Result<Arc<Usage>, EntityError> {
        let own = (dataset.clone(), memory.clone());
        let count = move |token| usage(&own.0, &own.1, Some(token));
        if let Some(counted) = self.0.of(dataset.version(), count).await {
            return Ok(counted);
        }
        let own = (dataset.clone(), memory.clone());
        let declared = tokio::task::spawn_blocking(move || usage(&own.0, &own.1, None)).await;
        Ok(Arc::new(declared.map_err(|error| EntityError::Write(error.into()))??))
    }
}

/// The terms that are declared; with a token, also those that are used, counted.
fn usage(
    dataset: &Dataset,
    memory: &Memory,
    token: Option<CancellationToken>,
) -> Result<Usage, EntityError> {
    let known = memory.of(dataset);
    let version = dataset.version();
    let (store, _) = dataset.read();
    let labels = [Language::Italian, Language::English]
        .map(|language| Labels::new(store, language, Arc::clone(&known)));
    let mut classes = declared(store, &CLASSES)?;
    let mut properties = declared(store, &PROPERTIES)?;
    if let Some(token) = token {
        let of_class = "SELECT ?term (COUNT(*) AS ?total) WHERE { ?s a ?term } GROUP BY ?term";
        let of_property = "SELECT ?term (COUNT(*) AS ?total) WHERE { ?s ?term ?o } GROUP BY ?term";
        count(store, of_class, &token, &mut classes)?;
        count(store, of_property, &token, &mut properties)?;
    }
    let named = |terms: BTreeMap<String, Option<u64>>| -> Result<Vec<Used>, EntityError> {
        let mut named = Vec::new();
        for (iri, count) in terms {
            let [it, en] = [labels[0].link(&iri)?, labels[1].link(&iri)?];
            let label = Text::new(it.label.text, en.label.text);
            named.push(Used { short: short(&iri), iri, label, count });
        }
        // What is used most first; the rest by name.
        named.sort_by_key(|term| std::cmp::Reverse(term.count));
        Ok(named)
    };
    Ok(Usage { version, classes: named(classes)?, properties: named(properties)? })
}

fn declared(
    store: &Store,
    kinds: &[NamedNodeRef<'_>],
) -> Result<BTreeMap<String, Option<u64>>, EntityError> {
    let mut terms = BTreeMap::new();
    for kind in kinds {
        for quad in store.quads_for_pattern(None, Some(rdf::TYPE), Some((*kind).into()), None) {
            if let NamedOrBlankNode::NamedNode(term) = quad?.subject {
                terms.insert(term.into_string(), None);
            }
        }
    }
    Ok(terms)
}

/// Counts by the evaluator, which need not spell every term out.
fn count(
    store: &Store,
    query: &str,
    token: &CancellationToken,
    terms: &mut BTreeMap<String, Option<u64>>,
) -> Result<(), EntityError> {
    let query = SparqlParser::new().parse_query(query)?;
    let mut prepared = SparqlEvaluator::new()
        .without_default_http_service_handler()
        .with_cancellation_token(token.clone())
        .for_query(query);
    prepared.dataset_mut().set_default_graph_as_union();
    let results = prepared.on_store(store).execute().map_err(EntityError::from_query)?;
    let QueryResults::Solutions(solutions) = results else { return Ok(()) };
    for count in terms.values_mut() {
        *count = Some(0);
    }
    for solution in solutions {
        let solution = solution.map_err(EntityError::from_query)?;
        if let (Some(Term::NamedNode(term)), Some(Term::Literal(total))) =
            (solution.get("term"), solution.get("total"))
        {
            terms.insert(term.as_str().to_owned(), total.value().parse().ok());
        }
    }
    Ok(())
}

/// A term with its prefix, if its local name needs no escape. SPARQL 1.1, section 4.1.1.
fn short(iri: &str) -> Option<String> {
    NamedNode::new(iri).ok()?;
    let plain = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    PREFIXES.iter().find_map(|(prefix, namespace)| {
        let name = iri.strip_prefix(namespace).filter(|name| plain(name))?;
        Some(format!("{prefix}:{name}"))
    })
}
