//! How records of a peer come in, a few hundred at a time: held against the shapes, compared with what
//! is there, written through the log, and only then ticked off. Refuses to know how a peer is read.

use super::error::HarvestError;
use super::item::{Item, State, latest, reasons};
use super::provenance::Origin;
use super::run::moment;
use crate::iri::Base;
use crate::schema::{Shapes, Text};
use crate::store::{
    Checker, Dataset, Declared, Entry, HarvestStep, Header, Key, PageRow, QuarantineRow, RunRow,
    Triples, VersionRow,
};
use crate::vocab;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// What was kept back is tried again so many times at the end of a run, as long as that helps: a
/// record may refer to one that refers to one that came later.
const ROUNDS: usize = 5;
/// So many records are tried again together.
const BATCH: usize = 250;

/// The door for the records of one peer in one run.
pub(super) struct Door {
    pub dataset: Dataset,
    pub shapes: Arc<Shapes>,
    pub base: Base,
    pub origin: Origin,
    /// The classes of what is referred to and comes later, where they are known.
    pub declared: Arc<Declared>,
    /// The number of the peer's last change that was taken over, where it tells numbers.
    pub number: Option<u64>,
    pub run: RunRow,
}

/// What is remembered once a batch is on disk.
#[derive(Debug, Default)]
pub(super) struct Tick {
    pub page: Option<PageRow>,
    pub bookmark: Option<String>,
}

impl Door {
    /// The graph that the records go to.
    pub fn graph(&self) -> &str {
        &self.origin.graph
    }

    /// The name of the peer.
    pub fn peer(&self) -> &str {
        &self.run.peer
    }

    /// Takes records in. Doing it twice does no harm.
    pub async fn take(&mut self, items: Vec<Item>, tick: Tick) -> Result<(), HarvestError> {
        let mut step =
            HarvestStep { page: tick.page, bookmark: tick.bookmark, ..HarvestStep::default() };
        let items = items.into_iter().map(|item| self.hanging(item)).collect();
        let items = self.newer(latest(items)).await?;
        let before = items.len();
        let items: Vec<Item> =
            items.into_iter().filter(|item| !self.is_own(&item.of.record)).collect();
        self.run.counts.own += (before - items.len()) as u64;
        let mut records: Vec<(VersionRow, Triples)> = Vec::new();
        let mut entries = Vec::new();
        for Item { of, state } in items {
            match state {
                State::Holds(triples) => records.push((of, triples)),
                State::Gone => {
                    step.cleared.push(of.record.clone());
                    entries.push(Entry::delete(self.graph(), of.record.as_str()));
                    step.versions.extend(known_apart(of));
                }
                State::Unread(why) => {
                    step.quarantined.push(self.kept_back(of, why, String::new())?);
                }
            }
        }
        let wrong = self.examine(&records).await?;
        let blocks = self.dataset.log().blocks().await?;
        for (of, triples) in records {
            if let Some(why) = wrong.get(&of.record) {
                // Of what was taken down no copy is kept.
                let is_gone = blocks.refuses(&of.record, &triples);
                let text = if is_gone { String::new() } else { triples.as_str().into() };
                step.quarantined.push(self.kept_back(of, why.clone(), text)?);
            } else {
                step.cleared.push(of.record.clone());
                entries.push(Entry::put(self.graph(), of.record.as_str(), triples));
                step.versions.extend(known_apart(of));
            }
        }
        let kept_back = step.quarantined.iter().map(|row| row.of.clone());
        step.versions.extend(kept_back.filter_map(known_apart));
        self.write(entries).await?;
        step.run = self.run.clone();
        Ok(self.dataset.log().keep_harvest(&step).await?)
    }

    /// Tries again what is kept back, as long as that helps.
    pub async fn try_again(&mut self) -> Result<(), HarvestError> {
        let log = self.dataset.log().clone();
        let mut before = log.count_kept_back(self.peer()).await?;
        for _ in 0..ROUNDS {
            let mut last = String::new();
            loop {
                let rows = log.harvest_quarantine(self.peer(), &last, BATCH).await?;
                let Some(row) = rows.last() else { break };
                last.clone_from(&row.of.record);
                let readable = rows.into_iter().filter(|row| !row.triples.is_empty());
                let again = |row: QuarantineRow| Item {
                    state: State::Holds(Triples::from_lines(&row.triples)),
                    of: row.of,
                };
                self.take(readable.map(again).collect(), Tick::default()).await?;
            }
            let left = log.count_kept_back(self.peer()).await?;
            self.run.counts.quarantined = left;
            if left == before {
                return Ok(());
            }
            before = left;
        }
        Ok(())
    }

    /// Keeps where the run stands.
    pub async fn keep(&self, bookmark: Option<String>) -> Result<(), HarvestError> {
        let step = HarvestStep { bookmark, run: self.run.clone(), ..HarvestStep::default() };
        Ok(self.dataset.log().keep_harvest(&step).await?)
    }

    /// Leaves out versions that are older than what was taken over: pages may come in any order.
    async fn newer(&self, items: Vec<Item>) -> Result<Vec<Item>, HarvestError> {
        let dated = items.iter().filter(|item| !item.of.version.is_empty());
        let dated: Vec<String> = dated.map(|item| item.of.record.clone()).collect();
        let known = self.dataset.log().harvest_versions(self.peer(), &dated).await?;
        let is_new = |item: &Item| {
            let known = known.get(&item.of.record);
            item.of.version.is_empty() || known.is_none_or(|known| *known <= item.of.version)
        };
        Ok(items.into_iter().filter(is_new).collect())
    }

    /// Blank nodes to which no record leads fall to the graph itself, which is no record of the peer.
    fn hanging(&self, item: Item) -> Item {
        if item.of.record != self.graph() {
            return item;
        }
        let nameless = item.of.origin == item.of.record;
        let record = if nameless { self.origin.source.clone() } else { item.of.origin };
        let why = Text::new(
            "contiene nodi anonimi a cui nessuna scheda conduce; vanno collegati o nominati",
            "it holds blank nodes to which no record leads; link them or name them",
        );
        Item {
            of: VersionRow { origin: record.clone(), record, ..item.of },
            state: State::Unread(why),
        }
    }

    /// Whether a record is this node's or the project's own; no peer may speak of those.
    fn is_own(&self, record: &str) -> bool {
        let below = record.strip_prefix(self.base.as_str());
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            || record.starts_with(vocab::CANONICAL)
    }

    /// Why records may not come in, by record.
    async fn examine(
        &self,
        records: &[(VersionRow, Triples)],
    ) -> Result<HashMap<String, Text>, HarvestError> {
        if records.is_empty() {
            return Ok(HashMap::new());
        }
        let key =
            |of: &VersionRow| Key { graph: self.graph().to_owned(), record: of.record.clone() };
        let records: Vec<(Key, Triples)> =
            records.iter().map(|(of, triples)| (key(of), triples.clone())).collect();
        // A new one each time: what it does not find it remembers as well.
        let mut checker = Checker::new(Arc::clone(&self.shapes), &self.dataset);
        let declared = Arc::clone(&self.declared);
        let blocks = self.dataset.log().blocks().await?;
        let work = move || {
            let mut wrong = reasons(blocks.findings(&records));
            if let Ok(findings) = checker.check(&records, &declared) {
                wrong.extend(reasons(findings));
                return wrong;
            }
            // One of them holds what cannot even be checked: which one shows by itself.
            for record in &records {
                match checker.check(std::slice::from_ref(record), &declared) {
                    Ok(findings) => wrong.extend(reasons(findings)),
                    Err(error) => {
                        let why = Text::new(
                            format!("non si può verificare: {error}"),
                            format!("it cannot be checked: {error}"),
                        );
                        wrong.insert(record.0.record.clone(), why);
                    }
                }
            }
            wrong
        };
        Ok(tokio::task::spawn_blocking(work).await?)
    }

    fn kept_back(
        &self,
        of: VersionRow,
        why: Text,
        triples: String,
    ) -> Result<QuarantineRow, HarvestError> {
        let reason = serde_json::to_string(&why).map_err(std::io::Error::from)?;
        Ok(QuarantineRow { of, reason, since: moment(Timestamp::now()), triples })
    }

    /// Writes what differs from what is there, as one change, with where it comes from.
    async fn write(&mut self, entries: Vec<Entry>) -> Result<(), HarvestError> {
        let names: Vec<String> = entries.iter().map(|entry| entry.key.record.clone()).collect();
        let held = self.dataset.log().hashes(self.graph(), &names).await?;
        let mut changes = Vec::new();
        let counts = &mut self.run.counts;
        for entry in entries {
            let hash = entry.after.as_ref().map(Triples::hash);
            match (held.get(&entry.key.record), &hash) {
                (None, None) => continue,
                (Some(old), Some(new)) if old == new => {
                    counts.unchanged += 1;
                    continue;
                }
                (None, Some(_)) => counts.added += 1,
                (Some(_), Some(_)) => counts.changed += 1,
                (Some(_), None) => counts.deleted += 1,
            }
            changes.push(entry);
        }
        if changes.is_empty() {
            return Ok(());
        }
        let now = Timestamp::now();
        changes.push(self.origin.entry(now, self.number));
        let note = format!("taken over from the peer {}", self.run.peer);
        let header = Header { at: now, by: "familylab".to_owned(), note };
        self.dataset.write(header, changes).await?;
        Ok(())
    }
}

/// What is worth remembering of a version: its moment, or a name other than the record's.
fn known_apart(of: VersionRow) -> Option<VersionRow> {
    (!of.version.is_empty() || of.origin != of.record).then_some(of)
}
