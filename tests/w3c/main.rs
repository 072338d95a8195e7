//! Runs the W3C's conformance suites against the project and prints a table.
//! `cargo test --test w3c` runs all of them, with a word only the suites whose names hold it.

mod bare;
mod data;
mod evaluate;
mod exchange;
mod graph_store;
mod manifest;
mod protocol;
mod report;
mod results;
mod server;
mod service_description;
mod shacl;
mod skip;

use anyhow::{Result, bail};
use bare::Bare;
use manifest::Test;
use report::Report;
use server::Server;
use skip::Skips;
use std::collections::HashMap;
use std::process::ExitCode;

/// Runs the tests of a suite, by the addresses of its manifest; the map gives reasons to skip.
type Run = fn(&'static str, &[Test], HashMap<String, String>) -> Result<Report>;

/// A set of tests that are run in the same way.
struct Suite {
    name: &'static str,
    /// The address of its manifest.
    manifest: String,
    run: Run,
}

fn suites() -> Vec<Suite> {
    let sparql =
        |name, path: &str| Suite { name, manifest: data::sparql(path), run: on_bare_store };
    let http = |name, path: &str| Suite { name, manifest: data::sparql(path), run: over_http };
    vec![
        sparql("SPARQL 1.0 syntax", "sparql10/manifest-syntax.ttl"),
        sparql("SPARQL 1.0 query", "sparql10/manifest-evaluation.ttl"),
        sparql("SPARQL 1.1 query", "sparql11/manifest-sparql11-query.ttl"),
        sparql("SPARQL 1.1 update", "sparql11/manifest-sparql11-update.ttl"),
        sparql("SPARQL 1.1 result formats", "sparql11/manifest-sparql11-results.ttl"),
        sparql("SPARQL 1.1 federated query", "sparql11/manifest-sparql11-fed.ttl"),
        sparql("SPARQL 1.1 entailment", "sparql11/entailment/manifest.ttl"),
        http("SPARQL 1.1 protocol", "sparql11/protocol/manifest.ttl"),
        http("SPARQL 1.1 graph store", "sparql11/graph-store-protocol/manifest.ttl"),
        http("SPARQL 1.1 service description", "sparql11/service-description/manifest.ttl"),
        Suite { name: "SHACL core", manifest: data::shacl("core/manifest.ttl"), run: on_batches },
        Suite {
            name: "SHACL-SPARQL",
            manifest: data::shacl("sparql/manifest.ttl"),
            run: on_batches,
        },
    ]
}

fn main() -> ExitCode {
    let skips = match Skips::read() {
        Ok(skips) => skips,
        Err(error) => {
            println!("{error:#}");
            return ExitCode::FAILURE;
        }
    };
    let all = suites();
    let unknown = skips.suites().find(|name| all.iter().all(|suite| suite.name != *name));
    if let Some(unknown) = unknown {
        println!("skip.toml names the suite {unknown:?}, but there is no such suite");
        return ExitCode::FAILURE;
    }
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted =
        |suite: &Suite| words.is_empty() || words.iter().any(|word| suite.name.contains(word));
    let (here, absent): (Vec<Suite>, Vec<Suite>) =
        all.into_iter().filter(is_wanted).partition(|suite| data::is_here(&suite.manifest));
    let reports: Vec<Report> = std::thread::scope(|scope| {
        let skips = &skips;
        let running: Vec<_> =
            here.iter().map(|suite| scope.spawn(move || report(suite, skips))).collect();
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

fn report(suite: &Suite, skips: &Skips) -> Report {
    let tests = manifest::tests(&suite.manifest);
    let report = tests.and_then(|tests| (suite.run)(suite.name, &tests, skips.of(suite.name)));
    report.unwrap_or_else(|error| Report::broken(suite.name, &error))
}

fn on_bare_store(
    name: &'static str,
    tests: &[Test],
    skips: HashMap<String, String>,
) -> Result<Report> {
    let bare = Bare::open()?;
    Ok(Report::run(name, tests, skips, |test| evaluate::run(&bare, test)))
}

fn over_http(name: &'static str, tests: &[Test], skips: HashMap<String, String>) -> Result<Report> {
    let server = Server::start()?;
    Ok(Report::run(name, tests, skips, |test| match test.kind.as_str() {
        "ProtocolTest" => protocol::run(&server, test),
        "GraphStoreProtocolTest" => graph_store::run(&server, test),
        "ServiceDescriptionTest" => service_description::run(&server, test),
        other => bail!("nobody knows how to run a {other}"),
    }))
}

fn on_batches(
    name: &'static str,
    tests: &[Test],
    skips: HashMap<String, String>,
) -> Result<Report> {
    Ok(Report::run(name, tests, skips, shacl::run))
}
