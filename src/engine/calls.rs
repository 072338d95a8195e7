//! SERVICE in a federated query: whom it calls, and how the rest of the query reaches it. Sources
//! are called by their names or the addresses of their endpoints, and nobody else is. SPARQL 1.1
//! Federated Query, sections 2 and 4. Calls nobody.

use super::certain::certain;
use super::cover::operands;
use super::error::EngineError;
use super::honesty::looks_at_row;
use super::source::{Request, Source};
use crate::sparql::{Inner, any, children, parts, pattern_of};
use oxigraph::model::{Literal, NamedNode, Term, Variable};
use spargebra::Query;
use spargebra::algebra::{Expression, Function, GraphPattern};
use spargebra::term::{GroundTerm, NamedNodePattern};
use std::collections::HashSet;
use std::sync::Arc;

/// What the names of calls begin with. No address: nothing is ever sent there.
const CALL: &str = "urn:familylab:call:";
/// The function that finds the name of a call for a node whose name is a value.
pub(super) const CALLED: &str = "urn:familylab:called";

/// What one SERVICE asks.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// The patterns as they are sent, none of them changed.
    pub request: Request,
    /// Whether a failure counts as one solution that binds nothing.
    pub silent: bool,
    /// The source, where the query names it; otherwise a variable does.
    pub source: Option<usize>,
}

/// All that a query calls.
#[derive(Debug, Clone)]
pub(super) struct Calls {
    /// The sources by everything they are called.
    names: Vec<(NamedNode, usize)>,
    calls: Vec<Call>,
}

impl Calls {
    /// Takes the calls out of a query, and puts names into their places that only this room knows.
    pub fn take(query: &mut Query, sources: &[Arc<dyn Source>]) -> Result<Self, EngineError> {
        let names = sources.iter().enumerate().flat_map(|(place, source)| {
            let names = [Some(source.name()), source.endpoint()].into_iter().flatten();
            names.map(move |name| (name.clone(), place))
        });
        let mut calls = Self { names: names.collect(), calls: Vec::new() };
        calls.pattern(pattern_of(query))?;
        Ok(calls)
    }

    /// What is called by a name that was put into the query, and whom that means; nobody where a
    /// value names nobody who is listed.
    pub fn get(&self, name: &NamedNode) -> Option<(&Call, Option<usize>)> {
        let (number, source) = name.as_str().strip_prefix(CALL)?.split_once(':')?;
        Some((self.calls.get(number.parse::<usize>().ok()?)?, source.parse().ok()))
    }

    /// The sources that the query itself names, and cannot do without.
    pub fn needed(&self) -> impl Iterator<Item = usize> + '_ {
        self.calls.iter().filter(|call| !call.silent).filter_map(|call| call.source)
    }

    /// The name of a call for a node that is a value; an error where nobody is called that, unless
    /// failures are to be passed over.
    pub fn called(&self, node: &Term, number: &Term) -> Result<Option<NamedNode>, EngineError> {
        let Term::Literal(number) = number else { return Ok(None) };
        let Ok(number) = number.value().parse::<usize>() else { return Ok(None) };
        let source = match node {
            Term::NamedNode(node) => self.source(node),
            _ => None,
        };
        let is_silent = self.calls.get(number).is_some_and(|call| call.silent);
        if source.is_none() && !is_silent {
            return Err(EngineError::Unlisted(node.to_string()));
        }
        Ok(Some(call_name(number, source)))
    }

    /// A text in which calls have names that its reader knows.
    pub fn readable(&self, mut text: String, names: &[NamedNode]) -> String {
        for (number, call) in self.calls.iter().enumerate() {
            if let Some(source) = call.source {
                let name = call_name(number, Some(source)).to_string();
                text = text.replace(&name, &names[source].to_string());
            }
        }
        text
    }

    fn source(&self, node: &NamedNode) -> Option<usize> {
        let is_it = |(name, _): &&(NamedNode, usize)| plain(name) == plain(node);
        self.names.iter().find(is_it).map(|(_, source)| *source)
    }

    fn pattern(&mut self, pattern: &mut GraphPattern) -> Result<(), EngineError> {
        use GraphPattern as P;
        match pattern {
            P::Service { .. } => *pattern = self.service(std::mem::take(pattern))?,
            P::Join { .. } => {
                let mut all = Vec::new();
                operands(std::mem::take(pattern), &mut all);
                let (open, mut named): (Vec<_>, Vec<_>) = all.into_iter().partition(is_open);
                named.iter_mut().try_for_each(|part| self.pattern(part))?;
                // Those that a variable names come last, when it has its values.
                let named = named.into_iter().reduce(join).unwrap_or_default();
                *pattern = open.into_iter().try_fold(named, |left, call| {
                    let (left, right) = self.beside(left, call)?;
                    Ok::<_, EngineError>(P::Lateral { left, right })
                })?;
            }
            P::LeftJoin { left, right, expression } if is_open(right) => {
                self.pattern(left)?;
                if let Some(expression) = expression {
                    self.expression(expression)?;
                }
                let (left, right) = self.beside(std::mem::take(left), std::mem::take(right))?;
                let (nothing, expression) = (Box::default(), expression.take());
                let right = Box::new(P::LeftJoin { left: nothing, right, expression });
                *pattern = P::Lateral { left, right };
            }
            other => return self.inside(|visit| parts(other, visit)),
        }
        Ok(())
    }

    fn expression(&mut self, expression: &mut Expression) -> Result<(), EngineError> {
        self.inside(|visit| children(expression, visit))
    }

    fn inside(&mut self, walk: impl FnOnce(&mut dyn FnMut(Inner<'_>))) -> Result<(), EngineError> {
        let mut done = Ok(());
        walk(&mut |inner| {
            if done.is_ok() {
                done = match inner {
                    Inner::Pattern(inner) => self.pattern(inner),
                    Inner::Expression(inner) => self.expression(inner),
                };
            }
        });
        done
    }

    /// One SERVICE with the name of its call.
    fn service(&mut self, service: GraphPattern) -> Result<GraphPattern, EngineError> {
        let GraphPattern::Service { name, inner, silent } = service else { return Ok(service) };
        let node = match name {
            NamedNodePattern::NamedNode(node) => node,
            name @ NamedNodePattern::Variable(_) => {
                let call = GraphPattern::Service { name, inner, silent };
                let (left, right) = self.beside(GraphPattern::default(), call)?;
                return Ok(GraphPattern::Lateral { left, right });
            }
        };
        let Some(source) = self.source(&node) else {
            return Err(EngineError::Unlisted(node.to_string()));
        };
        if !silent && let Some(mut moved) = moved(&node, &inner) {
            self.pattern(&mut moved)?;
            return Ok(moved);
        }
        let number = self.call(&inner, silent, Some(source))?;
        Ok(GraphPattern::Service { name: call_name(number, Some(source)).into(), inner, silent })
    }

    /// What finds a value for the variable that names a SERVICE, and the SERVICE that is called
    /// for each of its values. Where nothing gives it values it is every source there is.
    fn beside(
        &mut self,
        left: impl Into<Box<GraphPattern>>,
        service: impl Into<Box<GraphPattern>>,
    ) -> Result<(Box<GraphPattern>, Box<GraphPattern>), EngineError> {
        let (mut left, service) = (left.into(), service.into());
        let GraphPattern::Service { name: NamedNodePattern::Variable(node), inner, silent } =
            *service
        else {
            return Ok((left, service));
        };
        let number = self.call(&inner, silent, None)?;
        if !certain(&left).contains(&node) {
            // A value that comes from elsewhere stays, also where it names nobody.
            let right = Box::new(self.every(node.clone()));
            left = Box::new(GraphPattern::LeftJoin { left, right, expression: None });
        }
        // A variable that no parsed query holds, since a name cannot have a space in it.
        let name = Variable::new_unchecked(format!("familylab call {number}"));
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let expression = Expression::FunctionCall(
            Function::Custom(NamedNode::new_unchecked(CALLED)),
            vec![node.into(), Literal::from(number).into()],
        );
        let left = GraphPattern::Extend { inner: left, variable: name.clone(), expression };
        let right = GraphPattern::Service { name: name.into(), inner, silent };
        Ok((Box::new(left), Box::new(right)))
    }

    /// Every source by its name, as the values of a variable.
    fn every(&self, variable: Variable) -> GraphPattern {
        let row = |(name, _): &(NamedNode, usize)| vec![Some(GroundTerm::NamedNode(name.clone()))];
        let mut known = HashSet::new();
        let names = self.names.iter().filter(|(_, source)| known.insert(*source));
        let bindings = names.map(row).collect();
        GraphPattern::Values { variables: vec![variable], bindings }
    }

    /// Takes note of a call. What a node is sent calls nobody: it might call whom it may and this
    /// node must not.
    fn call(
        &mut self,
        inner: &GraphPattern,
        silent: bool,
        source: Option<usize>,
    ) -> Result<usize, EngineError> {
        if holds_service(inner) {
            return Err(EngineError::Nested);
        }
        let mut variables: Vec<Variable> = Vec::new();
        inner.on_in_scope_variable(|variable| {
            if !variables.contains(variable) {
                variables.push(variable.clone());
            }
        });
        let pattern = inner.clone();
        let request = Request { pattern, variables, keeps_repeats: true, ..Request::default() };
        self.calls.push(Call { request, silent, source });
        Ok(self.calls.len() - 1)
    }
}

/// The source of a call whose name a query holds.
pub(super) fn source_called(name: &NamedNode) -> Option<usize> {
    name.as_str().strip_prefix(CALL)?.split_once(':')?.1.parse().ok()
}

/// A SERVICE that holds others moved inwards, so that this node calls all of them by its own list
/// and no other node has to. Evaluation goes from the inside out, so it means the same; nothing
/// where no other is inside, or where that may mean something else.
fn moved(node: &NamedNode, inner: &GraphPattern) -> Option<GraphPattern> {
    use GraphPattern as P;
    if !holds_service(inner) {
        return None;
    }
    if let P::Service { .. } = inner {
        return Some(inner.clone());
    }
    let mut moved_in = inner.clone();
    let (mut can_be, mut patterns) = (true, 0);
    parts(&mut moved_in, &mut |part| match part {
        Inner::Expression(part) => can_be &= looks_at_row(part),
        Inner::Pattern(part) => {
            patterns += 1;
            *part = moved(node, part).unwrap_or_else(|| P::Service {
                name: node.clone().into(),
                inner: Box::new(std::mem::take(part)),
                silent: false,
            });
        }
    });
    (can_be && patterns > 0 && !matches!(inner, P::Graph { .. })).then_some(moved_in)
}

/// Whether a query calls a service itself.
fn holds_service(pattern: &GraphPattern) -> bool {
    // The copy is only read.
    any(&mut pattern.clone(), &mut |part| matches!(part, GraphPattern::Service { .. }))
}

fn is_open(pattern: &GraphPattern) -> bool {
    matches!(pattern, GraphPattern::Service { name: NamedNodePattern::Variable(_), .. })
}

fn join(left: GraphPattern, right: GraphPattern) -> GraphPattern {
    GraphPattern::Join { left: Box::new(left), right: Box::new(right) }
}

fn call_name(number: usize, source: Option<usize>) -> NamedNode {
    let source = source.map_or_else(|| "none".to_owned(), |source| source.to_string());
    NamedNode::new_unchecked(format!("{CALL}{number}:{source}"))
}

/// A name without the slash at its end, which people write and leave out.
fn plain(node: &NamedNode) -> &str {
    node.as_str().trim_end_matches('/')
}
