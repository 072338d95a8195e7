//! Clients that write all the time, and a ledger of what they were promised.

use super::{Node, TOKEN};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use reqwest::blocking::{Client, Response};
use std::collections::{BTreeMap, HashMap};

/// Where a node of the default address lets sources write.
pub const BASE: &str = "http://localhost:7070";
const TERMS: &str = "http://example.org/load#";
/// More records than the graph replaces in one transaction.
const MANY: usize = 3000;

/// Records that are always written together: all of one version, or none at all.
#[derive(Debug, Clone)]
pub struct Write {
    slot: String,
    /// 0 records: the slot is emptied.
    records: usize,
    version: u64,
    acknowledged: bool,
}

/// What a slot holds: a version and so many records of it.
type Held = Option<(u64, usize)>;

/// What each slot must hold, and what it may hold where a write was cut off.
#[derive(Default)]
pub struct Ledger {
    slots: BTreeMap<String, Vec<Held>>,
    versions: u64,
    acknowledged: usize,
    cut_off: usize,
    cut_off_kept: usize,
}

impl Ledger {
    /// A range of version numbers that nobody has used.
    pub fn next_version(&mut self) -> u64 {
        self.versions += 1_000_000;
        self.versions
    }

    /// Takes in what one client did, in its order.
    pub fn note(&mut self, writes: Vec<Write>) {
        for write in writes {
            let held = (write.records > 0).then_some((write.version, write.records));
            let may = self.slots.entry(write.slot).or_insert_with(|| vec![None]);
            if write.acknowledged {
                may.clear();
                self.acknowledged += 1;
            } else {
                self.cut_off += 1;
            }
            may.push(held);
        }
    }

    /// Fails unless the node holds exactly what was promised, and every write whole.
    pub fn check(&mut self, node: &Node) {
        let mut found = found(node);
        for (slot, may) in &mut self.slots {
            let held = found.remove(slot).unwrap_or_default();
            assert!(held.len() < 2, "{slot} holds parts of several writes: {held:?}");
            let held = held.first().copied();
            assert!(may.contains(&held), "{slot} holds {held:?}, but promised was {may:?}");
            self.cut_off_kept += usize::from(may.len() > 1 && may[0] != held);
            *may = vec![held];
        }
        assert!(found.is_empty(), "nobody wrote {found:?}");
    }

    /// Whether enough was written, and cut off, to tell anything.
    pub fn was_tested(&self, kills: usize) -> bool {
        self.acknowledged > kills && self.cut_off > 0
    }

    /// How much was tried.
    pub fn summary(&self) -> String {
        format!(
            "{} writes acknowledged; {} cut off, {} of them kept",
            self.acknowledged, self.cut_off, self.cut_off_kept
        )
    }
}

/// Every slot with its versions and how many whole records each has.
fn found(node: &Node) -> HashMap<String, Vec<(u64, usize)>> {
    let rows = node.select(&format!(
        "SELECT ?slot ?version (COUNT(*) AS ?records) WHERE {{ GRAPH ?g {{ \
         ?record <{TERMS}slot> ?slot ; <{TERMS}version> ?version ; <{TERMS}text> ?text }} \
         FILTER(?text = CONCAT(\"scheda \", ?version)) }} GROUP BY ?slot ?version"
    ));
    let mut found: HashMap<String, Vec<(u64, usize)>> = HashMap::new();
    let mut records = 0;
    for row in rows {
        let parts: Vec<&str> = row.split(',').collect();
        let [slot, version, count] = parts[..] else { panic!("not a row: {row}") };
        let count: usize = count.parse().expect("a count");
        records += count;
        let held = (version.parse().expect("a version"), count);
        found.entry(slot.to_owned()).or_default().push(held);
    }
    let quads = node.select(&format!(
        "SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} \
         FILTER(STRSTARTS(STR(?p), \"{TERMS}\")) }}"
    ));
    assert_eq!(quads, [(records * 3).to_string()], "some records are not whole");
    found
}

/// Writes until the node is gone; tells every write, the last one perhaps not acknowledged.
pub fn client(
    client: &Client,
    address: &str,
    name: usize,
    first: u64,
    mut dice: ChaCha8Rng,
) -> Vec<Write> {
    let mut writes = Vec::new();
    for version in first.. {
        let (request, mut write) = pick(client, address, name, version, &mut dice);
        let answer = request.bearer_auth(TOKEN).send().and_then(Response::error_for_status);
        match answer {
            Ok(_) => write.acknowledged = true,
            Err(error) if error.is_status() => panic!("{write:?} was refused: {error}"),
            Err(_) => {
                writes.push(write);
                break;
            }
        }
        writes.push(write);
    }
    writes
}

/// One write of the kinds that a node takes, small ones more often than large ones.
fn pick(
    client: &Client,
    address: &str,
    name: usize,
    version: u64,
    dice: &mut ChaCha8Rng,
) -> (reqwest::blocking::RequestBuilder, Write) {
    let few = dice.random_range(1..=5);
    let update = |text: String| client.post(format!("{address}/sparql")).form(&[("update", text)]);
    let upload = |graph: &str, text: String| {
        client
            .put(format!("{address}/graphs?graph={BASE}/graph/{graph}"))
            .header("Content-Type", "application/n-triples")
            .body(text)
    };
    let write = |slot: String, records| Write { slot, records, version, acknowledged: false };
    let graph = format!("<{BASE}/graph/load>");
    match dice.random_range(0..20) {
        0..6 => {
            let slot = format!("new-{name}-{version}");
            let lines = lines(&slot, version, few);
            (update(format!("INSERT DATA {{ GRAPH {graph} {{ {lines} }} }}")), write(slot, few))
        }
        6..13 => {
            let slot = format!("replaced-{name}-{}", dice.random_range(0..3));
            let (empty, lines) = (empty(&graph, &slot), lines(&slot, version, few));
            let text = format!("{empty} ; INSERT DATA {{ GRAPH {graph} {{ {lines} }} }}");
            (update(text), write(slot, few))
        }
        13..15 => {
            let slot = format!("replaced-{name}-{}", dice.random_range(0..3));
            (update(empty(&graph, &slot)), write(slot, 0))
        }
        15..18 => {
            let slot = format!("graph-{name}");
            (upload(&slot, lines(&slot, version, few)), write(slot, few))
        }
        _ => {
            let slot = format!("graph-{name}");
            (upload(&slot, lines(&slot, version, MANY)), write(slot, MANY))
        }
    }
}

fn empty(graph: &str, slot: &str) -> String {
    format!(
        "DELETE {{ GRAPH {graph} {{ ?s ?p ?o }} }} \
         WHERE {{ GRAPH {graph} {{ ?s <{TERMS}slot> \"{slot}\" ; ?p ?o }} }}"
    )
}

/// N-Triples of so many records.
pub fn lines(slot: &str, version: u64, records: usize) -> String {
    (0..records)
        .map(|record| {
            let subject = format!("<{BASE}/id/prova/{slot}-{record}>");
            format!(
                "{subject} <{TERMS}slot> \"{slot}\" .\n\
                 {subject} <{TERMS}version> \"{version}\" .\n\
                 {subject} <{TERMS}text> \"scheda {version}\" .\n"
            )
        })
        .collect()
}
