//! By what other names things go: those that this node states itself, and those that places, themes
//! and target groups have on every node. What peers state is not believed. Changes no query.

use super::found::SHARED;
use super::kind::Kind;
use super::peer::Peer;
use crate::engine::{Identity, OtherName};
use crate::iri::Base;
use crate::vocab::{CANONICAL_ID, owl, skos};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use oxigraph::store::{StorageError, Store};
use std::collections::BTreeSet;

/// The properties by which two names are said to mean the same, and what they are called.
const LINKS: [(NamedNodeRef<'static>, &str); 2] =
    [(owl::SAME_AS, "owl:sameAs"), (skos::EXACT_MATCH, "skos:exactMatch")];
/// Nothing is looked for by more names.
const MOST: usize = 200;

/// The other names of some things, over any number of links. Blocking.
pub(super) fn names_of(
    store: &Store,
    base: &Base,
    peers: &[Peer],
    things: &BTreeSet<NamedNode>,
) -> Result<Identity, StorageError> {
    let nodes = peers.iter().filter(|peer| peer.kind == Kind::FamilyLab);
    let mut starts = vec![CANONICAL_ID.to_owned(), base.id()];
    starts.extend(nodes.map(|peer| format!("{}/id/", peer.address())));
    let mut identity = Identity::new();
    for thing in things {
        let mut seen = BTreeSet::from([thing.as_str().to_owned()]);
        let (mut open, mut others) = (vec![thing.as_str().to_owned()], Vec::new());
        while let Some(name) = open.pop() {
            let mut found = stated(store, base, &name)?;
            found.extend(shared(&name, &starts));
            for other in found {
                if others.len() < MOST && seen.insert(other.iri.clone()) {
                    open.push(other.iri.clone());
                    others.push(other);
                }
            }
        }
        if !others.is_empty() {
            identity.insert(thing.as_str().to_owned(), others);
        }
    }
    Ok(identity)
}

/// What the graphs of this node say a name is the same as, in either direction.
fn stated(store: &Store, base: &Base, name: &str) -> Result<Vec<OtherName>, StorageError> {
    let node = NamedNodeRef::new_unchecked(name);
    let mut others = Vec::new();
    for (property, called) in LINKS {
        let from = store.quads_for_pattern(Some(node.into()), Some(property), None, None);
        let to = store.quads_for_pattern(None, Some(property), Some(node.into()), None);
        for quad in from.chain(to) {
            let Quad { subject, object, graph_name, .. } = quad?;
            let GraphName::NamedNode(graph) = &graph_name else { continue };
            if base.is_taken_over(&graph_name) {
                continue;
            }
            let other = match (subject, object) {
                (NamedOrBlankNode::NamedNode(subject), Term::NamedNode(object)) => {
                    if subject.as_str() == name { object } else { subject }
                }
                _ => continue,
            };
            let by = format!("{called} in {}", graph.as_str());
            others.push(OtherName { iri: other.into_string(), by });
        }
    }
    Ok(others)
}

/// What every node calls a thing that all of them share.
fn shared<'a>(name: &'a str, starts: &'a [String]) -> impl Iterator<Item = OtherName> + use<'a> {
    let rest = starts.iter().find_map(|start| name.strip_prefix(start.as_str()));
    let rest = rest.filter(|rest| SHARED.iter().any(|kind| rest.split('/').next() == Some(*kind)));
    rest.into_iter().flat_map(|rest| {
        let by = "what all nodes share".to_owned();
        starts.iter().map(move |start| OtherName { iri: format!("{start}{rest}"), by: by.clone() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_this_node_states_and_what_all_nodes_share() {
        let base = Base::parse("http://here").unwrap();
        let store = Store::new().unwrap();
        let node = |iri: &str| NamedNode::new(iri).unwrap();
        for (from, to, graph) in [
            ("http://here/id/attore/a", "http://n/1", "http://here/graph/prova"),
            ("http://n/2", "http://n/1", "http://here/graph/prova"),
            ("http://here/id/attore/a", "http://n/3", "http://here/graph/peer/altro"),
        ] {
            let quad = Quad::new(node(from), owl::SAME_AS, node(to), node(graph));
            store.insert(&quad).unwrap();
        }
        let (actor, theme) = (node("http://here/id/attore/a"), node("http://here/id/tema/t"));
        let things = BTreeSet::from([actor, theme, node("http://here/id/attore/b")]);
        let names = names_of(&store, &base, &[], &things).unwrap();
        let told = |iri: &str| -> Vec<(&str, &str)> {
            names[iri].iter().map(|other| (other.iri.as_str(), other.by.as_str())).collect()
        };
        let by = "owl:sameAs in http://here/graph/prova";
        assert_eq!(told("http://here/id/attore/a"), [("http://n/1", by), ("http://n/2", by)]);
        let shared = ("https://w3id.org/familylab/id/tema/t", "what all nodes share");
        assert_eq!(told("http://here/id/tema/t"), [shared]);
        assert_eq!(names.len(), 2, "{names:?}");
    }
}
