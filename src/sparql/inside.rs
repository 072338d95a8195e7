//! What stands inside queries, patterns and expressions, one level at a time: whoever walks through
//! the algebra names only what is of interest. Changes nothing itself.

use spargebra::Query;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};

/// The pattern of a query.
pub fn pattern_of(query: &mut Query) -> &mut GraphPattern {
    let (Query::Select { pattern, .. }
    | Query::Construct { pattern, .. }
    | Query::Describe { pattern, .. }
    | Query::Ask { pattern, .. }) = query;
    pattern
}

/// What stands directly inside a pattern or an expression.
pub enum Inner<'a> {
    Expression(&'a mut Expression),
    Pattern(&'a mut GraphPattern),
}

/// Visits what stands directly inside a pattern.
pub fn parts(pattern: &mut GraphPattern, visit: &mut dyn FnMut(Inner<'_>)) {
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
pub fn children(expression: &mut Expression, visit: &mut dyn FnMut(Inner<'_>)) {
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

/// Whether something is true of a pattern or of any pattern inside it.
pub fn any(pattern: &mut GraphPattern, is: &mut dyn FnMut(&GraphPattern) -> bool) -> bool {
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

/// Whether something is true of an expression and of each expression inside it; what stands in the
/// patterns of EXISTS is not looked at.
pub fn every(expression: &Expression, is: &dyn Fn(&Expression) -> bool) -> bool {
    // The copy is only read: there is one way down, and it may also change what it passes.
    every_mut(&mut expression.clone(), is)
}

fn every_mut(expression: &mut Expression, is: &dyn Fn(&Expression) -> bool) -> bool {
    let mut all = is(expression);
    children(expression, &mut |inner| {
        if let Inner::Expression(inner) = inner {
            all = all && every_mut(inner, is);
        }
    });
    all
}
