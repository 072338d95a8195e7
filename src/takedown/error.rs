//! Why a record could not be taken down, or let in again.

use crate::iri::IriError;
use crate::store::{DatasetError, LogError};

/// Why a record could not be taken down, or let in again.
#[derive(Debug, thiserror::Error)]
pub enum TakedownError {
    #[error("say why the record is taken down; the reason is kept for those who run the node")]
    Reason,
    #[error("{asked:?} is no kind of reason; there are {known}")]
    Class { asked: String, known: String },
    #[error("a plain SPARQL store has no records to take down; use SPARQL Update")]
    Bare,
    #[error(transparent)]
    Iri(#[from] IriError),
    #[error("this node never held a record {0}; give the IRI of a record, as its page shows it")]
    Unknown(String),
    #[error("{record} is part of {graph}, which ships with the program and cannot be taken down")]
    Shipped { record: String, graph: String },
    #[error(
        "{0} is not taken down, was let in again already, or is being taken down at this moment"
    )]
    NotDown(String),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}
