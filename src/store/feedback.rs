//! What visitors write to those who run the node: kept beside the log, in no graph, in no answer
//! over HTTP. Knows nothing of who may read it.

use super::log::{Log, LogError};
use sqlx::Row;

/// A message from a visitor.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Feedback {
    /// When it came, RFC 3339; also what it is told apart by, with its place among equals.
    pub at: String,
    pub message: String,
    /// The page it is about, as the visitor wrote it; may be empty.
    pub page: String,
    /// Where an answer may go; may be empty.
    pub mail: String,
}

impl Log {
    /// Keeps a message; it is on disk when this returns.
    pub async fn keep_feedback(&self, feedback: &Feedback) -> Result<(), LogError> {
        let sql = "INSERT INTO feedback (id, at, message, page, mail) \
                   SELECT $1 || '-' || COUNT(*), $2, $3, $4, $5 FROM feedback";
        sqlx::query(sql)
            .bind(&feedback.at)
            .bind(&feedback.at)
            .bind(&feedback.message)
            .bind(&feedback.page)
            .bind(&feedback.mail)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// How many messages came since a moment.
    pub async fn feedback_since(&self, at: &str) -> Result<u64, LogError> {
        let sql = "SELECT COUNT(*) FROM feedback WHERE at >= $1";
        let row = sqlx::query(sql).bind(at).fetch_one(&self.pool).await?;
        Ok(super::log::unsigned(row.try_get(0)?))
    }

    /// Every message, the oldest first.
    pub async fn feedback(&self) -> Result<Vec<Feedback>, LogError> {
        let sql = "SELECT at, message, page, mail FROM feedback ORDER BY at, id";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                Ok(Feedback {
                    at: row.try_get(0)?,
                    message: row.try_get(1)?,
                    page: row.try_get(2)?,
                    mail: row.try_get(3)?,
                })
            })
            .collect()
    }
}
