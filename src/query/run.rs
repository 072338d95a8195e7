//! Runs one SPARQL query: parse, choose the dataset, evaluate, write the answer as it comes.
//! Knows no HTTP; blocking work runs on a thread of its own that ends when nobody listens.

use super::depth::{MOST, is_too_deep};
use super::stop::{until_stopped, watch, watcher};
use super::substitute::substitute;
use crate::media::{Kind, Media};
use crate::store::{Dataset, Mode};
use bytes::Bytes;
use oxigraph::io::RdfSerializer;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Term, Variable};
use oxigraph::sparql::{
    CancellationToken, QueryEvaluationError, QueryResults, SparqlEvaluator, SparqlSyntaxError,
};
use sparesults::QueryResultsSerializer;
use spargebra::algebra::GraphPattern;
use spargebra::{Query, SparqlParser};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// The answer travels in pieces of about this size.
const PIECE: usize = 64 << 10;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the query is not SPARQL 1.1: {0}")]
    Syntax(#[from] SparqlSyntaxError),
    #[error("{0:?} is not an absolute IRI, so it cannot name a graph or a base")]
    Iri(String),
    #[error(
        "SERVICE is refused: this endpoint answers from its own graphs and calls no other address"
    )]
    Service,
    #[error("the query is nested or chained more than {MOST} levels deep; write it flatter")]
    TooDeep,
    #[error(
        "the query took longer than {0:?} and was stopped; ask for less, or download a dump and \
         query it where you are"
    )]
    TimedOut(Duration),
    #[error("the query was stopped because nobody waited for its answer")]
    Abandoned,
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
}

/// What kind of answer a query has, known once it is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// SELECT and ASK.
    Results,
    /// CONSTRUCT and DESCRIBE.
    Graph,
}

/// A query that has been parsed and may run.
pub struct Answer {
    query: Query,
    evaluator: SparqlEvaluator,
    pub form: Form,
    default_graphs: Vec<GraphName>,
    named_graphs: Vec<NamedOrBlankNode>,
}

impl Ask {
    /// Parses the query and refuses what this endpoint does not do.
    pub fn parse(self) -> Result<Answer, RunError> {
        if is_too_deep(&self.query) {
            return Err(RunError::TooDeep);
        }
        let mut parser = SparqlParser::new();
        if let Some(base) = self.base {
            parser = parser.with_base_iri(&base).map_err(|_| RunError::Iri(base.clone()))?;
        }
        let query = parser.parse_query(&self.query)?;
        let (form, pattern) = match &query {
            Query::Select { pattern, .. } | Query::Ask { pattern, .. } => (Form::Results, pattern),
            Query::Construct { pattern, .. } | Query::Describe { pattern, .. } => {
                (Form::Graph, pattern)
            }
        };
        if calls_service(pattern) {
            return Err(RunError::Service);
        }
        let graph = |iri: String| NamedNode::new(&iri).map_err(|_| RunError::Iri(iri));
        let nodes = |iris: Vec<String>| iris.into_iter().map(graph).collect::<Result<Vec<_>, _>>();
        Ok(Answer {
            form,
            query,
            evaluator: SparqlEvaluator::new().without_default_http_service_handler(),
            default_graphs: nodes(self.default_graphs)?.into_iter().map(Into::into).collect(),
            named_graphs: nodes(self.named_graphs)?.into_iter().map(Into::into).collect(),
        })
    }
}

impl Answer {
    /// Puts terms in the place of variables, such as the parameters of a named query.
    #[must_use]
    pub fn with(mut self, values: &[(Variable, Term)]) -> Self {
        substitute(&mut self.query, values);
        self
    }

    /// Evaluates on the calling thread and hands over the rows, for tests and the command line.
    ///
    /// The graph protocol's parameters replace what the query says. SPARQL 1.1 Protocol, 2.1.4.
    /// Whoever cancels the token reads the rows inside `until_stopped`.
    pub fn evaluate(
        mut self,
        dataset: &Dataset,
        token: CancellationToken,
    ) -> Result<QueryResults<'static>, QueryEvaluationError> {
        let (store, _) = dataset.read();
        let lists_graphs = lists_graphs(&self.query);
        watch(&mut self.query);
        let (name, look) = watcher(token.clone());
        let evaluator =
            self.evaluator.with_cancellation_token(token).with_custom_function(name, look);
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
            spec.set_available_named_graphs(
                names.map_err(|error| QueryEvaluationError::Unexpected(Box::new(error)))?,
            );
        }
        prepared.on_store(store).execute()
    }
}

/// A query being evaluated; its bytes come out of `pieces`. Dropped, it stops the evaluation.
pub struct Running {
    pub pieces: mpsc::Receiver<Result<Bytes, RunError>>,
    _stop: StopOnDrop,
}

/// Cancels an evaluation when nobody waits for it any more.
pub(super) struct StopOnDrop(pub CancellationToken);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Starts evaluating on a blocking thread and writes the answer in a format that fits its form.
/// `held` is kept until the evaluation ends, such as a place among the running queries.
pub fn start<H: Send + 'static>(
    answer: Answer,
    dataset: Dataset,
    media: Media,
    limit: Duration,
    held: H,
) -> Running {
    let (sender, pieces) = mpsc::channel(4);
    let token = CancellationToken::new();
    let timed_out = Arc::new(AtomicBool::new(false));
    let timer = tokio::spawn({
        let (token, timed_out) = (token.clone(), Arc::clone(&timed_out));
        async move {
            tokio::time::sleep(limit).await;
            timed_out.store(true, Ordering::Relaxed);
            token.cancel();
        }
    });
    let running = Running { pieces, _stop: StopOnDrop(token.clone()) };
    tokio::task::spawn_blocking(move || {
        let mut out = Pieces { sender, piece: Vec::with_capacity(PIECE), timed_out: &timed_out };
        let written = until_stopped(|| {
            let results = answer.evaluate(&dataset, token).map_err(RunError::Evaluation)?;
            write(results, media, &mut out)?;
            Ok(out.flush()?)
        });
        timer.abort();
        let written = written.unwrap_or(Err(RunError::Evaluation(QueryEvaluationError::Cancelled)));
        if let Err(error) = written {
            let error = if timed_out.load(Ordering::Relaxed) {
                RunError::TimedOut(limit)
            } else {
                cancelled(error)
            };
            // Nobody may be listening any more; then there is nobody to tell.
            let _ = out.sender.blocking_send(Err(error));
        }
        drop(held);
    });
    running
}

fn cancelled(error: RunError) -> RunError {
    match error {
        RunError::Evaluation(QueryEvaluationError::Cancelled) => RunError::Abandoned,
        RunError::Write(error) if error.kind() == io::ErrorKind::BrokenPipe => RunError::Abandoned,
        other => other,
    }
}

/// Writes results as they come.
pub fn write(
    results: QueryResults<'_>,
    media: Media,
    out: &mut impl Write,
) -> Result<(), RunError> {
    match (results, media.kind) {
        (QueryResults::Solutions(solutions), Kind::Results(format)) => {
            let variables: Vec<Variable> = solutions.variables().to_vec();
            let mut writer = QueryResultsSerializer::from_format(format)
                .serialize_solutions_to_writer(out, variables)?;
            for solution in solutions {
                writer.serialize(&solution.map_err(RunError::Evaluation)?)?;
            }
            writer.finish()?;
        }
        (QueryResults::Boolean(value), Kind::Results(format)) => {
            QueryResultsSerializer::from_format(format).serialize_boolean_to_writer(out, value)?;
        }
        (QueryResults::Graph(triples), Kind::Rdf(format)) => {
            let mut writer = RdfSerializer::from_format(format).for_writer(out);
            for triple in triples {
                writer.serialize_triple(&triple.map_err(RunError::Evaluation)?)?;
            }
            writer.finish()?;
        }
        _ => return Err(RunError::Lost),
    }
    Ok(())
}

/// Collects what is written into pieces and sends them; waits while the client is slow.
struct Pieces<'a> {
    sender: mpsc::Sender<Result<Bytes, RunError>>,
    piece: Vec<u8>,
    timed_out: &'a AtomicBool,
}

impl Pieces<'_> {
    fn send(&mut self) -> io::Result<()> {
        if self.timed_out.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.sender
            .blocking_send(Ok(piece.into()))
            .map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() { Ok(()) } else { self.send() }
    }
}

/// Whether a pattern calls another endpoint, also inside filters.
pub(super) fn calls_service(pattern: &GraphPattern) -> bool {
    // The algebra prints itself as SPARQL; once IRIs and strings are gone, the keyword can stand
    // nowhere else: variables begin with `?`, blank nodes with `_:`.
    unquoted(&pattern.to_string()).contains("SERVICE ")
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
