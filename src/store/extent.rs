//! How far published records reach in the log, graph by graph: from which change to which, and how
//! many there are. Refuses to know what is told of them.

use super::log::{Log, LogError, signed, unsigned};
use sqlx::Row;

/// The published records of one source graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// The IRI of the graph.
    pub graph: String,
    /// The first change that touched one of them.
    pub first: u64,
    /// The last change that touched one of them.
    pub last: u64,
    /// How many there are, without those that are deleted or kept back.
    pub records: u64,
}

impl Log {
    /// The extents of the records whose IRIs begin with a path that ends with a slash, as they were
    /// at a change, by graph.
    pub async fn extents(&self, below: &str, through: u64) -> Result<Vec<Extent>, LogError> {
        let sql = "SELECT g.iri, MIN(e.seq), MAX(e.seq), \
                   SUM(CASE WHEN e.hash <> '' AND f.seq IS NULL AND NOT EXISTS \
                   (SELECT 1 FROM entries n WHERE n.record = e.record AND n.seq > e.seq \
                   AND n.seq <= $1) THEN 1 ELSE 0 END) \
                   FROM records r JOIN entries e ON e.record = r.id JOIN graphs g ON g.id = r.graph \
                   LEFT JOIN faults f ON f.seq = e.seq AND f.position = e.position AND f.grave = 1 \
                   WHERE e.seq <= $1 AND r.iri >= $2 AND r.iri < $3 GROUP BY g.iri ORDER BY g.iri";
        let rows = sqlx::query(sql)
            .bind(signed(through))
            .bind(below.to_owned())
            .bind(super::list::end(below))
            .fetch_all(&self.pool)
            .await?;
        let extent = |row: &sqlx::any::AnyRow| {
            Ok(Extent {
                graph: row.try_get(0)?,
                first: unsigned(row.try_get(1)?),
                last: unsigned(row.try_get(2)?),
                records: unsigned(row.try_get(3)?),
            })
        };
        rows.iter().map(extent).collect()
    }
}
