//! Keys that sign, and messages that are signed: HTTP Message Signatures over the digest of what is
//! sent. Refuses to know what is said and who listens.

mod digest;
mod fields;
mod keyring;
mod message;
mod pair;

pub use digest::content_digest;
pub use keyring::{KeyError, Keyring, Keys, Retired};
pub use message::{Exchange, SignatureError, Signed, sign, verify};
pub use pair::{Pair, PublicKey, thumbprint};
