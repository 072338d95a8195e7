//! Which records each file of the sitemap lists: fixed blocks of the log's numbers, so that a file
//! changes only when one of its records does. Knows no addresses of pages.

use super::publication::{Publication, PublishError};
use std::collections::HashSet;

/// How many of the log's numbers a file covers. Each record has a page in two languages, each page
/// about 700 bytes: far below 50,000 addresses and 50 MB.
pub const BLOCK: i64 = 10_000;
/// How many records are read at a time.
const STEP: i64 = 500;

/// A record with a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub iri: String,
    /// When it last changed.
    pub at: String,
}

impl Publication {
    /// The blocks there are, each with the last change in it and its moment.
    pub async fn blocks(&self) -> Result<Vec<(i64, u64, String)>, PublishError> {
        let mut blocks = Vec::new();
        for (block, seq) in self.log().touched(BLOCK, self.through()).await? {
            let at = self.log().change(seq).await?.map_or_else(String::new, |change| change.at);
            blocks.push((block, seq, at));
        }
        Ok(blocks)
    }

    /// The published records of a block.
    pub async fn block(&self, block: i64) -> Result<Vec<Listed>, PublishError> {
        let (through, own) = (self.through(), self.base().id());
        let (mut first, end) = (block * BLOCK + 1, (block + 1) * BLOCK);
        let mut listed: Vec<Listed> = Vec::new();
        // A record that several sources tell of has a number for each, but one page.
        let mut known = HashSet::new();
        while first <= end {
            let last = (first + STEP - 1).min(end);
            for revision in self.log().numbered(first, last, through).await? {
                let iri = &revision.key.record;
                if revision.after.is_some() && iri.starts_with(&own) && known.insert(iri.clone()) {
                    listed.push(Listed { iri: revision.key.record, at: revision.at });
                }
            }
            first = last + 1;
        }
        Ok(listed)
    }
}
