//! The forms in which a dataset is had: exported files, SPARQL, the change stream.
//! Knows what was exported, nothing of how.

use super::build::Build;
use super::facts::Span;
use super::graph::Names;
use crate::publish::files::{File, Part};
use crate::vocab::{GZIP, dcat, dct, spdx};
use oxigraph::model::vocab::{rdf, xsd};

/// A dataset about to be described.
pub struct Draft {
    pub slug: String,
    pub span: Span,
    /// Which of the shipped models gives its words, and the words these have places for.
    pub model: Option<&'static str>,
    pub names: Names,
    /// The names as keywords, which have no commas, apostrophes and slashes in the Italian profile.
    pub keywords: Names,
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
            keywords: Names::new(),
            owner: None,
            period: None,
            series: None,
            parts: Vec::new(),
            stream: None,
        }
    }

    /// Calls it by these names, by language.
    pub fn called(&mut self, names: Names) {
        let keyword = |name: &String| {
            let words = name.split([',', '/', '\'', '’']).flat_map(str::split_whitespace);
            words.collect::<Vec<_>>().join(" ")
        };
        self.keywords =
            names.iter().map(|(language, name)| (language.clone(), keyword(name))).collect();
        self.names = names;
    }

    /// The words for the places in its model.
    pub fn words(&self) -> [(&'static str, &Names); 3] {
        [("nome", &self.names), ("chiave", &self.keywords), ("anno", &self.names)]
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

#[cfg(test)]
mod tests {
    use super::super::build::{Build, Parts};
    use super::super::facts::Facts;
    use super::super::graph::Graph;
    use super::super::page::Whole;
    use super::super::profile::Profile;
    use super::super::who::Who;
    use super::*;
    use crate::config::Settings;
    use crate::iri::Base;
    use crate::publish::files::Export;
    use crate::schema;

    const AT: &str = "2026-01-02T03:04:05Z";

    fn file(part: Part, name: &str) -> File {
        let (media_type, sha256) = ("application/n-quads".to_owned(), "ab".repeat(32));
        File { part, name: name.to_owned(), media_type, bytes: 12, sha256, count: 1, records: 1 }
    }

    fn whole(export: Option<&Export>) -> Whole {
        let base = Base::parse("https://n.example").unwrap();
        let shipped: Graph = schema::catalogue(&base).unwrap().into_iter().collect();
        let contact = base.join("/catalog/contact");
        let who = Who::read(&Settings::default(), &shipped, &contact).unwrap();
        let facts = Facts::default();
        let (shipped, who, facts) = (&shipped, &who, &facts);
        let parts = Parts { base: &base, who, shipped, facts, export, since: AT };
        let build = Build::run(parts);
        let modified = build.modified();
        Whole { base: base.clone(), graph: build.graph, datasets: build.datasets, modified }
    }

    fn lines(whole: &Whole) -> Vec<String> {
        let page = whole.page(1, None, Profile::Both).unwrap();
        page.0.triples().map(|triple| triple.to_string()).collect()
    }

    #[track_caller]
    fn says(lines: &[String], subject: &str, rest: &str) {
        let line = format!("<https://n.example/catalog/dataset/{subject}> <{rest}");
        assert!(lines.iter().any(|one| one.starts_with(&line)), "no {line}");
    }

    #[test]
    fn an_exported_file_is_described_with_its_size_and_checksum() {
        let all = file(Part::All, "all.nq.gz");
        let export = Export { seq: 1, at: AT.to_owned(), files: vec![all] };
        let lines = lines(&whole(Some(&export)));
        let dcat = "http://www.w3.org/ns/dcat#";
        says(
            &lines,
            "tutto",
            &format!("{dcat}distribution> <https://n.example/catalog/dataset/tutto/nq>"),
        );
        says(&lines, "tutto/nq", &format!("{dcat}downloadURL> <https://n.example/dump/all.nq.gz>"));
        let size = "byteSize> \"12\"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>";
        says(&lines, "tutto/nq", &format!("{dcat}{size}"));
        says(
            &lines,
            "tutto/nq",
            &format!(
                "{dcat}compressFormat> <http://www.iana.org/assignments/media-types/application/gzip>"
            ),
        );
        says(&lines, "tutto/nq#checksum", "http://spdx.org/rdf/terms#checksumValue> \"abab");
    }

    #[test]
    fn exported_years_are_a_series() {
        let years = [2019, 2021].map(|year| file(Part::Year(year), &format!("anno/{year}.nq.gz")));
        let export = Export { seq: 1, at: AT.to_owned(), files: years.to_vec() };
        let lines = lines(&whole(Some(&export)));
        let series = "http://www.w3.org/ns/dcat#inSeries> \
                      <https://n.example/catalog/dataset/esperienze-per-anno>";
        says(&lines, "esperienze-2019", series);
        says(&lines, "esperienze-2021", series);
        says(
            &lines,
            "esperienze-2021",
            "http://purl.org/dc/terms/title> \"Experiences begun in 2021\"@en",
        );
        says(&lines, "esperienze#periodo", "http://www.w3.org/ns/dcat#startDate> \"2019-01-01\"");
        says(&lines, "esperienze-per-anno", "http://purl.org/dc/terms/title> \"");
    }

    #[test]
    fn before_the_first_export_every_dataset_has_another_form_and_there_is_no_series() {
        let whole = whole(None);
        let lines = lines(&whole);
        for dataset in &whole.datasets {
            let name = dataset.rsplit('/').next().unwrap();
            says(
                &lines,
                name,
                &format!("http://www.w3.org/ns/dcat#distribution> <{dataset}/sparql>"),
            );
        }
        assert!(!lines.iter().any(|line| line.contains("esperienze-per-anno")));
        assert!(!lines.iter().any(|line| line.contains("/modello/") || line.contains('{')));
        assert_eq!(whole.modified, AT);
    }
}
