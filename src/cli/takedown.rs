//! `familylab takedown`: takes a record down, lists what was, lets one in again. A running node takes
//! the same over HTTP.

use crate::app::{App, Contents};
use crate::config::Settings;
use crate::takedown::{Request, Takedowns};
use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use oxigraph::sparql::CancellationToken;
use std::process::ExitCode;

/// What `takedown` takes.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Takedown {
    #[command(subcommand)]
    other: Option<Other>,
    /// The IRI of the record
    #[arg(required = true)]
    record: Option<String>,
    /// Why, for those who run the node: nobody else is told
    #[arg(long, required = true)]
    reason: Option<String>,
    /// The kind of reason, which everybody is told: personal-data, order, rights, wrong or other
    #[arg(long, default_value = "other")]
    class: String,
}

/// What else can be done.
#[derive(Debug, Subcommand)]
enum Other {
    /// Print what was taken down, and when and why
    List,
    /// Let a record come back; what it held does not
    Lift {
        /// Its IRI
        record: String,
    },
}

/// Changes what is taken down in a data folder; no node may be using it.
pub async fn takedown(settings: Settings, ask: Takedown) -> anyhow::Result<ExitCode> {
    let address = format!("{}/takedowns", settings.base_url.trim_end_matches('/'));
    let opened = App::open(settings, Contents::Vocabulary).await;
    let app = opened.with_context(|| {
        format!("a running node takes and lists takedowns at {address}, with the admin token")
    })?;
    let done = match ask.other {
        Some(Other::List) => list(&app.takedowns).await,
        Some(Other::Lift { record }) => lift(&app.takedowns, &record).await,
        None => {
            let (record, reason) = (ask.record.unwrap_or_default(), ask.reason.unwrap_or_default());
            let class = ask.class.parse()?;
            down(&app, Request { record, class, reason, header: app.header("") }).await
        }
    };
    app.dataset.close().await?;
    done
}

async fn down(app: &App, request: Request) -> anyhow::Result<ExitCode> {
    let takedown = app.takedowns.take_down(request).await?;
    // No node runs: what follows the log must see the deletion before the versions are emptied.
    let stop = CancellationToken::new();
    if let Some(rules) = &app.inference {
        rules.catch_up(&stop).await?;
    }
    if let Some(search) = &app.search {
        search.follower().catch_up(&stop).await?;
    }
    ensure!(
        app.takedowns.finish().await? == 0,
        "{} is deleted and blocked, but its versions are not emptied yet: start the node, which \
         does it",
        takedown.record
    );
    println!(
        "{} is taken down by change {} ({}). Its versions are emptied; backups and copies that others \
         made are not.",
        takedown.record, takedown.through, takedown.class
    );
    Ok(ExitCode::SUCCESS)
}

async fn list(takedowns: &Takedowns) -> anyhow::Result<ExitCode> {
    let list = takedowns.list().await?;
    for one in &list {
        println!("{}\n    {} ({}): {}", one.record, one.at, one.class, one.reason);
        if let Some(lifted) = &one.lifted {
            println!("    may come back since {lifted}");
        }
        if !one.is_emptied {
            println!("    its versions are not emptied yet");
        }
    }
    if list.is_empty() {
        println!("Nothing was taken down.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn lift(takedowns: &Takedowns, record: &str) -> anyhow::Result<ExitCode> {
    takedowns.lift(record, Timestamp::now()).await?;
    println!("{record} may come back; what it held does not by itself.");
    Ok(ExitCode::SUCCESS)
}
