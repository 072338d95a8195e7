//! Queries before they are planned: blank nodes of patterns as variables, which they are (SPARQL
//! 1.1, section 4.1.4), and alternatives of single steps as UNION (section 9.3). Plans nothing.

use oxigraph::model::{BlankNode, NamedNode, Variable};
use spargebra::Query;
use spargebra::algebra::{
    AggregateExpression, Expression, GraphPattern, OrderExpression, PropertyPathExpression,
};
use spargebra::term::{TermPattern, TriplePattern};
use std::collections::HashMap;

/// Rewrites a query without changing what it means.
pub(super) fn normalise(query: &mut Query) {
    let text = query.to_string();
    let mut prefix = "node_".to_owned();
    while text.contains(&format!("?{prefix}")) {
        prefix.push('_');
    }
    let mut names = Names { prefix, known: HashMap::new(), is_in_graph: false };
    let (Query::Select { pattern, .. }
    | Query::Construct { pattern, .. }
    | Query::Describe { pattern, .. }
    | Query::Ask { pattern, .. }) = query;
    names.pattern(pattern);
}

/// The pattern of a query.
pub(super) fn pattern_of(query: &mut Query) -> &mut GraphPattern {
    let (Query::Select { pattern, .. }
    | Query::Construct { pattern, .. }
    | Query::Describe { pattern, .. }
    | Query::Ask { pattern, .. }) = query;
    pattern
}

/// Variables for blank nodes.
struct Names {
    prefix: String,
    known: HashMap<BlankNode, Variable>,
    /// Inside `GRAPH ?node` a pair of ends counts once for each node, so paths stay as they are.
    is_in_graph: bool,
}

impl Names {
    fn term(&mut self, term: &mut TermPattern) {
        match term {
            TermPattern::BlankNode(node) => {
                let number = self.known.len();
                let variable = self
                    .known
                    .entry(node.clone())
                    .or_insert_with(|| Variable::new_unchecked(format!("{}{number}", self.prefix)));
                *term = variable.clone().into();
            }
            TermPattern::Triple(triple) => self.triple(triple),
            TermPattern::NamedNode(_) | TermPattern::Literal(_) | TermPattern::Variable(_) => {}
        }
    }

    fn triple(&mut self, triple: &mut TriplePattern) {
        self.term(&mut triple.subject);
        self.term(&mut triple.object);
    }

    fn pattern(&mut self, pattern: &mut GraphPattern) {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                patterns.iter_mut().for_each(|triple| self.triple(triple));
            }
            GraphPattern::Path { subject, path, object } => {
                self.term(subject);
                self.term(object);
                if let Some(steps) = alternatives(path)
                    && !self.is_in_graph
                {
                    *pattern = union(subject, &steps, object);
                }
            }
            GraphPattern::Graph { inner, .. } => {
                let outer = std::mem::replace(&mut self.is_in_graph, true);
                self.pattern(inner);
                self.is_in_graph = outer;
            }
            other => parts(other, &mut |inner| match inner {
                Inner::Pattern(inner) => self.pattern(inner),
                Inner::Expression(inner) => self.expression(inner),
            }),
        }
    }

    fn expression(&mut self, expression: &mut Expression) {
        children(expression, &mut |inner| match inner {
            Inner::Expression(inner) => self.expression(inner),
            Inner::Pattern(inner) => self.pattern(inner),
        });
    }
}

/// Whether something is true of a pattern or of any pattern inside it.
pub(super) fn any(pattern: &mut GraphPattern, is: &mut dyn FnMut(&GraphPattern) -> bool) -> bool {
    if is(pattern) {
        return true;
    }
    let mut found = false;
    parts(pattern, &mut |inner| match inner {
        Inner::Pattern(inner) => found = found || any(inner, is),
        Inner::Expression(inner) => found = found || any_in_expression(inner, is),
    });
    found
}

fn any_in_expression(
    expression: &mut Expression,
    is: &mut dyn FnMut(&GraphPattern) -> bool,
) -> bool {
    let mut found = false;
    children(expression, &mut |inner| match inner {
        Inner::Pattern(inner) => found = found || any(inner, is),
        Inner::Expression(inner) => found = found || any_in_expression(inner, is),
    });
    found
}

/// What stands directly inside an expression.
pub(super) enum Inner<'a> {
    Expression(&'a mut Expression),
    Pattern(&'a mut GraphPattern),
}

/// Visits what stands directly inside a pattern.
pub(super) fn parts(pattern: &mut GraphPattern, visit: &mut dyn FnMut(Inner<'_>)) {
    use GraphPattern as P;
    match pattern {
        P::Bgp { .. } | P::Path { .. } | P::Values { .. } => {}
        P::Join { left, right }
        | P::Lateral { left, right }
        | P::Union { left, right }
        | P::Minus { left, right } => {
            visit(Inner::Pattern(left));
            visit(Inner::Pattern(right));
        }
        P::LeftJoin { left, right, expression } => {
            visit(Inner::Pattern(left));
            visit(Inner::Pattern(right));
            expression.iter_mut().for_each(|expression| visit(Inner::Expression(expression)));
        }
        P::Filter { inner, expr: expression } | P::Extend { inner, expression, .. } => {
            visit(Inner::Pattern(inner));
            visit(Inner::Expression(expression));
        }
        P::OrderBy { inner, expression } => {
            visit(Inner::Pattern(inner));
            for order in expression {
                let (OrderExpression::Asc(by) | OrderExpression::Desc(by)) = order;
                visit(Inner::Expression(by));
            }
        }
        P::Group { inner, aggregates, .. } => {
            visit(Inner::Pattern(inner));
            for (_, aggregate) in aggregates {
                if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                    visit(Inner::Expression(expr));
                }
            }
        }
        P::Graph { inner, .. }
        | P::Service { inner, .. }
        | P::Project { inner, .. }
        | P::Distinct { inner }
        | P::Reduced { inner }
        | P::Slice { inner, .. } => visit(Inner::Pattern(inner)),
    }
}

/// Visits what stands directly inside an expression.
pub(super) fn children(expression: &mut Expression, visit: &mut dyn FnMut(Inner<'_>)) {
    use Expression as E;
    match expression {
        E::NamedNode(_) | E::Literal(_) | E::Variable(_) | E::Bound(_) => {}
        E::Exists(pattern) => visit(Inner::Pattern(pattern)),
        E::UnaryPlus(a) | E::UnaryMinus(a) | E::Not(a) => visit(Inner::Expression(a)),
        E::Or(a, b)
        | E::And(a, b)
        | E::Equal(a, b)
        | E::SameTerm(a, b)
        | E::Greater(a, b)
        | E::GreaterOrEqual(a, b)
        | E::Less(a, b)
        | E::LessOrEqual(a, b)
        | E::Add(a, b)
        | E::Subtract(a, b)
        | E::Multiply(a, b)
        | E::Divide(a, b) => {
            visit(Inner::Expression(a));
            visit(Inner::Expression(b));
        }
        E::In(a, list) => {
            visit(Inner::Expression(a));
            list.iter_mut().for_each(|inner| visit(Inner::Expression(inner)));
        }
        E::If(a, b, c) => {
            for inner in [a, b, c] {
                visit(Inner::Expression(inner));
            }
        }
        E::Coalesce(list) | E::FunctionCall(_, list) => {
            list.iter_mut().for_each(|inner| visit(Inner::Expression(inner)));
        }
    }
}

/// The single steps between which a path chooses, each with whether it goes backwards.
pub(super) fn alternatives(path: &PropertyPathExpression) -> Option<Vec<(NamedNode, bool)>> {
    match path {
        PropertyPathExpression::NamedNode(node) => Some(vec![(node.clone(), false)]),
        PropertyPathExpression::Reverse(inner) => {
            let steps = alternatives(inner)?;
            Some(steps.into_iter().map(|(node, is_back)| (node, !is_back)).collect())
        }
        PropertyPathExpression::Alternative(one, two) => {
            let mut steps = alternatives(one)?;
            steps.extend(alternatives(two)?);
            Some(steps)
        }
        _ => None,
    }
}

fn union(subject: &TermPattern, steps: &[(NamedNode, bool)], object: &TermPattern) -> GraphPattern {
    let step = |(node, is_back): &(NamedNode, bool)| {
        let (from, to) = if *is_back { (object, subject) } else { (subject, object) };
        let (subject, object) = (from.clone(), to.clone());
        let triple = TriplePattern { subject, predicate: node.clone().into(), object };
        GraphPattern::Bgp { patterns: vec![triple] }
    };
    let join = |left, right| GraphPattern::Union { left: Box::new(left), right: Box::new(right) };
    let union = steps.iter().map(step).reduce(join).unwrap_or_default();
    if steps.len() == 1 {
        return union;
    }
    // One pair of ends counts once, as the evaluator has it for all its paths; the standard counts
    // it once for each way.
    let mut variables: Vec<Variable> = Vec::new();
    for term in [subject, object] {
        if let TermPattern::Variable(variable) = term
            && !variables.contains(variable)
        {
            variables.push(variable.clone());
        }
    }
    let inner = Box::new(GraphPattern::Project { inner: Box::new(union), variables });
    GraphPattern::Distinct { inner }
}
