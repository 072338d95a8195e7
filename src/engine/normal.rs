//! Queries before they are planned: blank nodes of patterns as variables, which they are (SPARQL
//! 1.1, section 4.1.4), and alternatives of single steps as UNION (section 9.3). Plans nothing.

use crate::sparql::{Inner, children, parts, pattern_of};
use oxigraph::model::{BlankNode, NamedNode, Variable};
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern, PropertyPathExpression};
use spargebra::term::{TermPattern, TriplePattern};
use std::collections::HashMap;

/// Rewrites a query without changing what it means.
pub(super) fn normalise(query: &mut Query) {
    let prefix = fresh(query, "node_");
    let mut names = Names { prefix, known: HashMap::new(), is_in_graph: false };
    names.pattern(pattern_of(query));
}

/// How variables may begin so that none of them is one of the query's.
pub(super) fn fresh(query: &Query, prefix: &str) -> String {
    let (text, mut prefix) = (query.to_string(), prefix.to_owned());
    while text.contains(&format!("?{prefix}")) {
        prefix.push('_');
    }
    prefix
}

/// Variables for blank nodes.
struct Names {
    prefix: String,
    known: HashMap<BlankNode, Variable>,
    /// Inside `GRAPH ?node`, and SERVICE, a pair of ends counts once for each node, so paths stay as they are.
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
            // What is left to another node is left to it as it stands.
            GraphPattern::Graph { inner, .. } | GraphPattern::Service { inner, .. } => {
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
