//! SERVICE calls that this node answers itself, such as full-text search: what each asks is read
//! from its pattern, answered, and put in its place as a table. Knows none of the services.

use super::answer::RunError;
use oxigraph::model::{NamedNode, Term, Variable};
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A service is asked no more than this many different questions by one query.
const MOST_QUESTIONS: usize = 1000;

/// A question to a service, with the values of all that it was told.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// What is told: properties and their values; a property may stand more than once.
    pub told: Vec<(NamedNode, Term)>,
    /// The properties whose values are wanted.
    pub wanted: Vec<NamedNode>,
}

/// One answer: the thing found and the values of the wanted properties, in their order.
pub type Found = (Term, Vec<Option<Term>>);

/// Something a query may call by SERVICE although it is this node that answers.
pub trait LocalService: Send + Sync {
    /// The IRI by which queries call it.
    fn name(&self) -> NamedNode;

    /// Whether a property tells the service something; others ask it for something.
    fn is_told(&self, property: &NamedNode) -> bool;

    /// Every answer, or why there is none, in words for the author of the query. Blocking.
    fn answer(&self, question: &Question) -> Result<Vec<Found>, String>;
}

/// The services of a node.
#[derive(Clone, Default)]
pub struct Services(pub Vec<Arc<dyn LocalService>>);

impl fmt::Debug for Services {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.iter().map(|service| service.name())).finish()
    }
}

/// Gives the different values that some variables have in a pattern.
pub(super) type Select<'s> =
    &'s dyn Fn(&GraphPattern, &[Variable]) -> Result<Vec<Vec<Option<Term>>>, RunError>;

impl Services {
    /// What queries call the services.
    pub fn names(&self) -> Vec<NamedNode> {
        self.0.iter().map(|service| service.name()).collect()
    }

    fn get(&self, name: &NamedNodePattern) -> Option<&dyn LocalService> {
        let NamedNodePattern::NamedNode(name) = name else { return None };
        self.0.iter().find(|service| service.name() == *name).map(Arc::as_ref)
    }

    /// How many calls of a pattern these services can answer; those inside filters are none.
    pub(super) fn count(&self, pattern: &GraphPattern) -> usize {
        match pattern {
            GraphPattern::Service { name, .. } => usize::from(self.get(name).is_some()),
            GraphPattern::Join { left, right }
            | GraphPattern::LeftJoin { left, right, .. }
            | GraphPattern::Union { left, right }
            | GraphPattern::Minus { left, right } => self.count(left) + self.count(right),
            GraphPattern::Filter { inner, .. }
            | GraphPattern::Extend { inner, .. }
            | GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::Group { inner, .. } => self.count(inner),
            _ => 0,
        }
    }

    /// Puts the answers in the place of the calls. What a call needs to be told by a variable is
    /// taken from what it is joined with.
    pub(super) fn answered(
        &self,
        pattern: GraphPattern,
        select: Select<'_>,
    ) -> Result<GraphPattern, RunError> {
        self.within(pattern, None, select)
    }

    fn within(
        &self,
        pattern: GraphPattern,
        outside: Option<&GraphPattern>,
        select: Select<'_>,
    ) -> Result<GraphPattern, RunError> {
        if self.count(&pattern) == 0 {
            return Ok(pattern);
        }
        let inner = |inner: Box<GraphPattern>| -> Result<Box<GraphPattern>, RunError> {
            Ok(Box::new(self.within(*inner, outside, select)?))
        };
        Ok(match pattern {
            GraphPattern::Service { name, inner, .. } => match self.get(&name) {
                Some(service) => table(service, &inner, outside, select)?,
                None => return Err(RunError::Service),
            },
            GraphPattern::Join { .. } => self.join(pattern, outside, select)?,
            GraphPattern::LeftJoin { left, right, expression } => {
                let left = self.within(*left, outside, select)?;
                let right = self.within(*right, Some(&left), select)?;
                GraphPattern::LeftJoin { left: left.into(), right: right.into(), expression }
            }
            GraphPattern::Minus { left, right } => {
                let left = self.within(*left, outside, select)?;
                let right = self.within(*right, None, select)?;
                GraphPattern::Minus { left: left.into(), right: right.into() }
            }
            GraphPattern::Union { left, right } => {
                GraphPattern::Union { left: inner(left)?, right: inner(right)? }
            }
            GraphPattern::Filter { expr, inner: below } => {
                GraphPattern::Filter { expr, inner: inner(below)? }
            }
            GraphPattern::Extend { inner: below, variable, expression } => {
                GraphPattern::Extend { inner: inner(below)?, variable, expression }
            }
            GraphPattern::OrderBy { inner: below, expression } => {
                GraphPattern::OrderBy { inner: inner(below)?, expression }
            }
            // What is outside a sub-query is not seen inside.
            GraphPattern::Project { inner, variables } => GraphPattern::Project {
                inner: self.within(*inner, None, select)?.into(),
                variables,
            },
            GraphPattern::Distinct { inner: below } => {
                GraphPattern::Distinct { inner: inner(below)? }
            }
            GraphPattern::Reduced { inner: below } => {
                GraphPattern::Reduced { inner: inner(below)? }
            }
            GraphPattern::Slice { inner: below, start, length } => {
                GraphPattern::Slice { inner: inner(below)?, start, length }
            }
            GraphPattern::Group { inner: below, variables, aggregates } => {
                GraphPattern::Group { inner: inner(below)?, variables, aggregates }
            }
            other => other,
        })
    }

    /// The parts of a join that call nothing come first: the calls may need what they bind.
    fn join(
        &self,
        pattern: GraphPattern,
        outside: Option<&GraphPattern>,
        select: Select<'_>,
    ) -> Result<GraphPattern, RunError> {
        let mut parts = Vec::new();
        flatten(pattern, &mut parts);
        parts.sort_by_key(|part| self.count(part) > 0);
        let mut done: Option<GraphPattern> = None;
        for part in parts {
            let around = joined(outside.cloned(), done.clone());
            let part = self.within(part, around.as_ref(), select)?;
            done = joined(done, Some(part));
        }
        Ok(done.unwrap_or_default())
    }
}

fn flatten(pattern: GraphPattern, parts: &mut Vec<GraphPattern>) {
    match pattern {
        GraphPattern::Join { left, right } => {
            flatten(*left, parts);
            flatten(*right, parts);
        }
        other => parts.push(other),
    }
}

fn joined(left: Option<GraphPattern>, right: Option<GraphPattern>) -> Option<GraphPattern> {
    match (left, right) {
        (Some(left), Some(right)) => {
            Some(GraphPattern::Join { left: left.into(), right: right.into() })
        }
        (left, right) => left.or(right),
    }
}

/// What one call asks: its subject, what it is told, what it wants.
struct Call {
    subject: TermPattern,
    told: Vec<(NamedNode, TermPattern)>,
    wanted: Vec<(NamedNode, Variable)>,
}

/// Asks a service all that a call asks, and lays the answers out as a table.
fn table(
    service: &dyn LocalService,
    pattern: &GraphPattern,
    outside: Option<&GraphPattern>,
    select: Select<'_>,
) -> Result<GraphPattern, RunError> {
    let call = read(service, pattern)?;
    let mut unknown: Vec<Variable> = Vec::new();
    for (_, value) in &call.told {
        if let TermPattern::Variable(variable) = value
            && !unknown.contains(variable)
        {
            unknown.push(variable.clone());
        }
    }
    let tuples = match (unknown.is_empty(), outside) {
        (true, _) => vec![Vec::new()],
        (false, Some(outside)) => select(outside, &unknown)?,
        (false, None) => return Err(unbound(service, &unknown[0])),
    };
    if tuples.len() > MOST_QUESTIONS {
        return Err(call_error(
            service,
            format!(
                "it would be asked {} different questions, {MOST_QUESTIONS} at most are answered; \
             bind {} to fewer values",
                tuples.len(),
                unknown[0]
            ),
        ));
    }
    let mut variables = unknown.clone();
    let subject = match &call.subject {
        TermPattern::Variable(variable) => Some(variable.clone()),
        _ => None,
    };
    variables.extend(subject.iter().filter(|subject| !unknown.contains(subject)).cloned());
    variables.extend(call.wanted.iter().map(|(_, variable)| variable.clone()));
    let mut bindings = Vec::new();
    for tuple in tuples {
        let known: HashMap<&Variable, &Term> = unknown
            .iter()
            .zip(&tuple)
            .filter_map(|(variable, term)| Some((variable, term.as_ref()?)))
            .collect();
        let question = question(service, &call, &known)?;
        for (found, values) in service.answer(&question).map_err(|why| call_error(service, why))? {
            let mut row: Vec<Option<GroundTerm>> =
                tuple.iter().map(|term| term.clone().and_then(ground)).collect();
            match &subject {
                Some(variable) => match known.get(variable) {
                    Some(term) if **term != found => continue,
                    Some(_) => {}
                    None => row.push(ground(found)),
                },
                None if !is(&call.subject, &found) => continue,
                None => {}
            }
            row.extend(values.into_iter().map(|value| value.and_then(ground)));
            bindings.push(row);
        }
    }
    Ok(GraphPattern::Values { variables, bindings })
}

/// Reads the triples of a call; each is about the same thing.
fn read(service: &dyn LocalService, pattern: &GraphPattern) -> Result<Call, RunError> {
    let mut parts = Vec::new();
    flatten(pattern.clone(), &mut parts);
    let mut triples: Vec<TriplePattern> = Vec::new();
    for part in parts {
        match part {
            GraphPattern::Bgp { patterns } => triples.extend(patterns),
            GraphPattern::Path {
                subject,
                path: PropertyPathExpression::NamedNode(name),
                object,
            } => {
                triples.push(TriplePattern { subject, predicate: name.into(), object });
            }
            _ => {
                return Err(call_error(
                    service,
                    "it takes only triples about one variable".to_owned(),
                ));
            }
        }
    }
    let Some(first) = triples.first() else {
        return Err(call_error(service, "it is asked nothing".to_owned()));
    };
    let mut call = Call { subject: first.subject.clone(), told: Vec::new(), wanted: Vec::new() };
    for TriplePattern { subject, predicate, object } in triples {
        let NamedNodePattern::NamedNode(property) = predicate else {
            return Err(call_error(service, "its properties cannot be variables".to_owned()));
        };
        if subject != call.subject {
            return Err(call_error(
                service,
                "all its triples must have the same subject".to_owned(),
            ));
        }
        match object {
            object if service.is_told(&property) => call.told.push((property, object)),
            TermPattern::Variable(variable) => call.wanted.push((property, variable)),
            _ => {
                let text = format!("{property} is answered, so it needs a variable, not a value");
                return Err(call_error(service, text));
            }
        }
    }
    Ok(call)
}

fn question(
    service: &dyn LocalService,
    call: &Call,
    known: &HashMap<&Variable, &Term>,
) -> Result<Question, RunError> {
    let mut told = Vec::new();
    for (property, value) in &call.told {
        let term = match value {
            TermPattern::NamedNode(node) => node.clone().into(),
            TermPattern::Literal(literal) => literal.clone().into(),
            TermPattern::Variable(variable) => match known.get(variable) {
                Some(term) => (*term).clone(),
                None => return Err(unbound(service, variable)),
            },
            _ => return Err(call_error(service, format!("{property} cannot be a blank node"))),
        };
        told.push((property.clone(), term));
    }
    let wanted = call.wanted.iter().map(|(property, _)| property.clone()).collect();
    Ok(Question { told, wanted })
}

fn is(pattern: &TermPattern, term: &Term) -> bool {
    match (pattern, term) {
        (TermPattern::NamedNode(node), Term::NamedNode(term)) => node == term,
        // In a pattern a blank node is a variable without a name. SPARQL 1.1, section 4.1.4.
        (TermPattern::BlankNode(_), _) => true,
        _ => false,
    }
}

fn ground(term: Term) -> Option<GroundTerm> {
    match term {
        Term::NamedNode(node) => Some(node.into()),
        Term::Literal(literal) => Some(literal.into()),
        _ => None,
    }
}

fn unbound(service: &dyn LocalService, variable: &Variable) -> RunError {
    call_error(service, format!("{variable} must be bound outside it, to an IRI or a literal"))
}

fn call_error(service: &dyn LocalService, why: String) -> RunError {
    RunError::Call { service: service.name().into_string(), why }
}
