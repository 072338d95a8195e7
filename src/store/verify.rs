//! Proves that the log is whole and that the graph holds what the log says, quad by quad.
//! Works in constant memory: sums of hashes by bucket, and names only where sums differ.

use super::append::{chain_entry, chain_start};
use super::change::{Key, hex, push_line};
use super::dataset::{Dataset, DatasetError, Mode};
use super::graph::GraphError;
use super::log::{Log, LogError};
use super::view::View;
use crate::iri::{graph_key, record_of_subject};
use oxigraph::model::Quad;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const BUCKETS: usize = 1 << 16;
const PAGE: i64 = 1000;
/// Differing records are listed up to this many.
const LISTED: usize = 100;

/// What verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub changes: u64,
    pub records: u64,
    pub quads: u64,
    /// How many versions were taken down: their hashes are part of the chain, their texts are gone.
    pub taken_down: u64,
    /// A hash of all quads the log says there are; independent of order.
    pub log_hash: String,
    /// The same over the quads in the graph.
    pub graph_hash: String,
    pub differences: Vec<Difference>,
}

/// A record that the log and the graph hold differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub key: Key,
    pub quads_in_log: u64,
    pub quads_in_graph: u64,
}

impl Verdict {
    /// Whether log and graph agree.
    pub fn agrees(&self) -> bool {
        self.log_hash == self.graph_hash && self.differences.is_empty()
    }
}

/// Checks the log's chain of hashes and compares its latest state with the graph.
pub async fn verify(dataset: &Dataset) -> Result<Verdict, DatasetError> {
    let log = dataset.log();
    let (changes, taken_down) = check_chain(log).await?;
    let (in_log, records) = sums_of_log(log).await?;
    let (store, _) = dataset.read();
    let view = match dataset.mode() {
        // What the rules infer is not in the log.
        Mode::Node(base) => View::without(store.clone(), base.inferred()),
        Mode::Bare => View::whole(store.clone()),
    };
    let reader = view.clone();
    let in_graph = tokio::task::spawn_blocking(move || Sums::of_graph(&reader)).await??;
    let differing: Vec<bool> =
        in_log.buckets.iter().zip(&in_graph.buckets).map(|(a, b)| a != b).collect();
    let differences = if differing.contains(&true) {
        differences(log, &view, differing).await?
    } else {
        Vec::new()
    };
    Ok(Verdict {
        changes,
        records,
        quads: in_log.quads,
        taken_down,
        log_hash: in_log.total(),
        graph_hash: in_graph.total(),
        differences,
    })
}

/// Reads every entry again and follows the chain; gives the number of changes, and of the versions
/// that were taken down.
async fn check_chain(log: &Log) -> Result<(u64, u64), LogError> {
    let (head, mut taken_down) = (log.head().await?, 0);
    let mut before = String::new();
    for seq in 1..=head {
        let damaged = |what: &str| LogError::Damaged { seq, what: what.to_owned() };
        let info = log.change(seq).await?.ok_or_else(|| damaged("the change is missing"))?;
        let mut chain = chain_start(&before, seq, &info.at, &info.by, &info.note);
        let mut after = 0;
        loop {
            let steps = log.steps(seq, after, PAGE).await?;
            let Some(last) = steps.last() else { break };
            after = last.position;
            for step in &steps {
                chain_entry(&mut chain, &step.key.graph, &step.key.record, &step.hash);
                if step.after.is_some() || step.hash.is_empty() {
                    continue;
                }
                taken_down += 1;
                let takedown = log.takedown(&step.key.record).await?;
                if takedown.is_none_or(|it| it.through != 0 && seq > it.through) {
                    return Err(damaged("a version is not there, and nobody took it down"));
                }
            }
        }
        if hex(&chain.finalize()) != info.hash {
            return Err(damaged("its hash does not follow from its entries and the change before"));
        }
        before = info.hash;
    }
    Ok((head, taken_down))
}

/// Order-independent sums of the hashes of quads, by bucket of records.
struct Sums {
    buckets: Vec<[u64; 4]>,
    quads: u64,
}

impl Sums {
    fn new() -> Self {
        Self { buckets: vec![[0; 4]; BUCKETS], quads: 0 }
    }

    fn of_graph(view: &View<'_>) -> Result<Self, GraphError> {
        let mut sums = Self::new();
        let mut line = String::new();
        for quad in view.quads(None, None, None, None) {
            let quad = quad?;
            line.clear();
            push_line(&mut line, quad.as_ref().into());
            let key = key_of(&quad);
            sums.add(bucket_of(&key), &key.graph, &line);
        }
        Ok(sums)
    }

    /// Adds the hash of one quad, written as a line of N-Triples and the graph it is in.
    fn add(&mut self, bucket: usize, graph: &str, line: &str) {
        let mut hasher = Sha256::new();
        hasher.update(graph.as_bytes());
        hasher.update([0]);
        hasher.update(line.as_bytes());
        let digest = hasher.finalize();
        for (sum, bytes) in self.buckets[bucket].iter_mut().zip(digest.chunks_exact(8)) {
            let word = bytes.try_into().expect("chunks of eight bytes are eight bytes");
            *sum = sum.wrapping_add(u64::from_le_bytes(word));
        }
        self.quads += 1;
    }

    fn total(&self) -> String {
        let mut hasher = Sha256::new();
        for word in self.buckets.iter().flatten() {
            hasher.update(word.to_le_bytes());
        }
        hex(&hasher.finalize())
    }
}

fn key_of(quad: &Quad) -> Key {
    Key { graph: graph_key(&quad.graph_name), record: record_of_subject(quad.subject.as_ref()) }
}

fn bucket_of(key: &Key) -> usize {
    let digest = Sha256::digest(format!("{}\n{}", key.graph, key.record).as_bytes());
    usize::from(u16::from_le_bytes([digest[0], digest[1]]))
}

/// The quads of the log's latest state, page by page.
async fn sums_of_log(log: &Log) -> Result<(Sums, u64), DatasetError> {
    let (mut sums, mut records, mut after) = (Sums::new(), 0, 0);
    loop {
        let page = log.states(after, PAGE).await?;
        let Some((last, _, _)) = page.last() else { break };
        after = *last;
        for (_, key, triples) in page {
            records += u64::from(!key.record.is_empty());
            let bucket = bucket_of(&key);
            for line in triples.lines() {
                sums.add(bucket, &key.graph, line);
            }
        }
    }
    Ok((sums, records))
}

/// Names the records behind the buckets whose sums differ.
async fn differences(
    log: &Log,
    view: &View<'_>,
    differing: Vec<bool>,
) -> Result<Vec<Difference>, DatasetError> {
    let mut found: BTreeMap<Key, [Vec<String>; 2]> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = log.states(after, PAGE).await?;
        let Some((last, _, _)) = page.last() else { break };
        after = *last;
        for (_, key, triples) in page {
            if differing[bucket_of(&key)] && !key.record.is_empty() {
                found.entry(key).or_default()[0] = triples.lines().map(str::to_owned).collect();
            }
        }
    }
    for quad in view.quads(None, None, None, None) {
        let quad = quad.map_err(GraphError::from)?;
        let key = key_of(&quad);
        if differing[bucket_of(&key)] {
            let mut line = String::new();
            push_line(&mut line, quad.as_ref().into());
            found.entry(key).or_default()[1].push(line);
        }
    }
    let mut listed = Vec::new();
    for (key, [in_log, mut in_graph]) in found {
        in_graph.sort_unstable();
        if in_log != in_graph && listed.len() < LISTED {
            listed.push(Difference {
                key,
                quads_in_log: in_log.len() as u64,
                quads_in_graph: in_graph.len() as u64,
            });
        }
    }
    Ok(listed)
}
