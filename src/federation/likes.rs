//! Experiences of other nodes like one of this node: they do not hold it, so they are asked by what
//! it is about. Weighs nothing of its own.

use super::error::PeerError;
use super::found::is_web;
use super::peer::Peer;
use super::peers::Peers;
use super::searched::{Heard, Silence, ask, each};
use crate::search::{Portrait, SAME_THINGS};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

/// What a node answers to a need.
#[derive(Debug, Default, Deserialize)]
pub struct Likes {
    pub similar: Vec<Like>,
}

/// A record of some node, and why it is like the one that was asked about.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Like {
    pub iri: String,
    pub kind: String,
    pub title: String,
    #[serde(default)]
    pub titles: Value,
    pub score: f64,
    pub reasons: Vec<Reason>,
    #[serde(default)]
    pub demonstration: bool,
}

/// A reason in both languages.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Reason {
    pub signal: String,
    pub weight: f64,
    pub it: String,
    pub en: String,
}

/// A record with the nodes that know it, the one that holds it likest first.
#[derive(Debug, Serialize)]
pub struct Known {
    #[serde(flatten)]
    pub like: Like,
    pub nodes: Vec<String>,
}

/// Asks all peers that are trusted with searches for so many records like this, with titles in a
/// language; its place is left out for those who do not know it.
pub async fn likes_at_peers(
    peers: &Peers,
    portrait: &Portrait,
    (limit, language): (usize, &str),
    patience: Duration,
) -> Result<Vec<Heard<Likes>>, PeerError> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let number = limit.to_string();
    let bare = vec![pair("need", &portrait.text), pair("limit", &number), pair("lang", language)];
    let mut placed = bare.clone();
    placed.extend(portrait.municipality.as_deref().map(|code| pair("municipality", code)));
    let (bare, placed) = (&bare, &placed);
    let ask = |peer: Peer| async move {
        let mut said = ask(peers.net(), &peer, "/similar", placed, patience).await;
        if is_refused(&said) && placed.len() > bare.len() {
            said = ask(peers.net(), &peer, "/similar", bare, patience).await;
        }
        // Who knows none of the words has nothing like it.
        let mut likes = if is_refused(&said) { Likes::default() } else { said? };
        // A peer may send any number.
        likes.similar.truncate(limit);
        Ok(likes)
    };
    each(peers, ask).await
}

fn is_refused(said: &Result<Likes, Silence>) -> bool {
    matches!(said, Err(Silence { status: Some(400), .. }))
}

/// One list of what nodes hold to be like a record, each by its name, the likest first. All nodes
/// weigh alike, so their scores can be compared. The record itself and those that are `never` to be
/// shown are left out.
pub fn rank(lists: &[(String, Likes)], never: &BTreeSet<String>, limit: usize) -> Vec<Known> {
    let mut ranked: Vec<Known> = Vec::new();
    for (node, list) in lists {
        let shown =
            list.similar.iter().filter(|like| is_web(&like.iri) && !never.contains(&like.iri));
        for like in shown {
            match ranked.iter_mut().find(|known| known.like.iri == like.iri) {
                Some(known) if known.nodes.contains(node) => {}
                Some(known) if known.like.score < like.score => {
                    known.nodes.insert(0, node.clone());
                    known.like = told(like);
                }
                Some(known) => known.nodes.push(node.clone()),
                None => ranked.push(Known { like: told(like), nodes: vec![node.clone()] }),
            }
        }
    }
    ranked.sort_by(|a, b| b.like.score.total_cmp(&a.like.score));
    ranked.truncate(limit);
    ranked
}

/// Nobody described a need: the record's own words were put as one.
fn told(like: &Like) -> Like {
    let mut like = like.clone();
    for reason in like.reasons.iter_mut().filter(|reason| reason.signal == "need") {
        let (it, en) = SAME_THINGS;
        *reason = Reason {
            signal: "text".to_owned(),
            weight: reason.weight,
            it: it.to_owned(),
            en: en.to_owned(),
        };
    }
    like
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likes(scores: &[(&str, f64)]) -> Likes {
        let one = |(iri, score): &(&str, f64)| Like {
            iri: (*iri).to_owned(),
            kind: "esperienza".to_owned(),
            title: String::new(),
            titles: Value::Null,
            score: *score,
            reasons: vec![Reason {
                signal: "need".to_owned(),
                weight: 0.5,
                it: String::new(),
                en: String::new(),
            }],
            demonstration: false,
        };
        Likes { similar: scores.iter().map(one).collect() }
    }

    #[test]
    fn the_likest_of_all_nodes_come_first_and_what_is_the_same_never() {
        let lists = [
            ("a".to_owned(), likes(&[("http://a/1", 0.9), ("http://x/both", 0.5)])),
            (
                "b".to_owned(),
                likes(&[("http://x/both", 0.7), ("http://b/same", 0.8), ("about:b", 1.0)]),
            ),
        ];
        let never = BTreeSet::from(["http://b/same".to_owned()]);
        let ranked = rank(&lists, &never, 6);
        let iris: Vec<&str> = ranked.iter().map(|known| known.like.iri.as_str()).collect();
        assert_eq!(iris, ["http://a/1", "http://x/both"]);
        assert_eq!(ranked[1].nodes, ["b", "a"]);
        assert_eq!(ranked[0].like.reasons[0].signal, "text");
    }
}
