//! Which terms may stand at one end of a predicate, as beginnings of their IRIs. What it cannot
//! tell it allows. Knows no queries and no sources.

use oxigraph::model::{Term, TermRef};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// More authorities than this are not told apart.
const MOST_AUTHORITIES: usize = 64;
/// More first path segments below one authority than this are not told apart.
const MOST_SEGMENTS: usize = 16;
/// More first path segments below all authorities than this are not told apart.
const MOST_SEGMENTS_IN_ALL: usize = 192;
/// Of a longer authority or segment only so many bytes are told.
const LONGEST: usize = 128;

/// Which terms may stand in a place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ends {
    /// What the IRIs begin with: scheme, authority and, where they are few, a first segment.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub iris: BTreeSet<String>,
    /// Literals, and triple terms.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub literals: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blank_nodes: bool,
}

impl Ends {
    /// Any term at all.
    pub fn any() -> Self {
        Self { iris: any_iri(), literals: true, blank_nodes: true }
    }

    /// Whether a term may be among them. A blank node in a query stands for any term.
    pub fn may_hold(&self, term: &Term) -> bool {
        match term {
            Term::NamedNode(node) => {
                self.iris.iter().any(|start| node.as_str().starts_with(start.as_str()))
            }
            Term::BlankNode(_) => true,
            Term::Literal(_) | Term::Triple(_) => self.literals,
        }
    }

    /// All that either allows.
    pub fn join(&mut self, other: &Self) {
        self.iris.extend(other.iris.iter().cloned());
        if self.iris.contains("") {
            self.iris = any_iri();
        }
        self.literals |= other.literals;
        self.blank_nodes |= other.blank_nodes;
    }

    /// How long they are in JSON, about.
    pub(super) fn weight(&self) -> usize {
        self.iris.iter().map(|start| start.len() + 3).sum()
    }

    /// Tells fewer IRIs apart: none below one authority, then none at all. Whether that was possible.
    pub(super) fn coarsen(&mut self) -> bool {
        let authorities: BTreeSet<String> =
            self.iris.iter().map(|start| split(start).0.to_owned()).collect();
        let coarser = if authorities == self.iris { any_iri() } else { authorities };
        let can_be = !self.iris.is_empty() && coarser != self.iris;
        if can_be {
            self.iris = coarser;
        }
        can_be
    }
}

fn any_iri() -> BTreeSet<String> {
    BTreeSet::from([String::new()])
}

/// Ends while terms are read.
#[derive(Default)]
pub(super) struct Gathering {
    /// First segments below each authority; none where they are too many.
    authorities: BTreeMap<String, Option<BTreeSet<String>>>,
    /// How many segments there are below all of them.
    segments: usize,
    is_full: bool,
    literals: bool,
    blank_nodes: bool,
}

impl Gathering {
    pub fn add(&mut self, term: TermRef<'_>) {
        match term {
            TermRef::NamedNode(node) => self.add_iri(node.as_str()),
            TermRef::BlankNode(_) => self.blank_nodes = true,
            TermRef::Literal(_) | TermRef::Triple(_) => self.literals = true,
        }
    }

    fn add_iri(&mut self, iri: &str) {
        if self.is_full {
            return;
        }
        let (authority, segment) = split(iri);
        if !self.authorities.contains_key(authority) {
            if self.authorities.len() == MOST_AUTHORITIES {
                self.is_full = true;
                self.authorities.clear();
                return;
            }
            self.authorities.insert(authority.to_owned(), Some(BTreeSet::new()));
        }
        let Some(Some(segments)) = self.authorities.get_mut(authority) else { return };
        if segments.contains(segment) {
            return;
        }
        if segments.len() == MOST_SEGMENTS {
            self.segments -= segments.len();
            self.authorities.insert(authority.to_owned(), None);
        } else if self.segments == MOST_SEGMENTS_IN_ALL {
            self.segments = 0;
            self.authorities.values_mut().for_each(|segments| *segments = None);
        } else {
            segments.insert(segment.to_owned());
            self.segments += 1;
        }
    }

    /// How many texts are held.
    #[cfg(test)]
    pub fn held(&self) -> usize {
        self.authorities.len() + self.segments
    }

    pub fn finish(self) -> Ends {
        let mut iris = BTreeSet::new();
        if self.is_full {
            iris = any_iri();
        }
        for (authority, segments) in self.authorities {
            match segments {
                None => drop(iris.insert(authority)),
                Some(segments) => {
                    iris.extend(segments.iter().map(|segment| format!("{authority}{segment}")));
                }
            }
        }
        Ends { iris, literals: self.literals, blank_nodes: self.blank_nodes }
    }
}

/// Scheme and authority of an IRI up to where its path begins, and the first segment of the path
/// with the sign that ends it. RFC 3987, section 2.2. Of what is long only the beginning is told.
fn split(iri: &str) -> (&str, &str) {
    let after = iri.find("://").map_or_else(
        || iri.find(':').map_or(iri.len(), |colon| colon + 1),
        |scheme| {
            let authority = scheme + "://".len();
            iri[authority..].find(['/', '?', '#']).map_or(iri.len(), |end| authority + end + 1)
        },
    );
    if after > LONGEST {
        // Nothing that follows may be put behind it.
        return (&iri[..iri.floor_char_boundary(LONGEST)], "");
    }
    let rest = &iri[after..];
    let end = rest.find(['/', '#', '?', ':']).map_or(rest.len(), |end| end + 1);
    (&iri[..after], &rest[..rest.floor_char_boundary(end.min(LONGEST))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{BlankNode, Literal, NamedNode, NamedNodeRef};

    fn ends<'a>(iris: impl IntoIterator<Item = &'a str>) -> Ends {
        let mut gathering = Gathering::default();
        iris.into_iter().for_each(|iri| gathering.add(NamedNodeRef::new_unchecked(iri).into()));
        gathering.finish()
    }

    #[test]
    fn an_iri_is_cut_after_its_first_segment() {
        assert_eq!(split("https://a.example/id/x/y"), ("https://a.example/", "id/"));
        assert_eq!(split("https://a.example/ns#x"), ("https://a.example/", "ns#"));
        assert_eq!(split("https://a.example"), ("https://a.example", ""));
        assert_eq!(split("urn:uuid:1"), ("urn:", "uuid:"));
        assert_eq!(split("mailto:a@b.example"), ("mailto:", "a@b.example"));
    }

    #[test]
    fn what_begins_otherwise_is_not_there() {
        let a = ends(["https://a.example/id/1"]);
        assert!(a.may_hold(&NamedNode::new_unchecked("https://a.example/id/2").into()));
        assert!(!a.may_hold(&NamedNode::new_unchecked("https://b.example/id/1").into()));
        assert!(!a.may_hold(&Literal::from(1).into()));
        assert!(Ends::any().may_hold(&Literal::from(1).into()));
    }

    #[test]
    fn what_is_long_is_known_by_its_beginning() {
        let long = ["data:text/plain,", "https://a.example/", "x:"]
            .map(|start| format!("{start}{}", "à".repeat(1000)))
            .into_iter()
            .chain([format!("https://{}.example/x/y", "b".repeat(1000))]);
        for iri in long {
            let known = ends([iri.as_str()]);
            assert!(known.weight() <= 2 * LONGEST + 3, "{known:?}");
            assert!(known.may_hold(&NamedNode::new_unchecked(iri).into()), "{known:?}");
        }
    }

    #[test]
    fn less_can_be_told_until_nothing_is() {
        let mut known = ends(["https://a.example/id/1", "https://a.example/ns#", "urn:isbn:1"]);
        assert!(known.coarsen());
        let authorities = ["https://a.example/", "urn:"].map(str::to_owned);
        assert_eq!(known.iris, BTreeSet::from(authorities));
        assert!(known.coarsen());
        assert_eq!(known.iris, any_iri());
        assert!(!known.coarsen() && !Ends::default().coarsen());
    }

    #[test]
    fn many_segments_or_authorities_are_no_longer_told_apart() {
        let segments: Vec<String> = (0..40).map(|n| format!("https://a.example/s{n}/x")).collect();
        let many = ends(segments.iter().map(String::as_str));
        assert_eq!(many.iris, BTreeSet::from(["https://a.example/".to_owned()]));
        let hosts: Vec<String> = (0..80).map(|n| format!("https://h{n}.example/")).collect();
        let many = ends(hosts.iter().map(String::as_str));
        assert!(many.may_hold(&NamedNode::new_unchecked("urn:x").into()));
    }

    #[test]
    fn what_is_gathered_does_not_grow_with_the_terms() {
        let mut gathering = Gathering::default();
        gathering.add(BlankNode::default().as_ref().into());
        for number in 0..20_000 {
            let iri = format!("https://h{}.example/s{number}/x", number % 60);
            gathering.add(NamedNodeRef::new_unchecked(&iri).into());
            assert!(gathering.held() <= MOST_AUTHORITIES + MOST_SEGMENTS_IN_ALL);
        }
        let known = gathering.finish();
        assert!(known.blank_nodes && !known.literals);
        assert_eq!(known.iris.len(), 60);
    }
}
