//! `familylab rebuild`, `verify` and `config`: what an administrator asks when in doubt.

use crate::config::{InForce, Settings};
use crate::iri::Base;
use crate::store::{Dataset, Mode, View, verify as check};
use std::process::ExitCode;

/// Makes the graph again from the log.
pub async fn rebuild(settings: &Settings) -> anyhow::Result<ExitCode> {
    let changes = Dataset::rebuild(&settings.data, settings.log_url.as_deref()).await?;
    println!("The graph was made again from {changes} changes.");
    Ok(ExitCode::SUCCESS)
}

/// Proves that log and graph agree; fails where they do not.
pub async fn verify(settings: Settings) -> anyhow::Result<ExitCode> {
    let dataset = open(&settings).await?;
    let verdict = check(&dataset).await?;
    println!(
        "{} changes, {} records, {} quads\nlog   {}\ngraph {}",
        verdict.changes, verdict.records, verdict.quads, verdict.log_hash, verdict.graph_hash
    );
    if verdict.agrees() {
        println!("The log is whole and the graph agrees with it.");
        return Ok(ExitCode::SUCCESS);
    }
    for difference in &verdict.differences {
        println!(
            "{} in <{}>: {} quads in the log, {} in the graph",
            difference.key.record,
            difference.key.graph,
            difference.quads_in_log,
            difference.quads_in_graph
        );
    }
    println!("The graph differs from the log; run `familylab rebuild`.");
    Ok(ExitCode::FAILURE)
}

/// Prints the settings in force.
pub fn config(in_force: &[InForce]) -> anyhow::Result<ExitCode> {
    for line in in_force {
        println!("{:<20} {:<32} {}", line.name, line.value, line.source);
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens a data folder in the mode it was made with.
pub async fn open(settings: &Settings) -> anyhow::Result<Dataset> {
    let base = Base::parse(&settings.base_url)?;
    let url = settings.log_url.as_deref();
    let mode =
        if Dataset::is_bare(&settings.data, url).await? { Mode::Bare } else { Mode::Node(base) };
    Ok(Dataset::open(&settings.data, url, mode).await?)
}

/// What was stated, without what was inferred from it.
pub fn stated(dataset: &Dataset) -> View<'static> {
    let store = dataset.read().0.clone();
    match dataset.mode() {
        Mode::Node(base) => View::without(store, base.inferred()),
        Mode::Bare => View::whole(store),
    }
}
