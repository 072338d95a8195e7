//! What a peer is, and what it may be used for.

use super::error::PeerError;
use std::fmt;
use std::str::FromStr;

/// What a peer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A node of this software.
    FamilyLab,
    /// A SPARQL 1.1 endpoint.
    Sparql,
    /// A Linked Data Event Stream.
    Ldes,
    /// A repository of OAI-PMH 2.0.
    Oai,
    /// A file of RDF.
    Dump,
}

/// What a peer may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// Its data may answer queries.
    Query,
    /// Its search may answer searches.
    Search,
    /// Its records may be taken over.
    Harvest,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::FamilyLab, Self::Sparql, Self::Ldes, Self::Oai, Self::Dump];

    /// Its name, the same on the command line, in JSON and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::FamilyLab => "familylab",
            Self::Sparql => "sparql",
            Self::Ldes => "ldes",
            Self::Oai => "oai-pmh",
            Self::Dump => "dump",
        }
    }

    pub(super) fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    /// Whether what it says can be signed.
    pub fn signs(self) -> bool {
        matches!(self, Self::FamilyLab | Self::Ldes)
    }

    /// What a peer of this kind can be used for.
    pub fn offers(self) -> &'static [Trust] {
        match self {
            Self::FamilyLab => &Trust::ALL,
            Self::Sparql => &[Trust::Query, Trust::Harvest],
            Self::Ldes | Self::Oai | Self::Dump => &[Trust::Harvest],
        }
    }
}

impl Trust {
    /// Every trust.
    pub const ALL: [Self; 3] = [Self::Query, Self::Search, Self::Harvest];

    /// Its name, the same on the command line, in JSON and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Search => "search",
            Self::Harvest => "harvest",
        }
    }
}

impl FromStr for Kind {
    type Err = PeerError;

    fn from_str(text: &str) -> Result<Self, PeerError> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| PeerError::Kind(text.to_owned()))
    }
}

impl FromStr for Trust {
    type Err = PeerError;

    fn from_str(text: &str) -> Result<Self, PeerError> {
        let found = Self::ALL.into_iter().find(|trust| trust.name() == text);
        found.ok_or_else(|| PeerError::Trust(text.to_owned()))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
