//! Handlers, a file an interface.

pub(super) mod about;
pub(super) mod catalogue;
mod choices;
pub(super) mod compare;
mod describe;
mod editor;
pub(super) mod entity;
pub(super) mod explain;
pub(super) mod front;
pub(super) mod graphs;
pub(super) mod ldes;
pub(super) mod links;
pub(super) mod ops;
mod plan;
pub(super) mod queries;
pub(super) mod record;
pub(super) mod search;
pub(super) mod site;
pub(super) mod sparql;
pub(super) mod terms;
pub(super) mod vocabulary;
