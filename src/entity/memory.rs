//! What pages look up again and again, kept from one request to the next for as long as the data
//! is the same: names, definitions, orders of properties, counts of references.
//! Refuses to know how any of it is found.

use super::describe::EntityError;
use super::label::Label;
use super::order::Ranks;
use crate::schema::Language;
use crate::store::Dataset;
use oxigraph::model::NamedNode;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// How many entries each shelf may hold; a full one is cleared.
const MOST: usize = 20_000;

/// The memory of a node. Clones share it.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Arc<Known>>>);

/// What was looked up since the data was last changed.
#[derive(Default)]
pub struct Known {
    version: String,
    pub(super) labels: ByLanguage<Label>,
    pub(super) definitions: ByLanguage<Option<Label>>,
    pub(super) orders: Shelf<NamedNode, Arc<Ranks>>,
    /// Of what many refer to; the rest is counted faster than it is remembered.
    pub(super) counts: Shelf<NamedNode, Arc<Vec<(NamedNode, u64)>>>,
}

impl Memory {
    /// What is known of the data as it is now. To be asked for before the graph is read: then what
    /// is found may be newer than the version under which it is kept, never older.
    pub fn of(&self, dataset: &Dataset) -> Arc<Known> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Read under the lock, so that no later version gives way to an earlier one.
        let version = dataset.version();
        if known.version != version {
            *known = Arc::new(Known { version, ..Known::default() });
        }
        Arc::clone(&known)
    }
}

/// Answers by IRI, for each language apart.
pub(super) struct ByLanguage<V> {
    italian: Shelf<String, V>,
    english: Shelf<String, V>,
}

// Derived, it would ask the same of V.
impl<V> Default for ByLanguage<V> {
    fn default() -> Self {
        Self { italian: Shelf::default(), english: Shelf::default() }
    }
}

impl<V> ByLanguage<V> {
    pub fn of(&self, language: Language) -> &Shelf<String, V> {
        match language {
            Language::Italian => &self.italian,
            Language::English => &self.english,
        }
    }
}

/// Answers of one kind.
pub(super) struct Shelf<K, V>(RwLock<HashMap<K, V>>);

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash, V: Clone> Shelf<K, V> {
    /// What is kept, or else what `find` finds. Two may look for the same at once; that is cheaper
    /// than waiting for each other.
    pub fn get<Q>(
        &self,
        key: &Q,
        find: impl FnOnce() -> Result<V, EntityError>,
    ) -> Result<V, EntityError>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let found = find()?;
        let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if shelf.len() >= MOST {
            shelf.clear();
        }
        shelf.insert(key.to_owned(), found.clone());
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shelf_keeps_what_was_found_and_never_grows_beyond_its_size() {
        let shelf = Shelf::<String, usize>::default();
        for number in 0..=MOST {
            assert_eq!(shelf.get(&number.to_string(), || Ok(number)).unwrap(), number);
        }
        assert_eq!(shelf.get(&MOST.to_string(), || Ok(0)).unwrap(), MOST);
        assert_eq!(shelf.0.read().unwrap().len(), 1);
        assert!(shelf.get("fails", || Err(EntityError::TimedOut)).is_err());
        assert_eq!(shelf.get("fails", || Ok(1)).unwrap(), 1);
    }
}
