//! One query over many graphs: what each source is asked, how their rows come together, what is
//! left to the evaluator, and what is said of those that did not answer.

mod absence;
mod alone;
mod asking;
mod batch;
mod budget;
mod calling;
mod calls;
mod certain;
mod counting;
mod cover;
mod ends;
mod error;
mod explain;
mod federation;
mod fitting;
mod fragment;
mod graph;
mod honesty;
mod leaf;
mod meeting;
mod merged;
mod normal;
mod operators;
mod order;
mod patterns;
mod plan;
mod push;
mod relation;
mod report;
mod residual;
mod select;
mod source;
mod steps;
mod summary;
mod term;
mod waiting;
mod walk;

pub use ends::Ends;
pub use error::EngineError;
pub use explain::{Done, Explanation, PrunedExplanation, StepExplanation};
pub use federation::{Federation, Options, Outcome, Planned};
pub use graph::GraphSource;
pub use report::{Report, SourceReport};
pub use source::{Bindings, Request, Row, Rows, Source, SourceError};
pub use summary::{Basis, PredicateSummary, Summary};
