//! The patterns that the evaluator will read one by one, so that each is fetched as it stands in
//! the query and not value by value. Fetches nothing.

use super::relation::{Constants, Value};
use crate::sparql::{Inner, children, parts};
use oxigraph::model::{NamedNode, Term};
use spargebra::algebra::{Expression, GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern};

/// In which graph a pattern is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The default graph.
    Merge,
    /// The graph of one source.
    One(usize),
    /// The graph of each source, one after the other.
    Each,
}

/// What is fetched at once.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key {
    pub constants: Constants,
    pub place: Place,
}

impl Key {
    /// What is asked alone. A blank node cannot be sent, so all that it may stand for is.
    pub fn of(asked: &Constants, place: Place) -> Self {
        let is_sent = |value: &Value| !matches!(&*value.0, Term::BlankNode(_) | Term::Triple(_));
        Self { constants: asked.clone().map(|value| value.filter(is_sent)), place }
    }

    /// Whether it holds all that is asked.
    pub fn covers(&self, asked: &Constants, place: Place) -> bool {
        let is_inside = match (self.place, place) {
            (Place::Each, Place::One(_)) => true,
            (own, other) => own == other,
        };
        let mut terms = self.constants.iter().zip(asked);
        is_inside && terms.all(|(own, asked)| own.is_none() || own == asked)
    }
}

/// The keys of all patterns of a query that are not in a fragment.
pub(super) fn keys(pattern: &GraphPattern, names: &[NamedNode]) -> Vec<Key> {
    let mut finding = Finding { names, place: Place::Merge, keys: Vec::new() };
    finding.pattern(&mut pattern.clone());
    finding.keys
}

struct Finding<'a> {
    names: &'a [NamedNode],
    place: Place,
    keys: Vec<Key>,
}

impl Finding<'_> {
    fn note(&mut self, constants: Constants) {
        let key = Key { constants, place: self.place };
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
    }

    fn pattern(&mut self, pattern: &mut GraphPattern) {
        use GraphPattern as P;
        match pattern {
            P::Bgp { patterns } => {
                for triple in patterns {
                    let predicate = match &triple.predicate {
                        NamedNodePattern::NamedNode(node) => Some(Term::from(node.clone()).into()),
                        NamedNodePattern::Variable(_) => None,
                    };
                    self.note([constant(&triple.subject), predicate, constant(&triple.object)]);
                }
            }
            P::Path { path, .. } => self.path(path),
            P::Graph { name, inner } => {
                let outer = self.place;
                self.place = match name {
                    NamedNodePattern::NamedNode(node) => {
                        let source = self.names.iter().position(|name| name == node);
                        source.map_or(Place::Each, Place::One)
                    }
                    NamedNodePattern::Variable(_) => Place::Each,
                };
                self.pattern(inner);
                self.place = outer;
            }
            // Fragments are read by themselves.
            P::Service { .. } => {}
            other => parts(other, &mut |inner| match inner {
                Inner::Pattern(inner) => self.pattern(inner),
                Inner::Expression(inner) => self.expression(inner),
            }),
        }
    }

    fn expression(&mut self, expression: &mut Expression) {
        children(expression, &mut |inner| match inner {
            Inner::Expression(inner) => self.expression(inner),
            Inner::Pattern(pattern) => self.pattern(pattern),
        });
    }

    /// All triples of each predicate on the way, whichever end it is followed from.
    fn path(&mut self, path: &PropertyPathExpression) {
        use PropertyPathExpression as P;
        match path {
            P::NamedNode(node) => {
                self.note([None, Some(Term::from(node.clone()).into()), None]);
            }
            P::Reverse(inner)
            | P::ZeroOrMore(inner)
            | P::OneOrMore(inner)
            | P::ZeroOrOne(inner) => {
                self.path(inner);
            }
            P::Sequence(one, two) | P::Alternative(one, two) => {
                self.path(one);
                self.path(two);
            }
            P::NegatedPropertySet(_) => self.note([None, None, None]),
        }
    }
}

fn constant(term: &TermPattern) -> Option<Value> {
    match term {
        TermPattern::NamedNode(node) => Some(Term::from(node.clone()).into()),
        TermPattern::Literal(literal) => Some(Term::from(literal.clone()).into()),
        TermPattern::BlankNode(_) | TermPattern::Variable(_) | TermPattern::Triple(_) => None,
    }
}
