//! What a class looks like in one picture: its own values, what it points to, what points to it,
//! read from the shapes and the ontology. Knows nothing of how it is drawn.

use super::shipped::{ShippedError, ontology_file};
use super::text::{Text, Wording};
use crate::vocab::{fl, schema, sh};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{
    Graph, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, TermRef,
};
use std::collections::BTreeMap;

/// A class with its properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The local name, such as `Experience`.
    pub class: String,
    pub label: Text,
    /// Properties whose values are literals, addresses or entries of a list.
    pub values: Vec<Property>,
    /// Properties that lead to records or parts of records.
    pub links: Vec<Property>,
    /// Properties of other classes that lead here; `kind` names the other class.
    pub inverse: Vec<Property>,
}

/// A property as a class has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// With its prefix, such as `fl:budget`.
    pub term: String,
    pub name: Text,
    /// What its values are: a datatype, a class.
    pub kind: String,
    /// What a class of the ontology is called, if `kind` is one.
    pub called: Text,
    /// How many there must and may be; `None` is any number.
    pub least: u32,
    pub most: Option<u32>,
}

/// The classes for which there are shapes, in the order of their names.
pub fn outlines() -> Result<Vec<Outline>, ShippedError> {
    let graph = Shipped::read()?;
    let mut outlines: BTreeMap<String, Outline> = BTreeMap::new();
    for (shape, class) in graph.pairs(sh::TARGET_CLASS) {
        let Some(name) = class.as_str().strip_prefix(fl::NAMESPACE) else { continue };
        let outline = outlines.entry(name.to_owned()).or_insert_with(|| Outline {
            class: name.to_owned(),
            label: graph.label(class.as_ref().into(), rdfs::LABEL),
            values: Vec::new(),
            links: Vec::new(),
            inverse: Vec::new(),
        });
        graph.properties(&shape, outline);
    }
    outlines.retain(|_, outline| !outline.values.is_empty() || !outline.links.is_empty());
    let mut back: Vec<(String, Property)> = Vec::new();
    for outline in outlines.values() {
        for link in &outline.links {
            let (kind, called) = (outline.class.clone(), outline.label.clone());
            let property = Property { kind, called, ..link.clone() };
            back.push((link.kind.clone(), property));
        }
    }
    for (class, property) in back {
        if let Some(outline) = outlines.get_mut(&class) {
            outline.inverse.push(property);
        }
    }
    Ok(outlines.into_values().collect())
}

/// The files that describe terms, as one graph.
pub(super) struct Shipped(pub(super) Graph);

impl Shipped {
    pub(super) fn read() -> Result<Self, ShippedError> {
        let mut graph = Graph::new();
        for file in ["familylab.ttl", "shapes.ttl", "terms.ttl"] {
            let text = ontology_file(file)?;
            for quad in RdfParser::from_format(RdfFormat::Turtle).for_slice(&text) {
                let wrong = |source| ShippedError::Syntax { file: file.to_owned(), source };
                graph.insert(quad.map_err(wrong)?.as_ref());
            }
        }
        Ok(Self(graph))
    }

    /// The subjects and objects of a predicate, sorted.
    fn pairs(&self, predicate: NamedNodeRef<'_>) -> Vec<(NamedOrBlankNode, NamedNode)> {
        let triples = self.0.triples_for_predicate(predicate);
        let mut pairs: Vec<(NamedOrBlankNode, NamedNode)> = triples
            .filter_map(|triple| match triple.object {
                TermRef::NamedNode(node) => Some((triple.subject.into_owned(), node.into_owned())),
                _ => None,
            })
            .collect();
        pairs.sort_by_cached_key(|(subject, object)| (subject.to_string(), object.to_string()));
        pairs
    }

    pub(super) fn label(
        &self,
        subject: NamedOrBlankNodeRef<'_>,
        predicate: NamedNodeRef<'_>,
    ) -> Text {
        let mut wording = Wording::default();
        for object in self.0.objects_for_subject_predicate(subject, predicate) {
            if let TermRef::Literal(literal) = object {
                wording.add(literal);
            }
        }
        wording.either().unwrap_or_default()
    }

    /// The first object in the order of their spelling.
    pub(super) fn one(
        &self,
        shape: NamedOrBlankNodeRef<'_>,
        predicate: NamedNodeRef<'_>,
    ) -> Option<TermRef<'_>> {
        let objects = self.0.objects_for_subject_predicate(shape, predicate);
        objects.min_by_key(ToString::to_string)
    }

    fn number(&self, shape: NamedOrBlankNodeRef<'_>, predicate: NamedNodeRef<'_>) -> Option<u32> {
        match self.one(shape, predicate)? {
            TermRef::Literal(literal) => literal.value().parse().ok(),
            _ => None,
        }
    }

    /// Adds the properties of a node shape; several shapes may speak of one property.
    fn properties(&self, shape: &NamedOrBlankNode, outline: &mut Outline) {
        let mut shapes: Vec<NamedOrBlankNodeRef<'_>> = self
            .0
            .objects_for_subject_predicate(shape, sh::PROPERTY)
            .filter_map(|object| match object {
                TermRef::NamedNode(node) => Some(node.into()),
                TermRef::BlankNode(node) => Some(node.into()),
                _ => None,
            })
            .collect();
        shapes.sort_by_key(|shape| (self.number(*shape, sh::ORDER), shape.to_string()));
        for shape in shapes {
            let Some(TermRef::NamedNode(path)) = self.one(shape, sh::PATH) else { continue };
            let term = short(path.as_str());
            let is_demanded = self.one(shape, sh::SEVERITY) == Some(sh::VIOLATION.into());
            let demanded = |predicate| self.number(shape, predicate).filter(|_| is_demanded);
            let least = demanded(sh::MIN_COUNT).or(demanded(sh::QUALIFIED_MIN_COUNT)).unwrap_or(0);
            let most = demanded(sh::MAX_COUNT);
            let known = outline.values.iter_mut().chain(&mut outline.links);
            if let Some(known) = known.into_iter().find(|known| known.term == term) {
                known.least = known.least.max(least);
                known.most = known.most.or(most);
                continue;
            }
            let (kind, is_link) = self.kind(shape, path);
            let class = NamedNode::new_unchecked(format!("{}{kind}", fl::NAMESPACE));
            let called = self.label(class.as_ref().into(), rdfs::LABEL);
            let name = self.label(shape, sh::NAME);
            let property = Property { term, name, kind, called, least, most };
            if is_link { outline.links.push(property) } else { outline.values.push(property) }
        }
    }

    /// What the values of a property are, and whether they are records or parts of records.
    fn kind(&self, shape: NamedOrBlankNodeRef<'_>, path: NamedNodeRef<'_>) -> (String, bool) {
        let stated = self.one(shape, sh::CLASS).or_else(|| self.one(shape, sh::DATATYPE));
        let ranged = [rdfs::RANGE, schema::RANGE_INCLUDES];
        let ranged = ranged.iter().find_map(|range| self.one(path.into(), *range));
        let is_concept = self.one(shape, sh::IN).is_some();
        match stated.or(ranged) {
            Some(TermRef::NamedNode(node)) => match node.as_str().strip_prefix(fl::NAMESPACE) {
                Some(class) => (class.to_owned(), true),
                None => (short(node.as_str()), false),
            },
            _ if is_concept => ("skos:Concept".to_owned(), false),
            _ if self.one(shape, sh::NODE_KIND) == Some(sh::IRI.into()) => {
                ("IRI".to_owned(), false)
            }
            _ => (short(rdf::LANG_STRING.as_str()), false),
        }
    }
}

/// An IRI as people write it: with its prefix, where it has a well-known one.
fn short(iri: &str) -> String {
    for (prefix, namespace) in crate::vocab::PREFIXES {
        if let Some(local) = iri.strip_prefix(namespace) {
            return format!("{prefix}:{local}");
        }
    }
    iri.to_owned()
}
