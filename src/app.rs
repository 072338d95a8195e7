//! Builds every service once and holds them together. Knows no HTTP and no command line.

use crate::config::Settings;
use crate::entity::{Behind, Memory, Usages};
use crate::federation::{Ages, Federated, Harvests, PeerError, Peers};
use crate::infer::{Checks, InferError, Inference, Rules};
use crate::iri::{Base, IriError};
use crate::net::{Manners, Net, NetError, Url};
use crate::overview::SourceQuality;
use crate::publish::{Catalog, CatalogError, Publication, PublishError, Streams};
use crate::query::{Catalogue, CatalogueError, Links, LocalService, Services};
use crate::schema::{self, Glossary, Shapes, ShapesError, ShippedError};
use crate::search::Search;
use crate::services::{FullText, Likeness};
use crate::signing::{KeyError, Keyring};
use crate::store::{
    Dataset, DatasetError, Entry, Group, GroupError, Header, Key, Log, LogError, Mode, Triples,
};
use crate::takedown::Takedowns;
use oxigraph::model::{NamedNode, Quad};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Why a node cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("the setting base_url is wrong: {0}")]
    Base(#[from] IriError),
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("the shapes that ship with the program are wrong: {0}")]
    Shapes(#[from] ShapesError),
    #[error("the files that ship with the program are wrong: {0}")]
    Shipped(#[from] ShippedError),
    #[error("the files that ship with the program are wrong: {0}")]
    Group(#[from] GroupError),
    #[error("the rules and checks that ship with the program are wrong: {0}")]
    Infer(#[from] InferError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error("the named queries that ship with the program are wrong: {0}")]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Net(#[from] NetError),
    #[error(transparent)]
    Peers(#[from] PeerError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("a task of the start ended without an answer")]
    Task(#[from] tokio::task::JoinError),
}

/// The longest query that gets a short address, in bytes, where queries may be longer.
const LONGEST_LINK: usize = 64 << 10;

/// Everything a request or a command may need.
#[derive(Clone)]
pub struct App {
    pub settings: Arc<Settings>,
    pub base: Base,
    pub dataset: Dataset,
    pub shapes: Arc<Shapes>,
    pub catalogue: Arc<Catalogue>,
    /// The ontology in words.
    pub glossary: Arc<Glossary>,
    /// The rules; a plain SPARQL store has none.
    pub inference: Option<Inference>,
    /// Full-text search; a plain SPARQL store has none.
    pub search: Option<Search>,
    /// What others harvest; a plain SPARQL store publishes nothing but its queries.
    pub publication: Option<Publication>,
    /// The catalogue of data that portals harvest, where there is a publication.
    pub catalog: Option<Catalog>,
    /// What was published, as streams of changes; where there is a publication.
    pub streams: Option<Streams>,
    /// What queries may call by SERVICE.
    pub services: Services,
    pub checks: Arc<Checks>,
    /// What pages look up again and again.
    pub memory: Memory,
    /// The classes and properties of the data, counted.
    pub usages: Usages,
    /// Short addresses of queries.
    pub links: Links,
    /// The other nodes and publishers on the list.
    pub peers: Peers,
    /// What is taken over from peers; a plain store takes nothing over.
    pub harvests: Option<Harvests>,
    /// The keys by which the node signs what others take over.
    pub keys: Keyring,
    /// What was taken down.
    pub takedowns: Takedowns,
    /// This node and its peers as one graph.
    pub federated: Federated,
    /// How good the records of each source are, as it was counted last.
    pub quality: Behind<Vec<SourceQuality>>,
    /// A place for each query that may run at once.
    pub places: Arc<Semaphore>,
}

/// What a node holds from its first start on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// A plain SPARQL store: nothing.
    Bare,
    /// Ontology, vocabularies, shapes and territory.
    Vocabulary,
    /// These and the demonstration catalogue.
    Demonstration,
}

/// The peers that a log's database lists, for the node at this address. They can be read and changed
/// beside a node that is running.
pub fn peers(log: Log, base: &str) -> Result<Peers, AppError> {
    // The base was read already, or an earlier start kept it.
    Ok(Peers::new(log, Net::new(Manners::default())?, base.parse::<Url>()))
}

impl App {
    /// Opens the data folder and brings what ships with the program up to date in it.
    pub async fn open(settings: Settings, contents: Contents) -> Result<Self, AppError> {
        let base = Base::parse(&settings.base_url)?;
        let mode = match contents {
            Contents::Bare => Mode::Bare,
            _ => Mode::Node(base.clone()),
        };
        let dataset = Dataset::open(&settings.data, settings.log_url.as_deref(), mode).await?;
        let shapes = Arc::new(Shapes::parse(&schema::ontology_file("shapes.ttl")?)?);
        let inference = match dataset.mode() {
            Mode::Node(base) => {
                let rules = Arc::new(Rules::shipped()?);
                Some(Inference::new(rules, dataset.clone(), base.inferred()))
            }
            Mode::Bare => None,
        };
        let search = match dataset.mode() {
            Mode::Node(base) => Some(Search::new(
                &settings.data,
                dataset.clone(),
                base.clone(),
                inference.is_some(),
                settings.search.clone(),
                settings.related.clone(),
            )),
            Mode::Bare => None,
        };
        let publication = match dataset.mode() {
            Mode::Node(base) => {
                let (dataset, shapes) = (dataset.clone(), Arc::clone(&shapes));
                Some(Publication::open(dataset, base.clone(), shapes, &settings.data).await?)
            }
            Mode::Bare => None,
        };
        let catalog = match &publication {
            Some(publication) => Some(Catalog::open(publication.clone(), &settings).await?),
            None => None,
        };
        let services = search.iter().flat_map(|search| {
            let text: Arc<dyn LocalService> = Arc::new(FullText::new(search.clone()));
            let likeness: Arc<dyn LocalService> = Arc::new(Likeness::new(search.clone()));
            [text, likeness]
        });
        let peers = peers(dataset.log().clone(), base.as_str())?;
        peers.list().await?;
        let harvests = match dataset.mode() {
            Mode::Node(base) => Some(Harvests::new(
                peers.clone(),
                dataset.clone(),
                Arc::clone(&shapes),
                base.clone(),
            )),
            Mode::Bare => None,
        };
        let keys = Keyring::new(&settings.data, settings.signing_key.as_deref());
        let kept = keys.clone();
        tokio::task::spawn_blocking(move || kept.open(jiff::Timestamp::now())).await??;
        let takedowns = Takedowns::new(dataset.clone(), inference.is_some(), search.clone());
        let name = NamedNode::new_unchecked(base.as_str());
        let limit = settings.query_timeout();
        let [node, endpoint] = settings.summary_ages();
        let ages = Ages { node, endpoint };
        let app = Self {
            federated: Federated::new(peers.clone(), dataset.clone(), name, limit, ages),
            services: Services(services.collect()),
            harvests,
            inference,
            search,
            streams: publication.clone().map(Streams::new),
            publication,
            catalog,
            checks: Arc::new(Checks::shipped()?),
            memory: Memory::default(),
            usages: Usages::default(),
            links: Links::new(
                dataset.log().clone(),
                settings.query_bytes.min(LONGEST_LINK),
                settings.links_per_minute,
            ),
            peers,
            keys,
            takedowns,
            quality: Behind::default(),
            places: Arc::new(Semaphore::new(settings.query_concurrency.max(1))),
            settings: Arc::new(settings),
            base,
            dataset,
            shapes,
            catalogue: Arc::new(Catalogue::shipped()?),
            glossary: Arc::new(Glossary::shipped()?),
        };
        app.fill(contents).await?;
        Ok(app)
    }

    /// Writes what ships with the program, where it is not there yet or has changed since.
    async fn fill(&self, contents: Contents) -> Result<(), AppError> {
        if contents == Contents::Bare {
            return Ok(());
        }
        let digest = schema::shipped_digest();
        let log = self.dataset.log();
        if log.setting("shipped").await?.as_deref() != Some(digest.as_str()) {
            self.replace("vocabulary", schema::vocabulary(&self.base)?).await?;
            self.replace("territory", schema::territory(&self.base)?).await?;
            log.keep_setting("shipped", &digest).await?;
        }
        if contents == Contents::Demonstration
            && log.setting("demonstration").await?.as_deref() != Some(digest.as_str())
        {
            for (source, quads) in schema::demonstration(&self.base)? {
                self.replace(&source, quads).await?;
            }
            log.keep_setting("demonstration", &digest).await?;
        }
        Ok(())
    }

    /// Makes a graph hold exactly these quads.
    async fn replace(&self, source: &str, quads: Vec<Quad>) -> Result<(), AppError> {
        let graph = self.base.graph(source).into_string();
        let mut group = Group::naming_blank_nodes();
        for quad in quads {
            group.add(quad)?;
        }
        let records: Vec<(Key, Triples)> = group.finish()?.collect::<Result<_, _>>()?;
        let kept: HashSet<String> = records.iter().map(|(key, _)| key.record.clone()).collect();
        let mut entries: Vec<Entry> =
            records.into_iter().map(|(key, triples)| Entry { key, after: Some(triples) }).collect();
        for record in self.dataset.log().records_of(&graph).await? {
            if !kept.contains(&record) {
                entries.push(Entry::delete(graph.as_str(), record));
            }
        }
        let header = self.header(format!("what ships with the program: {source}"));
        self.dataset.write(header, entries).await?;
        Ok(())
    }

    /// A place among the running queries; none where that would take too long.
    pub async fn place(&self) -> Option<OwnedSemaphorePermit> {
        let wait = Duration::from_secs_f64(self.settings.query_wait.clamp(0.0, 3600.0));
        tokio::time::timeout(wait, self.places.clone().acquire_owned()).await.ok()?.ok()
    }

    /// The header of a change that the node itself makes, or that came with the admin token.
    pub fn header(&self, note: impl Into<String>) -> Header {
        Header { at: jiff::Timestamp::now(), by: "familylab".to_owned(), note: note.into() }
    }
}
