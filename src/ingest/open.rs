//! Opens a file whatever it is: finds out its syntax, unpacks gzip, and guards against bytes that
//! would fill the memory. Refuses to know what the bytes mean.

use flate2::read::MultiGzDecoder;
use oxigraph::io::RdfFormat;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Unpacking less than this is never a bomb.
const HARMLESS: u64 = 64 << 20;

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{path} cannot be read: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error(
        "{0} is of no known kind; use .ttl .trig .nt .nq .rdf .jsonld (each also as .gz), .csv, \
         .tsv or .json"
    )]
    Unknown(PathBuf),
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    Rdf(RdfFormat),
    Table,
    Items,
}

/// What may be read before it is too much.
#[derive(Debug, Clone, Copy)]
pub struct Guard {
    /// The longest literal, in bytes.
    pub literal_bytes: usize,
    /// How many times its own size a compressed file may unpack to.
    pub unpack_ratio: u64,
}

/// A file about to be read.
#[derive(Debug, Clone)]
pub struct Input {
    pub path: PathBuf,
    pub contents: Contents,
    /// Its size on disk, in bytes.
    pub size: u64,
    packed: bool,
}

impl Input {
    /// Looks at a file's name and first bytes.
    pub fn look_at(path: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Io { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let mut magic = [0; 2];
        let packed = file.read(&mut magic).map_err(failed)? == 2 && magic == [0x1f, 0x8b];
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let contents = match extension {
            "csv" | "tsv" => Contents::Table,
            "json" | "ndjson" | "jsonl" => Contents::Items,
            "owl" => Contents::Rdf(RdfFormat::RdfXml),
            other => Contents::Rdf(
                RdfFormat::from_extension(other)
                    .ok_or_else(|| OpenError::Unknown(path.to_owned()))?,
            ),
        };
        Ok(Self { path: path.to_owned(), contents, size, packed })
    }

    /// A file of RDF whose syntax the caller was told, such as a body that was uploaded.
    pub fn rdf(path: &Path, format: RdfFormat, size: u64) -> Self {
        Self { path: path.to_owned(), contents: Contents::Rdf(format), size, packed: false }
    }

    /// Whether it is a table or a list of items, which refer to things by name.
    pub fn is_table(&self) -> bool {
        matches!(self.contents, Contents::Table | Contents::Items)
    }

    /// Opens the file for reading from its start; `progress` counts the bytes taken from disk.
    pub fn read(
        &self,
        guard: Guard,
        progress: &Arc<AtomicU64>,
    ) -> Result<Box<dyn Read + Send>, OpenError> {
        let file = File::open(&self.path)
            .map_err(|source| OpenError::Io { path: self.path.clone(), source })?;
        let counted = Counted { inner: BufReader::new(file), count: Arc::clone(progress) };
        if !self.packed {
            return Ok(Box::new(self.guarded(counted, guard)));
        }
        let unpacked = Unpacked {
            inner: MultiGzDecoder::new(counted),
            packed: Arc::clone(progress),
            start: progress.load(Ordering::Relaxed),
            out: 0,
            ratio: guard.unpack_ratio,
        };
        Ok(Box::new(self.guarded(unpacked, guard)))
    }

    /// Opens a table, which is read twice and therefore unpacked to a temporary file first.
    pub fn seekable(&self, guard: Guard, progress: &Arc<AtomicU64>) -> Result<File, OpenError> {
        let failed = |source| OpenError::Io { path: self.path.clone(), source };
        if !self.packed {
            return File::open(&self.path).map_err(failed);
        }
        let mut file = tempfile::tempfile().map_err(failed)?;
        io::copy(&mut self.read(guard, progress)?, &mut file).map_err(failed)?;
        file.rewind().map_err(failed)?;
        Ok(file)
    }

    /// The byte between which no run may be longer than a literal; Turtle and its kin need none,
    /// since their reader limits what it holds.
    fn guarded<R: Read>(&self, inner: R, guard: Guard) -> Bounded<R> {
        let mark = match self.contents {
            Contents::Rdf(RdfFormat::RdfXml) => Some(b'<'),
            Contents::Rdf(RdfFormat::JsonLd { .. }) | Contents::Items => Some(b'"'),
            _ => None,
        };
        Bounded { inner, mark, run: 0, limit: guard.literal_bytes }
    }
}

struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Stops at a file that unpacks to many times its size.
struct Unpacked<R> {
    inner: R,
    packed: Arc<AtomicU64>,
    start: u64,
    out: u64,
    ratio: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.out += read as u64;
        let packed = (self.packed.load(Ordering::Relaxed) - self.start).max(1);
        if self.out > HARMLESS && self.out / packed > self.ratio {
            return Err(io::Error::other(format!(
                "it unpacks to more than {} times its size, which looks like a gzip bomb; unpack \
                 it yourself if it is meant to, or raise unpack_ratio",
                self.ratio
            )));
        }
        Ok(read)
    }
}

/// Stops at a literal that is too long to be one.
struct Bounded<R> {
    inner: R,
    mark: Option<u8>,
    run: usize,
    limit: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let Some(mark) = self.mark else { return Ok(read) };
        self.run = match buffer[..read].iter().rposition(|byte| *byte == mark) {
            Some(place) => read - place,
            None => self.run + read,
        };
        if self.run > self.limit {
            return Err(io::Error::other(format!(
                "a literal is longer than {} bytes; shorten it, or raise literal_bytes",
                self.limit
            )));
        }
        Ok(read)
    }
}
