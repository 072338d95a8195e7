//! What the node publishes: the log up to the change that has been checked, as others harvest it.

mod export;
mod publication;
mod stream;
mod stream_member;
mod stream_node;
mod stream_outline;
mod stream_shelf;

pub use export::{Export, File, Part};
pub use publication::{Publication, PublishError};
pub use stream::{Asked, Streams, Written};
pub use stream_outline::Spot;
