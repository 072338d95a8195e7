//! SPARQL: running queries, turning updates into changes, the catalogue of named queries.

mod answer;
mod catalogue;
mod construct;
mod filled;
mod links;
mod parameter;
mod plan;
mod run;
mod scratch;
mod service;
mod shown;
mod subject;
mod target;
mod trial;
mod update;

pub use answer::{Answer, Ask, Form, RunError, form, read};
pub use catalogue::{Catalogue, CatalogueError, NamedQuery, Reason};
pub use links::{LinkError, Links};
pub use parameter::{Kind, Parameter, ParameterError};
pub use plan::{Plan, Stage, explain};
pub use run::{Running, start, stream, write};
pub use service::{Found, LocalService, Question, Services};
pub use shown::{Contents, Shown, Window, first, show};
pub use subject::{SUBJECTS, Subject};
pub use update::{UpdateAsk, UpdateError, update};
