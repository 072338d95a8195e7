//! The log as it is published: every version of the records, or the state of all at one change, page
//! by page in the order of the log. A version with a grave fault reads as if it had been deleted.

use super::append::placeholders;
use super::change::{Key, Triples};
use super::log::{Log, LogError, TAKEN_DOWN, signed, triples, unsigned};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, Row};
use std::collections::{BTreeSet, HashMap};

/// A place in the log: an entry of a change, counted from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub seq: u64,
    pub position: i64,
}

/// Which records: those of one source graph, those whose IRIs begin with a path that ends with a
/// slash, or both. The empty choice takes all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Choice {
    pub graph: Option<String>,
    pub below: Option<String>,
}

/// One version of a record as it is published.
#[derive(Debug, Clone)]
pub struct Revision {
    pub place: Place,
    /// The log's number of the record, given on first sight.
    pub record: i64,
    /// When the change was made, as an `xsd:dateTime` in UTC. Never earlier than the change before.
    pub at: String,
    pub key: Key,
    /// Whether a version that was published goes before.
    pub follows: bool,
    /// What the record holds from here on; nothing where it is gone.
    pub after: Option<Triples>,
}

impl Choice {
    /// The conditions on the graph `g` and the record `r`, whose values are numbered after the first
    /// four of the query.
    pub(super) fn conditions(&self) -> String {
        let mut sql = String::new();
        if self.graph.is_some() {
            sql += "AND g.iri = $5 ";
        }
        if self.below.is_some() {
            let first = if self.graph.is_some() { 6 } else { 5 };
            sql += &format!("AND r.iri >= ${first} AND r.iri < ${} ", first + 1);
        }
        sql
    }

    /// Gives these conditions their values.
    pub(super) fn bind<'q>(
        &self,
        mut query: Query<'q, Any, AnyArguments>,
    ) -> Query<'q, Any, AnyArguments> {
        if let Some(graph) = &self.graph {
            query = query.bind(graph.clone());
        }
        if let Some(below) = &self.below {
            query = query.bind(below.clone()).bind(super::list::end(below));
        }
        query
    }
}

impl Revision {
    /// The immutable IRI of this version.
    pub fn iri(&self) -> String {
        format!("{}/v/{}", self.key.record, self.place.seq)
    }
}

/// That a record changed in one graph.
#[derive(Debug, Clone)]
pub struct Turn {
    pub seq: u64,
    pub at: String,
    /// The log's number of the graph.
    pub graph: i64,
    /// Whether the graph held the record from here on; nothing where the version is kept back.
    pub is_held: Option<bool>,
}

/// So many records are asked for in one query; SQLite takes no more than 32,766 values.
const TOGETHER: usize = 500;
const COLUMNS: &str = "SELECT e.seq, e.position, c.at, g.iri, r.iri, e.hash, e.triples, \
    COALESCE(f.grave, 0), COALESCE(p.hash, ''), COALESCE(pf.grave, 0), r.id ";
const TABLES: &str = "JOIN graphs g ON g.id = r.graph JOIN changes c ON c.seq = e.seq \
    LEFT JOIN faults f ON f.seq = e.seq AND f.position = e.position \
    LEFT JOIN entries p ON p.record = e.record AND p.seq = e.previous \
    LEFT JOIN faults pf ON pf.seq = p.seq AND pf.position = p.position ";

impl Log {
    /// A page of the versions after a place, up to a change and including it.
    pub async fn revisions(
        &self,
        choice: &Choice,
        after: Place,
        through: u64,
        limit: i64,
    ) -> Result<Vec<Revision>, LogError> {
        self.page(choice, after, through, limit, "").await
    }

    /// A page of the latest versions of the records as they were at a change, those since a place.
    pub async fn settled(
        &self,
        choice: &Choice,
        after: Place,
        through: u64,
        limit: i64,
    ) -> Result<Vec<Revision>, LogError> {
        let latest = "AND NOT EXISTS (SELECT 1 FROM entries n WHERE n.record = e.record \
                      AND n.seq > e.seq AND n.seq <= $3) ";
        self.page(choice, after, through, limit, latest).await
    }

    async fn page(
        &self,
        choice: &Choice,
        after: Place,
        through: u64,
        limit: i64,
        also: &str,
    ) -> Result<Vec<Revision>, LogError> {
        let sql = format!(
            "{COLUMNS} FROM entries e JOIN records r ON r.id = e.record {TABLES} \
             WHERE (e.seq, e.position) > ($1, $2) AND e.seq <= $3 AND r.iri <> '' {also} {} \
             ORDER BY e.seq, e.position LIMIT $4",
            choice.conditions()
        );
        let query = sqlx::query(AssertSqlSafe(sql))
            .bind(signed(after.seq))
            .bind(after.position)
            .bind(signed(through))
            .bind(limit);
        self.read(choice.bind(query)).await
    }

    /// The state at a change of the records that the log numbers from one number to another, both
    /// included.
    pub async fn numbered(
        &self,
        first: i64,
        last: i64,
        through: u64,
    ) -> Result<Vec<Revision>, LogError> {
        let sql = format!(
            "{COLUMNS} FROM records r JOIN entries e ON e.record = r.id AND e.seq = \
             (SELECT MAX(n.seq) FROM entries n WHERE n.record = r.id AND n.seq <= $3) \
             {TABLES} WHERE r.id >= $1 AND r.id <= $2 AND r.iri <> '' ORDER BY r.id"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(first).bind(last).bind(signed(through));
        self.read(query).await
    }

    /// The last version of one record at a change, in each graph that holds it.
    pub async fn revision_of(&self, record: &str, through: u64) -> Result<Vec<Revision>, LogError> {
        let sql = format!(
            "{COLUMNS} FROM records r JOIN entries e ON e.record = r.id AND e.seq = \
             (SELECT MAX(n.seq) FROM entries n WHERE n.record = r.id AND n.seq <= $2) \
             {TABLES} WHERE r.iri = $1 ORDER BY r.id"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(record.to_owned()).bind(signed(through));
        self.read(query).await
    }

    /// The last versions of some records at a change, by record: one in each graph that holds it, in
    /// the order of [`Self::revision_of`].
    pub async fn revisions_of(
        &self,
        records: &BTreeSet<String>,
        through: u64,
    ) -> Result<HashMap<String, Vec<Revision>>, LogError> {
        let mut found: HashMap<String, Vec<Revision>> = HashMap::with_capacity(records.len());
        let records: Vec<&String> = records.iter().collect();
        for part in records.chunks(TOGETHER) {
            let sql = format!(
                "{COLUMNS} FROM records r JOIN entries e ON e.record = r.id AND e.seq = \
                 (SELECT MAX(n.seq) FROM entries n WHERE n.record = r.id AND n.seq <= $1) \
                 {TABLES} WHERE r.iri IN ({}) ORDER BY r.id",
                placeholders(2, part.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(signed(through));
            for record in part {
                query = query.bind((*record).clone());
            }
            for revision in self.read(query).await? {
                found.entry(revision.key.record.clone()).or_default().push(revision);
            }
        }
        Ok(found)
    }

    async fn read(&self, query: Query<'_, Any, AnyArguments>) -> Result<Vec<Revision>, LogError> {
        query.fetch_all(&self.pool).await?.iter().map(revision).collect()
    }

    /// A page of the latest versions of the records below a path as they were at a change, the newest
    /// first, after so many of them.
    pub async fn newest(
        &self,
        below: &str,
        offset: i64,
        through: u64,
        limit: i64,
    ) -> Result<Vec<Revision>, LogError> {
        // CROSS JOIN keeps SQLite in the order of the log, which ends after a page.
        let sql = format!(
            "{COLUMNS} FROM entries e CROSS JOIN records r {TABLES} \
             WHERE r.id = e.record AND e.seq <= $1 AND r.iri >= $2 AND r.iri < $3 AND NOT EXISTS (SELECT 1 FROM \
             entries n WHERE n.record = e.record AND n.seq > e.seq AND n.seq <= $1) \
             ORDER BY e.seq DESC, e.position DESC LIMIT $4 OFFSET $5"
        );
        let query = sqlx::query(AssertSqlSafe(sql))
            .bind(signed(through))
            .bind(below.to_owned())
            .bind(super::list::end(below))
            .bind(limit)
            .bind(offset);
        self.read(query).await
    }

    /// Every version of one record up to a change, the oldest first, without what it held; one that
    /// was taken down reads as a deletion.
    pub async fn turns(&self, record: &str, through: u64) -> Result<Vec<Turn>, LogError> {
        let rows = sqlx::query(
            "SELECT e.seq, c.at, r.graph, CASE WHEN e.triples = $3 THEN '' ELSE e.hash END, \
             COALESCE(f.grave, 0) FROM records r \
             JOIN entries e ON e.record = r.id JOIN changes c ON c.seq = e.seq \
             LEFT JOIN faults f ON f.seq = e.seq AND f.position = e.position \
             WHERE r.iri = $1 AND e.seq <= $2 ORDER BY e.seq",
        )
        .bind(record.to_owned())
        .bind(signed(through))
        .bind(TAKEN_DOWN)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let hash: String = row.try_get(3)?;
                let is_grave = row.try_get::<i64, _>(4)? != 0;
                Ok(Turn {
                    seq: unsigned(row.try_get(0)?),
                    at: row.try_get(1)?,
                    graph: row.try_get(2)?,
                    is_held: (!is_grave).then_some(!hash.is_empty()),
                })
            })
            .collect()
    }

    /// For each block of `size` numbers of records, from 1, the last change up to `through` that
    /// touched one of them.
    pub async fn touched(&self, size: i64, through: u64) -> Result<Vec<(i64, u64)>, LogError> {
        let sql = "SELECT (record - 1) / $1, MAX(seq) FROM entries WHERE seq <= $2 \
                   GROUP BY (record - 1) / $1 ORDER BY 1";
        let rows = sqlx::query(sql).bind(size).bind(signed(through)).fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, unsigned(row.try_get(1)?)))).collect()
    }

    /// The number of the last change at or before a moment, 0 where the log begins later.
    pub async fn change_at(&self, moment: jiff::Timestamp) -> Result<u64, LogError> {
        let (mut known, mut beyond) = (0, self.head().await? + 1);
        // Moments are texts with as many decimals as they need, so the database cannot compare them.
        while beyond - known > 1 {
            let middle = known + (beyond - known) / 2;
            let missing = || LogError::Damaged {
                seq: middle,
                what: "the change is missing, or its moment cannot be read".to_owned(),
            };
            let change = self.change(middle).await?.ok_or_else(missing)?;
            let at: jiff::Timestamp = change.at.parse().map_err(|_| missing())?;
            if at <= moment { known = middle } else { beyond = middle }
        }
        Ok(known)
    }
}

fn revision(row: &AnyRow) -> Result<Revision, LogError> {
    let seq = unsigned(row.try_get(0)?);
    let key = Key { graph: row.try_get(3)?, record: row.try_get(4)? };
    let state = triples(seq, &key, row.try_get(5)?, row.try_get(6)?)?;
    let (grave, before): (i64, String) = (row.try_get(7)?, row.try_get(8)?);
    Ok(Revision {
        place: Place { seq, position: row.try_get(1)? },
        at: row.try_get(2)?,
        key,
        follows: !before.is_empty() && row.try_get::<i64, _>(9)? == 0,
        after: state.filter(|_| grave == 0),
        record: row.try_get(10)?,
    })
}
