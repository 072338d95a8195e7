//! Turns a SPARQL update into entries of the log: runs it on trial, collects what it adds and
//! removes, groups that by record, validates, and writes one change. SPARQL 1.1 Update.

use super::answer::calls;
use super::run::StopOnDrop;
use super::scratch::{Delta, Scratch};
use super::target::{check_writable, graph_of, named_targets};
use crate::iri::{graph_key, record_of_subject};
use crate::schema::{Finding, Severity, Shapes};
use crate::sparql::{MOST, is_too_deep, until_stopped, watch_pattern, watcher};
use crate::store::{
    CheckError, Checker, Dataset, DatasetError, Declared, Entry, Group, GroupError, Header,
    Hierarchy, Key, Mode, Tally, Triples, View,
};
use oxigraph::model::{BlankNode, GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, SparqlSyntaxError};
use oxigraph::store::{StorageError, Store};
use spareval::{DeleteInsertQuad, QueryDatasetSpecification, QueryEvaluator};
use spargebra::algebra::GraphTarget;
use spargebra::term;
use spargebra::{GraphUpdateOperation, SparqlParser, Update};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// Why an update was refused. Nothing of it has been kept.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    #[error("the update is not SPARQL 1.1: {0}")]
    Syntax(#[from] SparqlSyntaxError),
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
    #[error("using-graph-uri and USING or WITH exclude each other; keep one")]
    TwoDatasets,
    #[error("the graph {0} exists already; use CREATE SILENT if that does not matter")]
    Exists(String),
    #[error("the graph {0} does not exist; use SILENT if that does not matter")]
    NoGraph(String),
    #[error("the update would leave records that do not fit their shapes")]
    Invalid(Vec<Finding>),
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
        let mut update = parser.parse_update(&self.update)?;
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

/// Runs the update in a transaction that is thrown away.
fn try_out(
    store: &Store,
    mode: &Mode,
    update: &Update,
    using: Option<&QueryDatasetSpecification>,
    evaluator: &QueryEvaluator,
) -> Result<Delta, UpdateError> {
    for graph in update.operations.iter().flat_map(named_targets) {
        check_writable(mode, &graph)?;
    }
    let mut scratch = Scratch { transaction: store.start_transaction()?, delta: Delta::default() };
    for operation in &update.operations {
        run(&mut scratch, mode, update, operation, using, evaluator)?;
    }
    let delta = scratch.delta;
    let touched = delta.added.iter().chain(&delta.removed).map(|quad| &quad.graph_name);
    for graph in touched.chain(delta.graphs.iter().map(|(graph, _)| graph)) {
        check_writable(mode, graph)?;
    }
    Ok(delta)
}

fn run(
    scratch: &mut Scratch<'_>,
    mode: &Mode,
    update: &Update,
    operation: &GraphUpdateOperation,
    protocol_using: Option<&QueryDatasetSpecification>,
    evaluator: &QueryEvaluator,
) -> Result<(), UpdateError> {
    match operation {
        GraphUpdateOperation::InsertData { data } => {
            let mut fresh = HashMap::new();
            for quad in data {
                scratch.insert(fresh_quad(quad, &mut fresh))?;
            }
        }
        GraphUpdateOperation::DeleteData { data } => {
            for quad in data {
                scratch.remove(ground_quad(quad))?;
            }
        }
        GraphUpdateOperation::DeleteInsert { delete, insert, using, pattern } => {
            let mut prepared = evaluator.prepare_delete_insert(
                delete.clone(),
                insert.clone(),
                update.base_iri.clone(),
                using.clone(),
                pattern,
            );
            let spec = prepared.dataset_mut();
            if let Some(using) = protocol_using {
                spec.clone_from(using);
            } else if spec.is_default_dataset() && matches!(mode, Mode::Node(_)) {
                spec.set_default_graph_as_union();
            }
            let quads: Vec<DeleteInsertQuad> =
                prepared.execute(View::of(&scratch.transaction))?.collect::<Result<_, _>>()?;
            for quad in &quads {
                if let DeleteInsertQuad::Delete(quad) = quad {
                    scratch.remove(quad.clone())?;
                }
            }
            for quad in quads {
                if let DeleteInsertQuad::Insert(quad) = quad {
                    scratch.insert(quad)?;
                }
            }
        }
        GraphUpdateOperation::Create { graph, silent } => {
            let name = GraphName::from(graph.clone());
            if scratch.transaction.contains_named_graph(graph)? {
                if !silent {
                    return Err(UpdateError::Exists(graph.to_string()));
                }
            } else {
                scratch.set_existence(&name, true)?;
            }
        }
        GraphUpdateOperation::Clear { graph, silent } => {
            empty(scratch, mode, graph, *silent, false)?;
        }
        GraphUpdateOperation::Drop { graph, silent } => empty(scratch, mode, graph, *silent, true)?,
        // Without SILENT it has been refused; with it, a failure counts as success. Section 3.1.4.
        GraphUpdateOperation::Load { .. } => {}
    }
    Ok(())
}

/// CLEAR and DROP. In a node `ALL` and `NAMED` mean the graphs that may be written.
fn empty(
    scratch: &mut Scratch<'_>,
    mode: &Mode,
    target: &GraphTarget,
    silent: bool,
    drop: bool,
) -> Result<(), UpdateError> {
    let named = |scratch: &Scratch<'_>| -> Result<Vec<GraphName>, StorageError> {
        let names: Result<Vec<NamedOrBlankNode>, _> = scratch.transaction.named_graphs().collect();
        let names = names?.into_iter().filter(|name| !crate::store::is_mark(name));
        Ok(names.map(GraphName::from).collect())
    };
    let graphs = match target {
        GraphTarget::NamedNode(graph) => {
            if !scratch.transaction.contains_named_graph(graph)? {
                return if silent { Ok(()) } else { Err(UpdateError::NoGraph(graph.to_string())) };
            }
            vec![graph.clone().into()]
        }
        GraphTarget::DefaultGraph => vec![GraphName::DefaultGraph],
        GraphTarget::NamedGraphs => named(scratch)?,
        GraphTarget::AllGraphs => {
            let mut graphs = named(scratch)?;
            graphs.push(GraphName::DefaultGraph);
            graphs
        }
    };
    let all = matches!(target, GraphTarget::NamedGraphs | GraphTarget::AllGraphs);
    for graph in graphs {
        if all && check_writable(mode, &graph).is_err() {
            continue;
        }
        for quad in scratch.quads_of(&graph)? {
            scratch.remove(quad)?;
        }
        if drop {
            scratch.set_existence(&graph, false)?;
        }
    }
    Ok(())
}

/// Blank nodes of INSERT DATA are new ones each time. SPARQL 1.1 Update, section 3.1.1.
fn fresh_quad(quad: &term::Quad, fresh: &mut HashMap<BlankNode, BlankNode>) -> Quad {
    let mut renamed = |node: &BlankNode| fresh.entry(node.clone()).or_default().clone();
    let subject = match &quad.subject {
        NamedOrBlankNode::BlankNode(node) => renamed(node).into(),
        named @ NamedOrBlankNode::NamedNode(_) => named.clone(),
    };
    let object = match &quad.object {
        Term::BlankNode(node) => renamed(node).into(),
        other => other.clone(),
    };
    Quad::new(subject, quad.predicate.clone(), object, graph_of(&quad.graph_name))
}

/// A quad of DELETE DATA, which holds no blank nodes.
fn ground_quad(quad: &term::GroundQuad) -> Quad {
    let (subject, predicate) = (quad.subject.clone(), quad.predicate.clone());
    Quad::new(subject, predicate, Term::from(quad.object.clone()), graph_of(&quad.graph_name))
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

async fn check(
    dataset: &Dataset,
    shapes: Arc<Shapes>,
    entries: &[Entry],
) -> Result<(), UpdateError> {
    let put = |entry: &Entry| Some((entry.key.clone(), entry.after.clone()?));
    let records: Vec<(Key, Triples)> = entries.iter().filter_map(put).collect();
    let mut checker = Checker::new(shapes, dataset);
    let store = dataset.read().0.clone();
    let check = move || -> Result<Vec<Finding>, UpdateError> {
        let mut hierarchy = Hierarchy::default();
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
