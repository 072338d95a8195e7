//! Whether the evaluator holds the rows that it is handed, or lets them pass: what it holds counts on
//! a query's budget. Knows no sources.

use super::source::Row;
use super::term::term_bytes;
use spargebra::algebra::{AggregateExpression, AggregateFunction, GraphPattern};

/// What a row takes that is held, beside its terms.
const ROW_BYTES: usize = 48;
/// What a term of such a row takes, beside its text.
const TERM_BYTES: usize = 40;

/// Whether some operator of a pattern holds rows: to sort them, to tell those that are alike, or to
/// join them. Groups are held too, but take less than what they are made of.
pub(super) fn keeps_rows(pattern: &GraphPattern) -> bool {
    use GraphPattern as P;
    match pattern {
        P::Bgp { .. } | P::Path { .. } | P::Values { .. } | P::Service { .. } => false,
        P::Filter { inner, .. }
        | P::Extend { inner, .. }
        | P::Graph { inner, .. }
        | P::Project { inner, .. }
        | P::Reduced { inner }
        | P::Slice { inner, .. } => keeps_rows(inner),
        P::Union { left, right } => keeps_rows(left) || keeps_rows(right),
        P::Group { inner, aggregates, .. } => {
            aggregates.iter().any(|(_, aggregate)| keeps_values(aggregate)) || keeps_rows(inner)
        }
        P::Join { .. }
        | P::Lateral { .. }
        | P::LeftJoin { .. }
        | P::Minus { .. }
        | P::OrderBy { .. }
        | P::Distinct { .. } => true,
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

/// About how many bytes a row takes that is held.
pub(super) fn row_bytes(row: &Row) -> usize {
    let terms = row.iter().flatten().map(|term| TERM_BYTES + term_bytes(term));
    ROW_BYTES + terms.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use spargebra::{Query, SparqlParser};

    #[test]
    fn what_is_sorted_told_apart_or_joined_is_held_and_what_is_counted_is_not() {
        for (text, expected) in [
            ("SELECT ?a ?b { ?a <urn:p> ?b FILTER (?b > 3) BIND (?b + 1 AS ?c) } LIMIT 3", false),
            ("SELECT * { { ?a <urn:p> ?b } UNION { GRAPH ?g { ?a <urn:q> ?b } } }", false),
            ("SELECT ?a (COUNT(?b) AS ?n) (MAX(?b) AS ?m) { ?a <urn:p> ?b } GROUP BY ?a", false),
            ("SELECT (COUNT(DISTINCT ?b) AS ?n) { ?a <urn:p> ?b }", true),
            ("SELECT (GROUP_CONCAT(?b) AS ?n) { ?a <urn:p> ?b }", true),
            ("SELECT DISTINCT ?a { ?a <urn:p> ?b }", true),
            ("SELECT * { ?a <urn:p> ?b } ORDER BY ?b LIMIT 3", true),
            ("SELECT * { ?a <urn:p> ?b OPTIONAL { ?b <urn:q> ?c } }", true),
            ("SELECT * { ?a <urn:p>* ?b . ?b <urn:q> ?c }", true),
        ] {
            let query = SparqlParser::new().parse_query(text).unwrap();
            let Query::Select { pattern, .. } = query else { panic!("no SELECT") };
            assert_eq!(keeps_rows(&pattern), expected, "{text}");
        }
    }
}
