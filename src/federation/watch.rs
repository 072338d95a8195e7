//! Looks at every peer from time to time, not at all of them at once. Refuses to know what a look is.

use super::error::PeerError;
use super::peer::Peer;
use super::peers::Peers;
use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use oxigraph::sparql::CancellationToken;
use std::collections::HashMap;
use std::time::Duration;

/// The list is read again after this time at the latest: another process may have changed it.
const TICK: Duration = Duration::from_secs(5);
/// So many peers are looked at at once.
const AT_ONCE: usize = 4;
/// A pause is at least and at most this share of what is set, so that peers are not asked in step.
const SHARES: std::ops::Range<f64> = 0.75..1.25;

/// Checks peers in the background.
pub struct Watch {
    peers: Peers,
    pause: Duration,
    /// When each peer that was checked is looked at next.
    next: HashMap<String, Timestamp>,
}

impl Watch {
    /// Checks each peer with about this pause in between.
    pub fn new(peers: Peers, pause: Duration) -> Self {
        Self { peers, pause, next: HashMap::new() }
    }

    /// Checks until it is stopped.
    pub async fn follow(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.round(Timestamp::now()).await {
                tracing::error!(%error, "the peers could not be checked");
            }
            tokio::select! {
                () = tokio::time::sleep(self.pause.min(TICK)) => {}
                () = self.peers.were_added() => {}
            }
        }
    }

    /// Checks those that are due.
    async fn round(&mut self, now: Timestamp) -> Result<(), PeerError> {
        let peers = self.peers.list().await?;
        self.next.retain(|name, _| peers.iter().any(|peer| peer.name == *name));
        let due: Vec<Peer> = peers.into_iter().filter(|peer| self.is_due(peer, now)).collect();
        let list = &self.peers;
        let checked = stream::iter(due).map(|peer| async move {
            let found = list.check(&peer.name, Timestamp::now()).await;
            (peer, found)
        });
        let mut checked = checked.buffer_unordered(AT_ONCE);
        while let Some((peer, found)) = checked.next().await {
            match found {
                Ok(found) => tell(&peer, &found),
                // Taken off the list meanwhile.
                Err(PeerError::Unknown(_)) => {}
                Err(error) => return Err(error),
            }
            let share = rand::random_range(SHARES);
            self.next.insert(peer.name, after(Timestamp::now(), self.pause, share));
        }
        Ok(())
    }

    /// Whether a peer is due: it was never checked, or its pause is over.
    fn is_due(&mut self, peer: &Peer, now: Timestamp) -> bool {
        let Some(health) = &peer.health else { return true };
        let start = || after(health.checked, self.pause, rand::random_range(SHARES));
        *self.next.entry(peer.name.clone()).or_insert_with(start) <= now
    }
}

/// Tells those who run the node when a peer falls ill or is well again.
fn tell(before: &Peer, found: &Peer) {
    let (name, base) = (&found.name, &found.base);
    let problem = found.health.as_ref().and_then(|health| health.problem.as_ref());
    match (before.is_well(), problem) {
        (None | Some(true), Some(problem)) => {
            tracing::warn!(peer.name = %name, peer.base = %base, "peer {name} is not well: {}", problem.detail);
        }
        (Some(false), None) => {
            tracing::info!(peer.name = %name, peer.base = %base, "peer {name} is well again");
        }
        _ => {}
    }
}

/// When a pause that began at a moment is over.
fn after(moment: Timestamp, pause: Duration, share: f64) -> Timestamp {
    let pause = SignedDuration::try_from(pause.mul_f64(share)).unwrap_or(SignedDuration::MAX);
    moment.checked_add(pause).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_over_about_when_it_is_set_to_be() {
        let start: Timestamp = "2026-11-28T10:00:00Z".parse().unwrap();
        let pause = Duration::from_secs(400);
        assert_eq!(after(start, pause, 0.75).to_string(), "2026-11-28T10:05:00Z");
        assert_eq!(after(start, pause, 1.25).to_string(), "2026-11-28T10:08:20Z");
        assert_eq!(after(start, Duration::from_secs(u64::MAX / 2), 1.0), Timestamp::MAX);
    }
}
