//! The log as it is read: changes, the entries of each, and the latest state of every record.
//! SQL stands in this file and its neighbours that read or write the log's database (ARCHITECTURE.md
//! names them) and nowhere else; refuses to know what a triple means.

use super::append::Append;
use super::change::{Header, Key, Triples};
use sqlx::any::{AnyPoolOptions, AnyRow, install_default_drivers};
use sqlx::migrate::MigrateError;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Row, Transaction};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Why the log could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("the log's database refused: {0}")]
    Database(#[source] sqlx::Error),
    #[error("the log's tables could not be set up: {0}")]
    Migration(#[source] sqlx::migrate::MigrateError),
    #[error("the disk of the log is full; nothing of this change was kept: make space, try again")]
    Full(#[source] sqlx::Error),
    #[error(
        "the log's database is damaged ({0}); stop the node, restore the log from a backup, \
         then run `familylab rebuild`"
    )]
    Corrupt(#[source] sqlx::Error),
    #[error(
        "the log is damaged at change {seq}: {what}; restore it from a backup, \
         the changes before {seq} are whole"
    )]
    Damaged { seq: u64, what: String },
    #[error("the log URL {0:?} is not sqlite:… or postgres://…")]
    Url(String),
    #[error(
        "{record} was taken down ({class}) and cannot come back; `familylab takedown lift` allows it"
    )]
    TakenDown { record: String, class: String },
}

impl From<sqlx::Error> for LogError {
    /// Tells a full disk and a damaged file apart from the rest, by the codes of SQLite (low byte
    /// 13; 11 and 26) and of PostgreSQL (53100; XX001 and XX002).
    fn from(error: sqlx::Error) -> Self {
        let database = error.as_database_error();
        let code = database.map_or_else(Default::default, |error| error.code().unwrap_or_default());
        let sqlite =
            if code.len() < 5 { code.parse::<u32>().map_or(0, |code| code & 0xff) } else { 0 };
        match (sqlite, code.as_ref()) {
            (13, _) | (_, "53100") => Self::Full(error),
            (11 | 26, _) | (_, "XX001" | "XX002") => Self::Corrupt(error),
            _ => Self::Database(error),
        }
    }
}

impl From<MigrateError> for LogError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            other => Self::Migration(other),
        }
    }
}

/// How many records a change put, deleted, and found as they were already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub put: u64,
    pub deleted: u64,
    pub unchanged: u64,
}

/// A change without its entries.
#[derive(Debug, Clone)]
pub struct ChangeInfo {
    pub seq: u64,
    pub at: String,
    pub by: String,
    pub note: String,
    pub entries: u64,
    pub hash: String,
}

/// One version of a record.
#[derive(Debug, Clone)]
pub struct Version {
    pub seq: u64,
    pub at: String,
    pub by: String,
    pub note: String,
    pub graph: String,
    /// The triples' hash, empty where this version is a deletion.
    pub hash: String,
}

/// The ordered record of every accepted change.
#[derive(Debug, Clone)]
pub struct Log {
    pub(super) pool: AnyPool,
    /// How often versions were emptied since the start, which no number of a change tells.
    emptied: Arc<AtomicU64>,
}

impl Log {
    /// Opens a log at `sqlite:PATH` or `postgres://…` and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, LogError> {
        install_default_drivers();
        let sqlite = url.starts_with("sqlite:");
        if !sqlite && !url.starts_with("postgres") {
            return Err(LogError::Url(url.to_owned()));
        }
        let mut options =
            AnyPoolOptions::new().max_connections(8).acquire_timeout(Duration::from_secs(30));
        if sqlite {
            // FULL: a commit returns when it is on disk. WAL: readers never wait for the writer.
            options = options.after_connect(|connection, _| {
                Box::pin(async move {
                    for pragma in [
                        "PRAGMA busy_timeout = 30000",
                        "PRAGMA journal_mode = WAL",
                        "PRAGMA synchronous = FULL",
                        // Each of the pool's connections may fill its own.
                        "PRAGMA cache_size = -4096",
                        // What is taken down does not stay in free pages.
                        "PRAGMA secure_delete = ON",
                    ] {
                        sqlx::Executor::execute(&mut *connection, pragma).await?;
                    }
                    Ok(())
                })
            });
        }
        // A pool goes on trying for its whole time-out; a file that is no log is told at once.
        let mut first = AnyConnection::connect(url).await?;
        sqlx::query("SELECT 1").execute(&mut first).await?;
        if sqlite {
            sqlx::query("PRAGMA schema_version").fetch_one(&mut first).await?;
        }
        first.close().await?;
        let pool = options.connect(url).await?;
        sqlx::migrate!("src/store/migrations").run(&pool).await?;
        Ok(Self { pool, emptied: Arc::default() })
    }

    /// The number of the last change, 0 when there is none.
    ///
    /// Reads the change itself, not only the index of numbers: a damaged page shows here.
    pub async fn head(&self) -> Result<u64, LogError> {
        let last = sqlx::query("SELECT seq, hash FROM changes ORDER BY seq DESC LIMIT 1")
            .fetch_optional(&self.pool)
            .await?;
        last.map_or(Ok(0), |row| Ok(unsigned(row.try_get(0)?)))
    }

    /// How many records there ever were.
    pub async fn record_count(&self) -> Result<u64, LogError> {
        let row = sqlx::query("SELECT MAX(id) FROM records").fetch_one(&self.pool).await?;
        Ok(row.try_get::<Option<i64>, _>(0)?.map_or(0, unsigned))
    }

    /// Begins a transaction that will write, and takes its turn at once: SQLite refuses, without
    /// waiting, one that has read something and then finds that another has written.
    pub(super) async fn writing(&self) -> Result<Transaction<'static, Any>, LogError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("UPDATE settings SET value = value WHERE name = ''")
            .execute(&mut *transaction)
            .await?;
        Ok(transaction)
    }

    /// Begins a change. Nothing is kept until it is committed.
    pub async fn append(&self, header: Header) -> Result<Append, LogError> {
        Append::begin(self, header).await
    }

    /// A change without its entries.
    pub async fn change(&self, seq: u64) -> Result<Option<ChangeInfo>, LogError> {
        let row =
            sqlx::query("SELECT seq, at, author, note, entries, hash FROM changes WHERE seq = $1")
                .bind(signed(seq))
                .fetch_optional(&self.pool)
                .await?;
        row.map(|row| change_info(&row)).transpose()
    }

    /// A page of the records that exist now, by the log's own numbers, with their triples.
    pub async fn states(
        &self,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, Key, Triples)>, LogError> {
        let rows = sqlx::query(
            "SELECT r.id, g.iri, r.iri, e.hash, e.triples, e.seq FROM records r \
             JOIN graphs g ON g.id = r.graph \
             JOIN entries e ON e.record = r.id AND e.seq = r.seq \
             WHERE r.id > $1 AND r.hash <> '' ORDER BY r.id LIMIT $2",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let key = Key { graph: row.try_get(1)?, record: row.try_get(2)? };
                let seq = unsigned(row.try_get(5)?);
                let state = triples(seq, &key, row.try_get(3)?, row.try_get(4)?)?;
                Ok((row.try_get(0)?, key, state.unwrap_or_default()))
            })
            .collect()
    }

    /// What one record holds now, if it exists.
    pub async fn current(&self, key: &Key) -> Result<Option<Triples>, LogError> {
        let row = sqlx::query(
            "SELECT e.hash, e.triples, e.seq FROM records r JOIN graphs g ON g.id = r.graph \
             JOIN entries e ON e.record = r.id AND e.seq = r.seq \
             WHERE r.iri = $1 AND g.iri = $2",
        )
        .bind(key.record.as_str())
        .bind(key.graph.as_str())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        triples(unsigned(row.try_get(2)?), key, row.try_get(0)?, row.try_get(1)?)
    }

    /// The records of a graph that exist now.
    pub async fn records_of(&self, graph: &str) -> Result<Vec<String>, LogError> {
        let rows = sqlx::query(
            "SELECT r.iri FROM records r JOIN graphs g ON g.id = r.graph \
             WHERE g.iri = $1 AND r.hash <> '' ORDER BY r.id",
        )
        .bind(graph)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Every version of a record, the newest first.
    pub async fn versions(&self, record: &str) -> Result<Vec<Version>, LogError> {
        let rows = sqlx::query(
            "SELECT e.seq, c.at, c.author, c.note, g.iri, e.hash FROM records r \
             JOIN graphs g ON g.id = r.graph JOIN entries e ON e.record = r.id \
             JOIN changes c ON c.seq = e.seq WHERE r.iri = $1 ORDER BY e.seq DESC",
        )
        .bind(record)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Version {
                    seq: unsigned(row.try_get(0)?),
                    at: row.try_get(1)?,
                    by: row.try_get(2)?,
                    note: row.try_get(3)?,
                    graph: row.try_get(4)?,
                    hash: row.try_get(5)?,
                })
            })
            .collect()
    }

    /// What a record held from change `seq` on; several graphs may each hold a part.
    pub async fn version(&self, record: &str, seq: u64) -> Result<Vec<(Key, Triples)>, LogError> {
        let rows = sqlx::query(
            // CROSS JOIN keeps SQLite from reading all entries of the change, which may be a million.
            "SELECT g.iri, e.hash, e.triples FROM records r CROSS JOIN entries e \
             JOIN graphs g ON g.id = r.graph \
             WHERE r.iri = $1 AND e.record = r.id AND e.seq = $2 ORDER BY g.iri",
        )
        .bind(record)
        .bind(signed(seq))
        .fetch_all(&self.pool)
        .await?;
        let mut states = Vec::new();
        for row in rows {
            let key = Key { graph: row.try_get(0)?, record: record.to_owned() };
            if let Some(state) = triples(seq, &key, row.try_get(1)?, row.try_get(2)?)? {
                states.push((key, state));
            }
        }
        Ok(states)
    }

    /// What a record holds now, in each graph that holds a part of it.
    pub async fn parts(&self, record: &str) -> Result<Vec<(Key, Triples)>, LogError> {
        let rows = sqlx::query("SELECT DISTINCT seq FROM records WHERE iri = $1 AND hash <> ''")
            .bind(record)
            .fetch_all(&self.pool)
            .await?;
        let mut parts = Vec::new();
        for row in rows {
            parts.extend(self.version(record, unsigned(row.try_get(0)?)).await?);
        }
        Ok(parts)
    }

    /// The records of which more than one graph holds a part.
    pub async fn shared(&self) -> Result<Vec<String>, LogError> {
        let sql = "SELECT iri FROM records WHERE hash <> '' GROUP BY iri HAVING COUNT(*) > 1";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// A setting of the node that lives with its data.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, LogError> {
        let row = sqlx::query("SELECT value FROM settings WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// Keeps a setting of the node with its data.
    pub async fn keep_setting(&self, name: &str, value: &str) -> Result<(), LogError> {
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(name)
        .bind(value)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// How often versions were emptied by this process: another number, another past.
    pub fn emptied(&self) -> u64 {
        self.emptied.load(Ordering::Acquire)
    }

    pub(super) fn count_emptied(&self) {
        self.emptied.fetch_add(1, Ordering::AcqRel);
    }

    /// Closes every connection, so that nothing is left to be written.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

fn change_info(row: &AnyRow) -> Result<ChangeInfo, LogError> {
    Ok(ChangeInfo {
        seq: unsigned(row.try_get(0)?),
        at: row.try_get(1)?,
        by: row.try_get(2)?,
        note: row.try_get(3)?,
        entries: unsigned(row.try_get(4)?),
        hash: row.try_get(5)?,
    })
}

/// The triples of an entry, `None` for a deletion and for what was taken down, an error where they
/// are not what was written.
pub(super) fn triples(
    seq: u64,
    key: &Key,
    hash: String,
    text: String,
) -> Result<Option<Triples>, LogError> {
    if hash.is_empty() || text == TAKEN_DOWN {
        return Ok(None);
    }
    let triples = Triples::from_canonical(text);
    if triples.hash() != hash {
        let what = format!("the entry of {} is not what was written", key.record);
        return Err(LogError::Damaged { seq, what });
    }
    Ok(Some(triples))
}

/// What stands in the place of a version that was taken down. Its hash stays, so the chain of hashes
/// can be followed all the same; no record's triples look like this.
pub(super) const TAKEN_DOWN: &str = "# taken down\n";

/// Numbers of changes are small and positive; SQL keeps them signed.
pub(super) fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}
