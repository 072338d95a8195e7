//! The one door: every write goes through the log here, and every reader sees what the graph
//! has followed. Refuses to know where a change came from or how a query is asked.

use super::append::Append;
use super::change::{Entry, Header};
use super::feedback::Feedback;
use super::folder::{Folder, open_log};
use super::follow::apply;
use super::graph::{Graph, GraphError};
use super::log::{Log, LogError, Tally};
use crate::iri::Base;
use oxigraph::model::Quad;
use oxigraph::store::Store;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

/// How long a change waits for the one before it.
const WRITER_WAIT: Duration = Duration::from_secs(60);

/// Why the dataset could not be opened, written or awaited.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    #[error("another process uses the data folder {0}; stop it, or choose another folder")]
    Locked(PathBuf),
    #[error("the data folder {path} cannot be used: {source}")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error(
        "the data folder was made with {name} = {kept:?}, this start asks for {asked:?}; \
         identifiers never change, so use the first or another folder"
    )]
    Setting { name: &'static str, kept: String, asked: String },
    #[error(
        "the graph holds change {graph}, but the log ends at {log}: the log was replaced by an \
         older one; run `familylab rebuild` to make the graph again from the log"
    )]
    Ahead { graph: u64, log: u64 },
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("{0}; if it stays so, run `familylab rebuild`")]
    Graph(#[source] GraphError),
    #[error("the change is kept as number {seq}, but the graph could not follow yet: {source}")]
    Behind { seq: u64, source: GraphError },
    #[error("change {asked} had not arrived after {waited:?}; the newest one is {applied}")]
    NotYet { asked: u64, applied: u64, waited: Duration },
    #[error("another change has been written for {WRITER_WAIT:?}; try again in a minute")]
    Busy,
    #[error("a task of the store ended without an answer")]
    Task(#[from] tokio::task::JoinError),
}

impl From<GraphError> for DatasetError {
    /// A damaged log is not mended by a rebuild from it, so it must not read as a graph's fault.
    fn from(error: GraphError) -> Self {
        match error {
            GraphError::Log(error) => Self::Log(error),
            other => Self::Graph(other),
        }
    }
}

/// What rules the dataset follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Records in source graphs under this address; queries see the union of the graphs.
    Node(Base),
    /// A plain SPARQL 1.1 store: every graph writable, blank nodes kept.
    Bare,
}

/// Log and graph together.
#[derive(Clone)]
pub struct Dataset(Arc<Inner>);

struct Inner {
    mode: Mode,
    log: Log,
    graph: Graph,
    applied: watch::Sender<u64>,
    /// The change up to which the rules have been run, 0 while that is not known.
    inferred: AtomicU64,
    /// Counts what was inferred since the start.
    inferences: AtomicU64,
    /// One change at a time: its number, its entries and the graph must follow each other.
    /// Held across awaits, hence tokio's.
    writer: Arc<Mutex<()>>,
    /// How many changes are being made or wait for their turn.
    writing: AtomicUsize,
    /// Held for as long as the process uses the folder.
    _held: Folder,
}

impl Dataset {
    /// Opens a data folder, makes it if it is not there, and lets the graph catch up.
    pub async fn open(
        folder: &Path,
        log_url: Option<&str>,
        mode: Mode,
    ) -> Result<Self, DatasetError> {
        let held = Folder::take(folder)?;
        let log = open_log(folder, log_url).await?;
        keep(&log, "mode", if mode == Mode::Bare { "bare" } else { "node" }).await?;
        if let Mode::Node(base) = &mode {
            keep(&log, "base_url", base.as_str()).await?;
        }
        let path = held.graph();
        let graph = tokio::task::spawn_blocking(move || Graph::open(&path)).await??;
        let (seq, head) = (graph.applied()?, log.head().await?);
        if seq > head {
            return Err(DatasetError::Ahead { graph: seq, log: head });
        }
        let inner = Inner {
            mode,
            log,
            graph,
            applied: watch::Sender::new(seq),
            inferred: AtomicU64::new(0),
            inferences: AtomicU64::default(),
            writer: Arc::default(),
            writing: AtomicUsize::default(),
            _held: held,
        };
        let dataset = Self(Arc::new(inner));
        dataset.follow().await?;
        Ok(dataset)
    }

    /// What visitors wrote to those who run a node, also while it runs.
    pub async fn feedback(
        folder: &Path,
        log_url: Option<&str>,
    ) -> Result<Vec<Feedback>, DatasetError> {
        let log = open_log(folder, log_url).await?;
        let feedback = log.feedback().await?;
        log.close().await;
        Ok(feedback)
    }

    /// Whether a data folder was made as a plain SPARQL store.
    pub async fn is_bare(folder: &Path, log_url: Option<&str>) -> Result<bool, DatasetError> {
        if log_url.is_none() && !folder.join("log.sqlite").exists() {
            return Ok(false);
        }
        let log = open_log(folder, log_url).await?;
        let mode = log.setting("mode").await?;
        log.close().await;
        Ok(mode.as_deref() == Some("bare"))
    }

    /// Throws the graph away and makes it again from the log; gives the number of changes.
    pub async fn rebuild(folder: &Path, log_url: Option<&str>) -> Result<u64, DatasetError> {
        let held = Folder::take(folder)?;
        let log = open_log(folder, log_url).await?;
        let graph = Graph::open(&held.new_graph())?;
        let head = log.head().await?;
        for seq in 1..=head {
            apply(&log, &graph, seq).await?;
        }
        graph.flush()?;
        drop(graph);
        held.swap()?;
        log.close().await;
        Ok(head)
    }

    /// The rules of this dataset.
    pub fn mode(&self) -> &Mode {
        &self.0.mode
    }

    /// Whether updates, imports and graph uploads may change this graph.
    pub fn is_writable(&self, graph: &str) -> bool {
        match &self.0.mode {
            Mode::Node(base) => base.is_writable(graph),
            Mode::Bare => true,
        }
    }

    /// What queries run on, and the number of the last change they see.
    pub fn read(&self) -> (&Store, u64) {
        // The number is read first: the answer may be newer than it says, never older.
        let seq = self.applied();
        (self.0.graph.store(), seq)
    }

    /// The number of the last change that readers see.
    pub fn applied(&self) -> u64 {
        *self.0.applied.borrow()
    }

    /// A name for what readers see now; another name, another content.
    pub fn version(&self) -> String {
        let (seq, inferred) = (self.applied(), self.inferred());
        if inferred == seq || self.0.mode == Mode::Bare {
            return seq.to_string();
        }
        format!("{seq}.{inferred}.{}", self.0.inferences.load(Ordering::Acquire))
    }

    /// Waits until readers may see more than a change.
    pub async fn changed_since(&self, seq: u64) {
        // The sender lives as long as `self`: an error cannot come.
        let _ = self.0.applied.subscribe().wait_for(|applied| *applied > seq).await;
    }

    /// The change up to which the rules have been run, 0 while that is not known.
    pub fn inferred(&self) -> u64 {
        self.0.inferred.load(Ordering::Acquire)
    }

    /// Takes note of what an earlier run left; see [`Graph::infer`].
    pub fn set_inferred(&self, through: u64) {
        self.0.inferred.store(through, Ordering::Release);
    }

    /// Changes what is inferred; see [`Graph::infer`]. Writers wait meanwhile, so callers bring
    /// thousands of quads at most.
    pub async fn infer(
        &self,
        added: Vec<Quad>,
        removed: Vec<Quad>,
        through: Option<(u64, String)>,
    ) -> Result<(), DatasetError> {
        let _turn = self.turn().await?;
        let graph = self.0.graph.clone();
        let reached = through.as_ref().map_or(0, |(seq, _)| *seq);
        tokio::task::spawn_blocking(move || {
            graph.infer(
                &added,
                &removed,
                through.as_ref().map(|(seq, rules)| (*seq, rules.as_str())),
            )
        })
        .await??;
        self.0.inferences.fetch_add(1, Ordering::AcqRel);
        self.set_inferred(reached);
        Ok(())
    }

    /// The log, for reading.
    pub fn log(&self) -> &Log {
        &self.0.log
    }

    /// The graph, for reading.
    pub fn graph(&self) -> &Graph {
        &self.0.graph
    }

    /// Waits until readers see a change.
    pub async fn wait_for(&self, seq: u64, limit: Duration) -> Result<(), DatasetError> {
        let mut applied = self.0.applied.subscribe();
        let reached = applied.wait_for(|applied| *applied >= seq);
        match tokio::time::timeout(limit, reached).await {
            Ok(_) => Ok(()),
            Err(_) => {
                Err(DatasetError::NotYet { asked: seq, applied: self.applied(), waited: limit })
            }
        }
    }

    /// Takes the right to write; others wait. What is read while it is held stays true.
    pub async fn writer(&self) -> Result<Writer, DatasetError> {
        self.0.writing.fetch_add(1, Ordering::AcqRel);
        // Counted from before the wait: the change may bear a moment from before it.
        let writing = Writing(self.clone());
        let guard = self.turn().await?;
        Ok(Writer { dataset: self.clone(), _guard: guard, _writing: writing })
    }

    /// Whether somebody has, or waits for, the right to write a change to the log.
    pub fn is_writing(&self) -> bool {
        self.0.writing.load(Ordering::Acquire) > 0
    }

    async fn turn(&self) -> Result<OwnedMutexGuard<()>, DatasetError> {
        let lock = Arc::clone(&self.0.writer).lock_owned();
        let guard =
            tokio::time::timeout(WRITER_WAIT, lock).await.map_err(|_| DatasetError::Busy)?;
        self.follow().await.map_err(|error| behind(self.applied() + 1, error))?;
        Ok(guard)
    }

    /// Writes one change: see [`Writer::write`].
    pub async fn write(
        &self,
        header: Header,
        entries: Vec<Entry>,
    ) -> Result<(Option<u64>, Tally), DatasetError> {
        self.writer().await?.write(header, entries).await
    }

    /// Writes everything that is in memory to disk.
    pub async fn close(&self) -> Result<(), DatasetError> {
        let graph = self.0.graph.clone();
        tokio::task::spawn_blocking(move || graph.flush()).await??;
        self.0.log.close().await;
        Ok(())
    }

    /// Lets the graph apply what it lacks of the log.
    async fn follow(&self) -> Result<(), DatasetError> {
        let head = self.0.log.head().await?;
        for seq in self.applied() + 1..=head {
            apply(&self.0.log, &self.0.graph, seq).await?;
            self.0.applied.send_replace(seq);
        }
        Ok(())
    }
}

/// The right to write, for one change.
pub struct Writer {
    dataset: Dataset,
    _guard: OwnedMutexGuard<()>,
    _writing: Writing,
}

/// Somebody who writes, or waits for it.
struct Writing(Dataset);

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.0.writing.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Writer {
    /// Begins a change; nothing is kept before [`Writer::commit`].
    pub async fn append(&self, header: Header) -> Result<Append, DatasetError> {
        Ok(self.dataset.0.log.append(header).await?)
    }

    /// Makes a change last, then visible. The answer comes when it is on disk: its number, or
    /// none where nothing changed. A caller that goes away does not stop it half-way.
    pub async fn commit(self, append: Append) -> Result<Option<u64>, DatasetError> {
        let task = tokio::spawn(async move {
            // All of it: others wait until the graph has followed, also where the caller went away.
            let writer = self;
            let seq = append.commit().await?;
            if let Some(seq) = seq {
                writer.dataset.follow().await.map_err(|error| behind(seq, error))?;
            }
            Ok(seq)
        });
        task.await?
    }

    /// Writes a change whole.
    pub async fn write(
        self,
        header: Header,
        entries: Vec<Entry>,
    ) -> Result<(Option<u64>, Tally), DatasetError> {
        let mut append = self.append(header).await?;
        append.put(entries).await?;
        let tally = append.tally();
        Ok((self.commit(append).await?, tally))
    }
}

/// What a writer is told where the log went on and the graph did not: nothing is lost.
fn behind(seq: u64, error: DatasetError) -> DatasetError {
    match error {
        DatasetError::Graph(source) => DatasetError::Behind { seq, source },
        other => other,
    }
}

/// Keeps a setting on first use and holds every later start to it.
async fn keep(log: &Log, name: &'static str, asked: &str) -> Result<(), DatasetError> {
    match log.setting(name).await? {
        None => Ok(log.keep_setting(name, asked).await?),
        Some(kept) if kept == asked => Ok(()),
        Some(kept) => Err(DatasetError::Setting { name, kept, asked: asked.to_owned() }),
    }
}
