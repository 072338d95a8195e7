//! Splits a query: what the engine runs itself becomes fragments, each a SERVICE of its own name
//! in what the evaluator does with them. Knows plans, and runs none.

use super::plan::{Op, Plan};
use super::planner::{Planner, Scope};
use oxigraph::model::NamedNode;
use spargebra::algebra::GraphPattern;

/// What the names of fragments begin with. No address: nothing is ever sent there.
const FRAGMENT: &str = "urn:familylab:fragment:";

/// The name of a fragment.
pub(super) fn fragment_name(number: usize) -> NamedNode {
    NamedNode::new_unchecked(format!("{FRAGMENT}{number}"))
}

/// Splits one query.
pub(super) struct Cover<'a> {
    pub planner: Planner<'a>,
    pub default: Scope,
    pub fragments: Vec<Plan>,
}

impl Cover<'_> {
    /// The pattern of a whole query, whose variables keep the order they are selected in.
    pub fn rewrite_query(&mut self, pattern: GraphPattern) -> GraphPattern {
        use GraphPattern as P;
        match pattern {
            P::Distinct { inner } => P::Distinct { inner: Box::new(self.rewrite_query(*inner)) },
            P::Reduced { inner } => P::Reduced { inner: Box::new(self.rewrite_query(*inner)) },
            P::Project { inner, variables } => {
                P::Project { inner: Box::new(self.rewrite(*inner)), variables }
            }
            P::Slice { inner, start, length } => {
                let inner = Box::new(self.rewrite_query(*inner));
                if let Some(length) = length {
                    self.cut(&inner, start.saturating_add(length));
                }
                P::Slice { inner, start, length }
            }
            other => self.rewrite(other),
        }
    }

    /// The pattern with fragments in the place of what the engine runs.
    pub fn rewrite(&mut self, pattern: GraphPattern) -> GraphPattern {
        use GraphPattern as P;
        if let Some(plan) = self.plan(&pattern) {
            return self.fragment(plan, pattern);
        }
        match pattern {
            P::Join { .. } => self.rewrite_join(pattern),
            P::Filter { expr, inner } => {
                let Some(plan) = self.plan(&inner) else {
                    return P::Filter { expr, inner: Box::new(self.rewrite(*inner)) };
                };
                let default = self.default.clone();
                let (plan, rest) = self.planner.filtered(plan, &expr, &default);
                let inner = self.fragment(plan, *inner);
                match rest {
                    Some(expr) => P::Filter { expr, inner: Box::new(inner) },
                    None => inner,
                }
            }
            P::LeftJoin { left, right, expression } => {
                let (left, right) = self.both(*left, *right);
                P::LeftJoin { left, right, expression }
            }
            P::Union { left, right } => {
                let (left, right) = self.both(*left, *right);
                P::Union { left, right }
            }
            P::Minus { left, right } => {
                let (left, right) = self.both(*left, *right);
                P::Minus { left, right }
            }
            // On the right there is a call, which has its values from the left.
            P::Lateral { left, right } => P::Lateral { left: Box::new(self.rewrite(*left)), right },
            P::Slice { inner, start, length } => {
                let inner = Box::new(self.rewrite(*inner));
                if let Some(length) = length {
                    self.cut(&inner, start.saturating_add(length));
                }
                P::Slice { inner, start, length }
            }
            P::Extend { inner, variable, expression } => {
                P::Extend { inner: Box::new(self.rewrite(*inner)), variable, expression }
            }
            P::OrderBy { inner, expression } => {
                P::OrderBy { inner: Box::new(self.rewrite(*inner)), expression }
            }
            P::Project { inner, variables } => {
                P::Project { inner: Box::new(self.rewrite(*inner)), variables }
            }
            P::Distinct { inner } => P::Distinct { inner: Box::new(self.rewrite(*inner)) },
            P::Reduced { inner } => P::Reduced { inner: Box::new(self.rewrite(*inner)) },
            P::Group { inner, variables, aggregates } => {
                P::Group { inner: Box::new(self.rewrite(*inner)), variables, aggregates }
            }
            // What stands in a graph that is not planned as a whole, and all that is not known, is
            // left to the evaluator, which reads the patterns one by one.
            other => other,
        }
    }

    fn both(
        &mut self,
        left: GraphPattern,
        right: GraphPattern,
    ) -> (Box<GraphPattern>, Box<GraphPattern>) {
        (Box::new(self.rewrite(left)), Box::new(self.rewrite(right)))
    }

    /// A plan that asks somebody something.
    fn plan(&mut self, pattern: &GraphPattern) -> Option<Plan> {
        let before = self.planner.pruned.len();
        let plan = self.planner.plan(pattern, &self.default).filter(asks);
        if plan.is_none() {
            self.planner.pruned.truncate(before);
        }
        plan
    }

    /// Those parts of a join that can be planned make one fragment.
    fn rewrite_join(&mut self, pattern: GraphPattern) -> GraphPattern {
        let mut parts = Vec::new();
        operands(pattern, &mut parts);
        let (planned, rest): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|part| self.plan(part).is_some());
        let join =
            |left, right| GraphPattern::Join { left: Box::new(left), right: Box::new(right) };
        let planned = planned.into_iter().reduce(join).map(|all| self.rewrite(all));
        let rest: Vec<GraphPattern> = rest.into_iter().map(|part| self.rewrite(part)).collect();
        planned.into_iter().chain(rest).reduce(join).unwrap_or_default()
    }

    fn fragment(&mut self, plan: Plan, pattern: GraphPattern) -> GraphPattern {
        let name = fragment_name(self.fragments.len()).into();
        self.fragments.push(plan);
        // The evaluator learns from the pattern which variables are bound.
        GraphPattern::Service { name, inner: Box::new(pattern), silent: false }
    }

    /// Tells a fragment how many rows are enough, where all of its rows count.
    pub fn cut(&mut self, pattern: &GraphPattern, enough: usize) {
        match pattern {
            // The evaluator drops repeats where it may, so REDUCED may need more rows than it gives.
            GraphPattern::Project { inner, .. } | GraphPattern::Extend { inner, .. } => {
                self.cut(inner, enough);
            }
            GraphPattern::OrderBy { inner, expression } => {
                if let Some(fragment) = self.called(inner) {
                    fragment.cut_first(expression, enough);
                }
            }
            other => {
                if let Some(fragment) = self.called(other) {
                    fragment.cut(enough);
                }
            }
        }
    }

    /// The fragment that a pattern is.
    fn called(&mut self, pattern: &GraphPattern) -> Option<&mut Plan> {
        let GraphPattern::Service { name, .. } = pattern else { return None };
        let is_it = |number: &usize| *name == fragment_name(*number).into();
        let number = (0..self.fragments.len()).find(is_it)?;
        self.fragments.get_mut(number)
    }
}

/// The operands of nested joins.
pub(super) fn operands(pattern: GraphPattern, parts: &mut Vec<GraphPattern>) {
    if let GraphPattern::Join { left, right } = pattern {
        operands(*left, parts);
        operands(*right, parts);
    } else {
        parts.push(pattern);
    }
}

/// Whether a plan asks a source for anything.
fn asks(plan: &Plan) -> bool {
    match &plan.op {
        Op::Fetch(_) | Op::Walk(_) => true,
        Op::Join { left, right, .. } => asks(left) || asks(right),
        Op::Distinct(inner) => asks(inner),
        Op::Union(parts) => parts.iter().any(asks),
        Op::Values { .. } => false,
    }
}
