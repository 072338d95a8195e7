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
    skipped: BTreeMap<String, usize>,
    problems: Vec<String>,
    took: Duration,
}

impl Report {
    /// A suite that could not be run at all.
    pub fn broken(suite: &'static str, error: &anyhow::Error) -> Self {
        let problems = vec![format!("the suite could not be run: {error:#}")];
        Self { suite, passed: 0, skipped: BTreeMap::new(), problems, took: Duration::ZERO }
    }

    /// Runs every test; `skips` are the reasons why some are known to fail, by the ends of their
    /// IRIs.
    pub fn run(
        suite: &'static str,
        tests: &[Test],
        mut skips: HashMap<String, String>,
        run: impl Fn(&Test) -> anyhow::Result<()>,
    ) -> Self {
        let start = Instant::now();
        let (mut passed, mut skipped, mut problems) = (0, BTreeMap::new(), Vec::new());
        for test in tests {
            let outcome = catch_unwind(AssertUnwindSafe(|| run(test)));
            let outcome = outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("it panicked")));
            let name = short(test.iri());
            match (outcome, skips.remove(&name)) {
                (Ok(()), None) => passed += 1,
                (Err(_), Some(reason)) => *skipped.entry(reason).or_default() += 1,
                (Ok(()), Some(_)) => problems
                    .push(format!("{name} passes, but skip.toml lists it: take it off the list")),
                (Err(error), None) => problems.push(format!("{name}: {error:#}")),
            }
        }
        for name in skips.keys() {
            problems.push(format!("{name} is listed in skip.toml, but there is no such test"));
        }
        Self { suite, passed, skipped, problems, took: start.elapsed() }
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

/// Prints what is wrong, what is skipped and why, and a line for every suite.
pub fn print(reports: &[Report]) {
    for report in reports {
        for problem in &report.problems {
            println!("{}: {problem}", report.suite);
        }
    }
    println!();
    for report in reports {
        for (reason, count) in &report.skipped {
            println!("{}: {count} skipped: {reason}", report.suite);
        }
    }
    println!("\n{:32} {:>7} {:>7} {:>8} {:>8}", "suite", "passed", "failed", "skipped", "seconds");
    for Report { suite, passed, skipped, problems, took } in reports {
        let (failed, skipped) = (problems.len(), skipped.values().sum::<usize>());
        println!("{suite:32} {passed:>7} {failed:>7} {skipped:>8} {:>8.1}", took.as_secs_f64());
    }
    println!();
}
