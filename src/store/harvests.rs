//! What was taken over from peers, beside the log: where each harvest stands and what is kept back.
//! Private, no change. Refuses to know how a peer is read and what a problem means.

use super::append::placeholders;
use super::harvest_runs::{RunRow, keep_run};
use super::log::{Log, LogError, signed, unsigned};
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};
use std::collections::HashMap;

/// So many records are asked for in one query.
const TOGETHER: usize = 400;

/// Where the harvest of a peer stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HarvestRow {
    pub peer: String,
    /// The address that was harvested.
    pub base: String,
    /// What the reader of this kind of peer remembers.
    pub bookmark: String,
    /// When somebody last asked for a run that has not begun yet; empty where nobody did.
    pub wanted: String,
}

/// A page of a stream that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRow {
    pub url: String,
    pub etag: String,
    /// Whether it never changes again.
    pub is_closed: bool,
    /// Where it leads, an address a line, in order.
    pub links: String,
}

/// The version of a record that was taken over, and by what name the peer has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    pub record: String,
    /// A text that sorts as the versions follow each other; empty where the peer tells none.
    pub version: String,
    pub origin: String,
}

/// A version that is kept back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    pub of: VersionRow,
    pub reason: String,
    pub since: String,
    /// What it holds, as N-Triples; empty where that could not be read.
    pub triples: String,
}

/// What is kept of a step, all at once.
#[derive(Debug, Clone, Default)]
pub struct HarvestStep {
    pub versions: Vec<VersionRow>,
    pub quarantined: Vec<QuarantineRow>,
    /// Records that are not kept back any more.
    pub cleared: Vec<String>,
    pub page: Option<PageRow>,
    pub bookmark: Option<String>,
    pub run: RunRow,
}

impl Log {
    /// Every harvest, also of peers that are not listed any more.
    pub async fn harvests(&self) -> Result<Vec<HarvestRow>, LogError> {
        let sql = "SELECT peer, base, bookmark, wanted FROM harvests ORDER BY peer";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await?;
        let read = |row: &AnyRow| {
            Ok(HarvestRow {
                peer: row.try_get(0)?,
                base: row.try_get(1)?,
                bookmark: row.try_get(2)?,
                wanted: row.try_get(3)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Takes note that a peer is harvested from an address; what was known of it stays.
    pub async fn begin_harvest(&self, peer: &str, base: &str) -> Result<(), LogError> {
        let sql = "INSERT INTO harvests (peer, base, bookmark, wanted) VALUES ($1, $2, '', '') \
                   ON CONFLICT (peer) DO UPDATE SET wanted = ''";
        sqlx::query(sql).bind(peer).bind(base).execute(&self.pool).await?;
        Ok(())
    }

    /// Takes note that somebody wants a run.
    pub async fn want_harvest(&self, peer: &str, base: &str, at: &str) -> Result<(), LogError> {
        let sql = "INSERT INTO harvests (peer, base, bookmark, wanted) VALUES ($1, $2, '', $3) \
                   ON CONFLICT (peer) DO UPDATE SET wanted = excluded.wanted";
        sqlx::query(sql).bind(peer).bind(base).bind(at).execute(&self.pool).await?;
        Ok(())
    }

    /// Forgets all that is known of the harvest of a peer; its records are the log's.
    pub async fn forget_harvest(&self, peer: &str) -> Result<(), LogError> {
        let mut transaction = self.writing().await?;
        for table in
            ["harvest_pages", "harvest_versions", "harvest_quarantine", "harvest_runs", "harvests"]
        {
            let sql = format!("DELETE FROM {table} WHERE peer = $1");
            sqlx::query(AssertSqlSafe(sql)).bind(peer).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The pages of a peer that were read, by address.
    pub async fn harvest_pages(&self, peer: &str) -> Result<HashMap<String, PageRow>, LogError> {
        let sql = "SELECT url, etag, closed, links FROM harvest_pages WHERE peer = $1";
        let rows = sqlx::query(sql).bind(peer).fetch_all(&self.pool).await?;
        let read = |row: &AnyRow| {
            let page = PageRow {
                url: row.try_get(0)?,
                etag: row.try_get(1)?,
                is_closed: row.try_get::<i64, _>(2)? != 0,
                links: row.try_get(3)?,
            };
            Ok((page.url.clone(), page))
        };
        rows.iter().map(read).collect()
    }

    /// The versions of some records that were taken over from a peer.
    pub async fn harvest_versions(
        &self,
        peer: &str,
        records: &[String],
    ) -> Result<HashMap<String, String>, LogError> {
        let mut found = HashMap::new();
        for part in records.chunks(TOGETHER) {
            let sql = format!(
                "SELECT record, version FROM harvest_versions WHERE peer = $1 AND record IN ({})",
                placeholders(2, part.len())
            );
            let query = sqlx::query(AssertSqlSafe(sql)).bind(peer.to_owned());
            let query = part.iter().fold(query, |query, record| query.bind(record.clone()));
            for row in query.fetch_all(&self.pool).await? {
                found.insert(row.try_get(0)?, row.try_get(1)?);
            }
        }
        Ok(found)
    }

    /// The records that a peer has under a name of its own.
    pub async fn harvested_as(&self, peer: &str, origin: &str) -> Result<Vec<String>, LogError> {
        let sql = "SELECT record FROM harvest_versions WHERE peer = $1 AND origin = $2 \
                   UNION SELECT record FROM harvest_quarantine WHERE peer = $3 AND origin = $4";
        let query = sqlx::query(sql).bind(peer).bind(origin).bind(peer).bind(origin);
        let rows = query.fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// The hashes of what some records hold in a graph now; those that are not there are left out.
    pub async fn hashes(
        &self,
        graph: &str,
        records: &[String],
    ) -> Result<HashMap<String, String>, LogError> {
        let mut found = HashMap::new();
        for part in records.chunks(TOGETHER) {
            let sql = format!(
                "SELECT r.iri, r.hash FROM records r JOIN graphs g ON g.id = r.graph \
                 WHERE g.iri = $1 AND r.hash <> '' AND r.iri IN ({})",
                placeholders(2, part.len())
            );
            let query = sqlx::query(AssertSqlSafe(sql)).bind(graph.to_owned());
            let query = part.iter().fold(query, |query, record| query.bind(record.clone()));
            for row in query.fetch_all(&self.pool).await? {
                found.insert(row.try_get(0)?, row.try_get(1)?);
            }
        }
        Ok(found)
    }

    /// The records of a peer that are kept back.
    pub async fn harvest_kept_back(&self, peer: &str) -> Result<Vec<String>, LogError> {
        let sql = "SELECT record FROM harvest_quarantine WHERE peer = $1";
        let rows = sqlx::query(sql).bind(peer).fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// How many records of a peer are kept back.
    pub async fn count_kept_back(&self, peer: &str) -> Result<u64, LogError> {
        let sql = "SELECT COUNT(*) FROM harvest_quarantine WHERE peer = $1";
        let row = sqlx::query(sql).bind(peer).fetch_one(&self.pool).await?;
        Ok(unsigned(row.try_get(0)?))
    }

    /// What is kept back of a peer, by record: so many at most that come after one.
    pub async fn harvest_quarantine(
        &self,
        peer: &str,
        after: &str,
        most: usize,
    ) -> Result<Vec<QuarantineRow>, LogError> {
        let sql = "SELECT record, version, origin, reason, since, triples FROM harvest_quarantine \
                   WHERE peer = $1 AND record > $2 ORDER BY record LIMIT $3";
        let query = sqlx::query(sql).bind(peer).bind(after).bind(signed(most as u64));
        let rows = query.fetch_all(&self.pool).await?;
        let read = |row: &AnyRow| {
            Ok(QuarantineRow {
                of: VersionRow {
                    record: row.try_get(0)?,
                    version: row.try_get(1)?,
                    origin: row.try_get(2)?,
                },
                reason: row.try_get(3)?,
                since: row.try_get(4)?,
                triples: row.try_get(5)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Keeps what a step of a run did, all of it or nothing.
    pub async fn keep_harvest(&self, step: &HarvestStep) -> Result<(), LogError> {
        let mut transaction = self.writing().await?;
        let peer = step.run.peer.as_str();
        for version in &step.versions {
            keep_version(&mut transaction, peer, version).await?;
        }
        for record in &step.cleared {
            let sql = "DELETE FROM harvest_quarantine WHERE peer = $1 AND record = $2";
            sqlx::query(sql).bind(peer).bind(record).execute(&mut *transaction).await?;
        }
        if let Some(page) = &step.page {
            // What was wrong with the page as such is told anew.
            let sql = "DELETE FROM harvest_quarantine WHERE peer = $1 AND origin = $2";
            sqlx::query(sql).bind(peer).bind(&page.url).execute(&mut *transaction).await?;
        }
        for row in &step.quarantined {
            keep_back(&mut transaction, peer, row).await?;
        }
        if let Some(page) = &step.page {
            let sql = "INSERT INTO harvest_pages (peer, url, etag, closed, links) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (peer, url) DO UPDATE SET \
                       etag = excluded.etag, closed = excluded.closed, links = excluded.links";
            let query = sqlx::query(sql).bind(peer).bind(&page.url).bind(&page.etag);
            let query = query.bind(i64::from(page.is_closed)).bind(&page.links);
            query.execute(&mut *transaction).await?;
        }
        if let Some(bookmark) = &step.bookmark {
            let sql = "UPDATE harvests SET bookmark = $1 WHERE peer = $2";
            sqlx::query(sql).bind(bookmark).bind(peer).execute(&mut *transaction).await?;
        }
        keep_run(&mut transaction, &step.run).await?;
        Ok(transaction.commit().await?)
    }
}

async fn keep_version(
    transaction: &mut Transaction<'static, Any>,
    peer: &str,
    row: &VersionRow,
) -> Result<(), LogError> {
    let sql = "INSERT INTO harvest_versions (peer, record, version, origin) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (peer, record) DO UPDATE SET \
               version = excluded.version, origin = excluded.origin";
    let query = sqlx::query(sql).bind(peer.to_owned()).bind(row.record.clone());
    let query = query.bind(row.version.clone()).bind(row.origin.clone());
    query.execute(&mut **transaction).await?;
    Ok(())
}

/// A version that is kept back again for the same reason is kept back since the first time.
async fn keep_back(
    transaction: &mut Transaction<'static, Any>,
    peer: &str,
    row: &QuarantineRow,
) -> Result<(), LogError> {
    let sql = "INSERT INTO harvest_quarantine \
               (peer, record, version, origin, reason, since, triples) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (peer, record) DO UPDATE SET \
               since = CASE WHEN harvest_quarantine.triples = excluded.triples \
               AND harvest_quarantine.reason = excluded.reason \
               THEN harvest_quarantine.since ELSE excluded.since END, \
               version = excluded.version, origin = excluded.origin, \
               reason = excluded.reason, triples = excluded.triples";
    let query = sqlx::query(sql).bind(peer.to_owned()).bind(row.of.record.clone());
    let query = query.bind(row.of.version.clone()).bind(row.of.origin.clone());
    let query = query.bind(row.reason.clone()).bind(row.since.clone()).bind(row.triples.clone());
    query.execute(&mut **transaction).await?;
    Ok(())
}
