//! What is or is not there: EXISTS, NOT EXISTS and MINUS as semi and anti joins, and filters put
//! where they drop rows first. SPARQL 1.1, sections 8 and 17.4.1.4. Asks nobody anything.

use super::order::how;
use super::plan::{Kind, Op, Plan};
use super::planner::{Planner, Scope};
use super::push::{fits, is_portable, push};
use crate::sparql::any;
use oxigraph::model::Variable;
use spargebra::algebra::{Expression, GraphPattern};
use std::collections::HashSet;

impl Planner<'_> {
    /// A plan with a filter over it, and what of the filter is left to others.
    pub fn filtered(
        &mut self,
        plan: Plan,
        filter: &Expression,
        scope: &Scope,
    ) -> (Plan, Option<Expression>) {
        if let Expression::And(left, right) = filter {
            let (plan, one) = self.filtered(plan, left, scope);
            let (plan, two) = self.filtered(plan, right, scope);
            let rest = match (one, two) {
                (Some(one), Some(two)) => Some(Expression::And(Box::new(one), Box::new(two))),
                (one, two) => one.or(two),
            };
            return (plan, rest);
        }
        let (pattern, kind) = match filter {
            Expression::Exists(pattern) => (pattern, Kind::Semi),
            Expression::Not(inner) => match &**inner {
                Expression::Exists(pattern) => (pattern, Kind::Anti),
                _ => return self.compared(plan, filter),
            },
            _ => return self.compared(plan, filter),
        };
        match self.existing(&plan, pattern, kind, scope) {
            Some(plan) => (plan, None),
            None => (plan, Some(filter.clone())),
        }
    }

    /// A filter that looks at nothing but its row: sources drop what they can.
    fn compared(&mut self, mut plan: Plan, filter: &Expression) -> (Plan, Option<Expression>) {
        if let Op::Fetch(leaf) = &mut plan.op
            && is_portable(filter)
            && fits(filter, &leaf.certain())
        {
            leaf.filtered(filter.clone());
            plan.rows /= 2.0;
            return (plan, None);
        }
        push(filter, &mut plan);
        (plan, Some(filter.clone()))
    }

    fn existing(
        &mut self,
        plan: &Plan,
        pattern: &GraphPattern,
        kind: Kind,
        scope: &Scope,
    ) -> Option<Plan> {
        if looks_out(pattern, &plan.variables) {
            return None;
        }
        let right = self.plan(pattern, scope)?;
        shared_if_certain(plan, &right)?;
        Some(self.looked_up(plan.clone(), right, kind))
    }

    /// MINUS, where all that both sides know is always bound; with nothing in common it drops
    /// nothing.
    pub fn minus(&mut self, left: Plan, right: Plan) -> Option<Plan> {
        let shared = shared_if_certain(&left, &right)?;
        if shared == 0 {
            return None;
        }
        Some(self.looked_up(left, right, Kind::Anti))
    }

    /// Rows of the left by whether the right has any for them; asked in one question where that
    /// lies in one source.
    fn looked_up(&mut self, left: Plan, right: Plan, kind: Kind) -> Plan {
        if let (Op::Fetch(one), Op::Fetch(two)) = (&left.op, &right.op)
            && one.is_local_to(two, self.selection)
            && two.is_meant_by(one)
        {
            let mut leaf = (**one).clone();
            let exists = Expression::Exists(Box::new(two.pattern.clone()));
            leaf.filtered(match kind {
                Kind::Anti => Expression::Not(Box::new(exists)),
                _ => exists,
            });
            return self.fetch(leaf);
        }
        let how = how(&left, &right);
        Plan {
            variables: left.variables.clone(),
            certain: left.certain.clone(),
            rows: left.rows / 2.0,
            distinct: left.distinct.clone(),
            number: self.number(),
            op: Op::Join { left: Box::new(left), right: Box::new(right), how, kind },
        }
    }
}

/// Whether a pattern of EXISTS has some of the row's variables where they bind nothing, as on the
/// right of MINUS: there they stand for the row's values, which no join gives them.
fn looks_out(pattern: &GraphPattern, row: &[Variable]) -> bool {
    let mut bound = HashSet::new();
    pattern.on_in_scope_variable(|variable| {
        bound.insert(variable.clone());
    });
    // The copy is only read.
    any(&mut pattern.clone(), &mut |part| {
        let mut found = false;
        part.on_in_scope_variable(|variable| {
            found |= row.contains(variable) && !bound.contains(variable);
        });
        found
    })
}

/// How many variables both sides have; nothing where one of them is not always bound.
fn shared_if_certain(left: &Plan, right: &Plan) -> Option<usize> {
    let shared: Vec<&Variable> =
        left.variables.iter().filter(|variable| right.variables.contains(variable)).collect();
    let is_certain =
        |variable: &&&Variable| left.certain.contains(variable) && right.certain.contains(variable);
    (shared.iter().filter(is_certain).count() == shared.len()).then_some(shared.len())
}
