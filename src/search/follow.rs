//! The index following the log: small changes document by document, large ones by making the
//! whole index again beside the old one. Readers never wait for either.

use super::affected::Affected;
use super::document::Document;
use super::error::SearchError;
use super::gather::Gatherer;
use super::index::{self, Generation, Reached, Snapshot, commit, replace};
use super::rebuild::Rebuild;
use super::shelf::Shelf;
use super::thesaurus::Thesaurus;
use super::thing::Things;
use crate::iri::Base;
use crate::store::Dataset;
use oxigraph::model::{GraphName, NamedNodeRef, Quad};
use oxigraph::sparql::CancellationToken;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tantivy::IndexWriter;

/// More changed records than this, and the whole index is made again.
const MOST: usize = 3000;
const PAGE: i64 = 500;
/// How much of what the rules infer a small change waits for.
const PATIENCE: Duration = Duration::from_millis(300);
/// Changes that come within this time share a commit.
const GATHERING: Duration = Duration::from_millis(100);
/// How long to wait before trying again what failed.
const PAUSE: Duration = Duration::from_secs(2);
/// How often the follower looks whether somebody asked for a new index.
const LOOK: Duration = Duration::from_millis(500);
/// Room for documents that are not on disk yet, in bytes.
const MEMORY: usize = 64 << 20;
/// A file by this name asks a running node to make the index again.
const WANTED: &str = "rebuild-wanted";
/// No record needs more inferred statements than this for its document.
const MOST_INFERRED: usize = 2000;

/// Keeps the index up to date.
pub struct Follower {
    pub(super) root: PathBuf,
    pub(super) dataset: Dataset,
    pub(super) base: Base,
    pub(super) things: Arc<Things>,
    pub(super) shelf: Shelf,
    /// Whether rules are run on this dataset.
    pub(super) infers: bool,
    open: Option<Open>,
    thesaurus: Arc<Thesaurus>,
}

/// The current generation and the right to write to it.
struct Open {
    generation: Generation,
    writer: IndexWriter,
    reached: Reached,
}

impl Follower {
    /// A follower of a dataset with its index below `root`.
    pub fn new(
        root: PathBuf,
        dataset: Dataset,
        base: Base,
        things: Arc<Things>,
        shelf: Shelf,
        infers: bool,
    ) -> Self {
        let (open, thesaurus) = (None, Arc::default());
        Self { root, dataset, base, things, shelf, infers, open, thesaurus }
    }

    /// Asks whoever follows for a new index.
    pub fn ask_for_rebuild(root: &Path) -> std::io::Result<PathBuf> {
        std::fs::create_dir_all(root)?;
        let path = root.join(WANTED);
        std::fs::write(&path, "")?;
        Ok(path)
    }

    /// Follows until it is stopped.
    pub async fn follow(mut self, stop: CancellationToken) {
        loop {
            match self.catch_up(&stop).await {
                Ok(()) => self.wait().await,
                Err(_) if stop.is_cancelled() => return,
                Err(SearchError::Index(error)) => {
                    tracing::error!(%error, "the index failed and is made again");
                    self.open = None;
                    if let Err(error) = self.rebuild(&stop).await {
                        tracing::error!(%error, "the index could not be made again");
                        tokio::time::sleep(PAUSE).await;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the index could not follow");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Waits for a change, for what follows from it, or for somebody who asks.
    async fn wait(&self) {
        let reached = self.shelf.reached();
        let look = async {
            loop {
                tokio::time::sleep(LOOK).await;
                let unsettled = self.infers && self.dataset.inferred() > reached.settled;
                if unsettled || self.root.join(WANTED).exists() {
                    return;
                }
            }
        };
        tokio::select! { () = self.dataset.changed_since(reached.seq) => {}, () = look => {} }
        tokio::time::sleep(GATHERING).await;
    }

    /// Brings the index to where the graph is; makes it anew where it cannot be used.
    pub async fn catch_up(&mut self, stop: &CancellationToken) -> Result<(), SearchError> {
        let wanted = self.root.join(WANTED);
        if wanted.exists() {
            self.rebuild(stop).await?;
            std::fs::remove_file(&wanted)
                .map_err(|source| SearchError::Folder { path: wanted, source })?;
        }
        if self.open.is_none() {
            match self.open_current().await {
                Ok(true) => {}
                Ok(false) => self.rebuild(stop).await?,
                Err(error) => {
                    tracing::warn!(%error, "the index cannot be used and is made again");
                    self.rebuild(stop).await?;
                }
            }
        }
        let applied = self.dataset.applied();
        let reached = self.open.as_ref().map(|open| open.reached).unwrap_or_default();
        if self.infers && applied > reached.seq {
            self.await_inference(applied).await;
        }
        let inferred = if self.infers { self.dataset.inferred() } else { applied };
        let settles = inferred >= applied && reached.settled < applied;
        if applied == reached.seq && !settles {
            return Ok(());
        }
        let from = if settles { reached.settled.min(reached.seq) } else { reached.seq };
        let settled = if settles { applied } else { reached.settled };
        let to = Reached { seq: applied, settled, ..reached };
        match self.affected(from, applied).await? {
            Some(affected) => self.apply(affected, to).await,
            None => self.rebuild(stop).await,
        }
    }

    /// Waits a little for the rules, so that most changes are indexed once.
    async fn await_inference(&self, seq: u64) {
        let done = async {
            while self.dataset.inferred() < seq {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // Where the rules take longer, what they infer is indexed when it is there.
        let _ = tokio::time::timeout(PATIENCE, done).await;
    }

    /// Opens the current generation, if there is a usable one.
    async fn open_current(&mut self) -> Result<bool, SearchError> {
        let (root, things) = (self.root.clone(), Arc::clone(&self.things));
        let base = self.base.clone();
        let open = tokio::task::spawn_blocking(move || -> Result<_, SearchError> {
            let Some(folder) = index::current(&root)? else { return Ok(None) };
            index::sweep(&root, &folder)?;
            let generation = Generation::open(&folder)?;
            let Some(reached) = generation.reached()? else { return Ok(None) };
            let damaged = generation.damaged()?;
            if !damaged.is_empty() {
                tracing::warn!(?damaged, "files of the index are damaged; it is made again");
                return Ok(None);
            }
            let writer = generation.writer(1, MEMORY)?;
            let snapshot = generation.snapshot(Arc::new(Thesaurus::read(&things, &base)?))?;
            Ok(Some((Open { generation, writer, reached }, snapshot)))
        });
        let Some((open, snapshot)) = open.await?? else { return Ok(false) };
        // An index that is ahead follows another log than this one.
        if open.reached.seq > self.dataset.applied() {
            return Ok(false);
        }
        self.take_into_use(open, snapshot);
        Ok(true)
    }

    /// What changed after one change up to another; `None` where it is too much.
    async fn affected(&self, after: u64, until: u64) -> Result<Option<Affected>, SearchError> {
        let mut affected = Affected::default();
        for seq in after + 1..=until {
            let entries = self.dataset.log().change(seq).await?.map_or(0, |info| info.entries);
            if entries > MOST as u64 {
                return Ok(None);
            }
            let mut position = 0;
            loop {
                let steps = self.dataset.log().steps(seq, position, PAGE).await?;
                let Some(last) = steps.last() else { break };
                position = last.position;
                let store = self.dataset.read().0.clone();
                affected = tokio::task::spawn_blocking(move || -> Result<_, SearchError> {
                    for step in &steps {
                        affected.add(step, &store)?;
                    }
                    Ok(affected)
                })
                .await??;
                if affected.records.len() > MOST {
                    return Ok(None);
                }
            }
        }
        Ok(Some(affected))
    }

    /// Makes the documents of some records again and commits them.
    async fn apply(&mut self, affected: Affected, to: Reached) -> Result<(), SearchError> {
        let Some(mut open) = self.open.take() else { return Err(SearchError::NotReady) };
        let things: Vec<String> = affected.things.into_iter().collect();
        self.things.forget(&things);
        let affected_concepts = things.iter().any(|iri| self.is_concept(iri));
        let mut records = Vec::new();
        for record in affected.records {
            let quads = stated(&self.dataset, &record).await?;
            records.push((record, quads));
        }
        let (things, base) = (Arc::clone(&self.things), self.base.clone());
        let thesaurus = (!affected_concepts).then(|| Arc::clone(&self.thesaurus));
        let done = tokio::task::spawn_blocking(move || -> Result<_, SearchError> {
            let gatherer = Gatherer { things: &things, base: &base };
            for (record, quads) in records {
                let document = document(&gatherer, &record, quads)?;
                replace(&open.writer, &open.generation.fields, &record, document.as_ref())?;
            }
            commit(&mut open.writer, to)?;
            open.reached = to;
            let thesaurus = match thesaurus {
                Some(thesaurus) => thesaurus,
                None => Arc::new(Thesaurus::read(&things, &base)?),
            };
            let snapshot = open.generation.snapshot(thesaurus)?;
            Ok((open, snapshot))
        });
        // After a failure the index is opened again, at what was last committed.
        let (open, snapshot) = done.await??;
        self.take_into_use(open, snapshot);
        Ok(())
    }

    /// Whether the words people use for concepts may have changed with this record.
    fn is_concept(&self, iri: &str) -> bool {
        let kinds = ["/tema/", "/destinatario/", "/territorio/", "/vocabulary/"];
        kinds.iter().any(|kind| iri.contains(kind))
            || self.thesaurus.concepts.iter().any(|concept| concept.iri == iri)
    }

    fn take_into_use(&mut self, open: Open, snapshot: Snapshot) {
        self.open = Some(open);
        self.thesaurus = Arc::clone(&snapshot.thesaurus);
        self.shelf.put(snapshot);
    }

    /// Makes the index anew beside the old one and takes it into use.
    pub async fn rebuild(&mut self, stop: &CancellationToken) -> Result<(), SearchError> {
        let folder = index::next(&self.root)?;
        let generation = Rebuild::of(self).run(&folder, stop).await?;
        let (root, things) = (self.root.clone(), Arc::clone(&self.things));
        let base = self.base.clone();
        let open = tokio::task::spawn_blocking(move || -> Result<_, SearchError> {
            let reached = generation.reached()?.unwrap_or_default();
            let writer = generation.writer(1, MEMORY)?;
            let snapshot = generation.snapshot(Arc::new(Thesaurus::read(&things, &base)?))?;
            index::make_current(&root, &generation.folder)?;
            Ok((Open { generation, writer, reached }, snapshot))
        });
        let (open, snapshot) = open.await??;
        self.take_into_use(open, snapshot);
        Ok(())
    }
}

/// What is stated of a record now, in every graph.
pub(super) async fn stated(dataset: &Dataset, record: &str) -> Result<Vec<Quad>, SearchError> {
    let mut quads = Vec::new();
    for (key, triples) in dataset.log().parts(record).await? {
        for quad in triples.quads(&key.graph) {
            quads.push(quad?);
        }
    }
    Ok(quads)
}

/// The document of a record from what is stated and what is inferred of it. Blocking.
pub(super) fn document(
    gatherer: &Gatherer<'_>,
    record: &str,
    mut quads: Vec<Quad>,
) -> Result<Option<Document>, SearchError> {
    if quads.is_empty() {
        return Ok(None);
    }
    let subject = NamedNodeRef::new_unchecked(record);
    let graph = GraphName::from(gatherer.base.inferred());
    let inferred = gatherer.things.store().quads_for_pattern(
        Some(subject.into()),
        None,
        None,
        Some(graph.as_ref()),
    );
    for quad in inferred.take(MOST_INFERRED) {
        quads.push(quad?);
    }
    gatherer.document(record, &quads)
}
