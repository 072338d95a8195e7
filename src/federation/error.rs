//! Why a peer could not be listed, found or taken off.

use super::kind::Kind;
use crate::store::LogError;

/// Why the list of peers could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    #[error(
        "{0:?} is no name for a peer: use lower-case letters, digits, and hyphens between them"
    )]
    Name(String),
    #[error("{0:?} is not an http or https address, without fragment and without a user's name")]
    Address(String),
    #[error("{0} has a query; give the address in which the other node's identifiers begin")]
    Query(String),
    #[error("{0} is this node itself; only others can be its peers")]
    Own(String),
    #[error("{0} is no address of the public internet; say that it may be private if it is meant")]
    Private(String),
    #[error("no peer can be asked at {0}, whoever allows it")]
    Never(String),
    #[error("{0:?} is no kind of peer; there are {kinds}", kinds = Kind::names())]
    Kind(String),
    #[error("{0:?} is no trust; there are query, search and harvest")]
    Trust(String),
    #[error("a peer of the kind {kind} cannot be trusted with {trust}; it offers {offers}")]
    Offer { kind: Kind, trust: &'static str, offers: String },
    #[error("{0:?} is no Ed25519 public key: 32 bytes in base64 or in hexadecimal digits")]
    Key(String),
    #[error(
        "what a peer of the kind {0} says is not signed, so no key can vouch for it; list it without \
         one, over https"
    )]
    Unsigned(Kind),
    #[error("there is a peer of the name {0:?} already; remove it first, or choose another name")]
    Taken(String),
    #[error("{base} is on the list already, as {name:?}")]
    Listed { base: String, name: String },
    #[error("there is no peer of the name {0:?}")]
    Unknown(String),
    #[error("the list of peers cannot be read: the entry {name:?} holds {what:?}")]
    Unreadable { name: String, what: String },
    #[error(transparent)]
    Log(#[from] LogError),
}
