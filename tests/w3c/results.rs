//! Answers of queries, read from any format, and when two of them are the same.
//! Refuses to know where an answer comes from.

use crate::data;
use crate::manifest::{Node, term};
use anyhow::{Context, Result, bail, ensure};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::dataset::CanonicalizationAlgorithm;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{BlankNode, Graph, Literal, NamedNode, Term, Triple, TripleRef};
use sparesults::{QueryResultsFormat, QueryResultsParser, SliceQueryResultsParserOutput};
use spareval::ExpressionTerm;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// The answer of a query.
pub enum Answer {
    Boolean(bool),
    Solutions(Solutions),
    Graph(Box<Graph>),
}

/// Rows of values; a row lacks the variables that are not bound.
#[derive(Default)]
pub struct Solutions {
    variables: BTreeSet<String>,
    rows: Vec<BTreeMap<String, Term>>,
    /// Whether the order of the rows is part of the answer.
    is_ordered: bool,
}

impl Answer {
    /// Reads the answer that a suite expects.
    pub fn expected(url: &str) -> Result<Self> {
        if let Some(format) = QueryResultsFormat::from_extension(data::extension(url)) {
            return Self::results(&data::bytes(url)?, format);
        }
        let graph = data::graph(url)?;
        let set = graph.subject_for_predicate_object(rdf::TYPE, &rs("ResultSet"));
        let Some(set) = set.map(|set| Term::from(set.into_owned())) else {
            return Ok(Self::Graph(Box::new(graph)));
        };
        let set = Node::new(Arc::new(graph), set);
        match set.get(&rs("boolean")) {
            Some(value) => Ok(Self::Boolean(value.text() == "true")),
            None => Ok(Self::Solutions(Solutions::described(&set)?)),
        }
    }

    /// Reads an answer in one of the formats for rows and truth values.
    pub fn results(bytes: &[u8], format: QueryResultsFormat) -> Result<Self> {
        if format == QueryResultsFormat::Csv {
            return Ok(Self::Solutions(Solutions::from_csv(bytes)?));
        }
        match QueryResultsParser::from_format(format).for_slice(bytes)? {
            SliceQueryResultsParserOutput::Boolean(value) => Ok(Self::Boolean(value)),
            SliceQueryResultsParserOutput::Solutions(parser) => {
                let variables = parser.variables().iter().map(|v| v.as_str().to_owned()).collect();
                let mut rows = Vec::new();
                for row in parser {
                    let row = row?;
                    let cells = row
                        .iter()
                        .map(|(v, value)| (v.as_str().to_owned(), spelled(value.clone())));
                    rows.push(cells.collect());
                }
                Ok(Self::Solutions(Solutions { variables, rows, is_ordered: false }))
            }
        }
    }

    /// Complains unless the answer is the expected one. With `is_lax` rows may come more or less
    /// often, as REDUCED allows.
    pub fn check(&self, expected: &Self, is_lax: bool) -> Result<()> {
        match (self, expected) {
            (Self::Boolean(got), Self::Boolean(expected)) => {
                ensure!(got == expected, "it answers {got}");
            }
            (Self::Graph(got), Self::Graph(expected)) => {
                let (got, expected) = (canonical(got), canonical(expected));
                ensure!(got == expected, "expected the graph\n{expected}got\n{got}");
            }
            (Self::Solutions(got), Self::Solutions(expected)) => {
                let (names, wanted) = (&got.variables, &expected.variables);
                ensure!(names == wanted, "expected the variables {wanted:?}, got {names:?}");
                let comparable =
                    |rows: &Solutions| canonical(&rows.as_graph(expected.is_ordered, is_lax));
                let is_same = comparable(got) == comparable(expected);
                ensure!(is_same, "expected the rows\n{expected}got\n{got}");
            }
            _ => bail!("the answer is of another kind than expected"),
        }
        Ok(())
    }
}

impl Solutions {
    /// Reads rows that are described in RDF.
    fn described(set: &Node) -> Result<Self> {
        let variables = set.all(&rs("resultVariable"));
        let variables = variables.iter().map(|name| name.text().to_owned()).collect();
        let mut rows = Vec::new();
        for solution in set.all(&rs("solution")) {
            let mut row = BTreeMap::new();
            for binding in solution.all(&rs("binding")) {
                let name = binding.need(&rs("variable"))?.text().to_owned();
                row.insert(name, spelled(binding.need(&rs("value"))?.term));
            }
            let index = solution.get(&rs("index"));
            rows.push((index.and_then(|index| index.text().parse::<usize>().ok()), row));
        }
        rows.sort_by_key(|(index, _)| *index);
        let is_ordered = !rows.is_empty() && rows.iter().all(|(index, _)| index.is_some());
        Ok(Self { variables, rows: rows.into_iter().map(|(_, row)| row).collect(), is_ordered })
    }

    /// Reads rows of CSV, which says of values only what they look like.
    fn from_csv(bytes: &[u8]) -> Result<Self> {
        let mut reader = csv::Reader::from_reader(bytes);
        let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record?;
            let cells = names.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
            rows.push(cells.map(|(name, cell)| (name.clone(), csv_value(cell))).collect());
        }
        Ok(Self { variables: names.into_iter().collect(), rows, is_ordered: false })
    }

    /// The rows as a graph that is the same for the same bag of rows, whatever their order and
    /// the labels of their blank nodes.
    fn as_graph(&self, is_ordered: bool, is_lax: bool) -> Graph {
        let mut counts: BTreeMap<String, (usize, usize, &BTreeMap<String, Term>)> = BTreeMap::new();
        for (place, row) in self.rows.iter().enumerate() {
            let key = if is_ordered { place.to_string() } else { format!("{row:?}") };
            counts.entry(key).or_insert((place, 0, row)).1 += 1;
        }
        let mut graph = Graph::new();
        for (place, count, row) in counts.into_values() {
            let node = BlankNode::default();
            let mut say = |predicate: NamedNode, value: Term| {
                graph.insert(&Triple::new(node.clone(), predicate, value));
            };
            let place = if is_ordered { place } else { 0 };
            say(rs("index"), Literal::from(place as u64).into());
            say(rs("count"), Literal::from(if is_lax { 1 } else { count as u64 }).into());
            for (name, value) in row {
                say(term("urn:variable:", name), value.clone());
            }
        }
        graph
    }
}

impl fmt::Display for Solutions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            let cells = row.iter().map(|(name, value)| format!("?{name} {value}"));
            writeln!(f, "  {}", cells.collect::<Vec<_>>().join(", "))?;
        }
        Ok(())
    }
}

fn csv_value(cell: &str) -> Term {
    let label = cell.strip_prefix("_:").and_then(|label| BlankNode::new(label).ok());
    label.map_or_else(|| Literal::new_simple_literal(cell).into(), Term::from)
}

/// Reads a graph in an RDF syntax.
pub fn graph(bytes: &[u8], format: RdfFormat) -> Result<Graph> {
    let quads = RdfParser::from_format(format).for_slice(bytes).collect::<Result<Vec<_>, _>>()?;
    Ok(quads.iter().map(|quad| TripleRef::from(quad.as_ref())).collect())
}

/// A graph that is equal to another if and only if the two say the same.
pub fn canonical(graph: &Graph) -> Graph {
    let mut same = Graph::new();
    for triple in graph {
        let mut triple = triple.into_owned();
        triple.object = spelled(triple.object);
        same.insert(&triple);
    }
    same.canonicalize(CanonicalizationAlgorithm::Unstable);
    same
}

/// A term with its value in the spelling that Oxigraph gives it.
pub fn spelled(term: Term) -> Term {
    match term {
        Term::Literal(_) => ExpressionTerm::from(term).into(),
        other => other,
    }
}

/// A term of the vocabulary that describes rows in RDF.
fn rs(name: &str) -> NamedNode {
    term("http://www.w3.org/2001/sw/DataAccess/tests/result-set#", name)
}

/// The format an expected answer is in; those described in RDF are compared by way of JSON.
pub fn format_of(url: &str) -> QueryResultsFormat {
    QueryResultsFormat::from_extension(data::extension(url)).unwrap_or(QueryResultsFormat::Json)
}

/// The truth value in an answer.
pub fn truth(bytes: &[u8], format: QueryResultsFormat) -> Result<bool> {
    match Answer::results(bytes, format).context("the answer cannot be parsed")? {
        Answer::Boolean(value) => Ok(value),
        _ => bail!("the answer is no truth value"),
    }
}
