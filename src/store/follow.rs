//! The graph following the log: one change read page by page and applied as it comes.
//! Refuses to know who waits for it.

use super::dataset::DatasetError;
use super::graph::{Graph, GraphError};
use super::log::{Log, LogError, Step};
use tokio::sync::mpsc;

/// A change with more entries than this is bulk-loaded into the graph.
const BULK: u64 = 1000;
/// One of these parts of all records, bulk-loaded, is worth rewriting the whole graph for.
const LARGE_PART: u64 = 4;
/// How many entries are read from the log at a time.
const PAGE: i64 = 500;

/// Applies one change of the log to the graph; the log is read while the graph works.
pub(super) async fn apply(log: &Log, graph: &Graph, seq: u64) -> Result<(), DatasetError> {
    let missing = || LogError::Damaged { seq, what: "the change is missing".to_owned() };
    let info = log.change(seq).await?.ok_or_else(missing)?;
    let is_large = info.entries >= log.record_count().await? / LARGE_PART;
    let (sender, receiver) = mpsc::channel(2);
    let graph = graph.clone();
    let work = tokio::task::spawn_blocking(move || {
        let steps = Steps { receiver, page: Vec::new().into_iter() };
        if info.entries <= BULK {
            return graph.apply(seq, steps);
        }
        graph.apply_in_bulk(seq, steps)?;
        if is_large { graph.compact() } else { Ok(()) }
    });
    let mut after = 0;
    let mut count = 0;
    loop {
        let page = log.steps(seq, after, PAGE).await;
        if let Ok(steps) = &page {
            let Some(last) = steps.last() else { break };
            after = last.position;
            count += steps.len() as u64;
        }
        let failed = page.is_err();
        if sender.send(page.map_err(GraphError::from)).await.is_err() || failed {
            break;
        }
    }
    if count != info.entries && !sender.is_closed() {
        let what = format!("{count} of its {} entries are there", info.entries);
        let _ = sender.send(Err(LogError::Damaged { seq, what }.into())).await;
    }
    drop(sender);
    Ok(work.await??)
}

/// The steps of a change as they arrive from the log.
struct Steps {
    receiver: mpsc::Receiver<Result<Vec<Step>, GraphError>>,
    page: std::vec::IntoIter<Step>,
}

impl Iterator for Steps {
    type Item = Result<Step, GraphError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(step) = self.page.next() {
                return Some(Ok(step));
            }
            match self.receiver.blocking_recv()? {
                Ok(page) => self.page = page.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
