//! What can be saved of a file of RDF with wrong terms in it: where they are, and which records
//! they belong to. Refuses to know what becomes of either.

use crate::iri::record_of_subject;
use crate::schema::{Finding, Place, Severity, Text};
use oxigraph::io::{RdfFormat, RdfParseError};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term};
use std::path::Path;

/// A file is read on for this many faults and no more.
const MOST_FAULTS: usize = 1000;
/// After a fault the reader of RDF/XML has lost its way.
const MOST_XML_FAULTS: usize = 1;

/// What is wrong with a file whose terms are looked at, as findings about the file itself.
pub(super) fn faults(
    path: &Path,
    format: RdfFormat,
    quads: impl Iterator<Item = Result<Quad, RdfParseError>>,
    line: impl FnOnce() -> Option<u64>,
) -> Vec<Finding> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let most = if format == RdfFormat::RdfXml { MOST_XML_FAULTS } else { MOST_FAULTS };
    // To find a line that the parser does not tell, the file is read again: for the first only.
    let mut line = Some(line);
    let wrong = quads.filter_map(|quad| match quad {
        Err(RdfParseError::Syntax(error)) => Some(error),
        // The file is read again, and that will tell the same.
        Ok(_) | Err(RdfParseError::Io(_)) => None,
    });
    wrong
        .take(most)
        .map(|error| {
            let told = error.location().map(|place| place.start.line + 1);
            let told = told.or_else(|| line.take()?()).and_then(|line| usize::try_from(line).ok());
            let record = told.map_or_else(|| name.to_string(), |line| format!("{name}, {line}"));
            let place = told.map(|row| Place { row, column: None });
            Finding { place, ..finding(record, None, None, error.to_string()) }
        })
        .collect()
}

/// The finding about a record one of whose terms is none.
pub fn wrong_term(quad: &Quad) -> Option<Finding> {
    let subject = match &quad.subject {
        NamedOrBlankNode::NamedNode(node) => wrong_iri(node),
        NamedOrBlankNode::BlankNode(_) => None,
    };
    let object = match &quad.object {
        Term::NamedNode(node) => wrong_iri(node),
        Term::Literal(literal) => wrong_literal(literal),
        Term::BlankNode(_) | Term::Triple(_) => None,
    };
    let graph = match &quad.graph_name {
        GraphName::NamedNode(node) => wrong_iri(node),
        GraphName::BlankNode(_) | GraphName::DefaultGraph => None,
    };
    let (value, problem) = subject.or_else(|| wrong_iri(&quad.predicate)).or(object).or(graph)?;
    let record = record_of_subject(quad.subject.as_ref());
    let path = Some(quad.predicate.as_str().to_owned());
    Some(finding(record, path, Some(value), problem))
}

fn wrong_iri(node: &NamedNode) -> Option<(String, String)> {
    let error = NamedNode::new(node.as_str()).err()?;
    Some((node.as_str().to_owned(), format!("this is no absolute IRI: {error}")))
}

fn wrong_literal(literal: &Literal) -> Option<(String, String)> {
    let Some(language) = literal.language() else {
        return wrong_iri(&literal.datatype().into_owned());
    };
    let error = Literal::new_language_tagged_literal("", language).err()?;
    Some((literal.value().to_owned(), format!("@{language} is no language: {error}")))
}

fn finding(
    record: String,
    path: Option<String>,
    value: Option<String>,
    problem: String,
) -> Finding {
    Finding {
        focus: record.clone(),
        record,
        path,
        name: Text::default(),
        value_type: None,
        value,
        severity: Severity::Violation,
        component: "syntax".to_owned(),
        shape: "syntax".to_owned(),
        message: Text::new(
            format!("Sintassi errata: {problem}"),
            format!("Wrong syntax: {problem}"),
        ),
        place: None,
    }
}
