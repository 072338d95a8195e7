//! Which records must be looked at again after some changes: those of which a rule might now
//! infer something else. May name too many, never too few.

use super::rule::{InferError, Rules};
use crate::iri::record_of;
use crate::store::{Step, View};
use crate::vocab::skos;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What changes may have affected.
pub(super) enum Affected {
    Records(BTreeSet<NamedNode>),
    /// More than is worth looking at one by one.
    Everything,
}

/// What some steps tell of one record.
#[derive(Default)]
struct Changed {
    /// The classes it had or has.
    classes: BTreeSet<NamedNode>,
    /// The records it linked to or links to.
    linked: BTreeSet<NamedNode>,
    /// What a step added or took away.
    differing: HashSet<Triple>,
}

impl Changed {
    fn read(&mut self, step: &Step) -> Result<(), InferError> {
        let mut sides = [HashSet::new(), HashSet::new()];
        for (triples, side) in [&step.before, &step.after].into_iter().zip(&mut sides) {
            for quad in triples.iter().flat_map(|triples| triples.quads(&step.key.graph)) {
                let triple = Triple::from(quad?);
                if let Term::NamedNode(object) = &triple.object {
                    if triple.predicate == rdf::TYPE {
                        self.classes.insert(object.clone());
                    } else {
                        self.linked.insert(NamedNode::new_unchecked(record_of(object.as_str())));
                    }
                }
                side.insert(triple);
            }
        }
        let [before, after] = sides;
        self.differing.extend(before.symmetric_difference(&after).cloned());
        Ok(())
    }

    fn differs_in(&self, properties: &[NamedNodeRef<'_>]) -> bool {
        self.differing.iter().any(|triple| properties.contains(&triple.predicate.as_ref()))
    }
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
        let mut changed: BTreeMap<NamedNode, Changed> = BTreeMap::new();
        for step in steps {
            if !step.key.record.is_empty() && step.key.graph != self.hidden {
                let record = NamedNode::new_unchecked(step.key.record.as_str());
                changed.entry(record).or_default().read(step)?;
            }
        }
        let mut found = BTreeSet::new();
        for (record, mut change) in changed {
            // Another source may say what it is.
            change.classes.extend(self.classes_of(&record)?.iter().cloned());
            self.near(&record, &change, &mut found)?;
            self.sharing(&record, &change, &mut found)?;
            self.below(&change, most, &mut found)?;
            // Itself, too: it may be gone, and what was inferred of it with it.
            found.insert(record);
            if found.len() > most {
                return Ok(Affected::Everything);
            }
        }
        Ok(Affected::Records(found))
    }

    /// What is one link away, in either direction.
    fn near(
        &mut self,
        record: &NamedNode,
        change: &Changed,
        found: &mut BTreeSet<NamedNode>,
    ) -> Result<(), InferError> {
        let rules = self.rules;
        let reading = || rules.rules.iter().filter(|rule| !rule.reads.is_disjoint(&change.classes));
        if reading().next().is_none() {
            return Ok(());
        }
        let mut linked = change.linked.clone();
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
        Ok(())
    }

    /// What has a value that the record won or lost, for the property that a rule compares.
    fn sharing(
        &self,
        record: &NamedNode,
        change: &Changed,
        found: &mut BTreeSet<NamedNode>,
    ) -> Result<(), InferError> {
        for rule in &self.rules.rules {
            let Some((class, property)) = &rule.reads_sharing else { continue };
            if !change.classes.contains(class) {
                continue;
            }
            let mut values: HashSet<Term> =
                change.differing.iter().map(|triple| triple.object.clone()).collect();
            if change.differs_in(&[rdf::TYPE]) {
                // All its values begin or cease to count.
                let subject = NamedOrBlankNode::from(record.clone());
                for quad in self.view.quads(Some(&subject), None, None, None) {
                    values.insert(quad?.object);
                }
            }
            for value in values {
                for quad in self.view.quads(None, Some(property), Some(&value), None) {
                    if let NamedOrBlankNode::NamedNode(subject) = quad?.subject {
                        found.insert(NamedNode::new_unchecked(record_of(subject.as_str())));
                    }
                }
            }
        }
        Ok(())
    }

    /// What lies below a record that moved. The links as they are now suffice: what was below it
    /// before and is no longer has moved itself, or lies below something that has.
    fn below(
        &self,
        change: &Changed,
        most: usize,
        found: &mut BTreeSet<NamedNode>,
    ) -> Result<(), InferError> {
        let mut rules = self.rules.rules.iter();
        let is_read = rules.any(|rule| !rule.reads_below.is_disjoint(&change.classes));
        if !is_read || !change.differs_in(&[rdf::TYPE, skos::BROADER]) {
            return Ok(());
        }
        let broader = skos::BROADER.into_owned();
        let mut open: Vec<NamedOrBlankNode> =
            change.differing.iter().map(|triple| triple.subject.clone()).collect();
        let mut seen: HashSet<NamedOrBlankNode> = open.iter().cloned().collect();
        while let Some(node) = open.pop() {
            for quad in self.view.quads(None, Some(&broader), Some(&node.into()), None) {
                let subject = quad?.subject;
                if let NamedOrBlankNode::NamedNode(node) = &subject {
                    found.insert(NamedNode::new_unchecked(record_of(node.as_str())));
                }
                if seen.insert(subject.clone()) {
                    open.push(subject);
                }
            }
            if found.len() > most {
                break;
            }
        }
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
