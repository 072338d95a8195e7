//! One look at a peer of any kind.

use super::super::health::Problem;
use super::super::kind::Kind;
use super::super::peer::Peer;
use super::ask::Told;
use super::{dump, endpoint, node, repository, stream};
use crate::net::Net;
use jiff::Timestamp;

/// Asks a peer at a moment what its kind has.
pub(in super::super) async fn look(
    net: &Net,
    peer: &Peer,
    now: Timestamp,
) -> Result<Told, Problem> {
    match peer.kind {
        Kind::FamilyLab => node::look(net, peer, now).await,
        Kind::Sparql => endpoint::look(net, &peer.base).await,
        Kind::Ldes => stream::look(net, peer, now).await,
        Kind::Oai => repository::look(net, &peer.base).await,
        Kind::Dump => dump::look(net, &peer.base).await,
    }
}
