//! The published events of the log, without what the records hold: where they stand and when they
//! were made, so that a million of them can be counted through. Refuses to know what a page is.

use super::history::{Choice, Place};
use super::log::{Log, LogError, signed, unsigned};
use sqlx::{AssertSqlSafe, Row};

/// That one record changed in one change, as those see it who read what is published.
#[derive(Debug, Clone)]
pub struct Event {
    /// Where the record stands first in the change.
    pub place: Place,
    /// When the change was made.
    pub at: String,
    /// Whether other graphs among those chosen hold, or held, a part of the record.
    pub is_shared: bool,
}

/// An entry that is published itself, or ends what was. Entries `e`, with faults `f` and their
/// previous entries `p` with faults `pf`.
const COUNTS: &str = "((e.hash <> '' AND COALESCE(f.grave, 0) = 0) \
    OR (COALESCE(p.hash, '') <> '' AND COALESCE(pf.grave, 0) = 0)) ";
/// An entry of another graph earlier in the same change that counts as well: the two are one event.
const EARLIER: &str = "SELECT 1 FROM records o CROSS JOIN entries oe \
    LEFT JOIN faults fo ON fo.seq = oe.seq AND fo.position = oe.position \
    LEFT JOIN entries op ON op.record = oe.record AND op.seq = oe.previous \
    LEFT JOIN faults fp ON fp.seq = op.seq AND fp.position = op.position \
    WHERE o.iri = r.iri AND o.graph <> r.graph AND oe.record = o.id AND oe.seq = e.seq \
    AND oe.position < e.position AND ((oe.hash <> '' AND COALESCE(fo.grave, 0) = 0) \
    OR (COALESCE(op.hash, '') <> '' AND COALESCE(fp.grave, 0) = 0))";
const SHARED: &str = "CASE WHEN EXISTS (SELECT 1 FROM records o WHERE o.iri = r.iri AND o.graph <> r.graph) \
     THEN 1 ELSE 0 END";

impl Log {
    /// A page of the events after a place, up to a change and including it, in the order of the log.
    /// A record that several graphs hold is one event in a change that touches more than one of them.
    pub async fn events(
        &self,
        choice: &Choice,
        after: Place,
        through: u64,
        limit: i64,
    ) -> Result<Vec<Event>, LogError> {
        let shared = if choice.graph.is_some() { "0" } else { SHARED };
        // CROSS JOIN keeps SQLite in the order of the log, whatever is chosen.
        let mut sql = format!(
            "SELECT e.seq, e.position, c.at, {shared} FROM entries e CROSS JOIN records r \
             JOIN graphs g ON g.id = r.graph JOIN changes c ON c.seq = e.seq \
             LEFT JOIN faults f ON f.seq = e.seq AND f.position = e.position \
             LEFT JOIN entries p ON p.record = e.record AND p.seq = e.previous \
             LEFT JOIN faults pf ON pf.seq = p.seq AND pf.position = p.position \
             WHERE (e.seq, e.position) > ($1, $2) AND e.seq <= $3 AND r.id = e.record \
             AND r.iri <> '' AND {COUNTS}"
        );
        if choice.graph.is_some() {
            sql += "AND g.iri = $5 ";
        } else {
            sql += &format!("AND NOT EXISTS ({EARLIER}) ");
        }
        if choice.below.is_some() {
            let first = if choice.graph.is_some() { 6 } else { 5 };
            sql += &format!("AND r.iri >= ${first} AND r.iri < ${} ", first + 1);
        }
        sql += "ORDER BY e.seq, e.position LIMIT $4";
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(signed(after.seq))
            .bind(after.position)
            .bind(signed(through))
            .bind(limit);
        if let Some(graph) = &choice.graph {
            query = query.bind(graph.clone());
        }
        if let Some(below) = &choice.below {
            query = query.bind(below.clone()).bind(super::list::end(below));
        }
        let rows = query.fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                Ok(Event {
                    place: Place { seq: unsigned(row.try_get(0)?), position: row.try_get(1)? },
                    at: row.try_get(2)?,
                    is_shared: row.try_get::<i64, _>(3)? != 0,
                })
            })
            .collect()
    }

    /// Whether a graph was ever written.
    pub async fn knows_graph(&self, graph: &str) -> Result<bool, LogError> {
        let row = sqlx::query("SELECT id FROM graphs WHERE iri = $1")
            .bind(graph.to_owned())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_some())
    }
}
