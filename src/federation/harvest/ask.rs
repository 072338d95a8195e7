//! What every harvest has: requests with the limits of a harvest, counted. Refuses to know what is
//! asked for.

use super::door::Door;
use super::error::HarvestError;
use crate::federation::peer::Peer;
use crate::federation::signed::{verifiable, verified};
use crate::net::{Answer, Limits, Net, Request, Url, header};
use jiff::Timestamp;
use std::time::Duration;

/// A page, or a list.
const LIMITS: Limits = Limits {
    first_byte: Duration::from_secs(30),
    idle: Duration::from_secs(30),
    total: Duration::from_secs(300),
    bytes: 64 << 20,
};
/// A whole file.
const FILE: Limits = Limits { total: Duration::from_secs(3600), bytes: 4 << 30, ..LIMITS };

/// What is known of an answer that was had before. RFC 9110, section 13.1.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Had<'a> {
    pub etag: &'a str,
    pub modified: &'a str,
}

/// Asks for a page; nothing comes where it is what was had before.
pub(super) async fn get(
    net: &Net,
    door: &mut Door,
    url: Url,
    accept: &'static str,
    had: Had<'_>,
) -> Result<Option<Answer>, HarvestError> {
    send(net, door, page_of(url, accept), had).await
}

fn page_of(url: Url, accept: &'static str) -> Request {
    Request::get(url).accept(accept).within(LIMITS)
}

/// Asks for a page of a stream, which a peer with a pinned key signs.
pub(super) async fn page(
    net: &Net,
    door: &mut Door,
    (peer, url): (&Peer, Url),
    accept: &'static str,
    had: Had<'_>,
) -> Result<Option<Answer>, HarvestError> {
    // That nothing has changed is not signed, so who has to sign is asked for all of it.
    let had = if peer.key.is_some() { Had::default() } else { had };
    send(net, door, verifiable(page_of(url, accept), peer), had).await
}

/// The whole body of such a page, counted; none where its signature does not hold.
pub(super) async fn signed(
    door: &mut Door,
    (peer, url): (&Peer, &Url),
    answer: Answer,
) -> Result<Vec<u8>, HarvestError> {
    let body = verified(peer, url, answer, Timestamp::now()).await;
    let body = body.map_err(|error| HarvestError::Problem(error.into()))?;
    door.run.counts.bytes += body.len() as u64;
    Ok(body)
}

/// Asks for a whole file; nothing comes where it is what was had before.
pub(super) async fn file(
    net: &Net,
    door: &mut Door,
    url: Url,
    accept: &'static str,
    had: Had<'_>,
) -> Result<Option<Answer>, HarvestError> {
    send(net, door, Request::get(url).accept(accept).within(FILE), had).await
}

/// Sends a form.
pub(super) async fn form(
    net: &Net,
    door: &mut Door,
    url: Url,
    form: String,
    accept: &'static str,
) -> Result<Answer, HarvestError> {
    door.run.counts.requests += 1;
    let media = "application/x-www-form-urlencoded";
    let request = Request::post(url, media, form).accept(accept).within(LIMITS);
    Ok(net.send(request).await?)
}

/// The whole body of an answer, counted.
pub(super) async fn whole(door: &mut Door, answer: Answer) -> Result<Vec<u8>, HarvestError> {
    let body = answer.whole().await?;
    door.run.counts.bytes += body.len() as u64;
    Ok(body)
}

async fn send(
    net: &Net,
    door: &mut Door,
    mut request: Request,
    had: Had<'_>,
) -> Result<Option<Answer>, HarvestError> {
    door.run.counts.requests += 1;
    for (name, value) in
        [(header::IF_NONE_MATCH, had.etag), (header::IF_MODIFIED_SINCE, had.modified)]
    {
        // What a peer sent as a header once may be one again.
        if let Ok(value) = header::HeaderValue::from_str(value)
            && !value.is_empty()
        {
            request = request.header(name, value);
        }
    }
    let answer = net.send(request).await?;
    Ok((answer.status() != NOT_MODIFIED).then_some(answer))
}

/// RFC 9110, section 15.4.5.
const NOT_MODIFIED: u16 = 304;
