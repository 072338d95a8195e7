//! A real node in a process of its own, on a free port, with a data folder that goes away.

mod node;

pub use node::{Node, TOKEN, familylab};
