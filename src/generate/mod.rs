//! A synthetic national catalogue, for measuring: as large as asked, honest about being made up.
//! Stands on real territories and the project's lists; knows nothing of the store.

mod actor;
mod assessment;
mod catalogue;
mod dice;
mod experience;
mod grammar;
mod ground;
mod lexicon;
mod network;
mod prose;
mod quads;
#[cfg(test)]
mod sample;
mod setting;
#[cfg(test)]
mod tests;
mod timeline;

pub use catalogue::{Ask, Counts, generate};
pub use ground::{Ground, GroundError, Place, Territory};
