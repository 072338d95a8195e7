//! The search as others hold it: cheap to clone, safe to share.

use super::error::SearchError;
use super::follow::Follower;
use super::index::Reached;
use super::shelf::Shelf;
use super::snippet::Analyzers;
use super::thing::{Things, best};
use crate::config::{RelatedWeights, SearchWeights};
use crate::iri::Base;
use crate::schema::Text;
use crate::store::Dataset;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Search over the records of one node.
#[derive(Clone)]
pub struct Search {
    pub(super) shelf: Shelf,
    pub(super) things: Arc<Things>,
    pub(super) dataset: Dataset,
    pub(super) base: Base,
    pub(super) weights: Arc<SearchWeights>,
    pub(super) related: Arc<RelatedWeights>,
    /// For snippets.
    pub(super) analyzers: Arc<Analyzers>,
    root: PathBuf,
    infers: bool,
}

impl Search {
    /// A search with its index below the data folder; nothing is found until a follower runs.
    pub fn new(
        data: &Path,
        dataset: Dataset,
        base: Base,
        infers: bool,
        weights: SearchWeights,
        related: RelatedWeights,
    ) -> Self {
        Self {
            shelf: Shelf::default(),
            things: Arc::new(Things::new(dataset.read().0.clone())),
            dataset,
            base,
            weights: Arc::new(weights),
            related: Arc::new(related),
            analyzers: Arc::default(),
            root: data.join("index"),
            infers,
        }
    }

    /// The one that keeps the index up to date; there must be one at a time.
    pub fn follower(&self) -> Follower {
        Follower::new(
            self.root.clone(),
            self.dataset.clone(),
            self.base.clone(),
            Arc::clone(&self.things),
            self.shelf.clone(),
            self.infers,
        )
    }

    /// The same search with an index elsewhere.
    pub fn at(&self, folder: &Path) -> Self {
        Self { shelf: Shelf::default(), root: folder.join("index"), ..self.clone() }
    }

    /// Where the index is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Up to where the index follows.
    pub fn reached(&self) -> Reached {
        self.shelf.reached()
    }

    /// Waits until searches see a change.
    pub async fn wait_for(&self, seq: u64, limit: Duration) -> Result<(), SearchError> {
        self.shelf.wait_for(seq, false, limit).await
    }

    /// Waits until searches see a change and what the rules infer from it.
    pub async fn wait_until_settled(&self, seq: u64, limit: Duration) -> Result<(), SearchError> {
        self.shelf.wait_for(seq, self.infers, limit).await
    }

    /// Every indexed record with a hash of its document, for comparison.
    pub fn digests(&self) -> Result<std::collections::BTreeMap<String, String>, SearchError> {
        self.shelf.take()?.digests()
    }

    /// How many records can be found.
    pub fn documents(&self) -> Result<u64, SearchError> {
        Ok(self.shelf.take()?.searcher.num_docs())
    }

    /// What something is called, in both languages.
    pub(super) fn name(&self, iri: &str) -> Result<Text, SearchError> {
        let names = self.things.names(iri)?;
        let end = || iri.rsplit(['/', '#']).next().unwrap_or(iri);
        let name = |language| best(&names, language).unwrap_or_else(end).to_owned();
        Ok(Text::new(name("it"), name("en")))
    }
}
