//! Where the statements of a file go. Knows the naming of sources, nothing of files.

use crate::iri::{IriError, absolute, source_name};
use crate::store::Mode;
use oxigraph::model::GraphName;

/// Where the statements of a file go.
#[derive(Debug, Clone)]
pub enum Target {
    /// Each to the graph it names, which must be a source of this node (or any in a plain store).
    AsWritten,
    /// All to this graph, relative to which the file's relative IRIs are read.
    Graph(GraphName),
}

impl Target {
    /// The graph of a source, by its name. In a plain store the name is a graph's IRI.
    pub fn source(mode: &Mode, name: &str) -> Result<Self, IriError> {
        Ok(Self::Graph(match mode {
            Mode::Node(base) => base.graph(source_name(name)?).into(),
            Mode::Bare => absolute(name)?.into(),
        }))
    }
}
