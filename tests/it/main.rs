//! End-to-end tests: a file a flow, through the public doors only.

mod bad_input;
mod bad_size;
mod catalogue;
mod diagrams;
mod durability;
mod faults;
mod graph_store;
mod import;
mod import_tables;
mod inference;
mod layers;
mod linked_data;
mod named_queries;
mod ontology;
mod operation;
mod packed;
mod readme;
mod rebuild;
mod rules;
mod shapes;
mod sparql;
mod sparql_limits;
mod sparql_update;
mod support;
mod vocabularies;
