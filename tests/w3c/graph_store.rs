//! Runs one test of the suite for the SPARQL 1.1 Graph Store HTTP Protocol over real HTTP.
//! Refuses to know how manifests describe requests.

use crate::exchange;
use crate::manifest::Test;
use crate::server::Server;
use anyhow::Result;

/// Runs a test of class `GraphStoreProtocolTest`.
pub fn run(server: &Server, test: &Test) -> Result<()> {
    server.empty()?;
    exchange::play(server, test, "/gsp", "/graphs")
}
