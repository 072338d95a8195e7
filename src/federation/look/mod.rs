//! Looks at a peer: asks it what its kind has, and tells whether that is what came.

mod ask;
mod dump;
mod endpoint;
mod node;
mod one;
mod repository;
mod stream;

pub(super) use dump::syntax as file_syntax;
pub(super) use one::look;
