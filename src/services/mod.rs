//! What a SPARQL query may call by SERVICE although it is this node that answers.

mod likeness;
mod terms;
mod text;

pub use likeness::Likeness;
pub use text::FullText;
