//! A record in brief: what a card or a row of a table shows of it.
//! Knows no page.

use super::graph::Facts;
use super::network::Level;
use crate::entity::{EntityError, Label, Link};
use crate::vocab::{dct, fl, skos};
use oxigraph::model::NamedNodeRef;

/// The properties that say what a record is about, the best first.
const TEXTS: [NamedNodeRef<'static>; 2] = [dct::DESCRIPTION, skos::DEFINITION];

/// A record in brief.
#[derive(Debug, Clone)]
pub struct Brief {
    pub link: Link,
    pub text: Option<Label>,
    pub leads: Vec<Link>,
    pub territories: Vec<Link>,
    pub themes: Vec<Link>,
    pub levels: Vec<Link>,
    pub phases: Vec<Link>,
    pub evidence: Vec<Link>,
    /// Euro, as a number in digits.
    pub budget: Option<String>,
    pub start: Option<String>,
    pub end: Option<String>,
    pub issued: Option<String>,
    /// Where the public members of a network stand; `None` where it is no network.
    pub network: Option<Level>,
    pub demonstration: bool,
}

/// Reads a record in brief.
pub fn brief(facts: &Facts<'_>, iri: &str) -> Result<Brief, EntityError> {
    let mut text = None;
    for property in TEXTS {
        if text.is_none() {
            text = facts.text(iri, property)?;
        }
    }
    let demonstration = facts.literal(iri, fl::DEMONSTRATION)?.as_deref() == Some("true");
    Ok(Brief {
        link: facts.labels.link(iri)?,
        text,
        leads: facts.links(iri, fl::LEAD_ACTOR)?,
        territories: facts.links(iri, fl::TERRITORY_OF)?,
        themes: facts.links(iri, dct::SUBJECT)?,
        levels: facts.links(iri, fl::GOVERNMENT_LEVEL)?,
        phases: facts.links(iri, fl::PHASE)?,
        evidence: facts.links(iri, fl::EVIDENCE_LEVEL)?,
        budget: facts.literal(iri, fl::BUDGET)?,
        start: facts.literal(iri, fl::START_DATE)?,
        end: facts.literal(iri, fl::END_DATE)?,
        issued: facts.literal(iri, dct::ISSUED)?,
        network: match facts.is_a(iri, fl::NETWORK)? {
            true => Some(Level::of(facts, iri)?),
            false => None,
        },
        demonstration,
    })
}
