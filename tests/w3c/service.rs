//! Runs one test of the suite for SPARQL 1.1 Federated Query over real HTTP: the program asks
//! endpoints that are programs of their own, and on its list of peers. The addresses that the suite
//! made up become those of the endpoints, in queries, data and expected results alike. Refuses to
//! know what a test asks.

use crate::bare::Bare;
use crate::data;
use crate::evaluate;
use crate::manifest::{Test, mf, qt};
use crate::results::Answer;
use crate::server::Server;
use anyhow::{Context, Result, ensure};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sparesults::QueryResultsFormat;
use std::net::TcpListener;

/// The endpoints that tests call, by the number of the server that stands for each.
const ENDPOINTS: [(&str, usize); 3] = [
    ("http://example.org/sparql", 0),
    ("http://example1.org/sparql", 0),
    ("http://example2.org/sparql", 1),
];
/// The endpoint that is not there.
const INVALID: &str = "http://invalid.endpoint.org/sparql";

/// The program that is asked, and those that it asks.
pub struct World {
    hub: Server,
    endpoints: [Server; 2],
    /// Where nobody listens, though it is on the list.
    nobody: String,
    /// For tests of syntax alone.
    bare: Bare,
}

impl World {
    /// Starts them all, and puts the endpoints on the list of the first.
    pub fn start() -> Result<Self> {
        let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let world = Self {
            hub: Server::start()?,
            endpoints: [Server::start()?, Server::start()?],
            nobody: format!("http://{free}/sparql"),
            bare: Bare::open()?,
        };
        let [one, two] = &world.endpoints;
        for (name, url) in [
            ("one", one.url("/sparql")),
            ("two", two.url("/sparql")),
            ("nobody", world.nobody.clone()),
        ] {
            let peer = serde_json::json!({
                "name": name, "base": url, "kind": "sparql", "trust": ["query"], "private": true,
            });
            let body = peer.to_string().into_bytes();
            let kind = ("content-type".to_owned(), "application/json".to_owned());
            let reply = world.hub.send("POST", "/federation/peers", &[kind], Some(body))?;
            ensure!(reply.status == 201, "{name} cannot be listed: {}", reply.text());
        }
        Ok(world)
    }

    /// Runs a test of the suite.
    pub fn run(&self, test: &Test) -> Result<()> {
        if test.kind != "QueryEvaluationTest" {
            return evaluate::run(&self.bare, test);
        }
        let action = test.action()?;
        let servers = [&self.hub, &self.endpoints[0], &self.endpoints[1]];
        servers.into_iter().try_for_each(Server::empty)?;
        for file in action.all(&qt("data")) {
            self.put(&self.hub, file.text())?;
        }
        for service in action.all(&qt("serviceData")) {
            let endpoint = service.need(&qt("endpoint"))?;
            let known = ENDPOINTS.iter().find(|(name, _)| *name == endpoint.text());
            let (_, number) = known.with_context(|| format!("{} is not known", endpoint.text()))?;
            self.put(&self.endpoints[*number], service.need(&qt("data"))?.text())?;
        }
        // The default graph of a test is that of the program that is asked, and of no peer.
        let own = utf8_percent_encode(self.hub.url("").trim_end_matches('/'), NON_ALPHANUMERIC)
            .to_string();
        let path = format!("/federation/sparql?format=xml&default-graph-uri={own}");
        let query = self.moved(&data::text(action.need(&qt("query"))?.text())?);
        let kind = ("content-type".to_owned(), "application/sparql-query".to_owned());
        let reply = self.hub.send("POST", &path, &[kind], Some(query.into_bytes()))?;
        ensure!(reply.status == 200, "{}", reply.text());
        let expected = self.moved(&data::text(test.result()?.text())?);
        let expected = Answer::results(expected.as_bytes(), QueryResultsFormat::Xml)?;
        let is_lax = test.node.get(&mf("resultCardinality")).is_some();
        Answer::results(&reply.body, QueryResultsFormat::Xml)?.check(&expected, is_lax)
    }

    /// Makes a file the default graph of a server.
    fn put(&self, server: &Server, url: &str) -> Result<()> {
        let kind = ("content-type".to_owned(), "text/turtle".to_owned());
        let text = self.moved(&data::text(url)?).into_bytes();
        let reply = server.send("PUT", "/graphs?default", &[kind], Some(text))?;
        ensure!(reply.status < 300, "{url} cannot be put: {}", reply.text());
        Ok(())
    }

    /// A text of the suite with the addresses of those that stand for its endpoints.
    fn moved(&self, text: &str) -> String {
        let text = text.replace(INVALID, &self.nobody);
        ENDPOINTS.iter().fold(text, |text, (name, number)| {
            text.replace(name, &self.endpoints[*number].url("/sparql"))
        })
    }
}
