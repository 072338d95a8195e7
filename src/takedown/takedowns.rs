//! Takes records down: blocks their names and contents, deletes them through the log, and empties
//! their versions once all that follows the log has seen the deletion. Refuses to know who asked.

use super::class::Class;
use super::error::TakedownError;
use crate::iri::{Base, RESERVED_SOURCES, absolute, record_of};
use crate::search::Search;
use crate::store::{Dataset, Entry, Header, Key, Mode, Takedown, Triples, Writer};
use jiff::Timestamp;
use oxigraph::sparql::CancellationToken;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How often it is looked whether what follows the log has seen a deletion.
const LOOK: Duration = Duration::from_millis(50);
/// How often it is looked whether something was left undone.
const PAUSE: Duration = Duration::from_secs(5);

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The IRI of the record.
    pub record: String,
    pub class: Class,
    /// Why, for those who run the node; nobody else is told.
    pub reason: String,
    /// Who asks, and when; what is noted in the log is the kind of reason.
    pub header: Header,
}

/// What was taken down. Clones share the node.
#[derive(Clone)]
pub struct Takedowns {
    dataset: Dataset,
    /// Whether rules are run after each change.
    infers: bool,
    search: Option<Search>,
}

impl Takedowns {
    /// The takedowns of a node.
    pub fn new(dataset: Dataset, infers: bool, search: Option<Search>) -> Self {
        Self { dataset, infers, search }
    }

    /// Everything that was ever taken down, the last first.
    pub async fn list(&self) -> Result<Vec<Takedown>, TakedownError> {
        Ok(self.dataset.log().takedowns().await?)
    }

    /// Blocks a record and deletes it. Its versions are emptied by [`Self::finish`].
    pub async fn take_down(&self, request: Request) -> Result<Takedown, TakedownError> {
        let Mode::Node(base) = self.dataset.mode() else { return Err(TakedownError::Bare) };
        if request.reason.trim().is_empty() {
            return Err(TakedownError::Reason);
        }
        let iri = absolute(request.record.trim())?.into_string();
        let record = record_of(&iri).to_owned();
        // Held from here on: nobody writes the record between its being blocked and its deletion.
        let writer = self.dataset.writer().await?;
        self.delete(base, record, request, writer).await
    }

    /// Carries out what was cut off between blocking and deleting, unless somebody did so meanwhile or
    /// let the record in again.
    async fn resume(&self, takedown: &Takedown) -> Result<(), TakedownError> {
        let Mode::Node(base) = self.dataset.mode() else { return Err(TakedownError::Bare) };
        let writer = self.dataset.writer().await?;
        let now = self.dataset.log().takedown(&takedown.record).await?;
        if now.is_some_and(|now| now.through == 0 && now.lifted.is_none()) {
            self.delete(base, takedown.record.clone(), again(takedown), writer).await?;
        }
        Ok(())
    }

    async fn delete(
        &self,
        base: &Base,
        record: String,
        request: Request,
        writer: Writer,
    ) -> Result<Takedown, TakedownError> {
        let log = self.dataset.log();
        let versions = log.versions(&record).await?;
        // What any of its versions held must not come back under another name.
        let seqs: BTreeSet<u64> = versions
            .iter()
            .filter(|version| !version.hash.is_empty())
            .map(|version| version.seq)
            .collect();
        if seqs.is_empty() {
            return Err(TakedownError::Unknown(record));
        }
        let parts = log.parts(&record).await?;
        let shipped = parts.iter().find(|(key, _)| {
            base.source_of(&key.graph).is_some_and(|source| RESERVED_SOURCES.contains(&source))
        });
        if let Some((key, _)) = shipped {
            return Err(TakedownError::Shipped { record, graph: key.graph.clone() });
        }
        let mut contents: Vec<(Key, Triples)> = parts.clone();
        for seq in seqs {
            contents.extend(log.version(&record, seq).await?);
        }
        let takedown = Takedown {
            class: request.class.name().to_owned(),
            reason: request.reason.trim().to_owned(),
            at: request.header.at.to_string(),
            through: 0,
            lifted: None,
            is_emptied: false,
            record,
        };
        log.block(&takedown, &contents).await?;
        let header = Header { note: format!("taken down: {}", takedown.class), ..request.header };
        let deletions = parts.into_iter().map(|(key, _)| Entry { key, after: None }).collect();
        let (seq, _) = writer.write(header, deletions).await?;
        let through = seq.unwrap_or_else(|| self.dataset.applied());
        log.keep_deletion(&takedown.record, through).await?;
        tracing::info!(record = %takedown.record, class = %takedown.class, through, "a record was taken down");
        Ok(Takedown { through, ..takedown })
    }

    /// Lets a record come back. What its versions held does not come back by it.
    pub async fn lift(&self, record: &str, now: Timestamp) -> Result<(), TakedownError> {
        if !self.dataset.log().lift(record, &now.to_string()).await? {
            return Err(TakedownError::NotDown(record.to_owned()));
        }
        tracing::info!(record, "a record that was taken down may come back");
        Ok(())
    }

    /// Empties the versions of what was deleted, where all that follows the log has seen the deletion:
    /// it goes by what the record held before. Gives how many are still to be emptied.
    pub async fn finish(&self) -> Result<usize, TakedownError> {
        let log = self.dataset.log();
        let mut left = 0;
        for takedown in log.takedowns().await?.into_iter().filter(|it| !it.is_emptied) {
            if takedown.through == 0 {
                if takedown.lifted.is_none() {
                    self.resume(&takedown).await?;
                    left += 1;
                }
            } else if self.reached() < takedown.through {
                left += 1;
            } else {
                log.empty(&takedown.record, takedown.through).await?;
            }
        }
        Ok(left)
    }

    /// Does the same until nothing is left or the time is over; gives whether nothing is left.
    pub async fn finish_within(&self, limit: Duration) -> Result<bool, TakedownError> {
        let start = Instant::now();
        while self.finish().await? > 0 {
            if start.elapsed() > limit {
                return Ok(false);
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(true)
    }

    /// Finishes what was left undone, until it is stopped.
    pub async fn follow(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.finish().await {
                tracing::error!(%error, "what was taken down could not be emptied");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The last change that rules and index have seen.
    fn reached(&self) -> u64 {
        let inferred = if self.infers { self.dataset.inferred() } else { u64::MAX };
        let indexed = self.search.as_ref().map(Search::reached);
        let indexed = indexed.map_or(u64::MAX, |reached| reached.seq.min(reached.settled));
        self.dataset.applied().min(inferred).min(indexed)
    }
}

/// A request for what was begun.
fn again(takedown: &Takedown) -> Request {
    Request {
        record: takedown.record.clone(),
        class: takedown.class.parse().unwrap_or_default(),
        reason: takedown.reason.clone(),
        header: Header {
            at: takedown.at.parse().unwrap_or_else(|_| Timestamp::now()),
            by: "familylab".to_owned(),
            note: String::new(),
        },
    }
}
