//! A pair of keys and the one half of it that everybody may know. Refuses to know where they are
//! kept and what is signed.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt;

/// How a private key begins in PKCS #8: version 1, the algorithm, 32 bytes in two octet strings.
/// RFC 8410, section 7.
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
const HEAD: &str = "-----BEGIN PRIVATE KEY-----";
const FOOT: &str = "-----END PRIVATE KEY-----";

/// An Ed25519 public key. RFC 8032, section 5.1.5.
pub type PublicKey = [u8; 32];

/// A private key with its public one. It cannot be printed.
pub struct Pair(Ed25519KeyPair);

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pair({})", thumbprint(&self.public()))
    }
}

impl Pair {
    /// A new private key as a text, as other programs write and read it: PKCS #8 in PEM. RFC 7468,
    /// section 10. Nothing where the system has no random numbers.
    pub(super) fn make() -> Option<String> {
        let mut seed = [0; 32];
        SystemRandom::new().fill(&mut seed).ok()?;
        let text = STANDARD.encode([&PKCS8[..], &seed].concat());
        Some(format!("{HEAD}\n{text}\n{FOOT}\n"))
    }

    /// The pair whose private key a text holds; nothing where it is no Ed25519 key in PKCS #8.
    pub(super) fn read(text: &str) -> Option<Self> {
        let key = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes()).ok()?;
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.secret_pkcs8_der()).ok().map(Self)
    }

    /// The public key.
    pub fn public(&self) -> PublicKey {
        let bytes = self.0.public_key().as_ref();
        bytes.try_into().expect("an Ed25519 public key has 32 bytes")
    }

    /// Signs a text. RFC 8032, section 5.1.6.
    pub(super) fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.0.sign(text).as_ref().to_vec()
    }
}

/// Whether a key signed a text. RFC 8032, section 5.1.7.
pub(super) fn is_signed_by(key: &PublicKey, text: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, key).verify(text, signature).is_ok()
}

/// A key as JSON Web Keys write it. RFC 8037, section 2.
pub(super) fn jwk(key: &PublicKey) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(key) })
}

/// The name of a key, which follows from it. RFC 7638, section 3; RFC 8037, section 2.
pub fn thumbprint(key: &PublicKey) -> String {
    let x = URL_SAFE_NO_PAD.encode(key);
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(digits: &str) -> Vec<u8> {
        let pairs = (0..digits.len() / 2).map(|at| &digits[at * 2..at * 2 + 2]);
        pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
    }

    /// A private key of these digits as a text.
    fn text(seed: &str) -> String {
        let key = STANDARD.encode([&PKCS8[..], &bytes(seed)].concat());
        format!("{HEAD}\n{key}\n{FOOT}\n")
    }

    /// The first two keys of RFC 8032, section 7.1; the name of the first in RFC 8037, appendix A.3.
    #[test]
    fn keys_of_the_standard_sign_as_it_says() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let pair = Pair::read(&text(seed)).unwrap();
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(pair.public()[..], bytes(public));
        let signature = pair.sign(b"");
        let wanted = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb882159\
                      0a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
        assert_eq!(signature, bytes(wanted));
        assert!(is_signed_by(&pair.public(), b"", &signature));
        assert!(!is_signed_by(&pair.public(), b"x", &signature));
        assert_eq!(thumbprint(&pair.public()), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
        let wanted = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43\
                      e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert_eq!(Pair::read(&text(seed)).unwrap().sign(&[0x72]), bytes(wanted));
    }

    #[test]
    fn a_new_key_is_read_again_and_never_printed() {
        let made = Pair::make().unwrap();
        let pair = Pair::read(&made).unwrap();
        assert_eq!(Pair::read(&made).unwrap().public(), pair.public());
        assert_ne!(Pair::read(&Pair::make().unwrap()).unwrap().public(), pair.public());
        assert_eq!(format!("{pair:?}"), format!("Pair({})", thumbprint(&pair.public())));
        for wrong in
            ["", "chiave", &made.replace("PRIVATE", "PUBLIC"), &made.replace("MC4C", "MC4D")]
        {
            assert!(Pair::read(wrong).is_none(), "{wrong}");
        }
    }
}
