//! Runs one test of the query suites with its data dealt out to some sources, in all ways, and
//! holds the answer against that of one store. Refuses to know what the suite expects.

use crate::answer::bag;
use crate::data;
use crate::evaluate::{ask, files, named_by};
use crate::manifest::{Test, qt};
use crate::split::{WAYS, Way, split};
use anyhow::{Context, Result, ensure};
use familylab::engine::{Federation, GraphSource, Options, Source, Summary};
use oxigraph::model::{GraphName, NamedNode, Quad, Triple};
use oxigraph::sparql::{QueryEvaluationError, SparqlEvaluator};
use oxigraph::store::Store;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spargebra::{Query, SparqlParser};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Into how many sources the data is dealt out at most.
const MOST: usize = 4;

/// The data of a test and the answer of one store.
struct Case {
    query: Query,
    default: Vec<Triple>,
    named: BTreeMap<String, Vec<Triple>>,
    blank_nodes: HashSet<String>,
    expected: Result<Vec<String>, QueryEvaluationError>,
}

/// Whether a test is one of an answer.
pub fn is_query(test: &Test) -> bool {
    matches!(test.kind.as_str(), "QueryEvaluationTest" | "CSVResultFormatTest")
}

/// Runs a test with its data dealt out in each way to one source, to two, and so on.
pub fn run(runtime: &Runtime, test: &Test) -> Result<()> {
    let case = Case::read(test)?;
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    for way in WAYS {
        for count in 1..=MOST {
            let got = case.answer(runtime, way, count, &mut chance)?;
            match (&got, &case.expected) {
                (Ok(got), Ok(expected)) => ensure!(
                    got == expected,
                    "dealt out to {count} by {way:?} it answers\n{}\nnot\n{}",
                    got.join("\n"),
                    expected.join("\n")
                ),
                (Err(_), Err(_)) => {}
                _ => anyhow::bail!("{count} by {way:?}: {got:?}, not {:?}", case.expected),
            }
        }
    }
    Ok(())
}

impl Case {
    fn read(test: &Test) -> Result<Self> {
        let action = test.action()?;
        let ask = ask(action.need(&qt("query"))?.text())?;
        let mut held = files(&action, qt)?;
        held.extend(named_by(&ask)?);
        let mut parser = SparqlParser::new();
        if let Some(base) = &ask.base {
            parser = parser.with_base_iri(base)?;
        }
        let query = parser.parse_query(&ask.query)?;
        let union = Store::new()?;
        let (mut default, mut named) = (Vec::new(), BTreeMap::<String, Vec<Triple>>::new());
        for (graph, url) in held {
            let part = match &graph {
                GraphName::NamedNode(name) => {
                    union.insert_named_graph(name)?;
                    named.entry(name.as_str().to_owned()).or_default()
                }
                _ => &mut default,
            };
            for quad in data::quads(&url, &graph)? {
                union.insert(&quad)?;
                part.push(quad.into());
            }
        }
        let all = union.quads_for_pattern(None, None, None, None);
        let texts =
            all.map(|quad| quad.map(|quad| quad.to_string())).collect::<Result<Vec<_>, _>>();
        let blank_nodes = blank_labels(&texts?.join(" "));
        let results = SparqlEvaluator::new().for_query(query.clone()).on_store(&union).execute();
        let expected = results.and_then(|results| bag(results, &blank_nodes));
        Ok(Self { query, default, named, blank_nodes, expected })
    }

    fn answer(
        &self,
        runtime: &Runtime,
        way: Way,
        count: usize,
        chance: &mut ChaCha8Rng,
    ) -> Result<Result<Vec<String>>> {
        let parts = split(&self.default, count, way, &mut |end| chance.random_range(0..end));
        let mut options = Options::default();
        let mut sources: Vec<Arc<dyn Source>> = Vec::new();
        let mut default = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            let name = NamedNode::new(format!("urn:source:{number}"))?;
            default.push(name.clone());
            sources.push(source(name, part)?);
        }
        for (name, part) in &self.named {
            sources.push(source(NamedNode::new(name)?, part)?);
        }
        if self.query.dataset().is_none() {
            options.default = Some(default);
            let names = self.named.keys().map(NamedNode::new);
            options.named = Some(names.collect::<Result<_, _>>()?);
        }
        let planned = Federation::new(sources).plan(&self.query, options)?;
        let blank_nodes = self.blank_nodes.clone();
        let outcome = runtime.block_on(async move {
            let run = move || planned.run(|results| bag(results, &blank_nodes));
            tokio::task::spawn_blocking(run).await
        });
        let value = outcome.context("it panicked")?.value;
        Ok(value.map_err(Into::into).and_then(|lines| lines.map_err(Into::into)))
    }
}

fn source(name: NamedNode, triples: &[Triple]) -> Result<Arc<dyn Source>> {
    let store = Store::new()?;
    for triple in triples {
        let Triple { subject, predicate, object } = triple.clone();
        store.insert(&Quad::new(subject, predicate, object, GraphName::DefaultGraph))?;
    }
    let summary = Summary::read(triples.iter().cloned().map(Ok::<_, anyhow::Error>), None)?;
    let graphs = vec![GraphName::DefaultGraph];
    Ok(Arc::new(GraphSource::new(name, store, graphs, Some(Arc::new(summary)))))
}

fn blank_labels(text: &str) -> HashSet<String> {
    let words = text.split_whitespace().filter_map(|word| word.strip_prefix("_:"));
    words.map(str::to_owned).collect()
}
