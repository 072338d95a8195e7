//! Takes a file in: read, group, validate, log. All of a file or nothing, unless asked otherwise.
//! Nothing public is written by any other way than this one and SPARQL.

use super::gather::{GatherError, Gathered, Reading, Row, gather};
use super::known::{Suggest, names};
use super::open::{Guard, Input, OpenError};
use super::target::Target;
use super::{Encoding, Names};
use crate::iri::graph_key;
use crate::schema::{Finding, Place, Report, Severity, Shapes, ShippedError};
use crate::store::{
    Append, Blocks, CheckError, Checker, Dataset, DatasetError, Declared, Entry, GroupError,
    Header, Key, LogError, Mode, Records, Tally, Triples,
};
use jiff::Timestamp;
use oxigraph::store::StorageError;
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// How many records are validated together: enough to keep the engine busy, few enough for memory.
const BATCH: usize = 2000;
/// A batch ends at about so many bytes of lines as well: some records are long.
const BATCH_BYTES: usize = 2 << 20;
/// Findings are told up to this many; the counts go on.
const MOST_FINDINGS: usize = 10_000;

/// Why a file was not taken in. Nothing of it has been kept.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Gather(#[from] GatherError),
    #[error(transparent)]
    Group(#[from] GroupError),
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error(transparent)]
    Shipped(#[from] ShippedError),
    #[error("the graph's storage failed: {0}")]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}

impl BatchError {
    /// Whether there was no room for the temporary files of an import.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Group(GroupError::Io(error))
            | Self::Open(OpenError::Io { source: error, .. })
            | Self::Gather(
                GatherError::Group { source: GroupError::Io(error), .. }
                | GatherError::Open(OpenError::Io { source: error, .. }),
            ) => is_full(error),
            _ => false,
        }
    }
}

/// Whether a file could not be written for want of room.
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// What to take in, and how.
#[derive(Debug, Clone)]
pub struct Job {
    /// One file, or the parts of one upload.
    pub inputs: Vec<Input>,
    pub target: Target,
    /// Add to what the records hold, as a graph upload does; otherwise a record is replaced whole.
    pub merge: bool,
    /// Delete the records of the target graph that the file does not hold.
    pub replace: bool,
    /// What relative IRIs are relative to; without it they are errors.
    pub base_iri: Option<String>,
    /// Check and count, keep nothing.
    pub dry_run: bool,
    /// Leave records with violations out instead of refusing the file.
    pub skip_invalid: bool,
    /// Validate nothing.
    pub trusted: bool,
    pub encoding: Encoding,
    pub guard: Guard,
    pub header: Header,
}

impl Job {
    /// The graph that will hold nothing but what the file says.
    fn replaced(&self) -> Option<String> {
        match &self.target {
            Target::Graph(graph) if self.replace => Some(graph_key(graph)),
            _ => None,
        }
    }
}

/// What became of a file.
#[derive(Debug)]
pub struct Outcome {
    /// The number of the change, if there was one.
    pub seq: Option<u64>,
    pub tally: Tally,
    pub quads: u64,
    pub report: Report,
    /// Whether the file was taken in, or would have been.
    pub accepted: bool,
}

/// How far an import is, for a progress bar.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes taken from the file.
    pub bytes: Arc<AtomicU64>,
    /// Records validated and handed to the log.
    pub records: AtomicU64,
}

/// Takes one file in.
pub async fn import(
    dataset: &Dataset,
    shapes: &Arc<Shapes>,
    job: Job,
    progress: &Progress,
) -> Result<Outcome, BatchError> {
    let gathered = {
        let (dataset, job, bytes) = (dataset.clone(), job.clone(), Arc::clone(&progress.bytes));
        run_blocking(move || read(&dataset, &job, bytes)).await?
    };
    let quads = gathered.quads;
    let mut report = Report { findings: gathered.wrong_rows, ..Report::default() };
    let mut invalid: BTreeSet<String> =
        report.findings.iter().map(|finding| finding.record.clone()).collect();
    let (sender, mut batches) = mpsc::channel(1);
    let mut work = Work {
        records: gathered.records,
        declared: gathered.declared,
        rows: gathered.rows,
        checker: (!job.trusted).then(|| Checker::new(Arc::clone(shapes), dataset)),
        suggest: Suggest::new(dataset)?,
        merge_into: job.merge.then(|| dataset.clone()),
        blocks: Blocks::default(),
    };
    // Taken before the worker starts: what it is checked against and merges with is what will be
    // replaced.
    let writer = dataset.writer().await?;
    work.blocks = dataset.log().blocks().await.map_err(DatasetError::from)?;
    let (mut hierarchy, store) = (gathered.hierarchy, dataset.read().0.clone());
    if let Some(graph) = job.replaced() {
        hierarchy.note_replaced(graph);
    }
    let cycles = run_blocking(move || Ok(hierarchy.cycles(&store)?)).await?;
    let worker = tokio::task::spawn_blocking(move || work.run(&cycles, &sender));
    // Reading a file takes its time: the change must not seem older than what others read meanwhile.
    let header = Header { at: job.header.at.max(Timestamp::now()), ..job.header.clone() };
    let mut append = writer.append(header).await?;
    while let Some(batch) = batches.recv().await {
        let Checked { records, findings } = batch?;
        report.records += records.len() as u64;
        progress.records.fetch_add(records.len() as u64, Ordering::Relaxed);
        let wrong = findings.iter().filter(|finding| finding.severity == Severity::Violation);
        invalid.extend(wrong.map(|finding| finding.record.clone()));
        let room = MOST_FINDINGS.saturating_sub(report.findings.len());
        report.findings.extend(findings.into_iter().take(room));
        if invalid.is_empty() || job.skip_invalid {
            let entries = records
                .into_iter()
                .filter(|(key, _)| !invalid.contains(&key.record))
                .map(|(key, triples)| Entry { key, after: Some(triples) });
            append.put(entries.collect()).await.map_err(DatasetError::from)?;
        }
    }
    worker.await.map_err(DatasetError::from)?;
    if let Some(graph) = job.replaced() {
        end_rest(dataset, &mut append, graph).await.map_err(DatasetError::from)?;
    }
    let tally = append.tally();
    let accepted = invalid.is_empty() || job.skip_invalid;
    report.left_out = invalid.into_iter().collect();
    let seq = if accepted && !job.dry_run { writer.commit(append).await? } else { None };
    Ok(Outcome { seq, tally, quads, report, accepted })
}

/// Deletes the records of a graph that a file which replaces it does not hold. A plain store
/// remembers the graph even when the file is empty.
async fn end_rest(dataset: &Dataset, append: &mut Append, graph: String) -> Result<(), LogError> {
    append.delete_rest(&graph).await?;
    if *dataset.mode() == Mode::Bare && !graph.is_empty() {
        append.put(vec![Entry::put(graph, "", Triples::default())]).await?;
    }
    Ok(())
}

/// Reads the whole file, so that a syntax error on its last line stops it before anything else.
fn read(dataset: &Dataset, job: &Job, progress: Arc<AtomicU64>) -> Result<Gathered, BatchError> {
    let (names, context) = match dataset.mode() {
        Mode::Node(base) if job.inputs.iter().any(Input::is_table) => {
            (names(dataset, base)?, context(base)?)
        }
        Mode::Node(base) => (Names::default(), context(base)?),
        Mode::Bare => (Names::default(), (Vec::new(), String::new())),
    };
    let reading = Reading {
        mode: dataset.mode(),
        target: &job.target,
        base_iri: job.base_iri.as_deref(),
        guard: job.guard,
        encoding: job.encoding,
        names: &names,
        context: &context,
        skip_invalid: job.skip_invalid,
        trusted: job.trusted,
        merge: job.merge,
        progress,
    };
    Ok(gather(&job.inputs, &reading)?)
}

/// The JSON-LD context that ships with the program, and the addresses it goes by.
fn context(base: &crate::iri::Base) -> Result<(Vec<String>, String), ShippedError> {
    let addresses =
        vec![base.join("/context.jsonld"), format!("{}context.jsonld", crate::vocab::CANONICAL)];
    Ok((addresses, crate::schema::ontology_file("context.jsonld")?))
}

/// Records with what was found about them.
struct Checked {
    records: Vec<(Key, Triples)>,
    findings: Vec<Finding>,
}

/// What the validating thread holds.
struct Work {
    records: Records,
    declared: Declared,
    rows: HashMap<String, Row>,
    checker: Option<Checker>,
    suggest: Suggest,
    /// Where the records stand to which these add.
    merge_into: Option<Dataset>,
    /// What was taken down, which no trust brings back.
    blocks: Blocks,
}

impl Work {
    /// Validates batch after batch while the log writes the one before.
    fn run(mut self, cycles: &[Finding], sender: &mpsc::Sender<Result<Checked, BatchError>>) {
        while let Some(checked) = self.next(cycles).transpose() {
            let failed = checked.is_err();
            // The receiver is gone where the log failed; it has told its own error.
            if sender.blocking_send(checked).is_err() || failed {
                return;
            }
        }
    }

    fn next(&mut self, cycles: &[Finding]) -> Result<Option<Checked>, BatchError> {
        let (mut records, mut bytes) = (Vec::new(), 0);
        while records.len() < BATCH && bytes < BATCH_BYTES {
            let Some(record) = self.records.next() else { break };
            let record: (Key, Triples) = record?;
            bytes += record.1.as_str().len();
            records.push(record);
        }
        if records.is_empty() {
            return Ok(None);
        }
        if let Some(dataset) = &self.merge_into {
            for (key, triples) in &mut records {
                let current = Handle::current().block_on(dataset.log().current(key));
                if let Some(current) = current.map_err(DatasetError::from)? {
                    *triples = current.edited(&Triples::default(), triples);
                }
            }
        }
        let mut findings = match &mut self.checker {
            Some(checker) => checker.check(&records, &self.declared)?,
            None => Vec::new(),
        };
        findings.extend(self.blocks.findings(&records));
        let here: BTreeSet<&str> = records.iter().map(|(key, _)| key.record.as_str()).collect();
        let cycles = cycles.iter().filter(|finding| here.contains(finding.record.as_str()));
        findings.extend(cycles.cloned());
        for finding in &mut findings {
            finding.place = self.place(finding);
            self.suggest.add_to(finding);
        }
        Ok(Some(Checked { records, findings }))
    }

    fn place(&self, finding: &Finding) -> Option<Place> {
        let row = self.rows.get(&finding.record)?;
        let column = finding.path.as_ref().and_then(|path| row.columns.get(path));
        Some(Place { row: row.number, column: column.cloned() })
    }
}

async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BatchError> + Send + 'static,
) -> Result<T, BatchError> {
    tokio::task::spawn_blocking(work).await.map_err(DatasetError::from)?
}
