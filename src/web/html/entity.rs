//! The page about one resource: everything its description and its view hold.

use super::frame::{Anchor, Frame, html};
use super::search::{AlikePart, alike};
use super::value::{NodePart, Parts, is_web};
use crate::app::App;
use crate::entity::{Description, Inverse, Part, View};
use crate::iri::Base;
use crate::media::{DESCRIPTIONS, Media};
use crate::search::Alike;
use crate::store::Version;
use crate::web::address::{Document, encode, place};
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{SearchWords, Words};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

/// More fragments than this get a list of contents.
const FEW: usize = 3;

#[derive(Template)]
#[template(path = "entity.html")]
struct EntityPage<'a> {
    frame: Frame<'a>,
    words: &'static Words,
    iri: &'a str,
    heading: Anchor,
    classes: Vec<Anchor>,
    part_of: Option<Anchor>,
    original: Option<String>,
    demonstration: bool,
    newest: Option<String>,
    is_graph: bool,
    is_property: bool,
    contents: Vec<Anchor>,
    parts: Vec<SourcePart>,
    inverse: Vec<InversePart>,
    alike: Vec<AlikePart>,
    alike_title: &'static str,
    formats: Vec<Format>,
    versions: Vec<VersionRow>,
}

struct SourcePart {
    source: Anchor,
    nodes: Vec<NodePart>,
}

struct InversePart {
    anchor: String,
    property: Anchor,
    total: String,
    subjects: Vec<Anchor>,
    pager: Pager,
}

/// The way to the pages before and after.
#[derive(Template)]
#[template(path = "pager.html")]
pub struct Pager {
    pub words: &'static Words,
    /// What is being paged.
    pub label: String,
    pub page: u64,
    pub pages: u64,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// A format in which a record can be had.
pub struct Format {
    pub kind: &'static str,
    pub label: &'static str,
    pub address: String,
}

/// A version of a record.
pub struct VersionRow {
    pub seq: u64,
    pub address: Option<String>,
    pub at: String,
    pub when: String,
    pub by: String,
    pub source: String,
    pub note: String,
    pub deleted: bool,
}

/// Renders the page about a resource.
pub fn entity_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    description: &Description,
    view: &View,
    others: &[Alike],
) -> Result<Response, HttpError> {
    let base = &app.base;
    let frame = frame(app, reader, uri, description, view);
    let words = frame.words;
    let document = Document::about(base, &description.iri);
    let iri = description.iri.as_str();
    let here = document.statements(base, reader);
    let parts = source_parts(&frame, &view.parts);
    let page = EntityPage {
        words,
        iri,
        heading: frame.link(&view.link),
        classes: view.classes.iter().map(|class| frame.link(class)).collect(),
        part_of: (description.record() != iri).then(|| {
            let label =
                crate::entity::Label { text: description.record().to_owned(), language: None };
            frame.anchor(crate::web::address::page(base, iri, reader), &label)
        }),
        original: (base.document(iri).is_none() && is_web(iri)).then(|| encode(iri)),
        demonstration: view.demonstration,
        newest: description.version.map(|_| here.clone()),
        is_graph: view.is_graph,
        is_property: view.is_property,
        contents: contents(&parts),
        inverse: view.inverse.iter().map(|group| inverse_part(&frame, &here, group)).collect(),
        alike: alike(&frame, others),
        alike_title: SearchWords::of(reader.language).related,
        formats: formats(base, description, &document),
        versions: versions(&frame, iri, &description.versions),
        parts,
        frame,
    };
    html(&page, reader.language)
}

fn frame<'a>(
    app: &'a App,
    reader: Reader,
    uri: &Uri,
    description: &Description,
    view: &View,
) -> Frame<'a> {
    let mut frame = Frame::new(app, reader, uri, view.link.label.text.clone());
    let path = description.iri.strip_prefix(&app.base.id());
    if let Some((kind, _)) = path.and_then(|path| path.split_once('/'))
        && let Some(name) = frame.words.kind(kind)
    {
        frame.crumb(frame.at(place(kind).unwrap_or("/")), name);
    }
    if let Some(seq) = description.version {
        frame.title = format!("{} – {} {seq}", frame.title, frame.words.version);
    }
    frame
}

fn source_parts(frame: &Frame<'_>, parts: &[Part]) -> Vec<SourcePart> {
    let mut maker = Parts::new(frame);
    parts
        .iter()
        .map(|part| {
            maker.inferred = part.graph == frame.base.inferred().as_str();
            SourcePart {
                source: source(frame, &part.graph),
                nodes: part.nodes.iter().map(|node| maker.node(node, false)).collect(),
            }
        })
        .collect()
}

/// A source graph by the name of its source.
pub fn source(frame: &Frame<'_>, graph: &str) -> Anchor {
    let text = source_name(frame, graph).to_owned();
    let address = Document::of_any(graph).page(frame.base, frame.reader);
    Anchor { address, text, language: None }
}

fn source_name<'g>(frame: &Frame<'_>, graph: &'g str) -> &'g str {
    let name = frame.base.source_of(graph).unwrap_or(graph);
    frame.words.source(name).unwrap_or(name)
}

fn contents(parts: &[SourcePart]) -> Vec<Anchor> {
    let nodes = parts.iter().flat_map(|part| &part.nodes).filter(|node| !node.id.is_empty());
    let contents: Vec<Anchor> = nodes
        .map(|node| Anchor { address: format!("#{}", encode(&node.id)), ..node.link.clone() })
        .collect();
    if contents.len() > FEW { contents } else { Vec::new() }
}

fn inverse_part(frame: &Frame<'_>, here: &str, group: &Inverse) -> InversePart {
    let property = frame.link(&group.property);
    let anchor = format!("da-{}", name_of(&group.property.iri));
    let joint = if here.contains('?') { '&' } else { '?' };
    let name = percent_encoding::utf8_percent_encode(
        &group.property.iri,
        percent_encoding::NON_ALPHANUMERIC,
    );
    let address = |page| format!("{here}{joint}property={name}&page={page}#{anchor}");
    let pager = Pager {
        words: frame.words,
        label: property.text.clone(),
        page: group.page,
        pages: group.pages(),
        previous: (group.page > 1).then(|| address(group.page - 1)),
        next: (group.page < group.pages()).then(|| address(group.page + 1)),
    };
    InversePart {
        total: frame.words.number(&group.total.to_string()).unwrap_or_default(),
        subjects: group.subjects.iter().map(|subject| frame.link(subject)).collect(),
        anchor,
        property,
        pager,
    }
}

/// A moment without the fraction of its second, which HTML takes in three digits at most.
fn whole_second(moment: &str) -> String {
    match moment.split_once('.') {
        Some((second, _)) => format!("{second}Z"),
        None => moment.to_owned(),
    }
}

/// The last part of a property's IRI, fit for an `id`.
fn name_of(iri: &str) -> String {
    let end = iri.rsplit(['#', '/']).next().unwrap_or(iri);
    end.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// The formats of a document in RDF.
pub fn formats(base: &Base, description: &Description, document: &Document) -> Vec<Format> {
    let version =
        description.version.and_then(|seq| Document::version(base, &description.iri, seq));
    let document = version.as_ref().unwrap_or(document);
    DESCRIPTIONS
        .iter()
        .filter(|media| media.extension != "html" && !description.quads.is_empty())
        .map(|media: &Media| Format {
            kind: media.names[0],
            label: media.label,
            address: document.data(base, *media, None),
        })
        .collect()
}

/// The versions of a record, the newest first.
pub fn versions(frame: &Frame<'_>, iri: &str, versions: &[Version]) -> Vec<VersionRow> {
    versions
        .iter()
        .map(|version| VersionRow {
            seq: version.seq,
            address: Document::version(frame.base, iri, version.seq)
                .filter(|_| iri.starts_with(&frame.base.id()) && !iri.contains('#'))
                .map(|document| document.page(frame.base, frame.reader)),
            when: frame.words.date(&version.at).unwrap_or_else(|| version.at.clone()),
            at: whole_second(&version.at),
            by: version.by.clone(),
            source: source_name(frame, &version.graph).to_owned(),
            note: version.note.clone(),
            deleted: version.hash.is_empty(),
        })
        .collect()
}
