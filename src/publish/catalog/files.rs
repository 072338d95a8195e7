//! The forms in which a dataset is had: exported files, SPARQL, the change stream.
//! Knows what was exported, nothing of how.

use super::build::Build;
use super::facts::Span;
use super::graph::Names;
use crate::publish::export::{File, Part};
use crate::vocab::{GZIP, dcat, dct, spdx};
use oxigraph::model::vocab::{rdf, xsd};

/// A dataset about to be described.
pub struct Draft {
    pub slug: String,
    pub span: Span,
    /// Which of the shipped models gives its words, and the words these have places for.
    pub model: Option<&'static str>,
    pub names: Names,
    /// The agent it belongs to; the publisher where absent.
    pub owner: Option<String>,
    /// The first and the last day it is about, where that is known.
    pub period: Option<(String, String)>,
    pub series: Option<String>,
    /// What its files hold, each with what is added to the name of the form.
    pub parts: Vec<(String, Part)>,
    /// Where its changes can be followed.
    pub stream: Option<String>,
}

impl Draft {
    /// A dataset of which nothing but its name and its moments is known yet.
    pub fn of(slug: &str, span: Span) -> Self {
        Self {
            slug: slug.to_owned(),
            span,
            model: None,
            names: Names::new(),
            owner: None,
            period: None,
            series: None,
            parts: Vec::new(),
            stream: None,
        }
    }

    /// The words for the places in its model.
    pub fn words(&self) -> [(&'static str, &Names); 2] {
        [("nome", &self.names), ("anno", &self.names)]
    }
}

/// Describes every form of a dataset. There is always one: SPARQL answers before anything was
/// exported.
pub fn distributions(build: &mut Build<'_>, draft: &Draft, dataset: &str) {
    let titles = build.titles(dataset);
    let modified = draft.span.last.as_str();
    form(build, dataset, "sparql", "sparql", &titles, modified);
    if let Some(stream) = &draft.stream {
        let iri = form(build, dataset, "ldes", "ldes", &titles, modified);
        let address = build.parts.base.join(stream);
        build.graph.link(&iri, dcat::ACCESS_URL, &address);
    }
    let Some(export) = build.parts.export else { return };
    for (suffix, part) in &draft.parts {
        for one in export.of(part) {
            let plain = one.name.strip_suffix(".gz").unwrap_or(&one.name);
            let extension = plain.rsplit('.').next().unwrap_or(plain);
            let name = format!("{extension}{suffix}");
            let iri = form(build, dataset, extension, &name, &titles, &export.at);
            file(build, one, &iri);
        }
    }
}

/// What is said of any form: the words of its model, licence, moment.
fn form(
    build: &mut Build<'_>,
    dataset: &str,
    model: &str,
    name: &str,
    titles: &Names,
    modified: &str,
) -> String {
    let iri = format!("{dataset}/{name}");
    build.graph.link(dataset, dcat::DISTRIBUTION, &iri);
    if !build.like(&iri, model, &[("titolo", titles)]) {
        tracing::warn!(form = model, "the catalogue has no words for files of the form {model}");
    }
    build.like(&iri, "distribution", &[]);
    build.graph.link(&iri, dct::LICENSE, &build.parts.who.licence);
    build.typed(&iri, dct::MODIFIED, modified, xsd::DATE_TIME);
    iri
}

/// Where a file is, how large, and what proves that it came whole.
fn file(build: &mut Build<'_>, file: &File, iri: &str) {
    let address = build.parts.base.join(&format!("/dump/{}", file.name));
    build.graph.link(iri, dcat::ACCESS_URL, &address);
    build.graph.link(iri, dcat::DOWNLOAD_URL, &address);
    build.typed(iri, dcat::BYTE_SIZE, &file.bytes.to_string(), xsd::NON_NEGATIVE_INTEGER);
    if file.name.ends_with(".gz") {
        build.graph.add(iri, dcat::COMPRESS_FORMAT, GZIP);
    }
    let checksum = format!("{iri}#checksum");
    build.graph.link(iri, spdx::CHECKSUM, &checksum);
    build.graph.add(&checksum, rdf::TYPE, spdx::CHECKSUM_CLASS);
    build.graph.add(&checksum, spdx::ALGORITHM, spdx::SHA_256);
    build.typed(&checksum, spdx::CHECKSUM_VALUE, &file.sha256, xsd::HEX_BINARY);
}
