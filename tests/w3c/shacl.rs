//! Runs one test of the SHACL suite through the project's own validation.
//! Refuses to know which tests there are.

use crate::data;
use crate::manifest::{Node, Test, term};
use anyhow::{Result, ensure};
use familylab::schema::{Finding, Severity, Shapes, validate_graph};
use oxigraph::model::{Graph, NamedNode, Term};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A result as far as it is compared: focus node, path, value, severity, component, shape.
type Line = [String; 6];

/// Runs a test of class `Validate`.
pub fn run(test: &Test) -> Result<()> {
    let action = test.action()?;
    let own = test.iri().to_owned() + ".ttl";
    // A file is parsed once, so that the labels of its blank nodes are the same everywhere.
    let graph = |name: &str| -> Result<Arc<Graph>> {
        let url = action.need(&sht(name))?;
        if url.text() == own {
            Ok(test.node.graph())
        } else {
            Ok(Arc::new(data::graph(url.text())?))
        }
    };
    let (facts, shapes) = (graph("dataGraph")?, graph("shapesGraph")?);
    let lines: String = shapes.iter().map(|triple| format!("{triple} .\n")).collect();
    let shapes = Shapes::parse(&lines);
    let expected = test.result()?;
    if expected.term == sht("Failure").into() {
        ensure!(shapes.is_err(), "the shapes are not refused");
        return Ok(());
    }
    let found = validate_graph(&shapes?, facts.iter().map(oxigraph::model::TripleRef::into_owned))?;
    let got: BTreeSet<Line> = found.iter().map(line).collect();
    let wanted = expected.all(&sh("result"));
    let wanted = wanted.iter().map(expected_line).collect::<Result<BTreeSet<Line>>>()?;
    let missing: Vec<_> = wanted.difference(&got).collect();
    let surplus: Vec<_> = got.difference(&wanted).collect();
    ensure!(got == wanted, "it does not find {missing:?}, it finds too much in {surplus:?}");
    let conforms = expected.need(&sh("conforms"))?.text() == "true";
    ensure!(found.is_empty() == conforms, "the verdict is wrong");
    Ok(())
}

fn line(finding: &Finding) -> Line {
    let severity = match finding.severity {
        Severity::Violation => "Violation",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
    };
    [
        finding.focus.clone(),
        finding.path.as_deref().map_or_else(String::new, path),
        finding.value.clone().unwrap_or_default(),
        sh(severity).into_string(),
        finding.component.clone(),
        finding.shape.clone(),
    ]
}

fn expected_line(result: &Node) -> Result<Line> {
    let named = |name: &str| result.get(&sh(name)).map_or_else(String::new, |node| written(&node));
    let path = result.get(&sh("resultPath")).map_or_else(String::new, |node| match node.term {
        Term::NamedNode(path) => path.into_string(),
        _ => COMPLEX.to_owned(),
    });
    Ok([
        written(&result.need(&sh("focusNode"))?),
        path,
        named("value"),
        written(&result.need(&sh("resultSeverity"))?),
        written(&result.need(&sh("sourceConstraintComponent"))?),
        named("sourceShape"),
    ])
}

/// What stands for a path of more than one step: findings and reports spell them in two ways.
const COMPLEX: &str = "a longer path";

fn path(path: &str) -> String {
    let path = path.trim_start_matches('<').trim_end_matches('>');
    if NamedNode::new(path).is_ok() { path.to_owned() } else { COMPLEX.to_owned() }
}

/// A node as findings write it.
fn written(node: &Node) -> String {
    match &node.term {
        Term::BlankNode(blank) => blank.to_string(),
        _ => node.text().to_owned(),
    }
}

fn sh(name: &str) -> NamedNode {
    term("http://www.w3.org/ns/shacl#", name)
}

fn sht(name: &str) -> NamedNode {
    term("http://www.w3.org/ns/shacl-test#", name)
}
