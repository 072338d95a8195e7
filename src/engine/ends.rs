//! Which terms may stand at one end of a predicate, as beginnings of their IRIs. What it cannot
//! tell it allows. Knows no queries and no sources.

use oxigraph::model::Term;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// More authorities than this are not told apart.
const MOST_AUTHORITIES: usize = 64;
/// More first path segments below one authority than this are not told apart.
const MOST_SEGMENTS: usize = 16;

/// Which terms may stand in a place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    /// What the IRIs begin with: scheme, authority and, where they are few, a first segment.
    pub iris: BTreeSet<String>,
    /// Literals, and triple terms.
    pub literals: bool,
    pub blank_nodes: bool,
}

impl Ends {
    /// Any term at all.
    pub fn any() -> Self {
        Self { iris: BTreeSet::from([String::new()]), literals: true, blank_nodes: true }
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

    /// Whether a term of one source may be one of another source. Blank nodes never are.
    pub fn may_meet(&self, other: &Self) -> bool {
        let share = |one: &String| {
            other.iris.iter().any(|two| one.starts_with(two.as_str()) || two.starts_with(one))
        };
        self.literals && other.literals || self.iris.iter().any(share)
    }

    /// Whether a term may be another one of the same source.
    pub fn may_meet_at_home(&self, other: &Self) -> bool {
        self.blank_nodes && other.blank_nodes || self.may_meet(other)
    }

    /// All that either allows.
    pub fn join(&mut self, other: &Self) {
        self.iris.extend(other.iris.iter().cloned());
        self.literals |= other.literals;
        self.blank_nodes |= other.blank_nodes;
    }
}

/// Ends while terms are read.
#[derive(Default)]
pub(super) struct Gathering {
    /// First segments below each authority; none where they are too many.
    authorities: BTreeMap<String, Option<BTreeSet<String>>>,
    is_full: bool,
    literals: bool,
    blank_nodes: bool,
}

impl Gathering {
    pub fn add(&mut self, term: &Term) {
        match term {
            Term::NamedNode(node) => self.add_iri(node.as_str()),
            Term::BlankNode(_) => self.blank_nodes = true,
            Term::Literal(_) | Term::Triple(_) => self.literals = true,
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
                return;
            }
            self.authorities.insert(authority.to_owned(), Some(BTreeSet::new()));
        }
        let Some(Some(segments)) = self.authorities.get_mut(authority) else { return };
        if segments.contains(segment) {
            return;
        }
        if segments.len() == MOST_SEGMENTS {
            self.authorities.insert(authority.to_owned(), None);
        } else {
            segments.insert(segment.to_owned());
        }
    }

    pub fn finish(self) -> Ends {
        let mut iris = BTreeSet::new();
        if self.is_full {
            iris.insert(String::new());
        } else {
            for (authority, segments) in self.authorities {
                match segments {
                    None => drop(iris.insert(authority)),
                    Some(segments) => {
                        iris.extend(segments.iter().map(|segment| format!("{authority}{segment}")));
                    }
                }
            }
        }
        Ends { iris, literals: self.literals, blank_nodes: self.blank_nodes }
    }
}

/// Scheme and authority of an IRI up to where its path begins, and the first segment of the path
/// with the sign that ends it. RFC 3987, section 2.2.
fn split(iri: &str) -> (&str, &str) {
    let after = iri.find("://").map_or_else(
        || iri.find(':').map_or(iri.len(), |colon| colon + 1),
        |scheme| {
            let authority = scheme + "://".len();
            iri[authority..].find(['/', '?', '#']).map_or(iri.len(), |end| authority + end + 1)
        },
    );
    let rest = &iri[after..];
    let end = rest.find(['/', '#', '?', ':']).map_or(rest.len(), |end| end + 1);
    (&iri[..after], &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{BlankNode, Literal, NamedNode};

    fn ends<'a>(iris: impl IntoIterator<Item = &'a str>) -> Ends {
        let mut gathering = Gathering::default();
        iris.into_iter().for_each(|iri| gathering.add(&NamedNode::new_unchecked(iri).into()));
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
    fn what_has_no_common_beginning_does_not_meet() {
        let (a, b) = (ends(["https://a.example/id/1"]), ends(["https://b.example/id/1"]));
        assert!(!a.may_meet(&b) && a.may_meet(&a));
        assert!(!a.may_meet(&ends(["https://a.example/ns#1"])));
        assert!(a.may_meet(&Ends::any()) && Ends::any().may_meet(&a));
        assert!(a.may_hold(&NamedNode::new_unchecked("https://a.example/id/2").into()));
        assert!(!a.may_hold(&NamedNode::new_unchecked("https://b.example/id/1").into()));
        assert!(!a.may_hold(&Literal::from(1).into()) && !a.may_meet_at_home(&b));
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
    fn blank_nodes_meet_at_home_only() {
        let mut gathering = Gathering::default();
        gathering.add(&BlankNode::default().into());
        let blank = gathering.finish();
        assert!(blank.may_meet_at_home(&blank) && !blank.may_meet(&blank));
    }
}
