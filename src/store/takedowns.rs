//! What was taken down: records whose names and contents must not come back, and whose versions are
//! emptied. Private, no part of the log. Refuses to know why, and who deletes.

use super::change::{Entry, Key, Triples};
use super::log::{Log, LogError, TAKEN_DOWN, signed, unsigned};
use crate::schema::{Finding, Severity, Text};
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};
use std::collections::HashMap;

/// That a record was taken down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Takedown {
    pub record: String,
    /// The kind of reason, which everybody may know.
    pub class: String,
    /// The reason in words, for those who run the node.
    pub reason: String,
    pub at: String,
    /// The change by which it was deleted, 0 until then.
    pub through: u64,
    /// When it was allowed to come back, if it was.
    pub lifted: Option<String>,
    /// Whether no text of its versions is left.
    pub is_emptied: bool,
}

/// Why a record must not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The record that was taken down: this one, or another with the same content.
    pub record: String,
    pub class: String,
}

/// The names and contents that must not come back.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    records: HashMap<String, Blocked>,
    contents: HashMap<String, Blocked>,
}

const COLUMNS: &str = "SELECT record, class, reason, at, through, lifted, emptied FROM takedowns";

impl Blocks {
    /// Why an entry must not be written, if it must not.
    pub(super) fn of(&self, entry: &Entry) -> Option<&Blocked> {
        self.blocked(&entry.key.record, entry.after.as_ref()?)
    }

    /// The records among these that must not be written, each with why.
    pub fn findings(&self, records: &[(Key, Triples)]) -> Vec<Finding> {
        let blocked = records.iter().filter_map(|(key, triples)| {
            Some(finding(&key.record, self.blocked(&key.record, triples)?))
        });
        blocked.collect()
    }

    /// Whether this must not be written as a record.
    pub fn refuses(&self, record: &str, triples: &Triples) -> bool {
        self.blocked(record, triples).is_some()
    }

    fn blocked(&self, record: &str, triples: &Triples) -> Option<&Blocked> {
        if self.records.is_empty() || record.is_empty() {
            return None;
        }
        self.records.get(record).or_else(|| self.contents.get(&content(record, triples)))
    }
}

fn finding(record: &str, blocked: &Blocked) -> Finding {
    let Blocked { record: gone, class } = blocked;
    Finding {
        record: record.to_owned(),
        focus: record.to_owned(),
        path: None,
        name: Text::new("scheda ritirata", "record taken down"),
        value: None,
        value_type: None,
        severity: Severity::Violation,
        component: "takedown".to_owned(),
        shape: gone.clone(),
        message: Text {
            it: format!(
                "{gone} è stata ritirata ({class}): né il suo nome né il suo contenuto possono \
                 tornare. Toglierla dal file; chi gestisce il nodo può riammetterla con \
                 `familylab takedown lift`."
            ),
            en: format!(
                "{gone} was taken down ({class}): neither its name nor its content may come back. \
                 Take it out of the file; those who run the node can let it in again with \
                 `familylab takedown lift`."
            ),
        },
        place: None,
    }
}

/// The hash of what a record holds, whatever it is called.
fn content(record: &str, triples: &Triples) -> String {
    let text = triples.as_str().replace(&format!("<{record}>"), "<>");
    Triples::from_lines(&text.replace(&format!("<{record}#"), "<#")).hash()
}

/// The names and contents that must not come back, as a transaction sees them.
pub(super) async fn blocks(
    transaction: &mut Transaction<'static, Any>,
) -> Result<Blocks, LogError> {
    let sql = format!("{COLUMNS} WHERE lifted = ''");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **transaction).await?;
    let records = rows.iter().map(|row| {
        let Takedown { record, class, .. } = takedown(row)?;
        Ok((record.clone(), Blocked { record, class }))
    });
    let records: HashMap<String, Blocked> = records.collect::<Result<_, LogError>>()?;
    let mut contents = HashMap::new();
    if !records.is_empty() {
        let sql = "SELECT hash, record FROM blocked_contents";
        for row in sqlx::query(sql).fetch_all(&mut **transaction).await? {
            let record: String = row.try_get(1)?;
            if let Some(blocked) = records.get(&record) {
                contents.insert(row.try_get(0)?, blocked.clone());
            }
        }
    }
    Ok(Blocks { records, contents })
}

impl Log {
    /// The names and contents that must not come back.
    pub async fn blocks(&self) -> Result<Blocks, LogError> {
        let mut transaction = self.pool.begin().await?;
        let blocks = blocks(&mut transaction).await?;
        transaction.rollback().await?;
        Ok(blocks)
    }

    /// Blocks the name of a record and these contents. Nothing is deleted by it yet. Where it was
    /// taken down and let in again, it is taken down once more.
    pub async fn block(
        &self,
        takedown: &Takedown,
        contents: &[(Key, Triples)],
    ) -> Result<(), LogError> {
        let mut transaction = self.writing().await?;
        let sql = "INSERT INTO takedowns (record, class, reason, at, through, lifted, emptied) \
                   VALUES ($1, $2, $3, $4, 0, '', 0) ON CONFLICT (record) DO UPDATE SET \
                   class = excluded.class, reason = excluded.reason, at = excluded.at, \
                   through = 0, lifted = '', emptied = 0";
        sqlx::query(sql)
            .bind(&takedown.record)
            .bind(&takedown.class)
            .bind(&takedown.reason)
            .bind(&takedown.at)
            .execute(&mut *transaction)
            .await?;
        for (key, triples) in contents {
            let sql = "INSERT INTO blocked_contents (hash, record) VALUES ($1, $2) \
                       ON CONFLICT DO NOTHING";
            sqlx::query(sql)
                .bind(content(&key.record, triples))
                .bind(&takedown.record)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Takes note of the change by which a record was deleted.
    pub async fn keep_deletion(&self, record: &str, through: u64) -> Result<(), LogError> {
        sqlx::query("UPDATE takedowns SET through = $1 WHERE record = $2")
            .bind(signed(through))
            .bind(record)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Takes the text out of every version of a record up to the change that deleted it, and what
    /// the shapes said of them. Nothing can bring it back.
    pub async fn empty(&self, record: &str, through: u64) -> Result<(), LogError> {
        let mut transaction = self.writing().await?;
        let sql = "UPDATE entries SET triples = $1 WHERE hash <> '' AND seq <= $2 \
                   AND record IN (SELECT id FROM records WHERE iri = $3)";
        sqlx::query(sql)
            .bind(TAKEN_DOWN)
            .bind(signed(through))
            .bind(record)
            .execute(&mut *transaction)
            .await?;
        let sql = "UPDATE faults SET findings = '[]' WHERE seq <= $1 \
                   AND record IN (SELECT id FROM records WHERE iri = $2)";
        sqlx::query(sql).bind(signed(through)).bind(record).execute(&mut *transaction).await?;
        // What a harvest kept back would be a copy.
        let sql = "DELETE FROM harvest_quarantine WHERE record = $1";
        sqlx::query(sql).bind(record).execute(&mut *transaction).await?;
        // It may have been taken down once more since that was read.
        sqlx::query("UPDATE takedowns SET emptied = 1 WHERE record = $1 AND through = $2")
            .bind(record)
            .bind(signed(through))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        self.count_emptied();
        Ok(())
    }

    /// Lets a record and its contents come back; tells whether it was taken down.
    pub async fn lift(&self, record: &str, at: &str) -> Result<bool, LogError> {
        let mut transaction = self.writing().await?;
        let sql =
            "UPDATE takedowns SET lifted = $1 WHERE record = $2 AND lifted = '' AND through > 0";
        let done = sqlx::query(sql).bind(at).bind(record).execute(&mut *transaction).await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let sql = "DELETE FROM blocked_contents WHERE record = $1";
        sqlx::query(sql).bind(record).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Everything that was ever taken down, the last first.
    pub async fn takedowns(&self) -> Result<Vec<Takedown>, LogError> {
        let sql = format!("{COLUMNS} ORDER BY at DESC, record");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&self.pool).await?;
        rows.iter().map(takedown).collect()
    }

    /// Whether, and when and why, a record was taken down, be it lifted or not.
    pub async fn takedown(&self, record: &str) -> Result<Option<Takedown>, LogError> {
        let sql = format!("{COLUMNS} WHERE record = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(record.to_owned());
        row.fetch_optional(&self.pool).await?.as_ref().map(takedown).transpose()
    }
}

fn takedown(row: &AnyRow) -> Result<Takedown, LogError> {
    let lifted: String = row.try_get(5)?;
    Ok(Takedown {
        record: row.try_get(0)?,
        class: row.try_get(1)?,
        reason: row.try_get(2)?,
        at: row.try_get(3)?,
        through: unsigned(row.try_get(4)?),
        lifted: (!lifted.is_empty()).then_some(lifted),
        is_emptied: row.try_get::<i64, _>(6)? != 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_is_the_same_under_another_name() {
        let lines = |name: &str| {
            Triples::from_lines(&format!(
                "<http://x/{name}> <http://p> \"1\" .\n<http://x/{name}#a> <http://p> <http://x/{name}> .\n"
            ))
        };
        let hash = |name: &str| content(&format!("http://x/{name}"), &lines(name));
        assert_eq!(hash("a"), hash("zz"));
        assert_ne!(hash("a"), content("http://x/b", &lines("a")));
    }
}
