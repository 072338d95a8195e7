//! Which variables every solution of a pattern binds, from the pattern alone: what is not sure is
//! left out. Knows no sources.

use oxigraph::model::Variable;
use spargebra::algebra::GraphPattern;
use spargebra::term::NamedNodePattern;
use std::collections::HashSet;

/// The variables that are bound in every solution, whatever the data.
pub(super) fn certain(pattern: &GraphPattern) -> HashSet<Variable> {
    use GraphPattern as P;
    match pattern {
        P::Bgp { .. } | P::Path { .. } => {
            let mut found = HashSet::new();
            pattern.on_in_scope_variable(|variable| {
                found.insert(variable.clone());
            });
            found
        }
        P::Values { variables, bindings } => {
            let always = |place: &usize| bindings.iter().all(|row| row[*place].is_some());
            (0..variables.len()).filter(always).map(|place| variables[place].clone()).collect()
        }
        P::Join { left, right } | P::Lateral { left, right } => &certain(left) | &certain(right),
        P::Union { left, right } => &certain(left) & &certain(right),
        P::LeftJoin { left: inner, .. }
        | P::Minus { left: inner, .. }
        | P::Filter { inner, .. }
        | P::Extend { inner, .. }
        | P::OrderBy { inner, .. }
        | P::Distinct { inner }
        | P::Reduced { inner }
        | P::Slice { inner, .. } => certain(inner),
        P::Project { inner, variables } | P::Group { inner, variables, .. } => {
            let mut found = certain(inner);
            found.retain(|variable| variables.contains(variable));
            found
        }
        // Where it fails, nothing is bound.
        P::Service { silent: true, .. } => HashSet::new(),
        P::Graph { name, inner } | P::Service { name, inner, .. } => {
            let mut found = certain(inner);
            if let NamedNodePattern::Variable(variable) = name {
                found.insert(variable.clone());
            }
            found
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spargebra::{Query, SparqlParser};

    #[test]
    fn only_what_every_solution_binds_is_certain() {
        for (text, expected) in [
            ("?a <urn:p> ?b OPTIONAL { ?b <urn:p> ?c }", "a b"),
            ("{ ?a <urn:p> ?b } UNION { ?a <urn:q> ?c }", "a"),
            ("VALUES (?a ?b) { (1 2) (3 UNDEF) }", "a"),
            ("?a <urn:p>* 1 BIND (1/0 AS ?b)", "a"),
            ("GRAPH ?a { ?b <urn:p> 1 } MINUS { ?b <urn:p> ?c }", "a b"),
            ("SERVICE SILENT <urn:x> { ?a <urn:p> 1 } SERVICE ?c { ?b <urn:p> 1 }", "b c"),
            ("{ SELECT ?a (COUNT(*) AS ?b) { ?a <urn:p> ?c } GROUP BY ?a }", "a"),
        ] {
            let query =
                SparqlParser::new().parse_query(&format!("SELECT ?a ?b ?c {{ {text} }}")).unwrap();
            let Query::Select { pattern, .. } = query else { panic!("no SELECT") };
            let found = certain(&pattern);
            let mut found: Vec<&str> = found.iter().map(Variable::as_str).collect();
            found.sort_unstable();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
