//! Sorts a stream of quads, in whatever order they come, into records.
//! Holds a bounded part in memory and the rest in sorted runs on disk.

use super::blank::{BlankError, name_blank_nodes};
use super::change::{Key, Triples, push_line};
use crate::iri::{graph_key, record_of_subject};
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

/// Above this many bytes in memory a sorted run goes to disk.
const RUN_BYTES: usize = 8 << 20;
/// What an entry of the table of records takes beside its texts, roughly.
const ENTRY_BYTES: usize = 100;
/// After each so many runs the next ones are longer by the first one's length, so that a file of
/// a hundred gigabytes makes hundreds of runs, not as many as a process may hold open.
const RUNS_OF_A_LENGTH: usize = 16;
/// Quads with blank nodes must be seen together, so there may not be more than this.
const MOST_BLANK_QUADS: usize = 2_000_000;

/// Why quads could not be sorted into records.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    #[error(transparent)]
    Blank(#[from] BlankError),
    #[error("more than {MOST_BLANK_QUADS} statements with blank nodes in one file; split the file")]
    TooManyBlankNodes,
    #[error("statements about statements (RDF 1.2 triple terms) are not kept: {0}")]
    TripleTerm(String),
    #[error("a temporary file could not be written or read: {0}")]
    Io(#[from] io::Error),
}

/// Quads on their way to become records.
#[derive(Default)]
pub struct Group {
    keep_blank: bool,
    lines: HashMap<Key, String>,
    bytes: usize,
    blank: BTreeMap<String, Vec<Quad>>,
    blank_count: usize,
    taken: HashSet<String>,
    runs: Vec<File>,
}

impl Group {
    /// Blank nodes become fragment IRIs of the records they hang from.
    pub fn naming_blank_nodes() -> Self {
        Self::default()
    }

    /// Blank nodes stay, and each is a record of its own: a plain SPARQL store.
    pub fn keeping_blank_nodes() -> Self {
        Self { keep_blank: true, ..Self::default() }
    }

    /// Takes in one quad.
    pub fn add(&mut self, quad: Quad) -> Result<(), GroupError> {
        if matches!(quad.object, Term::Triple(_)) && !self.keep_blank {
            return Err(GroupError::TripleTerm(quad.to_string()));
        }
        let blank = matches!(quad.subject, NamedOrBlankNode::BlankNode(_))
            || matches!(quad.object, Term::BlankNode(_));
        if blank && !self.keep_blank {
            if self.blank_count == MOST_BLANK_QUADS {
                return Err(GroupError::TooManyBlankNodes);
            }
            if matches!(quad.graph_name, GraphName::BlankNode(_)) {
                return Err(BlankError::GraphName.into());
            }
            self.blank_count += 1;
            self.blank.entry(graph_key(&quad.graph_name)).or_default().push(quad);
            return Ok(());
        }
        self.note_fragment(&quad.subject);
        self.add_named(&quad)
    }

    /// The records, by graph and then by IRI.
    pub fn finish(mut self) -> Result<Records, GroupError> {
        for (graph, quads) in std::mem::take(&mut self.blank) {
            let graph = NamedNode::new_unchecked(graph);
            for quad in name_blank_nodes(&graph, quads, &self.taken)? {
                self.add_named(&quad)?;
            }
        }
        if !self.runs.is_empty() {
            // What comes next needs the memory: batches, the log, the graph.
            self.spill()?;
        }
        let mut sources = Vec::new();
        for file in std::mem::take(&mut self.runs) {
            sources.push(Source::File(BufReader::new(file)));
        }
        sources.push(Source::Memory(sorted(self.lines).into_iter()));
        Records::merge(sources)
    }

    fn add_named(&mut self, quad: &Quad) -> Result<(), GroupError> {
        let key = Key {
            graph: graph_key(&quad.graph_name),
            record: record_of_subject(quad.subject.as_ref()),
        };
        let names = key.graph.len() + key.record.len();
        let lines = self.lines.entry(key).or_default();
        let before = lines.len();
        push_line(lines, quad.as_ref().into());
        self.bytes += lines.len() - before + if before == 0 { names + ENTRY_BYTES } else { 0 };
        if self.bytes > RUN_BYTES * (1 + self.runs.len() / RUNS_OF_A_LENGTH) {
            self.spill()?;
        }
        Ok(())
    }

    /// Remembers fragment IRIs that look like the names given to blank nodes.
    fn note_fragment(&mut self, subject: &NamedOrBlankNode) {
        if let NamedOrBlankNode::NamedNode(node) = subject
            && node.as_str().rsplit_once("-b").is_some_and(|(head, rank)| {
                head.contains('#') && rank.bytes().all(|byte| byte.is_ascii_digit())
            })
        {
            self.taken.insert(node.as_str().to_owned());
        }
    }

    fn spill(&mut self) -> Result<(), GroupError> {
        let mut file = BufWriter::new(tempfile::tempfile()?);
        for (key, lines) in sorted(std::mem::take(&mut self.lines)) {
            for part in [&key.graph, &key.record, &lines] {
                file.write_all(&(part.len() as u64).to_le_bytes())?;
                file.write_all(part.as_bytes())?;
            }
        }
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(file);
        self.bytes = 0;
        Ok(())
    }
}

fn sorted(lines: HashMap<Key, String>) -> Vec<(Key, String)> {
    let mut sorted: Vec<(Key, String)> = lines.into_iter().collect();
    sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    sorted
}

/// Records in order of graph and IRI, each once.
pub struct Records {
    sources: Vec<Source>,
    heap: BinaryHeap<Head>,
}

enum Source {
    Memory(std::vec::IntoIter<(Key, String)>),
    File(BufReader<File>),
}

/// The next record of a source; the heap gives the smallest key first.
#[derive(PartialEq, Eq)]
struct Head {
    key: Key,
    lines: String,
    source: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.key.cmp(&self.key).then(other.source.cmp(&self.source))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Source {
    fn next(&mut self) -> io::Result<Option<(Key, String)>> {
        match self {
            Self::Memory(records) => Ok(records.next()),
            Self::File(file) => {
                let Some(graph) = read_part(file)? else { return Ok(None) };
                let missing = || io::Error::from(io::ErrorKind::UnexpectedEof);
                let record = read_part(file)?.ok_or_else(missing)?;
                let lines = read_part(file)?.ok_or_else(missing)?;
                Ok(Some((Key { graph, record }, lines)))
            }
        }
    }
}

fn read_part(file: &mut impl Read) -> io::Result<Option<String>> {
    let mut length = [0; 8];
    match file.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = usize::try_from(u64::from_le_bytes(length)).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map(Some).map_err(io::Error::other)
}

impl Records {
    fn merge(sources: Vec<Source>) -> Result<Self, GroupError> {
        let mut records = Self { sources, heap: BinaryHeap::new() };
        for source in 0..records.sources.len() {
            records.refill(source)?;
        }
        Ok(records)
    }

    fn refill(&mut self, source: usize) -> Result<(), GroupError> {
        if let Some((key, lines)) = self.sources[source].next()? {
            self.heap.push(Head { key, lines, source });
        }
        Ok(())
    }

    fn pop(&mut self) -> Result<Option<(Key, Triples)>, GroupError> {
        let Some(head) = self.heap.pop() else { return Ok(None) };
        self.refill(head.source)?;
        let mut lines = head.lines;
        while self.heap.peek().is_some_and(|next| next.key == head.key) {
            let Some(more) = self.heap.pop() else { break };
            self.refill(more.source)?;
            lines.push_str(&more.lines);
        }
        Ok(Some((head.key, Triples::from_lines(&lines))))
    }
}

impl Iterator for Records {
    type Item = Result<(Key, Triples), GroupError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.pop().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quad(subject: &str, value: i32) -> Quad {
        Quad::new(
            NamedNode::new(subject).unwrap(),
            NamedNode::new("http://x/p").unwrap(),
            oxigraph::model::Literal::from(value),
            NamedNode::new("http://x/g").unwrap(),
        )
    }

    #[test]
    fn records_come_out_whole_and_in_order_even_from_several_runs() {
        let mut group = Group::naming_blank_nodes();
        group.add(quad("http://x/b", 1)).unwrap();
        group.add(quad("http://x/a#part", 1)).unwrap();
        group.spill().unwrap();
        group.add(quad("http://x/a", 2)).unwrap();
        group.add(quad("http://x/b", 1)).unwrap();
        let records: Vec<(Key, Triples)> = group.finish().unwrap().map(Result::unwrap).collect();
        let shape: Vec<(&str, usize)> =
            records.iter().map(|(key, triples)| (key.record.as_str(), triples.len())).collect();
        assert_eq!(shape, [("http://x/a", 2), ("http://x/b", 1)]);
    }
}
