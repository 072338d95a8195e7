//! Puts terms where variables stand in the algebra of a query; text is never spliced.
//! Knows nothing of parameters or of where the terms come from.

use super::inside::{Inner, children, parts};
use oxigraph::model::{Literal, Term, Variable};
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::HashMap;

/// Puts the terms in the place of the variables, also inside subqueries and filters.
///
/// A variable that the query gives a value itself (BIND, VALUES, GROUP BY, SELECT) is left alone
/// there. The evaluator's own substitution would do only for variables that are selected.
pub fn substitute(query: &mut Query, values: &[(Variable, Term)]) {
    let values = Values(values.iter().map(|(variable, term)| (variable, term)).collect());
    match query {
        Query::Construct { template, pattern, .. } => {
            // A triple that RDF does not allow is left out, as for any other solution.
            template.retain_mut(|triple| values.triple(triple));
            values.pattern(pattern);
        }
        Query::Select { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => values.pattern(pattern),
    }
}

struct Values<'a>(HashMap<&'a Variable, &'a Term>);

impl Values<'_> {
    fn pattern(&self, pattern: &mut GraphPattern) {
        use GraphPattern as P;
        match pattern {
            P::Bgp { patterns } => {
                if !patterns.iter_mut().all(|triple| self.triple(triple)) {
                    *pattern = nothing();
                }
            }
            P::Path { subject, path: _, object } => {
                self.term(subject);
                self.term(object);
            }
            P::Graph { name, inner } | P::Service { name, inner, .. } => {
                if self.name(name) {
                    self.pattern(inner);
                } else {
                    *pattern = nothing();
                }
            }
            other => parts(other, &mut |inner| self.inside(inner)),
        }
    }

    fn inside(&self, inner: Inner<'_>) {
        match inner {
            Inner::Pattern(pattern) => self.pattern(pattern),
            Inner::Expression(expression) => self.expression(expression),
        }
    }

    /// Says whether the triple pattern can match: only an IRI may stand in some places.
    fn triple(&self, triple: &mut TriplePattern) -> bool {
        self.term(&mut triple.subject);
        self.term(&mut triple.object);
        self.name(&mut triple.predicate) && !matches!(triple.subject, TermPattern::Literal(_))
    }

    fn term(&self, term: &mut TermPattern) {
        if let TermPattern::Variable(variable) = term
            && let Some(&value) = self.0.get(variable)
        {
            *term = value.clone().into();
        }
    }

    /// Says whether the name can match.
    fn name(&self, name: &mut NamedNodePattern) -> bool {
        let NamedNodePattern::Variable(variable) = name else { return true };
        match self.0.get(variable) {
            None => true,
            Some(Term::NamedNode(node)) => {
                *name = node.clone().into();
                true
            }
            Some(_) => false,
        }
    }

    fn expression(&self, expression: &mut Expression) {
        use Expression as E;
        match expression {
            E::Variable(variable) => match self.0.get(variable) {
                Some(Term::NamedNode(node)) => *expression = node.clone().into(),
                Some(Term::Literal(literal)) => *expression = literal.clone().into(),
                // Expressions hold no other constants.
                Some(_) | None => {}
            },
            E::Bound(variable) => {
                if self.0.contains_key(variable) {
                    *expression = Literal::from(true).into();
                }
            }
            other => children(other, &mut |inner| self.inside(inner)),
        }
    }
}

/// The pattern that nothing matches.
fn nothing() -> GraphPattern {
    GraphPattern::Values { variables: Vec::new(), bindings: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::NamedNode;
    use spargebra::SparqlParser;

    fn parsed(text: &str) -> Query {
        SparqlParser::new().parse_query(text).unwrap()
    }

    /// The query with a term for `?x`.
    fn with(query: &str, term: impl Into<Term>) -> Query {
        let mut query = parsed(query);
        substitute(&mut query, &[(Variable::new("x").unwrap(), term.into())]);
        query
    }

    #[test]
    fn a_variable_becomes_its_term_wherever_it_stands() {
        let query = "SELECT ?s { { SELECT ?s { ?s ?p ?x } } OPTIONAL { ?s <http://a/p>+ ?x } \
             MINUS { ?x ?p ?s } GRAPH ?x { ?s ?x ?o } \
             FILTER (NOT EXISTS { ?x ?q ?s } && ?o != ?x) } ORDER BY (?o = ?x)";
        let expected = query.replace("?x", "<http://a/thing>");
        assert_eq!(with(query, NamedNode::new("http://a/thing").unwrap()), parsed(&expected));
    }

    #[test]
    fn a_value_that_looks_like_sparql_stays_a_value() {
        assert_eq!(
            with("SELECT ?s { ?s ?p ?o FILTER (?o = ?x) }", Literal::from(r#"") } DROP ALL #"#)),
            parsed(r#"SELECT ?s { ?s ?p ?o FILTER (?o = "\") } DROP ALL #") }"#),
        );
    }

    #[test]
    fn a_text_where_only_an_iri_may_stand_matches_nothing() {
        for pattern in ["?s ?x ?o", "?x ?p ?o", "GRAPH ?x { ?s ?p ?o }"] {
            let query = with(&format!("SELECT ?o {{ {pattern} }}"), Literal::from("a"));
            let variables = vec![Variable::new("o").unwrap()];
            let expected = GraphPattern::Project { inner: Box::new(nothing()), variables };
            assert!(matches!(query, Query::Select { pattern, .. } if pattern == expected));
        }
    }

    #[test]
    fn a_variable_with_a_term_is_bound_and_others_are_left() {
        assert_eq!(
            with("SELECT (COALESCE(?x, ?y) AS ?z) { FILTER (BOUND(?x) || ?y) }", Literal::from(2)),
            parsed("SELECT (COALESCE(2, ?y) AS ?z) { FILTER (true || ?y) }"),
        );
    }
}
