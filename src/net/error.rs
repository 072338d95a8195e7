//! Why a request had no whole answer, a variant for each thing that a caller may do differently.

use super::origin::Origin;
use reqwest::Url;
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// Which wait was too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// For a connection.
    Connect,
    /// For the head of the answer.
    FirstByte,
    /// For the next part of the body.
    Idle,
    /// For the whole.
    Total,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "there was no connection",
            Self::FirstByte => "the answer did not begin",
            Self::Idle => "nothing more of the answer came",
            Self::Total => "the answer was not whole",
        })
    }
}

/// Why a request had no whole answer.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    #[error("{0} is no http or https address")]
    Address(Url),
    #[error("{0} is not among the origins that may be asked")]
    NotAllowed(Origin),
    #[error(
        "the address of {0} is not one of the public internet, and no administrator allowed that"
    )]
    Private(Origin),
    #[error("{from} sends on to {to}, which is another origin; list that one if it is meant")]
    RedirectElsewhere { from: Origin, to: String },
    #[error("{0} sends in circles: too many redirects, or one that leads nowhere")]
    Redirects(Origin),
    #[error("{origin} cannot be reached")]
    Unreachable { origin: Origin, source: reqwest::Error },
    #[error("{origin} was given {}: {phase} in that time", spelled(.after))]
    TimedOut { origin: Origin, phase: Phase, after: Duration },
    #[error("{origin} answered with status {status}")]
    Status {
        origin: Origin,
        status: u16,
        /// The beginning of what came with it.
        text: String,
        /// When to come again, as the header `Retry-After` says it.
        retry_after: Option<String>,
    },
    #[error("{origin} sent more than {bytes} bytes")]
    TooLarge { origin: Origin, bytes: u64 },
    #[error("the answer of {origin} broke off, or it is no HTTP")]
    BrokenOff { origin: Origin, source: reqwest::Error },
    #[error(
        "{origin} failed several times in a row; it is tried again in {} seconds",
        .left.as_secs() + 1
    )]
    Resting { origin: Origin, left: Duration },
    #[error("as many requests to {0} as it is sent at once are running; none ended in time")]
    Crowded(Origin),
    #[error("no client for outbound requests can be made")]
    Client(#[source] reqwest::Error),
}

impl NetError {
    /// Whether it speaks against the host: it was not there, was too slow, or broke off.
    pub(super) fn is_the_host_s(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TimedOut { .. } | Self::BrokenOff { .. } => true,
            // Bad gateway, unavailable, gateway time-out. RFC 9110, sections 15.6.3 to 15.6.5.
            Self::Status { status, .. } => matches!(status, 502..=504),
            _ => false,
        }
    }

    /// Whether the host answered, though not with what was wanted.
    pub(super) fn shows_the_host_alive(&self) -> bool {
        match self {
            Self::Status { .. } => !self.is_the_host_s(),
            Self::RedirectElsewhere { .. } | Self::Redirects(_) | Self::TooLarge { .. } => true,
            _ => false,
        }
    }

    /// The sentence and the cause below all others, without the addresses that names led to.
    pub fn in_words(&self) -> String {
        let mut cause = self.source();
        while let Some(deeper) = cause.and_then(Error::source) {
            cause = Some(deeper);
        }
        cause.map_or_else(|| self.to_string(), |cause| format!("{self}: {cause}"))
    }
}

fn spelled(time: &Duration) -> String {
    format!("{} seconds", time.as_millis() as f64 / 1000.0)
}
