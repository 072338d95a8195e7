//! What a peer with a pinned key says is taken only if it signed it. Refuses to know what is said;
//! how a signature is read others know.

use super::peer::Peer;
use crate::net::header::{ACCEPT_ENCODING, HeaderValue};
use crate::net::{Answer, NetError, Request, Url};
use crate::signing::{Exchange, SignatureError, verify};
use jiff::Timestamp;

/// Why what a peer says is not taken.
#[derive(Debug, thiserror::Error)]
pub enum SignedError {
    #[error(transparent)]
    Net(#[from] NetError),
    #[error("{asked} sends on to {found}, so its signature says nothing of what was asked for")]
    Moved { asked: String, found: String },
    #[error("{name} is listed with a key, but {source}; {}", advice(.source))]
    Signature { name: String, source: SignatureError },
}

/// What whoever runs this node can do.
fn advice(error: &SignatureError) -> &'static str {
    match error {
        SignatureError::Missing | SignatureError::Malformed | SignatureError::Uncovered(_) => {
            "ask those who run it whether it signs what it says, or list it without a key"
        }
        SignatureError::OtherKey(_) => {
            "if it has a new key, ask those who run it for that key, by another way than this one, \
             then take the peer off the list and add it with the new --key"
        }
        SignatureError::Outdated { .. } => {
            "compare the clocks of both nodes, and whether a cache in between keeps old answers"
        }
        SignatureError::Body | SignatureError::Head => {
            "nothing of it was taken; look at what stands between the two nodes"
        }
    }
}

/// A request whose answer can be verified: what is signed is what is sent, so it must not be packed.
/// RFC 9530, section 2.
pub fn verifiable(request: Request, peer: &Peer) -> Request {
    match peer.key {
        Some(_) => request.header(ACCEPT_ENCODING, HeaderValue::from_static("identity")),
        None => request,
    }
}

/// The whole body of the answer to a GET. From a peer with a pinned key it is given only if that key
/// signed it, for this address, and the signature holds at this moment.
pub async fn verified(
    peer: &Peer,
    asked: &Url,
    answer: Answer,
    now: Timestamp,
) -> Result<Vec<u8>, SignedError> {
    let Some(key) = &peer.key else { return Ok(answer.whole().await?) };
    if answer.url() != asked {
        let (asked, found) = (asked.to_string(), answer.url().to_string());
        return Err(SignedError::Moved { asked, found });
    }
    let (headers, status) = (answer.headers().clone(), answer.status());
    let body = answer.whole().await?;
    let (path, query) = (asked.path(), asked.query());
    let exchange = Exchange { method: "GET", path, query, status, headers: &headers };
    match verify(key.bytes(), exchange, &body, now.as_second()) {
        Ok(()) => Ok(body),
        Err(source) => Err(SignedError::Signature { name: peer.name.clone(), source }),
    }
}
