//! From algebra to operators, for what the engine runs itself: patterns, joins, OPTIONAL, UNION,
//! VALUES, graphs. What it does not take it leaves to the evaluator. Asks nobody anything.

use super::leaf::Leaf;
use super::order::ordered;
use super::plan::{Kind, Op, Plan};
use super::push::{fits, is_portable};
use super::select::Selection;
use oxigraph::model::{NamedNode, Variable};
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};
use std::collections::{BTreeMap, HashSet};

/// Whose graph a pattern is matched in.
#[derive(Debug, Clone)]
pub(super) enum Scope {
    /// The graphs of some sources, merged.
    Merge(Vec<usize>),
    /// Each source's own, one after the other, told by a variable.
    Each(Vec<usize>, Variable),
}

/// Why a source was left out of a pattern.
#[derive(Debug, Clone)]
pub(super) struct Pruned {
    pub source: usize,
    pub pattern: String,
    pub reason: String,
}

/// Makes plans for the parts of one query.
pub(super) struct Planner<'a> {
    pub selection: &'a Selection,
    pub names: &'a [NamedNode],
    /// The sources whose graphs may be called by name.
    pub named: &'a [usize],
    pub pruned: Vec<Pruned>,
    /// The sources and patterns in `pruned`.
    pub told: HashSet<(usize, String)>,
    pub operators: usize,
}

impl Planner<'_> {
    /// A plan for a pattern, where the engine runs all of it.
    pub fn plan(&mut self, pattern: &GraphPattern, scope: &Scope) -> Option<Plan> {
        match pattern {
            GraphPattern::Bgp { .. } | GraphPattern::Join { .. } => {
                let mut parts = Vec::new();
                self.parts(pattern, scope, &mut parts)?;
                Some(ordered(self.grown(parts), self))
            }
            GraphPattern::Values { variables, bindings } => {
                Some(self.values(variables.clone(), bindings.clone()))
            }
            GraphPattern::Union { left, right } => {
                let (left, right) = (self.plan(left, scope)?, self.plan(right, scope)?);
                Some(self.union(left, right))
            }
            GraphPattern::LeftJoin { left, right, expression } => {
                let (left, right) = (self.plan(left, scope)?, self.plan(right, scope)?);
                self.left_join(left, right, expression.as_ref())
            }
            GraphPattern::Filter { expr, inner } => {
                let plan = self.plan(inner, scope)?;
                let (plan, rest) = self.filtered(plan, expr, scope);
                rest.is_none().then_some(plan)
            }
            GraphPattern::Minus { left, right } => {
                let (left, right) = (self.plan(left, scope)?, self.plan(right, scope)?);
                self.minus(left, right)
            }
            GraphPattern::Distinct { inner } => {
                let GraphPattern::Project { inner, variables } = &**inner else { return None };
                let plan = self.plan(inner, scope)?;
                Some(self.distinct(plan, variables.clone()))
            }
            GraphPattern::Graph { name, inner } => {
                let scope = match name {
                    NamedNodePattern::NamedNode(node) => Scope::Merge(
                        self.named.iter().copied().filter(|i| self.names[*i] == *node).collect(),
                    ),
                    NamedNodePattern::Variable(variable) => {
                        Scope::Each(self.named.to_vec(), variable.clone())
                    }
                };
                self.in_graph(inner, &scope)
            }
            GraphPattern::Service {
                name: NamedNodePattern::NamedNode(name),
                inner,
                silent: false,
            } => self.called(name, inner, scope),
            GraphPattern::Path { subject, path, object } => {
                self.walk((subject, path, object), scope)
            }
            _ => None,
        }
    }

    /// The variable of `GRAPH ?node` is bound once for all that stands inside, so only what one
    /// source answers whole is planned there.
    fn in_graph(&mut self, inner: &GraphPattern, scope: &Scope) -> Option<Plan> {
        let plan = self.plan(inner, scope)?;
        if let Scope::Each(_, variable) = scope {
            let Op::Fetch(leaf) = &plan.op else { return None };
            if leaf.asked().contains(variable) {
                return None;
            }
        }
        Some(plan)
    }

    /// The operands of nested joins.
    fn parts(
        &mut self,
        pattern: &GraphPattern,
        scope: &Scope,
        parts: &mut Vec<Plan>,
    ) -> Option<()> {
        match pattern {
            GraphPattern::Join { left, right } => {
                self.parts(left, scope, parts)?;
                self.parts(right, scope, parts)
            }
            GraphPattern::Bgp { patterns } => {
                let leaves = self.leaves(patterns, scope)?;
                parts.extend(leaves.into_iter().map(|leaf| self.fetch(leaf)));
                Some(())
            }
            other => {
                parts.push(self.plan(other, scope)?);
                Some(())
            }
        }
    }

    /// A leaf for each triple pattern, sources that cannot add anything left out.
    pub fn leaves(&mut self, patterns: &[TriplePattern], scope: &Scope) -> Option<Vec<Leaf>> {
        let is_plain = |pattern: &TriplePattern| {
            let nests = |term: &TermPattern| matches!(term, TermPattern::Triple(_));
            !nests(&pattern.subject) && !nests(&pattern.object)
        };
        if patterns.is_empty() || !patterns.iter().all(is_plain) {
            return None;
        }
        let (allowed, tag) = match scope {
            Scope::Merge(sources) => (sources, None),
            Scope::Each(sources, variable) => (sources, Some(variable.clone())),
        };
        let mut chosen: Vec<(TriplePattern, Vec<usize>)> = Vec::new();
        for pattern in patterns {
            let mut kept = Vec::new();
            for source in allowed {
                match self.selection.why_not(*source, pattern) {
                    None => kept.push(*source),
                    Some(reason) => self.prune(*source, pattern, reason),
                }
            }
            chosen.push((pattern.clone(), kept));
        }
        for (at, source, variable) in self.selection.prune(&mut chosen) {
            let reason = format!("nothing that {variable} may be there joins the other patterns");
            self.prune(source, &patterns[at], reason);
        }
        Some(
            chosen
                .into_iter()
                .map(|(pattern, sources)| {
                    Leaf::new(pattern, (sources, allowed.clone()), tag.clone())
                })
                .collect(),
        )
    }

    fn prune(&mut self, source: usize, pattern: &TriplePattern, reason: String) {
        let pattern = pattern.to_string();
        // Some parts are planned more than once, to see whether they can be.
        if self.told.insert((source, pattern.clone())) {
            self.pruned.push(Pruned { source, pattern, reason });
        }
    }

    /// Puts leaves together that join within one source only.
    fn grown(&mut self, parts: Vec<Plan>) -> Vec<Plan> {
        let (mut leaves, mut rest): (Vec<Leaf>, Vec<Plan>) = (Vec::new(), Vec::new());
        for part in parts {
            match part.op {
                Op::Fetch(leaf) => leaves.push(*leaf),
                _ => rest.push(part),
            }
        }
        let mut grown: Vec<Leaf> = Vec::new();
        for leaf in leaves {
            let mut whole = leaf;
            while let Some(at) =
                grown.iter().position(|other| other.is_local_to(&whole, self.selection))
            {
                whole = grown.remove(at).joined(whole);
            }
            grown.push(whole);
        }
        rest.extend(grown.into_iter().map(|leaf| self.fetch(leaf)));
        rest
    }

    fn left_join(
        &mut self,
        left: Plan,
        right: Plan,
        expression: Option<&Expression>,
    ) -> Option<Plan> {
        if let (Op::Fetch(one), Op::Fetch(two)) = (&left.op, &right.op)
            && one.is_local_to(two, self.selection)
            && two.is_meant_by(one)
            && expression.is_none_or(|expression| {
                let mut certain = one.certain();
                certain.extend(two.certain());
                is_portable(expression) && fits(expression, &certain)
            })
        {
            let leaf = (**one).clone().with_optional((**two).clone(), expression.cloned());
            return Some(self.fetch(leaf));
        }
        if expression.is_some() {
            return None;
        }
        let how = super::order::how(&left, &right);
        let mut variables = left.variables.clone();
        variables.extend(right.variables.iter().filter(|v| !left.variables.contains(v)).cloned());
        Some(Plan {
            variables,
            certain: left.certain.clone(),
            rows: left.rows.max(super::order::joined_rows(&left, &right)),
            distinct: left.distinct.clone(),
            number: self.number(),
            op: Op::Join { left: Box::new(left), right: Box::new(right), how, kind: Kind::Left },
        })
    }

    fn union(&mut self, left: Plan, right: Plan) -> Plan {
        let mut variables = left.variables.clone();
        variables.extend(right.variables.iter().filter(|v| !left.variables.contains(v)).cloned());
        let both = |v: &&Variable| right.certain.contains(v);
        let certain: Vec<Variable> = left.certain.iter().filter(both).cloned().collect();
        let mut distinct = BTreeMap::new();
        for variable in &certain {
            let values = |plan: &Plan| plan.distinct.get(variable.as_str()).copied();
            let sum = values(&left).unwrap_or(left.rows) + values(&right).unwrap_or(right.rows);
            distinct.insert(variable.as_str().to_owned(), sum);
        }
        Plan {
            variables,
            certain,
            rows: left.rows + right.rows,
            distinct,
            number: self.number(),
            op: Op::Union(vec![left, right]),
        }
    }

    fn distinct(&mut self, plan: Plan, variables: Vec<Variable>) -> Plan {
        let is_kept = |variable: &&Variable| variables.contains(variable);
        let certain: Vec<Variable> = plan.certain.iter().filter(is_kept).cloned().collect();
        let distinct = plan.distinct.iter();
        let distinct =
            distinct.filter(|(name, _)| certain.iter().any(|v| v.as_str() == name.as_str()));
        Plan {
            distinct: distinct.map(|(name, values)| (name.clone(), *values)).collect(),
            certain,
            rows: plan.rows,
            number: self.number(),
            op: Op::Distinct(Box::new(plan)),
            variables,
        }
    }

    fn values(&mut self, variables: Vec<Variable>, rows: Vec<Vec<Option<GroundTerm>>>) -> Plan {
        let always = |place: &usize| rows.iter().all(|row| row[*place].is_some());
        let certain: Vec<Variable> =
            (0..variables.len()).filter(always).map(|place| variables[place].clone()).collect();
        let count = rows.iter().map(|_| 1.0).sum();
        Plan {
            distinct: certain.iter().map(|v| (v.as_str().to_owned(), count)).collect(),
            variables,
            certain,
            rows: count,
            number: self.number(),
            op: Op::Values { rows },
        }
    }

    pub fn fetch(&mut self, leaf: Leaf) -> Plan {
        let mut variables = leaf.asked();
        let mut certain = leaf.certain();
        let rows = leaf.rows(self.selection);
        let mut distinct: BTreeMap<String, f64> = certain
            .iter()
            .map(|v| (v.as_str().to_owned(), leaf.distinct(v, self.selection)))
            .collect();
        if let Some(tag) = &leaf.tag {
            variables.push(tag.clone());
            certain.push(tag.clone());
            distinct.insert(tag.as_str().to_owned(), 1.0);
        }
        Plan {
            variables,
            certain,
            rows,
            distinct,
            number: self.number(),
            op: Op::Fetch(Box::new(leaf)),
        }
    }

    /// A number for the next operator.
    pub fn number(&mut self) -> usize {
        self.operators += 1;
        self.operators
    }
}
