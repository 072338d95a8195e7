//! Runs the W3C's conformance suites against the project and prints a table.
//! `cargo test --test w3c` runs all of them, with a word only the suites whose names hold it.

#[path = "../it/federated/answer.rs"]
mod answer;
mod bare;
mod data;
mod dealt;
mod evaluate;
mod exchange;
mod graph_store;
mod known;
mod manifest;
mod protocol;
mod report;
mod results;
mod server;
mod service;
mod service_description;
mod shacl;
#[path = "../it/federated/split.rs"]
mod split;

use anyhow::{Result, bail, ensure};
use bare::Bare;
use known::Known;
use manifest::Test;
use report::Report;
use server::Server;
use std::collections::HashMap;
use std::process::ExitCode;

/// Runs the tests of a suite, by the addresses of its manifest; the map gives those known to fail.
type Run = fn(&'static str, &[Test], HashMap<String, String>) -> Result<Report>;

/// A set of tests that are run in the same way.
struct Suite {
    name: &'static str,
    /// The address of its manifest.
    manifest: String,
    /// How many tests it has at least; with fewer, something was not read.
    least: usize,
    run: Run,
}

fn suites() -> Vec<Suite> {
    let suite = |name, manifest, least, run| Suite { name, manifest, least, run };
    let sparql = |name, path, least| suite(name, data::sparql(path), least, on_bare_store as Run);
    let dealt = |name, path, least| suite(name, data::sparql(path), least, on_sources as Run);
    let http = |name, path, least| suite(name, data::sparql(path), least, over_http as Run);
    let shacl = |name, path, least| suite(name, data::shacl(path), least, on_batches as Run);
    vec![
        sparql("SPARQL 1.0 syntax", "sparql10/manifest-syntax.ttl", 199),
        sparql("SPARQL 1.0 query", "sparql10/manifest-evaluation.ttl", 277),
        sparql("SPARQL 1.1 query", "sparql11/manifest-sparql11-query.ttl", 328),
        dealt("SPARQL 1.0 query, dealt out", "sparql10/manifest-evaluation.ttl", 277),
        dealt("SPARQL 1.1 query, dealt out", "sparql11/manifest-sparql11-query.ttl", 328),
        sparql("SPARQL 1.1 update", "sparql11/manifest-sparql11-update.ttl", 157),
        sparql("SPARQL 1.1 result formats", "sparql11/manifest-sparql11-results.ttl", 10),
        suite(
            "SPARQL 1.1 federated query",
            data::sparql("sparql11/manifest-sparql11-fed.ttl"),
            10,
            over_endpoints,
        ),
        sparql("SPARQL 1.1 entailment", "sparql11/entailment/manifest.ttl", 70),
        http("SPARQL 1.1 protocol", "sparql11/protocol/manifest.ttl", 34),
        http("SPARQL 1.1 graph store", "sparql11/graph-store-protocol/manifest.ttl", 13),
        http("SPARQL 1.1 service description", "sparql11/service-description/manifest.ttl", 3),
        shacl("SHACL core", "core/manifest.ttl", 98),
        shacl("SHACL-SPARQL", "sparql/manifest.ttl", 22),
    ]
}

fn main() -> ExitCode {
    let known = match Known::read() {
        Ok(known) => known,
        Err(error) => {
            println!("{error:#}");
            return ExitCode::FAILURE;
        }
    };
    let all = suites();
    let unknown = known.suites().find(|name| all.iter().all(|suite| suite.name != *name));
    if let Some(unknown) = unknown {
        println!("known.toml names the suite {unknown:?}, but there is no such suite");
        return ExitCode::FAILURE;
    }
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted =
        |suite: &Suite| words.is_empty() || words.iter().any(|word| suite.name.contains(word));
    let (here, absent): (Vec<Suite>, Vec<Suite>) =
        all.into_iter().filter(is_wanted).partition(|suite| data::is_here(&suite.manifest));
    let reports: Vec<Report> = std::thread::scope(|scope| {
        let known = &known;
        let running: Vec<_> =
            here.iter().map(|suite| scope.spawn(move || report(suite, known))).collect();
        running
            .into_iter()
            .map(|suite| suite.join().expect("tests that panic are caught"))
            .collect()
    });
    report::print(&reports);
    for suite in &absent {
        println!("{} was not run: {:?} is absent", suite.name, data::path_of(&suite.manifest));
    }
    let is_complete = absent.is_empty() || !is_data_required();
    if is_complete && reports.iter().all(Report::is_good) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Whether a suite whose files are absent is a failure.
fn is_data_required() -> bool {
    std::env::var("FAMILYLAB_TEST_REQUIRED").is_ok_and(|value| value == "1")
}

fn report(suite: &Suite, known: &Known) -> Report {
    let run = || {
        let tests = manifest::tests(&suite.manifest)?;
        ensure!(tests.len() >= suite.least, "{} tests, not {}", tests.len(), suite.least);
        (suite.run)(suite.name, &tests, known.of(suite.name))
    };
    let report = run();
    report.unwrap_or_else(|error| Report::broken(suite.name, &error))
}

fn on_bare_store(
    name: &'static str,
    tests: &[Test],
    known: HashMap<String, String>,
) -> Result<Report> {
    let bare = Bare::open()?;
    Ok(Report::run(name, tests, known, |test| evaluate::run(&bare, test)))
}

fn on_sources(
    name: &'static str,
    tests: &[Test],
    known: HashMap<String, String>,
) -> Result<Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let queries: Vec<Test> = tests.iter().filter(|test| dealt::is_query(test)).cloned().collect();
    Ok(Report::run(name, &queries, known, |test| dealt::run(&runtime, test)))
}

fn over_http(name: &'static str, tests: &[Test], known: HashMap<String, String>) -> Result<Report> {
    let server = Server::start()?;
    Ok(Report::run(name, tests, known, |test| match test.kind.as_str() {
        "ProtocolTest" => protocol::run(&server, test),
        "GraphStoreProtocolTest" => graph_store::run(&server, test),
        "ServiceDescriptionTest" => service_description::run(&server, test),
        other => bail!("nobody knows how to run a {other}"),
    }))
}

fn over_endpoints(
    name: &'static str,
    tests: &[Test],
    known: HashMap<String, String>,
) -> Result<Report> {
    let world = service::World::start()?;
    Ok(Report::run(name, tests, known, |test| world.run(test)))
}

fn on_batches(
    name: &'static str,
    tests: &[Test],
    known: HashMap<String, String>,
) -> Result<Report> {
    Ok(Report::run(name, tests, known, shacl::run))
}
