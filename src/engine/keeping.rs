//! What the evaluator holds of the rows that it is handed, and what it lets pass: what it holds counts
//! on a query's budget. Knows no sources.

use super::budget::Budget;
use super::error::EngineError;
use super::source::Row;
use super::term::term_bytes;
use oxigraph::model::{NamedNode, Variable};
use spargebra::algebra::{AggregateExpression, AggregateFunction, GraphPattern};
use spargebra::term::NamedNodePattern;
use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

/// What a row takes that is held, beside its terms.
const ROW_BYTES: usize = 48;
/// What a term of such a row takes, beside its text.
const TERM_BYTES: usize = 40;

/// What is held of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Kept {
    #[default]
    Nothing,
    /// All of them, to sort or to join them.
    Rows,
    /// What some variables have together, once: to tell rows apart, or to make groups.
    Values(Vec<Variable>),
}

/// What is held of the rows of each call in a pattern. Values that are computed are not counted, nor
/// is what a template makes.
pub(super) fn kept(pattern: &GraphPattern) -> HashMap<NamedNode, Kept> {
    let mut found = HashMap::new();
    note(pattern, Kept::Nothing, &mut found);
    found
}

/// Notes the calls in a pattern of whose rows so much is held above it.
fn note(pattern: &GraphPattern, above: Kept, found: &mut HashMap<NamedNode, Kept>) {
    use GraphPattern as P;
    match pattern {
        P::Bgp { .. } | P::Path { .. } | P::Values { .. } => {}
        P::Service { name: NamedNodePattern::NamedNode(name), .. } => {
            found.insert(name.clone(), above);
        }
        P::Service { .. } => {}
        P::Filter { inner, .. }
        | P::Graph { inner, .. }
        | P::Project { inner, .. }
        | P::Slice { inner, .. } => note(inner, above, found),
        P::Extend { inner, variable, .. } => {
            let is_computed = matches!(&above, Kept::Values(names) if names.contains(variable));
            note(inner, if is_computed { Kept::Nothing } else { above }, found);
        }
        P::Union { left, right } | P::Lateral { left, right } => {
            note(left, above.clone(), found);
            note(right, above, found);
        }
        P::Group { inner, variables, aggregates } => {
            let is_each = aggregates.iter().any(|(_, aggregate)| keeps_values(aggregate));
            note(inner, if is_each { Kept::Rows } else { Kept::Values(variables.clone()) }, found);
        }
        P::Distinct { inner } | P::Reduced { inner } => {
            let told = match &**inner {
                P::Project { variables, .. } if above != Kept::Rows => {
                    Kept::Values(variables.clone())
                }
                _ => Kept::Rows,
            };
            note(inner, told, found);
        }
        P::OrderBy { inner, .. } => note(inner, Kept::Rows, found),
        P::Join { left, right } => {
            note(left, Kept::Rows, found);
            note(right, Kept::Rows, found);
        }
        P::LeftJoin { left, right, .. } | P::Minus { left, right } => {
            note(left, above, found);
            note(right, Kept::Rows, found);
        }
    }
}

fn keeps_values(aggregate: &AggregateExpression) -> bool {
    match aggregate {
        AggregateExpression::CountSolutions { distinct } => *distinct,
        AggregateExpression::FunctionCall { name, distinct, .. } => {
            *distinct || matches!(name, AggregateFunction::GroupConcat { .. })
        }
    }
}

/// Counts what is held of some rows.
pub(super) struct Keeper {
    /// Which values of a row are held; nothing where none are.
    places: Option<Vec<usize>>,
    /// What was seen of them, where that is held once.
    seen: Option<HashSet<u64>>,
    hash: RandomState,
    /// Given back with the query: the evaluator may hold rows after it has read all.
    budget: Arc<Budget>,
}

impl Keeper {
    /// For rows over some variables.
    pub fn new(kept: &Kept, variables: &[Variable], budget: Arc<Budget>) -> Self {
        let places = match kept {
            Kept::Nothing => None,
            Kept::Rows => Some((0..variables.len()).collect()),
            Kept::Values(names) => {
                let places = (0..variables.len()).filter(|at| names.contains(&variables[*at]));
                Some(places.collect())
            }
        };
        let seen = matches!(kept, Kept::Values(_)).then(HashSet::new);
        Self { places, seen, hash: RandomState::new(), budget }
    }

    /// Counts one more row.
    pub fn count(&mut self, row: &Row) -> Result<(), EngineError> {
        let Some(places) = &self.places else { return Ok(()) };
        let held: Vec<_> = places.iter().map(|place| &row[*place]).collect();
        if let Some(seen) = &mut self.seen
            && !seen.insert(self.hash.hash_one(&held))
        {
            return Ok(());
        }
        let terms = held.into_iter().flatten().map(|term| TERM_BYTES + term_bytes(term));
        self.budget.take(ROW_BYTES + terms.sum::<usize>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spargebra::{Query, SparqlParser};

    #[test]
    fn what_is_sorted_or_joined_is_held_and_of_what_is_told_apart_each_once() {
        let values = |name: &str| Kept::Values(vec![Variable::new_unchecked(name)]);
        let call = "SERVICE <urn:x> { ?a <urn:p> ?b }";
        for (text, expected) in [
            ("SELECT ?a ?b { CALL FILTER (?b > 3) BIND (?b + 1 AS ?c) } LIMIT 3", Kept::Nothing),
            ("SELECT * { { CALL } UNION { ?a <urn:q> ?b } }", Kept::Nothing),
            ("SELECT ?a (MAX(?b) AS ?m) { CALL } GROUP BY ?a ORDER BY ?m", values("a")),
            ("SELECT ?y { CALL } GROUP BY (YEAR(?b) AS ?y)", Kept::Nothing),
            ("SELECT (COUNT(DISTINCT ?b) AS ?n) { CALL }", Kept::Rows),
            ("SELECT (GROUP_CONCAT(?b) AS ?n) { CALL }", Kept::Rows),
            ("SELECT DISTINCT ?b { CALL }", values("b")),
            ("SELECT REDUCED ?b { CALL }", values("b")),
            ("SELECT DISTINCT ?b { CALL } ORDER BY ?b", Kept::Rows),
            ("SELECT * { CALL } ORDER BY ?b LIMIT 3", Kept::Rows),
            ("SELECT * { CALL OPTIONAL { ?b <urn:q> ?c } }", Kept::Nothing),
            ("SELECT * { ?b <urn:q> ?c OPTIONAL { CALL } }", Kept::Rows),
            ("SELECT * { ?a <urn:p>* ?b . CALL }", Kept::Rows),
        ] {
            let query = SparqlParser::new().parse_query(&text.replace("CALL", call)).unwrap();
            let Query::Select { pattern, .. } = query else { panic!("no SELECT") };
            let name = NamedNode::new_unchecked("urn:x");
            assert_eq!(kept(&pattern).get(&name), Some(&expected), "{text}");
        }
    }
}
