//! The tests that are known to fail, each with the reason why.
//! Refuses to hide anything: a listed test is run all the same.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    known: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    suite: String,
    reason: String,
    oxigraph: Oxigraph,
    tests: Vec<String>,
}

/// What Oxigraph's own suite says of the same tests.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Oxigraph {
    Listed,
    Unlisted,
    NotRun,
}

/// Reasons by suite and test.
pub struct Known(HashMap<String, HashMap<String, String>>);

impl Known {
    /// Reads the list that lies beside this file; each test may be listed once.
    pub fn read() -> Result<Self> {
        let file: File = toml::from_str(include_str!("known.toml")).context("known.toml")?;
        let mut known = HashMap::<String, HashMap<String, String>>::new();
        for group in file.known {
            let suite = known.entry(group.suite).or_default();
            let reason = format!("{} ({})", group.reason, group.oxigraph.told());
            for test in group.tests {
                if let Some(other) = suite.insert(test.clone(), reason.clone()) {
                    bail!("known.toml lists {test} twice, the first time because: {other}");
                }
            }
        }
        Ok(Self(known))
    }

    /// The suites that are mentioned.
    pub fn suites(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What is listed for a suite: reasons by the ends of the tests' IRIs.
    pub fn of(&self, suite: &str) -> HashMap<String, String> {
        self.0.get(suite).cloned().unwrap_or_default()
    }
}

impl Oxigraph {
    fn told(self) -> &'static str {
        match self {
            Self::Listed => "Oxigraph lists it as failing",
            Self::Unlisted => "Oxigraph does not list it",
            Self::NotRun => "Oxigraph does not run it",
        }
    }
}
