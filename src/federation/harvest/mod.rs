//! Records of peers taken over: followed by streams, lists, files and queries, held against the shapes,
//! written through the log.

mod ask;
mod door;
mod dump;
mod endpoint;
mod error;
mod gather;
mod harvests;
mod item;
mod list;
mod member;
mod page;
mod plain;
mod provenance;
mod repository;
mod run;
mod schedule;
mod stream;
mod whole;

pub use error::HarvestError;
pub use harvests::Harvests;
pub use run::Run;
pub use schedule::Schedule;
