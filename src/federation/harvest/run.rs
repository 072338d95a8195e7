//! What is told of a run: when it was, what became of the records, what stopped it.

use crate::schema::Text;
use crate::store::{QuarantineRow, RunCounts, RunRow};
use jiff::Timestamp;
use serde_json::{Value, json};

/// A harvest of a peer, running or over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub started: String,
    /// Nothing while it runs, or where it was broken off with the process.
    pub ended: Option<String>,
    pub counts: RunCounts,
    /// What stopped it: its kind, and that in words.
    pub problem: Option<(String, String)>,
}

impl Run {
    pub(in super::super) fn read(row: RunRow) -> Self {
        Self {
            started: row.started,
            ended: Some(row.ended).filter(|ended| !ended.is_empty()),
            counts: row.counts,
            problem: (!row.problem.is_empty()).then_some((row.problem, row.detail)),
        }
    }

    /// Whether it came to its end and nothing stopped it.
    pub fn is_whole(&self) -> bool {
        self.ended.is_some() && self.problem.is_none()
    }

    /// What everybody may know of it.
    pub fn public(&self) -> Value {
        let counts = &self.counts;
        let problem = self.problem.as_ref();
        json!({
            "started": self.started,
            "ended": self.ended,
            "new": counts.added,
            "changed": counts.changed,
            "deleted": counts.deleted,
            "unchanged": counts.unchanged,
            "quarantined": counts.quarantined,
            "own": counts.own,
            "requests": counts.requests,
            "bytes": counts.bytes,
            "problem": problem.map(|(kind, detail)| json!({ "kind": kind, "detail": detail })),
        })
    }
}

/// A record that is kept back, with the reason in both languages.
pub(super) fn kept_back(row: &QuarantineRow) -> Value {
    let reason: Text = serde_json::from_str(&row.reason).unwrap_or_default();
    json!({
        "record": row.of.record,
        "since": row.since,
        "reason": { "it": reason.it, "en": reason.en },
    })
}

/// A moment as the tables hold it: texts that sort as the moments do.
pub(super) fn moment(at: Timestamp) -> String {
    format!("{at:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_sort_as_texts() {
        let moment = |text: &str| moment(text.parse().unwrap());
        assert_eq!(moment("2026-11-28T10:00:00Z"), "2026-11-28T10:00:00.000000Z");
        assert!(moment("2026-11-28T10:00:00Z") < moment("2026-11-28T10:00:00.5Z"));
    }
}
