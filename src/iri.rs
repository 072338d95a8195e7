//! Minting and reading the identifiers of records, graphs and documents.
//! Knows the patterns of the record model and nothing of what is stored under them.

use crate::vocab;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNodeRef};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The kinds of records, as they stand in `{base}/id/{kind}/{slug}`.
pub const KINDS: [&str; 14] = [
    "esperienza",
    "attore",
    "rete",
    "territorio",
    "tema",
    "destinatario",
    "valutazione",
    "modello",
    "percorso",
    "competenza",
    "risorsa",
    "notizia",
    "evento",
    "raccolta",
];

/// Source names that are reserved to the node itself.
pub const RESERVED_SOURCES: [&str; 3] = ["vocabulary", "territory", "inferred"];

/// How the sources begin that hold what was taken over from peers.
const PEERS: &str = "peer/";

/// Why a text cannot serve as an address or a name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IriError {
    #[error("{0:?} is not an absolute http or https address without query and fragment")]
    Base(String),
    #[error("{0:?} is not a source name: use lower-case letters, digits, and hyphens between them")]
    Source(String),
    #[error("{iri:?} is not an absolute IRI: {reason}")]
    Iri { iri: String, reason: String },
}

/// The node's public address, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// Reads a public address such as `https://dati.comune.example`.
    pub fn parse(address: &str) -> Result<Self, IriError> {
        let trimmed = address.trim_end_matches('/');
        let wrong = || IriError::Base(address.to_owned());
        let iri = oxiri::Iri::parse(trimmed).map_err(|_| wrong())?;
        let web = matches!(iri.scheme(), "http" | "https");
        if !web || iri.query().is_some() || iri.fragment().is_some() || iri.authority().is_none() {
            return Err(wrong());
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An address below this one; `path` begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The IRI of a record.
    pub fn record(&self, kind: &str, slug: &str) -> String {
        format!("{}/id/{kind}/{slug}", self.0)
    }

    /// Where this node's record IRIs begin.
    pub fn id(&self) -> String {
        format!("{}/id/", self.0)
    }

    /// The IRI of a source graph. The name has been checked by [`source_name`].
    pub fn graph(&self, source: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("{}/graph/{source}", self.0))
    }

    /// The graph of what was taken over from a peer. No source has a name with a slash in it, so nobody
    /// else can write there.
    pub fn harvested(&self, peer: &str) -> NamedNode {
        self.graph(&format!("{PEERS}{peer}"))
    }

    /// The peer whose records a graph of this node holds, if it is such a graph.
    pub fn peer_of<'a>(&self, graph: &'a str) -> Option<&'a str> {
        self.source_of(graph)?.strip_prefix(PEERS)
    }

    /// Whether a graph holds what was taken over from a peer.
    pub fn is_taken_over(&self, graph: &GraphName) -> bool {
        matches!(graph, GraphName::NamedNode(name) if self.peer_of(name.as_str()).is_some())
    }

    /// The graph of what the rules infer.
    pub fn inferred(&self) -> NamedNode {
        self.graph("inferred")
    }

    /// The source a graph IRI of this node names, if it is one.
    pub fn source_of<'a>(&self, graph: &'a str) -> Option<&'a str> {
        graph.strip_prefix(self.0.as_str())?.strip_prefix("/graph/")
    }

    /// Whether a SPARQL update or an import may change this graph.
    pub fn is_writable(&self, graph: &str) -> bool {
        self.source_of(graph).is_some_and(|source| source_name(source).is_ok())
    }

    /// Moves an IRI of the shipped files to this node: `…/familylab/id/x` becomes `{base}/id/x`.
    pub fn localise(&self, iri: &str) -> Option<String> {
        iri.strip_prefix(vocab::CANONICAL_ID).map(|rest| format!("{}/id/{rest}", self.0))
    }

    /// The address at which this node serves a document: itself for its own IRIs, the same path
    /// here for the project's own ones, none for what belongs to others.
    pub fn document(&self, iri: &str) -> Option<String> {
        if let Some(rest) = iri.strip_prefix(vocab::CANONICAL) {
            return Some(format!("{}/{rest}", self.0));
        }
        iri.strip_prefix(self.0.as_str())
            .filter(|rest| rest.starts_with('/'))
            .map(|rest| format!("{}{rest}", self.0))
    }
}

/// Checks the name of a source for which the public may write.
pub fn source_name(name: &str) -> Result<&str, IriError> {
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if name.len() > 100 || !name.split('-').all(plain) || RESERVED_SOURCES.contains(&name) {
        return Err(IriError::Source(name.to_owned()));
    }
    Ok(name)
}

/// Checks an IRI that came from outside. RFC 3987, section 2.2.
pub fn absolute(iri: &str) -> Result<NamedNode, IriError> {
    NamedNode::new(iri)
        .map_err(|error| IriError::Iri { iri: iri.to_owned(), reason: error.to_string() })
}

/// The record an IRI belongs to: itself, without its fragment.
pub fn record_of(iri: &str) -> &str {
    iri.split_once('#').map_or(iri, |(record, _)| record)
}

/// The record a subject belongs to; a blank node stands for itself, as `_:label`.
pub fn record_of_subject(subject: NamedOrBlankNodeRef<'_>) -> String {
    match subject {
        NamedOrBlankNodeRef::NamedNode(node) => record_of(node.as_str()).to_owned(),
        NamedOrBlankNodeRef::BlankNode(node) => node.to_string(),
    }
}

/// A graph name as the log writes it: its IRI, `_:label`, or nothing for the default graph.
pub fn graph_key(graph: &GraphName) -> String {
    match graph {
        GraphName::NamedNode(node) => node.as_str().to_owned(),
        GraphName::BlankNode(node) => node.to_string(),
        GraphName::DefaultGraph => String::new(),
    }
}

/// The graph name that [`graph_key`] wrote.
pub fn graph_name(key: &str) -> GraphName {
    if key.is_empty() {
        GraphName::DefaultGraph
    } else if let Some(label) = key.strip_prefix("_:") {
        oxigraph::model::BlankNode::new_unchecked(label).into()
    } else {
        NamedNode::new_unchecked(key).into()
    }
}

/// A slug in words, for what has no better name: `affido-e-adozione` is `Affido e adozione`.
pub fn spelled(slug: &str) -> String {
    let words = slug.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Makes a slug from a title: lower case, accents folded, one hyphen between words, at most
/// 80 characters, cut between words.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in title.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    if slug.len() > 80 {
        let cut = slug[..81].rfind('-').unwrap_or(80);
        slug.truncate(cut);
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_slug_without_accents_or_doubled_hyphens() {
        assert_eq!(slug("L'asilo – è di tutti!"), "l-asilo-e-di-tutti");
        assert_eq!(slug(&"parola ".repeat(30)).len(), 76);
        assert_eq!(slug("!?"), "");
    }

    #[test]
    fn a_slug_is_spelled_as_words() {
        assert_eq!(spelled("unità-di-strada"), "Unità di strada");
        assert_eq!(spelled(""), "");
    }

    #[test]
    fn only_plain_unreserved_names_are_sources() {
        assert!(source_name("comune-di-bologna").is_ok());
        for wrong in ["", "Bologna", "a--b", "-a", "peer/x", "vocabulary", "a b"] {
            assert!(source_name(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_base_is_a_plain_web_address() {
        assert_eq!(
            Base::parse("http://localhost:7070/").unwrap().as_str(),
            "http://localhost:7070"
        );
        for wrong in ["localhost:7070", "ftp://x", "http://x/?q", "http://x/#f", "x"] {
            assert!(Base::parse(wrong).is_err(), "{wrong}");
        }
    }
}
