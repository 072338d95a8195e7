//! What was published as streams of changes. Linked Data Event Streams, TREE.

mod member;
mod node;
mod outline;
mod shelf;
mod streams;

pub use outline::Spot;
pub use streams::{Asked, Streams, Written};
