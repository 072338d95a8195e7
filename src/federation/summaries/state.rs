//! What is known of one peer's summary, and whether it can be relied on now. Refuses to know clocks
//! and networks: every moment comes in.

use super::fetch::Told;
use crate::engine::Summary;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is known of one peer's summary.
#[derive(Default)]
pub(super) struct State {
    kept: Option<Kept>,
    /// Why the last question had no answer, and when that was clear.
    failed: Option<(Instant, String)>,
    /// Whether a question is on its way.
    is_asking: bool,
}

struct Kept {
    summary: Arc<Summary>,
    tag: Option<String>,
    /// When the question was sent that it answers: it showed the graph no earlier.
    since: Instant,
}

/// What can be done with what is known.
pub(super) enum Verdict {
    /// It is fresh; where it `ages`, it should be asked for again meanwhile.
    Fresh { summary: Arc<Summary>, ages: bool },
    /// There is none, and it was asked for a moment ago.
    None(String),
    /// It has to be asked for first.
    Ask,
}

impl State {
    /// What can be done for a query that came at `now`. A summary may be of `age` before; after a
    /// failure nothing is asked for `pause`.
    pub fn verdict(&self, now: Instant, age: Duration, pause: Duration) -> Verdict {
        if let Some(Kept { summary, since, .. }) = &self.kept {
            let old = now.saturating_duration_since(*since);
            // One that was asked for after the query came is of no age at all.
            if *since >= now || old < age {
                return Verdict::Fresh { summary: Arc::clone(summary), ages: old > age / 2 };
            }
        }
        match &self.failed {
            Some((at, reason)) if *at >= now || now.duration_since(*at) < pause => {
                Verdict::None(reason.clone())
            }
            _ => Verdict::Ask,
        }
    }

    /// Begins a question, with the tag of what is known; nothing where one is on its way.
    pub fn begin(&mut self) -> Option<Option<String>> {
        if std::mem::replace(&mut self.is_asking, true) {
            return None;
        }
        Some(self.kept.as_ref().and_then(|kept| kept.tag.clone()))
    }

    /// Ends the question that was sent at `sent`. Who does not tell that a summary is still true
    /// may have another one, so nothing is left of it.
    pub fn end(&mut self, sent: Instant, now: Instant, told: Result<Told, String>) {
        self.is_asking = false;
        match told {
            Ok(told) => {
                self.failed = None;
                match told {
                    Told::Other(summary, tag) => {
                        self.kept = Some(Kept { summary, tag, since: sent });
                    }
                    Told::Same => {
                        if let Some(kept) = &mut self.kept {
                            kept.since = sent;
                        }
                    }
                }
            }
            Err(reason) => (self.kept, self.failed) = (None, Some((now, reason))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const AGE: Duration = Duration::from_secs(30);
    const PAUSE: Duration = Duration::from_secs(5);

    fn summary(seq: u64) -> Told {
        let mut summary = Summary::of(BTreeMap::new(), BTreeMap::new());
        summary.seq = Some(seq);
        Told::Other(Arc::new(summary), Some(format!("\"{seq}\"")))
    }

    /// The change that may be relied on and whether it ages; an error says what else is to be done.
    fn relied(state: &State, at: Instant, age: Duration) -> Result<(Option<u64>, bool), String> {
        match state.verdict(at, age, PAUSE.min(age)) {
            Verdict::Fresh { summary, ages } => Ok((summary.seq, ages)),
            Verdict::None(reason) => Err(reason),
            Verdict::Ask => Err("ask".to_owned()),
        }
    }

    #[test]
    fn a_summary_is_relied_on_for_its_age_from_when_it_was_asked_for() {
        let start = Instant::now();
        let after = |seconds: u64| start + Duration::from_secs(seconds);
        let mut state = State::default();
        assert_eq!(relied(&state, start, AGE), Err("ask".to_owned()));
        assert_eq!((state.begin(), state.begin()), (Some(None), None));
        state.end(start, after(4), Ok(summary(1)));
        assert_eq!(relied(&state, after(10), AGE), Ok((Some(1), false)));
        assert_eq!(relied(&state, after(29), AGE), Ok((Some(1), true)));
        assert_eq!(relied(&state, after(30), AGE), Err("ask".to_owned()));
        assert_eq!(state.begin(), Some(Some("\"1\"".to_owned())));
        state.end(after(31), after(32), Ok(Told::Same));
        assert_eq!(relied(&state, after(60), AGE), Ok((Some(1), true)));
    }

    #[test]
    fn without_any_age_each_query_needs_an_answer_to_a_question_of_its_own() {
        let start = Instant::now();
        let later = start + Duration::from_millis(1);
        let mut state = State::default();
        state.end(start, later, Ok(summary(1)));
        assert_eq!(relied(&state, start, Duration::ZERO), Ok((Some(1), false)));
        assert_eq!(relied(&state, later, Duration::ZERO), Err("ask".to_owned()));
        state.end(start, start, Err("no".to_owned()));
        assert_eq!(relied(&state, start, Duration::ZERO), Err("no".to_owned()));
        assert_eq!(relied(&state, later, Duration::ZERO), Err("ask".to_owned()));
    }

    #[test]
    fn what_a_peer_no_longer_tells_is_not_relied_on() {
        let start = Instant::now();
        let after = |seconds: u64| start + Duration::from_secs(seconds);
        let mut state = State::default();
        state.end(start, start, Ok(summary(1)));
        state.end(after(1), after(2), Err("status 503".to_owned()));
        assert_eq!(relied(&state, after(3), AGE), Err("status 503".to_owned()));
        assert_eq!(relied(&state, after(7), AGE), Err("ask".to_owned()));
        assert_eq!(state.begin(), Some(None), "nothing is left of it");
        state.end(after(8), after(8), Ok(summary(2)));
        assert_eq!(relied(&state, after(9), AGE), Ok((Some(2), false)));
    }
}
