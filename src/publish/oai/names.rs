//! What the things are called that records refer to, as it stands in the same state of the log.
//! Knows which properties hold names, not who shows them.

use crate::store::{Log, LogError};
use crate::vocab::{dct, foaf, skos};
use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Term};
use std::collections::{BTreeSet, HashMap};

/// The names of some records, in every language.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<String, Vec<Literal>>);

impl Names {
    /// Looks the names of records up.
    pub async fn read(
        log: &Log,
        through: u64,
        records: BTreeSet<String>,
    ) -> Result<Self, LogError> {
        let mut names = HashMap::with_capacity(records.len());
        for (record, revisions) in log.revisions_of(&records, through).await? {
            let mut found = Vec::new();
            let node = NamedOrBlankNode::from(NamedNode::new_unchecked(record.as_str()));
            for revision in revisions {
                // The log checked these lines against their hash; what Oxigraph wrote it can read.
                let quads = revision.after.iter().flat_map(|triples| triples.quads("")).flatten();
                for quad in quads.filter(|quad| quad.subject == node) {
                    let properties = [skos::PREF_LABEL, dct::TITLE, foaf::NAME];
                    if let Term::Literal(name) = quad.object
                        && properties.contains(&quad.predicate.as_ref())
                        && !found.contains(&name)
                    {
                        found.push(name);
                    }
                }
            }
            names.insert(record, found);
        }
        Ok(Self(names))
    }

    /// The names of a record; none where it has none, or is gone.
    pub fn of(&self, record: &str) -> &[Literal] {
        self.0.get(record).map_or(&[], Vec::as_slice)
    }
}
