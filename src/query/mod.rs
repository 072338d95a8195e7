//! SPARQL: running queries, turning updates into changes, the catalogue of named queries.

mod answer;
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

pub use answer::{Answer, Ask, Form, RunError};
pub use catalogue::{Catalogue, CatalogueError, NamedQuery, Reason};
pub use header::HeaderError;
pub use parameter::{Kind, Parameter, ParameterError};
pub use run::{Running, start, write};
pub use update::{UpdateAsk, UpdateError, update};
