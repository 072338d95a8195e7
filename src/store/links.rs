//! Texts kept under a short name beside the log: private, no change, no part of what is public.
//! Refuses to know what the texts are or how they are named.

use super::log::{Log, LogError, unsigned};
use sqlx::Row;

impl Log {
    /// Keeps a text under a name; one that is there already stays as it is.
    pub async fn keep_link(&self, name: &str, query: &str, at: &str) -> Result<(), LogError> {
        let sql = "INSERT INTO links (name, query, at) VALUES ($1, $2, $3) \
                   ON CONFLICT (name) DO NOTHING";
        sqlx::query(sql).bind(name).bind(query).bind(at).execute(&self.pool).await?;
        Ok(())
    }

    /// The text of a name.
    pub async fn link(&self, name: &str) -> Result<Option<String>, LogError> {
        let sql = "SELECT query FROM links WHERE name = $1";
        let row = sqlx::query(sql).bind(name).fetch_optional(&self.pool).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// How many bytes the kept texts have. Reads all of them.
    pub async fn link_bytes(&self) -> Result<u64, LogError> {
        let sql = "SELECT CAST(COALESCE(SUM(OCTET_LENGTH(query)), 0) AS BIGINT) FROM links";
        let row = sqlx::query(sql).fetch_one(&self.pool).await?;
        Ok(unsigned(row.try_get(0)?))
    }
}
