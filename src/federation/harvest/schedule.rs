//! When a peer is harvested: some time after the last run, sooner where that was broken off, and when
//! somebody asks for it. Refuses to know what a harvest is.

use super::error::HarvestError;
use super::harvests::Harvests;
use super::run::Run;
use jiff::{SignedDuration, Timestamp};
use oxigraph::sparql::CancellationToken;
use std::time::Duration;

/// How often it is looked whether somebody is due, or has gone.
const TICK: Duration = Duration::from_secs(3);
/// So many peers are harvested at once.
const AT_ONCE: usize = 2;
/// After a run that was broken off the pause is so much shorter.
const SOONER: u32 = 12;

/// Harvests peers in the background.
pub struct Schedule {
    harvests: Harvests,
    pause: Duration,
}

impl Schedule {
    /// Harvests each peer after this pause; after none at all only where somebody asks for it.
    pub fn new(harvests: Harvests, pause: Duration) -> Self {
        Self { harvests, pause }
    }

    /// Harvests until it is stopped.
    pub async fn follow(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.round(Timestamp::now()).await {
                tracing::error!(%error, "the peers could not be harvested");
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// Begins the runs that are due.
    async fn round(&self, now: Timestamp) -> Result<(), HarvestError> {
        self.harvests.sweep().await?;
        let running = self.harvests.running();
        let mut room = AT_ONCE.saturating_sub(running.len());
        for (peer, is_wanted) in self.harvests.all().await? {
            let is_due = is_wanted || is_due(peer.harvest.as_ref(), self.pause, now);
            if room == 0 || !is_due || running.contains(&peer.name) {
                continue;
            }
            room -= 1;
            match self.harvests.begin(&peer.name).await {
                // Begun by somebody else, or taken off the list, meanwhile.
                Ok(()) | Err(HarvestError::Running(_) | HarvestError::Peer(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether a peer is due whose last run is this one and is not running any more.
fn is_due(last: Option<&Run>, pause: Duration, now: Timestamp) -> bool {
    if pause.is_zero() {
        return false;
    }
    let Some(last) = last else { return true };
    let pause = if last.is_whole() { pause } else { pause / SOONER };
    let since = last.ended.as_ref().unwrap_or(&last.started);
    let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::MAX);
    let over = since.parse::<Timestamp>().map(|since| since.checked_add(pause));
    // A moment that cannot be read says nothing; one beyond the calendar is never reached.
    over.is_ok_and(|over| over.is_ok_and(|over| over <= now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::RunRow;

    #[test]
    fn who_broke_off_is_asked_again_sooner() {
        let row = RunRow {
            started: "2026-11-28T09:00:00.000000Z".into(),
            ended: "2026-11-28T10:00:00.000000Z".into(),
            ..RunRow::default()
        };
        let well = Run::read(row.clone());
        let broken = Run::read(RunRow { problem: "status".into(), ..row.clone() });
        let killed = Run::read(RunRow { ended: String::new(), ..row });
        let hour = Duration::from_secs(3600);
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (soon, later) = (at("2026-11-28T10:05:00Z"), at("2026-11-28T11:00:00Z"));
        assert!(!is_due(Some(&well), hour, soon) && is_due(Some(&well), hour, later));
        assert!(is_due(Some(&broken), hour, soon) && is_due(Some(&killed), hour, soon));
        assert!(is_due(None, hour, soon) && !is_due(None, Duration::ZERO, later));
    }
}
