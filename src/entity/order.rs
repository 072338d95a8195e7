//! In what order the properties of a thing are read: as its shape lists them.
//! Looks shapes up in the graph; knows nothing of what they demand.

use super::describe::EntityError;
use super::memory::Known;
use crate::vocab::{dct, sh, skos};
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{
    NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Term, TermRef,
};
use oxigraph::store::Store;
use std::collections::HashMap;
use std::sync::Arc;

/// What comes first wherever it stands: what the thing is called, what it is.
const FIRST: [NamedNodeRef<'static>; 8] = [
    dct::TITLE,
    skos::PREF_LABEL,
    rdfs::LABEL,
    skos::ALT_LABEL,
    dct::DESCRIPTION,
    skos::DEFINITION,
    rdfs::COMMENT,
    rdf::TYPE,
];

/// Where a property stands: smaller is earlier.
pub(super) type Rank = (u64, u64);

/// The place of each property that the shapes of one class list.
pub(super) type Ranks = HashMap<String, Rank>;

/// The place of each property that the shapes of some classes list.
#[derive(Debug, Default)]
pub(super) struct Order(Vec<Arc<Ranks>>);

impl Order {
    /// Reads the shapes that target these classes.
    pub fn read(store: &Store, classes: &[NamedNode], known: &Known) -> Result<Self, EntityError> {
        let ranks = |class: &NamedNode| {
            known.orders.get(class, || Ok(Arc::new(ranks(store, class.as_ref())?)))
        };
        Ok(Self(classes.iter().map(ranks).collect::<Result<_, _>>()?))
    }

    /// The place of a property: well-known first, then as the shape says, then the rest.
    pub fn rank(&self, property: &str) -> Rank {
        if let Some(place) = FIRST.iter().position(|first| first.as_str() == property) {
            return (0, place as u64);
        }
        let listed = self.0.iter().find_map(|ranks| ranks.get(property));
        listed.map_or((u64::MAX, 0), |(group, place)| (group + 1, *place))
    }
}

/// Reads the shapes that target a class.
fn ranks(store: &Store, class: NamedNodeRef<'_>) -> Result<Ranks, EntityError> {
    let mut ranks = Ranks::new();
    for shape in subjects(store, sh::TARGET_CLASS, class.into())? {
        for property in objects(store, shape.as_ref(), sh::PROPERTY)? {
            let Term::NamedNode(property) = property else { continue };
            let subject = property.as_ref().into();
            let group = match objects(store, subject, sh::GROUP)?.first() {
                Some(Term::NamedNode(group)) => number(store, group.as_ref().into())?,
                _ => 0,
            };
            let rank = (group, number(store, subject)?);
            if let Some(Term::NamedNode(path)) = objects(store, subject, sh::PATH)?.first() {
                ranks.entry(path.as_str().to_owned()).or_insert(rank);
            }
        }
    }
    Ok(ranks)
}

fn number(store: &Store, subject: NamedOrBlankNodeRef<'_>) -> Result<u64, EntityError> {
    Ok(match objects(store, subject, sh::ORDER)?.first() {
        Some(Term::Literal(literal)) => literal.value().parse().unwrap_or(u64::MAX - 1),
        _ => u64::MAX - 1,
    })
}

fn objects(
    store: &Store,
    subject: NamedOrBlankNodeRef<'_>,
    property: NamedNodeRef<'_>,
) -> Result<Vec<Term>, EntityError> {
    let quads = store.quads_for_pattern(Some(subject), Some(property), None, None);
    quads.map(|quad| Ok(quad?.object)).collect()
}

fn subjects(
    store: &Store,
    property: NamedNodeRef<'_>,
    object: TermRef<'_>,
) -> Result<Vec<NamedOrBlankNode>, EntityError> {
    let quads = store.quads_for_pattern(None, Some(property), Some(object), None);
    quads.map(|quad| Ok(quad?.subject)).collect()
}
