//! An answer as it comes: its head is there, its body is read within the limits of the request.

use super::error::{NetError, Phase};
use super::host::Attempt;
use super::request::Limits;
use bytes::Bytes;
use futures::Stream;
use futures::stream::try_unfold;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{Response, StatusCode, Url};
use std::time::{Duration, Instant};

/// So much is read of what comes with an error.
const TEXT: usize = 2000;

/// An answer whose body is still to be read. Dropped, nothing more is read of it.
#[derive(Debug)]
pub struct Answer {
    /// How long it took until its head was there.
    pub took: Duration,
    response: Response,
    attempt: Attempt,
    limits: Limits,
    start: Instant,
    read: u64,
}

impl Answer {
    pub(super) async fn begin(
        response: Response,
        attempt: Attempt,
        limits: Limits,
        start: Instant,
    ) -> Result<Self, NetError> {
        let took = start.elapsed();
        let mut answer = Self { took, response, attempt, limits, start, read: 0 };
        let status = answer.response.status();
        if !status.is_success() && status != StatusCode::NOT_MODIFIED {
            let text = answer.beginning().await;
            let retry_after = answer.header(RETRY_AFTER).map(str::to_owned);
            let origin = answer.attempt.origin().clone();
            let status = status.as_u16();
            let error = NetError::Status { origin, status, text, retry_after };
            return Err(answer.attempt.failed(error));
        }
        if answer.response.content_length().is_some_and(|bytes| bytes > limits.bytes) {
            return Err(answer.too_large());
        }
        Ok(answer)
    }

    /// The status: success, or 304.
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// Every header.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The first value of a header, where it is plain text.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers().get(name)?.to_str().ok()
    }

    /// The media type, without its parameters.
    pub fn media(&self) -> Option<&str> {
        Some(self.header(CONTENT_TYPE)?.split(';').next()?.trim())
    }

    /// Where the answer came from in the end.
    pub fn url(&self) -> &Url {
        self.response.url()
    }

    /// The next part of the body; nothing once it is whole.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, NetError> {
        let chunk = match self.next().await {
            Ok(chunk) => chunk,
            Err(error) => return Err(self.attempt.failed(error)),
        };
        let Some(chunk) = chunk else {
            self.attempt.succeeded();
            return Ok(None);
        };
        self.read += chunk.len() as u64;
        if self.read > self.limits.bytes {
            return Err(self.too_large());
        }
        self.attempt.answered();
        Ok(Some(chunk))
    }

    /// The whole body.
    pub async fn whole(mut self) -> Result<Vec<u8>, NetError> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// The beginning of the body, so many bytes or fewer; the rest is not read.
    pub async fn first(mut self, bytes: usize) -> Result<Vec<u8>, NetError> {
        let mut body = Vec::new();
        while body.len() < bytes
            && let Some(chunk) = self.chunk().await?
        {
            body.extend_from_slice(&chunk);
        }
        body.truncate(bytes);
        Ok(body)
    }

    /// The body part by part.
    pub fn chunks(self) -> impl Stream<Item = Result<Bytes, NetError>> + Send {
        try_unfold(self, |mut answer| async move {
            Ok(answer.chunk().await?.map(|chunk| (chunk, answer)))
        })
    }

    async fn next(&mut self) -> Result<Option<Bytes>, NetError> {
        let left = self.limits.total.saturating_sub(self.start.elapsed());
        let (wait, phase) = if left < self.limits.idle {
            (left, Phase::Total)
        } else {
            (self.limits.idle, Phase::Idle)
        };
        let origin = || self.attempt.origin().clone();
        match tokio::time::timeout(wait, self.response.chunk()).await {
            Ok(Ok(chunk)) => Ok(chunk),
            Ok(Err(error)) => {
                Err(NetError::BrokenOff { origin: origin(), source: error.without_url() })
            }
            Err(_) => {
                let after = if phase == Phase::Total { self.limits.total } else { wait };
                Err(NetError::TimedOut { origin: origin(), phase, after })
            }
        }
    }

    /// What can be read of a text that explains an error.
    async fn beginning(&mut self) -> String {
        let mut text = Vec::new();
        while text.len() < TEXT
            && let Ok(Some(chunk)) = self.next().await
        {
            text.extend_from_slice(&chunk);
        }
        text.truncate(TEXT);
        String::from_utf8_lossy(&text).into_owned()
    }

    fn too_large(&mut self) -> NetError {
        let origin = self.attempt.origin().clone();
        self.attempt.failed(NetError::TooLarge { origin, bytes: self.limits.bytes })
    }
}
