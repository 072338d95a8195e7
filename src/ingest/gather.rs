//! Reads one file to its end and sorts what it says into records, with all that can be told
//! about it before validation: rows, declared classes, the hierarchy of concepts.

use super::lenient::{faults, wrong_term};
use super::mapping::{MappedRecord, Mapping, RowErrors};
use super::names::Names;
use super::open::{Contents, Guard, Input, OpenError};
use super::target::Target;
use super::{Encoding, Items, Table, TableError};
use crate::iri::{Base, graph_key, record_of_subject};
use crate::schema::{Finding, Place, Severity, Text};
use crate::store::{Declared, Group, GroupError, Hierarchy, Mode, Records};
use oxigraph::io::{JsonLdProfile, LoadedDocument, RdfFormat, RdfParseError, RdfParser};
use oxigraph::model::{GraphName, Quad};
use std::collections::{BTreeMap, HashMap};
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the readers of Turtle and its kin hold of one term at most, in bytes.
const TURTLE_BUFFER: usize = 16 << 20;

/// How far back a finding is looked for that says the same.
const SAME: usize = 20;

/// Why a file could not be read to its end. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum GatherError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("{path}: {source}")]
    Rdf { path: PathBuf, source: RdfParseError },
    #[error("{0:?} is no base for relative IRIs: {1}")]
    Base(String, String),
    #[error("{path}: line {line}: {source}")]
    Xml { path: PathBuf, line: u64, source: RdfParseError },
    #[error("{path}: a literal or an IRI is longer than {bytes} bytes; shorten it")]
    TooLong { path: PathBuf, bytes: usize },
    #[error(
        "{path}: there is no statement in it; in JSON-LD, relative IRIs and terms without a \
         context are passed over, so give every IRI whole"
    )]
    Nothing { path: PathBuf },
    #[error("{path}: {}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Table { path: PathBuf, errors: Vec<TableError> },
    #[error(
        "{path}: the record {record} is in no source; say which with --source NAME, or name a \
         graph such as <{example}> in the file"
    )]
    NoSource { path: PathBuf, record: String, example: String },
    #[error("{path}: a blank node holds what no record may ({problem}); mend the file")]
    Blank { path: PathBuf, problem: String },
    #[error("{path}: {source}")]
    Group { path: PathBuf, source: GroupError },
}

/// What a file is read with.
pub struct Reading<'a> {
    pub mode: &'a Mode,
    pub target: &'a Target,
    /// What relative IRIs are relative to; without it they are errors. A graph upload has the
    /// graph's own address here, as the Graph Store Protocol says in section 4.
    pub base_iri: Option<&'a str>,
    pub guard: Guard,
    pub encoding: Encoding,
    /// What tables may refer to; empty for RDF.
    pub names: &'a Names,
    /// The project's JSON-LD context and the addresses under which files refer to it.
    pub context: &'a (Vec<String>, String),
    /// Records that cannot be kept are left out and named.
    pub skip_invalid: bool,
    /// Nothing will be checked, so nothing is noted for it.
    pub trusted: bool,
    /// The records keep what they hold beside what the file says.
    pub merge: bool,
    pub progress: Arc<AtomicU64>,
}

/// Everything a file said.
pub struct Gathered {
    pub records: Records,
    pub quads: u64,
    pub declared: Declared,
    pub hierarchy: Hierarchy,
    /// Where each record of a table stands.
    pub rows: HashMap<String, Row>,
    /// Rows that did not become records.
    pub wrong_rows: Vec<Finding>,
}

/// A record's row, and the heading of each property's column.
pub struct Row {
    pub number: usize,
    pub columns: Arc<BTreeMap<String, String>>,
}

/// Reads a file, or the parts of one upload. Blocking.
pub fn gather(inputs: &[Input], reading: &Reading<'_>) -> Result<Gathered, GatherError> {
    let group = match reading.mode {
        Mode::Node(_) => Group::naming_blank_nodes(),
        Mode::Bare => Group::keeping_blank_nodes(),
    };
    let mut sorter = Sorter {
        path: PathBuf::new(),
        reading,
        group,
        quads: 0,
        declared: Declared::default(),
        hierarchy: Hierarchy::default(),
        rows: HashMap::new(),
        wrong_rows: Vec::new(),
    };
    for input in inputs {
        sorter.path.clone_from(&input.path);
        sorter.read(input)?;
    }
    let path = sorter.path;
    Ok(Gathered {
        records: sorter.group.finish().map_err(|source| GatherError::Group { path, source })?,
        quads: sorter.quads,
        declared: sorter.declared,
        hierarchy: sorter.hierarchy,
        rows: sorter.rows,
        wrong_rows: sorter.wrong_rows,
    })
}

struct Sorter<'a> {
    /// The file being read.
    path: PathBuf,
    reading: &'a Reading<'a>,
    group: Group,
    quads: u64,
    declared: Declared,
    hierarchy: Hierarchy,
    rows: HashMap<String, Row>,
    wrong_rows: Vec<Finding>,
}

impl Sorter<'_> {
    fn read(&mut self, input: &Input) -> Result<(), GatherError> {
        match (input.contents, self.reading.mode) {
            (Contents::Rdf(format), _) => self.rdf(input, format),
            (Contents::Table | Contents::Items, Mode::Bare) => {
                Err(OpenError::Unknown(input.path.clone()).into())
            }
            (Contents::Table, Mode::Node(base)) => self.table(input, base),
            (Contents::Items, Mode::Node(base)) => self.items(input, base),
        }
    }

    fn rdf(&mut self, input: &Input, format: RdfFormat) -> Result<(), GatherError> {
        let format = match format {
            RdfFormat::JsonLd { profile } if self.is_in_stream_order(input)? => {
                RdfFormat::JsonLd { profile: profile | JsonLdProfile::Streaming }
            }
            other => other,
        };
        let is_lenient = self.reading.skip_invalid && self.has_faults(input, format)?;
        let quads = self.quads(input, format, is_lenient, &self.reading.progress)?;
        for quad in quads {
            let quad = quad.map_err(|source| self.explain(input, format, source))?;
            match is_lenient.then(|| wrong_term(&quad)).flatten() {
                Some(finding) => self.leave_out(finding)?,
                None => self.add(quad)?,
            }
        }
        let silent = matches!(format, RdfFormat::RdfXml | RdfFormat::JsonLd { .. });
        if silent && self.quads == 0 && self.reading.base_iri.is_none() {
            return Err(GatherError::Nothing { path: self.path.clone() });
        }
        Ok(())
    }

    fn quads(
        &self,
        input: &Input,
        format: RdfFormat,
        is_lenient: bool,
        progress: &Arc<AtomicU64>,
    ) -> Result<impl Iterator<Item = Result<Quad, RdfParseError>> + use<>, GatherError> {
        let bytes = input.read(self.reading.guard, progress)?;
        let (addresses, context) = self.reading.context.clone();
        let mut parser = RdfParser::from_format(format).rename_blank_nodes();
        if is_lenient {
            parser = parser.lenient();
        }
        if let Some(base) = self.reading.base_iri {
            parser = parser
                .with_base_iri(base)
                .map_err(|error| GatherError::Base(base.to_owned(), error.to_string()))?;
        }
        Ok(parser
            .for_reader(BufReader::with_capacity(1 << 20, bytes))
            .with_document_loader(move |url| load_context(url, &addresses, &context)))
    }

    /// Whether each object of a JSON-LD file has its `@context`, `@type` and `@id` first, so that
    /// it need not be held whole. Reads the file, or the part before the first that has not.
    fn is_in_stream_order(&self, input: &Input) -> Result<bool, GatherError> {
        let format = RdfFormat::JsonLd { profile: JsonLdProfile::Streaming.into() };
        let mut quads = self.quads(input, format, false, &Arc::default())?;
        Ok(quads.all(|quad| quad.is_ok()))
    }

    /// Reads the file once and takes note of its faults, where what is wrong may be left out.
    fn has_faults(&mut self, input: &Input, format: RdfFormat) -> Result<bool, GatherError> {
        let quads = self.quads(input, format, false, &Arc::default())?;
        let line = || {
            let again = input.read(self.reading.guard, &Arc::default());
            (format == RdfFormat::RdfXml).then(|| line_of_error(again.ok()?)).flatten()
        };
        let faults = faults(&self.path, format, quads, line);
        let has_faults = !faults.is_empty();
        self.wrong_rows.extend(faults);
        Ok(has_faults)
    }

    /// Leaves out the record that a finding is about; once is enough for each property. The record
    /// of a blank node cannot be told yet.
    fn leave_out(&mut self, finding: Finding) -> Result<(), GatherError> {
        if finding.record.starts_with("_:") {
            return Err(GatherError::Blank {
                path: self.path.clone(),
                problem: finding.message.en,
            });
        }
        let same = |known: &Finding| known.record == finding.record && known.path == finding.path;
        if !self.wrong_rows.iter().rev().take(SAME).any(same) {
            self.wrong_rows.push(finding);
        }
        Ok(())
    }

    /// A syntax error in words that say where and what.
    fn explain(&self, input: &Input, format: RdfFormat, source: RdfParseError) -> GatherError {
        let path = self.path.clone();
        if source.to_string().contains("buffer maximal size") {
            return GatherError::TooLong { path, bytes: TURTLE_BUFFER };
        }
        if let (RdfFormat::RdfXml, RdfParseError::Syntax(_)) = (format, &source) {
            let again = input.read(self.reading.guard, &Arc::default());
            if let Some(line) = again.ok().and_then(line_of_error) {
                return GatherError::Xml { path, line, source };
            }
        }
        GatherError::Rdf { path, source }
    }

    fn table(&mut self, input: &Input, base: &Base) -> Result<(), GatherError> {
        let file = input.seekable(self.reading.guard, &self.reading.progress)?;
        let wrong = |errors| GatherError::Table { path: self.path.clone(), errors };
        let table = Table::open(file, self.reading.encoding).map_err(|error| wrong(vec![error]))?;
        let mapping =
            Mapping::for_table(table.headings(), self.reading.names, base).map_err(wrong)?;
        mapping.map(table).try_for_each(|row| self.row(row))
    }

    fn items(&mut self, input: &Input, base: &Base) -> Result<(), GatherError> {
        let bytes = input.read(self.reading.guard, &self.reading.progress)?;
        let wrong = |error| GatherError::Table { path: self.path.clone(), errors: vec![error] };
        let items = Items::open(BufReader::new(bytes)).map_err(wrong)?;
        let mapping = Mapping::for_items(&items.headings(), self.reading.names, base);
        mapping.map(items).try_for_each(|row| self.row(row))
    }

    fn row(&mut self, row: Result<MappedRecord, RowErrors>) -> Result<(), GatherError> {
        match row {
            Ok(mapped) => {
                for triple in mapped.triples {
                    self.add(triple.in_graph(GraphName::DefaultGraph))?;
                }
                let row = Row { number: mapped.row, columns: mapped.columns };
                self.rows.insert(mapped.record, row);
            }
            Err(errors) => self.wrong_rows.extend(findings(&self.path, errors)),
        }
        Ok(())
    }

    fn add(&mut self, mut quad: Quad) -> Result<(), GatherError> {
        quad.graph_name = match (self.reading.target, self.reading.mode, quad.graph_name) {
            (Target::Graph(graph), _, _) => graph.clone(),
            (Target::AsWritten, Mode::Bare, written) => written,
            (Target::AsWritten, Mode::Node(base), GraphName::NamedNode(graph))
                if base.is_writable(graph.as_str()) =>
            {
                graph.into()
            }
            (Target::AsWritten, Mode::Node(base), _) => {
                return Err(GatherError::NoSource {
                    path: self.path.clone(),
                    record: record_of_subject(quad.subject.as_ref()),
                    example: base.graph("comune-di-esempio").into_string(),
                });
            }
        };
        self.quads += 1;
        if !self.reading.trusted {
            self.note(&quad);
        }
        self.group
            .add(quad)
            .map_err(|source| GatherError::Group { path: self.path.clone(), source })
    }

    /// What the checks of all records need to know beforehand.
    fn note(&mut self, quad: &Quad) {
        self.declared.note(quad.as_ref().into());
        self.hierarchy.note(quad.as_ref().into());
        if !self.reading.merge {
            let record = record_of_subject(quad.subject.as_ref());
            self.hierarchy.note_written(&graph_key(&quad.graph_name), &record);
        }
    }
}

/// The line at which an RDF/XML file stops being one, since its parser does not tell: reads it
/// again, a byte at a time, and counts.
fn line_of_error(bytes: Box<dyn Read + Send>) -> Option<u64> {
    let lines = Arc::new(AtomicU64::new(1));
    let slow = Slow { inner: BufReader::new(bytes), lines: Arc::clone(&lines) };
    let mut quads = RdfParser::from_format(RdfFormat::RdfXml).for_reader(slow);
    quads.find(Result::is_err).map(|_| lines.load(Ordering::Relaxed))
}

/// Hands over one byte at a time and counts the lines it has handed over.
struct Slow<R> {
    inner: R,
    lines: Arc<AtomicU64>,
}

impl<R: Read> Read for Slow<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let end = buffer.len().min(1);
        let read = self.inner.read(&mut buffer[..end])?;
        if buffer[..read].contains(&b'\n') {
            self.lines.fetch_add(1, Ordering::Relaxed);
        }
        Ok(read)
    }
}

/// Only the project's own context is known; nothing is fetched.
fn load_context(
    url: &str,
    addresses: &[String],
    context: &str,
) -> Result<LoadedDocument, Box<dyn std::error::Error + Send + Sync>> {
    if !addresses.iter().any(|address| address == url) {
        return Err(format!(
            "the JSON-LD context {url} is not fetched, since this node calls no other address; \
             write the context into the file"
        )
        .into());
    }
    Ok(LoadedDocument {
        url: url.to_owned(),
        content: context.as_bytes().to_vec(),
        format: RdfFormat::JsonLd { profile: JsonLdProfile::Context.into() },
    })
}

/// A row's errors in the words of the report.
fn findings(path: &std::path::Path, errors: RowErrors) -> impl Iterator<Item = Finding> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let record = format!("{file}, {}", errors.row);
    errors.errors.into_iter().map(move |error| Finding {
        record: record.clone(),
        focus: record.clone(),
        path: None,
        name: Text {
            it: error.column.clone().unwrap_or_default(),
            en: error.column.clone().unwrap_or_default(),
        },
        value: Some(error.value).filter(|value| !value.is_empty()),
        value_type: None,
        severity: Severity::Violation,
        component: "cell".to_owned(),
        shape: "mapping".to_owned(),
        message: Text {
            it: suggesting(error.problem.italian(), "forse", &error.suggestions),
            en: suggesting(error.problem.to_string(), "perhaps", &error.suggestions),
        },
        place: Some(Place { row: error.row, column: error.column }),
    })
}

/// A sentence with what could be written instead, where the sentence does not say it already.
fn suggesting(mut sentence: String, perhaps: &str, suggestions: &[String]) -> String {
    let new: Vec<&str> =
        suggestions.iter().map(String::as_str).filter(|name| !sentence.contains(name)).collect();
    if !new.is_empty() {
        sentence += &format!("; {perhaps}: {}", new.join(", "));
    }
    sentence
}
