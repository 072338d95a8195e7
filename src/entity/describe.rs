//! What this node states about an IRI, now or at an earlier change, read from the log.
//! Refuses to know how a description is shown or written.

use crate::iri::record_of;
use crate::schema::ShippedError;
use crate::store::{Dataset, Key, LogError, Triples, Version};
use oxigraph::io::RdfSyntaxError;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedOrBlankNode, Quad, Term, Triple};
use oxigraph::sparql::{QueryEvaluationError, SparqlSyntaxError};
use oxigraph::store::StorageError;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Why an IRI cannot be described.
#[derive(Debug, thiserror::Error)]
pub enum EntityError {
    #[error("this node holds no statement about {0}")]
    Unknown(String),
    #[error("{iri} was deleted by change {seq}, at {at}; its earlier versions can still be read")]
    Gone { iri: String, seq: u64, at: String },
    #[error(
        "{iri} was taken down ({class}); neither it nor its earlier versions are given any more"
    )]
    TakenDown { iri: String, class: String },
    #[error("{iri} has no version {seq}")]
    NoVersion { iri: String, seq: u64 },
    #[error("counting what refers to the resource took too long and was stopped")]
    TimedOut,
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("the log holds a line that is not N-Triples: {0}")]
    Line(#[from] RdfSyntaxError),
    #[error("the graph's storage failed: {0}")]
    Storage(#[from] StorageError),
    #[error("what refers to the resource could not be read: {0}")]
    Query(#[source] QueryEvaluationError),
    #[error("the IRI cannot stand in a query: {0}")]
    Syntax(#[from] SparqlSyntaxError),
    #[error(transparent)]
    Shipped(#[from] ShippedError),
    #[error("the JSON-LD context is not JSON: {0}")]
    Context(#[from] serde_json::Error),
    #[error("the description could not be written: {0}")]
    Write(#[from] std::io::Error),
}

impl EntityError {
    /// An evaluation that was stopped took too long.
    pub(super) fn from_query(error: QueryEvaluationError) -> Self {
        match error {
            QueryEvaluationError::Cancelled => Self::TimedOut,
            other => Self::Query(other),
        }
    }
}

/// What is stated about an IRI, source by source.
#[derive(Debug, Clone)]
pub struct Description {
    /// What is described: a record, or one fragment of it.
    pub iri: String,
    /// Its statements and those of the fragments below it, sorted, each in its source graph.
    pub quads: Vec<Quad>,
    /// The versions of the record, the newest first.
    pub versions: Vec<Version>,
    /// The version this is, where it is not the newest.
    pub version: Option<u64>,
}

/// Describes an IRI as it is now. A record comes with all its fragments; a fragment with those
/// it leads to. An IRI that others only refer to has a description without statements.
pub async fn describe(dataset: &Dataset, iri: &str) -> Result<Description, EntityError> {
    let versions = dataset.log().versions(record_of(iri)).await?;
    let quads = state(dataset, iri, &versions, u64::MAX).await?;
    match versions.first() {
        Some(last) if quads.is_empty() && record_of(iri) == iri => {
            Err(gone(dataset, iri, last).await?)
        }
        _ => Ok(Description { iri: iri.to_owned(), quads, versions, version: None }),
    }
}

/// Describes an IRI as it was from change `seq` on.
pub async fn version(dataset: &Dataset, iri: &str, seq: u64) -> Result<Description, EntityError> {
    let versions = dataset.log().versions(record_of(iri)).await?;
    let Some(asked) = versions.iter().find(|version| version.seq == seq) else {
        return Err(EntityError::NoVersion { iri: iri.to_owned(), seq });
    };
    let quads = state(dataset, iri, &versions, seq).await?;
    let taken_down = dataset.log().takedown(record_of(iri)).await?;
    if quads.is_empty() || taken_down.is_some_and(|it| it.through == 0 || seq <= it.through) {
        return Err(gone(dataset, iri, asked).await?);
    }
    Ok(Description { iri: iri.to_owned(), quads, versions, version: Some(seq) })
}

impl Description {
    /// The record the IRI belongs to.
    pub fn record(&self) -> &str {
        record_of(&self.iri)
    }

    /// The statements of all sources together, without repetitions, sorted by subject.
    pub fn triples(&self) -> Vec<Triple> {
        let mut triples: Vec<Triple> = self.quads.iter().cloned().map(Triple::from).collect();
        triples.sort_by_cached_key(|triple| {
            // Without its bracket the record comes before its fragments.
            let subject = triple.subject.to_string().trim_end_matches('>').to_owned();
            // What a thing is comes first, as Turtle writes it.
            let predicate = triple.predicate.as_str().to_owned();
            (subject, triple.predicate != rdf::TYPE, predicate, triple.object.to_string())
        });
        triples.dedup();
        triples
    }
}

/// Why a record is not there: it was deleted, or taken down.
async fn gone(dataset: &Dataset, iri: &str, version: &Version) -> Result<EntityError, EntityError> {
    let iri = iri.to_owned();
    let takedown = dataset.log().takedown(record_of(&iri)).await?;
    Ok(match takedown.filter(|it| it.through == 0 || version.seq <= it.through) {
        Some(takedown) => EntityError::TakenDown { iri, class: takedown.class },
        None => EntityError::Gone { iri, seq: version.seq, at: version.at.clone() },
    })
}

/// What each graph held of the record just after change `seq`.
async fn state(
    dataset: &Dataset,
    iri: &str,
    versions: &[Version],
    seq: u64,
) -> Result<Vec<Quad>, EntityError> {
    let record = record_of(iri);
    let mut newest: BTreeMap<&str, &Version> = BTreeMap::new();
    for version in versions.iter().filter(|version| version.seq <= seq) {
        newest.entry(&version.graph).or_insert(version);
    }
    let changes: BTreeSet<u64> = newest
        .values()
        .filter(|version| !version.hash.is_empty())
        .map(|version| version.seq)
        .collect();
    let mut quads = Vec::new();
    for change in changes {
        for (key, triples) in dataset.log().version(record, change).await? {
            if newest.get(key.graph.as_str()).is_some_and(|version| version.seq == change) {
                append(&mut quads, &key, &triples)?;
            }
        }
    }
    if record != iri {
        below(iri, &mut quads);
    }
    Ok(quads)
}

fn append(quads: &mut Vec<Quad>, key: &Key, triples: &Triples) -> Result<(), RdfSyntaxError> {
    for quad in triples.quads(&key.graph) {
        quads.push(quad?);
    }
    Ok(())
}

/// Keeps what is said of a fragment and of the unnamed nodes below it.
fn below(fragment: &str, quads: &mut Vec<Quad>) {
    let mut kept = HashSet::from([fragment.to_owned()]);
    let mut grown = true;
    while grown {
        let found: Vec<String> = quads
            .iter()
            .filter(|quad| subject(quad).is_some_and(|subject| kept.contains(subject)))
            .filter_map(|quad| match &quad.object {
                Term::NamedNode(node) if was_blank(node.as_str()) => Some(node.as_str().to_owned()),
                _ => None,
            })
            .collect();
        let before = kept.len();
        kept.extend(found);
        grown = kept.len() > before;
    }
    quads.retain(|quad| subject(quad).is_some_and(|subject| kept.contains(subject)));
}

fn subject(quad: &Quad) -> Option<&str> {
    match &quad.subject {
        NamedOrBlankNode::NamedNode(node) => Some(node.as_str()),
        NamedOrBlankNode::BlankNode(_) => None,
    }
}

/// Whether a fragment IRI was a blank node where it came from: `#members-b1`.
pub(super) fn was_blank(iri: &str) -> bool {
    let name = iri.split_once('#').and_then(|(_, name)| name.rsplit_once("-b"));
    name.is_some_and(|(_, rank)| !rank.is_empty() && rank.bytes().all(|b| b.is_ascii_digit()))
}
