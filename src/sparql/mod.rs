//! SPARQL before it is evaluated: what a file's head says, how deep a query nests, terms in the
//! place of variables, evaluations that can be ended.

mod depth;
mod header;
mod stop;
mod substitute;

pub use depth::{MOST, is_too_deep};
pub use header::{Fields, Header, HeaderError, read_header};
pub use stop::{until_stopped, watch, watch_pattern, watcher};
pub use substitute::substitute;
