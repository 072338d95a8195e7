//! The merge of all sources as the evaluator reads it: default graph and graphs by name, each
//! pattern fetched when it is first read. SPARQL 1.1, section 13. Knows no operators.

use super::asking::Context;
use super::error::EngineError;
use super::patterns::{Key, Place};
use super::relation::{Constants, Held, Pool, Relation, Value, pattern_of};
use super::select::Selection;
use super::waiting::Waiter;
use oxigraph::model::Term;
use spareval::{InternalQuad, QueryableDataset};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// What the evaluator reads.
pub(super) struct Merged(Rc<Parts>);

struct Parts {
    context: Arc<Context>,
    selection: Arc<Selection>,
    waiter: Waiter,
    names: Vec<Value>,
    /// The sources whose graphs make the default graph.
    default: Vec<usize>,
    /// The sources whose graphs can be called by name.
    named: Vec<usize>,
    /// The patterns of the query: what is read is a part of one of them.
    keys: Vec<Key>,
    relations: RefCell<Vec<(Key, Rc<Relation>)>>,
    pool: Pool,
}

impl Merged {
    pub fn new(
        context: Arc<Context>,
        selection: Arc<Selection>,
        waiter: Waiter,
        (default, named): (Vec<usize>, Vec<usize>),
        keys: Vec<Key>,
    ) -> Self {
        let names = context.sources.iter();
        let names = names.map(|source| Term::from(source.name().clone()).into()).collect();
        Self(Rc::new(Parts {
            context,
            selection,
            waiter,
            names,
            default,
            named,
            keys,
            relations: RefCell::default(),
            pool: Pool::default(),
        }))
    }
}

impl Parts {
    /// The relation in which to look, opened where it is not yet.
    fn relation(&self, asked: &Constants, place: Place) -> Rc<Relation> {
        let constants = |key: &Key| key.constants.iter().flatten().count();
        let fits = |key: &Key| key.covers(asked, place);
        let mut relations = self.relations.borrow_mut();
        let open = relations.iter().filter(|(key, _)| fits(key));
        if let Some((_, open)) = open.max_by_key(|(key, _)| constants(key)) {
            return Rc::clone(open);
        }
        let known = self.keys.iter().filter(|key| fits(key)).max_by_key(|key| constants(key));
        let key = known.cloned().unwrap_or_else(|| Key::of(asked, place));
        let pattern = pattern_of(&key.constants);
        let sources: Vec<usize> = match key.place {
            Place::Merge => self.default.clone(),
            Place::One(source) => vec![source],
            Place::Each => self.named.clone(),
        };
        let may_answer = |i: &usize| self.selection.why_not(*i, &pattern).is_none();
        let sources: Vec<usize> = sources.into_iter().filter(may_answer).collect();
        let relation = Rc::new(Relation::open(
            key.constants.clone(),
            &sources,
            self.waiter.clone(),
            Arc::clone(&self.context),
            Rc::clone(&self.pool),
        ));
        relations.push((key, Rc::clone(&relation)));
        relation
    }

    fn source(&self, name: &Value) -> Option<usize> {
        self.named.iter().copied().find(|source| self.names[*source] == *name)
    }

    fn scan(
        self: &Rc<Self>,
        asked: Constants,
        graph: Option<Option<&Value>>,
    ) -> Result<Option<Scan>, EngineError> {
        let place = match graph {
            Some(None) => Place::Merge,
            None => Place::Each,
            Some(Some(name)) => match self.source(name) {
                Some(source) => Place::One(source),
                None => return Ok(None),
            },
        };
        let is_node = |value: &Option<Value>, allows_blank: bool| {
            value.as_ref().is_none_or(|value| match &*value.0 {
                Term::NamedNode(_) => true,
                Term::BlankNode(_) => allows_blank,
                Term::Literal(_) | Term::Triple(_) => false,
            })
        };
        if !is_node(&asked[0], true) || !is_node(&asked[1], false) {
            return Ok(None);
        }
        let relation = self.relation(&asked, place);
        let looked_for = [0, 2, 1].into_iter().find_map(|position| {
            let is_open = relation.constant(position).is_none();
            asked[position].as_ref().filter(|_| is_open).map(|term| (position, term))
        });
        let list = looked_for.map(|(position, term)| relation.with(position, term)).transpose()?;
        Ok(Some(Scan { parts: Rc::clone(self), relation, asked, place, list, next: 0 }))
    }
}

/// Goes through a relation.
struct Scan {
    parts: Rc<Parts>,
    relation: Rc<Relation>,
    asked: Constants,
    place: Place,
    list: Option<Rc<[usize]>>,
    next: usize,
}

impl Scan {
    fn following(&mut self) -> Result<Option<InternalQuad<Value>>, EngineError> {
        loop {
            let place = match &self.list {
                None => self.next,
                Some(list) => match list.get(self.next) {
                    Some(place) => *place,
                    None => return Ok(None),
                },
            };
            self.next += 1;
            let Some(held) = self.relation.row(place)? else { return Ok(None) };
            if !self.is_asked(&held) {
                continue;
            }
            let graph_name = match self.place {
                Place::Merge => None,
                Place::One(_) | Place::Each => Some(self.parts.names[held.source].clone()),
            };
            let [subject, predicate, object] = held.triple;
            return Ok(Some(InternalQuad { subject, predicate, object, graph_name }));
        }
    }

    fn is_asked(&self, held: &Held) -> bool {
        let is_there = match self.place {
            Place::Merge => held.is_first,
            Place::One(source) => held.source == source,
            Place::Each => true,
        };
        let mut terms = self.asked.iter().zip(&held.triple);
        is_there && terms.all(|(asked, term)| asked.as_ref().is_none_or(|asked| asked == term))
    }
}

impl Iterator for Scan {
    type Item = Result<InternalQuad<Value>, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.following().transpose()
    }
}

impl QueryableDataset<'static> for Merged {
    type InternalTerm = Value;
    type Error = EngineError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&Value>,
        predicate: Option<&Value>,
        object: Option<&Value>,
        graph_name: Option<Option<&Value>>,
    ) -> impl Iterator<Item = Result<InternalQuad<Value>, EngineError>> + use<> {
        let asked = [subject.cloned(), predicate.cloned(), object.cloned()];
        let (scan, error) = match self.0.scan(asked, graph_name) {
            Ok(scan) => (scan, None),
            Err(error) => (None, Some(Err(error))),
        };
        error.into_iter().chain(scan.into_iter().flatten())
    }

    fn internal_named_graphs(&self) -> impl Iterator<Item = Result<Value, EngineError>> + use<> {
        let names: Vec<_> =
            self.0.named.iter().map(|source| Ok(self.0.names[*source].clone())).collect();
        names.into_iter()
    }

    fn contains_internal_graph_name(&self, graph_name: &Value) -> Result<bool, EngineError> {
        Ok(self.0.source(graph_name).is_some())
    }

    fn internalize_term(&self, term: Term) -> Result<Value, EngineError> {
        Ok(term.into())
    }

    fn externalize_term(&self, term: Value) -> Result<Term, EngineError> {
        Ok(Arc::unwrap_or_clone(term.0))
    }
}
