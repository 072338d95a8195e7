//! How data comes in: files become quads or rows, these become records, records are checked and
//! handed to the one door.

mod batch;
pub mod columns;
pub mod encoding;
mod gather;
pub mod json;
mod known;
mod lenient;
pub mod mapping;
pub mod names;
mod open;
pub mod row;
pub mod table;
mod target;
pub mod value;

pub use batch::{BatchError, Job, Outcome, Progress, import, is_full};
pub use encoding::Encoding;
pub use gather::GatherError;
pub use json::Items;
pub use known::concept_group;
pub use lenient::wrong_term;
pub use mapping::{CellError, MappedRecord, Mapping, RowErrors};
pub use names::{Group, Names, Unknown};
pub use open::{Contents, Guard, Input, OpenError};
pub use row::{Row, TableError};
pub use table::Table;
pub use target::Target;
