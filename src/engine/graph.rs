//! A source whose graph lies here, in an Oxigraph store. Knows nothing of who asks or why.

use super::source::{Request, Row, Rows, Source, SourceError};
use super::summary::Summary;
use oxigraph::model::{GraphName, NamedNode};
use oxigraph::sparql::{CancellationToken, QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use std::sync::Arc;
use tokio::sync::mpsc;

/// How many rows travel together.
const PIECE: usize = 256;

/// This node's own graph: some graphs of a store, taken together.
pub struct GraphSource {
    name: NamedNode,
    endpoint: Option<NamedNode>,
    store: Store,
    graphs: Vec<GraphName>,
    summary: Option<Arc<Summary>>,
    copied: Option<String>,
}

impl GraphSource {
    /// A source over some graphs of a store, and what is known of them.
    pub fn new(
        name: NamedNode,
        store: Store,
        graphs: Vec<GraphName>,
        summary: Option<Arc<Summary>>,
    ) -> Self {
        Self { name, endpoint: None, store, graphs, summary, copied: None }
    }

    /// The same source, which SERVICE also calls by the address of its endpoint.
    pub fn with_endpoint(self, endpoint: NamedNode) -> Self {
        Self { endpoint: Some(endpoint), ..self }
    }

    /// The same as a copy that stands in for somebody else's graph, taken at this moment.
    pub fn copied_at(self, moment: String) -> Self {
        Self { copied: Some(moment), ..self }
    }
}

impl Source for GraphSource {
    fn name(&self) -> &NamedNode {
        &self.name
    }

    fn endpoint(&self) -> Option<&NamedNode> {
        self.endpoint.as_ref()
    }

    fn summary(&self) -> Option<Arc<Summary>> {
        self.summary.clone()
    }

    fn copied(&self) -> Option<&str> {
        self.copied.as_deref()
    }

    fn why_unknown(&self) -> String {
        let why = match self.copied {
            Some(_) => "a copy stands in for it, which is not counted by itself",
            None => "its own graphs have not been counted in their present state yet",
        };
        why.to_owned()
    }

    fn sorts_alike(&self) -> bool {
        true
    }

    fn ask(&self, request: Request) -> Rows {
        let (sender, rows) = mpsc::channel(2);
        let (store, graphs) = (self.store.clone(), self.graphs.clone());
        let token = CancellationToken::new();
        // Nobody listening any more ends an evaluation that finds nothing to send.
        tokio::spawn({
            let (sender, token) = (sender.clone(), token.clone());
            async move {
                sender.closed().await;
                token.cancel();
            }
        });
        tokio::task::spawn_blocking(move || {
            let end = answer(&request, &store, graphs, token, &sender).map(|()| Vec::new());
            // Who no longer listens need not be told.
            let _ = sender.blocking_send(end);
        });
        rows
    }
}

fn answer(
    request: &Request,
    store: &Store,
    graphs: Vec<GraphName>,
    token: CancellationToken,
    sender: &mpsc::Sender<Result<Vec<Row>, SourceError>>,
) -> Result<(), SourceError> {
    let failed = |error: &dyn std::error::Error| SourceError::Failed(error.to_string());
    let mut prepared = SparqlEvaluator::new()
        .with_cancellation_token(token)
        .without_default_http_service_handler()
        .for_query(request.query());
    prepared.dataset_mut().set_default_graph(graphs);
    let results = prepared.on_store(store).execute().map_err(|error| failed(&error))?;
    let QueryResults::Solutions(solutions) = results else {
        return Err(SourceError::Malformed("no solutions".to_owned()));
    };
    let mut piece = Vec::with_capacity(PIECE);
    for solution in solutions {
        let solution = solution.map_err(|error| failed(&error))?;
        piece.push(
            request.variables.iter().map(|variable| solution.get(variable).cloned()).collect(),
        );
        if piece.len() == PIECE && sender.blocking_send(Ok(std::mem::take(&mut piece))).is_err() {
            return Ok(());
        }
    }
    if !piece.is_empty() {
        let _ = sender.blocking_send(Ok(piece));
    }
    Ok(())
}
