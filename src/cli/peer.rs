//! `familylab peer`: other nodes and publishers on the list, also while the node is running.

use super::harvest;
use crate::app;
use crate::config::Settings;
use crate::federation::{self, Peers, Proposal};
use crate::store::{Log, open_log};
use anyhow::Context;
use clap::{Args, Subcommand};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use std::io::Write;
use std::process::ExitCode;

/// So many peers are looked at at once.
const AT_ONCE: usize = 8;

/// What can be done with peers.
#[derive(Debug, Subcommand)]
pub enum Peer {
    /// Put a peer on the list and look at it
    Add(Add),
    /// Print the list, with what the last check of each peer found
    List {
        /// Write JSON
        #[arg(long)]
        json: bool,
    },
    /// Look at one peer or at all of them now; fails where one is not well
    Check {
        /// Its name
        name: Option<String>,
    },
    /// Take over what is new at a peer since the last time, now
    Harvest {
        /// Its name
        name: String,
    },
    /// Take a peer off the list, and what was taken over from it out of the data
    Remove {
        /// Its name
        name: String,
    },
}

/// What `add` takes.
#[derive(Debug, Args)]
pub struct Add {
    /// What it is called here: lower-case letters, digits, and hyphens between them
    name: String,
    /// Its address: of a node, of a SPARQL endpoint, of a stream, of a repository, of a file
    url: String,
    /// What it is: familylab, sparql, ldes, oai-pmh or dump
    #[arg(long, default_value = "familylab")]
    kind: String,
    /// What it may be used for: query, search, harvest (default: all that its kind offers)
    #[arg(long, value_delimiter = ',', value_name = "USES")]
    trust: Option<Vec<String>>,
    /// The Ed25519 public key by which it signs, in base64 or hexadecimal digits
    #[arg(long)]
    key: Option<String>,
    /// Its address may be a private one
    #[arg(long)]
    private: bool,
}

/// Reads or changes the list of peers of a data folder.
pub async fn peer(settings: Settings, ask: Peer) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(&settings.data)
        .with_context(|| format!("cannot use the folder {}", settings.data.display()))?;
    let log = open_log(&settings.data, settings.log_url.as_deref()).await?;
    // A node that ran before has an address for good, whatever this call says.
    let base_url = log.setting("base_url").await?.unwrap_or_else(|| settings.base_url.clone());
    let settings = Settings { base_url, ..settings };
    let peers = app::peers(log.clone(), &settings.base_url)?;
    let done = match ask {
        Peer::Add(add) => self::add(&peers, add).await,
        Peer::List { json } => list(&peers, json).await,
        Peer::Check { name } => check(&peers, name).await,
        Peer::Harvest { name } => harvest::now(&settings, &log, &peers, &name).await,
        Peer::Remove { name } => remove(&settings, &log, &peers, &name).await,
    };
    log.close().await;
    done
}

async fn add(peers: &Peers, add: Add) -> anyhow::Result<ExitCode> {
    let Add { name, url, kind, trust, key, private } = add;
    let proposal = Proposal { name, base: url, kind: Some(kind), trust, key, private };
    let peer = peers.add(proposal, Timestamp::now()).await?;
    let name = &peer.name;
    println!("{name} is on the list: {} ({}; {})", peer.address(), peer.kind, uses(&peer));
    if let Some(warning) = peer.warning() {
        eprintln!("warning: {warning}");
    }
    println!("{}", state(&peers.check(name, Timestamp::now()).await?));
    Ok(ExitCode::SUCCESS)
}

async fn list(peers: &Peers, json: bool) -> anyhow::Result<ExitCode> {
    let list = peers.list().await?;
    let mut out = std::io::stdout().lock();
    if json {
        let list: Vec<_> = list.iter().map(federation::Peer::public).collect();
        serde_json::to_writer_pretty(&mut out, &list)?;
        writeln!(out)?;
        return Ok(ExitCode::SUCCESS);
    }
    for peer in &list {
        writeln!(out, "{:<20} {:<10} {}", peer.name, peer.kind.name(), peer.address())?;
        writeln!(out, "{:<20} for {}; {}", "", uses(peer), state(peer))?;
    }
    if list.is_empty() {
        writeln!(out, "There are no peers. `familylab peer add NAME URL` adds one.")?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn check(peers: &Peers, name: Option<String>) -> anyhow::Result<ExitCode> {
    let names = match name {
        Some(name) => vec![name],
        None => peers.list().await?.into_iter().map(|peer| peer.name).collect(),
    };
    let looks = names.iter().map(|name| peers.check(name, Timestamp::now()));
    let mut looks = stream::iter(looks).buffered(AT_ONCE);
    let mut all_well = true;
    while let Some(peer) = looks.try_next().await? {
        println!("{}", state(&peer));
        all_well &= peer.is_well() == Some(true);
    }
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn remove(
    settings: &Settings,
    log: &Log,
    peers: &Peers,
    name: &str,
) -> anyhow::Result<ExitCode> {
    peers.remove(name).await?;
    println!("{name} is off the list.");
    harvest::take_away(settings, log, name).await?;
    Ok(ExitCode::SUCCESS)
}

fn uses(peer: &federation::Peer) -> String {
    let uses: Vec<&str> = peer.trust.iter().map(|trust| trust.name()).collect();
    if uses.is_empty() { "nothing".to_owned() } else { uses.join(", ") }
}

/// How a peer is, in a line.
fn state(peer: &federation::Peer) -> String {
    let name = &peer.name;
    let Some(health) = &peer.health else { return format!("{name} was not checked yet") };
    if let Some(problem) = &health.problem {
        return format!("{name} is not well ({}): {}", problem.kind.name(), problem.detail);
    }
    let counts = health.counts;
    let counts =
        [("statements", counts.triples), ("records", counts.records), ("last change", counts.seq)];
    let known = counts.into_iter().filter_map(|(what, count)| Some(format!("{what}: {}", count?)));
    let latency = health.latency.map_or(0, |latency| latency.as_millis());
    let known: Vec<String> =
        [format!("{name} answered in {latency} ms")].into_iter().chain(known).collect();
    known.join(", ")
}
