//! Paths of any length from a term of the query: all triples of their predicates fetched where they
//! are few, followed step by step where that would cost more. Asks nobody anything.

use super::leaf::Leaf;
use super::normal::alternatives;
use super::plan::{Op, Plan};
use super::planner::{Planner, Scope};
use super::select::Selection;
use oxigraph::model::{NamedNode, Term, Variable};
use spargebra::algebra::PropertyPathExpression;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::BTreeMap;

/// With fewer triples all of them are fetched: that takes one round and no more.
const FEW: f64 = 4000.0;
/// About how many terms are reached, at most.
const REACHED: f64 = 100.0;
/// About which part of what could be reached is.
const PART: f64 = 0.25;

/// What is followed, and from where.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    pub start: Term,
    /// Single steps from [`from`] to [`to`].
    pub steps: Vec<Leaf>,
    pub is_start_included: bool,
    /// Whether all steps are fetched before any is followed.
    pub is_fetched: bool,
    /// Where the start may stand at all.
    pub mentions: Vec<Leaf>,
}

/// The variable at which a step begins.
pub(super) fn from() -> Variable {
    Variable::new_unchecked("from")
}

/// The variable at which a step ends.
pub(super) fn to() -> Variable {
    Variable::new_unchecked("to")
}

impl Planner<'_> {
    /// A plan for a path between a term and a variable.
    pub fn walk(
        &mut self,
        (subject, path, object): (&TermPattern, &PropertyPathExpression, &TermPattern),
        scope: &Scope,
    ) -> Option<Plan> {
        let (inner, is_start_included) = match path {
            PropertyPathExpression::OneOrMore(inner) => (inner, false),
            PropertyPathExpression::ZeroOrMore(inner) => (inner, true),
            _ => return None,
        };
        let (start, variable, is_back) = match (subject, object) {
            (TermPattern::NamedNode(start), TermPattern::Variable(variable)) => {
                (start, variable, false)
            }
            (TermPattern::Variable(variable), TermPattern::NamedNode(start)) => {
                (start, variable, true)
            }
            _ => return None,
        };
        if matches!(scope, Scope::Each(..)) {
            return None;
        }
        let mut steps = Vec::new();
        for (node, is_reverse) in alternatives(inner)? {
            steps.extend(self.leaves(&[step(node, is_reverse != is_back)], scope)?);
        }
        let sum = |count: fn(&Leaf, &Selection) -> f64| -> f64 {
            steps.iter().map(|leaf| count(leaf, self.selection)).sum()
        };
        let is_fetched = sum(Leaf::rows) < FEW;
        let reached = (sum(|leaf, known| leaf.distinct(&to(), known)) * PART).clamp(1.0, REACHED);
        let mut mentions = Vec::new();
        for pattern in mentions_of(start) {
            let mut leaves = self.leaves(&[pattern], scope)?;
            leaves.iter_mut().for_each(|leaf| leaf.limit = Some(1));
            mentions.extend(leaves);
        }
        let start = start.clone().into();
        let walk = Walk { start, steps, is_start_included, is_fetched, mentions };
        Some(Plan {
            variables: vec![variable.clone()],
            certain: vec![variable.clone()],
            rows: reached,
            distinct: BTreeMap::from([(variable.as_str().to_owned(), reached)]),
            number: self.number(),
            op: Op::Walk(Box::new(walk)),
        })
    }
}

fn step(predicate: NamedNode, is_back: bool) -> TriplePattern {
    let (subject, object) = if is_back { (to(), from()) } else { (from(), to()) };
    TriplePattern { subject: subject.into(), predicate: predicate.into(), object: object.into() }
}

fn mentions_of(node: &NamedNode) -> [TriplePattern; 2] {
    let predicate: NamedNodePattern = Variable::new_unchecked("predicate").into();
    [
        TriplePattern {
            subject: node.clone().into(),
            predicate: predicate.clone(),
            object: to().into(),
        },
        TriplePattern { subject: from().into(), predicate, object: node.clone().into() },
    ]
}
