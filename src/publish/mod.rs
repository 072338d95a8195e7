//! What the node publishes: the log up to the change that has been checked, as others harvest it.

mod export;
mod publication;

pub use export::{Export, File, Part};
pub use publication::{Faulty, Publication, PublishError};
