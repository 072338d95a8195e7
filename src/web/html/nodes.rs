//! Nodes as pages name them, and what became of each in one question. Asks nobody.

use super::frame::{Anchor, Frame};
use crate::federation::{Heard, Peer};
use crate::web::words::FederationWords;

/// What nodes are called here.
pub struct Nodes<'a> {
    own: &'static FederationWords,
    here: String,
    peers: &'a [Peer],
}

/// What became of a node that was asked, for a table.
pub struct HeardRow {
    pub node: Anchor,
    pub is_answer: bool,
    /// Why it is not heard, as the program says it.
    pub why: String,
    pub count: String,
    pub ms: String,
}

impl<'a> Nodes<'a> {
    /// This node and these peers.
    pub fn new(frame: &Frame<'_>, own: &'static FederationWords, peers: &'a [Peer]) -> Self {
        Self { own, here: frame.base.as_str().to_owned(), peers }
    }

    /// The name of the node at an address; its address where it is not on the list any more.
    pub fn name(&self, address: &str) -> String {
        if address == self.here {
            return self.own.this_node.to_owned();
        }
        let peer = self.peers.iter().find(|peer| peer.address() == address);
        peer.map_or(address, |peer| &peer.name).to_owned()
    }

    /// The name of a node with the way to it.
    pub fn link(&self, address: &str) -> Anchor {
        Anchor::new(address, self.name(address))
    }

    /// The names of nodes, as a list in a sentence.
    pub fn names<'n>(&self, addresses: impl IntoIterator<Item = &'n String>) -> String {
        let names = addresses.into_iter().map(|address| self.name(address));
        names.collect::<Vec<_>>().join(", ")
    }

    /// What became of nodes.
    pub fn heard(&self, frame: &Frame<'_>, heard: &[Heard<u64>]) -> Vec<HeardRow> {
        let number = |number: u64| frame.words.number(&number.to_string()).unwrap_or_default();
        let row = |heard: &Heard<u64>| HeardRow {
            node: self.link(&heard.node),
            is_answer: heard.said.is_ok(),
            why: heard.said.as_ref().err().cloned().unwrap_or_default(),
            count: heard.said.as_ref().map(|count| number(*count)).unwrap_or_default(),
            ms: number(u64::try_from(heard.took.as_millis()).unwrap_or(u64::MAX)),
        };
        heard.iter().map(row).collect()
    }

    /// Those that were not heard, as a list in a sentence; nothing where all were.
    pub fn missing(&self, heard: &[Heard<u64>]) -> Option<String> {
        let missing = heard.iter().filter(|heard| heard.said.is_err());
        Some(self.names(missing.map(|heard| &heard.node))).filter(|names| !names.is_empty())
    }
}
