//! A look at an event stream: whether its first page is RDF and says where the stream goes on. TREE
//! hypermedia, section 3; Linked Data Event Streams, section 2.

use super::super::health::{Counts, Problem};
use super::ask::{Told, get, read};
use crate::net::{Net, Url};
use crate::vocab::{ldes, tree};
use oxigraph::io::RdfSyntaxError;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Quad, Term};

const ACCEPT: &str = "text/turtle, application/trig, application/n-triples;q=0.9, \
                      application/n-quads;q=0.9, application/ld+json;q=0.5";

pub(super) async fn look(net: &Net, base: &Url) -> Result<Told, Problem> {
    let answer = get(net, base.clone(), ACCEPT).await?;
    let took = answer.took;
    if read(answer, is_stream).await? {
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
