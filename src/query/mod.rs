//! SPARQL: running queries, turning updates into changes, the catalogue of named queries.

mod catalogue;
mod depth;
mod header;
mod parameter;
mod run;
mod scratch;
mod stop;
mod substitute;
mod target;
mod update;

pub use catalogue::{Catalogue, CatalogueError, NamedQuery, Reason};
pub use header::HeaderError;
pub use parameter::{Kind, Parameter, ParameterError};
pub use run::{Answer, Ask, Form, RunError, Running, start, write};
pub use update::{UpdateAsk, UpdateError, update};
