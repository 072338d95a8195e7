//! The files that were exported, as the catalogue, VoID and downloads tell of them.
//! Knows nothing of how they are made.

use serde::{Deserialize, Serialize};

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Part {
    /// Everything: records, vocabularies and territory.
    All,
    /// The records of a kind, such as `esperienza`.
    Kind(String),
    /// The records of a source graph, by its name.
    Source(String),
    /// The experiences that began in a year.
    Year(i16),
}

/// One exported file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub part: Part,
    /// Its name below `/dump/`, such as `all.nq.gz` or `source/comune-di-parma.nq.gz`.
    pub name: String,
    /// Its media type once it is unpacked.
    pub media_type: String,
    /// The size in bytes of what is downloaded.
    pub bytes: u64,
    /// The SHA-256 of what is downloaded, in hexadecimal.
    pub sha256: String,
    /// How many statements or, of a table, rows it holds.
    pub count: u64,
    /// How many records it holds.
    pub records: u64,
}

/// All files of one state of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// The change whose state they hold.
    pub seq: u64,
    /// When that change was made.
    pub at: String,
    pub files: Vec<File>,
}

impl Export {
    /// The file with this name.
    pub fn file(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|file| file.name == name)
    }

    /// The files that hold a part.
    pub fn of(&self, part: &Part) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| file.part == *part)
    }
}
