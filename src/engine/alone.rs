//! A SERVICE that is one plain question to its node, planned as any other part of the query, so that
//! it is asked only for what joins the rest. What is more than that it leaves alone.

use super::calls::source_called;
use super::honesty::looks_at_row;
use super::plan::{Op, Plan};
use super::planner::{Planner, Scope};
use oxigraph::model::NamedNode;
use spargebra::algebra::GraphPattern;

impl Planner<'_> {
    /// What a SERVICE asks, where one question to its node is all there is to it.
    pub fn called(
        &mut self,
        name: &NamedNode,
        inner: &GraphPattern,
        scope: &Scope,
    ) -> Option<Plan> {
        let source = source_called(name).filter(|_| is_plain(inner))?;
        let Scope::Merge(_) = scope else { return None };
        let plan = self.plan(inner, &Scope::Merge(vec![source]))?;
        // Who is called by name is asked, whatever was known of it.
        matches!(&plan.op, Op::Fetch(leaf) if leaf.sources() == [source]).then_some(plan)
    }
}

/// Whether what a SERVICE asks is patterns, joins, OPTIONAL and filters on rows alone: then it means
/// the same wherever the graph is read.
fn is_plain(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { .. } => true,
        GraphPattern::Join { left, right } => is_plain(left) && is_plain(right),
        GraphPattern::LeftJoin { left, right, expression } => {
            let has_row = expression.as_ref().is_none_or(looks_at_row);
            has_row && is_plain(left) && is_plain(right)
        }
        GraphPattern::Filter { expr, inner } => looks_at_row(expr) && is_plain(inner),
        _ => false,
    }
}
