//! End-to-end tests: a file a flow, through the public doors only.

mod graph_store;
mod import;
mod layers;
mod sparql;
mod sparql_limits;
mod sparql_update;
mod support;
