//! The catalogue of the node's data for portals: DCAT-AP 3.0.1 and DCAT-AP_IT at once.

mod build;
mod entry;
mod error;
mod facts;
mod files;
mod graph;
mod open;
mod page;
mod profile;
mod who;
mod write;

pub use entry::Entry;
pub use error::CatalogError;
pub use open::Catalog;
pub use page::Whole;
pub use profile::Profile;
pub use write::write;
