//! The command line: a file a command.

mod arguments;
mod check;
mod data;
mod harvest;
mod import;
mod key;
mod maintain;
mod peer;
mod serve;
mod takedown;

pub use arguments::{Arguments, run};
