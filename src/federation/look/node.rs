//! A look at a node of this software: whether it is ready, up to which change, and how much it
//! publishes; where a key is pinned, also whether it signs. Vocabulary of Interlinked Datasets,
//! sections 4 and 7.

use super::super::health::{Counts, Problem};
use super::super::peer::Peer;
use super::ask::{Told, get, read};
use super::stream;
use crate::net::{Net, NetError};
use crate::vocab::void;
use jiff::Timestamp;
use oxigraph::io::RdfSyntaxError;
use oxigraph::model::{Quad, Term};
use serde_json::Value;
use std::collections::HashMap;

const JSON: &str = "application/json";
const TURTLE: &str = "text/turtle";
/// What a node without a description of its data answers: a plain store has none, a new node has
/// none yet.
const NO_DESCRIPTION: [u16; 2] = [404, 503];

pub(super) async fn look(net: &Net, peer: &Peer, now: Timestamp) -> Result<Told, Problem> {
    let answer = get(net, peer.at("/ready"), JSON).await?;
    let took = answer.took;
    let ready: Value = serde_json::from_slice(&answer.whole().await?).unwrap_or_default();
    let Some(seq) = ready["seq"].as_u64().filter(|_| ready["status"] == "ready") else {
        return Err(Problem::unexpected("it does not answer /ready as this software does"));
    };
    let seq = Some(seq);
    if peer.key.is_some() {
        stream::look_at(net, peer, peer.at("/ldes"), now).await?;
    }
    let description = match get(net, peer.at("/.well-known/void"), TURTLE).await {
        Ok(answer) => answer,
        Err(NetError::Status { status, .. }) if NO_DESCRIPTION.contains(&status) => {
            return Ok(Told { took, counts: Counts { seq, ..Counts::default() } });
        }
        Err(error) => return Err(error.into()),
    };
    let counts = read(description, counts).await?;
    Ok(Told { took, counts: Counts { seq, ..counts } })
}

/// The numbers of the dataset that the description is about; those of its parts are passed over.
fn counts(
    quads: &mut dyn Iterator<Item = Result<Quad, RdfSyntaxError>>,
) -> Result<Counts, RdfSyntaxError> {
    let (mut whole, mut triples, mut entities) = (None, HashMap::new(), HashMap::new());
    for quad in quads {
        let quad = quad?;
        let number = match &quad.object {
            Term::Literal(literal) => literal.value().parse::<u64>().ok(),
            _ => None,
        };
        let subject = Term::from(quad.subject);
        if quad.predicate == void::PRIMARY_TOPIC {
            whole = Some(quad.object);
        } else if quad.predicate == void::TRIPLES {
            triples.insert(subject, number);
        } else if quad.predicate == void::ENTITIES {
            entities.insert(subject, number);
        }
    }
    let of = |numbers: &HashMap<Term, Option<u64>>| *numbers.get(whole.as_ref()?)?;
    Ok(Counts { triples: of(&triples), records: of(&entities), seq: None })
}
