//! A search put to every peer that is trusted with searches, all at once; whoever is late is left
//! out and named. Knows no ranking.

use super::error::PeerError;
use super::found::Page;
use super::kind::Trust;
use super::peer::Peer;
use super::peers::Peers;
use crate::net::{Limits, Net, NetError, Request};
use futures::future::join_all;
use std::time::{Duration, Instant};

/// No page of results is longer.
const LARGEST: u64 = 8 << 20;

/// What became of one node in a search.
#[derive(Debug)]
pub struct Heard {
    pub node: String,
    pub took: Duration,
    /// What it found, or why it is not heard.
    pub page: Result<Page, String>,
}

/// Asks all peers that are trusted with searches; `parameters` are those of `/search`. None of them
/// is waited for longer than `patience`.
pub async fn search_peers(
    peers: &Peers,
    parameters: &[(String, String)],
    patience: Duration,
) -> Result<Vec<Heard>, PeerError> {
    let list = peers.list().await?;
    let asked = list.iter().filter(|peer| peer.may(Trust::Search)).map(|peer| async move {
        let start = Instant::now();
        let page = one(peers.net(), peer, parameters, patience).await;
        Heard { node: peer.address().to_owned(), took: start.elapsed(), page }
    });
    Ok(join_all(asked).await)
}

async fn one(
    net: &Net,
    peer: &Peer,
    parameters: &[(String, String)],
    patience: Duration,
) -> Result<Page, String> {
    let mut url = peer.at("/search");
    url.query_pairs_mut().extend_pairs(parameters);
    let limits = Limits { first_byte: patience, idle: patience, total: patience, bytes: LARGEST };
    let request = Request::get(url).accept("application/json").within(limits);
    let body = async { net.send(request).await?.whole().await };
    let body = body.await.map_err(|error: NetError| error.in_words())?;
    let page: Page = serde_json::from_slice(&body)
        .map_err(|error| format!("what it sent is no page of results: {error}"))?;
    Ok(page.checked())
}
