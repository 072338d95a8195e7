//! What every look has: a request with the limits of a look, RDF that is read, and what is told.

use super::super::health::{Counts, Problem};
use crate::media::rdf_format;
use crate::net::{Answer, Limits, Net, NetError, Request, Url};
use oxigraph::io::{RdfFormat, RdfParser, RdfSyntaxError};
use oxigraph::model::Quad;
use std::time::Duration;

/// A look is over soon or it is a bad sign.
const LIMITS: Limits = Limits {
    first_byte: Duration::from_secs(10),
    idle: Duration::from_secs(5),
    total: Duration::from_secs(20),
    bytes: 16 << 20,
};

/// What a peer told.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Told {
    /// How long it took until it answered.
    pub took: Duration,
    pub counts: Counts,
}

/// A request of a look. It goes out even to who is left alone for having failed: to see how it does.
pub(super) fn request(url: Url) -> Request {
    Request::get(url).within(LIMITS).insisting()
}

/// Asks for what is at an address.
pub(super) async fn get(net: &Net, url: Url, accept: &'static str) -> Result<Answer, NetError> {
    net.send(request(url).accept(accept)).await
}

/// The syntax that an answer says it is in.
pub(super) fn syntax(answer: &Answer) -> Result<RdfFormat, Problem> {
    let media = answer.media().unwrap_or_default();
    rdf_format(media).ok_or_else(|| Problem::unexpected(format!("{media:?} is no syntax of RDF")))
}

/// Reads the whole of an answer as RDF, off the threads that serve.
pub(super) async fn read<T: Send + 'static>(
    answer: Answer,
    gather: impl FnOnce(
        &mut dyn Iterator<Item = Result<Quad, RdfSyntaxError>>,
    ) -> Result<T, RdfSyntaxError>
    + Send
    + 'static,
) -> Result<T, Problem> {
    let (syntax, url) = (syntax(&answer)?, answer.url().to_string());
    parse(answer.whole().await?, syntax, url, gather).await
}

/// Reads a body as RDF, off the threads that serve.
pub(super) async fn parse<T: Send + 'static>(
    body: Vec<u8>,
    syntax: RdfFormat,
    url: String,
    gather: impl FnOnce(
        &mut dyn Iterator<Item = Result<Quad, RdfSyntaxError>>,
    ) -> Result<T, RdfSyntaxError>
    + Send
    + 'static,
) -> Result<T, Problem> {
    let work = move || {
        let parser = RdfParser::from_format(syntax).with_base_iri(url);
        let parser = parser.map_err(|error| Problem::unexpected(error.to_string()))?;
        let broken = |error: RdfSyntaxError| {
            Problem::unexpected(format!("what it says is {} is not: {error}", syntax.name()))
        };
        gather(&mut parser.for_slice(&body)).map_err(broken)
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Problem::unexpected("what it sent could not be read"))?
}
