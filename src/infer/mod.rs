//! What follows from what was stated: the rules of `ontology/rules`, run after each change into a
//! graph of their own, explained, and the checks of `ontology/checks`.

mod affected;
mod check;
mod evaluate;
mod explain;
mod follow;
mod rule;

pub use check::{Check, Checks, Inconsistency};
pub use explain::{Explanation, Fact, Reasoning};
pub use follow::Inference;
pub use rule::{InferError, Rule, Rules};
