//! What the ontology says of its terms, in words and in links: read from the files that ship,
//! sorted, in both languages. Knows nothing of data or of pages.

use super::outline::{Outline, Shipped, outlines};
use super::shipped::{ShippedError, ontology_file};
use super::text::Text;
use crate::vocab::{fl, note, owl, schema, sd};
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNodeRef, TermRef};

/// What kind of term it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Class,
    /// A property that leads to a resource.
    Link,
    /// A property whose value is a literal.
    Value,
    /// A property that only search services know.
    ServiceTerm,
    /// A service that queries may call.
    Service,
}

/// A term of the ontology.
#[derive(Debug, Clone)]
pub struct Term {
    pub iri: String,
    /// The local name.
    pub name: String,
    pub sort: Sort,
    pub label: Text,
    pub definition: Text,
    pub usage: Text,
    /// What it is a kind of, among the ontology's own terms.
    pub broader: Vec<String>,
    /// The other way round.
    pub narrower: Vec<String>,
    /// Terms of other vocabularies that it is a kind of, or the same as.
    pub aligned: Vec<String>,
    pub see_also: Vec<String>,
    pub inverse: Option<String>,
    /// The classes that have it, and what its values are, as IRIs.
    pub domains: Vec<String>,
    pub ranges: Vec<String>,
}

/// The ontology as a book of words.
#[derive(Debug, Clone)]
pub struct Glossary {
    pub title: Text,
    pub description: Text,
    pub version: String,
    /// The prefixes that the ontology's file declares.
    prefixes: Vec<(String, String)>,
    /// By name, classes first.
    pub terms: Vec<Term>,
    /// The classes as shapes describe them.
    pub outlines: Vec<Outline>,
}

impl Glossary {
    /// Reads what ships inside the program.
    pub fn shipped() -> Result<Self, ShippedError> {
        let graph = Shipped::read()?;
        let ontology = NamedNodeRef::new_unchecked(crate::vocab::ONTOLOGY);
        let mut terms = Vec::new();
        for (kind, sort) in [
            (owl::CLASS, Sort::Class),
            (owl::OBJECT_PROPERTY, Sort::Link),
            (owl::DATATYPE_PROPERTY, Sort::Value),
            (owl::ANNOTATION_PROPERTY, Sort::ServiceTerm),
            (sd::SERVICE, Sort::Service),
        ] {
            terms.extend(graph.own(kind).iter().map(|term| graph.term(term, sort)));
        }
        let broader: Vec<(String, String)> = terms
            .iter()
            .flat_map(|term| term.broader.iter().map(|up| (up.clone(), term.iri.clone())))
            .collect();
        for term in &mut terms {
            let below = broader.iter().filter(|(up, _)| *up == term.iri);
            term.narrower = below.map(|(_, down)| down.clone()).collect();
        }
        let title = graph.label(ontology.into(), crate::vocab::dct::TITLE);
        let description = graph.label(ontology.into(), crate::vocab::dct::DESCRIPTION);
        let version = graph.literal(ontology, owl::VERSION_INFO);
        let prefixes = prefixes(&ontology_file("familylab.ttl")?);
        Ok(Self { title, description, version, prefixes, terms, outlines: outlines()? })
    }

    /// The term with an IRI.
    pub fn get(&self, iri: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.iri == iri)
    }

    /// An IRI as people write it, with the prefix that the ontology gives it.
    pub fn short(&self, iri: &str) -> String {
        let prefixed = self.prefixes.iter().find_map(|(prefix, namespace)| {
            let name = iri.strip_prefix(namespace.as_str()).filter(|name| !name.contains('/'))?;
            Some(format!("{prefix}:{name}"))
        });
        prefixed.unwrap_or_else(|| iri.to_owned())
    }

    /// What shapes say of a class, by its local name.
    pub fn outline(&self, class: &str) -> Option<&Outline> {
        self.outlines.iter().find(|outline| outline.class == class)
    }
}

impl Shipped {
    /// The ontology's own terms of a kind, by name.
    fn own(&self, kind: NamedNodeRef<'_>) -> Vec<NamedNode> {
        let mut own: Vec<NamedNode> = self
            .subjects(rdf::TYPE, kind)
            .into_iter()
            .filter(|term| term.as_str().starts_with(fl::NAMESPACE))
            .collect();
        own.sort_unstable();
        own
    }

    fn term(&self, term: &NamedNode, sort: Sort) -> Term {
        let all = |properties: &[NamedNodeRef<'_>]| {
            let mut all: Vec<String> = properties
                .iter()
                .flat_map(|property| self.nodes(term.as_ref(), *property))
                .collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let is_own = |iri: &String| iri.starts_with(fl::NAMESPACE);
        let (broader, mut aligned): (Vec<String>, Vec<String>) =
            all(&[rdfs::SUB_CLASS_OF, rdfs::SUB_PROPERTY_OF]).into_iter().partition(is_own);
        aligned.extend(all(&[owl::EQUIVALENT_CLASS, owl::EQUIVALENT_PROPERTY]));
        Term {
            iri: term.as_str().to_owned(),
            name: term.as_str()[fl::NAMESPACE.len()..].to_owned(),
            sort,
            label: self.label(term.as_ref().into(), rdfs::LABEL),
            definition: self.label(term.as_ref().into(), rdfs::COMMENT),
            usage: self.label(term.as_ref().into(), note::SCOPE_NOTE),
            broader,
            narrower: Vec::new(),
            aligned,
            see_also: all(&[rdfs::SEE_ALSO]),
            inverse: self.inverse(term.as_ref()),
            domains: all(&[rdfs::DOMAIN, schema::DOMAIN_INCLUDES]),
            ranges: all(&[rdfs::RANGE, schema::RANGE_INCLUDES]),
        }
    }

    /// An inverse may be stated on either side.
    fn inverse(&self, term: NamedNodeRef<'_>) -> Option<String> {
        let stated = self.nodes(term, owl::INVERSE_OF).into_iter().next();
        stated.or_else(|| self.subjects(owl::INVERSE_OF, term).pop().map(NamedNode::into_string))
    }

    fn nodes(&self, subject: NamedNodeRef<'_>, property: NamedNodeRef<'_>) -> Vec<String> {
        let objects = self.0.objects_for_subject_predicate(subject, property);
        objects
            .filter_map(|object| match object {
                TermRef::NamedNode(node) => Some(node.as_str().to_owned()),
                _ => None,
            })
            .collect()
    }

    fn subjects(&self, property: NamedNodeRef<'_>, object: NamedNodeRef<'_>) -> Vec<NamedNode> {
        let subjects = self.0.subjects_for_predicate_object(property, object);
        subjects
            .filter_map(|subject| match subject {
                NamedOrBlankNodeRef::NamedNode(node) => Some(node.into_owned()),
                NamedOrBlankNodeRef::BlankNode(_) => None,
            })
            .collect()
    }

    fn literal(&self, subject: NamedNodeRef<'_>, property: NamedNodeRef<'_>) -> String {
        match self.one(subject.into(), property) {
            Some(TermRef::Literal(literal)) => literal.value().to_owned(),
            _ => String::new(),
        }
    }
}

/// The prefixes at the head of a Turtle file, as they are written there.
fn prefixes(turtle: &str) -> Vec<(String, String)> {
    let declared = turtle.lines().filter_map(|line| {
        let (prefix, namespace) = line.strip_prefix("@prefix ")?.split_once(':')?;
        let namespace = namespace.trim().strip_prefix('<')?.split('>').next()?;
        Some((prefix.to_owned(), namespace.to_owned()))
    });
    declared.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_of_the_ontology_is_explained_in_both_languages() {
        let glossary = Glossary::shipped().unwrap();
        assert!(glossary.terms.len() > 140, "{}", glossary.terms.len());
        for term in &glossary.terms {
            for text in [&term.label, &term.definition, &term.usage] {
                assert!(!text.it.is_empty() && !text.en.is_empty(), "{}", term.iri);
            }
        }
        let experience = glossary.get(fl::EXPERIENCE.as_str()).unwrap();
        assert_eq!(experience.sort, Sort::Class);
        assert!(glossary.outline("Experience").is_some());
        let services: Vec<&str> = glossary
            .terms
            .iter()
            .filter(|term| term.sort == Sort::Service)
            .map(|term| term.name.as_str())
            .collect();
        assert_eq!(services, ["related", "search"]);
        let administration = glossary.get(fl::PUBLIC_ADMINISTRATION.as_str()).unwrap();
        assert!(administration.broader.contains(&fl::ACTOR.as_str().to_owned()));
    }
}
