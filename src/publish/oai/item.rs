//! A record as harvesters see it: one item, whichever source graphs hold a part of it.
//! Knows versions and statements, not how they are written.

use super::set::Set;
use crate::iri::Base;
use crate::store::{LogError, Place, Revision, Triples};
use jiff::Timestamp;
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Term, Triple};

/// A record at a change.
#[derive(Debug, Clone)]
pub struct Item {
    /// The IRI of the record.
    pub identifier: String,
    /// When it changed last, in any graph.
    pub at: Timestamp,
    /// Its kind, and its name among the records of that kind.
    pub kind: String,
    pub slug: String,
    /// The sources that publish it or have published it.
    pub sources: Vec<String>,
    /// What is said of it; nothing where it is gone.
    pub statements: Option<Vec<Triple>>,
}

impl Item {
    /// Puts the last versions of a record together; `published` are those of graphs that have ever
    /// published one.
    pub fn of(base: &Base, record: &str, published: &[Revision]) -> Result<Option<Self>, LogError> {
        let Some(last) = published.iter().max_by_key(|revision| revision.place) else {
            return Ok(None);
        };
        let at = last.at.parse().map_err(|_| LogError::Damaged {
            seq: last.place.seq,
            what: "the moment of the change cannot be read".to_owned(),
        })?;
        let path = record.strip_prefix(&base.id()).unwrap_or_default();
        let (kind, slug) = path.split_once('/').unwrap_or((path, ""));
        let mut sources: Vec<String> = published
            .iter()
            .filter_map(|revision| base.source_of(&revision.key.graph))
            .map(str::to_owned)
            .collect();
        sources.sort_unstable();
        Ok(Some(Self {
            identifier: record.to_owned(),
            at,
            kind: kind.to_owned(),
            slug: slug.to_owned(),
            sources,
            statements: statements(published, last.place)?,
        }))
    }

    /// The sets it is in, without those that these are part of. OAI-PMH 2.0, section 2.6.
    pub fn sets(&self) -> impl Iterator<Item = Set> + '_ {
        Set::kind(&self.kind).into_iter().chain(self.sources.iter().cloned().map(Set::Source))
    }

    /// The values of a property of the record itself.
    pub fn values<'i>(&'i self, property: NamedNodeRef<'i>) -> impl Iterator<Item = &'i Term> {
        let own = move |triple: &&Triple| {
            triple.predicate == property
                && matches!(&triple.subject, NamedOrBlankNode::NamedNode(node)
                    if node.as_str() == self.identifier)
        };
        self.statements.iter().flatten().filter(own).map(|triple| &triple.object)
    }
}

/// What the versions say together, each statement once.
fn statements(revisions: &[Revision], place: Place) -> Result<Option<Vec<Triple>>, LogError> {
    let mut held = revisions.iter().filter_map(|revision| revision.after.as_ref());
    let Some(first) = held.next() else { return Ok(None) };
    let nothing = Triples::default();
    let all = held.fold(first.clone(), |all, more| all.edited(&nothing, more));
    let quads = all.quads("").map(|quad| {
        quad.map(Triple::from).map_err(|error| LogError::Damaged {
            seq: place.seq,
            what: format!("a statement cannot be read: {error}"),
        })
    });
    quads.collect::<Result<_, _>>().map(Some)
}
