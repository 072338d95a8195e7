//! The tests that are known to fail, each with the reason why.
//! Refuses to hide anything: a listed test is run all the same.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    skip: Vec<Skip>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Skip {
    suite: String,
    reason: String,
    tests: Vec<String>,
}

/// Reasons by suite and test.
pub struct Skips(HashMap<String, HashMap<String, String>>);

impl Skips {
    /// Reads the list that lies beside this file; each test may be listed once.
    pub fn read() -> Result<Self> {
        let file: File = toml::from_str(include_str!("skip.toml")).context("skip.toml")?;
        let mut skips = HashMap::<String, HashMap<String, String>>::new();
        for skip in file.skip {
            let suite = skips.entry(skip.suite).or_default();
            for test in skip.tests {
                if let Some(other) = suite.insert(test.clone(), skip.reason.clone()) {
                    bail!("skip.toml lists {test} twice, the first time because: {other}");
                }
            }
        }
        Ok(Self(skips))
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
