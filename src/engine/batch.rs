//! Some rows of numbers, column by column. Knows no terms.

use super::term::Id;
use oxigraph::model::Variable;

/// How many rows travel together at most.
pub(super) const ROWS: usize = 1024;

/// Rows over variables that whoever reads them knows.
#[derive(Debug, Clone, Default)]
pub(super) struct Batch {
    columns: Vec<Vec<Id>>,
    rows: usize,
}

impl Batch {
    /// No rows of so many columns.
    pub fn new(width: usize) -> Self {
        Self { columns: vec![Vec::new(); width], rows: 0 }
    }

    pub fn len(&self) -> usize {
        self.rows
    }

    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    pub fn is_full(&self) -> bool {
        self.rows >= ROWS
    }

    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = Id>) {
        let mut row = row.into_iter();
        for column in &mut self.columns {
            column.push(row.next().unwrap_or(Id::UNBOUND));
        }
        self.rows += 1;
    }

    /// A row as a list.
    fn row(&self, row: usize) -> Vec<Id> {
        self.columns.iter().map(|column| column[row]).collect()
    }

    /// Every row as a list.
    pub fn iter(&self) -> impl Iterator<Item = Vec<Id>> + '_ {
        (0..self.rows).map(|row| self.row(row))
    }

    /// The same rows with columns in another order, or empty where `from` has none for one.
    pub fn arranged(&self, from: &[Option<usize>]) -> Self {
        let columns = from.iter().map(|place| {
            place.map_or_else(|| vec![Id::UNBOUND; self.rows], |place| self.columns[place].clone())
        });
        Self { columns: columns.collect(), rows: self.rows }
    }
}

/// Where each of some variables stands among others.
pub(super) fn places(wanted: &[Variable], among: &[Variable]) -> Vec<Option<usize>> {
    wanted.iter().map(|variable| among.iter().position(|other| other == variable)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::budget::Budget;
    use crate::engine::term::Terms;
    use oxigraph::model::Literal;
    use std::sync::Arc;

    #[test]
    fn rows_are_kept_and_columns_can_be_arranged_anew() {
        let terms = Terms::new(Arc::new(Budget::new(10_000)));
        let id = |number: i32| terms.id(&Literal::from(number).into()).unwrap();
        let mut batch = Batch::new(2);
        batch.push([id(1), id(2)]);
        batch.push([id(3)]);
        assert_eq!((batch.len(), batch.row(1)[1]), (2, Id::UNBOUND));
        let other = batch.arranged(&[Some(1), None, Some(0)]);
        assert_eq!(other.row(0), [id(2), Id::UNBOUND, id(1)]);
    }
}
