//! One IRI described: its statements by source, labels for people, what refers to it, its
//! versions, and the same statements in every RDF syntax.

mod behind;
mod describe;
mod inverse;
mod jsonld;
mod label;
mod memory;
mod order;
mod scheme;
mod tree;
mod usage;
mod view;
mod write;

pub use behind::Behind;
pub use describe::{Description, EntityError, describe, version};
pub use inverse::{Inverse, PAGE};
pub use label::{Label, Labels, Link, short_name};
pub use memory::{Known, Memory};
pub use scheme::{Concept, Scheme, concepts, schemes};
pub use tree::{Node, Part, Property, Value};
pub use usage::{Usage, Usages, Used};
pub use view::{Ask, View, view};
pub use write::{context, write, write_triples};
