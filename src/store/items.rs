//! Records in the order of their last changes, whichever graph made them, so that a record which
//! several graphs hold comes once. Refuses to know what is told of them.

use super::history::{Choice, Place};
use super::log::{Log, LogError, signed, unsigned};
use sqlx::{AssertSqlSafe, Row};

/// That a version of a record `o` was published: an entry `n` with what is wrong with it, `f`.
const PUBLISHED: &str = "SELECT 1 FROM records o CROSS JOIN entries n \
    JOIN graphs g ON g.id = o.graph \
    LEFT JOIN faults f ON f.seq = n.seq AND f.position = n.position \
    WHERE o.iri = r.iri AND n.record = o.id AND n.seq <= $4 \
    AND n.hash <> '' AND COALESCE(f.grave, 0) = 0";
/// A later entry `n` of the same record in any graph, as far as the state is read.
const LATER: &str = "SELECT 1 FROM records o CROSS JOIN entries n \
    WHERE o.iri = r.iri AND n.record = o.id AND n.seq >= e.seq AND n.seq <= $4 \
    AND (n.seq, n.position) > (e.seq, e.position)";

impl Log {
    /// A page of the records as they were at the change `through`, each at the place of its last
    /// change: those after a place and up to the change `until`. A graph that is chosen has published
    /// the record once, whoever changed it last. Records of which no version was ever published are
    /// passed over.
    pub async fn items(
        &self,
        choice: &Choice,
        after: Place,
        (until, through): (u64, u64),
        limit: i64,
    ) -> Result<Vec<(Place, String)>, LogError> {
        // CROSS JOIN keeps SQLite in the order of the log, whatever is chosen.
        let mut sql = "SELECT e.seq, e.position, r.iri FROM entries e CROSS JOIN records r \
             WHERE (e.seq, e.position) > ($1, $2) AND e.seq <= $3 AND r.id = e.record \
             AND r.iri >= $6 AND r.iri < $7 "
            .to_owned();
        let graph = if choice.graph.is_some() { "AND g.iri = $8" } else { "" };
        // The first question is answered no for all that a chosen graph does not hold.
        sql += &format!("AND EXISTS ({PUBLISHED} {graph}) AND NOT EXISTS ({LATER}) ");
        sql += "ORDER BY e.seq, e.position LIMIT $5";
        let below = choice.below.clone().unwrap_or_default();
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(signed(after.seq))
            .bind(after.position)
            .bind(signed(until))
            .bind(signed(through))
            .bind(limit)
            .bind(below.clone())
            .bind(super::list::end(&below));
        if let Some(graph) = &choice.graph {
            query = query.bind(graph.clone());
        }
        let rows = query.fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                let seq = unsigned(row.try_get(0)?);
                Ok((Place { seq, position: row.try_get(1)? }, row.try_get(2)?))
            })
            .collect()
    }

    /// Whether a version of a record in one graph was published by a change; both are meant by the
    /// log's number of the record.
    pub async fn was_published(&self, record: i64, through: u64) -> Result<bool, LogError> {
        let row = sqlx::query(
            "SELECT 1 FROM entries e LEFT JOIN faults f ON f.seq = e.seq AND f.position = e.position \
             WHERE e.record = $1 AND e.seq <= $2 AND e.hash <> '' AND COALESCE(f.grave, 0) = 0 \
             LIMIT 1",
        )
        .bind(record)
        .bind(signed(through))
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.is_some())
    }

    /// The graphs that had published a record below a path by a change, by IRI.
    pub async fn publishing_graphs(
        &self,
        below: &str,
        through: u64,
    ) -> Result<Vec<String>, LogError> {
        let rows = sqlx::query(
            "SELECT g.iri FROM graphs g WHERE EXISTS (SELECT 1 FROM records r \
             CROSS JOIN entries e LEFT JOIN faults f ON f.seq = e.seq AND f.position = e.position \
             WHERE r.graph = g.id AND r.iri >= $2 AND r.iri < $3 AND e.record = r.id \
             AND e.seq <= $1 AND e.hash <> '' AND COALESCE(f.grave, 0) = 0) ORDER BY g.iri",
        )
        .bind(signed(through))
        .bind(below.to_owned())
        .bind(super::list::end(below))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}
