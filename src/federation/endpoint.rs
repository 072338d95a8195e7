//! A SPARQL endpoint elsewhere as a source of the engine: the request goes out as text, rows are
//! read as they come. SPARQL 1.1 Protocol, section 2.1. Knows no plan.

use crate::engine::{Request, Row, Rows, Source, SourceError, Summary};
use crate::media::SOLUTIONS_TO_READ;
use crate::net::{self, Limits, Net, NetError, Url};
use futures::TryStreamExt;
use oxigraph::model::{NamedNode, Term, Variable};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sparesults::{
    QueryResultsFormat, QueryResultsParseError, QueryResultsParser,
    TokioAsyncReaderQueryResultsParserOutput as Output,
};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio_util::io::StreamReader;

/// How many rows travel together.
const PIECE: usize = 256;
/// No answer of a peer may be larger, unpacked.
const LARGEST: u64 = 256 << 20;
/// How long a peer may take to begin, and to go on, at most.
const WAIT: Duration = Duration::from_secs(15);
const FORM: &str = "application/x-www-form-urlencoded";

/// An endpoint that is on the list.
pub(super) struct Endpoint {
    name: NamedNode,
    called: Option<NamedNode>,
    url: Url,
    net: Net,
    limits: Limits,
    /// When whatever it was asked must have been answered.
    until: Instant,
    /// What is known of its graph, or why nothing is.
    known: Result<Arc<Summary>, String>,
    /// Whether it is a node of this software.
    is_node: bool,
}

impl Endpoint {
    /// The endpoint at an address, for one query that begins now and may take so long. A peer that
    /// dawdles has to be given up while there is time left to answer without it.
    pub(super) fn new(
        name: NamedNode,
        url: Url,
        net: Net,
        limit: Duration,
        known: Result<Arc<Summary>, String>,
    ) -> Self {
        let (wait, total) = (WAIT.min(limit / 4), limit * 3 / 4);
        let limits = Limits { first_byte: wait, idle: wait, total, bytes: LARGEST };
        let until = Instant::now() + total;
        // An address that is no IRI cannot be written in a query.
        let called = NamedNode::new(url.as_str()).ok();
        Self { name, called, url, net, limits, until, known, is_node: false }
    }

    /// The same endpoint, of a node of this software.
    pub(super) fn of_node(self) -> Self {
        Self { is_node: true, ..self }
    }
}

impl Source for Endpoint {
    fn name(&self) -> &NamedNode {
        &self.name
    }

    fn endpoint(&self) -> Option<&NamedNode> {
        self.called.as_ref()
    }

    fn summary(&self) -> Option<Arc<Summary>> {
        self.known.as_ref().ok().cloned()
    }

    fn why_unknown(&self) -> String {
        self.known.as_ref().err().cloned().unwrap_or_default()
    }

    fn sorts_alike(&self) -> bool {
        self.is_node
    }

    fn ask(&self, request: Request) -> Rows {
        let (sender, rows) = mpsc::channel(2);
        let query = request.query().to_string();
        let query = format!("query={}", utf8_percent_encode(&query, NON_ALPHANUMERIC));
        let sent = net::Request::post(self.url.clone(), FORM, query)
            .accept(SOLUTIONS_TO_READ)
            .within(Limits {
                total: self.until.saturating_duration_since(Instant::now()),
                ..self.limits
            });
        let net = self.net.clone();
        tokio::spawn(async move {
            let end = tokio::select! {
                // Nobody listens any more: the request is dropped, and with it its connection.
                () = sender.closed() => return,
                end = answer(&net, sent, &request.variables, &sender) => end,
            };
            // Who no longer listens need not be told.
            let _ = sender.send(end.map(|()| Vec::new())).await;
        });
        rows
    }
}

async fn answer(
    net: &Net,
    request: net::Request,
    variables: &[Variable],
    sender: &mpsc::Sender<Result<Vec<Row>, SourceError>>,
) -> Result<(), SourceError> {
    let answer = net.send(request).await.map_err(failure)?;
    let media = answer.media().unwrap_or_default().to_owned();
    // A table that is cut off looks like a whole one, so none is asked for and none is read.
    let format = QueryResultsFormat::from_media_type(&media)
        .filter(|format| matches!(format, QueryResultsFormat::Json | QueryResultsFormat::Xml))
        .ok_or_else(|| SourceError::Malformed(format!("it is {media:?}, no SPARQL results")))?;
    let body = StreamReader::new(Box::pin(answer.chunks().map_err(io::Error::other)));
    let parser = QueryResultsParser::from_format(format);
    let output = parser.for_tokio_async_reader(body).await.map_err(unread)?;
    let Output::Solutions(mut solutions) = output else {
        return Err(SourceError::Malformed(
            "it is a truth value, where rows were asked for".into(),
        ));
    };
    let mut piece: Vec<Row> = Vec::with_capacity(PIECE);
    while let Some(solution) = solutions.next().await {
        let solution = solution.map_err(unread)?;
        let value = |variable: &Variable| -> Option<Term> { solution.get(variable).cloned() };
        piece.push(variables.iter().map(value).collect());
        if piece.len() == PIECE {
            let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
            if sender.send(Ok(full)).await.is_err() {
                return Ok(());
            }
        }
    }
    if !piece.is_empty() {
        let _ = sender.send(Ok(piece)).await;
    }
    Ok(())
}

/// Why results could not be read: the network's reason, where that is what stopped them.
fn unread(error: QueryResultsParseError) -> SourceError {
    match error {
        QueryResultsParseError::Io(error) => match error.into_inner() {
            Some(cause) => match cause.downcast::<NetError>() {
                Ok(error) => failure(*error),
                Err(other) => SourceError::Failed(other.to_string()),
            },
            None => SourceError::Failed("its answer ended in the middle".to_owned()),
        },
        QueryResultsParseError::Syntax(error) => SourceError::Malformed(error.to_string()),
    }
}

fn failure(error: NetError) -> SourceError {
    let words = error.in_words();
    match error {
        NetError::TimedOut { after, .. } => SourceError::TimedOut(after),
        NetError::TooLarge { .. } | NetError::Status { status: 413 | 414, .. } => {
            SourceError::TooLarge
        }
        NetError::Status { .. } => SourceError::Refused(words),
        NetError::BrokenOff { .. } => SourceError::Failed(words),
        _ => SourceError::Unreachable(words),
    }
}
