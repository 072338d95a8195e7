//! Summaries of graphs: this node's own, and those of peers as far as they can be relied on.

mod count;
mod fetch;
mod kept;
mod own;
mod state;

pub use kept::Ages;
pub(super) use kept::Summaries;
pub use own::{Counted, OwnSummary};
