//! Short addresses for queries: the same query always has the same one. Knows no HTTP; decides
//! what may be kept, and how much of it in a minute.

use super::answer::{Ask, RunError};
use crate::store::{Log, LogError};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// One node keeps no more bytes of queries than this, so that nobody can fill its disk: about a
/// million texts of the usual length.
const MOST: u64 = 512 << 20;
/// What a row takes besides its text, roughly.
const ROW: u64 = 128;
/// Letters and digits that are not taken for each other. Crockford's base 32.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// How many of them make a name: 80 bits.
const LENGTH: usize = 16;

/// Why a query gets no short address.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error("a query of more than {0} bytes gets no short address; save it as a file")]
    TooLong(usize),
    #[error(
        "this node has made {0} short addresses in the last minute, as many as it may; try again \
         in a minute"
    )]
    TooMany(u32),
    #[error("this node keeps no more short addresses; share the query itself")]
    Full,
    #[error(transparent)]
    Query(#[from] RunError),
    #[error(transparent)]
    Log(#[from] LogError),
}

/// The short addresses of a node. Clones share their budget.
#[derive(Debug, Clone)]
pub struct Links {
    log: Log,
    longest: usize,
    budget: Arc<Mutex<Budget>>,
    /// How many bytes are kept; read from the log once, counted on from there.
    kept: Arc<OnceCell<AtomicU64>>,
}

/// New addresses of the current minute.
#[derive(Debug)]
struct Budget {
    most: u32,
    used: u32,
    since: Timestamp,
}

impl Links {
    /// Short addresses kept beside a log: texts of `longest` bytes, `most` new ones in a minute.
    pub fn new(log: Log, longest: usize, most: u32) -> Self {
        let budget = Budget { most, used: 0, since: Timestamp::UNIX_EPOCH };
        Self { log, longest, budget: Arc::new(Mutex::new(budget)), kept: Arc::default() }
    }

    /// Keeps a query that this node could run, and gives its name.
    pub async fn keep(&self, ask: Ask, now: Timestamp) -> Result<String, LinkError> {
        let query = ask.query.clone();
        if query.len() > self.longest {
            return Err(LinkError::TooLong(self.longest));
        }
        ask.parse()?;
        let name = name(&query);
        if self.log.link(&name).await?.is_some() {
            return Ok(name);
        }
        self.spend(now)?;
        let first = || async { Ok::<_, LogError>(AtomicU64::new(self.log.link_bytes().await?)) };
        let kept = self.kept.get_or_try_init(first).await?;
        let bytes = query.len() as u64 + ROW;
        if kept.fetch_add(bytes, Ordering::Relaxed) + bytes > MOST {
            kept.fetch_sub(bytes, Ordering::Relaxed);
            return Err(LinkError::Full);
        }
        self.log.keep_link(&name, &query, &now.to_string()).await?;
        Ok(name)
    }

    /// The query of a name.
    pub async fn find(&self, name: &str) -> Result<Option<String>, LinkError> {
        if name.len() != LENGTH || !name.bytes().all(|byte| LETTERS.contains(&byte)) {
            return Ok(None);
        }
        Ok(self.log.link(name).await?)
    }

    fn spend(&self, now: Timestamp) -> Result<(), LinkError> {
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(budget.since).as_secs() >= 60 {
            (budget.used, budget.since) = (0, now);
        }
        if budget.used >= budget.most {
            return Err(LinkError::TooMany(budget.most));
        }
        budget.used += 1;
        Ok(())
    }
}

/// What a query is called: the beginning of its hash.
fn name(query: &str) -> String {
    let hash = Sha256::digest(query.as_bytes());
    let (mut bits, mut held, mut name) = (0u32, 0u32, String::with_capacity(LENGTH));
    for byte in hash.iter().take(LENGTH * 5 / 8) {
        (bits, held) = (bits << 8 | u32::from(*byte), held + 8);
        while held >= 5 {
            held -= 5;
            name.push(char::from(LETTERS[(bits >> held & 31) as usize]));
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_hangs_on_every_byte() {
        let (one, other) = (name("ASK {}"), name("ASK { }"));
        assert_eq!(one.len(), LENGTH);
        assert_ne!(one, other);
        assert_eq!(one, name("ASK {}"));
        assert!(one.bytes().all(|byte| LETTERS.contains(&byte)), "{one}");
    }

    #[tokio::test]
    async fn new_addresses_are_counted_by_the_minute_and_known_ones_are_free() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}?mode=rwc", folder.path().join("log.sqlite").display());
        let links = Links::new(Log::open(&url).await.unwrap(), 40, 2);
        let ask = |query: &str| Ask { query: query.to_owned(), ..Ask::default() };
        let now: Timestamp = "2026-05-01T10:00:00Z".parse().unwrap();
        let first = links.keep(ask("ASK {}"), now).await.unwrap();
        assert_eq!(links.keep(ask("ASK {}"), now).await.unwrap(), first);
        links.keep(ask("ASK { ?s ?p 1 }"), now).await.unwrap();
        let third = || ask("ASK { ?s ?p 2 }");
        assert!(matches!(links.keep(third(), now).await, Err(LinkError::TooMany(2))));
        let later: Timestamp = "2026-05-01T10:01:00Z".parse().unwrap();
        links.keep(third(), later).await.unwrap();
        assert_eq!(links.find(&first).await.unwrap().as_deref(), Some("ASK {}"));
        let bytes =
            ["ASK {}", "ASK { ?s ?p 1 }", "ASK { ?s ?p 2 }"].map(str::len).iter().sum::<usize>();
        assert_eq!(links.log.link_bytes().await.unwrap(), bytes as u64);
        links.kept.get().unwrap().store(MOST, Ordering::Relaxed);
        let next: Timestamp = "2026-05-01T10:02:00Z".parse().unwrap();
        assert!(matches!(links.keep(ask("ASK { ?s ?p 3 }"), next).await, Err(LinkError::Full)));
        assert_eq!(links.find("nothing").await.unwrap(), None);
        let long = ask(&format!("ASK {{ ?s ?p '{}' }}", "x".repeat(40)));
        assert!(matches!(links.keep(long, later).await, Err(LinkError::TooLong(40))));
        assert!(matches!(links.keep(ask("SELECT"), later).await, Err(LinkError::Query(_))));
    }
}
