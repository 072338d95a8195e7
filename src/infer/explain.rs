//! Why a statement is there: who states it, or which rule infers it from which facts.
//! Looks things up; changes nothing.

use super::evaluate::select;
use super::follow::{Inference, is_about};
use super::rule::{InferError, Rule};
use crate::schema::Text;
use crate::sparql::substitute;
use crate::store::View;
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term, Triple, Variable};
use oxigraph::sparql::QuerySolution;
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern, PropertyPathExpression as Path};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::{HashSet, VecDeque};

/// Why a statement is there.
#[derive(Debug, Clone, Default)]
pub struct Explanation {
    /// The graphs that state it.
    pub stated_in: Vec<GraphName>,
    /// A reason for each rule that infers it.
    pub inferred: Vec<Reasoning>,
}

/// How one rule came to a statement.
#[derive(Debug, Clone)]
pub struct Reasoning {
    pub rule: String,
    pub summary: Text,
    pub description: Text,
    /// What the rule found.
    pub facts: Vec<Fact>,
    /// The patterns that had to match nothing, and did, in SPARQL.
    pub absent: Vec<String>,
}

/// A statement, and the graph that makes it.
pub type Fact = Quad;

impl Inference {
    /// Explains a statement. Both lists are empty where nothing supports it.
    pub fn explain(&self, statement: &Triple) -> Result<Explanation, InferError> {
        let view = self.stated();
        let mut explanation = Explanation::default();
        let Triple { subject, predicate, object } = statement;
        for quad in view.quads(Some(subject), Some(predicate), Some(object), None) {
            explanation.stated_in.push(quad?.graph_name);
        }
        let explain = Explain { view: &view };
        for rule in &self.rules().rules {
            if is_about(&view, rule, subject)?
                && let Some(reasoning) = explain.rule(rule, statement)?
            {
                explanation.inferred.push(reasoning);
            }
        }
        Ok(explanation)
    }
}

struct Explain<'a> {
    view: &'a View<'static>,
}

/// What supports one solution.
#[derive(Default)]
struct Support {
    facts: Vec<Fact>,
    absent: Vec<String>,
}

impl Explain<'_> {
    fn rule(&self, rule: &Rule, statement: &Triple) -> Result<Option<Reasoning>, InferError> {
        let Query::Construct { template, pattern, .. } = &rule.query else { return Ok(None) };
        for triple in template {
            let Some(values) = unify(triple, statement) else { continue };
            if let Some(support) = self.solve(pattern, &values)? {
                let Support { mut facts, absent } = support;
                let mut seen = HashSet::new();
                facts.retain(|fact| seen.insert(fact.clone()));
                return Ok(Some(Reasoning {
                    rule: rule.name.clone(),
                    summary: rule.summary.clone(),
                    description: rule.description.clone(),
                    facts,
                    absent,
                }));
            }
        }
        Ok(None)
    }

    /// The support of the first solution that agrees with some values.
    fn solve(
        &self,
        pattern: &GraphPattern,
        values: &[(Variable, Term)],
    ) -> Result<Option<Support>, InferError> {
        let mut names = Vec::new();
        pattern.on_in_scope_variable(|name| {
            if !names.contains(name) {
                names.push(name.clone());
            }
        });
        let pattern = GraphPattern::Project { inner: Box::new(pattern.clone()), variables: names };
        let mut query = Query::Select { dataset: None, pattern, base_iri: None };
        substitute(&mut query, values);
        let Query::Select { pattern: GraphPattern::Project { inner, .. }, .. } = &query else {
            return Ok(None);
        };
        for solution in select(&query, self.view)?.into_iter().flatten() {
            let solution = solution?;
            let agrees = |(name, term): &(Variable, Term)| {
                solution.get(name).is_none_or(|value| value == term)
            };
            let mut support = Support::default();
            if values.iter().all(agrees) && self.pattern(inner, &solution, &mut support)? {
                return Ok(Some(support));
            }
        }
        Ok(None)
    }

    /// Collects what makes a pattern match; false where it does not with this solution.
    fn pattern(
        &self,
        pattern: &GraphPattern,
        solution: &QuerySolution,
        support: &mut Support,
    ) -> Result<bool, InferError> {
        use GraphPattern as P;
        Ok(match pattern {
            P::Bgp { patterns } => {
                for triple in patterns {
                    let Some(fact) = self.fact(triple, solution)? else { return Ok(false) };
                    support.facts.push(fact);
                }
                true
            }
            P::Path { subject, path, object } => {
                let ends = (term(subject, solution), term(object, solution));
                let (Some(from), Some(to)) = ends else { return Ok(false) };
                let found = self.walk(path, &from)?.into_iter().find(|(end, _)| *end == to);
                let matches = found.is_some();
                support.facts.extend(found.into_iter().flat_map(|(_, facts)| facts));
                matches
            }
            P::Join { left, right } | P::Lateral { left, right } => {
                self.pattern(left, solution, support)? && self.pattern(right, solution, support)?
            }
            P::Union { left, right } => {
                self.branch(left, solution, support)? || self.branch(right, solution, support)?
            }
            P::LeftJoin { left, right, .. } => {
                let mut option = Support::default();
                if self.pattern(right, solution, &mut option)? {
                    support.facts.append(&mut option.facts);
                }
                self.pattern(left, solution, support)?
            }
            P::Filter { inner, expr: expression } | P::Extend { inner, expression, .. } => {
                let matches = self.pattern(inner, solution, support)?;
                if matches {
                    self.expression(expression, solution, support)?;
                }
                matches
            }
            P::Minus { left: inner, .. }
            | P::Graph { inner, .. }
            | P::Service { inner, .. }
            | P::OrderBy { inner, .. }
            | P::Project { inner, .. }
            | P::Distinct { inner }
            | P::Reduced { inner }
            | P::Slice { inner, .. }
            | P::Group { inner, .. } => self.pattern(inner, solution, support)?,
            P::Values { .. } => true,
        })
    }

    /// One side of a union; what it found counts only if all of it matches.
    fn branch(
        &self,
        pattern: &GraphPattern,
        solution: &QuerySolution,
        support: &mut Support,
    ) -> Result<bool, InferError> {
        let mut found = Support::default();
        let matches = self.pattern(pattern, solution, &mut found)?;
        if matches {
            support.facts.append(&mut found.facts);
            support.absent.append(&mut found.absent);
        }
        Ok(matches)
    }

    /// Looks into EXISTS: what is there is a fact, what is not is told as absent.
    fn expression(
        &self,
        expression: &Expression,
        solution: &QuerySolution,
        support: &mut Support,
    ) -> Result<(), InferError> {
        use Expression as E;
        match expression {
            E::Exists(inner) => {
                let values: Vec<(Variable, Term)> =
                    solution.iter().map(|(name, term)| (name.clone(), term.clone())).collect();
                match self.solve(inner, &values)? {
                    Some(mut found) => {
                        support.facts.append(&mut found.facts);
                        support.absent.append(&mut found.absent);
                    }
                    None => support.absent.push(inner.to_string()),
                }
                Ok(())
            }
            E::Not(inner) | E::UnaryPlus(inner) | E::UnaryMinus(inner) => {
                self.expression(inner, solution, support)
            }
            E::Or(left, right) | E::And(left, right) => {
                self.expression(left, solution, support)?;
                self.expression(right, solution, support)
            }
            E::If(first, second, third) => [first, second, third]
                .into_iter()
                .try_for_each(|part| self.expression(part, solution, support)),
            E::Coalesce(parts) | E::FunctionCall(_, parts) => {
                parts.iter().try_for_each(|part| self.expression(part, solution, support))
            }
            _ => Ok(()),
        }
    }

    fn fact(
        &self,
        triple: &TriplePattern,
        solution: &QuerySolution,
    ) -> Result<Option<Fact>, InferError> {
        let predicate = match &triple.predicate {
            NamedNodePattern::NamedNode(node) => Some(Term::from(node.clone())),
            NamedNodePattern::Variable(name) => solution.get(name).cloned(),
        };
        let ends = (term(&triple.subject, solution), predicate, term(&triple.object, solution));
        let (Some(subject), Some(Term::NamedNode(predicate)), Some(object)) = ends else {
            return Ok(None);
        };
        let Some(subject) = node(subject) else { return Ok(None) };
        let mut found = self.view.quads(Some(&subject), Some(&predicate), Some(&object), None);
        Ok(found.next().transpose()?)
    }

    /// The ends of a path from one term, each with the facts on a shortest way to it.
    fn walk(&self, path: &Path, from: &Term) -> Result<Vec<(Term, Vec<Fact>)>, InferError> {
        let mut ends = Vec::new();
        match path {
            Path::NamedNode(predicate) => {
                let Some(subject) = node(from.clone()) else { return Ok(ends) };
                for quad in self.view.quads(Some(&subject), Some(predicate), None, None) {
                    let quad = quad?;
                    ends.push((quad.object.clone(), vec![quad]));
                }
            }
            Path::Reverse(inner) => {
                if let Path::NamedNode(predicate) = &**inner {
                    for quad in self.view.quads(None, Some(predicate), Some(from), None) {
                        let quad = quad?;
                        ends.push((quad.subject.clone().into(), vec![quad]));
                    }
                }
            }
            Path::Alternative(left, right) => {
                ends = self.walk(left, from)?;
                ends.extend(self.walk(right, from)?);
            }
            Path::Sequence(first, second) => {
                for (middle, way) in self.walk(first, from)? {
                    for (end, rest) in self.walk(second, &middle)? {
                        ends.push((end, [way.clone(), rest].concat()));
                    }
                }
            }
            Path::OneOrMore(inner) | Path::ZeroOrMore(inner) | Path::ZeroOrOne(inner) => {
                let (mut seen, mut open) = (HashSet::new(), VecDeque::new());
                open.push_back((from.clone(), Vec::new()));
                while let Some((at, way)) = open.pop_front() {
                    for (end, rest) in self.walk(inner, &at)? {
                        if seen.insert(end.clone()) {
                            let way = [way.clone(), rest].concat();
                            open.push_back((end.clone(), way.clone()));
                            ends.push((end, way));
                        }
                    }
                }
            }
            Path::NegatedPropertySet(_) => {}
        }
        Ok(ends)
    }
}

fn node(term: Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.into()),
        Term::BlankNode(node) => Some(node.into()),
        _ => None,
    }
}

fn term(pattern: &TermPattern, solution: &QuerySolution) -> Option<Term> {
    match pattern {
        TermPattern::Variable(name) => solution.get(name).cloned(),
        TermPattern::NamedNode(node) => Some(node.clone().into()),
        TermPattern::Literal(literal) => Some(literal.clone().into()),
        _ => None,
    }
}

/// The values that make a template's triple the statement, if there are any.
fn unify(triple: &TriplePattern, statement: &Triple) -> Option<Vec<(Variable, Term)>> {
    let mut values = Vec::new();
    let mut same = |pattern: TermPattern, term: Term| match pattern {
        TermPattern::Variable(name) => {
            values.push((name, term));
            true
        }
        TermPattern::NamedNode(node) => term == Term::from(node),
        TermPattern::Literal(literal) => term == Term::from(literal),
        _ => false,
    };
    let predicate = match triple.predicate.clone() {
        NamedNodePattern::NamedNode(node) => TermPattern::NamedNode(node),
        NamedNodePattern::Variable(name) => TermPattern::Variable(name),
    };
    let matches = same(triple.subject.clone(), statement.subject.clone().into())
        && same(predicate, statement.predicate.clone().into())
        && same(triple.object.clone(), statement.object.clone());
    matches.then_some(values)
}
