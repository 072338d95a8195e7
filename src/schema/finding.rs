//! One thing that is wrong with a record, as every door shows it.
//! Knows neither the engine that found it nor the ways of showing it.

use crate::schema::text::Text;
use serde::{Deserialize, Serialize};

/// How bad a finding is. SHACL, section 2.1.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    Violation,
    Warning,
    Info,
}

/// Where in a table a finding stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The row as a person counts it, the header being row 1.
    pub row: usize,
    /// The column's heading, if one column is to blame.
    pub column: Option<String>,
}

/// One thing wrong with one record. SHACL, section 3.6.2.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// The record's IRI: `focus` without its fragment.
    pub record: String,
    /// The node that is wrong: an IRI, or `_:label`.
    pub focus: String,
    /// The predicate's IRI, or a longer path in SPARQL's manner.
    pub path: Option<String>,
    /// What the property is called.
    pub name: Text,
    /// The offending value: the text of a literal, an IRI, or `_:label`.
    pub value: Option<String>,
    /// What `value` is if it is a literal: `@it` for text in a language, else its datatype IRI.
    pub value_type: Option<String>,
    pub severity: Severity,
    /// The IRI of the constraint component.
    pub component: String,
    /// The IRI of the shape that was not met, or `_:label`.
    pub shape: String,
    /// What to do.
    pub message: Text,
    /// Where the value stands in a table; set by table imports.
    pub place: Option<Place>,
}
