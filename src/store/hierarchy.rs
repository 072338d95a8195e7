//! Finds concepts and territories that would stand above themselves. SKOS forbids no cycle in
//! `skos:broader`, but every tree, facet and sum above one would never end.

use super::change::Triples;
use crate::iri::{graph_key, record_of};
use crate::schema::{Finding, Severity, Text};
use crate::vocab::skos;
use oxigraph::model::{NamedNodeRef, NamedOrBlankNodeRef, Term, TermRef, TripleRef};
use oxigraph::store::{StorageError, Store};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// The `skos:broader` links of a file, and the records it writes whole.
#[derive(Debug, Default)]
pub struct Hierarchy {
    broader: Links,
    /// As 64-bit hashes, for the reason that [`super::Declared`] has.
    written: HashSet<u64>,
    replaced: Option<String>,
    hasher: BuildHasherDefault<DefaultHasher>,
}

type Links = BTreeMap<String, BTreeSet<String>>;

impl Hierarchy {
    /// Takes note of a triple if it is such a link.
    pub fn note(&mut self, triple: TripleRef<'_>) {
        if triple.predicate != skos::BROADER {
            return;
        }
        if let (NamedOrBlankNodeRef::NamedNode(narrow), TermRef::NamedNode(broad)) =
            (triple.subject, triple.object)
        {
            let above = self.broader.entry(narrow.as_str().to_owned()).or_default();
            above.insert(broad.as_str().to_owned());
        }
    }

    /// Takes note of the links among a record's triples.
    pub fn note_all(&mut self, triples: &Triples) {
        for quad in triples.quads("").flatten() {
            self.note(quad.as_ref().into());
        }
    }

    /// Takes note that a record is written or deleted as a whole: the links that the store holds
    /// of it are no more.
    pub fn note_written(&mut self, graph: &str, record: &str) {
        self.written.insert(self.hasher.hash_one((graph, record)));
    }

    /// Takes note that a graph will hold nothing but what the file says.
    pub fn note_replaced(&mut self, graph: String) {
        self.replaced = Some(graph);
    }

    /// Each node of the file that leads back to itself, over the file and what will be left of
    /// what is stored. Blocking.
    pub fn cycles(&self, store: &Store) -> Result<Vec<Finding>, StorageError> {
        let mut links = Links::new();
        let mut findings = Vec::new();
        let mut clear: BTreeSet<String> = BTreeSet::new();
        for start in self.broader.keys() {
            if let Some(cycle) = self.follow(start, &mut links, store, &mut clear)? {
                findings.push(finding(start, &cycle));
            }
        }
        Ok(findings)
    }

    /// Walks upwards from a node without recursion; gives the way back to it if there is one.
    fn follow(
        &self,
        start: &str,
        links: &mut Links,
        store: &Store,
        clear: &mut BTreeSet<String>,
    ) -> Result<Option<Vec<String>>, StorageError> {
        let mut seen = BTreeSet::new();
        let mut from: BTreeMap<String, String> = BTreeMap::new();
        let mut path = vec![start.to_owned()];
        while let Some(node) = path.pop() {
            if clear.contains(&node) || !seen.insert(node.clone()) {
                continue;
            }
            if !links.contains_key(&node) {
                links.insert(node.clone(), self.above(&node, store)?);
            }
            for above in &links[&node] {
                if above == start {
                    return Ok(Some(way(start, &node, &from)));
                }
                from.entry(above.clone()).or_insert_with(|| node.clone());
                path.push(above.clone());
            }
        }
        // Nothing above this node leads back to it; what is above it may still be in a cycle of
        // its own.
        clear.insert(start.to_owned());
        Ok(None)
    }

    /// What stands directly above a node once the file is written.
    fn above(&self, node: &str, store: &Store) -> Result<BTreeSet<String>, StorageError> {
        let mut above = self.broader.get(node).cloned().unwrap_or_default();
        let subject = NamedOrBlankNodeRef::from(NamedNodeRef::new_unchecked(node));
        for quad in store.quads_for_pattern(Some(subject), Some(skos::BROADER), None, None) {
            let quad = quad?;
            let graph = graph_key(&quad.graph_name);
            let key = self.hasher.hash_one((graph.as_str(), record_of(node)));
            if let Term::NamedNode(broad) = quad.object
                && !self.written.contains(&key)
                && self.replaced.as_ref() != Some(&graph)
            {
                above.insert(broad.into_string());
            }
        }
        Ok(above)
    }
}

/// The nodes from `start` up to the last one before `start` comes again.
fn way(start: &str, last: &str, from: &BTreeMap<String, String>) -> Vec<String> {
    let mut way = vec![start.to_owned()];
    let mut node = last;
    let mut back = Vec::new();
    while node != start {
        back.push(node.to_owned());
        match from.get(node) {
            Some(below) => node = below,
            None => break,
        }
    }
    way.extend(back.into_iter().rev());
    way.push(start.to_owned());
    way
}

fn finding(start: &str, cycle: &[String]) -> Finding {
    let way = cycle.join(" → ");
    Finding {
        record: record_of(start).to_owned(),
        focus: start.to_owned(),
        path: Some(skos::BROADER.as_str().to_owned()),
        name: Text { it: "concetto più ampio".to_owned(), en: "broader concept".to_owned() },
        value: cycle.get(1).cloned(),
        value_type: None,
        severity: Severity::Violation,
        component: "cycle".to_owned(),
        shape: skos::BROADER.as_str().to_owned(),
        message: Text {
            it: format!(
                "La gerarchia torna su sé stessa: {way}. Togliere uno di questi legami skos:broader."
            ),
            en: format!(
                "The hierarchy leads back to itself: {way}. Take out one of these skos:broader links."
            ),
        },
        place: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{NamedNode, Quad, Triple};

    fn link(narrow: &str, broad: &str) -> Triple {
        let node = |name: &str| NamedNode::new(format!("http://x/{name}")).unwrap();
        Triple::new(node(narrow), skos::BROADER, node(broad))
    }

    fn found(file: &[(&str, &str)], stored: &[(&str, &str)]) -> Vec<String> {
        let store = Store::new().unwrap();
        for (narrow, broad) in stored {
            let graph = NamedNode::new("http://x/g").unwrap();
            let link = link(narrow, broad);
            store.insert(&Quad::new(link.subject, link.predicate, link.object, graph)).unwrap();
        }
        let mut hierarchy = Hierarchy::default();
        for (narrow, broad) in file {
            hierarchy.note(link(narrow, broad).as_ref());
        }
        hierarchy.cycles(&store).unwrap().into_iter().map(|finding| finding.focus).collect()
    }

    #[test]
    fn a_ring_is_found_whether_in_the_file_or_through_the_store() {
        assert_eq!(found(&[("a", "b"), ("b", "c"), ("c", "a")], &[]).len(), 3);
        assert_eq!(found(&[("a", "a")], &[]), ["http://x/a"]);
        assert_eq!(found(&[("a", "b")], &[("b", "a")]), ["http://x/a"]);
    }

    #[test]
    fn a_link_of_a_record_that_is_written_anew_is_no_more() {
        let store = Store::new().unwrap();
        let graph = NamedNode::new("http://x/g").unwrap();
        let old = link("a", "b");
        store.insert(&Quad::new(old.subject, old.predicate, old.object, graph)).unwrap();
        let mut hierarchy = Hierarchy::default();
        hierarchy.note(link("b", "a").as_ref());
        hierarchy.note_written("http://x/g", "http://x/b");
        assert_eq!(hierarchy.cycles(&store).unwrap().len(), 1);
        // Another graph may say the same of the record, and goes on saying it.
        hierarchy.note_written("http://x/other", "http://x/a");
        assert_eq!(hierarchy.cycles(&store).unwrap().len(), 1);
        hierarchy.note_written("http://x/g", "http://x/a");
        assert!(hierarchy.cycles(&store).unwrap().is_empty());
    }

    #[test]
    fn what_a_file_adds_to_a_node_joins_what_is_stored_of_it() {
        assert_eq!(found(&[("a", "c"), ("b", "a")], &[("a", "b")]).len(), 2);
    }

    #[test]
    fn a_tree_and_a_diamond_are_no_rings() {
        assert!(found(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")], &[]).is_empty());
        assert!(found(&[("x", "a")], &[("a", "b"), ("b", "a")]).is_empty());
    }
}
