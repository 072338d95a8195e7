//! A real node in a process of its own, on a free port, with a data folder that goes away.

pub mod load;
mod node;
mod verdict;

pub use node::{Node, TOKEN, familylab};
pub use verdict::Verdict;
