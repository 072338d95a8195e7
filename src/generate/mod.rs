//! A synthetic national catalogue, for measuring: as large as asked, honest about being made up.
//! Stands on real territories and the project's lists; knows nothing of the store.

mod dice;
mod grammar;
mod lexicon;
mod prose;
mod quads;
