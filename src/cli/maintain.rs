//! `familylab rebuild`, `verify` and `config`: what an administrator asks when in doubt.

use crate::app::{App, AppError, Contents};
use crate::config::{InForce, Settings};
use crate::iri::Base;
use crate::search::Follower;
use crate::store::{Dataset, DatasetError, Mode, View, verify as check};
use anyhow::Context;
use oxigraph::sparql::CancellationToken;
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How long another process is given to make the index.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Makes the graph again from the log.
pub async fn rebuild(settings: &Settings) -> anyhow::Result<ExitCode> {
    let changes = Dataset::rebuild(&settings.data, settings.log_url.as_deref()).await?;
    println!("The graph was made again from {changes} changes.");
    Ok(ExitCode::SUCCESS)
}

/// Prints what visitors wrote, a JSON object a line.
pub async fn feedback(settings: Settings) -> anyhow::Result<ExitCode> {
    for one in Dataset::feedback(&settings.data, settings.log_url.as_deref()).await? {
        println!("{}", serde_json::to_string(&one)?);
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes the search index again: by the node that is running, or else here.
pub async fn rebuild_index(settings: Settings) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let root = settings.data.join("index");
    match App::open(settings, Contents::Vocabulary).await {
        Ok(app) => {
            let stop = CancellationToken::new();
            if let Some(rules) = &app.inference {
                rules.catch_up(&stop).await?;
            }
            let search = app.search.context("a plain SPARQL store has no search index")?;
            search.follower().rebuild(&stop).await?;
            println!("{} records are in the new index.", search.documents()?);
            app.dataset.close().await?;
        }
        Err(AppError::Dataset(DatasetError::Locked(_))) => {
            let wanted = Follower::ask_for_rebuild(&root)?;
            while wanted.exists() {
                anyhow::ensure!(
                    start.elapsed() < PATIENCE,
                    "the node that uses this folder did not make the index within {PATIENCE:?}; \
                     its log says why"
                );
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            println!("The running node made the index again.");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Proves that the search index holds what one made anew from the log holds.
pub async fn verify_index(settings: Settings) -> anyhow::Result<ExitCode> {
    let data = settings.data.clone();
    let app = App::open(settings, Contents::Vocabulary).await?;
    let stop = CancellationToken::new();
    if let Some(rules) = &app.inference {
        rules.catch_up(&stop).await?;
    }
    let search = app.search.as_ref().context("a plain SPARQL store has no search index")?;
    search.follower().catch_up(&stop).await?;
    let fresh = tempfile::tempdir_in(&data)?;
    let anew = search.at(fresh.path());
    anew.follower().rebuild(&stop).await?;
    let (mut kept, mut made) = (search.digests()?, anew.digests()?);
    let records = made.len();
    kept.retain(|iri, digest| made.get(iri) != Some(digest));
    let all = search.digests()?;
    made.retain(|iri, digest| all.get(iri) != Some(digest));
    app.dataset.close().await?;
    for iri in kept.keys().chain(made.keys()).collect::<BTreeSet<_>>() {
        println!("{iri} is indexed otherwise than its record says");
    }
    if kept.is_empty() && made.is_empty() {
        println!("The index agrees with the log: {records} records.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("The index differs from the log; run `familylab rebuild --index`.");
    Ok(ExitCode::FAILURE)
}

/// Proves that log and graph agree; fails where they do not.
pub async fn verify(settings: Settings) -> anyhow::Result<ExitCode> {
    let dataset = open(&settings).await?;
    let verdict = check(&dataset).await?;
    println!(
        "{} changes, {} records, {} quads\nlog   {}\ngraph {}",
        verdict.changes, verdict.records, verdict.quads, verdict.log_hash, verdict.graph_hash
    );
    if verdict.taken_down > 0 {
        println!(
            "{} versions were taken down: their text is gone, their hashes hold the log together.",
            verdict.taken_down
        );
    }
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
