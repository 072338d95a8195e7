//! An experience in words that every node understands, for those that do not hold it: what it is
//! called, what it is about, where it is. Compares nothing.

use super::document::{Document, Role};
use super::error::SearchError;
use super::facet::Facet;
use super::follow::{document, stated};
use super::gather::Gatherer;
use super::service::Search;
use crate::schema::Text;
use crate::vocab::fl;
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNodeRef, Term};
use std::collections::BTreeSet;

/// More characters of it are not told, so that it fits into an address.
const LONGEST: usize = 1200;
/// The kind that other nodes can be asked for.
const KIND: &str = "esperienza";

/// An experience in words.
#[derive(Debug, Clone)]
pub struct Portrait {
    pub name: Text,
    /// What it is called and what it is about.
    pub text: String,
    /// The ISTAT code of its municipality, where it has one.
    pub municipality: Option<String>,
    /// The record itself and those that are the same, by their IRIs.
    pub same: BTreeSet<String>,
}

impl Search {
    /// The portrait of an experience as it is now.
    pub async fn portrait(&self, iri: &str) -> Result<Portrait, SearchError> {
        let quads = stated(&self.dataset, iri).await?;
        let (search, iri) = (self.clone(), iri.to_owned());
        tokio::task::spawn_blocking(move || {
            let gatherer = Gatherer { things: &search.things, base: &search.base };
            let document = document(&gatherer, &iri, quads)?;
            let document = document.ok_or_else(|| SearchError::Unknown(iri.clone()))?;
            if document.kind != KIND {
                return Err(SearchError::Ask(format!(
                    "other nodes are asked for experiences only, and {iri} is none; ask /related"
                )));
            }
            search.drawn(&document)
        })
        .await?
    }

    fn drawn(&self, document: &Document) -> Result<Portrait, SearchError> {
        let own = |role: Role| {
            let pieces = document.pieces.iter().filter(move |piece| piece.role == role);
            pieces.filter(|piece| piece.tagged.language != "en").map(|piece| &piece.tagged.text)
        };
        let mut parts: Vec<String> = own(Role::Name).chain(own(Role::OtherName)).cloned().collect();
        // Their names are understood everywhere, their IRIs are not.
        for facet in [Facet::Theme, Facet::Target] {
            for value in document.values(facet) {
                parts.push(self.name(value)?.it);
            }
        }
        parts.extend(own(Role::Body).cloned());
        let text: String = parts.join(". ").chars().take(LONGEST).collect();
        let mut same = self.same(&document.iri)?;
        same.insert(document.iri.clone());
        let (name, municipality) = (self.name(&document.iri)?, self.municipality(document)?);
        Ok(Portrait { name, text, municipality, same })
    }

    /// The code of the municipality that a record is about.
    fn municipality(&self, document: &Document) -> Result<Option<String>, SearchError> {
        for place in document.values(Facet::Territory) {
            let classes = self.things.classes(place)?;
            if classes.iter().any(|class| class == fl::MUNICIPALITY.as_str()) {
                return self.text(place, fl::ISTAT_CODE);
            }
        }
        Ok(None)
    }

    fn text(&self, iri: &str, property: NamedNodeRef<'_>) -> Result<Option<String>, SearchError> {
        let node = NamedNode::new_unchecked(iri);
        let subject = NamedOrBlankNodeRef::from(node.as_ref());
        let store = self.things.store();
        for quad in store.quads_for_pattern(Some(subject), Some(property), None, None) {
            if let Term::Literal(literal) = quad?.object {
                return Ok(Some(literal.value().to_owned()));
            }
        }
        Ok(None)
    }
}
