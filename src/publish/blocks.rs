//! Pieces of exported files on disk: those of a block of neighbouring record numbers in one file, with
//! what they hold, so that a block in which nothing changed is not written again.
//! Refuses to know how pieces are made.

use super::counts::Tally;
use super::hashing::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// How many numbers of records a block has.
pub(super) const SIZE: i64 = 1000;
/// The longest description of a block that is believed.
const LONGEST: u64 = 256 << 20;

/// Where in a block's file a piece is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Piece {
    pub at: u64,
    pub bytes: u64,
    /// The SHA-256 of the piece, in hexadecimal.
    pub sha256: String,
}

/// The records of a block that are of one source, one kind and one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Group {
    pub graph: String,
    pub kind: Option<String>,
    pub year: Option<i16>,
    pub records: u64,
    pub statements: u64,
    pub subjects: u64,
    pub quads: Piece,
    pub trig: Piece,
    pub table: Option<Piece>,
}

/// What a block holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Block {
    /// The last change that touched one of its records.
    pub touched: u64,
    pub groups: Vec<Group>,
    /// By kind; see [`super::drawing`] for what is of none.
    pub tallies: BTreeMap<String, Tally>,
    /// The marks of the records elsewhere whose names are shown, sorted.
    pub named: Vec<u64>,
}

impl Block {
    /// The last block that was kept under a number, if it can be read.
    pub fn read(folder: &Path, number: i64) -> Option<Self> {
        let mut file = File::open(path(folder, number)).ok()?;
        let length = header(&mut file).ok()?;
        let mut text = vec![0; usize::try_from(length).ok()?];
        file.read_exact(&mut text).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Keeps a block with its pieces, in the place of the one before.
    pub fn keep(&self, folder: &Path, number: i64, pieces: &[u8]) -> io::Result<()> {
        let text = serde_json::to_vec(self)?;
        let mut file = tempfile::Builder::new().prefix(".block-").tempfile_in(folder)?;
        file.write_all(&(text.len() as u64).to_le_bytes())?;
        file.write_all(&text)?;
        file.write_all(pieces)?;
        file.as_file().sync_all()?;
        file.persist(path(folder, number))?;
        Ok(())
    }
}

/// Appends a piece; gives where it is.
pub(super) fn push_piece(pieces: &mut Vec<u8>, bytes: &[u8]) -> Piece {
    let at = pieces.len() as u64;
    pieces.extend_from_slice(bytes);
    Piece { at, bytes: bytes.len() as u64, sha256: hex(&Sha256::digest(bytes)) }
}

/// Copies pieces of a block into a file; of each is told where it is and how long.
pub(super) fn copy(
    folder: &Path,
    number: i64,
    pieces: &[(u64, u64)],
    out: &mut impl Write,
) -> io::Result<()> {
    let mut file = File::open(path(folder, number))?;
    let start = 8 + header(&mut file)?;
    for (at, bytes) in pieces {
        file.seek(SeekFrom::Start(start + at))?;
        let copied = io::copy(&mut (&mut file).take(*bytes), out)?;
        if copied < *bytes {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

fn header(file: &mut File) -> io::Result<u64> {
    let mut length = [0; 8];
    file.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST { Err(io::ErrorKind::InvalidData.into()) } else { Ok(length) }
}

fn path(folder: &Path, number: i64) -> PathBuf {
    folder.join(format!("{number}.block"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read_as_it_was_kept_and_a_broken_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let mut pieces = Vec::new();
        let quads = push_piece(&mut pieces, b"uno");
        let trig = push_piece(&mut pieces, b"due");
        let group = Group {
            graph: "http://x/g".to_owned(),
            kind: None,
            year: Some(-3),
            records: 1,
            statements: 2,
            subjects: 1,
            quads,
            trig: trig.clone(),
            table: None,
        };
        let tallies = BTreeMap::from([(String::new(), Tally::listing())]);
        let block = Block { touched: 7, groups: vec![group], tallies, named: vec![u64::MAX] };
        block.keep(folder.path(), 3, &pieces).unwrap();
        assert_eq!(Block::read(folder.path(), 3), Some(block));
        assert_eq!(Block::read(folder.path(), 4), None);
        let mut out = Vec::new();
        copy(folder.path(), 3, &[(trig.at, trig.bytes)], &mut out).unwrap();
        assert_eq!(out, b"due");
        std::fs::write(path(folder.path(), 3), b"\xff\xff\xff\xff\xff\xff\xff\xff{").unwrap();
        assert_eq!(Block::read(folder.path(), 3), None);
    }
}
