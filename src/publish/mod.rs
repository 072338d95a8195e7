//! What the node publishes: the log up to the change that has been checked, as others harvest it.

mod calendar;
mod export;
mod memento;
mod publication;
mod sitemap;
mod told;

pub use export::{Export, File, Part};
pub use memento::{Memento, Timeline};
pub use publication::{Publication, PublishError};
pub use sitemap::Listed;
pub use told::Told;
