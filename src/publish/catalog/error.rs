//! Why there is no catalogue, in sentences for whoever runs the node.
//! Knows nothing of how it is answered.

use crate::schema::ShippedError;
use crate::store::LogError;

/// Why the catalogue of data cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("the catalogue of data cannot be published like this: {}", .0.join("; "))]
    Settings(Vec<String>),
    #[error("the files that ship with the program are wrong: {0}")]
    Shipped(#[from] ShippedError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("the log lacks change {0}")]
    Change(u64),
    #[error("the catalogue of data cannot be written: {0}")]
    Write(#[from] std::io::Error),
}
