//! Checks records against the shapes before they are written, with the classes of what they refer
//! to: from the same file, or from the graph. Refuses to decide what a finding leads to.

use super::change::{Key, Triples};
use super::dataset::Dataset;
use crate::schema::{Finding, Shapes, ValidateError, validate};
use oxigraph::io::RdfSyntaxError;
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{
    NamedNode, NamedOrBlankNode, NamedOrBlankNodeRef, Term, TermRef, Triple, TripleRef,
};
use oxigraph::store::{StorageError, Store};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

/// Classes of referenced nodes that are remembered between batches, at most.
const REMEMBERED: usize = 200_000;

/// Why records could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    #[error(transparent)]
    Validate(#[from] ValidateError),
    #[error("the graph's storage failed: {0}")]
    Storage(#[from] StorageError),
    #[error("a record is not N-Triples: {0}")]
    Line(#[from] RdfSyntaxError),
}

/// The classes that a file declares, so that its records may refer to each other in any order.
///
/// Nodes are kept as 64-bit hashes: a file of ten million records must not need their names.
#[derive(Default)]
pub struct Declared {
    hasher: BuildHasherDefault<DefaultHasher>,
    sets: Vec<Vec<NamedNode>>,
    nodes: HashMap<u64, u32>,
}

impl Declared {
    /// Takes note of a triple if it states a class.
    pub fn note(&mut self, triple: TripleRef<'_>) {
        let (NamedOrBlankNodeRef::NamedNode(node), TermRef::NamedNode(class)) =
            (triple.subject, triple.object)
        else {
            return;
        };
        if triple.predicate != rdf::TYPE {
            return;
        }
        let key = self.hasher.hash_one(node.as_str());
        let mut classes = self.of(node.as_str()).to_vec();
        if classes.iter().any(|known| known.as_ref() == class) {
            return;
        }
        classes.push(class.into_owned());
        classes.sort_unstable();
        let set = self.sets.iter().position(|set| *set == classes).unwrap_or_else(|| {
            self.sets.push(classes);
            self.sets.len() - 1
        });
        self.nodes.insert(key, u32::try_from(set).unwrap_or(u32::MAX));
    }

    fn of(&self, node: &str) -> &[NamedNode] {
        let set = self.nodes.get(&self.hasher.hash_one(node));
        set.and_then(|set| self.sets.get(*set as usize)).map_or(&[], Vec::as_slice)
    }
}

/// Checks batch after batch, remembering what it looked up.
pub struct Checker {
    shapes: Arc<Shapes>,
    store: Store,
    classes: HashMap<NamedNode, Vec<NamedNode>>,
    /// The classes of the graph's ontologies above a class.
    above: HashMap<NamedNode, Vec<NamedNode>>,
}

impl Checker {
    /// A checker that looks referenced nodes up in a dataset.
    pub fn new(shapes: Arc<Shapes>, dataset: &Dataset) -> Self {
        Self {
            shapes,
            store: dataset.read().0.clone(),
            classes: HashMap::new(),
            above: HashMap::new(),
        }
    }

    /// Checks records together. Blocking: reads the graph.
    pub fn check(
        &mut self,
        records: &[(Key, Triples)],
        declared: &Declared,
    ) -> Result<Vec<Finding>, CheckError> {
        let mut triples = Vec::new();
        for (_, record) in records {
            for quad in record.quads("") {
                triples.push(Triple::from(quad?));
            }
        }
        let subjects: HashSet<TermRef<'_>> =
            triples.iter().map(|triple| triple.subject.as_ref().into()).collect();
        let mut referenced: HashSet<&NamedNode> = HashSet::new();
        for triple in &triples {
            if let Term::NamedNode(node) = &triple.object
                && triple.predicate != rdf::TYPE
                && !subjects.contains(&TermRef::from(node.as_ref()))
            {
                referenced.insert(node);
            }
        }
        if self.classes.len() > REMEMBERED {
            self.classes.clear();
        }
        let mut known = Vec::new();
        for triple in triples.iter().filter(|triple| triple.predicate == rdf::TYPE) {
            if let (NamedOrBlankNode::NamedNode(node), Term::NamedNode(class)) =
                (&triple.subject, &triple.object)
            {
                let above = self.above(class)?;
                known.extend(above.iter().map(|class| (node.clone(), class.clone())));
            }
        }
        for node in referenced {
            known.extend(
                declared.of(node.as_str()).iter().map(|class| (node.clone(), class.clone())),
            );
            known.extend(self.look_up(node)?.iter().map(|class| (node.clone(), class.clone())));
        }
        Ok(validate(&self.shapes, triples, known)?)
    }

    /// The classes above a class, near or far. A record of a class is one of each of them, whether it
    /// says so or not. RDF Schema, section 3.4.
    fn above(&mut self, class: &NamedNode) -> Result<&[NamedNode], StorageError> {
        if self.above.len() > REMEMBERED {
            self.above.clear();
        }
        if !self.above.contains_key(class) {
            let mut above: Vec<NamedNode> = Vec::new();
            let mut next = vec![class.clone()];
            while let Some(lower) = next.pop() {
                let subject = NamedOrBlankNodeRef::from(lower.as_ref());
                let quads = self.store.quads_for_pattern(
                    Some(subject),
                    Some(rdfs::SUB_CLASS_OF),
                    None,
                    None,
                );
                for quad in quads {
                    if let Term::NamedNode(upper) = quad?.object
                        && upper != *class
                        && !above.contains(&upper)
                    {
                        above.push(upper.clone());
                        next.push(upper);
                    }
                }
            }
            self.above.insert(class.clone(), above);
        }
        Ok(self.above.get(class).map_or(&[], Vec::as_slice))
    }

    fn look_up(&mut self, node: &NamedNode) -> Result<&[NamedNode], StorageError> {
        if !self.classes.contains_key(node) {
            let mut classes = Vec::new();
            let subject = NamedOrBlankNodeRef::from(node.as_ref());
            for quad in self.store.quads_for_pattern(Some(subject), Some(rdf::TYPE), None, None) {
                if let Term::NamedNode(class) = quad?.object {
                    classes.push(class);
                }
            }
            self.classes.insert(node.clone(), classes);
        }
        Ok(self.classes.get(node).map_or(&[], Vec::as_slice))
    }
}
