//! The triples that match one pattern of a query, from all sources that may hold some: fetched
//! when they are first read, and read while they come. Knows no queries.

use super::asking::{Asking, Context};
use super::budget::Budget;
use super::error::EngineError;
use super::operators::rows;
use super::source::{Request, Row};
use super::term::term_bytes;
use super::waiting::Waiter;
use futures::StreamExt;
use oxigraph::model::{Term, Variable};
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::mpsc;

/// What a row takes beside its terms: itself, three entries of indexes, one among those seen.
const ROW_BYTES: usize = 160;
/// What a term takes beside its text.
const TERM_BYTES: usize = 80;

/// A term as the evaluator holds it. Shared, not numbered: what only passes through is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Value(pub Arc<Term>);

impl From<Term> for Value {
    fn from(term: Term) -> Self {
        Self(Arc::new(term))
    }
}

/// A triple and where it is from.
#[derive(Clone)]
pub(super) struct Held {
    pub triple: [Value; 3],
    pub source: usize,
    /// Whether no source that was heard before has it too.
    pub is_first: bool,
}

/// Constants of a pattern: subject, predicate, object.
pub(super) type Constants = [Option<Value>; 3];

type Arriving = mpsc::Receiver<Result<(usize, Vec<Row>), EngineError>>;

/// Terms that are held once.
pub(super) type Pool = Rc<RefCell<HashSet<Value>>>;

/// The triples that match a pattern.
pub(super) struct Relation {
    constants: Constants,
    waiter: Waiter,
    context: Arc<Context>,
    pool: Pool,
    state: RefCell<State>,
}

struct State {
    rows: Vec<Held>,
    seen: HashSet<[Value; 3]>,
    arriving: Option<Arriving>,
    /// Rows by their terms in a place; made when all rows are there and one is looked for.
    indexes: [Option<Index>; 3],
}

type Index = HashMap<Value, Rc<[usize]>>;

impl Relation {
    /// Asks the sources; what they send waits until it is read.
    pub fn open(
        constants: Constants,
        sources: &[usize],
        waiter: Waiter,
        context: Arc<Context>,
        pool: Pool,
    ) -> Self {
        let request = request(&constants);
        let _inside = waiter.handle.enter();
        let askings: Vec<Asking> =
            sources.iter().map(|source| context.ask(*source, request.clone())).collect();
        let (sender, arriving) = mpsc::channel(4);
        tokio::spawn(async move {
            let mut coming = rows(askings);
            loop {
                let piece = tokio::select! {
                    () = sender.closed() => return,
                    piece = coming.next() => piece,
                };
                // An empty piece says that this is the end.
                let piece = piece.unwrap_or_else(|| Ok((0, Vec::new())));
                let is_end = piece.as_ref().map_or(true, |(_, rows)| rows.is_empty());
                if sender.send(piece).await.is_err() || is_end {
                    return;
                }
            }
        });
        let state = State {
            rows: Vec::new(),
            seen: HashSet::new(),
            arriving: Some(arriving),
            indexes: [None, None, None],
        };
        Self { constants, waiter, context, pool, state: RefCell::new(state) }
    }

    /// The constant that a place of the pattern holds.
    pub fn constant(&self, position: usize) -> Option<&Value> {
        self.constants[position].as_ref()
    }

    /// A row by its place, waited for where it has not come yet.
    pub fn row(&self, place: usize) -> Result<Option<Held>, EngineError> {
        loop {
            if let Some(row) = self.state.borrow().rows.get(place) {
                return Ok(Some(row.clone()));
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// The places of the rows with a term as subject, predicate or object.
    pub fn with(&self, position: usize, term: &Value) -> Result<Rc<[usize]>, EngineError> {
        while self.more()? {}
        let mut state = self.state.borrow_mut();
        if state.indexes[position].is_none() {
            let mut lists: HashMap<Value, Vec<usize>> = HashMap::new();
            for (place, row) in state.rows.iter().enumerate() {
                lists.entry(row.triple[position].clone()).or_default().push(place);
            }
            state.indexes[position] =
                Some(lists.into_iter().map(|(term, list)| (term, list.into())).collect());
        }
        let index = state.indexes[position].as_ref();
        Ok(index.and_then(|index| index.get(term)).cloned().unwrap_or_else(|| Rc::from([])))
    }

    /// Takes in what comes next; says whether there was anything. The evaluator hides some errors,
    /// so what ends the query is noted.
    fn more(&self) -> Result<bool, EngineError> {
        self.take_in().map_err(|error| self.context.tally.end(error))
    }

    fn take_in(&self) -> Result<bool, EngineError> {
        let mut state = self.state.borrow_mut();
        let Some(mut arriving) = state.arriving.take() else { return Ok(false) };
        let piece = self.waiter.wait(&self.context.tally, arriving.recv())?;
        let broken = || EngineError::Evaluation("a relation broke off".to_owned());
        let (source, rows) = piece.ok_or_else(broken)??;
        if rows.is_empty() {
            return Ok(false);
        }
        for row in rows {
            let triple = self.triple(row)?;
            self.context.budget.take(ROW_BYTES)?;
            let is_first = state.seen.insert(triple.clone());
            state.rows.push(Held { triple, source, is_first });
        }
        state.arriving = Some(arriving);
        Ok(true)
    }

    /// The triple of a row: its values in the places where the pattern has no constant.
    fn triple(&self, row: Row) -> Result<[Value; 3], EngineError> {
        let mut values = row.into_iter();
        let mut place = |constant: &Option<Value>| match constant {
            Some(constant) => Ok(constant.clone()),
            None => {
                let lacking = || EngineError::Evaluation("a row lacks a value".to_owned());
                let term = values.next().flatten().ok_or_else(lacking)?;
                pooled(&self.pool, term, &self.context.budget)
            }
        };
        let [subject, predicate, object] = &self.constants;
        Ok([place(subject)?, place(predicate)?, place(object)?])
    }
}

fn pooled(pool: &Pool, term: Term, budget: &Budget) -> Result<Value, EngineError> {
    let value = Value::from(term);
    let mut pool = pool.borrow_mut();
    if let Some(known) = pool.get(&value) {
        return Ok(known.clone());
    }
    budget.take(TERM_BYTES + term_bytes(&value.0))?;
    pool.insert(value.clone());
    Ok(value)
}

const PLACES: [&str; 3] = ["s", "p", "o"];

/// The triple pattern of some constants.
pub(super) fn pattern_of(constants: &Constants) -> TriplePattern {
    let term = |place: usize| {
        let variable = || TermPattern::from(Variable::new_unchecked(PLACES[place]));
        let constant = constants[place].as_ref();
        constant.map_or_else(variable, |value| TermPattern::from((*value.0).clone()))
    };
    let predicate = match constants[1].as_ref().map(|value| (*value.0).clone()) {
        Some(Term::NamedNode(node)) => NamedNodePattern::NamedNode(node),
        _ => NamedNodePattern::Variable(Variable::new_unchecked(PLACES[1])),
    };
    TriplePattern { subject: term(0), predicate, object: term(2) }
}

fn request(constants: &Constants) -> Request {
    let pattern = GraphPattern::Bgp { patterns: vec![pattern_of(constants)] };
    let open = (0..3).filter(|place| constants[*place].is_none());
    let variables = open.map(|place| Variable::new_unchecked(PLACES[place])).collect();
    Request { pattern, variables, ..Request::default() }
}
