//! In which order groups are joined, and how: dynamic programming for a few, the cheapest next
//! for many. Knows estimates only.

use super::plan::{FIRST_ROWS, How, Kind, MOST_ROWS, Op, Plan};
use super::planner::Planner;
use oxigraph::model::Variable;
use std::collections::BTreeMap;

/// More groups than this are joined by always taking the cheapest next.
const MOST_PLANNED: usize = 10;
/// What one round of requests costs, in milliseconds.
const ROUND_TRIP: f64 = 20.0;
/// What a row costs that travels, in milliseconds: a hundred bytes at ten megabytes a second.
const ROW: f64 = 0.01;
/// How many rows one request of a bound join carries, all in all.
const ROWS_A_REQUEST: f64 = 256.0;

/// A part of an order that is being looked for.
#[derive(Clone)]
struct Draft {
    order: Vec<usize>,
    rows: f64,
    distinct: BTreeMap<String, f64>,
    certain: Vec<Variable>,
    cost: f64,
}

/// One plan for the join of all groups.
pub(super) fn ordered(groups: Vec<Plan>, planner: &mut Planner<'_>) -> Plan {
    let order = if groups.len() <= MOST_PLANNED { planned(&groups) } else { greedy(&groups) };
    let mut groups: Vec<Option<Plan>> = groups.into_iter().map(Some).collect();
    let mut next = order.into_iter().filter_map(|at| groups[at].take());
    let first = next.next().expect("there is a group to begin with");
    next.fold(first, |left, right| join(left, right, planner))
}

fn join(left: Plan, right: Plan, planner: &mut Planner<'_>) -> Plan {
    let how = how(&left, &right);
    let mut variables = left.variables.clone();
    variables.extend(right.variables.iter().filter(|v| !left.variables.contains(v)).cloned());
    let draft = extended(&draft(0, &left), 1, &right);
    Plan {
        variables,
        certain: draft.certain,
        rows: draft.rows,
        distinct: draft.distinct,
        number: planner.number(),
        op: Op::Join { left: Box::new(left), right: Box::new(right), how, kind: Kind::Inner },
    }
}

/// How the right side is best joined to the left one.
pub(super) fn how(left: &Plan, right: &Plan) -> How {
    let keys = left.certain.iter().any(|variable| right.certain.contains(variable));
    let Op::Fetch(leaf) = &right.op else { return How::Hash };
    if !keys || leaf.tag.is_some() {
        return How::Hash;
    }
    let bound = bound_cost(left.rows, joined_rows(left, right));
    if bound < ROUND_TRIP + right.rows * ROW {
        How::Bound { first: first(left.rows, leaf.sources().len()) }
    } else {
        How::Hash
    }
}

/// How many rows a request carries at first: all of them where they are expected to be few for each
/// source, since each more request costs more than waiting for the last of them.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn first(expected: f64, sources: usize) -> usize {
    if expected <= (MOST_ROWS * sources.max(1)) as f64 { MOST_ROWS } else { FIRST_ROWS }
}

fn bound_cost(left: f64, joined: f64) -> f64 {
    (left / ROWS_A_REQUEST).ceil().max(1.0) * ROUND_TRIP + (left + joined) * ROW
}

/// About how many rows the join of two plans has.
pub(super) fn joined_rows(left: &Plan, right: &Plan) -> f64 {
    rows(left.rows, &left.distinct, right)
}

fn rows(left: f64, distinct: &BTreeMap<String, f64>, right: &Plan) -> f64 {
    let mut rows = left * right.rows;
    for (variable, values) in &right.distinct {
        if let Some(others) = distinct.get(variable) {
            rows /= values.max(*others).max(1.0);
        }
    }
    rows
}

fn draft(at: usize, plan: &Plan) -> Draft {
    Draft {
        order: vec![at],
        rows: plan.rows,
        distinct: plan.distinct.clone(),
        certain: plan.certain.clone(),
        cost: ROUND_TRIP + plan.rows * ROW,
    }
}

/// The draft with one more group.
fn extended(draft: &Draft, at: usize, group: &Plan) -> Draft {
    let joined = rows(draft.rows, &draft.distinct, group);
    let is_linked = draft.certain.iter().any(|variable| group.certain.contains(variable));
    let whole = ROUND_TRIP + group.rows * ROW;
    let mut cost = if is_linked { whole.min(bound_cost(draft.rows, joined)) } else { whole };
    // What is in memory costs little, but a product of what has nothing in common grows.
    cost += joined * ROW / 10.0;
    let mut next = draft.clone();
    next.order.push(at);
    next.cost += cost;
    next.rows = joined;
    for (variable, values) in &group.distinct {
        let known = next.distinct.entry(variable.clone()).or_insert(*values);
        *known = known.min(*values).min(joined.max(1.0));
    }
    next.certain.extend(group.certain.iter().filter(|v| !draft.certain.contains(v)).cloned());
    next
}

/// The cheapest order of all, by the cheapest order of every subset.
fn planned(groups: &[Plan]) -> Vec<usize> {
    let full = (1_usize << groups.len()) - 1;
    let mut best: Vec<Option<Draft>> = vec![None; full + 1];
    for (at, group) in groups.iter().enumerate() {
        best[1 << at] = Some(draft(at, group));
    }
    for set in 1..=full {
        let Some(current) = best[set].clone() else { continue };
        for (at, group) in groups.iter().enumerate() {
            let with = set | 1 << at;
            if with == set {
                continue;
            }
            let next = extended(&current, at, group);
            if best[with].as_ref().is_none_or(|known| next.cost < known.cost) {
                best[with] = Some(next);
            }
        }
    }
    best.pop().flatten().map(|draft| draft.order).unwrap_or_default()
}

/// Always the cheapest next.
fn greedy(groups: &[Plan]) -> Vec<usize> {
    let cheapest =
        |drafts: Vec<Draft>| drafts.into_iter().min_by(|one, two| one.cost.total_cmp(&two.cost));
    let Some(mut current) =
        cheapest(groups.iter().enumerate().map(|(at, group)| draft(at, group)).collect())
    else {
        return Vec::new();
    };
    while current.order.len() < groups.len() {
        let rest = groups.iter().enumerate().filter(|(at, _)| !current.order.contains(at));
        let Some(next) = cheapest(rest.map(|(at, group)| extended(&current, at, group)).collect())
        else {
            break;
        };
        current = next;
    }
    current.order
}
