//! The program's entrance: reads the command line and turns the result into an exit code.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match familylab::cli::run(familylab::cli::Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("familylab: {error:#}");
            ExitCode::FAILURE
        }
    }
}
