//! The page that tells why a statement is there: who states it, which rule infers it, from what.
//! Knows nothing of how that is found out.

use super::entity::source;
use super::frame::{Anchor, Frame, html};
use super::value::{Parts, ValuePart};
use crate::app::App;
use crate::entity::{EntityError, Labels, Value};
use crate::infer::{Explanation, Reasoning};
use crate::web::address::why;
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::Words;
use askama::Template;
use axum::http::Uri;
use axum::response::Response;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Term, Triple};

#[derive(Template)]
#[template(path = "explain.html")]
struct ExplainPage<'a> {
    frame: Frame<'a>,
    words: &'static Words,
    statement: FactPart,
    stated_in: Vec<Anchor>,
    reasons: Vec<Reason<'a>>,
    /// The same as JSON.
    data: String,
}

struct Reason<'a> {
    rule: &'a str,
    summary: &'a str,
    description: &'a str,
    facts: Vec<FactPart>,
    absent: &'a [String],
}

/// A statement in the names of what it is about.
#[derive(Template)]
#[template(path = "fact.html")]
struct FactPart {
    words: &'static Words,
    subject: Anchor,
    property: Anchor,
    value: ValuePart,
    source: Option<Anchor>,
}

/// Renders why a statement is there.
pub fn explain_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    statement: &Triple,
    explanation: &Explanation,
    labels: &Labels<'_>,
) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let mut frame = Frame::new(app, reader, uri, words.explain.why_title.to_owned());
    let subject = labels.link(name(&statement.subject))?;
    let anchor = frame.link(&subject);
    frame.crumb(anchor.address, &anchor.text);
    let Triple { subject, predicate, object } = statement;
    let told = fact(&frame, labels, (subject, predicate, object), None)?;
    let reasons = explanation.inferred.iter().map(|reasoning| reason(&frame, labels, reasoning));
    let page = ExplainPage {
        words,
        statement: told,
        stated_in: explanation.stated_in.iter().map(|graph| named(&frame, graph)).collect(),
        reasons: reasons.collect::<Result<_, _>>()?,
        data: format!("{}&format=json", why(&app.base, statement, reader)),
        frame,
    };
    html(&page, reader.language)
}

fn reason<'a>(
    frame: &Frame<'_>,
    labels: &Labels<'_>,
    reasoning: &'a Reasoning,
) -> Result<Reason<'a>, EntityError> {
    let facts = reasoning.facts.iter().map(|quad| {
        let statement = (&quad.subject, &quad.predicate, &quad.object);
        fact(frame, labels, statement, Some(&quad.graph_name))
    });
    Ok(Reason {
        rule: &reasoning.rule,
        summary: reasoning.summary.get(frame.reader.language),
        description: reasoning.description.get(frame.reader.language),
        facts: facts.collect::<Result<_, _>>()?,
        absent: &reasoning.absent,
    })
}

fn fact(
    frame: &Frame<'_>,
    labels: &Labels<'_>,
    (subject, predicate, object): (&NamedOrBlankNode, &NamedNode, &Term),
    graph: Option<&GraphName>,
) -> Result<FactPart, EntityError> {
    Ok(FactPart {
        words: frame.words,
        subject: frame.link(&labels.link(name(subject))?),
        property: frame.link(&labels.link(predicate.as_str())?),
        value: Parts::new(frame).value(&Value::plain(object, labels)?),
        source: graph.map(|graph| named(frame, graph)),
    })
}

fn named(frame: &Frame<'_>, graph: &GraphName) -> Anchor {
    let name = match graph {
        GraphName::NamedNode(node) => node.as_str(),
        _ => "",
    };
    source(frame, name)
}

fn name(node: &NamedOrBlankNode) -> &str {
    match node {
        NamedOrBlankNode::NamedNode(node) => node.as_str(),
        NamedOrBlankNode::BlankNode(node) => node.as_str(),
    }
}
