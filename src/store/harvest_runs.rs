//! How each harvest of a peer went, beside the log. Private, no change. Refuses to know what a problem
//! means.

use super::log::{Log, LogError, signed, unsigned};
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};
use std::collections::HashMap;

/// So many runs of each peer are remembered.
const KEPT_RUNS: i64 = 20;
const RUN: &str = "SELECT peer, started, ended, problem, detail, added, changed, deleted, unchanged, \
                   quarantined, own, requests, bytes FROM harvest_runs ";

/// How many records of a run were what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunCounts {
    pub added: u64,
    pub changed: u64,
    pub deleted: u64,
    pub unchanged: u64,
    pub quarantined: u64,
    /// Those passed over because they are this node's or the project's own.
    pub own: u64,
    pub requests: u64,
    pub bytes: u64,
}

/// One run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunRow {
    pub peer: String,
    pub started: String,
    /// Empty where it has not ended, or was broken off with the process.
    pub ended: String,
    /// What stopped it, empty where nothing did, and that in words.
    pub problem: String,
    pub detail: String,
    pub counts: RunCounts,
}

impl Log {
    /// The last runs of a peer, the newest first.
    pub async fn harvest_runs(&self, peer: &str) -> Result<Vec<RunRow>, LogError> {
        let sql = format!("{RUN} WHERE peer = $1 ORDER BY started DESC LIMIT {KEPT_RUNS}");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(peer).fetch_all(&self.pool).await?;
        rows.iter().map(run).collect()
    }

    /// When the last run of a peer ended that nothing stopped.
    pub async fn last_whole_harvest(&self, peer: &str) -> Result<Option<String>, LogError> {
        let sql = "SELECT ended FROM harvest_runs WHERE peer = $1 AND ended <> '' AND problem = '' \
                   ORDER BY started DESC LIMIT 1";
        let row = sqlx::query(sql).bind(peer).fetch_optional(&self.pool).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// The last run of each peer.
    pub async fn last_harvests(&self) -> Result<HashMap<String, RunRow>, LogError> {
        let sql = format!(
            "{RUN} WHERE NOT EXISTS (SELECT 1 FROM harvest_runs n \
             WHERE n.peer = harvest_runs.peer AND n.started > harvest_runs.started)"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&self.pool).await?;
        rows.iter().map(|row| run(row).map(|run| (run.peer.clone(), run))).collect()
    }
}

/// Keeps how a run went.
pub(super) async fn keep_run(
    transaction: &mut Transaction<'static, Any>,
    run: &RunRow,
) -> Result<(), LogError> {
    let sql = "INSERT INTO harvest_runs (peer, started, ended, problem, detail, added, changed, \
               deleted, unchanged, quarantined, own, requests, bytes) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
               ON CONFLICT (peer, started) DO UPDATE SET ended = excluded.ended, \
               problem = excluded.problem, detail = excluded.detail, added = excluded.added, \
               changed = excluded.changed, deleted = excluded.deleted, \
               unchanged = excluded.unchanged, quarantined = excluded.quarantined, \
               own = excluded.own, requests = excluded.requests, bytes = excluded.bytes";
    let texts = [&run.peer, &run.started, &run.ended, &run.problem, &run.detail];
    let query = texts.into_iter().fold(sqlx::query(sql), |query, text| query.bind(text.clone()));
    let counts = &run.counts;
    let numbers = [
        counts.added,
        counts.changed,
        counts.deleted,
        counts.unchanged,
        counts.quarantined,
        counts.own,
        counts.requests,
        counts.bytes,
    ];
    let query = numbers.into_iter().fold(query, |query, number| query.bind(signed(number)));
    query.execute(&mut **transaction).await?;
    // The last one that nothing stopped tells how old the copy is.
    let sql = "DELETE FROM harvest_runs WHERE peer = $1 AND started NOT IN (SELECT started FROM \
               harvest_runs WHERE peer = $2 ORDER BY started DESC LIMIT $3) AND started NOT IN \
               (SELECT started FROM harvest_runs WHERE peer = $4 AND ended <> '' AND problem = '' \
               ORDER BY started DESC LIMIT 1)";
    let query = sqlx::query(sql).bind(run.peer.clone()).bind(run.peer.clone()).bind(KEPT_RUNS);
    let query = query.bind(run.peer.clone());
    query.execute(&mut **transaction).await?;
    Ok(())
}

fn run(row: &AnyRow) -> Result<RunRow, LogError> {
    let number = |column: usize| -> Result<u64, LogError> { Ok(unsigned(row.try_get(column)?)) };
    Ok(RunRow {
        peer: row.try_get(0)?,
        started: row.try_get(1)?,
        ended: row.try_get(2)?,
        problem: row.try_get(3)?,
        detail: row.try_get(4)?,
        counts: RunCounts {
            added: number(5)?,
            changed: number(6)?,
            deleted: number(7)?,
            unchanged: number(8)?,
            quarantined: number(9)?,
            own: number(10)?,
            requests: number(11)?,
            bytes: number(12)?,
        },
    })
}
