//! The harvests of all peers: begins and ends runs, one a peer at a time, tells of them, and takes away
//! what came from a peer that is not listed any more. Refuses to know when a run is due.

use super::super::kind::{Kind, Trust};
use super::super::peer::Peer;
use super::super::peers::Peers;
use super::door::Door;
use super::error::HarvestError;
use super::provenance::Origin;
use super::run::{Run, kept_back, moment};
use super::{dump, endpoint, repository, stream};
use crate::iri::Base;
use crate::schema::Shapes;
use crate::store::{Dataset, DatasetError, Declared, HarvestRow, Header, RunRow};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// The stream of a node of this software.
const STREAM: &str = "/ldes";
/// More records that are kept back are counted, not listed.
const MOST_LISTED: usize = 1000;
/// More words about a problem are not kept: a peer may have chosen them.
const DETAIL: usize = 500;
/// The kind of a problem that is this node's own.
const FAILED: &str = "failed";

/// The harvests of all peers. Clones share them.
#[derive(Clone)]
pub struct Harvests {
    peers: Peers,
    dataset: Dataset,
    shapes: Arc<Shapes>,
    base: Base,
    running: Arc<Mutex<HashSet<String>>>,
    stop: CancellationToken,
}

/// The right to harvest a peer. Dropped, another run may begin.
struct Turn {
    peer: String,
    running: Arc<Mutex<HashSet<String>>>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        lock(&self.running).remove(&self.peer);
    }
}

fn lock(running: &Mutex<HashSet<String>>) -> MutexGuard<'_, HashSet<String>> {
    // A lock's poison means a panic between two steps that each leave the set whole.
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Harvests {
    /// The harvests of a node's peers into its dataset.
    pub fn new(peers: Peers, dataset: Dataset, shapes: Arc<Shapes>, base: Base) -> Self {
        let (running, stop) = (Arc::default(), CancellationToken::new());
        Self { peers, dataset, shapes, base, running, stop }
    }

    /// Harvests a peer from where the last run ended, to its end. A peer that does not answer as it
    /// should is told of in what is given back, and so is a failure of this node.
    pub async fn run(&self, name: &str) -> Result<Run, HarvestError> {
        let _turn = self.turn(name)?;
        let peer = self.trusted(name).await?;
        self.harvest(&peer).await
    }

    /// Begins to harvest a peer; the run goes on until its end or that of the node.
    pub async fn begin(&self, name: &str) -> Result<(), HarvestError> {
        let turn = self.turn(name)?;
        let peer = self.trusted(name).await?;
        let harvests = self.clone();
        tokio::spawn(async move {
            let _turn = turn;
            tokio::select! {
                () = harvests.stop.cancelled() => {}
                done = harvests.harvest(&peer) => if let Err(error) = done {
                    tracing::error!(%error, "the harvest of {} could not begin", peer.name);
                },
            }
        });
        Ok(())
    }

    /// Ends all runs; what they have taken over stays, and the next ones go on from there.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Takes away what came from peers that are not listed any more, or whose name now means another.
    pub async fn sweep(&self) -> Result<(), HarvestError> {
        let peers = self.peers.list().await?;
        for row in self.dataset.log().harvests().await? {
            let is_listed = peers.iter().any(|peer| {
                peer.name == row.peer && peer.address() == row.base && peer.may(Trust::Harvest)
            });
            if !is_listed && let Ok(_turn) = self.turn(&row.peer) {
                self.forget(&row.peer).await?;
            }
        }
        Ok(())
    }

    /// Who may be harvested, and whether somebody wants that now.
    pub(super) async fn all(&self) -> Result<Vec<(Peer, bool)>, HarvestError> {
        let rows = self.dataset.log().harvests().await?;
        let is_wanted = |name: &str| {
            let row = rows.iter().find(|row| row.peer == name);
            row.is_some_and(|row| !row.wanted.is_empty())
        };
        let peers = self.peers.list().await?.into_iter();
        let trusted = peers.filter(|peer| peer.may(Trust::Harvest));
        Ok(trusted.map(|peer| (is_wanted(&peer.name), peer)).map(|(is, peer)| (peer, is)).collect())
    }

    /// The peers that are being harvested.
    pub(super) fn running(&self) -> HashSet<String> {
        lock(&self.running).clone()
    }

    /// What everybody may know of the harvests of a peer: the last runs, and what is kept back.
    pub async fn reports(&self, name: &str) -> Result<Value, HarvestError> {
        let (peer, log) = (self.peers.find(name).await?, self.dataset.log());
        let runs = log.harvest_runs(name).await?.into_iter().map(Run::read);
        let listed = log.harvest_quarantine(name, "", MOST_LISTED).await?;
        Ok(json!({
            "peer": peer.name,
            "graph": self.base.harvested(name).as_str(),
            "running": self.running().contains(name),
            "runs": runs.map(|run| run.public()).collect::<Vec<_>>(),
            "quarantined": log.count_kept_back(name).await?,
            "quarantine": listed.iter().map(kept_back).collect::<Vec<_>>(),
        }))
    }

    fn turn(&self, name: &str) -> Result<Turn, HarvestError> {
        if !lock(&self.running).insert(name.to_owned()) {
            return Err(HarvestError::Running(name.to_owned()));
        }
        Ok(Turn { peer: name.to_owned(), running: Arc::clone(&self.running) })
    }

    async fn trusted(&self, name: &str) -> Result<Peer, HarvestError> {
        let peer = self.peers.find(name).await?;
        if !peer.may(Trust::Harvest) {
            return Err(HarvestError::NotTrusted(name.to_owned()));
        }
        Ok(peer)
    }

    async fn harvest(&self, peer: &Peer) -> Result<Run, HarvestError> {
        let (log, address) = (self.dataset.log(), peer.address());
        let known = log.harvests().await?.into_iter().find(|row| row.peer == peer.name);
        let known = match known {
            Some(row) if row.base != address => {
                self.forget(&peer.name).await?;
                None
            }
            known => known,
        };
        let HarvestRow { bookmark, .. } = known.unwrap_or_default();
        log.begin_harvest(&peer.name, address).await?;
        let started = Timestamp::now();
        let mut door = Door {
            dataset: self.dataset.clone(),
            shapes: Arc::clone(&self.shapes),
            base: self.base.clone(),
            origin: Origin {
                graph: self.base.harvested(&peer.name).into_string(),
                source: address.to_owned(),
                node: self.base.as_str().to_owned(),
                started,
            },
            declared: Arc::new(Declared::default()),
            number: None,
            run: RunRow { peer: peer.name.clone(), started: moment(started), ..RunRow::default() },
        };
        door.keep(None).await?;
        let mut done = self.read(peer, &mut door, &bookmark).await;
        if done.is_ok() {
            done = door.try_again().await;
        }
        self.end(door, done).await
    }

    async fn read(&self, peer: &Peer, door: &mut Door, bookmark: &str) -> Result<(), HarvestError> {
        let net = self.peers.net();
        match peer.kind {
            Kind::FamilyLab => stream::harvest(net, door, (peer, &peer.at(STREAM)), bookmark).await,
            Kind::Ldes => stream::harvest(net, door, (peer, &peer.base), bookmark).await,
            Kind::Dump => dump::harvest(net, door, &peer.base, bookmark).await,
            Kind::Oai => repository::harvest(net, door, &peer.base, bookmark).await,
            Kind::Sparql => endpoint::harvest(net, door, &peer.base).await,
        }
    }

    /// Keeps how a run went.
    async fn end(
        &self,
        mut door: Door,
        done: Result<(), HarvestError>,
    ) -> Result<Run, HarvestError> {
        door.run.counts.quarantined = self.dataset.log().count_kept_back(door.peer()).await?;
        door.run.ended = moment(Timestamp::now());
        let name = door.peer().to_owned();
        if let Err(error) = done {
            let kind = match &error {
                HarvestError::Problem(problem) => problem.kind.name(),
                _ => FAILED,
            };
            tracing::warn!(peer.name = %name, "the harvest of {name} was broken off: {error}");
            door.run.problem = kind.to_owned();
            door.run.detail = error.to_string().chars().take(DETAIL).collect();
        }
        door.keep(None).await?;
        let counts = door.run.counts;
        tracing::info!(
            peer.name = %name, new = counts.added, changed = counts.changed,
            deleted = counts.deleted, quarantined = counts.quarantined, "{name} was harvested"
        );
        Ok(Run::read(door.run))
    }

    /// Takes away all that came from a peer, in one change, and then forgets where it stood.
    async fn forget(&self, name: &str) -> Result<(), HarvestError> {
        let graph = self.base.harvested(name);
        let note = format!("the peer {name} is not listed any more");
        let header = Header { at: Timestamp::now(), by: "familylab".to_owned(), note };
        let writer = self.dataset.writer().await?;
        let mut append = writer.append(header).await?;
        append.delete_rest(graph.as_str()).await.map_err(DatasetError::from)?;
        writer.commit(append).await?;
        Ok(self.dataset.log().forget_harvest(name).await?)
    }
}
