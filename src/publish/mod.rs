//! What the node publishes: the log up to the change that has been checked, as others harvest it.

mod blocks;
mod calendar;
mod catalog;
mod counts;
mod drawing;
mod export;
mod exporter;
mod hashing;
mod labels;
mod lines;
mod memento;
mod plan;
mod publication;
mod shelf;
mod sitemap;
mod stream;
mod stream_member;
mod stream_node;
mod stream_outline;
mod stream_shelf;
mod table;
mod told;
mod void;

pub use catalog::{Catalog, CatalogError, Profile, Whole, write as write_catalog};
pub use counts::{Counts, Tally};
pub use export::{Export, File, Part};
pub use exporter::Exporter;
pub use memento::{Memento, Timeline};
pub use publication::{Faulty, Publication, PublishError};
pub use shelf::Shelf;
pub use sitemap::Listed;
pub use stream::{Asked, Streams, Written};
pub use stream_outline::Spot;
pub use told::Told;
pub use void::description;
