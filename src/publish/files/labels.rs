//! The names that tables show: of concepts and places, which may be imported again, and of actors,
//! networks and experiences. Read from the log, so that they are those of one change.

use crate::ingest::{Group, Names, concept_group};
use crate::publish::publication::{Publication, PublishError};
use crate::store::{Choice, Log, LogError, Place, Triples, hex};
use crate::vocab::{dct, fl, skos};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The sources of the names that all nodes share.
const SOURCES: [&str; 2] = ["vocabulary", "territory"];
/// How many records are read at a time.
const PAGE: i64 = 500;
/// How many names of records are remembered.
const REMEMBERED: usize = 50_000;

/// The names of concepts and places.
#[derive(Debug, Default)]
pub(super) struct Shared {
    names: Names,
    /// What each may be called, the best name first.
    words: BTreeMap<String, Vec<String>>,
    digest: String,
}

impl Shared {
    /// The names as they are at a change.
    pub async fn read(publication: &Publication, through: u64) -> Result<Self, PublishError> {
        let mut shared = Self::default();
        for source in SOURCES {
            let graph = publication.base().graph(source).into_string();
            let choice = Choice { graph: Some(graph), below: None };
            let mut place = Place::default();
            loop {
                let page = publication.log().settled(&choice, place, through, PAGE).await?;
                let Some(last) = page.last() else { break };
                place = last.place;
                for revision in &page {
                    if let Some(triples) = &revision.after {
                        shared.learn(publication, &revision.key.graph, triples);
                    }
                }
            }
        }
        let mut hasher = Sha256::new();
        for (iri, words) in &shared.words {
            hasher.update(format!("{iri} {words:?}\n"));
        }
        shared.digest = hex(&hasher.finalize());
        Ok(shared)
    }

    /// Whether a change to this graph may change a name.
    pub fn is_source(publication: &Publication, graph: &str) -> bool {
        publication.base().source_of(graph).is_some_and(|source| SOURCES.contains(&source))
    }

    /// Another digest, other names.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    fn learn(&mut self, publication: &Publication, graph: &str, triples: &Triples) {
        // The log wrote it, so it is read; a line that is not would have no name to give.
        let quads: Vec<_> = triples.quads(graph).filter_map(Result::ok).collect();
        let places = [fl::REGION, fl::PROVINCE, fl::MUNICIPALITY];
        for quad in quads.iter().filter(|quad| quad.predicate == rdf::TYPE) {
            let (NamedOrBlankNode::NamedNode(node), Term::NamedNode(class)) =
                (&quad.subject, &quad.object)
            else {
                continue;
            };
            let group = if places.contains(&class.as_ref()) {
                Some(Group::Territory)
            } else if *class == skos::CONCEPT {
                concept_group(publication.base(), node.as_str())
            } else {
                None
            };
            let Some(group) = group else { continue };
            let mut words = Vec::new();
            for property in [skos::PREF_LABEL, fl::ISTAT_CODE, skos::NOTATION, skos::ALT_LABEL] {
                let own = quads
                    .iter()
                    .filter(|other| other.subject == quad.subject && other.predicate == property);
                for literal in own.filter_map(|other| literal(&other.object)) {
                    self.names.add(group, literal.value(), node.as_str());
                    let is_shown = property != skos::ALT_LABEL
                        && literal.language().is_none_or(|language| language == "it");
                    if is_shown {
                        words.push(literal.value().to_owned());
                    }
                }
            }
            self.words.insert(node.as_str().to_owned(), words);
        }
    }

    /// A name by which an import finds exactly this: the Italian one, else a code, else the IRI.
    pub fn name<'s>(&'s self, group: Group, iri: &'s str) -> &'s str {
        let words = self.words.get(iri).map(Vec::as_slice).unwrap_or_default();
        let is_plain = |word: &&String| !word.contains(['|', '\n', '\r']);
        let names = |word: &&String| self.names.find(group, word) == Ok(iri);
        words.iter().filter(is_plain).find(names).map_or(iri, String::as_str)
    }
}

fn literal(term: &Term) -> Option<&oxigraph::model::Literal> {
    match term {
        Term::Literal(literal) => Some(literal),
        _ => None,
    }
}

/// All names that the rows of some records show.
#[derive(Debug, Default)]
pub(super) struct Labels {
    pub shared: Arc<Shared>,
    records: HashMap<String, String>,
}

impl Labels {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, records: HashMap::new() }
    }

    /// Looks the names of records up, those that are not known yet.
    pub async fn learn(
        &mut self,
        log: &Log,
        through: u64,
        records: BTreeSet<String>,
    ) -> Result<(), LogError> {
        if self.records.len() + records.len() > REMEMBERED {
            self.records.clear();
        }
        let missing = records.into_iter().filter(|record| !self.records.contains_key(record));
        let missing: BTreeSet<String> = missing.collect();
        let mut found = log.revisions_of(&missing, through).await?;
        for record in missing {
            let parts = found.remove(&record).unwrap_or_default();
            let mut parts = parts.iter().filter_map(|part| part.after.as_ref());
            let name = parts.find_map(|triples| own_name(&record, triples));
            self.records.insert(record, name.unwrap_or_default());
        }
        Ok(())
    }

    /// The name of a record, or its IRI where it has none.
    pub fn record<'s>(&'s self, iri: &'s str) -> &'s str {
        self.records.get(iri).map(String::as_str).filter(|name| !name.is_empty()).unwrap_or(iri)
    }
}

/// The Italian name of a record, else any.
fn own_name(record: &str, triples: &Triples) -> Option<String> {
    let record = NamedOrBlankNode::from(NamedNode::new_unchecked(record));
    let named = [skos::PREF_LABEL, dct::TITLE];
    let names = triples
        .quads("")
        .filter_map(Result::ok)
        .filter(|quad| quad.subject == record && named.contains(&quad.predicate.as_ref()));
    let mut names: Vec<_> = names.collect();
    names.sort_by_key(|quad| literal(&quad.object).is_none_or(|it| it.language() != Some("it")));
    names.iter().find_map(|quad| literal(&quad.object)).map(|name| name.value().to_owned())
}
