//! A fragment as the evaluator calls it: a SERVICE whose rows come from operators. A call that is
//! repeated asks again. Knows no plan from inside.

use super::error::EngineError;
use super::keeping::{Keeper, Kept};
use super::operators::{Batches, Pieces, Shared, start, start_plain};
use super::plan::Plan;
use super::source::Row;
use super::term::Id;
use super::waiting::Waiter;
use oxigraph::model::Variable;
use oxigraph::sparql::QuerySolutionIter;
use oxiri::Iri;
use spareval::ServiceHandler;
use spargebra::algebra::GraphPattern;
use std::sync::Arc;

/// Answers the calls for one fragment.
pub(super) struct Fragment {
    pub plan: Plan,
    pub shared: Shared,
    pub waiter: Waiter,
    /// What the evaluator holds of the rows.
    pub kept: Kept,
}

impl ServiceHandler for Fragment {
    type Error = EngineError;

    fn handle(
        &self,
        _: &GraphPattern,
        _: Option<&Iri<String>>,
    ) -> Result<QuerySolutionIter<'static>, EngineError> {
        let inside = self.waiter.handle.enter();
        let arriving = match start_plain(&self.plan, &self.shared) {
            Some(pieces) => Arriving::Terms(pieces),
            None => Arriving::Numbers(start(&self.plan, &self.shared)),
        };
        drop(inside);
        let variables: Arc<[Variable]> = self.plan.variables.clone().into();
        let rows = Reading {
            arriving,
            rows: Vec::new().into_iter(),
            shared: self.shared.clone(),
            waiter: self.waiter.clone(),
            keeper: Keeper::new(
                &self.kept,
                &self.plan.variables,
                Arc::clone(&self.shared.context.budget),
            ),
            is_over: false,
        };
        let rows = rows.map(|row| row.map_err(Into::into));
        Ok(QuerySolutionIter::from_tuples(variables, rows))
    }
}

/// What a fragment sends.
enum Arriving {
    Numbers(Batches),
    Terms(Pieces),
}

/// The rows of a fragment as they come.
struct Reading {
    arriving: Arriving,
    rows: std::vec::IntoIter<Row>,
    shared: Shared,
    waiter: Waiter,
    keeper: Keeper,
    is_over: bool,
}

impl Reading {
    fn following(&mut self) -> Result<Option<Row>, EngineError> {
        loop {
            if let Some(row) = self.rows.next() {
                self.keeper.count(&row)?;
                return Ok(Some(row));
            }
            if self.is_over {
                return Ok(None);
            }
            let context = &self.shared.context;
            let rows: Option<Vec<Row>> = match &mut self.arriving {
                Arriving::Terms(pieces) => {
                    self.waiter.wait(&context.tally, pieces.recv())?.transpose()?
                }
                Arriving::Numbers(batches) => {
                    let batch = self.waiter.wait(&context.tally, batches.recv())?.transpose()?;
                    let term = |id: &Id| context.terms.term(*id).map(Arc::unwrap_or_clone);
                    batch.map(|batch| {
                        batch.iter().map(|row| row.iter().map(term).collect()).collect()
                    })
                }
            };
            match rows {
                Some(rows) => self.rows = rows.into_iter(),
                None => self.is_over = true,
            }
        }
    }
}

impl Iterator for Reading {
    type Item = Result<Row, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        // The evaluator hides some errors, so what ends the query is noted.
        let row = self.following().map_err(|error| self.shared.context.tally.end(error));
        self.is_over |= row.is_err();
        row.transpose()
    }
}
