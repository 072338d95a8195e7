//! The entries of a change as steps from what each record held to what it holds, page by page.
//! Refuses to know who follows them.

use super::change::{Key, Triples};
use super::log::{Log, LogError, signed, triples};
use sqlx::{AssertSqlSafe, Row};

/// What one entry does to the graph: the record's triples before and after.
#[derive(Debug, Clone)]
pub struct Step {
    /// The place of the entry in its change, from 1.
    pub position: i64,
    pub key: Key,
    pub before: Option<Triples>,
    pub after: Option<Triples>,
    /// The hash of what it holds after, also where that was taken down; empty for a deletion.
    pub hash: String,
}

/// Which of a change's entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    All,
    /// The first ones ever of their records.
    New,
    /// Those that follow an earlier one, and those about a graph as such.
    Rest,
}

impl Log {
    /// A page of the entries of a change, with what each record held before.
    pub async fn steps(&self, seq: u64, after: i64, limit: i64) -> Result<Vec<Step>, LogError> {
        self.steps_of(Part::All, seq, after, limit).await
    }

    /// A page of a part of the entries of a change, with what each record held before.
    pub(super) async fn steps_of(
        &self,
        part: Part,
        seq: u64,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Step>, LogError> {
        let sql = format!(
            "SELECT e.position, g.iri, r.iri, e.hash, e.triples, p.hash, p.triples \
             FROM entries e JOIN records r ON r.id = e.record JOIN graphs g ON g.id = r.graph \
             LEFT JOIN entries p ON p.record = e.record AND p.seq = e.previous \
             WHERE e.seq = $1 AND e.position > $2 {} ORDER BY e.position LIMIT $3",
            match part {
                Part::All => "",
                Part::New => "AND e.previous = 0 AND r.iri <> ''",
                Part::Rest => "AND (e.previous > 0 OR r.iri = '')",
            }
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(signed(seq))
            .bind(after)
            .bind(limit)
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                let key = Key { graph: row.try_get(1)?, record: row.try_get(2)? };
                let hash: String = row.try_get(3)?;
                let after = triples(seq, &key, hash.clone(), row.try_get(4)?)?;
                let before = match row.try_get::<Option<String>, _>(5)? {
                    Some(hash) => triples(seq, &key, hash, row.try_get(6)?)?,
                    None => None,
                };
                Ok(Step { position: row.try_get(0)?, key, before, after, hash })
            })
            .collect()
    }
}
