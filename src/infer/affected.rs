//! Which records must be looked at again after some changes: those of which a rule might now
//! infer something else. May name too many, never too few.

use super::rule::{InferError, Rules};
use crate::iri::record_of;
use crate::store::{Step, View};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, vocab::rdf};
use std::collections::{BTreeSet, HashMap};

/// What changes may have affected.
pub(super) enum Affected {
    Records(BTreeSet<NamedNode>),
    /// More than is worth looking at one by one.
    Everything,
}

/// Looks at changed records and at what they link to or are linked from.
pub(super) struct Finder<'a> {
    rules: &'a Rules,
    view: &'a View<'static>,
    /// What is inferred is no change to infer from.
    hidden: &'a str,
    classes: HashMap<NamedNode, BTreeSet<NamedNode>>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(rules: &'a Rules, view: &'a View<'static>, hidden: &'a str) -> Self {
        Self { rules, view, hidden, classes: HashMap::new() }
    }

    /// The records that these steps affect, as long as there are not more than `most`.
    pub(super) fn find(&mut self, steps: &[Step], most: usize) -> Result<Affected, InferError> {
        let mut found = BTreeSet::new();
        for step in steps {
            if step.key.record.is_empty() || step.key.graph == self.hidden {
                continue;
            }
            self.step(step, &mut found)?;
            if found.len() > most {
                return Ok(Affected::Everything);
            }
        }
        Ok(Affected::Records(found))
    }

    fn step(&mut self, step: &Step, found: &mut BTreeSet<NamedNode>) -> Result<(), InferError> {
        let record = NamedNode::new_unchecked(step.key.record.as_str());
        let (mut was, mut linked) = (BTreeSet::new(), BTreeSet::new());
        for triples in [&step.before, &step.after].into_iter().flatten() {
            for quad in triples.quads(&step.key.graph) {
                let quad = quad?;
                if let Term::NamedNode(object) = quad.object {
                    if quad.predicate == rdf::TYPE {
                        was.insert(object);
                    } else {
                        linked.insert(NamedNode::new_unchecked(record_of(object.as_str())));
                    }
                }
            }
        }
        let rules = self.rules;
        let reading = || rules.rules.iter().filter(|rule| !rule.reads.is_disjoint(&was));
        if reading().next().is_some() {
            for quad in self.view.quads(None, None, Some(&record.clone().into()), None) {
                if let NamedOrBlankNode::NamedNode(subject) = quad?.subject {
                    linked.insert(NamedNode::new_unchecked(record_of(subject.as_str())));
                }
            }
            for near in linked {
                let classes = self.classes_of(&near)?;
                if reading().any(|rule| !rule.about.is_disjoint(classes)) {
                    found.insert(near);
                }
            }
        }
        let everywhere = rules.rules.iter().filter(|rule| !rule.reads_all.is_disjoint(&was));
        for class in everywhere.flat_map(|rule| &rule.about) {
            let class = Term::from(class.clone());
            for quad in self.view.quads(None, Some(&rdf::TYPE.into()), Some(&class), None) {
                if let NamedOrBlankNode::NamedNode(subject) = quad?.subject {
                    found.insert(subject);
                }
            }
        }
        // Itself, too: it may be gone, and what was inferred of it with it.
        found.insert(record);
        Ok(())
    }

    /// The classes a record has now.
    pub(super) fn classes_of(
        &mut self,
        record: &NamedNode,
    ) -> Result<&BTreeSet<NamedNode>, InferError> {
        if !self.classes.contains_key(record) {
            let mut classes = BTreeSet::new();
            let subject = NamedOrBlankNode::from(record.clone());
            for quad in self.view.quads(Some(&subject), Some(&rdf::TYPE.into()), None, None) {
                if let Term::NamedNode(class) = quad?.object {
                    classes.insert(class);
                }
            }
            self.classes.insert(record.clone(), classes);
        }
        Ok(&self.classes[record])
    }
}
