//! The streams of what was published: everything, the records of a kind, those of a source. Reads
//! the log and hands out nodes as bytes; what is in a node and where it ends others know.

use super::member::Member;
use super::node::Node;
use super::outline::{Outline, PAGE, Span, Spot};
use super::shelf::{Label, Shelf};
use crate::iri::KINDS;
use crate::publish::publication::{Publication, PublishError};
use crate::store::{Choice, Place, Revision, hex};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use oxigraph::io::RdfFormat;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Mutex as Turn;

/// How many bytes of nodes are kept as they were sent.
const KEPT: usize = 64 << 20;
/// How many versions are read at once.
const BATCH: i64 = 250;

/// A node that is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub kind: Option<String>,
    pub source: Option<String>,
    pub spot: Spot,
    pub format: RdfFormat,
    /// Whether it may be packed with gzip.
    pub is_packed: bool,
}

/// A node as it is sent.
#[derive(Debug, Clone)]
pub struct Written {
    pub bytes: Bytes,
    /// What tells these bytes from all others.
    pub digest: String,
    /// When its last member was made.
    pub modified: Option<String>,
    /// Whether it never changes again.
    pub is_closed: bool,
    pub is_packed: bool,
}

/// The streams. Clones share what they know.
#[derive(Clone)]
pub struct Streams(Arc<Inner>);

struct Inner {
    publication: Publication,
    outlines: Mutex<HashMap<String, Arc<Turn<Outline>>>>,
    shelf: Shelf,
}

impl Streams {
    /// The streams of a publication. Nothing is read before somebody asks.
    pub fn new(publication: Publication) -> Self {
        let outlines = Mutex::default();
        Self(Arc::new(Inner { publication, outlines, shelf: Shelf::new(KEPT) }))
    }

    /// A node, unless there is no such stream or its stream does not reach so far.
    pub async fn node(&self, asked: &Asked) -> Result<Option<Written>, PublishError> {
        let stream = self.address(asked);
        let mut label = Label {
            stream: stream.clone(),
            spot: asked.spot,
            extension: asked.format.file_extension(),
            is_packed: asked.is_packed,
            emptied: self.0.publication.log().emptied(),
            count: None,
        };
        if let Some(written) = self.0.shelf.get(&label) {
            return Ok(Some(written));
        }
        if !self.is_stream(asked).await? {
            return Ok(None);
        }
        let choice = self.0.publication.choice(asked.kind.as_deref(), asked.source.as_deref());
        let outline = {
            let mut outlines = self.0.outlines.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(outlines.entry(stream.clone()).or_default())
        };
        let mut node = {
            // One reads the log on; whoever comes meanwhile waits and finds it read.
            let mut outline = outline.lock().await;
            outline.extend(&self.0.publication, &choice).await?;
            let (span, is_closed) = (outline.span(asked.spot), outline.is_closed(asked.spot));
            if span.is_none() && asked.spot != Spot::Root {
                return Ok(None);
            }
            label.count = (!is_closed).then(|| outline.count());
            let children = outline.children(asked.spot);
            Node { stream, spot: asked.spot, is_closed, span, children, members: Vec::new() }
        };
        if let Some(written) = self.0.shelf.get(&label) {
            return Ok(Some(written));
        }
        if let (Spot::Page(_), Some(span)) = (asked.spot, &node.span) {
            node.members = self.members(&choice, span).await?;
        }
        let (format, is_packed) = (asked.format, asked.is_packed);
        let written =
            tokio::task::spawn_blocking(move || written(&node, format, is_packed)).await??;
        self.0.shelf.put(label, written.clone());
        Ok(Some(written))
    }

    /// Where the entrance of a stream stands.
    fn address(&self, asked: &Asked) -> String {
        let part = match (&asked.kind, &asked.source) {
            (Some(kind), _) => format!("/kind/{kind}"),
            (None, Some(source)) => format!("/source/{source}"),
            (None, None) => String::new(),
        };
        self.0.publication.base().join(&format!("/ldes{part}"))
    }

    async fn is_stream(&self, asked: &Asked) -> Result<bool, PublishError> {
        if let Some(kind) = &asked.kind {
            return Ok(KINDS.contains(&kind.as_str()));
        }
        let Some(source) = &asked.source else { return Ok(true) };
        let graph = self.0.publication.base().graph(source);
        Ok(self.0.publication.log().knows_graph(graph.as_str()).await?)
    }

    /// The members of a page, in the order of the log.
    async fn members(&self, choice: &Choice, span: &Span) -> Result<Vec<Member>, PublishError> {
        let log = self.0.publication.log();
        let before = Place { seq: span.first.seq, position: span.first.position - 1 };
        let events = log.events(choice, before, span.last.seq, PAGE as i64).await?;
        let mut revisions = self.revisions(choice, before, span.last).await?;
        let mut members = Vec::with_capacity(events.len());
        for event in events.iter().filter(|event| event.place <= span.last) {
            let Some(revision) = revisions.remove(&event.place) else { continue };
            members.push(if event.is_shared {
                let (record, seq) = (&revision.key.record, event.place.seq);
                let now = log.revision_of(record, seq).await?;
                let earlier = log.revision_of(record, seq - 1).await?;
                Member::together(&revision, &now, &earlier)
            } else {
                Member::alone(&revision)
            });
        }
        Ok(members)
    }

    async fn revisions(
        &self,
        choice: &Choice,
        mut after: Place,
        last: Place,
    ) -> Result<HashMap<Place, Revision>, PublishError> {
        let (log, mut found) = (self.0.publication.log(), HashMap::new());
        while after < last {
            let page = log.revisions(choice, after, last.seq, BATCH).await?;
            let Some(end) = page.last() else { break };
            after = end.place;
            found.extend(page.into_iter().map(|revision| (revision.place, revision)));
        }
        Ok(found)
    }
}

/// A node in bytes. Blocking: writes and packs.
fn written(node: &Node, format: RdfFormat, is_packed: bool) -> Result<Written, PublishError> {
    let mut bytes = node.write(format)?;
    if is_packed {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(&bytes)?;
        bytes = packer.finish()?;
    }
    let digest = hex(&Sha256::digest(&bytes)[..16]);
    let modified = node.span.as_ref().map(|span| span.until.clone());
    Ok(Written { bytes: bytes.into(), digest, modified, is_closed: node.is_closed, is_packed })
}
