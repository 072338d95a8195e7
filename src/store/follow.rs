//! The graph following the log: one change read page by page and applied as it comes.
//! Refuses to know who waits for it.

use super::dataset::DatasetError;
use super::graph::{Graph, GraphError};
use super::log::{Log, LogError};
use super::step::{Part, Step};
use tokio::sync::mpsc;

/// A change with more entries than this is bulk-loaded into the graph.
const BULK: u64 = 1000;
/// One of these parts of all records, bulk-loaded, is worth rewriting the whole graph for.
const LARGE_PART: u64 = 4;
/// How many entries are read from the log at a time.
const PAGE: i64 = 100;

/// Applies one change of the log to the graph; the log is read while the graph works.
pub(super) async fn apply(log: &Log, graph: &Graph, seq: u64) -> Result<(), DatasetError> {
    let missing = || LogError::Damaged { seq, what: "the change is missing".to_owned() };
    let info = log.change(seq).await?.ok_or_else(missing)?;
    let graph = graph.clone();
    if info.entries <= BULK {
        let work = move |steps| graph.apply(seq, steps);
        feed(log, seq, Part::All, Some(info.entries), work).await?;
        return Ok(());
    }
    let is_large = info.entries >= log.record_count().await? / LARGE_PART;
    let load = graph.clone();
    let new = feed(log, seq, Part::New, None, move |steps| load.load(steps)).await?;
    let more = || LogError::Damaged {
        seq,
        what: format!("{new} of its {} entries are there", info.entries),
    };
    let rest = info.entries.checked_sub(new).ok_or_else(more)?;
    let work = move |steps| {
        graph.replace(seq, steps)?;
        if is_large { graph.compact() } else { Ok(()) }
    };
    feed(log, seq, Part::Rest, Some(rest), work).await?;
    Ok(())
}

/// Hands a part of a change to the graph, page by page; gives the number of its entries. `work`
/// gets an error before its end where there are not as many as there must be.
async fn feed(
    log: &Log,
    seq: u64,
    part: Part,
    wanted: Option<u64>,
    work: impl FnOnce(Steps) -> Result<(), GraphError> + Send + 'static,
) -> Result<u64, DatasetError> {
    let (sender, receiver) = mpsc::channel(1);
    let steps = Steps { receiver, page: Vec::new().into_iter() };
    let work = tokio::task::spawn_blocking(move || work(steps));
    let (mut after, mut count) = (0, 0);
    // Where nothing can be left, the log need not be searched for it.
    while wanted != Some(0) {
        let page = log.steps_of(part, seq, after, PAGE).await;
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
    if let Some(wanted) = wanted
        && count != wanted
        && !sender.is_closed()
    {
        let what = format!("{count} of its {wanted} entries are there");
        let _ = sender.send(Err(LogError::Damaged { seq, what }.into())).await;
    }
    drop(sender);
    work.await??;
    Ok(count)
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
