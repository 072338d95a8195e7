//! What the shapes say of versions of records, kept beside the log they are a reading of.
//! Refuses to know who checks.

use super::history::Place;
use super::log::{Log, LogError, TAKEN_DOWN, signed, unsigned};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

/// What is wrong with the records of a graph, or of all. CROSS JOIN keeps SQLite in the order of the
/// faults.
const FAULTS: &str = "SELECT f.seq, f.position, g.iri, r.iri, f.grave, f.findings, f.record \
    FROM faults f CROSS JOIN records r JOIN graphs g ON g.id = r.graph \
    WHERE r.id = f.record AND r.seq = f.seq AND ($1 = '' OR g.iri = $1)";

/// What is wrong with one version of a record.
#[derive(Debug, Clone)]
pub struct Fault {
    pub place: Place,
    pub graph: String,
    pub record: String,
    /// The log's number of the record.
    pub number: i64,
    /// Whether the version is not published because of it.
    pub is_grave: bool,
    /// The findings as JSON.
    pub findings: String,
}

impl Log {
    /// Keeps what is wrong with versions of records; what is known of a version already is replaced,
    /// what was less than grave in earlier versions of the record forgotten.
    pub async fn keep_faults(&self, faults: &[Fault]) -> Result<(), LogError> {
        let mut transaction = self.writing().await?;
        for fault in faults {
            sqlx::query(
                "INSERT INTO faults (seq, position, record, grave, findings) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (seq, position) \
                 DO UPDATE SET grave = excluded.grave, findings = excluded.findings",
            )
            .bind(signed(fault.place.seq))
            .bind(fault.place.position)
            .bind(fault.number)
            .bind(i64::from(fault.is_grave))
            .bind(fault.findings.clone())
            .execute(&mut *transaction)
            .await?;
            // The version may have been taken down while it was looked at.
            sqlx::query(
                "UPDATE faults SET findings = '[]' WHERE seq = $1 AND position = $2 AND EXISTS \
                 (SELECT 1 FROM entries WHERE entries.seq = $3 AND entries.position = $4 \
                 AND entries.triples = $5)",
            )
            .bind(signed(fault.place.seq))
            .bind(fault.place.position)
            .bind(signed(fault.place.seq))
            .bind(fault.place.position)
            .bind(TAKEN_DOWN)
            .execute(&mut *transaction)
            .await?;
            sqlx::query("DELETE FROM faults WHERE record = $1 AND seq < $2 AND grave = 0")
                .bind(fault.number)
                .bind(signed(fault.place.seq))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// A page of what is wrong with the records as they are now, of one source graph or of all, the
    /// grave first.
    pub async fn faults(
        &self,
        graph: Option<&str>,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<Fault>, LogError> {
        let sql = format!("{FAULTS} ORDER BY f.grave DESC, f.record LIMIT $2 OFFSET $3");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(graph.unwrap_or_default().to_owned());
        let rows = query.bind(signed(limit)).bind(signed(offset)).fetch_all(&self.pool).await?;
        rows.iter().map(fault).collect()
    }

    /// The same, but either what is grave or what is not, of the records numbered after one.
    pub async fn faults_after(
        &self,
        graph: Option<&str>,
        is_grave: bool,
        number: i64,
        limit: u64,
    ) -> Result<Vec<Fault>, LogError> {
        let sql = format!("{FAULTS} AND f.grave = $3 AND f.record > $4 ORDER BY f.record LIMIT $2");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(graph.unwrap_or_default().to_owned());
        let query = query.bind(signed(limit)).bind(i64::from(is_grave)).bind(number);
        query.fetch_all(&self.pool).await?.iter().map(fault).collect()
    }

    /// How many records of each source graph are not published now, and how many others lack
    /// something.
    pub async fn fault_counts(&self) -> Result<Vec<(String, u64, u64)>, LogError> {
        let rows = sqlx::query(
            "SELECT g.iri, CAST(SUM(f.grave) AS BIGINT), COUNT(*) FROM faults f \
             JOIN records r ON r.id = f.record AND r.seq = f.seq \
             JOIN graphs g ON g.id = r.graph GROUP BY g.iri ORDER BY g.iri",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let grave = unsigned(row.try_get(1)?);
                let all = unsigned(row.try_get::<i64, _>(2)?);
                Ok((row.try_get(0)?, grave, all - grave.min(all)))
            })
            .collect()
    }
}

fn fault(row: &AnyRow) -> Result<Fault, LogError> {
    Ok(Fault {
        place: Place { seq: unsigned(row.try_get(0)?), position: row.try_get(1)? },
        graph: row.try_get(2)?,
        record: row.try_get(3)?,
        is_grave: row.try_get::<i64, _>(4)? != 0,
        findings: row.try_get(5)?,
        number: row.try_get(6)?,
    })
}
