//! A query over this node and the peers that may answer queries: who is asked, how the answer
//! comes, what is kept of how it went. Knows no HTTP.

use super::endpoint::Endpoint;
use super::error::PeerError;
use super::identity::names_of;
use super::kind::{Kind, Trust};
use super::peer::Peer;
use super::peers::Peers;
use super::reports::Reports;
use super::summaries::{Ages, OwnSummary, Summaries};
use crate::engine::{
    EngineError, Explanation, Federation, GraphSource, Identity, Options, Outcome, Planned, Report,
    Source, Summary, ends_named,
};
use crate::media::Media;
use crate::net::Url;
use crate::query::{RunError, Running, Shown, first, stream, write};
use crate::store::{Dataset, GraphError, Mode};
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode};
use oxigraph::sparql::QueryResults;
use oxigraph::store::StorageError;
use serde_json::{Value, json};
use spargebra::Query;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The path of an endpoint below a node of this software.
const ENDPOINT: &str = "/sparql";
/// How long a query waits until this node's own graphs are counted.
const PATIENCE: Duration = Duration::from_millis(50);

/// Why a federated query could not be planned.
#[derive(Debug, thiserror::Error)]
pub enum FederatedError {
    #[error(transparent)]
    Peers(#[from] PeerError),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("a task of the query ended without an answer")]
    Task(#[from] tokio::task::JoinError),
}

/// The node and its peers as one graph. Clones share everything.
#[derive(Clone)]
pub struct Federated {
    peers: Peers,
    dataset: Dataset,
    name: NamedNode,
    /// How long a query may take.
    limit: Duration,
    summaries: Summaries,
    pub reports: Reports,
    /// The summary of this node's own graphs.
    pub summary: OwnSummary,
}

/// A federated query whose answer is coming.
pub struct Asked {
    pub running: Running,
    /// By what its report is called, once there is one.
    pub report: String,
}

/// The beginning of an answer, and how the query went up to there.
pub struct Seen {
    pub shown: Result<Shown, RunError>,
    pub report: Report,
    pub explanation: Explanation,
}

impl Federated {
    /// A node by its address, and its peers, whose summaries may be of these ages.
    pub fn new(
        peers: Peers,
        dataset: Dataset,
        name: NamedNode,
        limit: Duration,
        ages: Ages,
    ) -> Self {
        let summaries = Summaries::new(peers.net().clone(), ages);
        let (summary, reports) = (OwnSummary::new(dataset.clone()), Reports::default());
        Self { peers, dataset, name, limit, summaries, reports, summary }
    }

    /// Plans a query over the node and all peers that are trusted with queries. For one that is being
    /// left alone, since it failed too often, stands in what was taken over from it, if anything was.
    pub async fn plan(&self, query: &Query, options: Options) -> Result<Planned, FederatedError> {
        let mut peers = self.peers.list().await?;
        peers.retain(|peer| peer.may(Trust::Query));
        let (own, known) = tokio::join!(self.summary.within(PATIENCE), self.summaries.of(&peers));
        let own = self.own(&peers, own.map(|counted| Arc::clone(&counted.summary)))?;
        let mut sources: Vec<Arc<dyn Source>> = vec![Arc::new(own)];
        for (peer, known) in peers.iter().zip(known) {
            let Some((name, url)) = endpoint(peer) else { continue };
            let copy = match self.peers.net().is_resting(&url) {
                true => self.peers.copied(peer).await?,
                false => None,
            };
            sources.push(match copy {
                Some(moment) => Arc::new(self.copy(peer, (name, url), moment)),
                None => {
                    let net = self.peers.net().clone();
                    let endpoint = Endpoint::new(name, url, net, self.limit, known);
                    let is_node = peer.kind == Kind::FamilyLab;
                    Arc::new(if is_node { endpoint.of_node() } else { endpoint })
                }
            });
        }
        let options = Options { limit: self.limit, ..options };
        Ok(Federation::new(sources).plan(query, options)?)
    }

    /// By what other names the things go that a query names.
    pub async fn identity(&self, query: &Query) -> Result<Identity, FederatedError> {
        let Mode::Node(base) = self.dataset.mode() else { return Ok(Identity::new()) };
        let (base, dataset) = (base.clone(), self.dataset.clone());
        let (named, peers) = (ends_named(query), self.peers.list().await?);
        let work = move || names_of(dataset.read().0, &base, &peers, &named);
        Ok(tokio::task::spawn_blocking(work).await??)
    }

    /// Runs a query and streams its answer. `held` is kept until it ends.
    pub fn run<H: Send + 'static>(&self, planned: Planned, media: Media, held: H) -> Asked {
        let (reports, name) = (self.reports.clone(), Reports::name());
        let (kept, stop) = (name.clone(), planned.stop().drop_guard());
        let running = stream(self.limit, held, move |_, mut out| {
            let outcome = planned.run(|results| write(results, media, &mut out));
            reports.keep(kept, told(&outcome));
            match outcome.value? {
                Err(RunError::Evaluation(error)) => Err(EngineError::from(error).into()),
                written => written,
            }
        });
        Asked { running: running.with(stop), report: name }
    }

    /// Runs a query to its end without its answer, and tells how that went. Blocking.
    pub fn explain(planned: Planned) -> Result<Value, EngineError> {
        let outcome = planned.run(drain);
        let told = told(&outcome);
        outcome.value??;
        Ok(told)
    }

    /// Runs a query until so many of its results are there; the others are not asked for. Blocking.
    pub fn show(planned: Planned, most: u64) -> Seen {
        let since = Instant::now();
        let Outcome { value, report, explanation } =
            planned.run(|results| first(results, most, since));
        let shown = match value {
            Err(error) => Err(error.into()),
            Ok(Err(RunError::Evaluation(error))) => Err(EngineError::from(error).into()),
            Ok(shown) => shown,
        };
        Seen { shown, report, explanation }
    }

    /// This node's graphs, without what was taken over from those that are asked themselves. A summary
    /// of all of them says no less.
    fn own(
        &self,
        asked: &[Peer],
        summary: Option<Arc<Summary>>,
    ) -> Result<GraphSource, GraphError> {
        let graphs = match self.dataset.mode() {
            Mode::Node(base) => {
                let is_asked = |graph: &NamedOrBlankNode| {
                    let NamedOrBlankNode::NamedNode(graph) = graph else { return false };
                    let peer = base.peer_of(graph.as_str());
                    peer.is_some_and(|name| asked.iter().any(|peer| peer.name == name))
                };
                let names = self.dataset.graph().names()?.into_iter();
                names.filter(|graph| !is_asked(graph)).map(Into::into).collect()
            }
            _ => vec![GraphName::DefaultGraph],
        };
        let store = self.dataset.read().0.clone();
        let name = self.name.clone();
        let endpoint =
            NamedNode::new_unchecked(format!("{}{ENDPOINT}", name.as_str().trim_end_matches('/')));
        Ok(GraphSource::new(name, store, graphs, summary).with_endpoint(endpoint))
    }

    /// What was taken over from a peer, by the peer's own name.
    fn copy(&self, peer: &Peer, (name, url): (NamedNode, Url), moment: String) -> GraphSource {
        let graphs = match self.dataset.mode() {
            Mode::Node(base) => vec![base.harvested(&peer.name).into()],
            // Nothing is taken over into a plain store.
            _ => Vec::new(),
        };
        let store = self.dataset.read().0.clone();
        let copy = GraphSource::new(name, store, graphs, None).copied_at(moment);
        // An address that is no IRI cannot be written in a query.
        match NamedNode::new(url.as_str()) {
            Ok(endpoint) => copy.with_endpoint(endpoint),
            Err(_) => copy,
        }
    }
}

/// The name and the endpoint of a peer that has one.
fn endpoint(peer: &Peer) -> Option<(NamedNode, Url)> {
    let url = match peer.kind {
        Kind::FamilyLab => peer.at(ENDPOINT),
        Kind::Sparql => peer.base.clone(),
        Kind::Ldes | Kind::Oai | Kind::Dump => return None,
    };
    Some((NamedNode::new(peer.address()).ok()?, url))
}

/// Reads results to their end.
fn drain(results: QueryResults<'_>) -> Result<(), EngineError> {
    match results {
        QueryResults::Solutions(solutions) => {
            for solution in solutions {
                solution?;
            }
        }
        QueryResults::Graph(triples) => {
            for triple in triples {
                triple?;
            }
        }
        QueryResults::Boolean(_) => {}
    }
    Ok(())
}

/// What is told of how a query went.
fn told<T>(outcome: &Outcome<T>) -> Value {
    let mut told = json!({
        "complete": outcome.report.complete,
        "sources": outcome.report.sources,
        "plan": outcome.explanation,
        "text": outcome.explanation.to_string(),
    });
    if !outcome.report.unlisted.is_empty() {
        told["unlisted"] = json!(outcome.report.unlisted);
    }
    told
}
