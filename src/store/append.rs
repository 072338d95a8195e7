//! The log as it is written: one change at a time, all of it or nothing.
//! The caller makes sure that only one change is being written (see `dataset`).

use super::change::{Entry, Header, hex};
use super::log::{Log, LogError, Tally, signed, unsigned};
use super::takedowns::{Blocks, blocks};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};
use std::collections::HashMap;

/// How many entries go into one statement.
const CHUNK: usize = 200;

/// A change being written. Dropped without [`Append::commit`], it never was.
#[derive(Debug)]
pub struct Append {
    transaction: Transaction<'static, Any>,
    header: Header,
    seq: u64,
    position: i64,
    next_record: i64,
    next_graph: i64,
    graphs: HashMap<String, i64>,
    /// The records there were before that this change has put or deleted, by their numbers.
    met: Vec<i64>,
    first_new: i64,
    chain: Sha256,
    tally: Tally,
    /// What must not come back.
    blocks: Blocks,
}

/// What the log knew of a record before this change.
struct Known {
    id: i64,
    seq: i64,
    hash: String,
}

/// An entry that changes something, ready to be inserted.
struct Pending {
    record: i64,
    is_new: bool,
    graph: i64,
    previous: i64,
    hash: String,
    entry: Entry,
}

impl Append {
    pub(super) async fn begin(log: &Log, mut header: Header) -> Result<Self, LogError> {
        let mut transaction = log.writing().await?;
        let last = sqlx::query("SELECT seq, hash, at FROM changes ORDER BY seq DESC LIMIT 1")
            .fetch_optional(&mut *transaction)
            .await?;
        let (last_seq, last_hash) = match &last {
            Some(row) => (unsigned(row.try_get(0)?), row.try_get::<String, _>(1)?),
            None => (0, String::new()),
        };
        // A clock that was set back must not put a change before those that others have seen.
        let last_at = last.map(|row| row.try_get::<String, _>(2)).transpose()?;
        header.at = header.at.max(last_at.and_then(|at| at.parse().ok()).unwrap_or(header.at));
        let next_record = next_id(&mut transaction, "SELECT MAX(id) FROM records").await?;
        let next_graph = next_id(&mut transaction, "SELECT MAX(id) FROM graphs").await?;
        let blocks = blocks(&mut transaction).await?;
        let seq = last_seq + 1;
        let chain = chain_start(&last_hash, seq, &header.at.to_string(), &header.by, &header.note);
        Ok(Self {
            transaction,
            header,
            seq,
            position: 0,
            next_record,
            next_graph,
            graphs: HashMap::new(),
            met: Vec::new(),
            first_new: next_record,
            chain,
            tally: Tally::default(),
            blocks,
        })
    }

    /// Adds entries, at most one a record; those that change nothing are only counted.
    pub async fn put(&mut self, entries: Vec<Entry>) -> Result<(), LogError> {
        let mut entries = entries.into_iter();
        loop {
            let chunk: Vec<Entry> = entries.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                return Ok(());
            }
            let rows = self.compare(chunk).await?;
            self.insert(rows).await?;
        }
    }

    /// Deletes what the graph holds and this change has not put.
    pub async fn delete_rest(&mut self, graph: &str) -> Result<(), LogError> {
        let id = self.graph(graph).await?;
        let mut met = std::mem::take(&mut self.met);
        met.sort_unstable();
        let mut gone: Vec<i64> = Vec::new();
        let mut held = sqlx::query(
            "SELECT id FROM records WHERE graph = $1 AND hash <> '' AND iri <> '' AND id < $2",
        )
        .bind(id)
        .bind(self.first_new)
        .fetch(&mut *self.transaction);
        while let Some(row) = held.try_next().await? {
            let record = row.try_get(0)?;
            if met.binary_search(&record).is_err() {
                gone.push(record);
            }
        }
        drop(held);
        gone.sort_unstable();
        for chunk in gone.chunks(CHUNK) {
            let sql = format!(
                "SELECT iri FROM records WHERE id IN ({}) ORDER BY id",
                placeholders(1, chunk.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for record in chunk {
                query = query.bind(*record);
            }
            let rows = query.fetch_all(&mut *self.transaction).await?;
            let entries =
                rows.iter().map(|row| Ok(Entry::delete(graph, row.try_get::<String, _>(0)?)));
            self.put(entries.collect::<Result<_, LogError>>()?).await?;
        }
        Ok(())
    }

    /// What has been counted so far.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Makes the change last and gives its number, or nothing where nothing would change.
    pub async fn commit(mut self) -> Result<Option<u64>, LogError> {
        if self.position == 0 {
            self.transaction.rollback().await?;
            return Ok(None);
        }
        let hash = hex(&std::mem::take(&mut self.chain).finalize());
        sqlx::query(
            "INSERT INTO changes (seq, at, author, note, entries, hash) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(signed(self.seq))
        .bind(self.header.at.to_string())
        .bind(self.header.by.as_str())
        .bind(self.header.note.as_str())
        .bind(self.position)
        .bind(hash)
        .execute(&mut *self.transaction)
        .await?;
        self.transaction.commit().await?;
        Ok(Some(self.seq))
    }

    /// Keeps the entries that differ from what the log holds.
    async fn compare(&mut self, chunk: Vec<Entry>) -> Result<Vec<Pending>, LogError> {
        let mut known = self.known(&chunk).await?;
        let mut rows = Vec::with_capacity(chunk.len());
        for entry in chunk {
            if let Some(blocked) = self.blocks.of(&entry) {
                let (record, class) = (entry.key.record.clone(), blocked.class.clone());
                return Err(LogError::TakenDown { record, class });
            }
            let graph = self.graph(&entry.key.graph).await?;
            let hash = entry.after.as_ref().map(super::change::Triples::hash).unwrap_or_default();
            let old = known.remove(&(graph, entry.key.record.clone()));
            self.met.extend(old.as_ref().map(|old| old.id));
            // A graph that was never created as such may exist by its quads: dropping it is a change.
            let is_drop = entry.key.record.is_empty() && hash.is_empty();
            let unchanged =
                !is_drop && old.as_ref().map_or(hash.is_empty(), |old| old.hash == hash);
            if unchanged {
                self.tally.unchanged += 1;
                continue;
            }
            if hash.is_empty() {
                self.tally.deleted += 1;
            } else {
                self.tally.put += 1;
            }
            let (record, previous, is_new) = match old {
                Some(old) => (old.id, old.seq, false),
                None => {
                    self.next_record += 1;
                    (self.next_record - 1, 0, true)
                }
            };
            rows.push(Pending { record, is_new, graph, previous, hash, entry });
        }
        Ok(rows)
    }

    async fn known(&mut self, chunk: &[Entry]) -> Result<HashMap<(i64, String), Known>, LogError> {
        let sql = format!(
            "SELECT id, graph, iri, seq, hash FROM records WHERE iri IN ({})",
            placeholders(1, chunk.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for entry in chunk {
            query = query.bind(entry.key.record.clone());
        }
        let mut known = HashMap::new();
        for row in query.fetch_all(&mut *self.transaction).await? {
            let state = Known { id: row.try_get(0)?, seq: row.try_get(3)?, hash: row.try_get(4)? };
            known.insert((row.try_get(1)?, row.try_get(2)?), state);
        }
        Ok(known)
    }

    /// The log's number for a graph, given on first sight.
    async fn graph(&mut self, iri: &str) -> Result<i64, LogError> {
        if let Some(id) = self.graphs.get(iri) {
            return Ok(*id);
        }
        let row = sqlx::query("SELECT id FROM graphs WHERE iri = $1")
            .bind(iri.to_owned())
            .fetch_optional(&mut *self.transaction)
            .await?;
        let id = if let Some(row) = row {
            row.try_get(0)?
        } else {
            let id = self.next_graph;
            self.next_graph += 1;
            sqlx::query("INSERT INTO graphs (id, iri) VALUES ($1, $2)")
                .bind(id)
                .bind(iri.to_owned())
                .execute(&mut *self.transaction)
                .await?;
            id
        };
        self.graphs.insert(iri.to_owned(), id);
        Ok(id)
    }

    async fn insert(&mut self, rows: Vec<Pending>) -> Result<(), LogError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.insert_records(&rows).await?;
        let sql = format!(
            "INSERT INTO entries (seq, position, record, previous, hash, triples) VALUES {}",
            tuples(rows.len(), 6)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for row in rows {
            self.position += 1;
            let Entry { key, after } = row.entry;
            chain_entry(&mut self.chain, &key.graph, &key.record, &row.hash);
            let text = after.map(|triples| triples.as_str().to_owned()).unwrap_or_default();
            query = query
                .bind(signed(self.seq))
                .bind(self.position)
                .bind(row.record)
                .bind(row.previous)
                .bind(row.hash)
                .bind(text);
        }
        query.execute(&mut *self.transaction).await?;
        Ok(())
    }

    async fn insert_records(&mut self, rows: &[Pending]) -> Result<(), LogError> {
        let new: Vec<&Pending> = rows.iter().filter(|row| row.is_new).collect();
        if !new.is_empty() {
            let sql = format!(
                "INSERT INTO records (id, graph, iri, seq, hash) VALUES {}",
                tuples(new.len(), 5)
            );
            let mut query: Query<'_, Any, AnyArguments> = sqlx::query(AssertSqlSafe(sql));
            for row in new {
                query = query
                    .bind(row.record)
                    .bind(row.graph)
                    .bind(row.entry.key.record.clone())
                    .bind(signed(self.seq))
                    .bind(row.hash.clone());
            }
            query.execute(&mut *self.transaction).await?;
        }
        for row in rows.iter().filter(|row| !row.is_new) {
            sqlx::query("UPDATE records SET seq = $1, hash = $2 WHERE id = $3")
                .bind(signed(self.seq))
                .bind(row.hash.clone())
                .bind(row.record)
                .execute(&mut *self.transaction)
                .await?;
        }
        Ok(())
    }
}

async fn next_id(
    transaction: &mut Transaction<'static, Any>,
    sql: &'static str,
) -> Result<i64, LogError> {
    let row = sqlx::query(sql).fetch_one(&mut **transaction).await?;
    Ok(row.try_get::<Option<i64>, _>(0)?.unwrap_or(0) + 1)
}

/// `$from, …`, as many as asked for.
pub(super) fn placeholders(from: usize, count: usize) -> String {
    let names: Vec<String> = (from..from + count).map(|n| format!("${n}")).collect();
    names.join(", ")
}

/// `($1, $2), ($3, $4), …`
fn tuples(rows: usize, columns: usize) -> String {
    let tuples: Vec<String> =
        (0..rows).map(|row| format!("({})", placeholders(row * columns + 1, columns))).collect();
    tuples.join(", ")
}

/// Begins the hash of a change with that of the change before and its own header.
pub(super) fn chain_start(before: &str, seq: u64, at: &str, by: &str, note: &str) -> Sha256 {
    let mut chain = Sha256::new();
    for part in [before, &seq.to_string(), at, by, note] {
        chain.update(part.as_bytes());
        chain.update([0]);
    }
    chain
}

/// Takes an entry into the hash of its change.
pub(super) fn chain_entry(chain: &mut Sha256, graph: &str, record: &str, hash: &str) {
    for part in [graph, record, hash] {
        chain.update(part.as_bytes());
        chain.update([0]);
    }
}
