//! A row as it stands in a file, before it means anything, and why a file cannot give one.
//! Knows neither the separators nor the columns.

use std::sync::Arc;

/// The longest row that is read, in bytes: 1 MiB.
pub const ROW_CAP: usize = 1 << 20;

/// One row of a table, or one item of a JSON array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The row as a spreadsheet counts it (the headings are row 1), or the item, from 1.
    pub number: usize,
    /// The cells, each under its heading.
    pub cells: Vec<Cell>,
}

/// One cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The heading as it stands in the file.
    pub heading: Arc<str>,
    /// What was written below it.
    pub content: Content,
}

/// What a cell holds: a text that may still be several values, or values already apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Text(String),
    List(Vec<String>),
}

/// Why a file, or one row of it, cannot be read; [`TableError::italian`] says it in Italian.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("the file is empty: the first row must hold the headings")]
    Empty,
    #[error("this is a workbook, not a text file: save the sheet as \"CSV UTF-8\" and send that")]
    Workbook,
    #[error("the file could not be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("item {row} is not JSON as expected: {reason}")]
    Json { row: usize, reason: String },
    #[error("item {row}: {column:?} must hold a text, a number, yes or no, or a list of these")]
    Nested { row: usize, column: String },
    #[error("row {row} is longer than 1 MiB: perhaps a quotation mark was never closed")]
    TooLong { row: usize },
    #[error("the quotation mark opened in row {row} is never closed")]
    OpenQuote { row: usize },
    #[error(
        "row {row} has {cells} cells below {headings} headings: a cell that holds the separator \
         must stand in quotation marks"
    )]
    TooManyCells { row: usize, cells: usize, headings: usize },
    #[error(
        "the heading {heading:?} has broken letters: save the file again as \"CSV UTF-8\", or \
         name its encoding"
    )]
    Garbled { heading: String },
    #[error("the column {column:?} stands twice: as {first:?} and as {second:?}")]
    Twice { column: &'static str, first: String, second: String },
    #[error(
        "the column {column:?} is missing; the headings found are: {}{}",
        found.join(", "),
        hint(" (is it ", near, "?)")
    )]
    Missing { column: &'static str, found: Vec<String>, near: Vec<String> },
    #[error(
        "the heading {heading:?} is not known{}; a column that begins with # is left out",
        hint(": is it ", near, "?")
    )]
    Unknown { heading: String, near: Vec<String> },
}

impl TableError {
    /// The row it happened in, when it is about one.
    pub fn row(&self) -> Option<usize> {
        match self {
            Self::Json { row, .. }
            | Self::Nested { row, .. }
            | Self::TooLong { row }
            | Self::OpenQuote { row }
            | Self::TooManyCells { row, .. } => Some(*row),
            _ => None,
        }
    }

    /// The same sentence in Italian.
    pub fn italian(&self) -> String {
        match self {
            Self::Empty => "il file è vuoto: la prima riga deve contenere le intestazioni".into(),
            Self::Workbook => "questo è un file di foglio elettronico, non di testo: salvare il \
                foglio come «CSV UTF-8» e inviare quello"
                .into(),
            Self::Io(error) => format!("il file non si può leggere: {error}"),
            Self::Json { row, reason } => {
                format!("l'elemento {row} non è JSON come atteso: {reason}")
            }
            Self::Nested { row, column } => format!(
                "elemento {row}: «{column}» deve contenere un testo, un numero, sì o no, oppure \
                 un elenco di questi"
            ),
            Self::TooLong { row } => {
                format!("la riga {row} supera 1 MiB: forse mancano le virgolette di chiusura")
            }
            Self::OpenQuote { row } => {
                format!("le virgolette aperte nella riga {row} non vengono mai chiuse")
            }
            Self::TooManyCells { row, cells, headings } => format!(
                "la riga {row} ha {cells} celle sotto {headings} intestazioni: una cella che \
                 contiene il separatore va scritta tra virgolette"
            ),
            Self::Garbled { heading } => format!(
                "l'intestazione «{heading}» ha lettere guaste: salvare di nuovo il file come \
                 «CSV UTF-8», oppure indicarne la codifica"
            ),
            Self::Twice { column, first, second } => {
                format!("la colonna «{column}» c'è due volte: come «{first}» e come «{second}»")
            }
            Self::Missing { column, found, near } => format!(
                "manca la colonna «{column}»; le intestazioni trovate sono: {}{}",
                found.join(", "),
                hint(" (è forse ", near, "?)")
            ),
            Self::Unknown { heading, near } => format!(
                "l'intestazione «{heading}» non è conosciuta{}; una colonna che comincia con # \
                 viene tralasciata",
                hint(": è forse ", near, "?")
            ),
        }
    }
}

/// The near headings between two pieces of a sentence, or nothing when there are none.
fn hint(before: &str, near: &[String], after: &str) -> String {
    if near.is_empty() { String::new() } else { format!("{before}{}{after}", near.join(", ")) }
}
