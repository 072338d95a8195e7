//! The catalogue as it is now: made anew after each published change and each export, kept in between.
//! Knows where its parts come from, nothing of who asks.

use super::build::{Build, Parts};
use super::error::CatalogError;
use super::facts::Facts;
use super::graph::{Graph, Names};
use super::page::Whole;
use super::who::Who;
use crate::config::Settings;
use crate::iri::Base;
use crate::publish::publication::Publication;
use crate::schema;
use crate::store::hex;
use crate::vocab::skos;
use oxigraph::model::Term;
use oxigraph::model::vocab::rdf;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Under this name the log's database keeps what the catalogue was made of beside data, and since when.
const SETTING: &str = "catalog";

/// The catalogue of a node's data. Clones share it.
#[derive(Clone)]
pub struct Catalog(Arc<Inner>);

struct Inner {
    publication: Publication,
    shipped: Graph,
    who: Who,
    since: String,
    kept: Mutex<Option<Kept>>,
}

/// A catalogue, and the published change and the exported one that it shows.
struct Kept {
    state: (u64, Option<u64>),
    whole: Arc<Whole>,
}

impl Catalog {
    /// Checks the settings that the catalogue needs.
    pub async fn open(publication: Publication, settings: &Settings) -> Result<Self, CatalogError> {
        let base = publication.base();
        let shipped: Graph = schema::catalogue(base)?.into_iter().collect();
        let who = Who::read(settings, &shipped, &base.join("/catalog/contact"))?;
        let since = since(&publication, &shipped, &who).await?;
        Ok(Self(Arc::new(Inner { publication, shipped, who, since, kept: Mutex::new(None) })))
    }

    /// The catalogue of what is published now.
    pub async fn now(&self) -> Result<Arc<Whole>, CatalogError> {
        let Inner { publication, .. } = &*self.0;
        let (through, export) = (publication.through(), publication.exported());
        let state = (through, export.as_ref().map(|export| export.seq));
        if let Some(whole) = self.kept(state) {
            return Ok(whole);
        }
        let facts = Facts::read(publication, through).await?;
        let build = Build::run(Parts {
            base: publication.base(),
            who: &self.0.who,
            shipped: &self.0.shipped,
            facts: &facts,
            export: export.as_deref(),
            since: &self.0.since,
        });
        let whole = Arc::new(Whole {
            base: publication.base().clone(),
            modified: build.modified(),
            graph: build.graph,
            datasets: build.datasets,
        });
        let kept = Kept { state, whole: Arc::clone(&whole) };
        *self.0.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(whole)
    }

    /// Who publishes the catalogue.
    pub(in crate::publish) fn who(&self) -> &Who {
        &self.0.who
    }

    /// The node's public address.
    pub(super) fn base(&self) -> &Base {
        self.0.publication.base()
    }

    /// Says of a resource what a model of what ships says, with a name in the place of `{nome}`.
    pub(super) fn like(&self, graph: &mut Graph, subject: &str, model: &str, names: &Names) {
        if let Some(model) = self.0.shipped.of(&self.base().join(&format!("/modello/{model}"))) {
            graph.like(subject, model, &[("nome", names)]);
        }
    }

    /// Says what each thing is and is called that a graph refers to, as far as that ships, and all
    /// that ships of those of this node: who reads one answer alone looks nothing up.
    pub(super) fn tell_of_objects(&self, graph: &mut Graph) {
        let named = graph.triples().filter_map(|triple| match triple.object {
            Term::NamedNode(node) => Some(node.into_string()),
            _ => None,
        });
        for iri in named.collect::<BTreeSet<String>>() {
            let Some(said) = self.0.shipped.of(&iri) else { continue };
            if iri.starts_with(self.base().as_str()) {
                graph.like(&iri, said, &[]);
            } else {
                for property in [rdf::TYPE, skos::PREF_LABEL] {
                    for value in self.0.shipped.values(&iri, property) {
                        graph.add(&iri, property, value.clone());
                    }
                }
            }
        }
    }

    fn kept(&self, state: (u64, Option<u64>)) -> Option<Arc<Whole>> {
        let kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| kept.state == state).map(|kept| Arc::clone(&kept.whole))
    }
}

/// Since when the settings and what ships are as they are: kept beside the log, so that a restart
/// changes nothing in the catalogue.
async fn since(
    publication: &Publication,
    shipped: &Graph,
    who: &Who,
) -> Result<String, CatalogError> {
    let mut hasher = Sha256::new();
    hasher.update(format!("{who:?}"));
    for triple in shipped.triples() {
        hasher.update(triple.to_string());
    }
    let digest = hex(&hasher.finalize());
    let log = publication.log();
    if let Some(kept) = log.setting(SETTING).await?
        && let Some((known, since)) = kept.split_once(' ')
        && known == digest
    {
        return Ok(since.to_owned());
    }
    let now = jiff::Timestamp::now().to_string();
    log.keep_setting(SETTING, &format!("{digest} {now}")).await?;
    Ok(now)
}
