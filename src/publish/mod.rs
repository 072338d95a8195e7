//! What the node publishes: the log up to the change that has been checked, as others harvest it.

mod blocks;
mod catalog;
mod counts;
mod drawing;
mod export;
mod exporter;
mod hashing;
mod labels;
mod lines;
mod plan;
mod publication;
mod shelf;
mod table;
mod void;

pub use catalog::{Catalog, CatalogError, Profile, Whole, write as write_catalog};
pub use counts::{Counts, Tally};
pub use export::{Export, File, Part};
pub use exporter::Exporter;
pub use publication::{Faulty, Publication, PublishError};
pub use shelf::Shelf;
pub use void::description;
