//! Runs one test of the suite for the SPARQL 1.1 Protocol over real HTTP.
//! Refuses to know how manifests describe requests.

use crate::data;
use crate::exchange;
use crate::manifest::{Test, term, ut};
use crate::server::Server;
use anyhow::{Result, ensure};

/// Runs a test of class `ProtocolTest`.
pub fn run(server: &Server, test: &Test) -> Result<()> {
    server.empty()?;
    let label = term("http://www.w3.org/2000/01/rdf-schema#", "label");
    for graph in test.node.all(&ut("graphData")) {
        let name = graph.need(&label)?;
        let file = data::bytes(graph.need(&ut("graph"))?.text())?;
        let kind = ("content-type".to_owned(), "application/n-triples".to_owned());
        let path = format!("/graphs?graph={}", name.text());
        let reply = server.send("PUT", &path, &[kind], Some(file))?;
        ensure!(reply.status < 300, "{} cannot be put: {}", name.text(), reply.text());
    }
    exchange::play(server, test, "/sparql/", "/sparql")
}
