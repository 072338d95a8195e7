//! A look at an event stream: whether its first page is RDF and says where the stream goes on. TREE
//! hypermedia, section 3; Linked Data Event Streams, section 2.

use super::super::health::{Counts, Problem};
use super::super::peer::Peer;
use super::super::signed::{verifiable, verified};
use super::ask::{Told, parse, request, syntax};
use crate::net::{Net, Url};
use crate::vocab::{ldes, tree};
use jiff::Timestamp;
use oxigraph::io::RdfSyntaxError;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Quad, Term};

const ACCEPT: &str = "text/turtle, application/trig, application/n-triples;q=0.9, \
                      application/n-quads;q=0.9, application/ld+json;q=0.5";

pub(super) async fn look(net: &Net, peer: &Peer, now: Timestamp) -> Result<Told, Problem> {
    look_at(net, peer, peer.base.clone(), now).await
}

/// Looks at a stream of a peer, which must be signed where the peer has a pinned key.
pub(super) async fn look_at(
    net: &Net,
    peer: &Peer,
    url: Url,
    now: Timestamp,
) -> Result<Told, Problem> {
    let asked = verifiable(request(url.clone()).accept(ACCEPT), peer);
    let answer = net.send(asked).await?;
    let (took, syntax, found) = (answer.took, syntax(&answer)?, answer.url().to_string());
    let body = verified(peer, &url, answer, now).await?;
    if parse(body, syntax, found, is_stream).await? {
        return Ok(Told { took, counts: Counts::default() });
    }
    Err(Problem::unexpected("its first page is RDF, but of no event stream: it has no view"))
}

fn is_stream(
    quads: &mut dyn Iterator<Item = Result<Quad, RdfSyntaxError>>,
) -> Result<bool, RdfSyntaxError> {
    let stream = Term::from(ldes::EVENT_STREAM.into_owned());
    let mut found = false;
    for quad in quads {
        let quad = quad?;
        found |=
            quad.predicate == tree::VIEW || (quad.predicate == rdf::TYPE && quad.object == stream);
    }
    Ok(found)
}
