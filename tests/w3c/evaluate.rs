//! Runs one test of the SPARQL query and update suites through the project's own query path.
//! Refuses to know which tests there are.

use crate::bare::Bare;
use crate::data;
use crate::manifest::{Node, Test, mf, qt, term, ut};
use crate::results::{Answer, format_of, graph, spelled};
use anyhow::{Context, Result, bail, ensure};
use familylab::media::{self, Kind, Media};
use familylab::query::{Ask, Form, RunError, UpdateAsk, UpdateError, write};
use oxigraph::io::RdfFormat;
use oxigraph::model::dataset::CanonicalizationAlgorithm;
use oxigraph::model::{Dataset, GraphName, NamedNode, Term};
use spargebra::SparqlParser;

/// Runs a test of any class that needs no server.
pub fn run(bare: &Bare, test: &Test) -> Result<()> {
    match test.kind.as_str() {
        "PositiveSyntaxTest" | "PositiveSyntaxTest11" => query_syntax(test, true),
        "NegativeSyntaxTest" | "NegativeSyntaxTest11" => query_syntax(test, false),
        "PositiveUpdateSyntaxTest11" => update_syntax(bare, test, true),
        "NegativeUpdateSyntaxTest11" => update_syntax(bare, test, false),
        "QueryEvaluationTest" | "CSVResultFormatTest" => query(bare, test),
        "UpdateEvaluationTest" => update(bare, test),
        other => bail!("nobody knows how to run a {other}"),
    }
}

fn query_syntax(test: &Test, is_good: bool) -> Result<()> {
    match (ask(test.action()?.text())?.parse(), is_good) {
        (Err(RunError::Syntax(error)), true) => bail!("it is refused: {error}"),
        (Err(RunError::Syntax(_)), false) => Ok(()),
        // It is well written, and asks for what is not done here.
        (Ok(_) | Err(RunError::Service), true) => Ok(()),
        (Err(error), _) => Err(error.into()),
        (Ok(_), false) => bail!("it is not refused"),
    }
}

fn update_syntax(bare: &Bare, test: &Test, is_good: bool) -> Result<()> {
    match (bare.update(update_ask(test.action()?.text())?), is_good) {
        (Err(UpdateError::Syntax(error)), true) => bail!("it is refused: {error}"),
        // Whether what is well written can be done is another question.
        (Err(UpdateError::Syntax(_)), false) | (_, true) => Ok(()),
        (_, false) => bail!("it is not refused"),
    }
}

fn query(bare: &Bare, test: &Test) -> Result<()> {
    let action = test.action()?;
    let expected = test.result()?;
    let ask = ask(action.need(&qt("query"))?.text())?;
    let mut held = files(&action, qt)?;
    held.extend(named_by(&ask)?);
    bare.hold(&held)?;
    let answer = ask.parse()?;
    let media = match answer.form {
        Form::Graph => media::TURTLE,
        Form::Results => results_media(expected.text())?,
    };
    let mut bytes = Vec::new();
    write(bare.query(answer)?, media, &mut bytes)?;
    let got = match media.kind {
        Kind::Results(format) => Answer::results(&bytes, format)?,
        _ => Answer::Graph(Box::new(graph(&bytes, RdfFormat::Turtle)?)),
    };
    let is_lax = test.node.get(&mf("resultCardinality")).is_some();
    got.check(&Answer::expected(expected.text())?, is_lax)
}

fn update(bare: &Bare, test: &Test) -> Result<()> {
    let action = test.action()?;
    bare.hold(&files(&action, ut)?)?;
    bare.update(update_ask(action.need(&ut("request"))?.text())?)?;
    let mut expected = Dataset::new();
    for (graph, url) in files(&test.result()?, ut)? {
        for mut quad in data::quads(&url, &graph)? {
            quad.object = spelled(quad.object);
            expected.insert(&quad);
        }
    }
    let mut got = bare.quads()?;
    got.canonicalize(CanonicalizationAlgorithm::Unstable);
    expected.canonicalize(CanonicalizationAlgorithm::Unstable);
    ensure!(got == expected, "expected the quads\n{expected}got\n{got}");
    Ok(())
}

/// A query as it stands in a file.
pub fn ask(url: &str) -> Result<Ask> {
    Ok(Ask { query: data::text(url)?, base: Some(url.to_owned()), ..Ask::default() })
}

/// An update as it stands in a file.
fn update_ask(url: &str) -> Result<UpdateAsk> {
    Ok(UpdateAsk { update: data::text(url)?, base: Some(url.to_owned()), ..UpdateAsk::default() })
}

/// The files that make up a dataset, each with its graph. A named graph is called after its file
/// or, in the update suite, by a label.
pub fn files(node: &Node, vocabulary: fn(&str) -> NamedNode) -> Result<Vec<(GraphName, String)>> {
    let label = term("http://www.w3.org/2000/01/rdf-schema#", "label");
    let default = node.all(&vocabulary("data")).into_iter();
    let mut files: Vec<_> =
        default.map(|file| (GraphName::DefaultGraph, file.text().to_owned())).collect();
    for graph in node.all(&vocabulary("graphData")) {
        let (name, file) = match graph.term {
            Term::NamedNode(_) => (graph.clone(), graph),
            _ => (graph.need(&label)?, graph.need(&vocabulary("graph"))?),
        };
        files.push((NamedNode::new(name.text())?.into(), file.text().to_owned()));
    }
    Ok(files)
}

/// The files of the suite that a query names as graphs with FROM.
pub fn named_by(ask: &Ask) -> Result<Vec<(GraphName, String)>> {
    let mut parser = SparqlParser::new();
    if let Some(base) = &ask.base {
        parser = parser.with_base_iri(base)?;
    }
    let query = parser.parse_query(&ask.query)?;
    let Some(dataset) = query.dataset() else { return Ok(Vec::new()) };
    let named = dataset.default.iter().chain(dataset.named.iter().flatten());
    let files = named.filter(|graph| data::is_here(graph.as_str()));
    Ok(files.map(|graph| (graph.clone().into(), graph.as_str().to_owned())).collect())
}

/// The format in which the project is asked for an answer.
fn results_media(expected: &str) -> Result<Media> {
    let kind = Kind::Results(format_of(expected));
    let media = media::SOLUTIONS.into_iter().find(|media| media.kind == kind);
    media.with_context(|| format!("{kind:?} is not written"))
}
