//! A fragment as the evaluator calls it: a SERVICE whose rows come from operators. A call that is
//! repeated asks again. Knows no plan from inside.

use super::error::EngineError;
use super::operators::{Batches, Shared, start};
use super::plan::Plan;
use super::term::Id;
use super::waiting::Waiter;
use oxigraph::model::{Term, Variable};
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
}

impl ServiceHandler for Fragment {
    type Error = EngineError;

    fn handle(
        &self,
        _: &GraphPattern,
        _: Option<&Iri<String>>,
    ) -> Result<QuerySolutionIter<'static>, EngineError> {
        let inside = self.waiter.handle.enter();
        let batches = start(&self.plan, &self.shared);
        drop(inside);
        let variables: Arc<[Variable]> = self.plan.variables.clone().into();
        let rows = Reading {
            batches,
            rows: Vec::new().into_iter(),
            shared: self.shared.clone(),
            waiter: self.waiter.clone(),
            is_over: false,
        };
        let rows = rows.map(|row| row.map_err(Into::into));
        Ok(QuerySolutionIter::from_tuples(variables, rows))
    }
}

/// The rows of a fragment as they come.
struct Reading {
    batches: Batches,
    rows: std::vec::IntoIter<Vec<Id>>,
    shared: Shared,
    waiter: Waiter,
    is_over: bool,
}

impl Reading {
    fn following(&mut self) -> Result<Option<Vec<Option<Term>>>, EngineError> {
        loop {
            if let Some(row) = self.rows.next() {
                let terms = &self.shared.context.terms;
                let term = |id: &Id| terms.term(*id).map(Arc::unwrap_or_clone);
                return Ok(Some(row.iter().map(term).collect()));
            }
            if self.is_over {
                return Ok(None);
            }
            match self.waiter.wait(&self.shared.context.tally, self.batches.recv())? {
                Some(batch) => self.rows = batch?.iter().collect::<Vec<_>>().into_iter(),
                None => self.is_over = true,
            }
        }
    }
}

impl Iterator for Reading {
    type Item = Result<Vec<Option<Term>>, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        // The evaluator hides some errors, so what ends the query is noted.
        let row = self.following().map_err(|error| self.shared.context.tally.end(error));
        self.is_over |= row.is_err();
        row.transpose()
    }
}
