//! A real node in a process of its own, on a free port, with a data folder that goes away.

pub mod cluster;
mod facts;
pub mod harvest;
pub mod kill;
pub mod load;
mod node;
pub mod odd;
mod rdf;
mod run;
mod shared;
mod skip;
pub mod stream;
mod verdict;

pub use facts::{Facts, short};
pub use node::{Node, TOKEN, familylab};
pub use rdf::{BASE, actor, competence, graph, parse, syntax};
pub use run::{Run, run, run_command};
pub use shared::{ELSEWHERE, demo, elsewhere, vocabulary};
pub use skip::skipped;
pub use verdict::Verdict;
