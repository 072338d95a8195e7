//! `familylab infer` and `check`: what follows from the data, and what in it does not agree.

use super::import::Tongue;
use super::maintain::{open, stated};
use crate::config::Settings;
use crate::infer::{Checks, Inference, Rules};
use crate::schema::{Language, Severity};
use crate::store::Mode;
use anyhow::bail;
use clap::Args;
use oxigraph::sparql::CancellationToken;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

/// Runs the rules on the data folder; no node may be using it.
pub async fn infer(settings: Settings, all: bool) -> anyhow::Result<ExitCode> {
    let dataset = open(&settings).await?;
    let Mode::Node(base) = dataset.mode() else {
        bail!("a plain SPARQL store has no rules");
    };
    let graph = base.inferred();
    let inference = Inference::new(Arc::new(Rules::shipped()?), dataset.clone(), graph.clone());
    let stop = CancellationToken::new();
    if all {
        inference.start_over(&stop).await?;
    } else {
        inference.catch_up(&stop).await?;
    }
    let (store, seq) = dataset.read();
    let count = store.quads_for_pattern(None, None, None, Some(graph.as_ref().into())).count();
    println!("{count} statements are inferred from what was stated up to change {seq}.");
    dataset.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// What `check` takes.
#[derive(Debug, Args)]
pub struct Check {
    /// Write JSON
    #[arg(long)]
    json: bool,
    /// At most so many findings of each check
    #[arg(long, default_value_t = 100, value_name = "COUNT")]
    most: usize,
    /// The language of the text
    #[arg(long, value_enum, default_value = "it")]
    lang: Tongue,
}

/// Runs every check; fails where one finds a violation.
pub async fn check(settings: Settings, ask: Check) -> anyhow::Result<ExitCode> {
    let dataset = open(&settings).await?;
    let checks = Checks::shipped()?;
    let view = stated(&dataset);
    let found = tokio::task::spawn_blocking(move || checks.run(&view, ask.most)).await??;
    let mut out = std::io::stdout().lock();
    if ask.json {
        serde_json::to_writer_pretty(&mut out, &found)?;
        writeln!(out)?;
    } else {
        let language: Language = ask.lang.into();
        for one in &found {
            let severity = format!("{:?}", one.severity).to_lowercase();
            writeln!(out, "{severity:<9} {} [{}]", one.message.get(language), one.check)?;
        }
        writeln!(out, "{} findings.", found.len())?;
    }
    let wrong = found.iter().any(|one| one.severity == Severity::Violation);
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
