//! What an administrator says of a new peer, by command or over HTTP, and whether it can be one.

use super::error::PeerError;
use super::kind::{Kind, Trust};
use super::peer::Peer;
use crate::iri::source_name;
use crate::net::{Origin, Reach, Url, may_reach};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The longest address.
const LONGEST: usize = 2000;

/// A peer as somebody proposes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// What it is called here.
    pub name: String,
    /// Its address.
    pub base: String,
    /// What it is; a node of this software where nothing is said.
    #[serde(default)]
    pub kind: Option<String>,
    /// What it may be used for; all that its kind offers where nothing is said.
    #[serde(default)]
    pub trust: Option<Vec<String>>,
    /// The Ed25519 public key by which it signs.
    #[serde(default)]
    pub key: Option<String>,
    /// Whether its address may be a private one.
    #[serde(default)]
    pub private: bool,
}

impl Proposal {
    /// The peer, if it can be one of the node that stands at these addresses.
    pub(super) fn accept(self, own: &[Url], now: Timestamp) -> Result<Peer, PeerError> {
        source_name(&self.name).map_err(|_| PeerError::Name(self.name.clone()))?;
        let kind = self.kind.as_deref().map_or(Ok(Kind::FamilyLab), str::parse)?;
        let reach = if self.private { Reach::Named } else { Reach::Public };
        if self.key.is_some() && !kind.signs() {
            return Err(PeerError::Unsigned(kind));
        }
        Ok(Peer {
            base: address(&self.base, kind, reach, own)?,
            kind,
            trust: trust(self.trust, kind)?,
            reach,
            key: self.key.as_deref().map(str::parse).transpose()?,
            added: now,
            health: None,
            harvest: None,
            name: self.name,
        })
    }
}

fn address(text: &str, kind: Kind, reach: Reach, own: &[Url]) -> Result<Url, PeerError> {
    let wrong = || PeerError::Address(text.to_owned());
    let mut url: Url = text.trim().parse().map_err(|_| wrong())?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    if Origin::of(&url).is_none() || has_user || url.fragment().is_some() || text.len() > LONGEST {
        return Err(wrong());
    }
    if kind == Kind::FamilyLab {
        if url.query().is_some() {
            return Err(PeerError::Query(url.to_string()));
        }
        // The address in which identifiers begin has no slash at its end.
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
    }
    if own.iter().any(|own| is_below(&url, own)) {
        return Err(PeerError::Own(url.to_string()));
    }
    if !may_reach(&url, Reach::Named) {
        return Err(PeerError::Never(url.to_string()));
    }
    if !may_reach(&url, reach) {
        return Err(PeerError::Private(url.to_string()));
    }
    Ok(url)
}

/// Whether an address is another one or stands below it.
fn is_below(url: &Url, other: &Url) -> bool {
    let rest = url.path().strip_prefix(other.path().trim_end_matches('/'));
    Origin::of(url) == Origin::of(other)
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn trust(names: Option<Vec<String>>, kind: Kind) -> Result<BTreeSet<Trust>, PeerError> {
    let Some(names) = names else { return Ok(kind.offers().iter().copied().collect()) };
    let mut trusts = BTreeSet::new();
    for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        let trust: Trust = name.parse()?;
        if !kind.offers().contains(&trust) {
            let offers: Vec<&str> = kind.offers().iter().map(|trust| trust.name()).collect();
            let offers = offers.join(", ");
            return Err(PeerError::Offer { kind, trust: trust.name(), offers });
        }
        trusts.insert(trust);
    }
    Ok(trusts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, base: &str, change: impl FnOnce(&mut Proposal)) -> Result<Peer, PeerError> {
        let mut proposal =
            Proposal { name: name.to_owned(), base: base.to_owned(), ..Proposal::default() };
        change(&mut proposal);
        let own = ["https://dati.roma.example/nodo".parse().unwrap()];
        proposal.accept(&own, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_peer_is_a_node_with_everything_it_offers_unless_said_otherwise() {
        let peer = read("bari", "https://dati.bari.example/nodo/", |_| ()).unwrap();
        assert_eq!(peer.base.as_str(), "https://dati.bari.example/nodo");
        assert_eq!((peer.kind, peer.trust.len()), (Kind::FamilyLab, 3));
        assert_eq!(peer.at("/ready").as_str(), "https://dati.bari.example/nodo/ready");
        let bare = read("bari", "https://dati.bari.example", |_| ()).unwrap();
        assert_eq!(bare.address(), "https://dati.bari.example");
        assert_eq!(bare.at("/ready").as_str(), "https://dati.bari.example/ready");
        let said = |peer: &mut Proposal| {
            peer.kind = Some("sparql".to_owned());
            peer.trust = Some(vec!["query".to_owned()]);
        };
        let endpoint = read("istat", "https://istat.example/sparql?x=1", said).unwrap();
        assert!(endpoint.may(Trust::Query) && !endpoint.may(Trust::Harvest));
    }

    #[test]
    fn what_cannot_be_a_peer_is_refused_with_its_reason() {
        let refused = |name: &str, base: &str| read(name, base, |_| ()).unwrap_err();
        assert!(matches!(refused("Bari", "https://a.example"), PeerError::Name(_)));
        for wrong in ["bari", "ftp://a.example", "https://", "https://u:p@a.example", "https://a#b"]
        {
            assert!(matches!(refused("bari", wrong), PeerError::Address(_)), "{wrong}");
        }
        assert!(matches!(refused("bari", "https://a.example/?q"), PeerError::Query(_)));
        for own in ["https://dati.roma.example:443/nodo/", "https://dati.roma.example/nodo/sparql"]
        {
            assert!(matches!(refused("io", own), PeerError::Own(_)), "{own}");
        }
        assert!(read("altro", "https://dati.roma.example/nodo2", |_| ()).is_ok());
        for private in ["http://127.1", "http://localhost:7070", "http://[::1]", "http://10.0.0.1"]
        {
            assert!(matches!(refused("bari", private), PeerError::Private(_)), "{private}");
            assert!(read("bari", private, |peer| peer.private = true).is_ok(), "{private}");
        }
        let wire = read("bari", "http://169.254.169.254", |peer| peer.private = true);
        assert!(matches!(wire.unwrap_err(), PeerError::Never(_)));
        let said = |kind: &str, trust: &str| {
            let (kind, trust) = (Some(kind.to_owned()), Some(vec![trust.to_owned()]));
            read("bari", "https://a.example", |peer| (peer.kind, peer.trust) = (kind, trust))
        };
        assert!(matches!(said("ldes", "search"), Err(PeerError::Offer { .. })));
        assert!(matches!(said("ldes", "love"), Err(PeerError::Trust(_))));
        assert!(matches!(said("gopher", "query"), Err(PeerError::Kind(_))));
    }
}
