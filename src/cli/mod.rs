//! The command line: a file a command.

mod arguments;
mod check;
mod data;
mod harvest;
mod import;
mod maintain;
mod peer;
mod serve;

pub use arguments::{Arguments, run};
