//! A tree of operators and what is expected of each. Knows neither algebra nor sources.

use super::leaf::Leaf;
use super::push::{fits, is_portable};
use super::walk::Walk;
use oxigraph::model::Variable;
use spargebra::algebra::OrderExpression;
use spargebra::term::GroundTerm;
use std::collections::BTreeMap;

/// A tree of operators.
#[derive(Debug, Clone)]
pub(super) enum Op {
    /// Ask each of some sources, and take all that they say.
    Fetch(Box<Leaf>),
    Join {
        left: Box<Plan>,
        right: Box<Plan>,
        how: How,
        kind: Kind,
    },
    Union(Vec<Plan>),
    /// Each row once, of some variables.
    Distinct(Box<Plan>),
    Values {
        rows: Vec<Vec<Option<GroundTerm>>>,
    },
    /// What a path of any length reaches from a term.
    Walk(Box<Walk>),
}

/// How two sides come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// One side is held in memory whole.
    Hash,
    /// The right side is asked for what joins some rows of the left, again and again; a request
    /// carries so many of them at first.
    Bound { first: usize },
}

/// How many rows a request of a bound join carries at first, where its left side goes on.
pub(super) const FIRST_ROWS: usize = 16;
/// How many rows any request of a bound join carries at most.
pub(super) const MOST_ROWS: usize = 512;

/// Which rows two sides make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Rows of both that agree.
    Inner,
    /// Rows of the left, with those of the right that agree where there are any.
    Left,
    /// Rows of the left with which some row of the right agrees.
    Semi,
    /// Rows of the left with which no row of the right agrees.
    Anti,
}

/// An operator and what is known of its rows.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub op: Op,
    pub variables: Vec<Variable>,
    /// The variables that every row binds.
    pub certain: Vec<Variable>,
    /// About how many rows there are.
    pub rows: f64,
    /// About how many values the certain variables have.
    pub distinct: BTreeMap<String, f64>,
    /// Where the operator stands among all of the query.
    pub number: usize,
}

impl Plan {
    /// Tells the sources how many rows are enough; where they are joined, that a few are wanted soon.
    pub fn cut(&mut self, enough: usize) {
        match &mut self.op {
            Op::Fetch(leaf) => leaf.limit = Some(enough),
            Op::Join { .. } if enough < MOST_ROWS => self.hurry(),
            _ => {}
        }
    }

    /// Tells the sources how many rows are enough of those that come first in an order.
    pub fn cut_first(&mut self, order: &[OrderExpression], enough: usize) {
        let Op::Fetch(leaf) = &mut self.op else { return };
        let asked = leaf.asked();
        let is_known = |by: &OrderExpression| {
            let (OrderExpression::Asc(by) | OrderExpression::Desc(by)) = by;
            is_portable(by) && fits(by, &asked)
        };
        if order.iter().all(is_known) {
            leaf.order = order.to_vec();
            leaf.limit = Some(enough);
        }
    }

    /// Lets bound joins, this one and those on its left, begin with few rows.
    fn hurry(&mut self) {
        if let Op::Join { left, how, .. } = &mut self.op {
            if let How::Bound { first } = how {
                *first = FIRST_ROWS;
            }
            left.hurry();
        }
    }
}
