//! Whom a request goes to: scheme, host and port, and how far it may lead.

use reqwest::Url;
use std::fmt;

/// Scheme, host and port of an address. RFC 6454, section 4.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(String);

impl Origin {
    /// The origin of a web address; nothing else can be asked.
    pub fn of(url: &Url) -> Option<Self> {
        let is_web = matches!(url.scheme(), "http" | "https");
        is_web.then(|| Self(url.origin().ascii_serialization()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a listed origin may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To addresses of the public internet only.
    Public,
    /// Also to private ones, since an administrator said so.
    Named,
}
