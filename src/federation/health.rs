//! What the last look at a peer found: how it does and how much it holds.

use super::signed::SignedError;
use crate::net::NetError;
use jiff::Timestamp;
use std::str::FromStr;
use std::time::Duration;

/// What the last check of a peer found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// When it was made.
    pub checked: Timestamp,
    /// What is wrong, if something is.
    pub problem: Option<Problem>,
    /// How long the peer took to answer, if it did.
    pub latency: Option<Duration>,
    /// When a check last found nothing wrong.
    pub answered: Option<Timestamp>,
    /// What it told then.
    pub counts: Counts,
}

/// How much a peer holds, as far as it tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub triples: Option<u64>,
    pub records: Option<u64>,
    /// The number of its last change.
    pub seq: Option<u64>,
}

/// What is wrong with a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    /// The same in words.
    pub detail: String,
}

/// What can be wrong with a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    NotAllowed,
    Private,
    Redirected,
    Unreachable,
    TimedOut,
    Status,
    TooLarge,
    BrokenOff,
    Crowded,
    /// It answers, but not what a peer of its kind answers.
    Unexpected,
    /// What it says is not signed with the key that is pinned.
    Signature,
}

impl ProblemKind {
    const ALL: [Self; 11] = [
        Self::NotAllowed,
        Self::Private,
        Self::Redirected,
        Self::Unreachable,
        Self::TimedOut,
        Self::Status,
        Self::TooLarge,
        Self::BrokenOff,
        Self::Crowded,
        Self::Unexpected,
        Self::Signature,
    ];

    /// Its name, the same in JSON and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotAllowed => "not-allowed",
            Self::Private => "private-address",
            Self::Redirected => "redirected",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed-out",
            Self::Status => "status",
            Self::TooLarge => "too-large",
            Self::BrokenOff => "broken-off",
            Self::Crowded => "crowded",
            Self::Unexpected => "unexpected",
            Self::Signature => "signature",
        }
    }
}

impl FromStr for ProblemKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(())
    }
}

impl Problem {
    /// The peer answers something else than it should.
    pub(super) fn unexpected(detail: impl Into<String>) -> Self {
        Self { kind: ProblemKind::Unexpected, detail: detail.into() }
    }
}

impl From<NetError> for Problem {
    fn from(error: NetError) -> Self {
        let kind = match &error {
            NetError::Address(_) | NetError::NotAllowed(_) | NetError::Client(_) => {
                ProblemKind::NotAllowed
            }
            NetError::Private(_) => ProblemKind::Private,
            NetError::RedirectElsewhere { .. } | NetError::Redirects(_) => ProblemKind::Redirected,
            NetError::Unreachable { .. } | NetError::Resting { .. } => ProblemKind::Unreachable,
            NetError::TimedOut { .. } => ProblemKind::TimedOut,
            NetError::Status { .. } => ProblemKind::Status,
            NetError::TooLarge { .. } => ProblemKind::TooLarge,
            NetError::BrokenOff { .. } => ProblemKind::BrokenOff,
            NetError::Crowded(_) => ProblemKind::Crowded,
        };
        Self { kind, detail: error.in_words() }
    }
}

impl From<SignedError> for Problem {
    fn from(error: SignedError) -> Self {
        match error {
            SignedError::Net(error) => error.into(),
            other => Self { kind: ProblemKind::Signature, detail: other.to_string() },
        }
    }
}
