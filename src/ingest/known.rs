//! What the node knows by name: for tables, which refer to things by their names, and for
//! findings, which suggest the nearest name for an IRI that is not there.

use super::names::{Group, Names};
use crate::iri::Base;
use crate::schema::Finding;
use crate::store::{Dataset, Mode};
use crate::vocab::{dct, fl, sh, skos};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Term};
use oxigraph::store::{StorageError, Store};
use std::collections::BTreeSet;

/// Suggestions are made up to this many.
const MOST: usize = 5;
/// Names less alike than this (Jaro–Winkler, 0 to 1) are not suggested.
const LIKENESS: f64 = 0.75;

/// The names by which tables may refer to what the node holds. Blocking.
pub fn names(dataset: &Dataset, base: &Base) -> Result<Names, StorageError> {
    let (store, _) = dataset.read();
    let mut names = Names::default();
    for (class, group) in [
        // Not `fl:Territory`: a former municipality may have the name of a present one.
        (fl::REGION, Group::Territory),
        (fl::PROVINCE, Group::Territory),
        (fl::MUNICIPALITY, Group::Territory),
        (fl::ACTOR, Group::Actor),
        (fl::NETWORK, Group::Network),
        (fl::EXPERIENCE, Group::Experience),
    ] {
        add_class(store, base, class, |_| Some(group), &mut names)?;
    }
    add_class(store, base, skos::CONCEPT, |iri| concept_group(base, iri), &mut names)?;
    Ok(names)
}

/// What a concept is looked up among, by its IRI.
pub fn concept_group(base: &Base, iri: &str) -> Option<Group> {
    let kind = iri.strip_prefix(&base.id()).and_then(|rest| rest.split('/').next());
    match kind {
        Some("tema") => Some(Group::Theme),
        Some("destinatario") => Some(Group::TargetGroup),
        _ => match iri.strip_prefix(crate::vocab::SCHEMES)?.split('#').next()? {
            "levels" => Some(Group::Level),
            "phases" => Some(Group::Phase),
            "funding" => Some(Group::Funding),
            "evidence" => Some(Group::Evidence),
            _ => None,
        },
    }
}

/// What peers have goes by no name here: most of it is called as this node's own.
fn add_class(
    store: &Store,
    base: &Base,
    class: NamedNodeRef<'_>,
    group: impl Fn(&str) -> Option<Group>,
    names: &mut Names,
) -> Result<(), StorageError> {
    let named = [
        skos::PREF_LABEL,
        dct::TITLE,
        skos::ALT_LABEL,
        skos::NOTATION,
        fl::ISTAT_CODE,
        fl::IPA_CODE,
        dct::IDENTIFIER,
    ];
    for quad in store.quads_for_pattern(None, Some(rdf::TYPE), Some(class.into()), None) {
        let quad = quad?;
        let NamedOrBlankNode::NamedNode(node) = quad.subject else { continue };
        if base.is_taken_over(&quad.graph_name) {
            continue;
        }
        let Some(group) = group(node.as_str()) else { continue };
        let subject = NamedOrBlankNode::from(node.clone());
        for predicate in named {
            let values =
                store.quads_for_pattern(Some(subject.as_ref()), Some(predicate), None, None);
            for value in values {
                if let Term::Literal(literal) = value?.object {
                    names.add(group, literal.value(), node.as_str());
                }
            }
        }
    }
    Ok(())
}

/// Suggests the slugs that are nearest to one that is not there.
pub(super) struct Suggest {
    id: Option<String>,
    concepts: BTreeSet<String>,
}

impl Suggest {
    /// Learns the themes and target groups of a node. Blocking, but short.
    pub fn new(dataset: &Dataset) -> Result<Self, StorageError> {
        let Mode::Node(base) = dataset.mode() else {
            return Ok(Self { id: None, concepts: BTreeSet::new() });
        };
        let (store, _) = dataset.read();
        let (id, mut concepts) = (base.id(), BTreeSet::new());
        for quad in store.quads_for_pattern(None, Some(skos::IN_SCHEME), None, None) {
            if let NamedOrBlankNode::NamedNode(node) = quad?.subject
                && let Some(short) = node.as_str().strip_prefix(&id)
            {
                concepts.insert(short.to_owned());
            }
        }
        Ok(Self { id: Some(id), concepts })
    }

    /// Adds the nearest names to the message of a finding about an unknown concept.
    pub fn add_to(&self, finding: &mut Finding) {
        if finding.component != sh::CLASS_CONSTRAINT_COMPONENT.as_str() {
            return;
        }
        let short = self.id.as_deref().zip(finding.value.as_deref());
        let Some(short) = short.and_then(|(id, value)| value.strip_prefix(id)) else { return };
        let Some((kind, _)) = short.split_once('/') else { return };
        let alike = |name: &&String| name.split_once('/').is_some_and(|(other, _)| other == kind);
        let mut near: Vec<(f64, &String)> = self
            .concepts
            .iter()
            .filter(alike)
            .map(|name| (strsim::jaro_winkler(name, short), name))
            .filter(|(likeness, _)| *likeness >= LIKENESS)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let near: Vec<&str> = near.iter().take(MOST).map(|(_, name)| name.as_str()).collect();
        if !near.is_empty() {
            finding.message.it += &format!(" Forse si intendeva: {}.", near.join(", "));
            finding.message.en += &format!(" Perhaps this was meant: {}.", near.join(", "));
        }
    }
}
