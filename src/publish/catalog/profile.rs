//! The profiles by which a client may ask for less: DCAT-AP or DCAT-AP_IT alone.
//! W3C, Content Negotiation by Profile. Knows names and terms, nothing of HTTP.

use super::graph::Graph;
use crate::vocab::{DCAT_AP, DCAT_AP_IT, DCATAPIT, ITALIAN_TERMS, dcterms};
use oxigraph::model::Term;
use oxigraph::model::vocab::rdf;

/// What the catalogue is said in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Both at once.
    Both,
    DcatAp,
    DcatApIt,
}

impl Profile {
    /// Those that are one profile alone.
    pub const SINGLE: [Self; 2] = [Self::DcatAp, Self::DcatApIt];

    /// The profile with this token or IRI.
    pub fn named(name: &str) -> Option<Self> {
        Self::SINGLE
            .into_iter()
            .find(|profile| profile.token() == Some(name) || profile.iris().contains(&name))
    }

    /// The short name by which a client may ask for it.
    pub fn token(self) -> Option<&'static str> {
        match self {
            Self::Both => None,
            Self::DcatAp => Some("dcat-ap"),
            Self::DcatApIt => Some("dcat-ap_it"),
        }
    }

    /// The IRIs of the profiles that the answer keeps to.
    pub fn kept(self) -> Vec<&'static str> {
        match self {
            Self::Both => vec![DCAT_AP[0], DCAT_AP_IT[0]],
            one => vec![one.iris()[0]],
        }
    }

    /// Every profile's token and IRI, for whoever asked for another one.
    pub fn known() -> String {
        let names = Self::SINGLE.map(|profile| {
            format!("{} <{}>", profile.token().unwrap_or_default(), profile.iris()[0])
        });
        names.join(", ")
    }

    fn iris(self) -> &'static [&'static str] {
        match self {
            Self::Both => &[],
            Self::DcatAp => &DCAT_AP,
            Self::DcatApIt => &DCAT_AP_IT,
        }
    }

    /// Leaves out what the profile has no word for.
    pub(super) fn reduce(self, graph: &Graph) -> Graph {
        let mut reduced = Graph::default();
        for (subject, said) in graph.subjects() {
            for (property, values) in said {
                let knows = match self {
                    Self::Both => true,
                    Self::DcatAp => {
                        *property != dcterms::RIGHTS_HOLDER
                            && !property.as_str().starts_with(DCATAPIT)
                    }
                    Self::DcatApIt => ITALIAN_TERMS.contains(&property.as_str()),
                };
                for value in values.iter().filter(|_| knows) {
                    let is_italian = matches!(value, Term::NamedNode(node)
                        if *property == rdf::TYPE && node.as_str().starts_with(DCATAPIT));
                    if self != Self::DcatAp || !is_italian {
                        reduced.add(subject, property.as_ref(), value.clone());
                    }
                }
            }
        }
        reduced
    }
}
