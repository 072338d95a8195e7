//! The index on disk: generations, each in a folder of its own, of which one is current; what a
//! reader sees of it. Refuses to know what records are.

use super::analysis::analyzers;
use super::answers::Answers;
use super::columns::{Dictionary, SegmentColumns};
use super::document::{Document, Shown};
use super::error::SearchError;
use super::fields::{Fields, LAYOUT};
use super::find::Found;
use super::related::Alike;
use super::statistics::Frequencies;
use super::thesaurus::Thesaurus;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};
use tantivy::index::SegmentId;
use tantivy::schema::Value;
use tantivy::{
    DocAddress, Executor, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument,
    Term,
};

/// The file that names the current generation.
const CURRENT: &str = "current";

/// Up to where an index follows: kept in the same commit as its documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// The number of the layout its fields have.
    pub layout: u32,
    /// The last change of the log that the documents show.
    pub seq: u64,
    /// The change up to which they show what is inferred.
    pub settled: u64,
}

/// One index folder, open.
pub struct Generation {
    pub fields: Fields,
    pub folder: PathBuf,
    index: Index,
    reader: IndexReader,
    dictionary: Arc<Dictionary>,
    /// The columns of segments that exist; guarded for the short time of a look.
    columns: Mutex<HashMap<SegmentId, Arc<SegmentColumns>>>,
}

/// What a search sees: it does not change while it is held.
#[derive(Clone)]
pub struct Snapshot {
    pub fields: Fields,
    pub searcher: Searcher,
    pub columns: Vec<Arc<SegmentColumns>>,
    pub dictionary: Arc<Dictionary>,
    pub reached: Reached,
    pub thesaurus: Arc<Thesaurus>,
    pub frequencies: Arc<Frequencies>,
    /// The number of the place above each place, once somebody needed it.
    pub above: Arc<OnceLock<Vec<Option<u32>>>>,
    pub answers: Answers<Found>,
    pub likes: Answers<Vec<Alike>>,
}

impl Generation {
    /// Makes an empty index in a new folder.
    pub fn create(folder: &Path) -> Result<Self, SearchError> {
        std::fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
        let fields = Fields::new();
        let index = Index::builder()
            .schema(fields.schema.clone())
            .tokenizers(analyzers())
            .create_in_dir(folder)?;
        Self::of(index, fields, folder)
    }

    /// Opens an index; an error where it is damaged.
    pub fn open(folder: &Path) -> Result<Self, SearchError> {
        let mut index = Index::open_in_dir(folder)?;
        index.set_tokenizers(analyzers());
        Self::of(index, Fields::new(), folder)
    }

    fn of(mut index: Index, fields: Fields, folder: &Path) -> Result<Self, SearchError> {
        index.set_executor(searchers());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self {
            fields,
            folder: folder.to_owned(),
            index,
            reader,
            dictionary: Arc::default(),
            columns: Mutex::default(),
        })
    }

    /// Up to where it follows; `None` for an index of another layout, or one never committed.
    pub fn reached(&self) -> Result<Option<Reached>, SearchError> {
        let payload = self.index.load_metas()?.payload;
        let reached = payload.and_then(|text| serde_json::from_str::<Reached>(&text).ok());
        Ok(reached.filter(|reached| reached.layout == LAYOUT))
    }

    /// The files whose bytes are not what was written. Reads all of them.
    pub fn damaged(&self) -> Result<Vec<PathBuf>, SearchError> {
        Ok(self.index.validate_checksum()?.into_iter().collect())
    }

    /// A writer; there is one at a time.
    pub fn writer(&self, threads: usize, memory: usize) -> Result<IndexWriter, SearchError> {
        Ok(self.index.writer_with_num_threads(threads, memory)?)
    }

    /// What readers see from now on.
    pub fn snapshot(&self, thesaurus: Arc<Thesaurus>) -> Result<Snapshot, SearchError> {
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        // A lock's poison means a panic while columns were read: those are read again.
        let mut known = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        let mut columns = Vec::new();
        let mut kept = HashMap::new();
        for segment in searcher.segment_readers() {
            let id = segment.segment_id();
            let found = match known.remove(&id) {
                Some(found) => found,
                None => Arc::new(SegmentColumns::read(segment, &self.fields, &self.dictionary)?),
            };
            kept.insert(id, Arc::clone(&found));
            columns.push(found);
        }
        *known = kept;
        let reached = self.reached()?.unwrap_or_default();
        let (fields, dictionary) = (self.fields.clone(), Arc::clone(&self.dictionary));
        Ok(Snapshot {
            fields,
            searcher,
            columns,
            dictionary,
            reached,
            thesaurus,
            frequencies: Arc::default(),
            above: Arc::default(),
            answers: Answers::default(),
            likes: Answers::default(),
        })
    }
}

impl Snapshot {
    /// The IRI of a document and what is shown of it.
    pub fn shown(&self, address: DocAddress) -> Result<(String, Shown), SearchError> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let text = |field| {
            let value = document.get_first(field);
            value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        };
        Ok((text(self.fields.iri), serde_json::from_str(&text(self.fields.shown))?))
    }

    /// Every document's IRI and the hash of what is indexed of it, for comparison. A document
    /// that is there twice shows with both hashes.
    pub fn digests(&self) -> Result<BTreeMap<String, String>, SearchError> {
        let mut digests: BTreeMap<String, String> = BTreeMap::new();
        for (place, segment) in self.searcher.segment_readers().iter().enumerate() {
            for document in segment.doc_ids_alive() {
                let place = u32::try_from(place).unwrap_or(u32::MAX);
                let (iri, shown) = self.shown(DocAddress::new(place, document))?;
                let digest = digests.entry(iri).or_default();
                digest.push_str(&shown.digest);
            }
        }
        Ok(digests)
    }
}

/// The threads that search, one for each processor: the segments of an index are searched at the
/// same time. All indexes of the process share them.
fn searchers() -> Executor {
    static SEARCHERS: LazyLock<Executor> = LazyLock::new(|| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        // Where no thread can be started, whoever asks does the work.
        Executor::multi_thread(threads, "search-").unwrap_or_else(|_| Executor::single_thread())
    });
    SEARCHERS.clone()
}

/// Puts a document in the place of the one its record had.
pub fn replace(
    writer: &IndexWriter,
    fields: &Fields,
    iri: &str,
    document: Option<&Document>,
) -> Result<(), SearchError> {
    writer.delete_term(Term::from_field_text(fields.iri, iri));
    if let Some(document) = document {
        writer.add_document(document.to_index(fields)?)?;
    }
    Ok(())
}

/// Commits what was written together with how far it goes.
pub fn commit(writer: &mut IndexWriter, reached: Reached) -> Result<(), SearchError> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&serde_json::to_string(&reached)?);
    prepared.commit()?;
    Ok(())
}

/// The folder of the current generation, if there is one.
pub fn current(root: &Path) -> Result<Option<PathBuf>, SearchError> {
    match std::fs::read_to_string(root.join(CURRENT)) {
        Ok(name) => {
            // Only a name of ours: the file may hold anything.
            let name = name.trim();
            let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
            Ok(plain.then(|| root.join(name)).filter(|folder| folder.is_dir()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        // A file that is no text is as good as none.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Ok(None),
        Err(source) => Err(failed(root, source)),
    }
}

/// A folder for the next generation, not there yet.
pub fn next(root: &Path) -> Result<PathBuf, SearchError> {
    std::fs::create_dir_all(root).map_err(|source| failed(root, source))?;
    let free = |number: &u32| !root.join(format!("g{number}")).exists();
    let number = (1..u32::MAX).find(free).unwrap_or(u32::MAX);
    Ok(root.join(format!("g{number}")))
}

/// Makes a folder the current generation, in one step, and removes the others.
pub fn make_current(root: &Path, folder: &Path) -> Result<(), SearchError> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = root.join("current.new");
    let write = || {
        std::fs::write(&beside, &name)?;
        std::fs::File::open(&beside)?.sync_all()?;
        std::fs::rename(&beside, root.join(CURRENT))?;
        std::fs::File::open(root)?.sync_all()
    };
    write().map_err(|source| failed(root, source))?;
    sweep(root, folder)
}

/// Removes every generation but one: what a crash left, or what was replaced. Readers of a
/// replaced one keep its files until they are done.
pub fn sweep(root: &Path, kept: &Path) -> Result<(), SearchError> {
    for entry in std::fs::read_dir(root).map_err(|source| failed(root, source))? {
        let path = entry.map_err(|source| failed(root, source))?.path();
        if path.is_dir() && path != kept {
            std::fs::remove_dir_all(&path).map_err(|source| failed(&path, source))?;
        }
    }
    Ok(())
}

fn failed(path: &Path, source: std::io::Error) -> SearchError {
    SearchError::Folder { path: path.to_owned(), source }
}
