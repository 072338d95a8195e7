//! Handlers, a file an interface.

pub(super) mod about;
pub(super) mod catalogue;
pub(super) mod compare;
mod describe;
pub(super) mod entity;
pub(super) mod explain;
pub(super) mod front;
pub(super) mod graphs;
pub(super) mod ops;
pub(super) mod queries;
pub(super) mod record;
pub(super) mod search;
pub(super) mod site;
pub(super) mod sparql;
