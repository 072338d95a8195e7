//! What was published as files for download, and how much is in them.

mod blocks;
mod counts;
mod drawing;
mod export;
mod exporter;
mod labels;
mod lines;
mod plan;
mod shelf;
mod table;
mod void;

pub use counts::{Counts, Tally};
pub use export::{Export, File, Part};
pub use exporter::Exporter;
pub use shelf::Shelf;
pub use void::description;
