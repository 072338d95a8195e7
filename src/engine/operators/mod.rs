//! The operators: each a task that reads batches and sends batches.

mod bound;
mod fetch;
mod frontier;
mod join;
mod run;
mod stream;
mod table;
mod wave;

pub(super) use fetch::rows;
pub(super) use run::{Shared, start, start_plain};
pub(super) use stream::{Batches, Pieces};
