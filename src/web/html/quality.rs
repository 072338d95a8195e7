//! The pages on quality: how complete the records of each source are, and which of them are kept
//! back or lack something, with what to do. Counts nothing itself.

use super::about::{named, questions};
use super::entity::Pager;
use super::frame::{Anchor, Frame, html};
use crate::app::App;
use crate::overview::SourceQuality;
use crate::publish::Faulty;
use crate::schema::Severity;
use crate::web::address::{Document, page};
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::Words;
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

/// Where the records are listed.
const RECORDS: &str = "/qualita/schede";

/// The rows of the page on quality.
struct QualityRow {
    source: Anchor,
    experiences: String,
    /// The list of its records that are kept back or lack something, and how many these are.
    faulty: Anchor,
    share: u64,
    fresh: u64,
    newest: String,
    having: Vec<u64>,
}

#[derive(Template)]
#[template(path = "quality.html")]
struct QualityPage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    rows: Vec<QualityRow>,
    total: u64,
    counted: bool,
    questions: Vec<Anchor>,
    /// The records of every source that are kept back or lack something.
    all: Anchor,
    /// The same as CSV.
    table: String,
}

/// Renders how good the records of each source are.
pub fn quality_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    sources: &[(String, SourceQuality)],
    faulty: &[(String, u64, u64)],
    counted: bool,
) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let mut frame = Frame::new(app, reader, uri, words.about.quality.to_owned());
    frame.describe(words.about.quality_intro);
    let records = |graph: &str| {
        let found = faulty.iter().find(|(source, ..)| source == graph);
        let count = found.map_or(0, |(_, kept_back, others)| kept_back + others);
        let source = app.base.source_of(graph).unwrap_or_default();
        let text = words.number(&count.to_string()).unwrap_or_default();
        Anchor::new(frame.at(&format!("{RECORDS}?source={source}")), text)
    };
    let rows = sources.iter().map(|(name, of)| QualityRow {
        source: named(&frame, &of.graph, name),
        faulty: records(&of.graph),
        experiences: words.number(&of.experiences.to_string()).unwrap_or_default(),
        share: of.share(),
        fresh: (of.fresh * 100).checked_div(of.experiences).unwrap_or(0),
        newest: of.newest.as_deref().and_then(|date| words.date(date)).unwrap_or_default(),
        having: of.having.iter().map(|n| n * 100 / of.experiences.max(1)).collect(),
    });
    let names = ["schede-da-aggiornare", "vuoti-di-copertura", "evidenza-per-tema"];
    let page = QualityPage {
        words,
        rows: rows.collect(),
        total: sources.iter().map(|(_, of)| of.experiences).sum(),
        counted,
        questions: questions(app, &frame, &names),
        all: Anchor::new(frame.at(RECORDS), words.about.faulty),
        table: format!("{}/quality?format=csv", frame.root),
        frame: &frame,
    };
    html(&page, reader.language)
}

/// One record with what is to be done.
struct FaultyRow {
    record: Anchor,
    /// Where every statement of it is shown.
    mend: String,
    source: Anchor,
    is_kept_back: bool,
    findings: Vec<FindingRow>,
}

struct FindingRow {
    is_grave: bool,
    property: String,
    message: String,
}

#[derive(Template)]
#[template(path = "faulty.html")]
struct FaultyPage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    kept_back: String,
    others: String,
    rows: Vec<FaultyRow>,
    pager: Pager,
    table: String,
}

/// A part of the records that are kept back or lack something, each with its name and its source's.
pub struct FaultyPart {
    pub records: Vec<(Faulty, String, String)>,
    /// The source asked for.
    pub source: Option<String>,
    pub kept_back: u64,
    pub others: u64,
    pub page: u64,
    pub pages: u64,
}

/// Renders the records that are kept back or lack something.
pub fn faulty_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    part: &FaultyPart,
) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let mut frame = Frame::new(app, reader, uri, words.about.faulty.to_owned());
    frame.crumb(frame.at("/qualita"), words.about.quality);
    frame.describe(words.about.faulty_intro);
    let asked = part.source.as_ref().map_or_else(String::new, |source| format!("source={source}"));
    let address = |page: u64| {
        let joint = if asked.is_empty() { "" } else { "&" };
        frame.at(&format!("{RECORDS}?{asked}{joint}page={page}"))
    };
    let rows = part.records.iter().map(|(faulty, name, source)| FaultyRow {
        record: Anchor::new(page(&app.base, &faulty.record, reader), name),
        mend: frame.at(&Document::about(&app.base, &faulty.record).any(&app.base)),
        source: named(&frame, &faulty.graph, source),
        is_kept_back: faulty.is_kept_back,
        findings: faulty
            .findings
            .iter()
            .filter(|finding| finding.severity != Severity::Info)
            .map(|finding| FindingRow {
                is_grave: finding.severity == Severity::Violation,
                property: finding.name.get(reader.language).to_owned(),
                message: finding.message.get(reader.language).to_owned(),
            })
            .collect(),
    });
    let number = |n: u64| words.number(&n.to_string()).unwrap_or_default();
    let shown = FaultyPage {
        words,
        kept_back: number(part.kept_back),
        others: number(part.others),
        rows: rows.collect(),
        pager: Pager {
            words,
            label: words.about.faulty.to_owned(),
            page: part.page,
            pages: part.pages,
            previous: (part.page > 1).then(|| address(part.page - 1)),
            next: (part.page < part.pages).then(|| address(part.page + 1)),
        },
        table: format!("{}/quality?format=csv&{asked}", frame.root),
        frame: &frame,
    };
    html(&shown, reader.language)
}
