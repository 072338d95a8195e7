//! Numbers for the terms of one query, and blank nodes that stay with the source they are of.
//! Knows no rows and no sources but their numbers.

use super::budget::Budget;
use super::error::EngineError;
use oxigraph::model::{BlankNode, NamedOrBlankNode, Term, Triple};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The number of a term within one query; [`Id::UNBOUND`] stands where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id(u32);

impl Id {
    /// No term.
    pub const UNBOUND: Self = Self(0);

    /// Whether there is a term.
    pub fn is_bound(self) -> bool {
        self != Self::UNBOUND
    }
}

/// What a term takes beside its text, roughly: its entry in the map and in the list.
const ENTRY_BYTES: usize = 96;

/// The terms of one query and their numbers.
#[derive(Debug)]
pub struct Terms {
    budget: Arc<Budget>,
    held: RwLock<Held>,
}

#[derive(Debug, Default)]
struct Held {
    ids: HashMap<Arc<Term>, Id>,
    terms: Vec<Arc<Term>>,
}

impl Terms {
    /// No terms yet; what is added counts on the budget.
    pub fn new(budget: Arc<Budget>) -> Self {
        Self { budget, held: RwLock::default() }
    }

    /// The number of a term, a new one where it has none yet.
    pub fn id(&self, term: &Term) -> Result<Id, EngineError> {
        if let Some(id) = self.held.read().unwrap_or_else(PoisonError::into_inner).ids.get(term) {
            return Ok(*id);
        }
        self.budget.take(ENTRY_BYTES + term_bytes(term))?;
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = held.ids.get(term) {
            return Ok(*id);
        }
        let term = Arc::new(term.clone());
        held.terms.push(Arc::clone(&term));
        let number = u32::try_from(held.terms.len());
        let id = Id(number.expect("the budget ends before four thousand million terms"));
        held.ids.insert(term, id);
        Ok(id)
    }

    /// The term of a number, if it is one.
    pub fn term(&self, id: Id) -> Option<Arc<Term>> {
        let place = usize::try_from(id.0).ok()?.checked_sub(1)?;
        self.held.read().unwrap_or_else(PoisonError::into_inner).terms.get(place).cloned()
    }
}

/// How long the texts of a term are together.
pub(super) fn term_bytes(term: &Term) -> usize {
    match term {
        Term::NamedNode(node) => node.as_str().len(),
        Term::BlankNode(node) => node.as_str().len(),
        Term::Literal(literal) => literal.value().len() + literal.language().map_or(0, str::len),
        Term::Triple(triple) => {
            triple.predicate.as_str().len()
                + term_bytes(&triple.subject.clone().into())
                + term_bytes(&triple.object)
        }
    }
}

/// What the labels of a source's blank nodes begin with, so that those of two never meet.
/// RDF 1.1 Semantics, section 4.1: a merge keeps the blank nodes of its graphs apart.
pub(super) fn scoped(term: Term, source: usize) -> Term {
    let blank = |node: &BlankNode| BlankNode::new_unchecked(format!("n{source}-{}", node.as_str()));
    match term {
        Term::BlankNode(node) => blank(&node).into(),
        Term::Triple(triple) => {
            let subject: NamedOrBlankNode = match triple.subject {
                NamedOrBlankNode::BlankNode(node) => blank(&node).into(),
                node @ NamedOrBlankNode::NamedNode(_) => node,
            };
            let object = scoped(triple.object, source);
            Box::new(Triple { subject, predicate: triple.predicate, object }).into()
        }
        other => other,
    }
}

/// The source that a scoped blank node is of.
pub(super) fn source_of(node: &BlankNode) -> Option<usize> {
    let (number, _) = node.as_str().strip_prefix('n')?.split_once('-')?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::Literal;

    #[test]
    fn a_term_has_one_number_and_a_full_dictionary_says_so() {
        let terms = Terms::new(Arc::new(Budget::new(3 * ENTRY_BYTES)));
        let one = terms.id(&Literal::from(1).into()).unwrap();
        assert_eq!(terms.id(&Literal::from(1).into()).unwrap(), one);
        let two = terms.id(&Literal::from(2).into()).unwrap();
        assert_ne!(one, two);
        assert_eq!(terms.term(two).as_deref(), Some(&Literal::from(2).into()));
        assert_eq!(terms.term(Id::UNBOUND), None);
        assert!(matches!(terms.id(&Literal::from(3).into()), Err(EngineError::Memory { .. })));
    }

    #[test]
    fn blank_nodes_of_two_sources_are_never_the_same() {
        let node = Term::from(BlankNode::new_unchecked("b"));
        let (zero, one) = (scoped(node.clone(), 0), scoped(node, 1));
        assert_ne!(zero, one);
        let Term::BlankNode(one) = one else { panic!("no blank node") };
        assert_eq!(source_of(&one), Some(1));
    }
}
