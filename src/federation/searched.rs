//! What is put to every peer that is trusted with searches, all at once; whoever is late is left out
//! and named. Knows no ranking.

use super::error::PeerError;
use super::found::Page;
use super::kind::Trust;
use super::peer::Peer;
use super::peers::Peers;
use crate::net::{Limits, Net, NetError, Request};
use futures::future::join_all;
use serde::de::DeserializeOwned;
use std::time::{Duration, Instant};

/// No page of results is longer.
const LARGEST: u64 = 8 << 20;
/// Who is not waited for as long as this is not held to be slow, and will be asked again.
const SLOW: Duration = Duration::from_secs(2);

/// What became of one node.
#[derive(Debug)]
pub struct Heard<T> {
    pub node: String,
    pub took: Duration,
    /// What it said, or why it is not heard.
    pub said: Result<T, String>,
}

/// Why a peer is not heard.
pub(super) struct Silence {
    /// The status it answered with, where it did.
    pub status: Option<u16>,
    pub why: String,
}

/// Puts a search to all peers that are trusted with searches; `parameters` are those of `/search`.
/// None of them is waited for longer than `patience`.
pub async fn search_peers(
    peers: &Peers,
    parameters: &[(String, String)],
    patience: Duration,
) -> Result<Vec<Heard<Page>>, PeerError> {
    let ask = |peer: Peer| async move {
        let page: Page = ask(peers.net(), &peer, "/search", parameters, patience).await?;
        Ok(page.checked())
    };
    each(peers, ask).await
}

/// Does the same with each peer that is trusted with searches, at the same time.
pub(super) async fn each<T, F: Future<Output = Result<T, Silence>>>(
    peers: &Peers,
    ask: impl Fn(Peer) -> F,
) -> Result<Vec<Heard<T>>, PeerError> {
    let list = peers.list().await?;
    let asked = list.into_iter().filter(|peer| peer.may(Trust::Search)).map(|peer| {
        let node = peer.address().to_owned();
        let said = ask(peer);
        async move {
            let start = Instant::now();
            let said = said.await.map_err(|silence| silence.why);
            Heard { node, took: start.elapsed(), said }
        }
    });
    Ok(join_all(asked).await)
}

/// What a peer answers at a path, read as JSON.
pub(super) async fn ask<T: DeserializeOwned>(
    net: &Net,
    peer: &Peer,
    path: &str,
    parameters: &[(String, String)],
    patience: Duration,
) -> Result<T, Silence> {
    let mut url = peer.at(path);
    url.query_pairs_mut().extend_pairs(parameters);
    let wait = patience.max(SLOW);
    let limits = Limits { first_byte: wait, idle: wait, total: wait, bytes: LARGEST };
    let request = Request::get(url).accept("application/json").within(limits);
    // What may be given up so soon tells nothing of how the host does.
    let request = if patience < SLOW { request.aside() } else { request };
    let body = async { net.send(request).await?.whole().await };
    let body = if patience < SLOW {
        // Who is only too slow for this is not held to be ill.
        tokio::time::timeout(patience, body).await.map_err(|_| Silence {
            status: None,
            why: format!("it did not answer within {} milliseconds", patience.as_millis()),
        })?
    } else {
        body.await
    };
    let body = body?;
    serde_json::from_slice(&body).map_err(|error| Silence {
        status: None,
        why: format!("what it sent is not what {path} answers: {error}"),
    })
}

impl From<NetError> for Silence {
    fn from(error: NetError) -> Self {
        let status = match &error {
            NetError::Status { status, .. } => Some(*status),
            _ => None,
        };
        Self { status, why: error.in_words() }
    }
}
