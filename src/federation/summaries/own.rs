//! This node's own summary, of what `/sparql` shows without FROM: counted behind the reader's back,
//! told only of exactly the state that readers see. Knows no peers.

use crate::engine::Summary;
use crate::entity::{Behind, EntityError};
use crate::store::{Dataset, Mode, hex};
use bytes::Bytes;
use oxigraph::model::GraphNameRef;
use oxigraph::sparql::CancellationToken;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;

/// No summary is sent that is longer, in bytes.
const LONGEST: usize = 256 << 10;
/// How long to wait before looking again whether it is counted.
const PAUSE: Duration = Duration::from_millis(10);

/// The summary of a state of the data.
#[derive(Debug)]
pub struct Counted {
    /// The state, as [`Dataset::version`] names it.
    version: String,
    pub summary: Arc<Summary>,
    /// The same as it is sent.
    pub json: Bytes,
    /// Another one, another summary.
    pub tag: String,
}

/// The summary as it was counted last. Clones share it.
#[derive(Clone)]
pub struct OwnSummary {
    dataset: Dataset,
    behind: Behind<Counted>,
}

impl OwnSummary {
    /// The summary of a node's graphs.
    pub fn new(dataset: Dataset) -> Self {
        Self { dataset, behind: Behind::default() }
    }

    /// The summary of the present state, if it is counted within this time; counting goes on.
    pub async fn within(&self, patience: Duration) -> Option<Arc<Counted>> {
        let counted = async {
            loop {
                let version = self.dataset.version();
                let (dataset, own) = (self.dataset.clone(), version.clone());
                let count = move |token| count(&dataset, own, &token);
                let counted = self.behind.of(version.clone(), count).await;
                if let Some(counted) = counted.filter(|counted| counted.version == version) {
                    return counted;
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::time::timeout(patience, counted).await.ok()
    }
}

/// Reads one snapshot of the graphs that a query without FROM sees.
fn count(
    dataset: &Dataset,
    version: String,
    token: &CancellationToken,
) -> Result<Counted, EntityError> {
    let (store, seq) = dataset.read();
    let graph = match dataset.mode() {
        Mode::Node(_) => None,
        Mode::Bare => Some(GraphNameRef::DefaultGraph),
    };
    let triples = store.quads_for_pattern(None, None, None, graph).map(|quad| {
        if token.is_cancelled() {
            return Err(EntityError::TimedOut);
        }
        Ok(quad?.into())
    });
    let mut summary = Summary::read(triples, Some(seq))?;
    let json = summary.fit(LONGEST);
    let digest = hex(&Sha256::digest(&json));
    let tag = format!("\"{version}-{}\"", &digest[..24]);
    Ok(Counted { version, summary: Arc::new(summary), json: json.into(), tag })
}
