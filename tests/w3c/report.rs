//! Holds what came of the tests against what is expected to fail, and prints it as a table.
//! Refuses to know what a test does.

use crate::manifest::Test;
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// What came of a suite.
pub struct Report {
    suite: &'static str,
    passed: usize,
    known: BTreeMap<String, usize>,
    problems: Vec<String>,
    took: Duration,
}

impl Report {
    /// A suite that could not be run at all.
    pub fn broken(suite: &'static str, error: &anyhow::Error) -> Self {
        let problems = vec![format!("the suite could not be run: {error:#}")];
        Self { suite, passed: 0, known: BTreeMap::new(), problems, took: Duration::ZERO }
    }

    /// Runs every test; `reasons` say why some are known to fail, by the ends of their
    /// IRIs.
    pub fn run(
        suite: &'static str,
        tests: &[Test],
        mut reasons: HashMap<String, String>,
        run: impl Fn(&Test) -> anyhow::Result<()>,
    ) -> Self {
        let start = Instant::now();
        let (mut passed, mut known, mut problems) = (0, BTreeMap::new(), Vec::new());
        for test in tests {
            let outcome = catch_unwind(AssertUnwindSafe(|| run(test)));
            let outcome = outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("it panicked")));
            let name = short(test.iri());
            match (outcome, reasons.remove(&name)) {
                (Ok(()), None) => passed += 1,
                (Err(_), Some(reason)) => *known.entry(reason).or_default() += 1,
                (Ok(()), Some(_)) => problems
                    .push(format!("{name} passes, but known.toml lists it: take it off the list")),
                (Err(error), None) => problems.push(format!("{name}: {error:#}")),
            }
        }
        for name in reasons.keys() {
            problems.push(format!("{name} is listed in known.toml, but there is no such test"));
        }
        Self { suite, passed, known, problems, took: start.elapsed() }
    }

    /// Whether everything is as expected.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
    }
}

/// The end of a test's IRI that tells it apart within its suite: `bind/manifest#bind01`, or
/// `node/and-001`.
fn short(iri: &str) -> String {
    let ends: Vec<&str> = iri.rsplitn(3, '/').take(2).collect();
    ends.into_iter().rev().collect::<Vec<_>>().join("/")
}

/// Prints what is wrong, what is known to fail and why, and a line for every suite.
pub fn print(reports: &[Report]) {
    for report in reports {
        for problem in &report.problems {
            println!("{}: {problem}", report.suite);
        }
    }
    println!();
    for report in reports {
        for (reason, count) in &report.known {
            println!("{}: {count} known to fail: {reason}", report.suite);
        }
    }
    println!(
        "\n{:32} {:>7} {:>7} {:>14} {:>8}",
        "suite", "passed", "failed", "known to fail", "seconds"
    );
    for Report { suite, passed, known, problems, took } in reports {
        let (failed, known) = (problems.len(), known.values().sum::<usize>());
        println!("{suite:32} {passed:>7} {failed:>7} {known:>14} {:>8.1}", took.as_secs_f64());
    }
    println!();
}
