//! Data of some administrations, in one store and dealt out to sources.

use super::answer::bag;
use super::endpoint::{Endpoint, Manner};
use super::split::{Way, split};
use familylab::engine::{EngineError, Federation, GraphSource, Options, Outcome, Source, Summary};
use oxigraph::model::{GraphName, NamedNode, Quad, Triple};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use spargebra::{Query, SparqlParser};
use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// The name of a source's graph.
pub fn node(number: usize) -> NamedNode {
    NamedNode::new_unchecked(format!("https://n{number}.example/"))
}

/// A store with triples in its default graph.
pub fn store(triples: &[Triple]) -> Store {
    let store = Store::new().expect("a store in memory");
    for triple in triples {
        let quad = Quad::new(
            triple.subject.clone(),
            triple.predicate.clone(),
            triple.object.clone(),
            GraphName::DefaultGraph,
        );
        store.insert(&quad).expect("it is in memory");
    }
    store
}

pub fn summary(triples: &[Triple]) -> Arc<Summary> {
    let triples = triples.iter().cloned().map(Ok::<_, Infallible>);
    let Ok(summary) = Summary::read(triples, Some(1));
    Arc::new(summary)
}

/// The same data twice.
pub struct World {
    pub sources: Vec<Arc<dyn Source>>,
    pub union: Store,
    pub blank_nodes: HashSet<String>,
}

impl World {
    /// Every other source is told everything as text; `knows` says which have summaries.
    pub fn of(parts: &[Vec<Triple>], knows: impl Fn(usize) -> bool) -> Self {
        let union = store(&parts.concat());
        let mut sources: Vec<Arc<dyn Source>> = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            let name = node(number);
            for triple in part {
                let quad = Quad::new(
                    triple.subject.clone(),
                    triple.predicate.clone(),
                    triple.object.clone(),
                    name.clone(),
                );
                union.insert(&quad).expect("it is in memory");
            }
            union.insert_named_graph(&name).expect("it is in memory");
            let known = knows(number).then(|| summary(part));
            sources.push(if number % 2 == 0 {
                Arc::new(Endpoint::new(name, store(part), known, Manner::Answers))
            } else {
                let graphs = vec![GraphName::DefaultGraph];
                Arc::new(GraphSource::new(name, store(part), graphs, known))
            });
        }
        let blank_nodes = parts.concat().iter().flat_map(blank_labels).collect();
        Self { sources, union, blank_nodes }
    }

    pub fn split(
        triples: &[Triple],
        count: usize,
        way: Way,
        dice: &mut dyn FnMut(usize) -> usize,
    ) -> Self {
        let parts = split(triples, count, way, dice);
        let all_known = dice(4);
        Self::of(&parts, |number| all_known != 0 || number % 2 == 0)
    }

    /// What one store with all of it answers.
    pub fn expected(&self, query: &Query) -> Vec<String> {
        let results = SparqlEvaluator::new().for_query(query.clone()).on_store(&self.union);
        let results = results.execute().expect("one store can answer it");
        bag(results, &self.blank_nodes).expect("one store answers to the end")
    }

    pub fn federation(&self) -> Federation {
        Federation::new(self.sources.clone())
    }
}

fn blank_labels(triple: &Triple) -> Vec<String> {
    let text = triple.to_string();
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    words.filter_map(|word| word.strip_prefix("_:")).map(str::to_owned).collect()
}

pub fn parse(text: &str) -> Query {
    SparqlParser::new().parse_query(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// Runs a query, and hands the results over on a thread that may block.
pub fn run<T: Send + 'static>(
    runtime: &Runtime,
    federation: &Federation,
    query: &Query,
    options: Options,
    take: impl FnOnce(QueryResults<'static>) -> T + Send + 'static,
) -> Result<Outcome<T>, EngineError> {
    let planned = federation.plan(query, options)?;
    Ok(runtime.block_on(async move {
        tokio::task::spawn_blocking(move || planned.run(take)).await.expect("it does not panic")
    }))
}

/// What a federation answers.
pub fn answer(
    runtime: &Runtime,
    federation: &Federation,
    query: &Query,
    options: Options,
    blank_nodes: &HashSet<String>,
) -> Result<Outcome<Vec<String>>, EngineError> {
    let blank_nodes = blank_nodes.clone();
    let outcome =
        run(runtime, federation, query, options, move |results| bag(results, &blank_nodes))?;
    let Outcome { value, report, explanation } = outcome;
    let value = value.and_then(|lines| lines.map_err(EngineError::from));
    Ok(Outcome { value, report, explanation })
}

pub fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("a runtime")
}
