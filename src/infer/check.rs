//! The checks of consistency that ship with the program: what no shape of one record can see.
//! Each is a SELECT query; a solution is something wrong, told in both languages.

use super::evaluate::select;
use super::rule::{InferError, texts};
use crate::schema::{Severity, Text, ontology_file, ontology_files};
use crate::sparql::read_header;
use crate::store::View;
use oxigraph::model::Term;
use spargebra::{Query, SparqlParser};

/// One check.
#[derive(Debug, Clone)]
pub struct Check {
    /// The name of its file without the extension.
    pub name: String,
    pub summary: Text,
    pub description: Text,
    pub severity: Severity,
    /// What to do; `?name` stands for a value of the solution.
    pub message: Text,
    query: Query,
}

/// Something that does not agree with something else.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Inconsistency {
    pub check: String,
    pub severity: Severity,
    pub record: String,
    pub message: Text,
}

/// The checks that ship inside the program.
#[derive(Debug, Clone)]
pub struct Checks(pub Vec<Check>);

impl Checks {
    /// Reads `ontology/checks/*.rq`.
    pub fn shipped() -> Result<Self, InferError> {
        let files = ontology_files("checks/", ".rq").into_iter();
        files
            .map(|file| Check::read(&file, &ontology_file(&file)?))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Runs every check, the most severe findings first; at most `most` of each check.
    pub fn run(&self, view: &View<'static>, most: usize) -> Result<Vec<Inconsistency>, InferError> {
        let mut found = Vec::new();
        for check in &self.0 {
            found.extend(check.run(view, most)?);
        }
        found.sort_by(|a, b| {
            (a.severity, &a.check, &a.record).cmp(&(b.severity, &b.check, &b.record))
        });
        Ok(found)
    }
}

impl Check {
    fn read(file: &str, text: &str) -> Result<Self, InferError> {
        let head = |reason| InferError::Header { file: file.to_owned(), reason };
        let wrong = |what: &str| InferError::Form { file: file.to_owned(), what: what.to_owned() };
        let (header, query) = read_header(text).map_err(head)?;
        let mut fields = header.fields;
        let (summary, description) = texts(&mut fields).map_err(head)?;
        let severity = match fields.need("severity").map_err(head)?.as_str() {
            "violation" => Severity::Violation,
            "warning" => Severity::Warning,
            "info" => Severity::Info,
            _ => return Err(wrong("`severity` is violation, warning or info")),
        };
        let italian = fields.need("message@it").map_err(head)?;
        let message = Text::new(italian, fields.need("message").map_err(head)?);
        fields.finish().map_err(head)?;
        let syntax = |reason| InferError::Syntax { file: file.to_owned(), reason };
        let query = SparqlParser::new().parse_query(&query).map_err(syntax)?;
        if !matches!(query, Query::Select { .. }) {
            return Err(wrong("a check is a SELECT query"));
        }
        let name = file.trim_start_matches("checks/").trim_end_matches(".rq").to_owned();
        Ok(Self { name, summary, description, severity, message, query })
    }

    /// The first findings of this check.
    pub fn run(&self, view: &View<'static>, most: usize) -> Result<Vec<Inconsistency>, InferError> {
        let mut found = Vec::new();
        for solution in select(&self.query, view)?.into_iter().flatten().take(most) {
            let solution = solution?;
            let mut message = self.message.clone();
            // Longer names first: `?value` is also the beginning of `?valueType`.
            let mut values: Vec<(String, String)> = solution
                .iter()
                .map(|(name, term)| (format!("?{}", name.as_str()), readable(term)))
                .collect();
            values.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
            for (name, value) in values {
                message.it = message.it.replace(&name, &value);
                message.en = message.en.replace(&name, &value);
            }
            found.push(Inconsistency {
                check: self.name.clone(),
                severity: self.severity,
                record: solution.get("record").map(readable).unwrap_or_default(),
                message,
            });
        }
        Ok(found)
    }
}

fn readable(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        other => other.to_string(),
    }
}
