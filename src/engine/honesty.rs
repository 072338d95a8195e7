//! Whether an answer with something missing is still true. SPARQL's operators that only add are
//! told from those that look at what is not there. Knows no sources.

use crate::sparql::every;
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};

/// Whether more data only ever adds to the answer, so that what is found without some of it holds.
///
/// A slice of what is not ordered may be any part of the answer, so it holds too.
pub(super) fn is_monotone(query: &Query) -> bool {
    let (Query::Select { pattern, .. }
    | Query::Construct { pattern, .. }
    | Query::Describe { pattern, .. }
    | Query::Ask { pattern, .. }) = query;
    only_adds(pattern)
}

fn only_adds(pattern: &GraphPattern) -> bool {
    use GraphPattern as P;
    match pattern {
        P::Bgp { .. } | P::Path { .. } | P::Values { .. } => true,
        P::Join { left, right } | P::Union { left, right } | P::Lateral { left, right } => {
            only_adds(left) && only_adds(right)
        }
        P::Filter { expr, inner } => passes_more(expr) && only_adds(inner),
        P::Extend { inner, expression, .. } => looks_at_row(expression) && only_adds(inner),
        P::OrderBy { inner, .. }
        | P::Graph { inner, .. }
        | P::Project { inner, .. }
        | P::Distinct { inner }
        | P::Reduced { inner } => only_adds(inner),
        P::Slice { inner, .. } => !is_ordered(inner) && only_adds(inner),
        // Whether the one that is called answers is looked at apart.
        P::Service { .. } => true,
        P::LeftJoin { .. } | P::Minus { .. } | P::Group { .. } => false,
    }
}

/// Whether a filter that lets a row pass still does when there is more data.
fn passes_more(filter: &Expression) -> bool {
    match filter {
        Expression::And(left, right) | Expression::Or(left, right) => {
            passes_more(left) && passes_more(right)
        }
        Expression::Exists(pattern) => only_adds(pattern),
        other => looks_at_row(other),
    }
}

/// Whether an expression looks at nothing but its row.
pub(super) fn looks_at_row(expression: &Expression) -> bool {
    every(expression, &|part| !matches!(part, Expression::Exists(_)))
}

fn is_ordered(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::OrderBy { .. } => true,
        GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Extend { inner, .. } => is_ordered(inner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spargebra::SparqlParser;

    fn check(text: &str) -> bool {
        is_monotone(&SparqlParser::new().parse_query(text).unwrap())
    }

    #[test]
    fn what_only_adds_stays_true_without_some_data() {
        for text in [
            "SELECT * { ?s ?p ?o . FILTER (?o > 3) }",
            "SELECT DISTINCT ?s { { ?s a <urn:a> } UNION { ?s <urn:p>+ ?o } } LIMIT 3",
            "SELECT * { ?s ?p ?o . FILTER EXISTS { ?o ?q ?r } } ORDER BY ?s",
            "ASK { ?s ?p ?o }",
            "SELECT * { ?s ?p ?o SERVICE SILENT <urn:a> { ?s ?q ?r MINUS { ?r ?q ?s } } }",
        ] {
            assert!(check(text), "{text}");
        }
    }

    #[test]
    fn what_looks_at_what_is_not_there_does_not() {
        for text in [
            "SELECT * { ?s ?p ?o MINUS { ?s a <urn:a> } }",
            "SELECT * { ?s ?p ?o OPTIONAL { ?o ?q ?r } }",
            "SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?o ?q ?r } }",
            "SELECT * { ?s ?p ?o FILTER (?p = <urn:p> || ! EXISTS { ?o ?q ?r }) }",
            "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
            "SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 3",
            "SELECT * { ?s ?p ?o BIND (EXISTS { ?o ?q ?r } AS ?b) }",
        ] {
            assert!(!check(text), "{text}");
        }
    }
}
