//! Turns a SPARQL update into entries of the log: runs it on trial, collects what it adds and
//! removes, groups that by record, validates, and writes one change. SPARQL 1.1 Update.

use super::answer::calls;
use super::run::StopOnDrop;
use super::scratch::Delta;
use super::trial::try_out;
use crate::iri::{graph_key, record_of_subject};
use crate::schema::{Finding, Severity, Shapes};
use crate::sparql::{MOST, Wrong, is_too_deep, until_stopped, watch_pattern, watcher};
use crate::store::{
    CheckError, Checker, Dataset, DatasetError, Declared, Entry, Group, GroupError, Header,
    Hierarchy, Key, Mode, Tally, Triples,
};
use oxigraph::model::{NamedNode, Quad};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError};
use oxigraph::store::StorageError;
use spareval::{QueryDatasetSpecification, QueryEvaluator};
use spargebra::{GraphUpdateOperation, SparqlParser, Update};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Why an update was refused. Nothing of it has been kept.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    #[error("the update is not SPARQL 1.1: {0}")]
    Syntax(Box<Wrong>),
    #[error("{0:?} is not an absolute IRI, so it cannot name a graph or a base")]
    Iri(String),
    #[error("SERVICE is refused: this endpoint calls no other address")]
    Service,
    #[error("the update is nested or chained more than {MOST} levels deep; write it flatter")]
    TooDeep,
    #[error("LOAD is refused: this node fetches nothing; upload the file to /graphs or import it")]
    Load,
    #[error(
        "the graph {0} may not be written; name a source graph of this node with GRAPH or WITH, \
         such as <{1}>"
    )]
    NotWritable(String, String),
    #[error(
        "{0} takes in graphs that may not be written, such as the vocabularies; name the graphs \
         to empty one by one, such as DROP GRAPH <{1}>"
    )]
    Everything(&'static str, String),
    #[error("using-graph-uri and USING or WITH exclude each other; keep one")]
    TwoDatasets,
    #[error("the graph {0} exists already; use CREATE SILENT if that does not matter")]
    Exists(String),
    #[error("the graph {0} does not exist; use SILENT if that does not matter")]
    NoGraph(String),
    #[error("the update would leave records that do not fit their shapes")]
    Invalid(Vec<Finding>),
    #[error("the update would bring back what was taken down")]
    TakenDown(Vec<Finding>),
    #[error("the update took longer than {0:?} and was stopped; nothing of it was kept")]
    TimedOut(Duration),
    #[error("the update could not be evaluated: {0}")]
    Evaluation(#[from] QueryEvaluationError),
    #[error("the graph's storage failed: {0}")]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Group(#[from] GroupError),
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}

/// An update and the dataset its patterns are matched against. SPARQL 1.1 Protocol, section 2.2.
#[derive(Debug, Clone, Default)]
pub struct UpdateAsk {
    pub update: String,
    pub using_graphs: Vec<String>,
    pub using_named_graphs: Vec<String>,
    pub base: Option<String>,
    /// How long its evaluation may take; without end where absent.
    pub limit: Option<Duration>,
}

/// Runs an update and answers when its change is on disk: the number, or none if it changes
/// nothing.
pub async fn update(
    dataset: &Dataset,
    shapes: Option<Arc<Shapes>>,
    ask: UpdateAsk,
    header: Header,
) -> Result<(Option<u64>, Tally), UpdateError> {
    let (using, limit) = (ask.using()?, ask.limit);
    let parsed = ask.parse(using.is_some())?;
    // Held from the trial to the commit: what the update saw is what it changes.
    let writer = dataset.writer().await?;
    let (store, _) = dataset.read();
    let (store, mode) = (store.clone(), dataset.mode().clone());
    // Cancelled when the caller goes away, and when time is up.
    let stop = StopOnDrop(CancellationToken::new());
    let (name, look) = watcher(stop.0.clone());
    let evaluator = QueryEvaluator::new()
        .with_cancellation_token(stop.0.clone())
        .with_custom_function(name, look);
    let trial = move || try_out(&store, &mode, &parsed, using.as_ref(), &evaluator);
    let trial = tokio::task::spawn_blocking(move || {
        until_stopped(trial).unwrap_or(Err(QueryEvaluationError::Cancelled.into()))
    });
    let delta = match limit {
        None => trial.await,
        Some(limit) => {
            tokio::time::timeout(limit, trial).await.map_err(|_| UpdateError::TimedOut(limit))?
        }
    };
    let delta = delta.map_err(DatasetError::from)??;
    let entries = entries(dataset, delta).await?;
    let blocked = dataset.log().blocks().await.map_err(DatasetError::from)?;
    let blocked = blocked.findings(&written(&entries));
    if !blocked.is_empty() {
        return Err(UpdateError::TakenDown(blocked));
    }
    if let (Some(shapes), Mode::Node(_)) = (shapes, dataset.mode()) {
        check(dataset, shapes, &entries).await?;
    }
    Ok(writer.write(header, entries).await?)
}

impl UpdateAsk {
    /// What the protocol's parameters say the patterns see, if they say anything.
    fn using(&self) -> Result<Option<QueryDatasetSpecification>, UpdateError> {
        if self.using_graphs.is_empty() && self.using_named_graphs.is_empty() {
            return Ok(None);
        }
        let nodes = |iris: &[String]| -> Result<Vec<NamedNode>, UpdateError> {
            let node =
                |iri: &String| NamedNode::new(iri).map_err(|_| UpdateError::Iri(iri.clone()));
            iris.iter().map(node).collect()
        };
        let mut spec = QueryDatasetSpecification::new();
        let default = nodes(&self.using_graphs)?;
        spec.set_default_graph(default.into_iter().map(Into::into).collect());
        let named = nodes(&self.using_named_graphs)?;
        spec.set_available_named_graphs(named.into_iter().map(Into::into).collect());
        Ok(Some(spec))
    }

    fn parse(self, has_using: bool) -> Result<Update, UpdateError> {
        if is_too_deep(&self.update) {
            return Err(UpdateError::TooDeep);
        }
        let mut parser = SparqlParser::new();
        if let Some(base) = self.base {
            parser = parser.with_base_iri(&base).map_err(|_| UpdateError::Iri(base.clone()))?;
        }
        let parse = |text: &str| parser.clone().parse_update(text);
        let wrong = |error| UpdateError::Syntax(Wrong::find(&self.update, error, parse).into());
        let mut update = parse(&self.update).map_err(wrong)?;
        for operation in &mut update.operations {
            match operation {
                GraphUpdateOperation::Load { silent: false, .. } => return Err(UpdateError::Load),
                GraphUpdateOperation::DeleteInsert { using, pattern, .. } => {
                    if calls(pattern) > 0 {
                        return Err(UpdateError::Service);
                    }
                    if has_using && using.is_some() {
                        return Err(UpdateError::TwoDatasets);
                    }
                    watch_pattern(pattern);
                }
                _ => {}
            }
        }
        Ok(update)
    }
}

/// The new state of every record that the delta touches.
async fn entries(dataset: &Dataset, delta: Delta) -> Result<Vec<Entry>, UpdateError> {
    let added = grouped(dataset, delta.added)?;
    let mut removed: BTreeMap<Key, Vec<Quad>> = BTreeMap::new();
    for quad in delta.removed {
        let record = record_of_subject(quad.subject.as_ref());
        removed.entry(Key { graph: graph_key(&quad.graph_name), record }).or_default().push(quad);
    }
    let mut entries = Vec::new();
    let keys: std::collections::BTreeSet<&Key> = added.keys().chain(removed.keys()).collect();
    for key in keys {
        let none = Triples::default();
        let gone = removed.get(key).map_or_else(Triples::default, |quads| {
            Triples::from_triples(quads.iter().map(|quad| quad.as_ref().into()))
        });
        let current = dataset.log().current(key).await.map_err(DatasetError::from)?;
        let after = current.unwrap_or_default().edited(&gone, added.get(key).unwrap_or(&none));
        entries.push(Entry { key: key.clone(), after: (!after.is_empty()).then_some(after) });
    }
    let mut existence: BTreeMap<String, bool> = BTreeMap::new();
    for (graph, exists) in delta.graphs {
        existence.insert(graph_key(&graph), exists);
    }
    for (graph, exists) in existence {
        let key = Key { graph, record: String::new() };
        entries.push(Entry { key, after: exists.then(Triples::default) });
    }
    Ok(entries)
}

/// What is added, by record; in a node blank nodes become fragment IRIs.
fn grouped(
    dataset: &Dataset,
    quads: impl IntoIterator<Item = Quad>,
) -> Result<BTreeMap<Key, Triples>, UpdateError> {
    let mut group = match dataset.mode() {
        Mode::Node(_) => Group::naming_blank_nodes(),
        Mode::Bare => Group::keeping_blank_nodes(),
    };
    for quad in quads {
        group.add(quad)?;
    }
    Ok(group.finish()?.collect::<Result<_, _>>()?)
}

/// The records that these entries write, without those that they delete.
fn written(entries: &[Entry]) -> Vec<(Key, Triples)> {
    let put = |entry: &Entry| Some((entry.key.clone(), entry.after.clone()?));
    entries.iter().filter_map(put).collect()
}

async fn check(
    dataset: &Dataset,
    shapes: Arc<Shapes>,
    entries: &[Entry],
) -> Result<(), UpdateError> {
    let records = written(entries);
    let mut checker = Checker::new(shapes, dataset);
    let store = dataset.read().0.clone();
    let mut hierarchy = Hierarchy::default();
    for Entry { key, .. } in entries {
        hierarchy.note_written(&key.graph, &key.record);
    }
    let check = move || -> Result<Vec<Finding>, UpdateError> {
        for (_, triples) in &records {
            hierarchy.note_all(triples);
        }
        let mut findings = checker.check(&records, &Declared::default())?;
        findings.extend(hierarchy.cycles(&store)?);
        Ok(findings)
    };
    let findings = tokio::task::spawn_blocking(check).await.map_err(DatasetError::from)??;
    let wrong: Vec<Finding> =
        findings.into_iter().filter(|finding| finding.severity == Severity::Violation).collect();
    if wrong.is_empty() { Ok(()) } else { Err(UpdateError::Invalid(wrong)) }
}
