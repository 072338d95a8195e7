//! Turns rows into records of RDF, and tells everything that is wrong with a row at once.
//! Knows the columns and the names; knows neither files nor the store.

use super::columns::{Column, Form, Lands};
use super::names::{Names, near};
use super::row::{Cell, Content, Row, TableError};
use super::value::{Problem, read};
use crate::iri::{self, Base};
use crate::vocab::{self, dct, fl, vcard};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Term, Triple};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How many characters of a wrong value are repeated to the reader.
const SHOWN: usize = 200;

/// One row as RDF.
#[derive(Debug, Clone)]
pub struct MappedRecord {
    /// The record's IRI.
    pub record: String,
    /// The row it came from.
    pub row: usize,
    /// Its triples, fragments included.
    pub triples: Vec<Triple>,
    /// From the IRI of a property to the heading of its column, for what is found later.
    pub columns: Arc<BTreeMap<String, String>>,
}

/// All that is wrong with one row.
#[derive(Debug, thiserror::Error)]
#[error("row {row}: {}", errors.iter().map(CellError::to_string).collect::<Vec<_>>().join("; "))]
pub struct RowErrors {
    /// The row, 0 where the file as a whole could not be read further.
    pub row: usize,
    /// At least one.
    pub errors: Vec<CellError>,
}

/// One thing that is wrong.
#[derive(Debug, thiserror::Error)]
#[error("{}{problem}", column.as_ref().map(|name| format!("{name}: ")).unwrap_or_default())]
pub struct CellError {
    pub row: usize,
    /// The heading as it stands in the file; none where the whole row is meant.
    pub column: Option<String>,
    /// What was written, cut after 200 characters.
    pub value: String,
    /// The sentence to show, in English or Italian.
    pub problem: Problem,
    /// What could be written instead, nearest first.
    pub suggestions: Vec<String>,
}

impl CellError {
    fn new(row: usize, column: Option<&str>, value: &str, problem: Problem) -> Self {
        Self {
            row,
            column: column.map(str::to_owned),
            value: value.chars().take(SHOWN).collect(),
            suggestions: problem.suggestions(),
            problem,
        }
    }
}

impl From<TableError> for RowErrors {
    fn from(error: TableError) -> Self {
        let row = error.row().unwrap_or(0);
        Self { row, errors: vec![CellError::new(row, None, "", error.into())] }
    }
}

/// How the rows of one file become records.
pub struct Mapping<'a> {
    form: Form,
    known: HashMap<String, &'static Column>,
    headings: Arc<BTreeMap<String, String>>,
    names: &'a Names,
    base: &'a Base,
}

/// A cell that was read: its column, what was written first, and the values.
struct Filled<'r> {
    column: &'static Column,
    heading: &'r str,
    text: &'r str,
    values: Vec<Term>,
}

impl<'a> Mapping<'a> {
    /// For a table: every heading must be known, none twice, and the required ones present.
    pub fn for_table(
        headings: &[Arc<str>],
        names: &'a Names,
        base: &'a Base,
    ) -> Result<Self, Vec<TableError>> {
        let mapping = Self::for_items(headings, names, base);
        let errors = mapping.check(headings);
        if errors.is_empty() { Ok(mapping) } else { Err(errors) }
    }

    /// For items that each bring their own headings; `headings` are those of the first one.
    pub fn for_items(headings: &[Arc<str>], names: &'a Names, base: &'a Base) -> Self {
        let form = Form::of(headings.iter().map(AsRef::as_ref));
        let column = |heading: &Arc<str>| Some((heading.to_string(), form.column(heading)?));
        let known: HashMap<_, _> = headings.iter().filter_map(column).collect();
        let mut by_property = BTreeMap::new();
        for column in form.columns() {
            let written = known.iter().find(|(_, other)| **other == column);
            let heading = written.map_or(column.heading, |(heading, _)| heading);
            let mut note = |property: NamedNodeRef<'_>| {
                by_property.entry(property.as_str().to_owned()).or_insert(heading.to_owned());
            };
            note(column.lands.property());
            if let Lands::Contact(_) = column.lands {
                note(fl::CONTACT_POINT);
            }
        }
        Self { form, known, headings: Arc::new(by_property), names, base }
    }

    /// Which of the two tables it is.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Maps the rows as they come; two rows of one name are told at the second.
    pub fn map(
        self,
        rows: impl Iterator<Item = Result<Row, TableError>>,
    ) -> impl Iterator<Item = Result<MappedRecord, RowErrors>> {
        let mut rows_by_slug = HashMap::new();
        rows.map(move |row| self.record(&row?, &mut rows_by_slug))
    }

    fn check(&self, headings: &[Arc<str>]) -> Vec<TableError> {
        let mut errors = Vec::new();
        let mut first: HashMap<&str, &str> = HashMap::new();
        for heading in headings.iter().filter(|heading| !is_note(heading)) {
            match self.known.get(heading.as_ref()) {
                None => errors.push(TableError::Unknown {
                    heading: heading.to_string(),
                    near: self.near_columns(heading),
                }),
                Some(column) => {
                    if let Some(first) = first.insert(column.heading, heading) {
                        let (column, first) = (column.heading, first.to_owned());
                        let second = heading.to_string();
                        errors.push(TableError::Twice { column, first, second });
                    }
                }
            }
        }
        let absent = |column: &&Column| column.required && !first.contains_key(column.heading);
        errors.extend(self.form.columns().iter().filter(absent).map(|column| {
            TableError::Missing {
                column: column.heading,
                found: headings.iter().map(ToString::to_string).collect(),
                near: near(column.heading, headings.iter().map(AsRef::as_ref)),
            }
        }));
        errors
    }

    fn near_columns(&self, heading: &str) -> Vec<String> {
        let columns = self.form.columns().iter();
        let mut near = near(heading, columns.flat_map(|column| [column.heading, column.english]));
        near.truncate(3);
        near
    }

    fn record(
        &self,
        row: &Row,
        rows_by_slug: &mut HashMap<String, usize>,
    ) -> Result<MappedRecord, RowErrors> {
        let mut errors = Vec::new();
        let cells = self.cells(row, &mut errors);
        let slug = self.slug(row.number, &cells, rows_by_slug, &mut errors);
        match slug {
            Some(slug) if errors.is_empty() => Ok(self.written(row.number, &slug, cells)),
            _ => Err(RowErrors { row: row.number, errors }),
        }
    }

    fn cells<'r>(&self, row: &'r Row, errors: &mut Vec<CellError>) -> Vec<Filled<'r>> {
        let mut filled: Vec<Filled<'r>> = Vec::new();
        let mut wrong = |heading: &str, value: &str, problem| {
            errors.push(CellError::new(row.number, Some(heading), value, problem));
        };
        for Cell { heading, content } in row.cells.iter().filter(|cell| !is_note(&cell.heading)) {
            let known = self.known.get(heading.as_ref()).copied();
            let column = known.or_else(|| self.form.column(heading));
            let parts = parts(content, column.is_some_and(|column| column.several));
            let Some(&text) = parts.first() else { continue };
            let Some(column) = column else {
                wrong(heading, text, Problem::Column(self.near_columns(heading)));
                continue;
            };
            if let Some(other) = filled.iter().find(|other| other.column == column) {
                wrong(heading, text, Problem::Twice(other.heading.to_owned()));
                continue;
            }
            let mut values = Vec::new();
            for part in parts {
                match read(column.kind, part, self.names) {
                    Ok(value) if values.contains(&value) => {}
                    Ok(_) if !column.several && !values.is_empty() => {
                        wrong(heading, part, Problem::OnlyOne);
                    }
                    Ok(value) => values.push(value),
                    Err(problem) => wrong(heading, part, problem),
                }
            }
            filled.push(Filled { column, heading, text, values });
        }
        let absent = |column: &&Column| {
            column.required && !filled.iter().any(|filled| filled.column == *column)
        };
        for column in self.form.columns().iter().filter(absent) {
            let heading = self.headings.get(column.lands.property().as_str());
            wrong(heading.map_or(column.heading, String::as_str), "", Problem::Required);
        }
        filled
    }

    /// The slug of the record: of its identifier where it has one, else of its title.
    fn slug(
        &self,
        row: usize,
        cells: &[Filled<'_>],
        rows_by_slug: &mut HashMap<String, usize>,
        errors: &mut Vec<CellError>,
    ) -> Option<String> {
        let identifier = Lands::Property(dct::IDENTIFIER);
        let naming = cells
            .iter()
            .find(|cell| cell.column.lands == identifier)
            .or_else(|| cells.iter().find(|cell| cell.column == self.form.title()))?;
        let slug = iri::slug(naming.text);
        let problem = if slug.is_empty() {
            Problem::Nameless
        } else if let Some(&first) = rows_by_slug.get(&slug) {
            Problem::SameName(first)
        } else {
            rows_by_slug.insert(slug.clone(), row);
            return Some(slug);
        };
        errors.push(CellError::new(row, Some(naming.heading), naming.text, problem));
        None
    }

    fn written(&self, row: usize, slug: &str, cells: Vec<Filled<'_>>) -> MappedRecord {
        let record = self.base.record(self.form.kind(), slug);
        let mut draft = Draft { record: NamedNode::new_unchecked(record), triples: Vec::new() };
        match self.form {
            Form::Experiences => draft.own(rdf::TYPE, fl::EXPERIENCE),
            Form::Actors => draft.own(rdf::TYPE, fl::ACTOR),
        }
        for Filled { column, values, .. } in cells {
            match column.lands {
                Lands::Property(property) => {
                    values.into_iter().for_each(|value| draft.own(property, value));
                }
                Lands::Steps => draft.steps(values),
                Lands::Contact(property) => draft.contact(property, values),
            }
        }
        if self.form == Form::Experiences {
            draft.default(dct::IDENTIFIER, Literal::new_simple_literal(slug));
            draft.default(dct::LICENSE, NamedNodeRef::new_unchecked(vocab::LICENCE_CC_BY));
            let italian = format!("{}ITA", vocab::LANGUAGES);
            draft.default(dct::LANGUAGE, NamedNode::new_unchecked(italian));
        }
        MappedRecord {
            record: draft.record.into_string(),
            row,
            triples: draft.triples,
            columns: Arc::clone(&self.headings),
        }
    }
}

/// A record that is being written.
struct Draft {
    record: NamedNode,
    triples: Vec<Triple>,
}

impl Draft {
    fn own(&mut self, property: NamedNodeRef<'_>, value: impl Into<Term>) {
        self.triples.push(Triple::new(self.record.clone(), property.into_owned(), value));
    }

    fn default(&mut self, property: NamedNodeRef<'_>, value: impl Into<Term>) {
        if !self.triples.iter().any(|triple| triple.predicate == property) {
            self.own(property, value);
        }
    }

    fn fragment(&self, name: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("{}#{name}", self.record.as_str()))
    }

    fn steps(&mut self, texts: Vec<Term>) {
        for (position, text) in (1_u32..).zip(texts) {
            let step = self.fragment(&format!("step-{position}"));
            let number = Literal::new_typed_literal(position.to_string(), xsd::INTEGER);
            self.own(fl::TRANSFER_STEP, step.clone());
            self.triples.push(Triple::new(step.clone(), rdf::TYPE, fl::STEP_CLASS));
            self.triples.push(Triple::new(step.clone(), fl::POSITION, number));
            self.triples.push(Triple::new(step, dct::DESCRIPTION, text));
        }
    }

    fn contact(&mut self, property: NamedNodeRef<'_>, values: Vec<Term>) {
        let contact = self.fragment("contact");
        if !self.triples.iter().any(|triple| triple.predicate == fl::CONTACT_POINT) {
            self.own(fl::CONTACT_POINT, contact.clone());
            self.triples.push(Triple::new(contact.clone(), rdf::TYPE, vcard::ORGANIZATION));
        }
        for value in values {
            self.triples.push(Triple::new(contact.clone(), property.into_owned(), value));
        }
    }
}

/// Whether a column is the writer's own note, left out on purpose.
fn is_note(heading: &str) -> bool {
    heading.starts_with('#')
}

/// The single values of a cell. Only where a column takes several is a text cut, at `|` and at
/// line ends: a description may run over lines.
fn parts(content: &Content, several: bool) -> Vec<&str> {
    let cut = |c: char| several && matches!(c, '|' | '\n');
    let parts: Vec<&str> = match content {
        Content::Text(text) => text.split(cut).collect(),
        Content::List(texts) => texts.iter().map(String::as_str).collect(),
    };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests;
