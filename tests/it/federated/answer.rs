//! Answers as bags that can be compared.

use oxigraph::model::{BlankNode, Term};
use oxigraph::sparql::{QueryEvaluationError, QueryResults};
use std::collections::HashSet;

/// Rows, triples or a truth value, as texts in an order of their own.
pub fn bag(
    results: QueryResults<'_>,
    known: &HashSet<String>,
) -> Result<Vec<String>, QueryEvaluationError> {
    let mut lines = Vec::new();
    match results {
        QueryResults::Boolean(value) => lines.push(value.to_string()),
        QueryResults::Solutions(solutions) => {
            for solution in solutions {
                let solution = solution?;
                let mut values: Vec<String> = solution
                    .iter()
                    .map(|(name, term)| format!("{name}={}", spelled(term, known)))
                    .collect();
                values.sort();
                lines.push(values.join(" "));
            }
        }
        QueryResults::Graph(triples) => {
            let mut seen = HashSet::new();
            for triple in triples {
                let triple = triple?;
                let (subject, object) = (Term::from(triple.subject), triple.object);
                let line = format!(
                    "{} {} {}",
                    spelled(&subject, known),
                    triple.predicate,
                    spelled(&object, known)
                );
                // A graph is a set, but each blank node of a template is one of its own.
                if line.contains("_:fresh") || seen.insert(line.clone()) {
                    lines.push(line);
                }
            }
        }
    }
    lines.sort();
    Ok(lines)
}

/// A term, its blank nodes as the data calls them; those that were made are all the same.
fn spelled(term: &Term, known: &HashSet<String>) -> String {
    match term {
        Term::BlankNode(node) => {
            let label = original(node);
            if known.contains(label) { format!("_:{label}") } else { "_:fresh".to_owned() }
        }
        Term::Triple(triple) => format!(
            "<<( {} {} {} )>>",
            spelled(&triple.subject.clone().into(), known),
            triple.predicate,
            spelled(&triple.object, known)
        ),
        other => other.to_string(),
    }
}

/// The label without the mark of its source.
fn original(node: &BlankNode) -> &str {
    node.as_str().split_once('-').map_or(node.as_str(), |(_, label)| label)
}
