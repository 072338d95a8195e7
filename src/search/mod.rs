//! Full-text search and likeness over the records of a node: an index that follows the log, and
//! the questions it answers.

mod affected;
mod analysis;
mod colleagues;
mod collect;
mod columns;
mod compile;
mod counts;
mod document;
mod error;
mod facet;
mod fields;
mod find;
mod follow;
mod gather;
mod index;
mod reason;
mod rebuild;
mod related;
mod seed;
mod service;
mod shelf;
mod similar;
mod snippet;
mod spelling;
mod stopwords;
mod suggest;
mod thesaurus;
mod thing;
mod typed;
mod values;

pub use collect::{Mark, Near, Order};
pub use error::SearchError;
pub use facet::{FACETS, Facet};
pub use find::{Ask, Count, Counted, DEEPEST, Found, Hit, MOST_HITS};
pub use follow::Follower;
pub use index::Reached;
pub use reason::Reason;
pub use related::Alike;
pub use service::Search;
pub use similar::Need;
pub use snippet::Part;
pub use suggest::{MOST as MOST_SUGGESTIONS, Suggestion};
pub use thing::Tagged;
pub use typed::Span;
