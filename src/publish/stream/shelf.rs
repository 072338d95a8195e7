//! Nodes of streams as they were sent, the last used ones, up to so many bytes.
//! Refuses to know what is in them.

use super::outline::Spot;
use super::streams::Written;
use lru::LruCache;
use std::sync::{Mutex, PoisonError};

/// One way in which one node was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// The address of the stream.
    pub stream: String,
    pub spot: Spot,
    /// The file extension of its format.
    pub extension: &'static str,
    pub is_packed: bool,
    /// How often versions were emptied, which changes closed nodes too.
    pub emptied: u64,
    /// How many events the stream had; nothing where the node is closed, since then it is all one.
    pub count: Option<u64>,
}

/// The shelf. What has not been used for longest goes first.
pub struct Shelf {
    kept: Mutex<(LruCache<Label, Written>, usize)>,
    limit: usize,
}

impl Shelf {
    /// An empty shelf for so many bytes.
    pub fn new(limit: usize) -> Self {
        Self { kept: Mutex::new((LruCache::unbounded(), 0)), limit }
    }

    /// What was written, if it is still there.
    pub fn get(&self, label: &Label) -> Option<Written> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0.get(label).cloned()
    }

    /// Keeps what was written.
    pub fn put(&self, label: Label, written: Written) {
        let mut guard = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (kept, bytes) = &mut *guard;
        *bytes += written.bytes.len();
        if let Some(before) = kept.put(label, written) {
            *bytes -= before.bytes.len();
        }
        while *bytes > self.limit {
            let Some((_, oldest)) = kept.pop_lru() else { return };
            *bytes -= oldest.bytes.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let shelf = Shelf::new(100);
        let label = |number| Label {
            stream: "s".to_owned(),
            spot: Spot::Page(number),
            extension: "nq",
            is_packed: false,
            emptied: 0,
            count: None,
        };
        let written = |size| Written {
            bytes: Bytes::from(vec![0; size]),
            digest: String::new(),
            modified: None,
            is_closed: true,
            is_packed: false,
        };
        shelf.put(label(1), written(40));
        shelf.put(label(2), written(40));
        assert!(shelf.get(&label(1)).is_some());
        shelf.put(label(3), written(40));
        assert!(shelf.get(&label(2)).is_none());
        shelf.put(label(1), written(50));
        assert!(shelf.get(&label(1)).is_some() && shelf.get(&label(3)).is_some());
        shelf.put(label(4), written(101));
        assert!(shelf.get(&label(4)).is_none(), "what is larger than the shelf is not kept");
    }
}
