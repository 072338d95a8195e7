//! SPARQL: running queries, turning updates into changes, the catalogue of named queries.

// mod catalogue;
mod run;
mod scratch;
mod update;

//pub use catalogue::{Catalogue, CatalogueError, NamedQuery, Parameter, ParameterError};
pub use run::{Answer, Ask, Form, Running, RunError, start, write};
pub use update::{UpdateAsk, UpdateError, update};
