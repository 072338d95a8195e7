//! Reading the graph one pattern at a time, with the names of what is found.
//! Knows nothing of what is looked for.

use crate::entity::{EntityError, Label, Labels, Link};
use crate::schema::Language;
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use oxigraph::store::Store;

/// The statements of all sources.
pub struct Facts<'s> {
    pub store: &'s Store,
    pub labels: &'s Labels<'s>,
}

impl Facts<'_> {
    /// Every value of a property, each once, in the order of their text.
    pub fn objects(
        &self,
        subject: &str,
        property: NamedNodeRef<'_>,
    ) -> Result<Vec<Term>, EntityError> {
        let subject = NamedNodeRef::new_unchecked(subject);
        let quads = self.store.quads_for_pattern(Some(subject.into()), Some(property), None, None);
        let mut objects: Vec<Term> =
            quads.map(|quad| Ok(quad?.object)).collect::<Result<_, EntityError>>()?;
        objects.sort_by_cached_key(ToString::to_string);
        objects.dedup();
        Ok(objects)
    }

    /// The resources among the values of a property.
    pub fn nodes(
        &self,
        subject: &str,
        property: NamedNodeRef<'_>,
    ) -> Result<Vec<String>, EntityError> {
        let nodes = self.objects(subject, property)?.into_iter();
        Ok(nodes.filter_map(|term| as_node(term).map(NamedNode::into_string)).collect())
    }

    /// The same with what they are called.
    pub fn links(
        &self,
        subject: &str,
        property: NamedNodeRef<'_>,
    ) -> Result<Vec<Link>, EntityError> {
        let mut links: Vec<Link> = self
            .nodes(subject, property)?
            .iter()
            .map(|iri| self.labels.link(iri))
            .collect::<Result<_, _>>()?;
        links.sort_by(|a, b| (&a.label, &a.iri).cmp(&(&b.label, &b.iri)));
        Ok(links)
    }

    /// What refers to a resource by a property, each once.
    pub fn subjects(
        &self,
        property: NamedNodeRef<'_>,
        object: &str,
    ) -> Result<Vec<String>, EntityError> {
        let object = NamedNodeRef::new_unchecked(object);
        let quads = self.store.quads_for_pattern(None, Some(property), Some(object.into()), None);
        let mut subjects = Vec::new();
        for quad in quads {
            if let NamedOrBlankNode::NamedNode(subject) = quad?.subject {
                subjects.push(subject.into_string());
            }
        }
        subjects.sort_unstable();
        subjects.dedup();
        Ok(subjects)
    }

    /// The first literal of a property.
    pub fn literal(
        &self,
        subject: &str,
        property: NamedNodeRef<'_>,
    ) -> Result<Option<String>, EntityError> {
        Ok(self.literals(subject, property)?.first().map(|literal| literal.value().to_owned()))
    }

    /// The text of a property that the reader understands best.
    pub fn text(
        &self,
        subject: &str,
        property: NamedNodeRef<'_>,
    ) -> Result<Option<Label>, EntityError> {
        let tag = match self.labels.language() {
            Language::Italian => "it",
            Language::English => "en",
        };
        let rank = |literal: &Literal| match literal.language() {
            Some(language) if language.starts_with(tag) => 0,
            None => 1,
            Some("it" | "en") => 2,
            Some(_) => 3,
        };
        let best = self.literals(subject, property)?.into_iter().min_by_key(rank);
        Ok(best.map(|literal| Label {
            language: literal.language().map(str::to_owned),
            text: literal.value().to_owned(),
        }))
    }

    /// Everything that is of a class, each once.
    pub fn members(&self, class: NamedNodeRef<'_>) -> Result<Vec<String>, EntityError> {
        self.subjects(oxigraph::model::vocab::rdf::TYPE, class.as_str())
    }

    /// Whether something is of a class.
    pub fn is_a(&self, subject: &str, class: NamedNodeRef<'_>) -> Result<bool, EntityError> {
        let subject = NamedNodeRef::new_unchecked(subject);
        let kind = oxigraph::model::vocab::rdf::TYPE;
        let mut quads = self.store.quads_for_pattern(
            Some(subject.into()),
            Some(kind),
            Some(class.into()),
            None,
        );
        Ok(quads.next().transpose()?.is_some())
    }

    fn literals(
        &self,
        subject: &str,
        property: NamedNodeRef<'_>,
    ) -> Result<Vec<Literal>, EntityError> {
        let objects = self.objects(subject, property)?.into_iter();
        Ok(objects
            .filter_map(|term| match term {
                Term::Literal(literal) => Some(literal),
                _ => None,
            })
            .collect())
    }
}

fn as_node(term: Term) -> Option<NamedNode> {
    match term {
        Term::NamedNode(node) => Some(node),
        _ => None,
    }
}
