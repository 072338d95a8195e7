//! A plan for people and for programs: what is asked of whom, in which order, why others are left
//! out, what was expected and what came. Asks nobody.

use super::identity::{Identity, OtherName};
use super::leaf::Leaf;
use super::plan::{How, Kind, Op, Plan};
use super::planner::Pruned;
use super::steps::Steps;
use super::summary::Basis;
use oxigraph::model::NamedNode;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::{self, Write};
use std::time::Duration;

/// A plan as it can be shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// How long planning took.
    pub planned_ms: f64,
    /// What the engine runs itself, by the names the rest calls it by.
    pub fragments: Vec<StepExplanation>,
    /// Which sources are left out of which pattern, and why.
    pub pruned: Vec<PrunedExplanation>,
    /// What the evaluator does with the fragments, as SPARQL.
    pub residual: String,
    /// The names by which what the query names was looked for as well.
    #[serde(skip_serializing_if = "Identity::is_empty")]
    pub identity: Identity,
}

/// One operator.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepExplanation {
    pub number: usize,
    pub operator: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    pub estimated_rows: f64,
    /// What came of it, where it was run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<Done>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<StepExplanation>,
}

/// What came of an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Done {
    pub rows: usize,
    pub requests: usize,
    /// When it had ended, in milliseconds since the beginning; nothing where it was not needed
    /// to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_ms: Option<u64>,
}

/// A source that is left out of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrunedExplanation {
    pub node: String,
    pub pattern: String,
    pub reason: String,
    /// By which summary of it that is known.
    pub summary: Basis,
}

impl Explanation {
    pub(super) fn new(
        (names, bases): (&[NamedNode], &[Basis]),
        residual: String,
        (fragments, pruned): (&[Plan], &[Pruned]),
        steps: &Steps,
        took: Duration,
    ) -> Self {
        let pruned = pruned.iter().map(|pruned| PrunedExplanation {
            node: names[pruned.source].as_str().to_owned(),
            pattern: pruned.pattern.clone(),
            reason: pruned.reason.clone(),
            summary: bases[pruned.source].clone(),
        });
        Self {
            planned_ms: took.as_secs_f64() * 1000.0,
            fragments: fragments.iter().map(|plan| step(plan, names, steps)).collect(),
            pruned: pruned.collect(),
            residual,
            identity: Identity::new(),
        }
    }
}

fn step(plan: &Plan, names: &[NamedNode], steps: &Steps) -> StepExplanation {
    let (operator, inputs): (_, Vec<&Plan>) = match &plan.op {
        Op::Fetch(_) => ("fetch", Vec::new()),
        Op::Join { left, right, how, kind } => (joined(*how, *kind), vec![left, right]),
        Op::Distinct(inner) => ("distinct", vec![inner]),
        Op::Union(parts) => ("union", parts.iter().collect()),
        Op::Values { .. } => ("values", Vec::new()),
        Op::Walk(_) => ("frontier", Vec::new()),
    };
    let leaves: Vec<&Leaf> = match &plan.op {
        Op::Fetch(leaf) => vec![leaf],
        Op::Walk(walk) => walk.steps.iter().collect(),
        _ => Vec::new(),
    };
    let pattern = leaves.iter().map(|leaf| leaf.pattern.to_string());
    let pattern = pattern.reduce(|one, two| format!("{one} or {two}"));
    let asked: BTreeSet<usize> = leaves.iter().flat_map(|leaf| leaf.sources()).collect();
    let sources = asked.into_iter().map(|i| names[i].as_str().to_owned()).collect();
    let done = steps.known(plan.number).map(|step| Done {
        rows: step.rows(),
        requests: step.requests(),
        ended_ms: step.ms(),
    });
    StepExplanation {
        number: plan.number,
        operator,
        pattern,
        sources,
        estimated_rows: plan.rows.round(),
        done,
        inputs: inputs.into_iter().map(|input| step(input, names, steps)).collect(),
    }
}

fn joined(how: How, kind: Kind) -> &'static str {
    match (how, kind) {
        (How::Hash, Kind::Inner) => "hash join",
        (How::Hash, Kind::Left) => "left hash join",
        (How::Hash, Kind::Semi) => "semi hash join",
        (How::Hash, Kind::Anti) => "anti hash join",
        (How::Bound { .. }, Kind::Inner) => "bound join",
        (How::Bound { .. }, Kind::Left) => "left bound join",
        (How::Bound { .. }, Kind::Semi) => "semi bound join",
        (How::Bound { .. }, Kind::Anti) => "anti bound join",
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (iri, others) in &self.identity {
            for OtherName { iri: other, by } in others {
                writeln!(formatter, "<{iri}> is also <{other}>, by {by}")?;
            }
        }
        for (number, fragment) in self.fragments.iter().enumerate() {
            writeln!(formatter, "fragment {number}")?;
            write_step(fragment, 1, formatter)?;
        }
        for pruned in &self.pruned {
            let PrunedExplanation { node, pattern, reason, summary } = pruned;
            writeln!(formatter, "not asked: {node} for {pattern}: {reason}, by {summary}")?;
        }
        writeln!(formatter, "then {}", self.residual)
    }
}

fn write_step(
    step: &StepExplanation,
    depth: usize,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let indent = "  ".repeat(depth);
    write!(formatter, "{indent}{}", step.operator)?;
    if let Some(pattern) = &step.pattern {
        write!(formatter, " {{ {pattern} }}")?;
    }
    write!(formatter, ", about {} rows", step.estimated_rows)?;
    if let Some(Done { rows, requests, ended_ms }) = &step.done {
        write!(formatter, ", in fact {rows} rows, {requests} requests")?;
        if let Some(ms) = ended_ms {
            write!(formatter, ", {ms} ms")?;
        }
    }
    formatter.write_char('\n')?;
    for source in &step.sources {
        writeln!(formatter, "{indent}  from {source}")?;
    }
    step.inputs.iter().try_for_each(|input| write_step(input, depth + 1, formatter))
}
