//! A query that has been read: parsed, refused where this endpoint does not do what it asks, its
//! dataset chosen. Knows no HTTP and no format.

use super::construct::Template;
use super::service::Services;
use crate::engine::EngineError;
use crate::sparql::{MOST, Wrong, is_too_deep, substitute, watch, watcher};
use crate::store::{Dataset, Mode};
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Term, Variable};
use oxigraph::sparql::{
    BoundPreparedSparqlQuery, CancellationToken, QueryEvaluationError, QueryExplanation,
    QueryResults, QueryTripleIter, SparqlEvaluator,
};
use spargebra::algebra::GraphPattern;
use spargebra::{Query, SparqlParser};
use std::io;
use std::time::Duration;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the query is not SPARQL 1.1: {0}")]
    Syntax(Box<Wrong>),
    #[error("{0:?} is not an absolute IRI, so it cannot name a graph or a base")]
    Iri(String),
    #[error(
        "SERVICE is refused: this endpoint answers from its own graphs and calls no other address, \
         while /federation/sparql calls the peers on this node's list; its own services, where it has any, cannot stand in GRAPH or FILTER"
    )]
    Service,
    #[error("SERVICE <{service}> cannot answer: {why}")]
    Call { service: String, why: String },
    #[error("the query is nested or chained more than {MOST} levels deep; write it flatter")]
    TooDeep,
    #[error(
        "the query took longer than {0:?} and was stopped; ask for less, or download a dump and \
         query it where you are"
    )]
    TimedOut(Duration),
    #[error("the query was stopped because nobody waited for its answer")]
    Abandoned,
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("the query could not be evaluated: {0}")]
    Evaluation(#[source] QueryEvaluationError),
    #[error("the answer could not be written: {0}")]
    Write(#[from] io::Error),
    #[error("the evaluation ended without an answer")]
    Lost,
}

/// A query and the dataset its client wants it to see. SPARQL 1.1 Protocol, section 2.1.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub query: String,
    pub default_graphs: Vec<String>,
    pub named_graphs: Vec<String>,
    /// What relative IRIs in the query are relative to.
    pub base: Option<String>,
    /// The services that this node itself answers.
    pub services: Services,
}

/// What kind of answer a query has, known once it is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// SELECT and ASK.
    Results,
    /// CONSTRUCT and DESCRIBE.
    Graph,
}

/// A question that may be answered.
pub struct Answer {
    pub form: Form,
    wanted: Wanted,
}

enum Wanted {
    Query(Box<Parsed>),
    Graph(GraphName),
}

/// A query that has been parsed.
struct Parsed {
    query: Query,
    default_graphs: Vec<GraphName>,
    named_graphs: Vec<NamedOrBlankNode>,
    services: Services,
}

impl Ask {
    /// Parses the query and refuses what this endpoint does not do.
    pub fn parse(self) -> Result<Answer, RunError> {
        let query = read(&self.query, self.base.as_deref())?;
        let form = form(&query);
        let (Query::Select { pattern, .. }
        | Query::Ask { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }) = &query;
        if calls(pattern) > self.services.count(pattern) {
            return Err(RunError::Service);
        }
        let graph = |iri: String| NamedNode::new(&iri).map_err(|_| RunError::Iri(iri));
        let nodes = |iris: Vec<String>| iris.into_iter().map(graph).collect::<Result<Vec<_>, _>>();
        let parsed = Parsed {
            query,
            services: self.services,
            default_graphs: nodes(self.default_graphs)?.into_iter().map(Into::into).collect(),
            named_graphs: nodes(self.named_graphs)?.into_iter().map(Into::into).collect(),
        };
        Ok(Answer { form, wanted: Wanted::Query(Box::new(parsed)) })
    }
}

/// What kind of answer a query has.
pub fn form(query: &Query) -> Form {
    match query {
        Query::Select { .. } | Query::Ask { .. } => Form::Results,
        Query::Construct { .. } | Query::Describe { .. } => Form::Graph,
    }
}

/// Parses a query; `base` is what relative IRIs in it are relative to.
pub fn read(text: &str, base: Option<&str>) -> Result<Query, RunError> {
    if is_too_deep(text) {
        return Err(RunError::TooDeep);
    }
    let mut parser = SparqlParser::new();
    if let Some(base) = base {
        parser = parser.with_base_iri(base).map_err(|_| RunError::Iri(base.to_owned()))?;
    }
    let parse = |text: &str| parser.clone().parse_query(text);
    parse(text).map_err(|error| RunError::Syntax(Wrong::find(text, error, parse).into()))
}

impl Answer {
    /// All that a graph holds; of a node's default graph, all that any of its graphs holds.
    pub fn graph(graph: GraphName) -> Self {
        Self { form: Form::Graph, wanted: Wanted::Graph(graph) }
    }

    /// Puts terms in the place of variables, such as the parameters of a named query.
    #[must_use]
    pub fn with(mut self, values: &[(Variable, Term)]) -> Self {
        if let Wanted::Query(parsed) = &mut self.wanted {
            substitute(&mut parsed.query, values);
        }
        self
    }

    /// Whether the answer is yes or no.
    pub fn is_truth(&self) -> bool {
        matches!(&self.wanted, Wanted::Query(parsed) if matches!(parsed.query, Query::Ask { .. }))
    }

    /// Whether services other than the graph have a part in the answer.
    pub fn calls_services(&self) -> bool {
        let Wanted::Query(parsed) = &self.wanted else { return false };
        let (Query::Select { pattern, .. }
        | Query::Ask { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }) = &parsed.query;
        parsed.services.count(pattern) > 0
    }

    /// Evaluates as [`Self::evaluate`] does, a CONSTRUCT as the SELECT it is made from, and hands
    /// over what will tell how that went.
    pub(super) fn explain(
        self,
        dataset: &Dataset,
        token: CancellationToken,
    ) -> Result<(QueryResults<'static>, QueryExplanation), RunError> {
        let Wanted::Query(parsed) = self.wanted else { return Err(RunError::Lost) };
        let (prepared, _) = parsed.prepare(dataset, token)?;
        let (results, explanation) = prepared.compute_statistics().explain();
        Ok((results.map_err(RunError::Evaluation)?, explanation))
    }

    /// Evaluates on the calling thread and hands over the rows as they come.
    ///
    /// Whoever cancels the token reads the rows inside `until_stopped`.
    pub fn evaluate(
        self,
        dataset: &Dataset,
        token: CancellationToken,
    ) -> Result<QueryResults<'static>, RunError> {
        match self.wanted {
            Wanted::Query(parsed) => parsed.evaluate(dataset, token),
            Wanted::Graph(graph) => Ok(triples(dataset, &graph, token).into()),
        }
    }
}

impl Parsed {
    fn evaluate(
        self,
        dataset: &Dataset,
        token: CancellationToken,
    ) -> Result<QueryResults<'static>, RunError> {
        let (prepared, template) = self.prepare(dataset, token)?;
        let results = prepared.execute().map_err(RunError::Evaluation)?;
        match (results, template) {
            (QueryResults::Solutions(solutions), Some(template)) => {
                Ok(template.fill(solutions).into())
            }
            (results, _) => Ok(results),
        }
    }

    /// The graph protocol's parameters replace what the query says. SPARQL 1.1 Protocol, 2.1.4.
    fn prepare(
        mut self,
        dataset: &Dataset,
        token: CancellationToken,
    ) -> Result<(BoundPreparedSparqlQuery<'static>, Option<Template>), RunError> {
        self.call_services(dataset, &token)?;
        let (store, _) = dataset.read();
        let lists_graphs = lists_graphs(&self.query);
        let template = Template::take(&mut self.query);
        watch(&mut self.query);
        let (name, look) = watcher(token.clone());
        let evaluator = SparqlEvaluator::new()
            .without_default_http_service_handler()
            .with_cancellation_token(token)
            .with_custom_function(name, look);
        let mut prepared = evaluator.for_query(self.query);
        let spec = prepared.dataset_mut();
        if !self.default_graphs.is_empty() || !self.named_graphs.is_empty() {
            spec.set_default_graph(self.default_graphs);
            spec.set_available_named_graphs(self.named_graphs);
        } else if spec.is_default_dataset() && matches!(dataset.mode(), Mode::Node(_)) {
            spec.set_default_graph_as_union();
        }
        if lists_graphs && spec.available_named_graphs().is_none() {
            // The graph that carries the applied number is nobody's business.
            let names = dataset.graph().names();
            spec.set_available_named_graphs(names.map_err(|error| {
                RunError::Evaluation(QueryEvaluationError::Unexpected(Box::new(error)))
            })?);
        }
        Ok((prepared.on_store(store), template))
    }

    /// Puts what the node's own services answer in the place of their calls.
    fn call_services(
        &mut self,
        dataset: &Dataset,
        token: &CancellationToken,
    ) -> Result<(), RunError> {
        let (Query::Select { pattern, .. }
        | Query::Ask { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }) = &mut self.query;
        if self.services.count(pattern) == 0 {
            return Ok(());
        }
        let whole = std::mem::take(pattern);
        let (services, graphs) = (self.services.clone(), self.query.dataset().cloned());
        let select = |part: &GraphPattern, variables: &[Variable]| {
            let inner = Box::new(part.clone());
            let project = GraphPattern::Project { inner, variables: variables.to_vec() };
            let pattern = GraphPattern::Distinct { inner: project.into() };
            let query = Query::Select { dataset: graphs.clone(), pattern, base_iri: None };
            let part = Self {
                query,
                default_graphs: self.default_graphs.clone(),
                named_graphs: self.named_graphs.clone(),
                services: Services::default(),
            };
            tuples(part.evaluate(dataset, token.clone())?, variables)
        };
        let answered = services.answered(whole, &select)?;
        let (Query::Select { pattern, .. }
        | Query::Ask { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }) = &mut self.query;
        *pattern = answered;
        Ok(())
    }
}

/// The values of some variables in each solution.
fn tuples(
    results: QueryResults<'_>,
    variables: &[Variable],
) -> Result<Vec<Vec<Option<Term>>>, RunError> {
    let QueryResults::Solutions(solutions) = results else { return Ok(Vec::new()) };
    let mut tuples = Vec::new();
    for solution in solutions {
        let solution = solution.map_err(RunError::Evaluation)?;
        tuples.push(variables.iter().map(|variable| solution.get(variable).cloned()).collect());
    }
    Ok(tuples)
}

/// Straight from the store: an evaluator would keep every triple to tell duplicates.
fn triples(
    dataset: &Dataset,
    graph: &GraphName,
    token: CancellationToken,
) -> QueryTripleIter<'static> {
    let everywhere = graph.is_default_graph() && matches!(dataset.mode(), Mode::Node(_));
    let graph = (!everywhere).then_some(graph.as_ref());
    let quads = dataset.read().0.quads_for_pattern(None, None, None, graph);
    QueryTripleIter::new(quads.map(move |quad| {
        if token.is_cancelled() {
            return Err(QueryEvaluationError::Cancelled);
        }
        quad.map(Into::into).map_err(|error| QueryEvaluationError::Dataset(Box::new(error)))
    }))
}

/// How many times a pattern calls a service, also inside filters.
pub(super) fn calls(pattern: &GraphPattern) -> usize {
    // The algebra prints itself as SPARQL; once IRIs and strings are gone, the keyword can stand
    // nowhere else: variables begin with `?`, blank nodes with `_:`.
    unquoted(&pattern.to_string()).matches("SERVICE ").count()
}

/// Whether a `GRAPH ?g` might list graphs without asking for any triple in them.
fn lists_graphs(query: &Query) -> bool {
    let text = query.to_sse();
    if text.contains(crate::store::MARK) {
        return true;
    }
    let text = unquoted(&text);
    text.match_indices("(graph ?").any(|(place, _)| {
        let inner = text[place + 8..].split_once(' ').map_or("", |(_, inner)| inner);
        !inner.starts_with("(bgp (triple")
    })
}

/// SPARQL or an S-expression without its IRIs and strings.
fn unquoted(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => {
                while let Some(c) = characters.next() {
                    match c {
                        '\\' => drop(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '<' => {
                // An operator `<` is followed by a space.
                if characters.as_str().starts_with([' ', '=']) {
                    plain.push(c);
                } else {
                    characters.by_ref().find(|c| *c == '>');
                }
            }
            _ => plain.push(c),
        }
    }
    plain
}
