//! Who works with whom: networks, their members, the experiences they carry, as nodes and links.
//! Knows no drawing.

use super::graph::Facts;
use crate::entity::{EntityError, Link};
use crate::vocab::fl;
use std::collections::BTreeMap;

/// No picture holds more nodes.
const MOST: usize = 120;

/// Nodes and the links between them.
#[derive(Debug, Clone, Default)]
pub struct Web {
    pub nodes: Vec<WebNode>,
    pub links: Vec<WebLink>,
    /// How many nodes were left out.
    pub left_out: usize,
}

/// Something in the picture.
#[derive(Debug, Clone)]
pub struct WebNode {
    pub link: Link,
    /// `rete`, `attore` or `esperienza`.
    pub kind: &'static str,
    pub levels: Vec<Link>,
    /// Whether the picture is about it.
    pub is_asked: bool,
}

/// A link between two nodes, by their places among the nodes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WebLink {
    pub from: usize,
    pub to: usize,
    /// `member`, `coordinator`, `lead`, `partner` or `network`.
    pub relation: &'static str,
}

/// Whether a network's public members stand at one level of government or at several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Horizontal,
    Vertical,
    Unknown,
}

impl Level {
    /// What the rules infer of a network.
    pub fn of(facts: &Facts<'_>, network: &str) -> Result<Self, EntityError> {
        Ok(if facts.is_a(network, fl::VERTICAL_NETWORK)? {
            Self::Vertical
        } else if facts.is_a(network, fl::HORIZONTAL_NETWORK)? {
            Self::Horizontal
        } else {
            Self::Unknown
        })
    }
}

/// What is linked with a network or an actor: members and experiences, partners and networks.
pub fn web(facts: &Facts<'_>, iri: &str, is_network: bool) -> Result<Web, EntityError> {
    let mut spinner = Spinner { facts, web: Web::default(), places: BTreeMap::new() };
    let kind = if is_network { "rete" } else { "attore" };
    let Some(center) = spinner.node(iri, kind)? else { return Ok(spinner.web) };
    spinner.web.nodes[center].is_asked = true;
    if is_network {
        spinner.network(center, iri)?;
        for experience in facts.subjects(fl::NETWORK_OF, iri)? {
            if let Some(place) = spinner.node(&experience, "esperienza")? {
                spinner.link(center, place, "network");
                spinner.actors(place, &experience, false)?;
            }
        }
    } else {
        let mut networks = facts.subjects(fl::MEMBER, iri)?;
        networks.extend(facts.subjects(fl::COORDINATOR, iri)?);
        for network in networks {
            if let Some(place) = spinner.node(&network, "rete")? {
                spinner.link(place, center, "member");
            }
        }
        let mut experiences = facts.subjects(fl::LEAD_ACTOR, iri)?;
        experiences.extend(facts.subjects(fl::PARTNER, iri)?);
        experiences.sort_unstable();
        experiences.dedup();
        for experience in experiences {
            if let Some(place) = spinner.node(&experience, "esperienza")? {
                spinner.actors(place, &experience, true)?;
            }
        }
    }
    spinner.web.links.sort_unstable();
    spinner.web.links.dedup();
    Ok(spinner.web)
}

struct Spinner<'f, 's> {
    facts: &'f Facts<'s>,
    web: Web,
    places: BTreeMap<String, usize>,
}

impl Spinner<'_, '_> {
    fn node(&mut self, iri: &str, kind: &'static str) -> Result<Option<usize>, EntityError> {
        if let Some(place) = self.places.get(iri) {
            return Ok(Some(*place));
        }
        if self.web.nodes.len() >= MOST {
            self.web.left_out += 1;
            return Ok(None);
        }
        let place = self.web.nodes.len();
        self.places.insert(iri.to_owned(), place);
        self.web.nodes.push(WebNode {
            link: self.facts.labels.link(iri)?,
            kind,
            levels: self.facts.links(iri, fl::GOVERNMENT_LEVEL)?,
            is_asked: false,
        });
        Ok(Some(place))
    }

    fn link(&mut self, from: usize, to: usize, relation: &'static str) {
        if from != to {
            self.web.links.push(WebLink { from, to, relation });
        }
    }

    fn network(&mut self, place: usize, iri: &str) -> Result<(), EntityError> {
        for (property, relation) in [(fl::COORDINATOR, "coordinator"), (fl::MEMBER, "member")] {
            for actor in self.facts.nodes(iri, property)? {
                if let Some(actor) = self.node(&actor, "attore")? {
                    let known = self.web.links.iter().any(|l| l.from == place && l.to == actor);
                    if !known {
                        self.link(place, actor, relation);
                    }
                }
            }
        }
        Ok(())
    }

    /// The actors of an experience; only those already there where `all` is not asked for.
    fn actors(&mut self, place: usize, iri: &str, all: bool) -> Result<(), EntityError> {
        for (property, relation) in [(fl::LEAD_ACTOR, "lead"), (fl::PARTNER, "partner")] {
            for actor in self.facts.nodes(iri, property)? {
                if !all && !self.places.contains_key(&actor) {
                    continue;
                }
                if let Some(actor) = self.node(&actor, "attore")? {
                    self.link(place, actor, relation);
                }
            }
        }
        Ok(())
    }
}
