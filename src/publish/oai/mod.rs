//! The records for harvesters of OAI-PMH 2.0.

mod ask;
mod dublin;
mod harvest;
mod item;
mod moment;
mod names;
mod rdf;
mod refusal;
mod repository;
mod set;
mod token;
mod write;
mod xml;

pub use repository::{Answer, Repository};
pub use write::rdf_schema;
