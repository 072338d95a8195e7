//! How far the log is published. Each new version of a record is held against the shapes first; one
//! with a violation, which only a trusted import can bring in, is kept back and told on `/qualita`.
//! Everything that is published is read through here, so that it all tells the same.

use super::files::Export;
use crate::iri::Base;
use crate::schema::{Finding, Severity, Shapes, ShippedError};
use crate::store::{
    CheckError, Checker, Choice, Dataset, DatasetError, Declared, Fault, Key, Log, LogError, Place,
    Revision, Triples,
};
use jiff::Timestamp;
use oxigraph::sparql::CancellationToken;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};

/// Under this name the log's database keeps the number of the last change that was checked.
const SETTING: &str = "published";
/// How many versions are checked together.
const BATCH: usize = 100;
/// How long to wait before trying again what failed.
const PAUSE: Duration = Duration::from_secs(5);

/// Why something could not be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error("what the shapes say cannot be written down: {0}")]
    Findings(#[from] serde_json::Error),
    #[error("an exported file cannot be used: {0}")]
    File(#[from] std::io::Error),
    #[error("the files that ship with the program are wrong: {0}")]
    Shipped(#[from] ShippedError),
    #[error("a task of publishing ended without an answer")]
    Task(#[from] tokio::task::JoinError),
}

/// A record that is kept back, or that lacks what it ought to have.
#[derive(Debug, Clone)]
pub struct Faulty {
    pub record: String,
    /// The log's number of the record.
    pub number: i64,
    /// The source graph.
    pub graph: String,
    /// The change that made it so.
    pub seq: u64,
    /// Whether it is left out of everything that is published.
    pub is_kept_back: bool,
    pub findings: Vec<Finding>,
}

/// Source graphs, each with how many of its records are kept back and how many others lack something.
pub type FaultyCounts = Arc<[(String, u64, u64)]>;

/// The published part of the log. Clones share it.
#[derive(Clone)]
pub struct Publication(Arc<Inner>);

struct Inner {
    dataset: Dataset,
    base: Base,
    shapes: Arc<Shapes>,
    folder: PathBuf,
    through: watch::Sender<u64>,
    exported: watch::Sender<Option<Arc<Export>>>,
    /// What was counted last, with the changes that it is of. Held while it is counted, so that many
    /// who ask at once wait for one answer; hence tokio's.
    counted: Mutex<Option<((u64, u64), FaultyCounts)>>,
}

impl Publication {
    /// The publication of a node; exported files go into `publish` in its data folder.
    pub async fn open(
        dataset: Dataset,
        base: Base,
        shapes: Arc<Shapes>,
        data: &Path,
    ) -> Result<Self, PublishError> {
        let kept = dataset.log().setting(SETTING).await?;
        let through = kept.and_then(|text| text.parse().ok()).unwrap_or(0);
        Ok(Self(Arc::new(Inner {
            // A log restored from an older backup has less than was checked.
            through: watch::Sender::new(dataset.applied().min(through)),
            exported: watch::Sender::new(None),
            counted: Mutex::default(),
            folder: data.join("publish"),
            dataset,
            base,
            shapes,
        })))
    }

    /// The number of the last change that is published.
    pub fn through(&self) -> u64 {
        *self.0.through.borrow()
    }

    /// The node's public address.
    pub fn base(&self) -> &Base {
        &self.0.base
    }

    /// The log, for reading up to [`Publication::through`].
    pub fn log(&self) -> &Log {
        self.0.dataset.log()
    }

    /// Where exported files are.
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// The files exported last; nothing before the first time.
    pub fn exported(&self) -> Option<Arc<Export>> {
        self.0.exported.borrow().clone()
    }

    /// Puts newly exported files in the place of those before.
    pub(in crate::publish) fn set_exported(&self, export: Export) {
        self.0.exported.send_replace(Some(Arc::new(export)));
    }

    /// Waits until more than a change is published.
    pub async fn published_since(&self, seq: u64) {
        // The sender lives as long as `self`: an error cannot come.
        let _ = self.0.through.subscribe().wait_for(|through| *through > seq).await;
    }

    /// Waits until a change is published; gives whether it was in time.
    pub async fn wait_for(&self, seq: u64, limit: Duration) -> bool {
        let mut through = self.0.through.subscribe();
        tokio::time::timeout(limit, through.wait_for(|through| *through >= seq)).await.is_ok()
    }

    /// Waits until everything that is written now is published.
    pub async fn caught_up(&self) {
        let written = self.0.dataset.applied();
        // The sender lives as long as `self`: an error cannot come.
        let _ = self.0.through.subscribe().wait_for(|through| *through >= written).await;
    }

    /// The earliest moment that a change after this one may bear, where there is one or is about to
    /// be one. Whoever has read up to a change and asks for what is new since then misses nothing.
    pub async fn unread_since(&self, seq: u64) -> Result<Option<Timestamp>, LogError> {
        // In this order: a change that is not being written any more stands in the log.
        let is_writing = self.0.dataset.is_writing();
        let change = match self.log().change(seq + 1).await? {
            Some(next) => Some(next),
            None if is_writing => self.log().change(seq).await?,
            None => None,
        };
        let moment = change.map(|change| {
            change.at.parse().map_err(|_| LogError::Damaged {
                seq: change.seq,
                what: "the moment of the change cannot be read".to_owned(),
            })
        });
        moment.transpose()
    }

    /// The records of a kind, of a source, or all.
    pub fn choice(&self, kind: Option<&str>, source: Option<&str>) -> Choice {
        let below = kind.map(|kind| format!("{}{kind}/", self.0.base.id()));
        Choice {
            below: Some(below.unwrap_or_else(|| self.0.base.id())),
            graph: source.map(|source| self.0.base.graph(source).into_string()),
        }
    }

    /// A page of the records with violations or warnings, of one source graph or of all; those kept
    /// back first.
    pub async fn faulty(
        &self,
        graph: Option<&str>,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<Faulty>, PublishError> {
        self.log().faults(graph, offset, limit).await?.into_iter().map(faulty).collect()
    }

    /// The same, but either those kept back or the others, numbered after one.
    pub async fn faulty_after(
        &self,
        graph: Option<&str>,
        is_kept_back: bool,
        number: i64,
        limit: u64,
    ) -> Result<Vec<Faulty>, PublishError> {
        let faults = self.log().faults_after(graph, is_kept_back, number, limit).await?;
        faults.into_iter().map(faulty).collect()
    }

    /// How many records of each source graph are kept back, and how many others lack something.
    pub async fn faulty_counts(&self) -> Result<FaultyCounts, PublishError> {
        let state = (self.through(), self.0.dataset.applied());
        let mut counted = self.0.counted.lock().await;
        if let Some((of, counts)) = &*counted
            && *of == state
        {
            return Ok(Arc::clone(counts));
        }
        let counts: FaultyCounts = self.log().fault_counts().await?.into();
        *counted = Some((state, Arc::clone(&counts)));
        Ok(counts)
    }

    /// Follows the changes until it is stopped.
    pub async fn follow(self, stop: CancellationToken) {
        loop {
            match self.catch_up(&stop).await {
                Ok(()) if stop.is_cancelled() => return,
                Ok(()) => self.0.dataset.changed_since(self.through()).await,
                Err(_) if stop.is_cancelled() => return,
                Err(error) => {
                    tracing::error!(%error, "changes could not be checked before publishing them");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Checks and publishes what has been written.
    pub async fn catch_up(&self, stop: &CancellationToken) -> Result<(), PublishError> {
        while self.through() < self.0.dataset.applied() && !stop.is_cancelled() {
            let seq = self.through() + 1;
            if !self.check(seq, stop).await? {
                return Ok(());
            }
            self.log().keep_setting(SETTING, &seq.to_string()).await?;
            self.0.through.send_replace(seq);
        }
        Ok(())
    }

    /// Holds the new versions of one change against the shapes; gives whether it came to the end.
    async fn check(&self, seq: u64, stop: &CancellationToken) -> Result<bool, PublishError> {
        let mut place = Place { seq: seq - 1, position: i64::MAX };
        let mut checker = Checker::new(Arc::clone(&self.0.shapes), &self.0.dataset);
        loop {
            if stop.is_cancelled() {
                return Ok(false);
            }
            let choice = self.choice(None, None);
            let page = self.log().revisions(&choice, place, seq, BATCH as i64).await?;
            let Some(last) = page.last() else { return Ok(true) };
            place = last.place;
            let own = |revision: &Revision| self.0.base.is_writable(&revision.key.graph);
            let page: Vec<Revision> = page.into_iter().filter(own).collect();
            let work = move || -> Result<_, PublishError> {
                let faults = faults(&mut checker, page)?;
                Ok((checker, faults))
            };
            let (used, faults) = tokio::task::spawn_blocking(work).await??;
            checker = used;
            if !faults.is_empty() {
                self.log().keep_faults(&faults).await?;
            }
        }
    }
}

/// What is wrong with some versions. Blocking: reads the graph.
fn faulty(fault: Fault) -> Result<Faulty, PublishError> {
    Ok(Faulty {
        findings: serde_json::from_str(&fault.findings)?,
        record: fault.record,
        number: fault.number,
        graph: fault.graph,
        seq: fault.place.seq,
        is_kept_back: fault.is_grave,
    })
}

fn faults(checker: &mut Checker, page: Vec<Revision>) -> Result<Vec<Fault>, PublishError> {
    let mut places = HashMap::new();
    let mut records: Vec<(Key, Triples)> = Vec::new();
    for revision in page {
        if let Some(triples) = revision.after {
            let known = (revision.key.graph.clone(), revision.place, revision.record);
            places.insert(revision.key.record.clone(), known);
            records.push((revision.key, triples));
        }
    }
    let mut by_record: HashMap<String, Vec<Finding>> = HashMap::new();
    for finding in checker.check(&records, &Declared::default())? {
        by_record.entry(finding.record.clone()).or_default().push(finding);
    }
    let mut faults = Vec::new();
    for (record, findings) in by_record {
        let Some((graph, place, number)) = places.remove(&record) else { continue };
        let is_grave = findings.iter().any(|finding| finding.severity == Severity::Violation);
        if is_grave || findings.iter().any(|finding| finding.severity == Severity::Warning) {
            let findings = serde_json::to_string(&findings)?;
            faults.push(Fault { place, graph, record, number, is_grave, findings });
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;
    use crate::store::{Entry, Header, Mode};

    #[tokio::test]
    async fn what_is_written_or_about_to_be_is_not_read_yet() {
        let folder = tempfile::tempdir().unwrap();
        let base = Base::parse("http://x").unwrap();
        let mode = Mode::Node(base.clone());
        let dataset = Dataset::open(folder.path(), None, mode).await.unwrap();
        let shapes = Shapes::parse(&schema::ontology_file("shapes.ttl").unwrap()).unwrap();
        let publication = Publication::open(dataset.clone(), base, Arc::new(shapes), folder.path())
            .await
            .unwrap();
        assert_eq!(publication.unread_since(0).await.unwrap(), None);
        let at: Timestamp = "2024-01-01T10:00:00.5Z".parse().unwrap();
        let line = "<http://x/id/rete/a> <http://x/p> \"1\" .\n";
        let entry =
            Entry::put("http://x/graph/prova", "http://x/id/rete/a", Triples::from_lines(line));
        let header = Header { at, by: "test".to_owned(), note: String::new() };
        dataset.write(header, vec![entry]).await.unwrap();
        assert_eq!(publication.through(), 0);
        assert_eq!(publication.unread_since(0).await.unwrap(), Some(at));
        assert_eq!(publication.unread_since(1).await.unwrap(), None);
        let writer = dataset.writer().await.unwrap();
        assert_eq!(publication.unread_since(1).await.unwrap(), Some(at), "another may bear it too");
        drop(writer);
        assert_eq!(publication.unread_since(1).await.unwrap(), None);
    }
}
