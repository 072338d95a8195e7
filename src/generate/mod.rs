//! A synthetic national catalogue, for measuring: as large as asked, honest about being made up.
//! Stands on real territories and the project's lists; knows nothing of the store.

mod actor;
mod assessment;
mod cadence;
mod catalogue;
mod codes;
mod competence;
mod dice;
mod evidence;
mod experience;
mod faults;
mod grammar;
mod ground;
mod lexicon;
mod means;
mod model;
mod money;
mod network;
mod part;
mod prose;
mod quads;
mod reading;
#[cfg(test)]
mod sample;
mod setting;
mod steps;
#[cfg(test)]
mod tests;
mod timeline;
mod transfer;

pub use catalogue::{Ask, Counts, generate};
pub use faults::{Fault, FaultError, Share};
pub use ground::{Ground, GroundError, Place, Territory};
