//! An endpoint that is told everything as text, as those elsewhere are, and can be made to fail.

use familylab::engine::{Request, Row, Rows, Source, SourceError, Summary};
use oxigraph::model::NamedNode;
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;

/// What an endpoint does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Answers,
    /// Answers, and is known to sort as this node does.
    Sorts,
    Refuses,
    Hangs,
    /// Sends one piece and stops without an end.
    BreaksOff,
    /// Refuses more than so many rows of VALUES.
    TakesRows(usize),
}

pub struct Endpoint {
    name: NamedNode,
    /// The address of its endpoint, by which SERVICE may call it too.
    address: NamedNode,
    store: Store,
    summary: Option<Arc<Summary>>,
    manner: Manner,
    /// Every text that was sent.
    pub asked: Arc<Mutex<Vec<String>>>,
    /// How many rows were taken from it.
    pub sent: Arc<AtomicUsize>,
}

impl Endpoint {
    pub fn new(
        name: NamedNode,
        store: Store,
        summary: Option<Arc<Summary>>,
        manner: Manner,
    ) -> Self {
        let address = NamedNode::new_unchecked(format!("{}sparql", name.as_str()));
        let (asked, sent) = (Arc::default(), Arc::default());
        Self { name, address, store, summary, manner, asked, sent }
    }
}

impl Source for Endpoint {
    fn name(&self) -> &NamedNode {
        &self.name
    }

    fn endpoint(&self) -> Option<&NamedNode> {
        Some(&self.address)
    }

    fn summary(&self) -> Option<Arc<Summary>> {
        self.summary.clone()
    }

    fn sorts_alike(&self) -> bool {
        self.manner == Manner::Sorts
    }

    fn ask(&self, request: Request) -> Rows {
        let (sender, rows) = mpsc::channel(1);
        let text = request.query().to_string();
        self.asked.lock().expect("no test holds it and panics").push(text.clone());
        let carried = request.bindings.as_ref().map_or(0, |bindings| bindings.rows.len());
        let (store, manner, sent) = (self.store.clone(), self.manner, Arc::clone(&self.sent));
        match manner {
            Manner::Hangs => drop(tokio::spawn(async move { sender.closed().await })),
            Manner::Refuses => {
                let refused = SourceError::Refused("502 Bad Gateway".to_owned());
                sender.try_send(Err(refused)).expect("there is room");
            }
            Manner::TakesRows(most) if carried > most => {
                sender.try_send(Err(SourceError::TooLarge)).expect("there is room");
            }
            _ => drop(tokio::task::spawn_blocking(move || {
                for piece in pieces(&text, &request, &store) {
                    let rows = piece.as_ref().map_or(0, Vec::len);
                    let is_end = rows == 0;
                    if is_end && manner == Manner::BreaksOff || sender.blocking_send(piece).is_err()
                    {
                        return;
                    }
                    sent.fetch_add(rows, Ordering::Relaxed);
                }
            })),
        }
        rows
    }
}

type Piece = Result<Vec<Row>, SourceError>;

/// The answer in pieces of one row, and the empty one at the end.
fn pieces(text: &str, request: &Request, store: &Store) -> Box<dyn Iterator<Item = Piece>> {
    let failed = |error: String| Box::new(std::iter::once(Err(SourceError::Malformed(error))));
    let prepared = match SparqlEvaluator::new().parse_query(text) {
        Ok(prepared) => prepared,
        Err(error) => return failed(format!("{error} in {text}")),
    };
    let solutions = match prepared.on_store(store).execute() {
        Ok(QueryResults::Solutions(solutions)) => solutions,
        Ok(_) => return failed("no solutions".to_owned()),
        Err(error) => return failed(error.to_string()),
    };
    let variables = request.variables.clone();
    let rows = solutions.map(move |solution| {
        let solution = solution.map_err(|error| SourceError::Failed(error.to_string()))?;
        Ok(vec![variables.iter().map(|variable| solution.get(variable).cloned()).collect()])
    });
    Box::new(rows.chain(std::iter::once(Ok(Vec::new()))))
}
