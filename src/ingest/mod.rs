//! How data comes in: spreadsheets and JSON become rows, rows become records.
//! Knows nothing of the log or of the store behind it.

pub mod columns;
pub mod encoding;
pub mod json;
pub mod mapping;
pub mod names;
pub mod row;
pub mod table;
pub mod value;

pub use encoding::Encoding;
pub use json::Items;
pub use mapping::{CellError, MappedRecord, Mapping, RowErrors};
pub use names::{Group, Names, Unknown};
pub use row::{Row, TableError};
pub use table::Table;
