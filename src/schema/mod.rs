//! What a record must look like: the shapes, the check of a batch against them, its report.
//! Knows RDF and the SHACL engine, nothing of where batches come from or go to.

mod engine;
mod finding;
mod glossary;
mod outline;
mod places;
mod report;
mod sentences;
mod shapes;
mod shipped;
mod text;
mod validate;

pub use finding::{Finding, Place, Severity};
pub use glossary::{Glossary, Sort, Term};
pub use outline::{Outline, Property, outlines};
pub use places::territory;
pub use report::Report;
pub use shapes::{Shapes, ShapesError};
pub use shipped::{
    ShippedError, catalogue, data_file, demonstration, ontology_file, ontology_files,
    shipped_digest, vocabulary,
};
pub use text::{Language, Text};
pub use validate::{ValidateError, validate, validate_graph};
