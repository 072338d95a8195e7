//! Records by where their IRIs begin, for lists and counts.
//! Reads the log's index; refuses to know what kinds of records there are.

use super::log::{Log, LogError, signed, unsigned};
use sqlx::Row;

impl Log {
    /// How many records begin with a path, which ends with a slash.
    pub async fn count_below(&self, path: &str) -> Result<u64, LogError> {
        let row = sqlx::query(
            "SELECT COUNT(DISTINCT iri) FROM records WHERE iri >= $1 AND iri < $2 AND hash <> ''",
        )
        .bind(path)
        .bind(end(path))
        .fetch_one(&self.pool)
        .await?;
        Ok(unsigned(row.try_get(0)?))
    }

    /// A page of the records that begin with a path, by IRI.
    pub async fn list_below(
        &self,
        path: &str,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<String>, LogError> {
        let rows = sqlx::query(
            "SELECT DISTINCT iri FROM records WHERE iri >= $1 AND iri < $2 AND hash <> '' \
             ORDER BY iri LIMIT $3 OFFSET $4",
        )
        .bind(path)
        .bind(end(path))
        .bind(signed(limit))
        .bind(signed(offset))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Every source graph that holds records, and how many.
    pub async fn sources(&self) -> Result<Vec<(String, u64)>, LogError> {
        let sql = "SELECT graphs.iri, COUNT(*) FROM records JOIN graphs ON graphs.id = records.graph \
                   WHERE records.hash <> '' GROUP BY graphs.iri ORDER BY graphs.iri";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, unsigned(row.try_get(1)?)))).collect()
    }
}

/// The first text after all those that begin with `path`: `0` follows `/`.
pub(super) fn end(path: &str) -> String {
    format!("{}0", path.trim_end_matches('/'))
}
