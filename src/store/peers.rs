//! The list of peers beside the log: private, no change, no part of what is public by itself.
//! Refuses to know what a kind, a trust or a problem means.

use super::log::{Log, LogError, signed, unsigned};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A peer as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerRow {
    pub name: String,
    pub base: String,
    pub kind: String,
    pub trust: String,
    /// Whether its address may be a private one.
    pub is_named: bool,
    /// The pinned key; empty where there is none.
    pub pinned: String,
    pub added: String,
    /// What the last check found, if there was one.
    pub check: Option<CheckRow>,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckRow {
    /// When it was made.
    pub checked: String,
    /// What is wrong, empty where nothing is, and that in words.
    pub problem: String,
    pub detail: String,
    /// Milliseconds until the peer answered; absent where it did not.
    pub latency: Option<u64>,
    /// When a check last found nothing wrong; empty where none ever did.
    pub answered: String,
    pub triples: Option<u64>,
    pub records: Option<u64>,
    pub seq: Option<u64>,
}

const ALL: &str = "SELECT name, base, kind, trust, named, pinned, added, checked, problem, detail, \
                   latency, answered, triples, records, seq FROM peers ORDER BY name";

impl Log {
    /// Keeps a new peer; tells whether it was kept, which it is not where another one has its name
    /// or its address.
    pub async fn keep_peer(&self, peer: &PeerRow) -> Result<bool, LogError> {
        let sql = "INSERT INTO peers (name, base, kind, trust, named, pinned, added, checked, \
                   problem, detail, answered) VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '', '') \
                   ON CONFLICT DO NOTHING";
        let done = sqlx::query(sql)
            .bind(&peer.name)
            .bind(&peer.base)
            .bind(&peer.kind)
            .bind(&peer.trust)
            .bind(i64::from(peer.is_named))
            .bind(&peer.pinned)
            .bind(&peer.added)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Every peer, by name.
    pub async fn peers(&self) -> Result<Vec<PeerRow>, LogError> {
        let rows = sqlx::query(ALL).fetch_all(&self.pool).await?;
        rows.iter().map(peer).collect()
    }

    /// Keeps what a check of a peer found, if the peer is still listed. What it could not find out
    /// stays as it was.
    pub async fn keep_check(&self, name: &str, check: &CheckRow) -> Result<bool, LogError> {
        let sql = "UPDATE peers SET checked = $1, problem = $2, detail = $3, latency = $4, \
                   answered = CASE WHEN $5 = '' THEN answered ELSE $6 END, \
                   triples = COALESCE($7, triples), records = COALESCE($8, records), \
                   seq = COALESCE($9, seq) WHERE name = $10";
        let done = sqlx::query(sql)
            .bind(&check.checked)
            .bind(&check.problem)
            .bind(&check.detail)
            .bind(check.latency.map(signed))
            .bind(&check.answered)
            .bind(&check.answered)
            .bind(check.triples.map(signed))
            .bind(check.records.map(signed))
            .bind(check.seq.map(signed))
            .bind(name)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Takes a peer off the list; tells whether it was there. What was taken over from it has no owner
    /// from then on, even where somebody lists it again at once.
    pub async fn remove_peer(&self, name: &str) -> Result<bool, LogError> {
        let mut transaction = self.writing().await?;
        let sql = "DELETE FROM peers WHERE name = $1";
        let done = sqlx::query(sql).bind(name).execute(&mut *transaction).await?;
        let sql = "UPDATE harvests SET base = '' WHERE peer = $1";
        sqlx::query(sql).bind(name).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }
}

fn peer(row: &AnyRow) -> Result<PeerRow, LogError> {
    let number = |column: usize| -> Result<Option<u64>, LogError> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(unsigned))
    };
    let check = CheckRow {
        checked: row.try_get(7)?,
        problem: row.try_get(8)?,
        detail: row.try_get(9)?,
        latency: number(10)?,
        answered: row.try_get(11)?,
        triples: number(12)?,
        records: number(13)?,
        seq: number(14)?,
    };
    Ok(PeerRow {
        name: row.try_get(0)?,
        base: row.try_get(1)?,
        kind: row.try_get(2)?,
        trust: row.try_get(3)?,
        is_named: row.try_get::<i64, _>(4)? != 0,
        pinned: row.try_get(5)?,
        added: row.try_get(6)?,
        check: (!check.checked.is_empty()).then_some(check),
    })
}
