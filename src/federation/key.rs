//! The public key of a peer that is pinned. Refuses to know what is signed with it.

use super::error::PeerError;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::fmt;
use std::str::FromStr;

/// An Ed25519 public key. RFC 8032, section 5.1.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Key {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl FromStr for Key {
    type Err = PeerError;

    /// Reads hexadecimal digits, or base64 in either alphabet (RFC 4648, sections 4 and 5).
    fn from_str(text: &str) -> Result<Self, PeerError> {
        let digits = text.trim();
        let bytes = if digits.len() == 64 {
            let pairs = (0..32).map(|at| digits.get(at * 2..at * 2 + 2));
            pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect::<Option<Vec<u8>>>()
        } else {
            let plain = digits.trim_end_matches('=').replace('-', "+").replace('_', "/");
            STANDARD_NO_PAD.decode(plain).ok()
        };
        let key = bytes.and_then(|bytes| bytes.try_into().ok());
        key.map(Self).ok_or_else(|| PeerError::Key(text.to_owned()))
    }
}

impl fmt::Display for Key {
    /// As keys are written in JSON. RFC 8037, section 2.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first key of RFC 8032, section 7.1, in all its spellings.
    #[test]
    fn a_key_is_read_in_each_spelling_and_written_in_one() {
        let hex = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        let key: Key = hex.parse().unwrap();
        let text = key.to_string();
        assert_eq!(text, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        for spelling in [text.replace('_', "/") + "=", text, hex.to_uppercase()] {
            assert_eq!(spelling.parse::<Key>().unwrap(), key, "{spelling}");
        }
        for wrong in ["", "abc", &hex[2..], "è".repeat(32).as_str(), &format!("{hex}00")] {
            assert!(wrong.parse::<Key>().is_err(), "{wrong}");
        }
    }
}
