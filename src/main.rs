//! The program's entrance: reads the command line and turns the result into an exit code.

use clap::Parser;
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Many threads take and give back small pieces; the system's allocator keeps most of them. It
/// stands in for `malloc` as well (feature `override`): Oxigraph frees RocksDB's messages from Rust.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match familylab::cli::run(familylab::cli::Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("familylab: {error:#}");
            ExitCode::FAILURE
        }
    }
}
