//! The graph: Oxigraph, following the log. It keeps the number of the last change it holds in
//! the same transaction as the change, so that a crash anywhere is mended by replay.

use super::change::Triples;
use super::step::Step;
use oxigraph::io::RdfSyntaxError;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad};
use oxigraph::store::{StorageError, Store, Transaction};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An empty named graph carries the applied number: no triple pattern can match it, and it is
/// written and removed in the transaction of the change itself.
const APPLIED: &str = "urn:familylab:applied:";
/// In the same way, the number of the change up to which the rules have been run.
const INFERRED: &str = "urn:familylab:inferred:";
/// How the names of all such graphs begin.
pub const MARK: &str = "urn:familylab:";

/// Why the graph could not follow.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    #[error("the graph's storage failed: {0}")]
    Storage(#[from] StorageError),
    #[error("the log holds a line that is not N-Triples: {0}")]
    Line(#[from] RdfSyntaxError),
    #[error("the log could not be read: {0}")]
    Log(#[from] super::log::LogError),
}

/// The quads of every record, as the log has them up to [`Graph::applied`].
#[derive(Clone)]
pub struct Graph {
    store: Store,
    /// How many bytes of lines were written since RocksDB last put its tables on disk.
    unflushed: Arc<AtomicUsize>,
}

impl Graph {
    /// Opens the graph in a folder, or makes an empty one there.
    pub fn open(folder: &Path) -> Result<Self, GraphError> {
        Ok(Self { store: Store::open(folder)?, unflushed: Arc::default() })
    }

    /// What queries run on. Writing to it is a mistake: only [`Graph::apply`] may.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The number of the last change the graph holds.
    pub fn applied(&self) -> Result<u64, GraphError> {
        Ok(self
            .marks(APPLIED)?
            .into_iter()
            .filter_map(|(seq, _)| seq.parse().ok())
            .max()
            .unwrap_or(0))
    }

    /// The number of the change up to which rules have been run, and which rules these were.
    pub fn inferred(&self) -> Result<Option<(u64, String)>, GraphError> {
        let marks = self.marks(INFERRED)?;
        Ok(marks.first().and_then(|(mark, _)| {
            let (seq, rules) = mark.split_once(':')?;
            Some((seq.parse().ok()?, rules.to_owned()))
        }))
    }

    /// Changes what is inferred, in one transaction. `through` is the change up to which it then
    /// holds, with a name for the rules; without it nobody may rely on it until the next call.
    pub fn infer(
        &self,
        added: &[Quad],
        removed: &[Quad],
        through: Option<(u64, &str)>,
    ) -> Result<(), GraphError> {
        let mut transaction = self.store.start_transaction()?;
        for quad in removed {
            transaction.remove(quad);
        }
        for quad in added {
            transaction.insert(quad);
        }
        for (_, old) in self.marks(INFERRED)? {
            transaction.remove_named_graph(&old)?;
        }
        if let Some((seq, rules)) = through {
            let mark = NamedNode::new_unchecked(format!("{INFERRED}{seq}:{rules}"));
            transaction.insert_named_graph(&mark);
        }
        transaction.commit()?;
        self.wrote((added.len() + removed.len()) * LINE)
    }

    /// Applies a change in one transaction.
    pub fn apply(
        &self,
        seq: u64,
        steps: impl IntoIterator<Item = Result<Step, GraphError>>,
    ) -> Result<(), GraphError> {
        let mut transaction = self.store.start_transaction()?;
        let mut existence = Vec::new();
        let mut bytes = 0;
        for step in steps {
            let step = step?;
            if step.key.record.is_empty() {
                existence.push(step);
            } else {
                bytes += replace(&mut transaction, &step)?;
            }
        }
        self.finish(transaction, &existence, seq)?;
        self.wrote(bytes)
    }

    /// Bulk-loads the records of a change that are new, in one atomic step.
    ///
    /// The number does not move before [`Graph::replace`]: a crash in between is mended by applying
    /// the whole change again, which has no other effect than applying it once.
    pub fn load(
        &self,
        steps: impl IntoIterator<Item = Result<Step, GraphError>>,
    ) -> Result<(), GraphError> {
        let quads = steps.into_iter().flat_map(|step| {
            let quads = step.and_then(|step| {
                let after = step.after.unwrap_or_default();
                Ok(after.quads(&step.key.graph).collect::<Result<Vec<Quad>, _>>()?)
            });
            let (quads, error) = match quads {
                Ok(quads) => (quads, None),
                Err(error) => (Vec::new(), Some(Err(error))),
            };
            quads.into_iter().map(Ok).chain(error)
        });
        let mut loader = self.store.bulk_loader().with_max_memory_size_in_megabytes(LOAD_MEGABYTES);
        loader.load_ok_quads::<GraphError, GraphError>(quads)?;
        Ok(loader.commit()?)
    }

    /// Replaces and ends records in transactions of bounded size, the last of which carries the
    /// number: for a change too large for one transaction's memory.
    pub fn replace(
        &self,
        seq: u64,
        steps: impl IntoIterator<Item = Result<Step, GraphError>>,
    ) -> Result<(), GraphError> {
        let mut existence = Vec::new();
        let mut bytes = 0;
        let mut transaction = self.store.start_transaction()?;
        for step in steps {
            let step = step?;
            if step.key.record.is_empty() {
                existence.push(step);
                continue;
            }
            if bytes > REPLACED_AT_ONCE {
                transaction.commit()?;
                self.wrote(std::mem::take(&mut bytes))?;
                transaction = self.store.start_transaction()?;
            }
            bytes += replace(&mut transaction, &step)?;
        }
        self.finish(transaction, &existence, seq)?;
        self.wrote(bytes)
    }

    /// Merges everything into one sorted run on disk, so that a query looks in one place only.
    /// Readers go on meanwhile.
    pub fn compact(&self) -> Result<(), GraphError> {
        Ok(self.store.optimize()?)
    }

    /// Every quad, in no promised order.
    pub fn quads(&self) -> impl Iterator<Item = Result<Quad, GraphError>> {
        self.store.iter().map(|quad| Ok(quad?))
    }

    /// The named graphs, without the one that carries the applied number.
    pub fn names(&self) -> Result<Vec<NamedOrBlankNode>, GraphError> {
        let mut names = Vec::new();
        for name in self.store.named_graphs() {
            let name = name?;
            if !is_mark(&name) {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Writes everything that is in memory to disk.
    pub fn flush(&self) -> Result<(), GraphError> {
        self.unflushed.store(0, Ordering::Relaxed);
        Ok(self.store.flush()?)
    }

    /// RocksDB would keep 128 MiB of what was written for each of its indexes, twice.
    fn wrote(&self, bytes: usize) -> Result<(), GraphError> {
        if self.unflushed.fetch_add(bytes, Ordering::Relaxed) + bytes > FLUSHED_AT {
            self.flush()?;
        }
        Ok(())
    }

    /// Settles which graphs exist, moves the mark to this change, and commits.
    fn finish(
        &self,
        mut transaction: Transaction<'_>,
        existence: &[Step],
        seq: u64,
    ) -> Result<(), GraphError> {
        for step in existence {
            exist(&mut transaction, step)?;
        }
        for (_, old) in self.marks(APPLIED)? {
            transaction.remove_named_graph(&old)?;
        }
        transaction.insert_named_graph(&NamedNode::new_unchecked(format!("{APPLIED}{seq}")));
        Ok(transaction.commit()?)
    }

    /// The graphs whose names begin so, with the rest of the name.
    fn marks(&self, kind: &str) -> Result<Vec<(String, NamedOrBlankNode)>, GraphError> {
        let mut marks = Vec::new();
        for name in self.store.named_graphs() {
            let name = name?;
            if let NamedOrBlankNode::NamedNode(node) = &name
                && let Some(rest) = node.as_str().strip_prefix(kind)
            {
                marks.push((rest.to_owned(), name));
            }
        }
        Ok(marks)
    }
}

/// A ceiling for what one bulk load holds; more is written in several sorted files.
const LOAD_MEGABYTES: usize = 16;
/// How many bytes of lines one transaction of a bulk change takes out and puts in. It holds about
/// ten times as much, since each line has its place in several indexes.
const REPLACED_AT_ONCE: usize = 512 << 10;

/// How long the line of a quad is, roughly.
const LINE: usize = 150;
/// After so many bytes of lines the graph's tables go from memory to disk; they take about twenty
/// times as much.
const FLUSHED_AT: usize = 1 << 20;

/// Whether a graph name is one that carries a number, which nobody else need see.
pub fn is_mark(name: &NamedOrBlankNode) -> bool {
    let NamedOrBlankNode::NamedNode(node) = name else { return false };
    [APPLIED, INFERRED].iter().any(|mark| node.as_str().starts_with(mark))
}

/// Creates or drops a graph as such. A dropped graph into which the same change puts records
/// again goes on existing.
fn exist(transaction: &mut Transaction<'_>, step: &Step) -> Result<(), GraphError> {
    let graph = crate::iri::graph_name(&step.key.graph);
    let name = match &graph {
        GraphName::NamedNode(node) => NamedOrBlankNode::from(node.clone()),
        GraphName::BlankNode(node) => node.clone().into(),
        GraphName::DefaultGraph => return Ok(()),
    };
    if step.after.is_some() {
        transaction.insert_named_graph(&name);
        return Ok(());
    }
    let quad = transaction.quads_for_pattern(None, None, None, Some(graph.as_ref())).next();
    if quad.transpose()?.is_none() {
        transaction.remove_named_graph(&name)?;
    }
    Ok(())
}

/// Brings the graph from what the record held before to what it holds after; gives the length of
/// what had to be written.
fn replace(transaction: &mut Transaction<'_>, step: &Step) -> Result<usize, GraphError> {
    let none = Triples::default();
    let before = step.before.as_ref().unwrap_or(&none);
    let after = step.after.as_ref().unwrap_or(&none);
    let (gone, new) = (before.minus(after), after.minus(before));
    for quad in gone.quads(&step.key.graph) {
        transaction.remove(&quad?);
    }
    for quad in new.quads(&step.key.graph) {
        transaction.insert(&quad?);
    }
    Ok(gone.as_str().len() + new.as_str().len())
}
