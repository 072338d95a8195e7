//! End-to-end tests: a file a flow, through the public doors only.

mod durability;
mod layers;
mod linked_data;
mod support;
