//! The command line: a file a command.

mod arguments;
mod data;
mod import;
mod maintain;
mod serve;

pub use arguments::{Arguments, run};
