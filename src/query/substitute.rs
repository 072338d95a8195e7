//! Puts terms where variables stand in the algebra of a query; text is never spliced.
//! Knows nothing of parameters or of where the terms come from.

use oxigraph::model::{Literal, NamedNode, Term, Variable};
use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::HashMap;

/// The query with the terms in place of the variables, also inside subqueries and filters.
///
/// A variable that the query gives a value itself (BIND, VALUES, GROUP BY, SELECT) is left alone
/// there. The evaluator's own substitution would do only for variables that are selected.
pub(super) fn substitute(query: Query, values: &[(Variable, Term)]) -> Query {
    if values.is_empty() {
        return query;
    }
    let values = Values(values.iter().map(|(variable, term)| (variable, term)).collect());
    match query {
        Query::Select { dataset, pattern, base_iri } => {
            Query::Select { dataset, pattern: values.pattern(pattern), base_iri }
        }
        Query::Construct { template, dataset, pattern, base_iri } => Query::Construct {
            // A triple that RDF does not allow is left out, as for any other solution.
            template: template.into_iter().filter_map(|triple| values.triple(triple)).collect(),
            dataset,
            pattern: values.pattern(pattern),
            base_iri,
        },
        Query::Describe { dataset, pattern, base_iri } => {
            Query::Describe { dataset, pattern: values.pattern(pattern), base_iri }
        }
        Query::Ask { dataset, pattern, base_iri } => {
            Query::Ask { dataset, pattern: values.pattern(pattern), base_iri }
        }
    }
}

struct Values<'a>(HashMap<&'a Variable, &'a Term>);

impl Values<'_> {
    fn pattern(&self, pattern: GraphPattern) -> GraphPattern {
        use GraphPattern as P;
        match pattern {
            P::Bgp { patterns } => patterns
                .into_iter()
                .map(|triple| self.triple(triple))
                .collect::<Option<_>>()
                .map_or_else(nothing, |patterns| P::Bgp { patterns }),
            P::Path { subject, path, object } => {
                P::Path { subject: self.term(subject), path, object: self.term(object) }
            }
            P::Join { left, right } => P::Join { left: self.inner(left), right: self.inner(right) },
            P::LeftJoin { left, right, expression } => P::LeftJoin {
                left: self.inner(left),
                right: self.inner(right),
                expression: expression.map(|expression| self.expression(expression)),
            },
            P::Lateral { left, right } => {
                P::Lateral { left: self.inner(left), right: self.inner(right) }
            }
            P::Filter { expr, inner } => {
                P::Filter { expr: self.expression(expr), inner: self.inner(inner) }
            }
            P::Union { left, right } => {
                P::Union { left: self.inner(left), right: self.inner(right) }
            }
            P::Graph { name, inner } => match self.name(name) {
                Some(name) => P::Graph { name, inner: self.inner(inner) },
                None => nothing(),
            },
            P::Extend { inner, variable, expression } => P::Extend {
                inner: self.inner(inner),
                variable,
                expression: self.expression(expression),
            },
            P::Minus { left, right } => {
                P::Minus { left: self.inner(left), right: self.inner(right) }
            }
            P::Values { .. } => pattern,
            P::OrderBy { inner, expression } => P::OrderBy {
                inner: self.inner(inner),
                expression: expression.into_iter().map(|order| self.order(order)).collect(),
            },
            P::Project { inner, variables } => P::Project { inner: self.inner(inner), variables },
            P::Distinct { inner } => P::Distinct { inner: self.inner(inner) },
            P::Reduced { inner } => P::Reduced { inner: self.inner(inner) },
            P::Slice { inner, start, length } => {
                P::Slice { inner: self.inner(inner), start, length }
            }
            P::Group { inner, variables, aggregates } => P::Group {
                inner: self.inner(inner),
                variables,
                aggregates: aggregates
                    .into_iter()
                    .map(|(variable, aggregate)| (variable, self.aggregate(aggregate)))
                    .collect(),
            },
            P::Service { name, inner, silent } => match self.name(name) {
                Some(name) => P::Service { name, inner: self.inner(inner), silent },
                None => nothing(),
            },
        }
    }

    fn inner(&self, pattern: Box<GraphPattern>) -> Box<GraphPattern> {
        Box::new(self.pattern(*pattern))
    }

    /// The triple pattern, unless a term would stand where only an IRI may.
    fn triple(&self, triple: TriplePattern) -> Option<TriplePattern> {
        let subject = match self.term(triple.subject) {
            TermPattern::Literal(_) => return None,
            subject => subject,
        };
        let (predicate, object) = (self.name(triple.predicate)?, self.term(triple.object));
        Some(TriplePattern { subject, predicate, object })
    }

    fn term(&self, term: TermPattern) -> TermPattern {
        match term {
            TermPattern::Variable(variable) => match self.0.get(&variable) {
                Some(term) => (*term).clone().into(),
                None => variable.into(),
            },
            constant => constant,
        }
    }

    fn name(&self, name: NamedNodePattern) -> Option<NamedNodePattern> {
        match name {
            NamedNodePattern::Variable(variable) => match self.0.get(&variable) {
                Some(Term::NamedNode(node)) => Some(node.clone().into()),
                Some(_) => None,
                None => Some(variable.into()),
            },
            constant @ NamedNodePattern::NamedNode(_) => Some(constant),
        }
    }

    fn order(&self, order: OrderExpression) -> OrderExpression {
        match order {
            OrderExpression::Asc(expression) => OrderExpression::Asc(self.expression(expression)),
            OrderExpression::Desc(expression) => OrderExpression::Desc(self.expression(expression)),
        }
    }

    fn aggregate(&self, aggregate: AggregateExpression) -> AggregateExpression {
        match aggregate {
            AggregateExpression::FunctionCall { name, expr, distinct } => {
                AggregateExpression::FunctionCall { name, expr: self.expression(expr), distinct }
            }
            count @ AggregateExpression::CountSolutions { .. } => count,
        }
    }

    fn expression(&self, expression: Expression) -> Expression {
        use Expression as E;
        let one = |a: Box<E>| Box::new(self.expression(*a));
        let many = |list: Vec<E>| list.into_iter().map(|a| self.expression(a)).collect();
        match expression {
            E::Variable(variable) => match self.0.get(&variable) {
                Some(Term::NamedNode(node)) => NamedNode::clone(node).into(),
                Some(Term::Literal(literal)) => Literal::clone(literal).into(),
                // Expressions hold no other constants.
                Some(_) | None => variable.into(),
            },
            E::Bound(variable) if self.0.contains_key(&variable) => Literal::from(true).into(),
            E::NamedNode(_) | E::Literal(_) | E::Bound(_) => expression,
            E::Or(a, b) => E::Or(one(a), one(b)),
            E::And(a, b) => E::And(one(a), one(b)),
            E::Equal(a, b) => E::Equal(one(a), one(b)),
            E::SameTerm(a, b) => E::SameTerm(one(a), one(b)),
            E::Greater(a, b) => E::Greater(one(a), one(b)),
            E::GreaterOrEqual(a, b) => E::GreaterOrEqual(one(a), one(b)),
            E::Less(a, b) => E::Less(one(a), one(b)),
            E::LessOrEqual(a, b) => E::LessOrEqual(one(a), one(b)),
            E::In(a, list) => E::In(one(a), many(list)),
            E::Add(a, b) => E::Add(one(a), one(b)),
            E::Subtract(a, b) => E::Subtract(one(a), one(b)),
            E::Multiply(a, b) => E::Multiply(one(a), one(b)),
            E::Divide(a, b) => E::Divide(one(a), one(b)),
            E::UnaryPlus(a) => E::UnaryPlus(one(a)),
            E::UnaryMinus(a) => E::UnaryMinus(one(a)),
            E::Not(a) => E::Not(one(a)),
            E::Exists(pattern) => E::Exists(self.inner(pattern)),
            E::If(a, b, c) => E::If(one(a), one(b), one(c)),
            E::Coalesce(list) => E::Coalesce(many(list)),
            E::FunctionCall(function, list) => E::FunctionCall(function, many(list)),
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

    fn assert_becomes(query: &str, term: impl Into<Term>, expected: &str) {
        let values = [(Variable::new("x").unwrap(), term.into())];
        assert_eq!(substitute(parsed(query), &values), parsed(expected));
    }

    fn thing() -> NamedNode {
        NamedNode::new("http://a/thing").unwrap()
    }

    #[test]
    fn a_variable_becomes_its_term_wherever_it_stands() {
        assert_becomes(
            "SELECT ?s { { SELECT ?s { ?s ?p ?x } } OPTIONAL { ?s <http://a/p>+ ?x } \
             MINUS { ?x ?p ?s } GRAPH ?x { ?s ?x ?o } \
             FILTER (NOT EXISTS { ?x ?q ?s } && ?o != ?x) } ORDER BY (?o = ?x)",
            thing(),
            "SELECT ?s { { SELECT ?s { ?s ?p <http://a/thing> } } \
             OPTIONAL { ?s <http://a/p>+ <http://a/thing> } MINUS { <http://a/thing> ?p ?s } \
             GRAPH <http://a/thing> { ?s <http://a/thing> ?o } \
             FILTER (NOT EXISTS { <http://a/thing> ?q ?s } && ?o != <http://a/thing>) } \
             ORDER BY (?o = <http://a/thing>)",
        );
    }

    #[test]
    fn a_value_that_looks_like_sparql_stays_a_value() {
        let nasty = r#"") } DROP ALL #"#;
        let values = [(Variable::new("x").unwrap(), Literal::from(nasty).into())];
        let query = substitute(parsed("ASK { ?s ?p ?o FILTER (?o = ?x) }"), &values);
        let expected = r#"ASK { ?s ?p ?o FILTER (?o = "\") } DROP ALL #") }"#;
        assert_eq!(query, parsed(expected));
    }

    #[test]
    fn a_text_where_only_an_iri_may_stand_matches_nothing() {
        assert_becomes("ASK { ?s ?x ?o }", Literal::from("a"), "ASK { VALUES () {} }");
        assert_becomes("ASK { ?x ?p ?o }", Literal::from("a"), "ASK { VALUES () {} }");
    }

    #[test]
    fn a_variable_with_a_term_is_bound_and_others_are_left() {
        assert_becomes(
            "SELECT (COALESCE(?x, ?y) AS ?z) (SUM(?x + ?y) AS ?n) { FILTER (BOUND(?x)) } GROUP BY ?z",
            Literal::from(2),
            "SELECT (COALESCE(2, ?y) AS ?z) (SUM(2 + ?y) AS ?n) { FILTER (true) } GROUP BY ?z",
        );
    }
}
