//! HTTP: routes call one service each and hand back its answer.

mod address;
mod asked;
mod assets;
mod atom;
mod error;
mod extract;
mod found;
mod html;
mod kept;
mod language;
mod mementos;
mod openapi;
mod range;
mod represent;
mod router;
mod routes;
mod signed;
mod signposts;
mod words;

pub use assets::are_built as has_style;
pub use html::diagram;
pub use router::router;
