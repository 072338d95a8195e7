//! The page of a query over several nodes: the form, the answer, what each node gave, the plan.
//! Knows neither how a query is run nor how it is refused with a status.

use super::answer::{AnswerTable, ROWS};
use super::frame::{Anchor, Frame, html};
use super::nodes::Nodes;
use super::sparql::{ProblemBox, problem_box};
use super::steps::PlanPart;
use crate::app::App;
use crate::engine::{Explanation, Report, SourceReport};
use crate::federation::{Peer, Trust};
use crate::media::{GRAPHS, Media, SOLUTIONS};
use crate::schema::Language;
use crate::web::asked::encoded;
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{FederationWords, SparqlWords, StatusWords, told};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

/// The path of the page.
const PATH: &str = "/federazione";
/// Queries to try, by language: how many each has, titles, common themes.
const EXAMPLES: [[&str; 3]; 2] = [
    [
        include_str!("../../../web/templates/examples/nodes.it.rq"),
        include_str!("../../../web/templates/examples/titles.it.rq"),
        include_str!("../../../web/templates/examples/themes.it.rq"),
    ],
    [
        include_str!("../../../web/templates/examples/nodes.en.rq"),
        include_str!("../../../web/templates/examples/titles.en.rq"),
        include_str!("../../../web/templates/examples/themes.en.rq"),
    ],
];

/// A query and what came of it.
#[derive(Default)]
pub struct Federation<'a> {
    pub query: Option<&'a str>,
    /// Whether an answer is wanted that may be wrong.
    pub is_partial: bool,
    /// Whether what it names is also looked for by its other names.
    pub follows: bool,
    /// Whether its answer is a graph.
    pub is_graph: bool,
    pub answer: Option<Box<AnswerTable>>,
    pub report: Option<Report>,
    pub plan: Option<Explanation>,
    pub problem: Option<HttpError>,
}

#[derive(Template)]
#[template(path = "federation.html")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    own: &'static FederationWords,
    sparql: &'static SparqlWords,
    query: &'a str,
    is_partial: bool,
    follows: bool,
    examples: Vec<Anchor>,
    /// Those that may be asked, with their kinds.
    peers: Vec<(Anchor, &'static str)>,
    answer: Option<Box<AnswerTable>>,
    only_first: String,
    report: Option<ReportPart>,
    plan: Option<PlanPart>,
    problem: Option<ProblemBox>,
    /// The same query, for whoever takes what there is.
    anyway: Option<String>,
    formats: Vec<Media>,
}

struct ReportPart {
    is_complete: bool,
    rows: Vec<ReportRow>,
}

struct ReportRow {
    node: Anchor,
    outcome: String,
    /// Why, as the program says it.
    why: String,
    requests: String,
    rows: String,
    ms: String,
}

/// The page of a query, or of none.
pub fn federation_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    peers: &[Peer],
    came: Federation<'_>,
) -> Result<Response, HttpError> {
    let own = FederationWords::of(reader.language);
    let mut frame = Frame::new(app, reader, uri, own.title.to_owned());
    frame.describe(own.lead);
    frame.stands_for(PATH);
    frame.is_hidden = came.query.is_some();
    frame.styles.push("sparql.css");
    let nodes = Nodes::new(&frame, own, peers);
    let examples = EXAMPLES[usize::from(reader.language == Language::English)];
    let address = |pairs: &[(&str, &str)]| {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let pairs: Vec<_> = pairs.iter().map(pair).collect();
        format!("{}?{}", frame.at(PATH), encoded(&pairs))
    };
    let links = own.example_names.iter().zip(examples);
    let links = links.map(|(name, text)| Anchor::new(address(&[("query", text)]), *name));
    let kinds = StatusWords::of(reader.language);
    let asked = peers.iter().filter(|peer| peer.may(Trust::Query));
    let status = came.problem.as_ref().map(HttpError::status);
    let is_missing = matches!(came.problem, Some(HttpError::Missing(..)));
    let page = Page {
        own,
        sparql: SparqlWords::of(reader.language),
        query: came.query.unwrap_or(examples[0]),
        is_partial: came.is_partial,
        follows: came.follows,
        examples: links.collect(),
        peers: asked.map(|peer| (nodes.link(peer.address()), kinds.kind(peer.kind))).collect(),
        answer: came.answer,
        only_first: told(own.only_first, &[("rows", ROWS.to_string())]),
        report: came.report.as_ref().map(|report| report_part(&frame, own, &nodes, report)),
        plan: came
            .plan
            .as_ref()
            .map(|plan| PlanPart::new(&frame, own, &nodes, plan, came.report.as_ref())),
        problem: came.problem.as_ref().map(|error| trouble(reader.language, own, error)),
        anyway: came.query.filter(|_| is_missing).map(|text| {
            let identity = if came.follows { "follow" } else { "" };
            address(&[("query", text), ("partial", "allow"), ("identity", identity)])
        }),
        formats: if came.is_graph { GRAPHS[..4].to_vec() } else { SOLUTIONS.to_vec() },
        frame: &frame,
    };
    let mut response = html(&page, reader.language)?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

fn report_part(
    frame: &Frame<'_>,
    own: &'static FederationWords,
    nodes: &Nodes<'_>,
    report: &Report,
) -> ReportPart {
    let number = |number: u64| frame.words.number(&number.to_string()).unwrap_or_default();
    let row = |source: &SourceReport| {
        let (outcome, why) = match (&source.failed, &source.skipped) {
            (Some(why), _) => (own.failed, why.clone()),
            (None, Some(why)) => (own.skipped, why.clone()),
            (None, None) => (own.answered, String::new()),
        };
        let copy = source.copy.as_deref().filter(|_| source.requests > 0);
        let copy = copy.and_then(|moment| frame.words.date(moment));
        let copy = copy.map(|moment| told(own.copied, &[("moment", moment)]));
        ReportRow {
            node: nodes.link(&source.node),
            outcome: copy.unwrap_or_else(|| outcome.to_owned()),
            why,
            requests: number(source.requests),
            rows: number(source.rows),
            ms: number(source.ms),
        }
    };
    ReportPart { is_complete: report.complete, rows: report.sources.iter().map(row).collect() }
}

/// An error in the reader's language; of a node that is missing, what to do about it.
fn trouble(language: Language, own: &FederationWords, error: &HttpError) -> ProblemBox {
    let mut problem = problem_box(SparqlWords::of(language), error);
    if matches!(error, HttpError::Missing(..)) {
        problem.text = own.problem_missing.to_owned();
    }
    problem
}
