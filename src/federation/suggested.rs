//! Completions of several nodes as one list: what they all offer is offered once. Ranks nothing of
//! its own.

use super::error::PeerError;
use super::found::is_web;
use super::peer::Peer;
use super::peers::Peers;
use super::searched::{Heard, ask, each};
use crate::search::MOST_SUGGESTIONS;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a node answers to a text that is being typed.
#[derive(Debug, Default, Deserialize)]
pub struct Completions {
    pub suggestions: Vec<Completion>,
}

/// One completion.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Completion {
    pub text: String,
    pub kind: String,
    pub iri: String,
}

/// A completion with the nodes that offer it.
#[derive(Debug, Serialize)]
pub struct Offered {
    #[serde(flatten)]
    pub completion: Completion,
    pub nodes: Vec<String>,
}

/// Asks all peers that are trusted with searches; `parameters` are those of `/suggest`.
pub async fn suggest_at_peers(
    peers: &Peers,
    parameters: &[(String, String)],
    patience: Duration,
) -> Result<Vec<Heard<Completions>>, PeerError> {
    let ask = |peer: Peer| async move {
        let mut list: Completions =
            ask(peers.net(), &peer, "/suggest", parameters, patience).await?;
        // A peer may send any number.
        list.suggestions.truncate(MOST_SUGGESTIONS);
        Ok(list)
    };
    each(peers, ask).await
}

/// One list of what nodes offer, each by its name: the first of all, then the second of all. The
/// same text twice is one completion, whoever wrote it in capitals.
pub fn merge(lists: &[(String, Completions)], limit: usize) -> Vec<Offered> {
    let mut merged: Vec<(String, Offered)> = Vec::new();
    let longest = lists.iter().map(|(_, list)| list.suggestions.len()).max().unwrap_or(0);
    for rank in 0..longest {
        for (node, list) in lists {
            let Some(one) = list.suggestions.get(rank).filter(|one| is_web(&one.iri)) else {
                continue;
            };
            let key = one.text.trim().to_lowercase();
            match merged.iter_mut().find(|(known, _)| *known == key) {
                Some((_, offered)) if offered.nodes.contains(node) => {}
                Some((_, offered)) => offered.nodes.push(node.clone()),
                None => {
                    let nodes = vec![node.clone()];
                    merged.push((key, Offered { completion: one.clone(), nodes }));
                }
            }
        }
    }
    merged.into_iter().take(limit).map(|(_, offered)| offered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_nodes_offer_is_offered_once_and_nobody_crowds_out_the_others() {
        let list = |node: &str, texts: &[&str]| {
            let one = |text: &&str| Completion {
                text: (*text).to_owned(),
                kind: "tema".to_owned(),
                iri: format!("http://{node}/id/tema/x"),
            };
            (node.to_owned(), Completions { suggestions: texts.iter().map(one).collect() })
        };
        let lists =
            [list("a", &["Affido", "Affitto", "Affetto"]), list("b", &["Affissioni", "affido"])];
        let merged = merge(&lists, 3);
        let texts: Vec<&str> = merged.iter().map(|one| one.completion.text.as_str()).collect();
        assert_eq!(texts, ["Affido", "Affissioni", "Affitto"]);
        assert_eq!(merged[0].nodes, ["a", "b"]);
    }
}
