//! HTTP: routes call one service each and hand back its answer.

mod error;
mod extract;
mod html;
mod openapi;
mod router;
mod routes;

pub use router::{around, router};
