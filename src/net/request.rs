//! What is asked: method, address, headers, body, and how much time and room the answer may take.

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use std::time::Duration;

/// How much time and room one answer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From sending to the head of the answer, connecting included; again after each redirect.
    pub first_byte: Duration,
    /// From one part of the body to the next.
    pub idle: Duration,
    /// From the beginning to the end, waiting for a turn included.
    pub total: Duration,
    /// The size of the body, unpacked.
    pub bytes: u64,
}

/// What the state of a host means for a request, and the request for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Usual,
    /// It goes out whatever the state.
    Insisting,
    /// It goes out to a host that does well, and does not count.
    Aside,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(10),
            idle: Duration::from_secs(10),
            total: Duration::from_secs(60),
            bytes: 16 << 20,
        }
    }
}

/// A request that can be sent.
#[derive(Debug, Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
    pub(super) limits: Limits,
    pub(super) manner: Manner,
}

impl Request {
    /// Asks for what is at an address.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// Asks what would be answered, without a body.
    pub fn head(url: Url) -> Self {
        Self::new(Method::HEAD, url)
    }

    /// Sends a body of a media type.
    pub fn post(url: Url, media: &'static str, body: impl Into<Bytes>) -> Self {
        let request = Self::new(Method::POST, url);
        let request = request.header(CONTENT_TYPE, HeaderValue::from_static(media));
        Self { body: Some(body.into()), ..request }
    }

    fn new(method: Method, url: Url) -> Self {
        let (headers, limits) = (HeaderMap::new(), Limits::default());
        Self { method, url, headers, body: None, limits, manner: Manner::Usual }
    }

    /// The media types that can be read. RFC 9110, section 12.5.1.
    pub fn accept(self, types: &'static str) -> Self {
        self.header(ACCEPT, HeaderValue::from_static(types))
    }

    /// One more header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Other limits than the usual ones.
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Goes out even while its host is left alone because it failed: to find out how it does.
    pub fn insisting(self) -> Self {
        Self { manner: Manner::Insisting, ..self }
    }

    /// Is nothing that matters much: however it ends says nothing of how its host does, and it is
    /// not what tries a host again that was left alone.
    pub fn aside(self) -> Self {
        Self { manner: Manner::Aside, ..self }
    }
}
