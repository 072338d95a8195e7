//! Why a harvest could not begin or could not go on.

use super::super::error::PeerError;
use super::super::health::Problem;
use super::gather::GatherError;
use crate::net::NetError;
use crate::store::{CheckError, DatasetError, GroupError, LogError};

/// Why a peer is not harvested, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum HarvestError {
    #[error(transparent)]
    Peer(#[from] PeerError),
    #[error(
        "{0} is not trusted with harvest; remove it and add it again with `--trust harvest` if its \
         records are to be taken over"
    )]
    NotTrusted(String),
    #[error("{0} is being harvested; wait for the end of that run")]
    Running(String),
    /// The peer does not answer as it should. What had been taken over before stays.
    #[error("{}", .0.detail)]
    Problem(Problem),
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error("a temporary file could not be written or read: {0}")]
    File(#[from] std::io::Error),
    #[error("a task of the harvest ended without an answer")]
    Task(#[from] tokio::task::JoinError),
}

impl HarvestError {
    /// The peer answers something else than it should.
    pub(super) fn unexpected(detail: impl Into<String>) -> Self {
        Self::Problem(Problem::unexpected(detail))
    }
}

impl From<NetError> for HarvestError {
    fn from(error: NetError) -> Self {
        Self::Problem(error.into())
    }
}

impl From<GatherError> for HarvestError {
    fn from(error: GatherError) -> Self {
        match error {
            GatherError::Group(GroupError::Io(error)) => Self::File(error),
            other => Self::unexpected(other.to_string()),
        }
    }
}
