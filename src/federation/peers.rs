//! The list of peers: read, changed, checked. Every reading also tells the way out who may be asked,
//! so that a peer added by another process is one from the next reading on.

use super::error::PeerError;
use super::harvest::Run;
use super::health::Problem;
use super::kind::Trust;
use super::look::look;
use super::peer::Peer;
use super::proposal::Proposal;
use crate::net::{Net, Origin, Url};
use crate::store::{CheckRow, Log};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Notify;

/// More words about a problem are not kept: a peer may have chosen them.
const DETAIL: usize = 500;

/// The list of peers. Clones share it.
#[derive(Clone)]
pub struct Peers {
    log: Log,
    net: Net,
    /// Where this node itself stands.
    own: Arc<[Url]>,
    added: Arc<Notify>,
    /// What any of them was trusted with when the list was last read.
    trusted: Arc<RwLock<BTreeSet<Trust>>>,
}

impl Peers {
    /// The peers that a log's database lists, asked through this way out, by the node at these
    /// addresses.
    pub fn new(log: Log, net: Net, own: impl IntoIterator<Item = Url>) -> Self {
        Self {
            log,
            net,
            own: own.into_iter().collect(),
            added: Arc::default(),
            trusted: Arc::default(),
        }
    }

    /// How old what was taken over from a peer is: when the last harvest of it ended that nothing
    /// stopped.
    pub async fn copied(&self, peer: &Peer) -> Result<Option<String>, PeerError> {
        let ended = self.log.last_whole_harvest(&peer.name).await?;
        Ok(ended.filter(|_| peer.may(Trust::Harvest)))
    }

    /// The way out, which leads to the peers as they were last listed.
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// Every peer, by name.
    pub async fn list(&self) -> Result<Vec<Peer>, PeerError> {
        let rows = self.log.peers().await?;
        let mut peers: Vec<Peer> = rows.into_iter().map(Peer::read).collect::<Result<_, _>>()?;
        let mut runs = self.log.last_harvests().await?;
        for peer in &mut peers {
            peer.harvest = runs.remove(&peer.name).map(Run::read);
        }
        let origins = peers.iter().filter_map(|peer| Some((Origin::of(&peer.base)?, peer.reach)));
        self.net.allow(origins);
        let trusted = peers.iter().flat_map(|peer| peer.trust.iter().copied()).collect();
        *self.trusted.write().unwrap_or_else(PoisonError::into_inner) = trusted;
        Ok(peers)
    }

    /// Whether any peer was trusted with this when the list was last read, for those who only want
    /// to point to it.
    pub fn any(&self, trust: Trust) -> bool {
        self.trusted.read().unwrap_or_else(PoisonError::into_inner).contains(&trust)
    }

    /// One peer.
    pub async fn find(&self, name: &str) -> Result<Peer, PeerError> {
        let found = self.list().await?.into_iter().find(|peer| peer.name == name);
        found.ok_or_else(|| PeerError::Unknown(name.to_owned()))
    }

    /// Puts a peer on the list. Nobody is asked anything yet.
    pub async fn add(&self, proposal: Proposal, now: Timestamp) -> Result<Peer, PeerError> {
        let peer = proposal.accept(&self.own, now)?;
        if !self.log.keep_peer(&peer.row()).await? {
            let others = self.list().await?;
            let same =
                others.into_iter().find(|other| other.name != peer.name && other.base == peer.base);
            return Err(match same {
                Some(other) => PeerError::Listed { base: other.base.into(), name: other.name },
                None => PeerError::Taken(peer.name),
            });
        }
        self.list().await?;
        self.added.notify_one();
        Ok(peer)
    }

    /// Takes a peer off the list; it is asked nothing any more.
    pub async fn remove(&self, name: &str) -> Result<(), PeerError> {
        if !self.log.remove_peer(name).await? {
            return Err(PeerError::Unknown(name.to_owned()));
        }
        self.list().await?;
        Ok(())
    }

    /// Looks at a peer and keeps what was found.
    pub async fn check(&self, name: &str, now: Timestamp) -> Result<Peer, PeerError> {
        let peer = self.find(name).await?;
        let mut check = CheckRow { checked: now.to_string(), ..CheckRow::default() };
        match look(&self.net, &peer, now).await {
            Ok(told) => {
                check.answered.clone_from(&check.checked);
                check.latency = u64::try_from(told.took.as_millis()).ok();
                check.triples = told.counts.triples;
                check.records = told.counts.records;
                check.seq = told.counts.seq;
            }
            Err(Problem { kind, detail }) => {
                check.problem = kind.name().to_owned();
                check.detail = detail.chars().take(DETAIL).collect();
            }
        }
        // It may have been taken off the list meanwhile; then there is nothing to keep.
        self.log.keep_check(name, &check).await?;
        self.find(name).await
    }

    /// Waits until this process has put a peer on the list.
    pub(super) async fn were_added(&self) {
        self.added.notified().await;
    }
}
