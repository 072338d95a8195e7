//! The summary that a node of this software tells of itself, asked for once more or for the first
//! time. RFC 9110, section 13.1.2. Refuses to know how long it may be relied on.

use crate::engine::Summary;
use crate::federation::peer::Peer;
use crate::federation::signed::{SignedError, verifiable, verified};
use crate::net::header::{ETAG, HeaderValue, IF_NONE_MATCH};
use crate::net::{Limits, Net, Request};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// Where a node tells it.
const PLACE: &str = "/federation/summary";
/// No node sends a longer one, and those of many peers are held at once.
const LIMITS: Limits = Limits {
    first_byte: Duration::from_secs(10),
    idle: Duration::from_secs(5),
    total: Duration::from_secs(20),
    bytes: 256 << 10,
};

/// What a peer tells.
pub(super) enum Told {
    /// The summary that is known is the present one.
    Same,
    /// Another one, with its tag.
    Other(Arc<Summary>, Option<String>),
}

/// Asks a node for its summary; `known` is the tag of the one that is known.
pub(super) async fn fetch(net: &Net, peer: &Peer, known: Option<&str>) -> Result<Told, String> {
    // That nothing has changed is not signed, so who has to sign is asked for all of it.
    let known = known.filter(|_| peer.key.is_none());
    let url = peer.at(PLACE);
    let request = Request::get(url.clone()).accept("application/json").within(LIMITS);
    let mut request = verifiable(request, peer);
    if let Some(tag) = known.and_then(|tag| HeaderValue::from_str(tag).ok()) {
        request = request.header(IF_NONE_MATCH, tag);
    }
    let answer = net.send(request.aside()).await.map_err(|error| error.in_words())?;
    if answer.status() == 304 {
        return known.map(|_| Told::Same).ok_or_else(|| {
            "it says that its summary is still the one that was never fetched".to_owned()
        });
    }
    let tag = answer.header(ETAG).map(str::to_owned);
    let body =
        verified(peer, &url, answer, Timestamp::now()).await.map_err(|error| match error {
            SignedError::Net(error) => error.in_words(),
            unsigned => unsigned.to_string(),
        })?;
    let summary: Summary = serde_json::from_slice(&body)
        .map_err(|error| format!("what it sent is no summary: {error}"))?;
    Ok(Told::Other(Arc::new(summary), tag))
}
