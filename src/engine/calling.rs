//! The calls of a query while it is evaluated: each node is asked what SERVICE asks, and a failure
//! means what SILENT makes of it. SPARQL 1.1 Federated Query, section 2.2. Knows no plan.

use super::asking::{Asking, Context};
use super::calls::{CALLED, Call, Calls};
use super::error::EngineError;
use super::keeping::{Keeper, Kept};
use super::source::Row;
use super::term::term_bytes;
use super::waiting::Waiter;
use oxigraph::model::{NamedNode, Term, Variable};
use oxigraph::sparql::QuerySolutionIter;
use oxiri::Iri;
use spareval::DefaultServiceHandler;
use spargebra::algebra::GraphPattern;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// What a row that is held takes beside its terms.
const ROW_BYTES: usize = 64;

/// Makes the calls of one query.
pub(super) struct Caller {
    calls: Arc<Calls>,
    context: Arc<Context>,
    waiter: Waiter,
    /// Whether an answer is wanted that is wrong for want of a source.
    partial: bool,
    /// What the evaluator holds of the rows of each.
    kept: HashMap<NamedNode, Kept>,
    /// What was answered to calls that come again: for each value of a variable, or after SILENT
    /// once it is known that nothing fails any more.
    held: Mutex<HashMap<NamedNode, Arc<[Row]>>>,
    /// The calls whose rows passed through once.
    streamed: Mutex<HashSet<NamedNode>>,
}

impl Caller {
    pub fn new(
        calls: Arc<Calls>,
        context: Arc<Context>,
        waiter: Waiter,
        partial: bool,
        kept: HashMap<NamedNode, Kept>,
    ) -> Self {
        if !partial {
            calls.needed().for_each(|source| context.tally.need(source));
        }
        let (held, streamed) = (Mutex::default(), Mutex::default());
        Self { calls, context, waiter, partial, kept, held, streamed }
    }

    /// The function that finds the name of a call for a node whose name is a value.
    pub fn function(
        &self,
    ) -> (NamedNode, impl Fn(&[Term]) -> Option<Term> + Send + Sync + 'static + use<>) {
        let (calls, tally) = (Arc::clone(&self.calls), Arc::clone(&self.context.tally));
        let called = move |values: &[Term]| {
            let [node, number] = values else { return None };
            match calls.called(node, number) {
                Ok(name) => {
                    let name = name?;
                    if calls.get(&name).is_some_and(|(_, source)| source.is_none()) {
                        tally.unlisted(node);
                    }
                    Some(name.into())
                }
                Err(error) => {
                    tally.end(error);
                    None
                }
            }
        };
        (NamedNode::new_unchecked(CALLED), called)
    }

    /// What a node answers, all of it; nothing where it failed and that is passed over.
    fn hold(&self, call: &Call, source: usize) -> Result<Option<Vec<Row>>, EngineError> {
        let mut rows = Vec::new();
        for row in self.ask(call, source) {
            match row {
                Ok(row) => {
                    let terms = row.iter().flatten().map(term_bytes).sum::<usize>();
                    self.context.budget.take(ROW_BYTES + terms)?;
                    rows.push(row);
                }
                Err(Failed::Source) => return Ok(None),
                Err(Failed::Query(error)) => return Err(error),
            }
        }
        Ok(Some(rows))
    }

    fn ask(&self, call: &Call, source: usize) -> Reading {
        if !call.silent && !self.partial {
            self.context.tally.need(source);
        }
        let inside = self.waiter.handle.enter();
        let asking = self.context.ask(source, call.request.clone());
        drop(inside);
        Reading {
            asking,
            context: Arc::clone(&self.context),
            waiter: self.waiter.clone(),
            silent: call.silent,
            rows: Vec::new().into_iter(),
            is_over: false,
        }
    }

    /// What a call answers that is held, asked for when it comes for the first time.
    fn held(
        &self,
        name: &NamedNode,
        call: &Call,
        source: Option<usize>,
    ) -> Result<Arc<[Row]>, EngineError> {
        let known = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rows) = known().get(name) {
            return Ok(Arc::clone(rows));
        }
        let rows = source.map(|source| self.hold(call, source)).transpose()?.flatten();
        let nothing = || vec![vec![None; call.request.variables.len()]];
        let rows: Arc<[Row]> = rows.unwrap_or_else(nothing).into();
        known().insert(name.clone(), Arc::clone(&rows));
        Ok(rows)
    }
}

impl DefaultServiceHandler for Caller {
    type Error = EngineError;

    fn handle(
        &self,
        name: &NamedNode,
        _: &GraphPattern,
        _: Option<&Iri<String>>,
    ) -> Result<QuerySolutionIter<'static>, EngineError> {
        let Some((call, source)) = self.calls.get(name) else {
            return Err(self.context.tally.end(EngineError::Unlisted(name.to_string())));
        };
        let variables: Arc<[Variable]> = call.request.variables.clone().into();
        // The first time rows pass through. What comes again, as in EXISTS, is asked once more and held.
        let streamed = || self.streamed.lock().unwrap_or_else(PoisonError::into_inner);
        if let (false, Some(source)) = (call.silent, call.source)
            && streamed().insert(name.clone())
        {
            let kept = self.kept.get(name).cloned().unwrap_or_default();
            let budget = Arc::clone(&self.context.budget);
            let mut keeper = Keeper::new(&kept, &call.request.variables, budget);
            let tally = Arc::clone(&self.context.tally);
            let rows = self.ask(call, source).map(move |row| match row {
                Ok(row) => match keeper.count(&row) {
                    Ok(()) => Ok(row),
                    Err(error) => Err(tally.end(error).into()),
                },
                Err(Failed::Query(error)) => Err(error.into()),
                Err(Failed::Source) => Err(EngineError::Abandoned.into()),
            });
            return Ok(QuerySolutionIter::from_tuples(variables, rows));
        }
        // The evaluator hides some errors, so what ends the query is noted.
        let rows = self.held(name, call, source).map_err(|error| self.context.tally.end(error))?;
        let rows = (0..rows.len()).map(move |place| Ok(rows[place].clone()));
        Ok(QuerySolutionIter::from_tuples(variables, rows))
    }
}

/// Why there are no more rows.
enum Failed {
    /// The source failed, which is passed over.
    Source,
    /// The query has ended.
    Query(EngineError),
}

/// The rows of a call as they come.
struct Reading {
    asking: Asking,
    context: Arc<Context>,
    waiter: Waiter,
    silent: bool,
    rows: std::vec::IntoIter<Row>,
    is_over: bool,
}

impl Reading {
    fn following(&mut self) -> Result<Option<Row>, Failed> {
        let tally = Arc::clone(&self.context.tally);
        loop {
            if let Some(row) = self.rows.next() {
                return Ok(Some(row));
            }
            if self.is_over {
                return Ok(None);
            }
            let got = self.waiter.wait(&tally, self.asking.try_next()).map_err(Failed::Query)?;
            match got {
                Ok(Some(rows)) => self.rows = rows.into_iter(),
                Ok(None) => self.is_over = true,
                Err(error) if self.silent => {
                    tally.noted(self.asking.source(), &error);
                    return Err(Failed::Source);
                }
                Err(error) => {
                    self.asking.fail(&error).map_err(Failed::Query)?;
                    self.is_over = true;
                }
            }
        }
    }
}

impl Iterator for Reading {
    type Item = Result<Row, Failed>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.following();
        self.is_over |= row.is_err();
        row.transpose()
    }
}
