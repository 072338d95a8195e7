//! The SPARQL page: the form, what came of the query, and the same query as programs. Knows
//! neither how a query is run nor how it is refused with a status.

use super::answer::{AnswerTable, seconds};
use super::frame::{Frame, html};
use super::queries::{Group, groups};
use super::snippets::{Reply, Snippet, snippets};
use crate::app::App;
use crate::federation::Trust;
use crate::media::{GRAPHS, Media, SOLUTIONS};
use crate::query::Plan;
use crate::schema::Language;
use crate::web::error::HttpError;
use crate::web::language::{Reader, tag};
use crate::web::words::{SparqlWords, Words, told};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;
use serde_json::json;

/// The first ten titles, to begin with.
const EXAMPLES: [&str; 2] = [
    include_str!("../../../web/templates/examples/first.it.rq"),
    include_str!("../../../web/templates/examples/first.en.rq"),
];

/// What came of a query.
pub enum Outcome {
    /// There was none.
    Nothing,
    Answer(Box<AnswerTable>),
    Plan(Plan),
    Problem(HttpError),
}

/// A query and what came of it.
pub struct Asked<'a> {
    pub query: Option<&'a str>,
    pub reply: Reply,
    pub outcome: Outcome,
    /// The name of its short address, where it was asked for by that.
    pub short: Option<&'a str>,
}

impl Asked<'_> {
    /// A page on which nothing was asked yet.
    pub fn nothing() -> Self {
        Self { query: None, reply: Reply::Rows, outcome: Outcome::Nothing, short: None }
    }
}

#[derive(Template)]
#[template(path = "sparql.html")]
struct Page<'a> {
    frame: Frame<'a>,
    own: &'static SparqlWords,
    query: &'a str,
    answer: Option<AnswerTable>,
    plan: Option<PlanTable>,
    problem: Option<ProblemBox>,
    short: Option<String>,
    formats: Vec<Media>,
    snippets: Vec<Snippet>,
    groups: Vec<Group>,
    limits: String,
    /// What scripts are told.
    settings: String,
    /// Whether other nodes can be asked too.
    any: bool,
}

struct PlanTable {
    whole: String,
    rows: Vec<PlanRow>,
}

struct PlanRow {
    level: usize,
    operation: String,
    rows: String,
    time: String,
    share: u64,
}

/// An error as a page shows it.
pub struct ProblemBox {
    pub text: String,
    pub detail: String,
}

/// The page of a query, or of none.
pub fn sparql_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    asked: Asked<'_>,
) -> Result<Response, HttpError> {
    let own = SparqlWords::of(reader.language);
    let words = Words::of(reader.language);
    let mut frame = Frame::new(app, reader, uri, own.title.to_owned());
    frame.describe(own.lead);
    frame.stands_for("/sparql");
    frame.is_hidden = asked.query.is_some();
    frame.scripts.push("sparql.js");
    frame.styles.push("sparql.css");
    let query = asked.query.unwrap_or(EXAMPLES[usize::from(reader.language == Language::English)]);
    let formats: &[Media] = if asked.reply == Reply::Graph { &GRAPHS[..4] } else { &SOLUTIONS };
    let limit = app.settings.query_timeout().as_secs_f64();
    let (mut answer, mut plan, mut problem) = (None, None, None);
    let mut status = None;
    match asked.outcome {
        Outcome::Nothing => {}
        Outcome::Answer(table) => answer = Some(*table),
        Outcome::Plan(found) => plan = Some(plan_table(own, words, &found)),
        Outcome::Problem(error) => {
            status = Some(error.status());
            problem = Some(problem_box(own, &error));
        }
    }
    let page = Page {
        own,
        answer,
        plan,
        problem,
        short: asked.short.map(|name| app.base.join(&format!("/s/{name}"))),
        formats: formats.to_vec(),
        snippets: snippets(&app.base.join("/sparql"), query, asked.reply),
        groups: groups(app, &frame),
        limits: told(
            own.help_limits,
            &[("seconds", words.number(&limit.to_string()).unwrap_or_default())],
        ),
        settings: settings(&frame, own),
        any: app.peers.any(Trust::Query),
        query,
        frame,
    };
    let mut response = html(&page, reader.language)?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

/// What scripts are told, as JSON that can stand in a script element.
fn settings(frame: &Frame<'_>, own: &SparqlWords) -> String {
    let settings = json!({
        "endpoint": format!("{}/sparql", frame.root),
        "page": frame.at("/sparql"),
        "language": tag(frame.reader.language),
        "words": own,
    });
    settings.to_string().replace('<', "\\u003c")
}

fn plan_table(own: &SparqlWords, words: &Words, plan: &Plan) -> PlanTable {
    let number = |number: u64| words.number(&number.to_string()).unwrap_or_default();
    let text = if plan.complete { own.plan_whole } else { own.plan_broken };
    let whole = told(
        text,
        &[
            ("rows", number(plan.rows)),
            ("seconds", seconds(words, plan.seconds)),
            ("planning", seconds(words, plan.planning)),
        ],
    );
    let longest = plan.stages.iter().map(|stage| stage.seconds).fold(f64::EPSILON, f64::max);
    let row = |stage: &crate::query::Stage| PlanRow {
        level: stage.level.min(12),
        operation: stage.operation.clone(),
        rows: number(stage.rows),
        time: words.number(&format!("{:.2}", stage.seconds * 1000.0)).unwrap_or_default(),
        share: (stage.seconds / longest * 100.0).clamp(0.0, 100.0) as u64,
    };
    PlanTable { whole, rows: plan.stages.iter().map(row).collect() }
}

/// An error in the reader's language, with the machine's own words beside.
pub fn problem_box(own: &SparqlWords, error: &HttpError) -> ProblemBox {
    let text = match error {
        HttpError::Syntax(_, fault) => {
            let text = match (&fault.reason, fault.found.as_str()) {
                (Some(_), _) => own.problem_reason,
                (None, "") => own.problem_end,
                (None, _) => own.problem_at,
            };
            told(
                text,
                &[
                    ("line", fault.line.to_string()),
                    ("column", fault.column.to_string()),
                    ("found", fault.found.clone()),
                ],
            )
        }
        HttpError::TimedOut(_) => own.problem_time.to_owned(),
        HttpError::Busy => own.problem_busy.to_owned(),
        HttpError::BadRequest(detail) if detail.contains("not SPARQL") => {
            own.problem_syntax.to_owned()
        }
        _ => own.problem_other.to_owned(),
    };
    ProblemBox { text, detail: error.to_string() }
}
