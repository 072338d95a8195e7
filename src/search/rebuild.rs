//! The whole index made from the log, page by page, while the old one goes on being searched.

use super::document::Document;
use super::error::SearchError;
use super::fields::LAYOUT;
use super::follow::{Follower, document};
use super::gather::Gatherer;
use super::index::{Generation, Reached, commit};
use super::thing::Things;
use crate::iri::Base;
use crate::store::{Dataset, Key, Triples};
use oxigraph::sparql::CancellationToken;
use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::mpsc;

const PAGE: i64 = 1000;
/// Room for documents that are not on disk yet, in bytes for each thread.
const MEMORY: usize = 64 << 20;

/// The making of one index.
pub(super) struct Rebuild {
    dataset: Dataset,
    base: Base,
    things: Arc<Things>,
    infers: bool,
}

/// Some records with all that is stated of them.
type Page = Vec<Vec<(Key, Triples)>>;

impl Rebuild {
    pub(super) fn of(follower: &Follower) -> Self {
        Self {
            dataset: follower.dataset.clone(),
            base: follower.base.clone(),
            things: Arc::clone(&follower.things),
            infers: follower.infers,
        }
    }

    /// Writes every record's document into a new folder.
    pub(super) async fn run(
        self,
        folder: &Path,
        stop: &CancellationToken,
    ) -> Result<Generation, SearchError> {
        let start = Instant::now();
        self.things.forget_all();
        // What changes meanwhile is followed afterwards, from here on.
        let seq = self.dataset.applied();
        let inferred = if self.infers { self.dataset.inferred() } else { seq };
        let settled = if inferred >= seq { seq } else { 0 };
        let (sender, receiver) = mpsc::channel::<Page>(4);
        let folder = folder.to_owned();
        let (things, base) = (Arc::clone(&self.things), self.base.clone());
        let work = tokio::task::spawn_blocking(move || -> Result<_, SearchError> {
            let generation = Generation::create(&folder)?;
            let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
            let mut writer = generation.writer(threads, MEMORY * threads)?;
            let receiver = Mutex::new(receiver);
            let make = || -> Result<u64, SearchError> {
                let gatherer = Gatherer { things: &things, base: &base };
                let mut made = 0;
                loop {
                    // Held only to take the next page.
                    let page =
                        receiver.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
                    let Some(page) = page else { return Ok(made) };
                    for parts in page {
                        let document = parsed(&gatherer, &parts)?;
                        if let Some(document) = &document {
                            writer.add_document(document.to_index(&generation.fields)?)?;
                            made += 1;
                        }
                    }
                }
            };
            let made = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..threads).map(|_| scope.spawn(make)).collect();
                let mut made = 0;
                for thread in threads {
                    made += thread.join().unwrap_or(Err(SearchError::Stopped))?;
                }
                Ok::<u64, SearchError>(made)
            })?;
            commit(&mut writer, Reached { layout: LAYOUT, seq, settled })?;
            writer.wait_merging_threads()?;
            Ok((generation, made))
        });
        let fed = self.feed(sender, stop).await;
        let (generation, made) = work.await??;
        fed?;
        let took_ms = start.elapsed().as_millis();
        tracing::info!(documents = made, took_ms, "the index was made");
        Ok(generation)
    }

    /// Reads every record there is; those that several graphs hold parts of come whole.
    async fn feed(
        &self,
        sender: mpsc::Sender<Page>,
        stop: &CancellationToken,
    ) -> Result<(), SearchError> {
        let shared: HashSet<String> = self.dataset.log().shared().await?.into_iter().collect();
        let mut told = HashSet::new();
        let mut after = 0;
        loop {
            if stop.is_cancelled() {
                return Err(SearchError::Stopped);
            }
            let states = self.dataset.log().states(after, PAGE).await?;
            let Some((last, ..)) = states.last() else { return Ok(()) };
            after = *last;
            let mut page = Page::with_capacity(states.len());
            for (_, key, triples) in states {
                if key.record.is_empty() || key.record.starts_with("_:") {
                    continue;
                }
                let mut parts = vec![(key, triples)];
                if shared.contains(&parts[0].0.record) {
                    let record = parts[0].0.record.clone();
                    if !told.insert(record.clone()) {
                        continue;
                    }
                    parts = self.dataset.log().parts(&record).await?;
                }
                page.push(parts);
            }
            if sender.send(page).await.is_err() {
                // Writing failed, and that is told there.
                return Ok(());
            }
        }
    }
}

/// The document of a record from the parts that graphs hold of it.
fn parsed(
    gatherer: &Gatherer<'_>,
    parts: &[(Key, Triples)],
) -> Result<Option<Document>, SearchError> {
    let Some((key, _)) = parts.first() else { return Ok(None) };
    let mut quads = Vec::new();
    for (key, triples) in parts {
        for quad in triples.quads(&key.graph) {
            quads.push(quad?);
        }
    }
    document(gatherer, &key.record, quads)
}
