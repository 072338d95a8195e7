//! HTTP requests and the answers that must follow, as manifests describe them.
//! Refuses to know which protocol they belong to.

use crate::manifest::{Node, Test, mf, term};
use crate::results::{canonical, graph, truth};
use crate::server::{Reply, Server};
use anyhow::{Context, Result, bail, ensure};
use oxigraph::io::RdfFormat;
use oxigraph::model::NamedNode;
use sparesults::QueryResultsFormat;
use std::ops::Range;

/// A request and what must come of it.
struct Exchange {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    expected: Expected,
}

/// What an answer must be; whatever is absent does not matter.
struct Expected {
    statuses: Vec<Range<u16>>,
    boolean: Option<bool>,
    /// `boolean`, `tabular` or `RDF`.
    format: Option<String>,
    /// What later requests call the address in `Location`.
    location: Option<String>,
    content_type: Option<String>,
    body: Option<String>,
}

/// Plays the exchanges of a test one after the other. Paths that begin with `from` in the
/// manifest begin with `to` here.
pub fn play(server: &Server, test: &Test, from: &str, to: &str) -> Result<()> {
    let mut known: Vec<(String, String)> = Vec::new();
    for (place, request) in test.action()?.need(&ht("requests"))?.items().iter().enumerate() {
        let exchange = Exchange::read(request)?;
        let mut path = exchange.path.replacen(from, to, 1);
        for (name, value) in &known {
            path = path.replace(name, value);
        }
        let reply = server.send(&exchange.method, &path, &exchange.headers, exchange.body)?;
        let at = || format!("request {}, {} {path}", place + 1, exchange.method);
        exchange.expected.check(&reply).with_context(at)?;
        if let Some(name) = exchange.expected.location {
            let location = reply.location.context("the answer has no Location").with_context(at)?;
            known.push((name, location));
        }
    }
    Ok(())
}

impl Exchange {
    fn read(request: &Node) -> Result<Self> {
        let text = |name: &str| Ok::<_, anyhow::Error>(request.need(&ht(name))?.text().to_owned());
        Ok(Self {
            method: text("methodName")?,
            path: text("absolutePath")?,
            headers: headers(request)?,
            body: request.get(&ht("body")).map(|body| encoded(&body)).transpose()?,
            expected: Expected::read(&request.need(&ht("resp"))?)?,
        })
    }
}

impl Expected {
    fn read(response: &Node) -> Result<Self> {
        let said = |name: &str| response.get(&mf(name)).map(|node| node.text().to_owned());
        let statuses = response.all(&mf("expectedStatus"));
        let body = response.get(&ht("body")).map(|body| body.need(&cnt("chars"))).transpose()?;
        let content_type = headers(response)?.into_iter().find(|(name, _)| name == "content-type");
        Ok(Self {
            statuses: statuses.iter().map(statuses_of).collect::<Result<_>>()?,
            boolean: said("expectedBoolean").map(|value| value == "true"),
            format: said("expectedFormat"),
            location: said("expectedLocation"),
            content_type: content_type.map(|(_, value)| value),
            body: body.map(|body| body.text().to_owned()),
        })
    }

    fn check(&self, reply: &Reply) -> Result<()> {
        let is_fine = self.statuses.iter().any(|range| range.contains(&reply.status));
        ensure!(is_fine, "expected one of {:?}, got {}", self.statuses, reply.text());
        if let Some(format) = &self.format {
            check_format(format, reply)?;
        }
        if let Some(expected) = self.boolean {
            let format = QueryResultsFormat::from_media_type(reply.media_type());
            let got =
                truth(&reply.body, format.context("the answer is in no format for results")?)?;
            ensure!(got == expected, "it answers {got}");
        }
        let Some(content_type) = &self.content_type else { return Ok(()) };
        let kind = content_type.split(';').next().unwrap_or_default();
        ensure!(reply.media_type() == kind, "expected {kind}, got {:?}", reply.content_type);
        let Some(body) = &self.body else { return Ok(()) };
        let format = RdfFormat::from_media_type(kind).context("the manifest expects no RDF")?;
        let (got, expected) =
            (canonical(&reply.graph()?), canonical(&graph(body.as_bytes(), format)?));
        ensure!(got == expected, "expected the graph\n{expected}got\n{got}");
        Ok(())
    }
}

/// Whether an answer is a truth value, rows or a graph, by its media type, and is well written.
fn check_format(format: &str, reply: &Reply) -> Result<()> {
    let results = QueryResultsFormat::from_media_type(reply.media_type());
    match (format, results) {
        ("boolean", Some(results)) => truth(&reply.body, results).map(drop),
        ("tabular", Some(results)) => {
            crate::results::Answer::results(&reply.body, results).map(drop)
        }
        ("RDF", None) => reply.graph().map(drop),
        _ => bail!("{:?} is not {format}", reply.content_type),
    }
}

/// The status codes that a term stands for.
fn statuses_of(status: &Node) -> Result<Range<u16>> {
    Ok(match status.local_name() {
        "StatusCode2xx" => 200..300,
        "StatusCode3xx" => 300..400,
        "StatusCode4xx" => 400..500,
        "OK" => 200..201,
        "Created" => 201..202,
        "NoContent" => 204..205,
        "NotFound" => 404..405,
        other => bail!("nobody knows the status {other}"),
    })
}

/// The headers of a request or a response, their names in small letters.
fn headers(message: &Node) -> Result<Vec<(String, String)>> {
    let headers = message.get(&ht("headers")).map(|list| list.items()).unwrap_or_default();
    let pair = |header: &Node| -> Result<(String, String)> {
        let name = header.need(&ht("fieldName"))?.text().to_lowercase();
        Ok((name, header.need(&ht("fieldValue"))?.text().to_owned()))
    };
    headers.iter().map(pair).collect()
}

/// A body in the encoding that the manifest names.
fn encoded(body: &Node) -> Result<Vec<u8>> {
    let text = body.need(&cnt("chars"))?;
    match body.need(&cnt("characterEncoding"))?.text() {
        "UTF-8" => Ok(text.text().as_bytes().to_owned()),
        // With the mark that tells the order of the bytes.
        "UTF-16" => {
            let units = std::iter::once(0xFEFF).chain(text.text().encode_utf16());
            Ok(units.flat_map(u16::to_be_bytes).collect())
        }
        other => bail!("nobody knows the encoding {other}"),
    }
}

fn ht(name: &str) -> NamedNode {
    term("http://www.w3.org/2011/http#", name)
}

fn cnt(name: &str) -> NamedNode {
    term("http://www.w3.org/2011/content#", name)
}
