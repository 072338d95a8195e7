//! One rule: a CONSTRUCT query, whose statements it infers are about the record that one of its
//! variables names, and which records it reads. Runs nothing.

use crate::schema::{ShippedError, Text, ontology_file, ontology_files};
use crate::sparql::{Fields, HeaderError, read_header};
use crate::store::{DatasetError, LogError};
use crate::vocab::fl;
use oxigraph::model::{NamedNode, Variable};
use oxigraph::sparql::{QueryEvaluationError, SparqlSyntaxError};
use oxigraph::store::StorageError;
use sha2::{Digest, Sha256};
use spargebra::{Query, SparqlParser};
use std::collections::BTreeSet;

/// Why rules or checks cannot be read or run.
#[derive(Debug, thiserror::Error)]
pub enum InferError {
    #[error("{file}: {reason}")]
    Header { file: String, reason: HeaderError },
    #[error("{file} is not SPARQL 1.1: {reason}")]
    Syntax { file: String, reason: SparqlSyntaxError },
    #[error("{file}: {what}")]
    Form { file: String, what: String },
    #[error(transparent)]
    Shipped(#[from] ShippedError),
    #[error("a rule could not be evaluated: {0}")]
    Evaluation(#[from] QueryEvaluationError),
    #[error("the graph's storage failed: {0}")]
    Storage(#[from] StorageError),
    #[error("the log holds a line that is not N-Triples: {0}")]
    Line(#[from] oxigraph::io::RdfSyntaxError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    #[error("a task of the rules ended without an answer")]
    Task(#[from] tokio::task::JoinError),
}

/// A rule of inference.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The name of its file without the extension.
    pub name: String,
    pub summary: Text,
    pub description: Text,
    /// The variable that stands for the record of the inferred statements.
    pub record: Variable,
    /// The classes of these records.
    pub about: BTreeSet<NamedNode>,
    /// A change of a record of these classes can alter what is inferred of itself and of the
    /// records one link away from it, in either direction.
    pub reads: BTreeSet<NamedNode>,
    /// When a record of these classes moves, what is inferred can alter of itself and of all that
    /// `skos:broader` puts below it, at any distance.
    pub reads_below: BTreeSet<NamedNode>,
    /// When a record of this class changes, what is inferred can alter of the records that have
    /// one of its values for this property.
    pub reads_sharing: Option<(NamedNode, NamedNode)>,
    pub query: Query,
}

/// The rules that ship inside the program.
#[derive(Debug, Clone)]
pub struct Rules {
    pub rules: Vec<Rule>,
    /// Another name for other rules.
    pub digest: String,
}

impl Rules {
    /// Reads `ontology/rules/*.rq`.
    pub fn shipped() -> Result<Self, InferError> {
        let mut digest = Sha256::new();
        let mut rules = Vec::new();
        for file in ontology_files("rules/", ".rq") {
            let text = ontology_file(&file)?;
            digest.update(text.as_bytes());
            rules.push(Rule::read(&file, &text)?);
        }
        let digest = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { rules, digest })
    }
}

impl Rule {
    /// Reads one file; `file` is told in errors.
    pub fn read(file: &str, text: &str) -> Result<Self, InferError> {
        let head = |reason| InferError::Header { file: file.to_owned(), reason };
        let wrong = |what: &str| InferError::Form { file: file.to_owned(), what: what.to_owned() };
        let (header, query) = read_header(text).map_err(head)?;
        let mut fields = header.fields;
        let (summary, description) = texts(&mut fields).map_err(head)?;
        let record = fields.need("record").map_err(head)?;
        let record = Variable::new(record).map_err(|_| wrong("`record` is not a variable"))?;
        let term = |name: &str| -> Result<NamedNode, InferError> {
            let local =
                name.trim().strip_prefix("fl:").ok_or_else(|| wrong("a name is not fl:"))?;
            Ok(NamedNode::new_unchecked(format!("{}{local}", fl::NAMESPACE)))
        };
        let mut classes = |name: &str| -> Result<BTreeSet<NamedNode>, InferError> {
            let list = fields.take(name).unwrap_or_default();
            list.split(',').filter(|name| !name.trim().is_empty()).map(term).collect()
        };
        let (about, reads, reads_below) =
            (classes("about")?, classes("reads")?, classes("reads-below")?);
        let reads_sharing = match fields.take("reads-sharing") {
            None => None,
            Some(text) => {
                let (class, property) = text
                    .split_once(" by ")
                    .ok_or_else(|| wrong("`reads-sharing` is a class, `by` and a property"))?;
                Some((term(class)?, term(property)?))
            }
        };
        if about.is_empty() || (reads.is_empty() && reads_below.is_empty()) {
            return Err(wrong("`about`, and one of `reads` and `reads-below`, must name classes"));
        }
        fields.finish().map_err(head)?;
        let syntax = |reason| InferError::Syntax { file: file.to_owned(), reason };
        let query = SparqlParser::new().parse_query(&query).map_err(syntax)?;
        let Query::Construct { template, .. } = &query else {
            return Err(wrong("a rule is a CONSTRUCT query"));
        };
        if template.iter().any(|triple| triple.subject != record.clone().into()) {
            return Err(wrong("every statement of the template begins with the `record` variable"));
        }
        let name = file.trim_start_matches("rules/").trim_end_matches(".rq").to_owned();
        Ok(Self {
            name,
            summary,
            description,
            record,
            about,
            reads,
            reads_below,
            reads_sharing,
            query,
        })
    }
}

/// The texts that every file has, in both languages.
pub(super) fn texts(fields: &mut Fields) -> Result<(Text, Text), HeaderError> {
    let summary = Text::new(fields.need("summary@it")?, fields.need("summary")?);
    let description = Text::new(fields.need("description@it")?, fields.need("description")?);
    Ok((summary, description))
}
