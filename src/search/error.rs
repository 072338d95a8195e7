//! Why a search has no answer, or the index no new state.

use crate::store::{DatasetError, LogError};
use oxigraph::io::RdfSyntaxError;
use oxigraph::store::StorageError;
use std::path::PathBuf;
use std::time::Duration;

/// Why a search has no answer, or the index no new state.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("{0}")]
    Ask(String),
    #[error("this node has no record {0}")]
    Unknown(String),
    #[error("change {asked} was not in the index after {waited:?}; it holds change {applied}")]
    NotYet { asked: u64, applied: u64, waited: Duration },
    #[error("the index is being made and cannot be searched yet; try again in a moment")]
    NotReady,
    #[error("the index failed: {0}; it is made again by itself, or by `familylab rebuild --index`")]
    Index(#[from] tantivy::TantivyError),
    #[error("the index folder {path} cannot be used: {source}")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("a document of the index cannot be read: {0}")]
    Shown(#[from] serde_json::Error),
    #[error("a file of the index cannot be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("the graph's storage failed: {0}")]
    Storage(#[from] StorageError),
    #[error("the log holds a line that is not N-Triples: {0}")]
    Line(#[from] RdfSyntaxError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    #[error("a task of the index ended without an answer: {0}")]
    Task(#[from] tokio::task::JoinError),
    #[error("the work on the index was stopped")]
    Stopped,
}
