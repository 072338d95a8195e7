//! A plain SPARQL store of the project's own, used by one test after the other.
//! Refuses to know what is asked of it.

use crate::data;
use anyhow::Result;
use familylab::query::{Answer, UpdateAsk, UpdateError, update};
use familylab::store::{self, Entry, Group, Header, Key, Mode, Triples};
use oxigraph::model::{Dataset, GraphName};
use oxigraph::sparql::{CancellationToken, QueryResults};
use std::collections::BTreeSet;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A store on disk that goes away with it.
pub struct Bare {
    dataset: store::Dataset,
    runtime: Runtime,
    _folder: TempDir,
}

impl Bare {
    /// Opens an empty store.
    pub fn open() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let dataset = runtime.block_on(store::Dataset::open(folder.path(), None, Mode::Bare))?;
        Ok(Self { dataset, runtime, _folder: folder })
    }

    /// Takes everything out and puts these files in, each in its graph.
    pub fn hold(&self, files: &[(GraphName, String)]) -> Result<()> {
        self.update(UpdateAsk { update: "DROP ALL".to_owned(), ..UpdateAsk::default() })?;
        let mut group = Group::keeping_blank_nodes();
        let mut graphs = BTreeSet::new();
        for (graph, url) in files {
            for quad in data::quads(url, graph)? {
                group.add(quad)?;
            }
            if let GraphName::NamedNode(graph) = graph {
                graphs.insert(graph.as_str().to_owned());
            }
        }
        // A graph is there even if its file holds nothing.
        let exists = |graph| Entry {
            key: Key { graph, record: String::new() },
            after: Some(Triples::default()),
        };
        let mut entries: Vec<Entry> = graphs.into_iter().map(exists).collect();
        for record in group.finish()? {
            let (key, triples) = record?;
            entries.push(Entry { key, after: Some(triples) });
        }
        self.runtime.block_on(self.dataset.write(header(), entries))?;
        Ok(())
    }

    /// Runs an update.
    pub fn update(&self, ask: UpdateAsk) -> Result<(), UpdateError> {
        self.runtime.block_on(update(&self.dataset, None, ask, header())).map(drop)
    }

    /// Runs a query.
    pub fn query(&self, answer: Answer) -> Result<QueryResults<'static>> {
        Ok(answer.evaluate(&self.dataset, CancellationToken::new())?)
    }

    /// Everything in it.
    pub fn quads(&self) -> Result<Dataset> {
        let mut quads = Dataset::new();
        for quad in self.dataset.graph().quads() {
            quads.insert(&quad?);
        }
        Ok(quads)
    }
}

fn header() -> Header {
    Header {
        at: jiff::Timestamp::UNIX_EPOCH,
        by: "conformance test".to_owned(),
        note: String::new(),
    }
}
