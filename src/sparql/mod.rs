//! SPARQL before it is evaluated: what a file's head says, how deep a query nests, terms in the
//! place of variables, evaluations that can be ended, where a text is wrong.

mod depth;
mod fault;
mod header;
mod inside;
mod stop;
mod substitute;
mod token;

pub use depth::{MOST, is_too_deep};
pub use fault::{Fault, Wrong};
pub use header::{Fields, Header, HeaderError, read_header};
pub use inside::{Inner, any, children, every, parts, pattern_of};
pub use stop::{ALIVE, until_stopped, watch, watch_pattern, watcher};
pub use substitute::substitute;
pub use token::tokens;
