//! A controlled vocabulary as a reader meets it: its concepts as a tree, each with its other
//! names, its meaning and what is near. Knows nothing of pages or of what the concepts are used for.

use super::describe::EntityError;
use super::label::{Label, Labels, Link};
use crate::iri::Base;
use crate::schema::{ontology_file, ontology_files};
use crate::vocab::{SCHEMES, note, skos};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Term};
use oxigraph::store::Store;
use std::collections::{BTreeMap, BTreeSet};

/// The properties by which a concept is tied to those of other vocabularies.
const MATCHES: [NamedNodeRef<'static>; 4] =
    [skos::EXACT_MATCH, note::CLOSE_MATCH, note::BROAD_MATCH, note::RELATED_MATCH];

/// A vocabulary without its concepts.
#[derive(Debug, Clone)]
pub struct Scheme {
    pub iri: String,
    pub title: Label,
    pub description: Option<Label>,
    /// How many concepts it has.
    pub size: usize,
}

/// A concept in its place.
#[derive(Debug, Clone)]
pub struct Concept {
    pub link: Link,
    /// How deep it lies, at 0 on top.
    pub level: usize,
    pub notation: Option<String>,
    pub definition: Option<Label>,
    pub scope: Option<Label>,
    /// Other names, in every language.
    pub alternatives: Vec<Label>,
    pub related: Vec<Link>,
    /// Concepts of other vocabularies that mean the same or nearly so.
    pub matches: Vec<String>,
    /// Preferred names in the other languages.
    pub translations: Vec<Label>,
}

/// The vocabularies of the project, by IRI, as this node has them: what peers have of the same is not
/// counted beside it.
pub fn schemes(
    store: &Store,
    base: &Base,
    labels: &Labels<'_>,
) -> Result<Vec<Scheme>, EntityError> {
    let class = skos::CONCEPT_SCHEME.into();
    let mut found = BTreeSet::new();
    for quad in store.quads_for_pattern(None, Some(rdf::TYPE), Some(class), None) {
        if let NamedOrBlankNode::NamedNode(scheme) = quad?.subject
            && scheme.as_str().starts_with(SCHEMES)
        {
            found.insert(scheme.into_string());
        }
    }
    let of = |iri: String| {
        let link = labels.link(&iri)?;
        let size = members(store, base, &iri)?.len();
        Ok(Scheme { description: labels.definition(&iri)?, title: link.label, size, iri })
    };
    found.into_iter().map(of).collect()
}

/// The concepts of a vocabulary as this node has them, each followed by those below it.
pub fn concepts(
    store: &Store,
    base: &Base,
    labels: &Labels<'_>,
    scheme: &str,
) -> Result<Vec<Concept>, EntityError> {
    let members = members(store, base, scheme)?;
    let places = places(scheme)?;
    let mut below: BTreeMap<Option<String>, Vec<Concept>> = BTreeMap::new();
    for iri in &members {
        let broader = nodes(store, iri, skos::BROADER)?;
        let parent = broader.into_iter().find(|broader| members.contains(broader));
        below.entry(parent).or_default().push(concept(store, labels, iri)?);
    }
    for siblings in below.values_mut() {
        siblings.sort_by_cached_key(|concept| {
            let place = places.get(&concept.link.iri).copied().unwrap_or(usize::MAX);
            (place, concept.link.label.text.clone())
        });
    }
    let mut tree = Vec::with_capacity(members.len());
    hang(&mut below, None, 0, &mut tree);
    // What hangs in a ring belongs to no root; it is shown all the same.
    while let Some((_, rest)) = below.pop_first() {
        tree.extend(rest);
    }
    Ok(tree)
}

/// The order of a list whose concepts are parts of its file, such as the phases; RDF keeps none.
fn places(scheme: &str) -> Result<BTreeMap<String, usize>, EntityError> {
    let file = scheme.strip_prefix(SCHEMES).map(|name| format!("vocabularies/{name}.ttl"));
    let shipped = file.filter(|name| ontology_files("vocabularies/", ".ttl").contains(name));
    let mut places = BTreeMap::new();
    let Some(file) = shipped else { return Ok(places) };
    let fragment = format!("{scheme}#");
    for quad in RdfParser::from_format(RdfFormat::Turtle).for_slice(&ontology_file(&file)?) {
        let quad = quad?;
        if quad.predicate == skos::IN_SCHEME
            && let NamedOrBlankNode::NamedNode(concept) = quad.subject
            && concept.as_str().starts_with(&fragment)
        {
            let place = places.len();
            places.entry(concept.into_string()).or_insert(place);
        }
    }
    Ok(places)
}

fn hang(
    below: &mut BTreeMap<Option<String>, Vec<Concept>>,
    parent: Option<String>,
    level: usize,
    tree: &mut Vec<Concept>,
) {
    for concept in below.remove(&parent).unwrap_or_default() {
        let iri = concept.link.iri.clone();
        tree.push(Concept { level, ..concept });
        hang(below, Some(iri), level + 1, tree);
    }
}

fn members(store: &Store, base: &Base, scheme: &str) -> Result<BTreeSet<String>, EntityError> {
    let scheme = NamedNodeRef::new_unchecked(scheme);
    let quads = store.quads_for_pattern(None, Some(skos::IN_SCHEME), Some(scheme.into()), None);
    let mut members = BTreeSet::new();
    for quad in quads {
        let quad = quad?;
        if let NamedOrBlankNode::NamedNode(concept) = quad.subject
            && !base.is_taken_over(&quad.graph_name)
        {
            members.insert(concept.into_string());
        }
    }
    Ok(members)
}

fn concept(store: &Store, labels: &Labels<'_>, iri: &str) -> Result<Concept, EntityError> {
    let best = |property| -> Result<Option<Label>, EntityError> {
        let texts = texts(store, iri, property)?;
        Ok(texts.into_iter().min_by_key(|label| (label.rank(labels.language()), label.clone())))
    };
    let link = labels.link(iri)?;
    let mut matches = Vec::new();
    for property in MATCHES {
        matches.extend(nodes(store, iri, property)?);
    }
    let related = nodes(store, iri, skos::RELATED)?;
    let mut translations = texts(store, iri, skos::PREF_LABEL)?;
    translations.retain(|label| *label != link.label);
    Ok(Concept {
        level: 0,
        notation: texts(store, iri, skos::NOTATION)?.into_iter().next().map(|label| label.text),
        definition: best(skos::DEFINITION)?,
        scope: best(note::SCOPE_NOTE)?,
        alternatives: texts(store, iri, skos::ALT_LABEL)?,
        related: related.iter().map(|iri| labels.link(iri)).collect::<Result<_, _>>()?,
        matches,
        translations,
        link,
    })
}

fn nodes(
    store: &Store,
    iri: &str,
    property: NamedNodeRef<'_>,
) -> Result<BTreeSet<String>, EntityError> {
    let subject = NamedNodeRef::new_unchecked(iri);
    let mut nodes = BTreeSet::new();
    for quad in store.quads_for_pattern(Some(subject.into()), Some(property), None, None) {
        if let Term::NamedNode(node) = quad?.object {
            nodes.insert(node.into_string());
        }
    }
    Ok(nodes)
}

fn texts(store: &Store, iri: &str, property: NamedNodeRef<'_>) -> Result<Vec<Label>, EntityError> {
    let subject = NamedNodeRef::new_unchecked(iri);
    let mut texts = BTreeSet::new();
    for quad in store.quads_for_pattern(Some(subject.into()), Some(property), None, None) {
        if let Term::Literal(literal) = quad?.object {
            let language = literal.language().map(str::to_owned);
            texts.insert(Label { text: literal.value().to_owned(), language });
        }
    }
    Ok(texts.into_iter().collect())
}
