//! The page on the data: every interface with a request and what it answers now, the sources, the
//! questions, the licence.

use super::about::named;
use super::frame::{Anchor, Frame, html};
use crate::app::App;
use crate::web::address::encode;
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{Interface, Words};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

#[derive(Template)]
#[template(path = "data.html")]
struct DataPage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    interfaces: Vec<InterfacePart>,
    openapi: String,
    sources: Vec<SourceRow>,
    queries: Vec<Anchor>,
}

struct InterfacePart {
    name: &'static str,
    title: &'static str,
    audience: &'static str,
    hint: &'static str,
    address: String,
    /// The request, for a shell.
    command: String,
    /// Its status and media type.
    outcome: String,
    /// The first lines of its answer.
    text: String,
    is_cut: bool,
}

struct SourceRow {
    source: Anchor,
    records: String,
    turtle: String,
    triples: String,
}

/// A source graph and how many records it has.
pub struct SourceCount {
    pub graph: String,
    /// What the source is called.
    pub name: String,
    pub records: u64,
}

/// The beginning of what the node answered to the request that shows an interface.
pub struct Example {
    pub interface: &'static Interface,
    /// The path that was asked for.
    pub path: String,
    pub status: u16,
    pub media_type: String,
    pub text: String,
    /// Whether the answer goes on.
    pub is_cut: bool,
}

/// Renders what can be had as data, and how.
pub fn data_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    sources: &[SourceCount],
    examples: Vec<Example>,
) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let mut frame = Frame::new(app, reader, uri, words.frame.open_data.to_owned());
    frame.describe(words.about.data_intro);
    let download = |graph: &str, extension: &str| {
        let name = crate::web::asked::encoded(&[("graph".to_owned(), graph.to_owned())]);
        format!("{}/graphs?{name}&format={extension}", frame.root)
    };
    let rows = sources.iter().map(|count| SourceRow {
        source: named(&frame, &count.graph, &count.name),
        records: words.number(&count.records.to_string()).unwrap_or_default(),
        turtle: download(&count.graph, "ttl"),
        triples: download(&count.graph, "nt"),
    });
    let rows = rows.collect();
    let base = app.base.as_str();
    let exported = app.publication.as_ref().and_then(crate::publish::Publication::exported);
    let files = exported.as_deref().map_or(&[][..], |export| &export.files);
    frame.structured.push(super::structured::dataset(&frame, files));
    frame.structured.push(serde_json::json!({
        "@type": "DataCatalog",
        "name": words.node,
        "url": frame.canonical(),
        "dataset": sources.iter().map(|count| serde_json::json!({
            "@type": "Dataset",
            "@id": encode(&count.graph),
            "name": count.name,
            "description": words.is_graph,
            "license": crate::vocab::LICENCE_CC_BY,
            "isAccessibleForFree": true,
        })).collect::<Vec<_>>(),
    }));
    let queries = app.catalogue.iter().map(|query| {
        let text = query.summary.get(reader.language);
        Anchor::new(frame.at(&format!("/q/{}", query.name)), text)
    });
    let page = DataPage {
        words,
        interfaces: examples.into_iter().map(|example| shown(base, reader, example)).collect(),
        openapi: format!("{}/openapi.json", frame.root),
        sources: rows,
        queries: queries.collect(),
        frame: &frame,
    };
    html(&page, reader.language)
}

fn shown(base: &str, reader: Reader, example: Example) -> InterfacePart {
    let [title, audience, hint] = example.interface.told(reader.language);
    let accept = match example.interface.accept {
        "" => String::new(),
        accept => format!(" -H 'Accept: {accept}'"),
    };
    let address = format!("{base}{}", example.path);
    InterfacePart {
        name: example.interface.name,
        title,
        audience,
        hint,
        command: format!("curl '{address}'{accept}"),
        address,
        outcome: format!("{} · {}", example.status, example.media_type),
        text: example.text,
        is_cut: example.is_cut,
    }
}
