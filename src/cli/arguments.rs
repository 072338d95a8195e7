//! What can be typed, and which command it leads to.

use super::{check, data, import, key, maintain, peer, serve, takedown};
use crate::config::{Flags, InForce, LogFormat, Settings};
use clap::{Args, Parser, Subcommand};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// A node of family-policy experience as linked data.
#[derive(Debug, Parser)]
#[command(name = "familylab", version, about, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes. Each can also stand in the environment or in the file.
#[derive(Debug, Args)]
pub struct Common {
    /// The configuration file (default: familylab.toml, if it is there)
    #[arg(long, global = true, env = "FAMILYLAB_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder [environment: FAMILYLAB_DATA; default: familylab-data]
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// The node's public address, in which identifiers begin [environment: FAMILYLAB_BASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    base_url: Option<String>,
    /// The database of the log [environment: FAMILYLAB_LOG_URL; default: log.sqlite in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    log_url: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open a node and answer requests
    Serve {
        /// Where to listen; port 0 takes a free one [environment: FAMILYLAB_LISTEN; default: 127.0.0.1:7070]
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
        /// Load the demonstration catalogue
        #[arg(long)]
        demo: bool,
        /// Be a plain SPARQL 1.1 store: no vocabularies, every graph writable
        #[arg(long, conflicts_with = "demo")]
        bare: bool,
    },
    /// Take files in
    Import(import::Import),
    /// Run a SPARQL query and print its results
    Query(data::Query),
    /// Write out everything, or one source
    Dump(data::Dump),
    /// Make a synthetic national catalogue, for measuring
    Generate(data::Generate),
    /// Make the graph again from the log, or the search index
    Rebuild {
        /// The search index only; a node that is running goes on answering meanwhile
        #[arg(long)]
        index: bool,
    },
    /// Prove that the log is whole and that the graph agrees with it
    Verify {
        /// Also that the search index holds what one made anew would hold
        #[arg(long)]
        index: bool,
    },
    /// Run the rules of inference now, for what changed since the last time
    Infer {
        /// For every record, whatever was known
        #[arg(long)]
        all: bool,
    },
    /// Look for what does not agree: records against each other and against the ontology
    Check(check::Check),
    /// Other nodes and publishers: list them, add one, take one off, see how they are
    #[command(subcommand)]
    Peer(peer::Peer),
    /// The key by which the node signs what other nodes take over: show it, make one, replace it
    Key {
        #[command(subcommand)]
        ask: Option<key::Key>,
    },
    /// Take a record down: it goes, and neither its name nor its content can come back
    Takedown(takedown::Takedown),
    /// Draw each class of the ontology as SVG
    Diagrams {
        /// The folder to write to
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
    },
    /// Print what visitors wrote, a JSON object a line
    Feedback,
    /// Print the settings in force and where each came from
    Config,
}

/// The stack of a thread: room for the deepest query that is let through, taken only if needed.
const STACK: usize = 64 << 20;

/// The settings in force and what they came from.
pub struct Configured {
    pub settings: Settings,
    pub in_force: Vec<InForce>,
}

impl Common {
    fn configure(self, listen: Option<SocketAddr>) -> anyhow::Result<Configured> {
        let flags =
            Flags { data: self.data, listen, base_url: self.base_url, log_url: self.log_url };
        let (settings, in_force) = Settings::read(self.config.as_deref(), &flags)?;
        Ok(Configured { settings, in_force })
    }
}

/// Runs the command that was typed.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let listen = match &arguments.command {
        Command::Serve { listen, .. } => *listen,
        _ => None,
    };
    let configured = arguments.common.configure(listen)?;
    start_logging(&configured.settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()?;
    let settings = configured.settings;
    match arguments.command {
        Command::Serve { demo, bare, .. } => runtime.block_on(serve::serve(settings, demo, bare)),
        Command::Import(ask) => runtime.block_on(import::import(settings, ask)),
        Command::Query(ask) => runtime.block_on(data::query(settings, ask)),
        Command::Dump(ask) => runtime.block_on(data::dump(settings, ask)),
        Command::Generate(ask) => data::generate(&settings, &ask),
        Command::Rebuild { index: true } => runtime.block_on(maintain::rebuild_index(settings)),
        Command::Rebuild { index: false } => runtime.block_on(maintain::rebuild(&settings)),
        Command::Verify { index: true } => runtime.block_on(maintain::verify_index(settings)),
        Command::Verify { index: false } => runtime.block_on(maintain::verify(settings)),
        Command::Infer { all } => runtime.block_on(check::infer(settings, all)),
        Command::Check(ask) => runtime.block_on(check::check(settings, ask)),
        Command::Peer(ask) => runtime.block_on(peer::peer(settings, ask)),
        Command::Key { ask } => key::key(&settings, &ask.unwrap_or_default()),
        Command::Takedown(ask) => runtime.block_on(takedown::takedown(settings, ask)),
        Command::Diagrams { out } => data::diagrams(&out),
        Command::Feedback => runtime.block_on(maintain::feedback(settings)),
        Command::Config => maintain::config(&configured.in_force),
    }
}

/// Log lines go to standard error, so that standard output holds answers only.
fn start_logging(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log_level)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match settings.log_format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}
