//! One query over many sources, held against one store that has all of their data.

mod answer;
mod endpoint;
mod honesty;
mod many;
mod oracle;
mod plans;
mod random;
mod service;
mod split;
mod world;
