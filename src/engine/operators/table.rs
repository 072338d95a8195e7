//! Rows held in memory by the values of some columns, and how rows of two sides come together.
//! SPARQL 1.1, section 18.3: compatible mappings. Knows no sources.

use crate::engine::batch::places;
use crate::engine::budget::{Budget, Share};
use crate::engine::error::EngineError;
use crate::engine::term::Id;
use oxigraph::model::Variable;
use std::collections::HashMap;
use std::sync::Arc;

/// What a row takes beside its numbers.
const ROW_BYTES: usize = 64;

/// Which columns of two sides must agree, and what a row of both looks like.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Columns of left and right that are bound in every row and must be the same.
    keys: Vec<(usize, usize)>,
    /// Columns of left and right that must be the same where both are bound.
    others: Vec<(usize, usize)>,
    /// Columns that only the right has.
    added: Vec<usize>,
}

impl Layout {
    /// Two sides, each with its variables and those that every row binds.
    pub fn new(left: (&[Variable], &[Variable]), right: (&[Variable], &[Variable])) -> Self {
        let mut layout = Self { keys: Vec::new(), others: Vec::new(), added: Vec::new() };
        let found = places(right.0, left.0);
        for (column, (variable, place)) in right.0.iter().zip(found).enumerate() {
            match place {
                None => layout.added.push(column),
                Some(place) if left.1.contains(variable) && right.1.contains(variable) => {
                    layout.keys.push((place, column));
                }
                Some(place) => layout.others.push((place, column)),
            }
        }
        layout
    }

    /// The columns of both sides by which they are joined.
    pub fn keys(&self) -> &[(usize, usize)] {
        &self.keys
    }

    pub fn left_key(&self, row: &[Id]) -> Vec<Id> {
        self.keys.iter().map(|(left, _)| row[*left]).collect()
    }

    fn right_key(&self, row: &[Id]) -> Vec<Id> {
        self.keys.iter().map(|(_, right)| row[*right]).collect()
    }

    /// A row of both, where they agree.
    fn merged(&self, left: &[Id], right: &[Id]) -> Option<Vec<Id>> {
        let mut row = left.to_vec();
        for (at, other) in &self.others {
            let value = right[*other];
            if value.is_bound() {
                if row[*at].is_bound() && row[*at] != value {
                    return None;
                }
                row[*at] = value;
            }
        }
        row.extend(self.added.iter().map(|column| right[*column]));
        Some(row)
    }

    /// A row of the left alone.
    pub fn alone(&self, left: &[Id]) -> Vec<Id> {
        let empty = self.added.iter().map(|_| Id::UNBOUND);
        left.iter().copied().chain(empty).collect()
    }
}

/// Rows of the right side.
pub(super) struct Table {
    layout: Layout,
    rows: HashMap<Vec<Id>, Vec<Vec<Id>>>,
    share: Share,
}

impl Table {
    pub fn new(layout: Layout, budget: &Arc<Budget>) -> Self {
        Self { layout, rows: HashMap::new(), share: Share::of(budget) }
    }

    pub fn add(&mut self, row: Vec<Id>) -> Result<(), EngineError> {
        self.share.take(ROW_BYTES + 4 * row.len())?;
        self.rows.entry(self.layout.right_key(&row)).or_default().push(row);
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows that a row of the left makes with those of the right.
    pub fn joined<'a>(&'a self, left: &'a [Id]) -> impl Iterator<Item = Vec<Id>> + 'a {
        let rows = self.rows.get(&self.layout.left_key(left)).into_iter().flatten();
        rows.filter_map(|right| self.layout.merged(left, right))
    }
}
