//! Leaves alone for a while who failed several times in a row, then tries once.
//! Refuses to know clocks: every moment comes in.

use std::time::{Duration, Instant};

/// What is known of how one host does.
#[derive(Debug)]
pub(super) struct Breaker {
    /// So many failures in a row open it.
    most: u32,
    /// How long the host is left alone before one request is tried.
    rest: Duration,
    failures: u32,
    /// Since when it is open, or when the last trial began.
    opened: Option<Instant>,
}

impl Breaker {
    pub fn new(most: u32, rest: Duration) -> Self {
        Self { most: most.max(1), rest, failures: 0, opened: None }
    }

    /// Whether a request may go out now; else how long until one may be tried. One that may, while
    /// the breaker is open, is the trial: the next one waits again, whatever becomes of this one.
    pub fn admits(&mut self, now: Instant) -> Result<(), Duration> {
        let Some(opened) = self.opened else { return Ok(()) };
        let waited = now.saturating_duration_since(opened);
        if waited < self.rest {
            return Err(self.rest - waited);
        }
        self.opened = Some(now);
        Ok(())
    }

    /// How long the host is still left alone, if it is; it stays so until a trial went well.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        let waited = now.saturating_duration_since(self.opened?);
        Some(self.rest.saturating_sub(waited))
    }

    /// The host answered.
    pub fn succeeded(&mut self) {
        (self.failures, self.opened) = (0, None);
    }

    /// The host could not be reached or did not finish its answer.
    pub fn failed(&mut self, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= self.most {
            self.opened = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(30);

    fn open(at: Instant) -> Breaker {
        let mut breaker = Breaker::new(3, REST);
        for _ in 0..3 {
            assert_eq!(breaker.admits(at), Ok(()));
            breaker.failed(at);
        }
        breaker
    }

    #[test]
    fn only_failures_in_a_row_open_it() {
        let at = Instant::now();
        let mut breaker = Breaker::new(3, REST);
        for _ in 0..5 {
            breaker.failed(at);
            breaker.failed(at);
            breaker.succeeded();
        }
        assert_eq!(breaker.admits(at), Ok(()));
        assert_eq!(open(at).admits(at), Err(REST));
        assert_eq!((breaker.left(at), open(at).left(at)), (None, Some(REST)));
        assert_eq!(open(at).left(at + 2 * REST), Some(Duration::ZERO));
        let later = at + Duration::from_secs(10);
        assert_eq!(open(at).admits(later), Err(Duration::from_secs(20)));
    }

    #[test]
    fn after_the_rest_one_trial_decides() {
        let at = Instant::now();
        let mut breaker = open(at);
        let later = at + REST;
        assert_eq!(breaker.admits(later), Ok(()));
        assert_eq!(breaker.admits(later), Err(REST), "one trial at a time");
        breaker.failed(later);
        assert_eq!(breaker.admits(later), Err(REST));
        assert_eq!(breaker.admits(later + REST), Ok(()));
        breaker.succeeded();
        assert_eq!(breaker.admits(later + REST), Ok(()));
        assert_eq!(breaker.admits(later + REST), Ok(()));
    }

    #[test]
    fn a_trial_that_nobody_waited_for_is_not_the_last_one() {
        let at = Instant::now();
        let mut breaker = open(at);
        assert_eq!(breaker.admits(at + REST), Ok(()));
        assert_eq!(breaker.admits(at + REST * 2), Ok(()));
    }
}
