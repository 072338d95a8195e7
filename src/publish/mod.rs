//! What the node publishes: the log up to the change that has been checked, as others harvest it.

mod catalog;
mod export;
mod publication;

pub use catalog::{Catalog, CatalogError, Profile, Whole, write as write_catalog};
pub use export::{Export, File, Part};
pub use publication::{Publication, PublishError};
