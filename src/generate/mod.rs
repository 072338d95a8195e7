//! A synthetic national catalogue, for measuring: as large as asked, honest about being made up.
//! Stands on real territories and the project's lists; knows nothing of the store.

mod dice;
mod grammar;
mod ground;
mod lexicon;
mod prose;
mod quads;
#[cfg(test)]
mod sample;
mod setting;
mod timeline;

pub use ground::{Ground, GroundError, Place, Territory};
