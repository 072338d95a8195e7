//! The summaries of all peers, in memory: asked for where a query finds none that is fresh, and
//! meanwhile where one ages. Refuses to know what is in them.

use super::count::count;
use super::fetch::{Told, fetch};
use super::state::{State, Verdict};
use crate::engine::Summary;
use crate::federation::kind::Kind;
use crate::federation::peer::Peer;
use crate::net::Net;
use futures::future::join_all;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long a query waits for summaries.
const PATIENCE: Duration = Duration::from_millis(300);
/// After a failure a node is left alone for so long.
const PAUSE: Duration = Duration::from_secs(5);

/// How old a summary may be that a query is planned by.
#[derive(Debug, Clone, Copy)]
pub struct Ages {
    /// Of a node, which tells whether it is still true.
    pub node: Duration,
    /// Of an endpoint, which has to be counted. None is where this is nothing.
    pub endpoint: Duration,
}

/// What is known of one peer's summary, heard of by all who wait for it.
type Shared = Arc<watch::Sender<State>>;

/// The summaries of all peers. Clones share them.
#[derive(Clone)]
pub(in super::super) struct Summaries(Arc<Inner>);

struct Inner {
    net: Net,
    ages: Ages,
    /// By kind and address.
    peers: Mutex<HashMap<(&'static str, String), Shared>>,
}

impl Summaries {
    /// No summaries yet.
    pub fn new(net: Net, ages: Ages) -> Self {
        Self(Arc::new(Inner { net, ages, peers: Mutex::default() }))
    }

    /// Of each peer its summary, or why there is none. All are asked at the same time, and none is
    /// waited for longer than a query can wait. Others than these are forgotten.
    pub async fn of(&self, peers: &[Peer]) -> Vec<Result<Arc<Summary>, String>> {
        let now = Instant::now();
        let states = self.states(peers);
        let found = peers.iter().zip(states).map(|(peer, state)| self.one(peer, state, now));
        join_all(found).await
    }

    fn states(&self, peers: &[Peer]) -> Vec<Shared> {
        let key = |peer: &Peer| (peer.kind.name(), peer.address().to_owned());
        // A lock's poison means a panic between two steps that each leave the map whole.
        let mut known = self.0.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut old = std::mem::take(&mut *known);
        let states = peers.iter().map(|peer| {
            let state = old.remove(&key(peer)).unwrap_or_default();
            known.insert(key(peer), Arc::clone(&state));
            state
        });
        states.collect()
    }

    async fn one(&self, peer: &Peer, state: Shared, now: Instant) -> Result<Arc<Summary>, String> {
        let (age, pause) = match peer.kind {
            Kind::FamilyLab => (self.0.ages.node, self.0.ages.node.min(PAUSE)),
            // Counting is much to ask, so who could not is not asked again soon.
            _ => (self.0.ages.endpoint, self.0.ages.endpoint),
        };
        if peer.kind != Kind::FamilyLab && age.is_zero() {
            return Err("endpoints are not counted here".to_owned());
        }
        let mut changes = state.subscribe();
        loop {
            let verdict = changes.borrow_and_update().verdict(now, age, pause);
            match verdict {
                Verdict::Fresh { summary, ages } => {
                    if ages {
                        self.ask(peer, &state);
                    }
                    return Ok(summary);
                }
                Verdict::None(reason) => return Err(reason),
                Verdict::Ask => self.ask(peer, &state),
            }
            let wait = PATIENCE.saturating_sub(now.elapsed());
            if tokio::time::timeout(wait, changes.changed()).await.is_err() {
                return Err(format!("none came within {PATIENCE:?}"));
            }
        }
    }

    /// Asks a peer, unless that is being done; it is not stopped when a query has waited enough.
    fn ask(&self, peer: &Peer, state: &Shared) {
        let mut begun = None;
        state.send_if_modified(|state| {
            begun = state.begin();
            false
        });
        let Some(tag) = begun else { return };
        let (net, peer, state) = (self.0.net.clone(), peer.clone(), Arc::clone(state));
        tokio::spawn(async move {
            let sent = Instant::now();
            let told = match peer.kind {
                Kind::FamilyLab => fetch(&net, &peer, tag.as_deref()).await,
                _ => {
                    let counted = count(&net, &peer.base, Timestamp::now()).await;
                    counted.map(|summary| Told::Other(Arc::new(summary), None))
                }
            };
            state.send_modify(|state| state.end(sent, Instant::now(), told));
        });
    }
}
