//! The door of the room: some sources, a query over all of them, what becomes of it. Plans first,
//! so that a plan can be shown without asking anybody. Knows neither HTTP nor a store.

use super::asking::Context;
use super::budget::Budget;
use super::calls::Calls;
use super::cover::{Cover, fragment_name};
use super::error::EngineError;
use super::explain::Explanation;
use super::honesty::is_monotone;
use super::identity::{Identity, rename};
use super::keeping::{Kept, kept};
use super::normal::normalise;
use super::patterns::{Key, keys};
use super::plan::Plan;
use super::planner::{Planner, Pruned, Scope};
use super::report::{Report, Tally};
use super::residual::{Evaluation, evaluate};
use super::select::Selection;
use super::source::Source;
use super::steps::Steps;
use super::term::Terms;
use crate::sparql::pattern_of;
use oxigraph::model::NamedNode;
use oxigraph::sparql::QueryResults;
use spargebra::Query;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Sources that are asked together.
pub struct Federation {
    sources: Vec<Arc<dyn Source>>,
    names: Vec<NamedNode>,
    selection: Arc<Selection>,
    /// How long it took to look through what is known of them.
    took: Duration,
}

/// What a query may take, and how it is meant.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long the whole query may take.
    pub limit: Duration,
    /// How long one source may send nothing.
    pub wait: Duration,
    /// How many bytes may be held for it.
    pub memory: usize,
    /// Whether an answer is wanted that is wrong for want of a source.
    pub partial: bool,
    /// The nodes whose graphs make the default graph, in the place of what the query says.
    pub default: Option<Vec<NamedNode>>,
    /// The nodes whose graphs can be called by name, in the place of what the query says.
    pub named: Option<Vec<NamedNode>>,
    /// The names by which what the query names is looked for as well.
    pub identity: Identity,
    /// Cancelled when nobody wants the answer any more.
    pub stop: CancellationToken,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limit: Duration::from_secs(60),
            wait: Duration::from_secs(20),
            memory: 128 << 20,
            partial: false,
            default: None,
            named: None,
            identity: Identity::new(),
            stop: CancellationToken::new(),
        }
    }
}

/// A query with its plan.
pub struct Planned {
    query: Query,
    calls: Arc<Calls>,
    fragments: Vec<Plan>,
    pruned: Vec<Pruned>,
    keys: Vec<Key>,
    /// What the evaluator holds of what it calls.
    kept: HashMap<NamedNode, Kept>,
    graphs: (Vec<usize>, Vec<usize>),
    is_monotone: bool,
    is_ask: bool,
    options: Options,
    sources: Vec<Arc<dyn Source>>,
    names: Vec<NamedNode>,
    selection: Arc<Selection>,
    /// How long planning took.
    took: Duration,
}

/// What became of a query.
#[derive(Debug)]
pub struct Outcome<T> {
    /// What was made of the results.
    pub value: Result<T, EngineError>,
    pub report: Report,
    pub explanation: Explanation,
}

impl Federation {
    /// Sources with names of their own.
    pub fn new(sources: Vec<Arc<dyn Source>>) -> Self {
        let names = sources.iter().map(|source| source.name().clone()).collect();
        let since = Instant::now();
        let selection = Arc::new(Selection::new(&sources));
        Self { sources, names, selection, took: since.elapsed() }
    }

    /// Plans a query. Without FROM and FROM NAMED the default graph is the merge of all sources,
    /// and each can be called by name. SPARQL 1.1, section 13.2.
    pub fn plan(&self, query: &Query, options: Options) -> Result<Planned, EngineError> {
        let since = Instant::now();
        let mut query = query.clone();
        let graphs = self.graphs(&mut query, &options)?;
        let is_monotone = is_monotone(&query);
        let is_ask = matches!(query, Query::Ask { .. });
        rename(&mut query, &options.identity);
        normalise(&mut query);
        let calls = Arc::new(Calls::take(&mut query, &self.sources)?);
        let mut cover = Cover {
            planner: Planner {
                selection: &self.selection,
                names: &self.names,
                named: &graphs.1,
                pruned: Vec::new(),
                told: HashSet::new(),
                operators: 0,
            },
            default: Scope::Merge(graphs.0.clone()),
            fragments: Vec::new(),
        };
        let pattern = pattern_of(&mut query);
        *pattern = cover.rewrite_query(std::mem::take(pattern));
        if is_ask {
            cover.cut(pattern, 1);
        }
        let (fragments, pruned) = (cover.fragments, cover.planner.pruned);
        Ok(Planned {
            keys: keys(pattern, &self.names),
            kept: kept(pattern),
            is_ask,
            query,
            calls,
            fragments,
            pruned,
            graphs,
            is_monotone,
            options,
            sources: self.sources.clone(),
            names: self.names.clone(),
            selection: Arc::clone(&self.selection),
            took: self.took + since.elapsed(),
        })
    }

    /// The sources that make the default graph, and those that can be called by name. The dataset
    /// is taken out of the query, since the evaluator would not merge the graphs.
    fn graphs(
        &self,
        query: &mut Query,
        options: &Options,
    ) -> Result<(Vec<usize>, Vec<usize>), EngineError> {
        let (Query::Select { dataset, .. }
        | Query::Construct { dataset, .. }
        | Query::Describe { dataset, .. }
        | Query::Ask { dataset, .. }) = query;
        let (mut default, mut named) = (None, None);
        if let Some(dataset) = dataset.take() {
            default = Some(dataset.default);
            named = Some(dataset.named.unwrap_or_default());
        }
        if options.default.is_some() || options.named.is_some() {
            default = Some(options.default.clone().unwrap_or_default());
            named = Some(options.named.clone().unwrap_or_default());
        }
        Ok((self.places(default)?, self.places(named)?))
    }

    fn places(&self, nodes: Option<Vec<NamedNode>>) -> Result<Vec<usize>, EngineError> {
        let Some(nodes) = nodes else { return Ok((0..self.sources.len()).collect()) };
        let mut places = Vec::new();
        for node in nodes {
            let place = self.names.iter().position(|name| *name == node);
            let place = place.ok_or(EngineError::UnknownNode(node))?;
            if !places.contains(&place) {
                places.push(place);
            }
        }
        Ok(places)
    }
}

impl Planned {
    /// What ends the query when it is cancelled.
    pub fn stop(&self) -> CancellationToken {
        self.options.stop.clone()
    }

    /// The plan, nothing having been asked.
    pub fn explain(&self) -> Explanation {
        let steps = Steps::new(Instant::now());
        self.explanation(&steps)
    }

    fn explanation(&self, steps: &Steps) -> Explanation {
        let sources = (self.names.as_slice(), self.selection.bases());
        let residual = self.calls.readable(self.query.to_string(), &self.names);
        let parts = (self.fragments.as_slice(), self.pruned.as_slice());
        let told = Explanation::new(sources, residual, parts, steps, self.took);
        Explanation { identity: self.options.identity.clone(), ..told }
    }

    /// Runs the query on a thread that may block, inside a Tokio runtime, and hands the results to
    /// `take` as they come. What `take` has not read when it returns is not asked for any more.
    pub fn run<T>(self, take: impl FnOnce(QueryResults<'static>) -> T) -> Outcome<T> {
        let since = Instant::now();
        let budget = Arc::new(Budget::new(self.options.memory));
        let strict = !self.options.partial && !self.is_monotone;
        let context = Arc::new(Context {
            sources: self.sources.clone(),
            terms: Terms::new(Arc::clone(&budget)),
            budget,
            tally: Arc::new(Tally::new(&self.sources, self.selection.bases(), strict)),
            wait: self.options.wait,
        });
        let steps = Arc::new(Steps::new(since));
        let fragments = self.fragments.iter().enumerate();
        let evaluation = Evaluation {
            query: self.query.clone(),
            kept: self.kept.clone(),
            fragments: fragments.map(|(at, plan)| (fragment_name(at), plan.clone())).collect(),
            calls: Arc::clone(&self.calls),
            partial: self.options.partial,
            keys: self.keys.clone(),
            graphs: self.graphs.clone(),
            context: Arc::clone(&context),
            selection: Arc::clone(&self.selection),
            steps: Arc::clone(&steps),
            limit: self.options.limit,
            stop: self.options.stop.clone(),
            // What was not found may be where nobody answered.
            doubts_no: self.is_ask && !self.options.partial,
        };
        let value = evaluate(evaluation, take);
        Outcome {
            value,
            report: context.tally.report(|source| self.why_skipped(source)),
            explanation: self.explanation(&steps),
        }
    }

    fn why_skipped(&self, source: usize) -> String {
        let mut reasons: Vec<&str> = Vec::new();
        for pruned in self.pruned.iter().filter(|pruned| pruned.source == source) {
            if !reasons.contains(&pruned.reason.as_str()) {
                reasons.push(&pruned.reason);
            }
        }
        if reasons.is_empty() {
            "nothing was left to ask it".to_owned()
        } else {
            reasons.join("; ")
        }
    }
}
