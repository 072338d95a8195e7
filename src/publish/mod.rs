//! What the node publishes: the log up to the change that has been checked, as others harvest it.

mod calendar;
mod catalog;
mod files;
mod hashing;
mod memento;
mod oai;
mod publication;
mod sitemap;
mod stream;
mod told;

pub use catalog::{Catalog, CatalogError, Profile, Whole, write as write_catalog};
pub use files::{Counts, Export, Exporter, File, Part, Shelf, Tally, description};
pub use memento::{Memento, Timeline};
pub use oai::{Answer, Repository, rdf_schema};
pub use publication::{Faulty, Publication, PublishError};
pub use sitemap::Listed;
pub use stream::{Asked, Spot, Streams, Written};
pub use told::Told;
