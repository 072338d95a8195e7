//! `familylab peer harvest`: a harvest now, by this process, or by the node that is running in the same
//! data folder.

use crate::app::{App, AppError, Contents};
use crate::config::Settings;
use crate::federation::{Peers, Run, Trust};
use crate::store::{DatasetError, Log};
use anyhow::{Context, bail};
use jiff::Timestamp;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How often it is looked how far the running node is.
const LOOK: Duration = Duration::from_millis(300);
/// The running node begins within a few seconds, or other harvests keep it.
const BEGINNING: Duration = Duration::from_secs(120);

/// Harvests a peer and tells how that went.
pub async fn now(
    settings: &Settings,
    log: &Log,
    peers: &Peers,
    name: &str,
) -> anyhow::Result<ExitCode> {
    let run = match open(settings).await? {
        Some(app) => {
            let harvests = app.harvests.as_ref();
            let harvests = harvests.context("a plain SPARQL store takes nothing over")?;
            let run = harvests.run(name).await;
            app.dataset.close().await?;
            run?
        }
        None => by_the_node(log, peers, name).await?,
    };
    let counts = &run.counts;
    println!(
        "{name}: {} new, {} changed, {} deleted, {} unchanged, {} kept back; {} requests, {} bytes",
        counts.added,
        counts.changed,
        counts.deleted,
        counts.unchanged,
        counts.quarantined,
        counts.requests,
        counts.bytes
    );
    for row in &log.harvest_quarantine(name, "", 20).await? {
        println!("  kept back: {}: {}", row.of.record, row.reason);
    }
    if let Some((_, detail)) = &run.problem {
        eprintln!("familylab: the harvest of {name} was broken off: {detail}");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes away what came from a peer that is not listed any more.
pub async fn take_away(settings: &Settings, log: &Log, name: &str) -> anyhow::Result<()> {
    if !log.harvests().await?.iter().any(|row| row.peer == name) {
        return Ok(());
    }
    let Some(app) = open(settings).await? else {
        println!("The running node takes its records away within a few seconds.");
        return Ok(());
    };
    if let Some(harvests) = &app.harvests {
        harvests.sweep().await?;
        println!("Its records are taken away.");
    }
    Ok(app.dataset.close().await?)
}

/// The node of the data folder, unless another process has it open.
async fn open(settings: &Settings) -> anyhow::Result<Option<App>> {
    match App::open(settings.clone(), Contents::Vocabulary).await {
        Ok(app) => Ok(Some(app)),
        Err(AppError::Dataset(DatasetError::Locked(_))) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Lets the running node do it, and waits for the end.
async fn by_the_node(log: &Log, peers: &Peers, name: &str) -> anyhow::Result<Run> {
    let peer = peers.find(name).await?;
    if !peer.may(Trust::Harvest) {
        bail!("{name} is not trusted with harvest");
    }
    let before = peer.harvest.as_ref().map(|run| run.started.clone());
    log.want_harvest(name, peer.address(), &Timestamp::now().to_string()).await?;
    let start = Instant::now();
    loop {
        tokio::time::sleep(LOOK).await;
        let last =
            peers.find(name).await?.harvest.filter(|run| Some(&run.started) != before.as_ref());
        match last {
            Some(run) if run.ended.is_some() => return Ok(run),
            None if start.elapsed() > BEGINNING => {
                bail!("the running node has not begun it; look at its log, then try again")
            }
            _ => {}
        }
    }
}
