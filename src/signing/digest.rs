//! The digest of what is sent, as a header tells it. Refuses to know what is signed of it.

use super::fields::byte_sequences;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The one algorithm that is used. RFC 9530, section 5.
const ALGORITHM: &str = "sha-256";

/// The value of `Content-Digest` for a body as it is sent, packed or not. RFC 9530, section 2.
pub fn content_digest(body: &[u8]) -> String {
    format!("{ALGORITHM}=:{}:", STANDARD.encode(Sha256::digest(body)))
}

/// Whether a value of `Content-Digest` is that of this body; nothing where it cannot be told.
pub(super) fn fits(value: &str, body: &[u8]) -> Option<bool> {
    let digests = byte_sequences(value)?;
    let (_, told) = digests.into_iter().rfind(|(name, _)| name == ALGORITHM)?;
    Some(told == Sha256::digest(body)[..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The body of the examples of RFC 9421, appendix B.2, and its digest.
    #[test]
    fn a_digest_is_written_as_the_standard_does_and_fits_one_body_only() {
        let body = br#"{"hello": "world"}"#;
        let value = content_digest(body);
        assert_eq!(value, "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
        assert_eq!(fits(&value, body), Some(true));
        assert_eq!(fits(&format!("sha-512=:AA==:, {value}"), body), Some(true));
        assert_eq!(fits(&value, b"{}"), Some(false));
        for unknown in ["", "sha-512=:AA==:", "sha-256=X48E", "sha-256"] {
            assert_eq!(fits(unknown, body), None, "{unknown}");
        }
    }
}
