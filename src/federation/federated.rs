//! A query over this node and the peers that may answer queries: who is asked, how the answer
//! comes, what is kept of how it went. Knows no HTTP.

use super::endpoint::Endpoint;
use super::error::PeerError;
use super::kind::{Kind, Trust};
use super::peer::Peer;
use super::peers::Peers;
use super::reports::Reports;
use crate::engine::{EngineError, Federation, GraphSource, Options, Outcome, Planned, Source};
use crate::media::Media;
use crate::query::{RunError, Running, stream, write};
use crate::store::{Dataset, GraphError, Mode};
use oxigraph::model::{GraphName, NamedNode};
use oxigraph::sparql::QueryResults;
use serde_json::{Value, json};
use spargebra::Query;
use std::sync::Arc;
use std::time::Duration;

/// The path of an endpoint below a node of this software.
const ENDPOINT: &str = "/sparql";

/// Why a federated query could not be planned.
#[derive(Debug, thiserror::Error)]
pub enum FederatedError {
    #[error(transparent)]
    Peers(#[from] PeerError),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// The node and its peers as one graph. Clones share everything.
#[derive(Clone)]
pub struct Federated {
    peers: Peers,
    dataset: Dataset,
    name: NamedNode,
    /// How long a query may take.
    limit: Duration,
    pub reports: Reports,
}

/// A federated query whose answer is coming.
pub struct Asked {
    pub running: Running,
    /// By what its report is called, once there is one.
    pub report: String,
}

impl Federated {
    /// A node by its address, and its peers.
    pub fn new(peers: Peers, dataset: Dataset, name: NamedNode, limit: Duration) -> Self {
        Self { peers, dataset, name, limit, reports: Reports::default() }
    }

    /// Plans a query over the node and all peers that are trusted with queries.
    pub async fn plan(&self, query: &Query, options: Options) -> Result<Planned, FederatedError> {
        let mut sources: Vec<Arc<dyn Source>> = vec![Arc::new(self.own()?)];
        for peer in self.peers.list().await?.iter().filter(|peer| peer.may(Trust::Query)) {
            sources.extend(self.endpoint(peer).map(|source| Arc::new(source) as Arc<dyn Source>));
        }
        let options = Options { limit: self.limit, ..options };
        Ok(Federation::new(sources).plan(query, options)?)
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

    /// This node's own graphs.
    fn own(&self) -> Result<GraphSource, GraphError> {
        let graphs = match self.dataset.mode() {
            Mode::Node(_) => self.dataset.graph().names()?.into_iter().map(Into::into).collect(),
            _ => vec![GraphName::DefaultGraph],
        };
        let store = self.dataset.read().0.clone();
        let name = self.name.clone();
        let endpoint =
            NamedNode::new_unchecked(format!("{}{ENDPOINT}", name.as_str().trim_end_matches('/')));
        Ok(GraphSource::new(name, store, graphs, None).with_endpoint(endpoint))
    }

    /// The endpoint of a peer that has one.
    fn endpoint(&self, peer: &Peer) -> Option<Endpoint> {
        let url = match peer.kind {
            Kind::FamilyLab => peer.at(ENDPOINT),
            Kind::Sparql => peer.base.clone(),
            Kind::Ldes | Kind::Oai | Kind::Dump => return None,
        };
        let name = NamedNode::new(peer.address()).ok()?;
        Some(Endpoint::new(name, url, self.peers.net().clone(), self.limit))
    }
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
