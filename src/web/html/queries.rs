//! The pages of named queries: the list by subject, and for each a form, its answer, its text.
//! Runs nothing; is given what came of a query.

use super::answer::AnswerTable;
use super::frame::{Anchor, Frame, html};
use crate::app::App;
use crate::media::SOLUTIONS;
use crate::query::{Kind, NamedQuery, Parameter, SUBJECTS};
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{QueryWords, SparqlWords, told};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The queries about one subject.
pub struct Group {
    pub title: String,
    pub queries: Vec<Listed>,
}

/// A query in a list.
pub struct Listed {
    pub link: Anchor,
    pub description: String,
}

#[derive(Template)]
#[template(path = "queries.html")]
struct List<'a> {
    frame: Frame<'a>,
    own: &'static QueryWords,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "query.html")]
struct Page<'a> {
    frame: Frame<'a>,
    own: &'static QueryWords,
    sparql: &'static SparqlWords,
    lead: String,
    fields: Vec<Field>,
    outcome: Outcome,
    downloads: Vec<Anchor>,
    address: String,
    text: String,
    editor: String,
}

/// What came of a named query.
pub enum Outcome {
    Answer(Box<AnswerTable>),
    /// A value must be given first.
    Missing,
    /// The whole catalogue takes longer than a page that nobody asked for may.
    Long,
    Problem(HttpError),
}

/// A thing to pick: its value in an address, and what it is called.
pub struct Choice {
    pub value: String,
    pub iri: String,
    pub text: String,
    /// How deep it lies in its list.
    pub level: usize,
}

/// What can be picked for a parameter.
pub enum Choices {
    /// Nothing is known.
    None,
    /// One of these.
    Closed(Vec<Choice>),
    /// Among others, these.
    Open(Vec<Choice>),
}

struct Field {
    name: String,
    label: String,
    hint: String,
    kind: &'static str,
    value: String,
    required: bool,
    /// The kind of record to suggest.
    among: Option<String>,
    /// Texts, values, and whether each is chosen.
    options: Vec<(String, String, bool)>,
    near: Vec<(String, String)>,
}

/// A named query, the values given, and what came of them.
pub struct Answered<'a> {
    pub query: &'a NamedQuery,
    /// Names and values as they were given.
    pub values: Vec<(String, String)>,
    /// What can be picked for each parameter, in their order.
    pub choices: Vec<Choices>,
    pub outcome: Outcome,
    /// The text with the values in it.
    pub text: String,
}

/// The named queries by subject, in the reader's language.
pub fn groups(app: &App, frame: &Frame<'_>) -> Vec<Group> {
    let language = frame.reader.language;
    let of = |subject| {
        let listed = app.catalogue.iter().filter(move |query| query.subject == subject);
        let mut queries: Vec<Listed> = listed
            .map(|query| Listed {
                link: Anchor::new(
                    frame.at(&format!("/q/{}", query.name)),
                    query.summary.get(language),
                ),
                description: query.description.get(language).to_owned(),
            })
            .collect();
        queries.sort_by(|a, b| a.link.text.cmp(&b.link.text));
        queries
    };
    SUBJECTS
        .into_iter()
        .map(|subject| Group {
            title: subject.label().get(language).to_owned(),
            queries: of(subject),
        })
        .filter(|group| !group.queries.is_empty())
        .collect()
}

/// The list of named queries.
pub fn queries_page(app: &App, reader: Reader, uri: &Uri) -> Result<Response, HttpError> {
    let own = QueryWords::of(reader.language);
    let mut frame = Frame::new(app, reader, uri, own.title.to_owned());
    frame.describe(own.lead);
    frame.styles.push("sparql.css");
    html(&List { own, groups: groups(app, &frame), frame }, reader.language)
}

/// The page of a named query.
pub fn query_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    answered: Answered<'_>,
) -> Result<Response, HttpError> {
    let own = QueryWords::of(reader.language);
    let query = answered.query;
    let mut frame = Frame::new(app, reader, uri, query.summary.get(reader.language).to_owned());
    frame.crumb(frame.at("/q"), own.title);
    frame.describe(query.description.get(reader.language));
    frame.is_hidden = uri.query().is_some();
    frame.styles.push("sparql.css");
    frame.scripts.push("query.js");
    let status = match &answered.outcome {
        Outcome::Problem(error) => Some(error.status()),
        _ => None,
    };
    let parameters: Vec<String> = answered
        .values
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    let address = |more: &str| {
        let mut parts = parameters.clone();
        parts.extend((!more.is_empty()).then(|| more.to_owned()));
        let mark = if parts.is_empty() { "" } else { "?" };
        format!("/q/{}{mark}{}", query.name, parts.join("&"))
    };
    let downloads = SOLUTIONS.iter().map(|media| {
        let path = address(&format!("format={}&download=true", media.extension));
        Anchor::new(format!("{}{path}", frame.root), media.label)
    });
    let fields = query.parameters.iter().zip(&answered.choices);
    let page = Page {
        own,
        sparql: SparqlWords::of(reader.language),
        lead: query.description.get(reader.language).to_owned(),
        fields: fields
            .map(|(parameter, choices)| {
                field(app, reader, own, parameter, choices, &answered.values)
            })
            .collect(),
        downloads: downloads.collect(),
        address: app.base.join(&address("")),
        editor: format!("{}?query={}", frame.at("/sparql"), encoded(&answered.text)),
        text: answered.text,
        outcome: answered.outcome,
        frame,
    };
    let mut response = html(&page, reader.language)?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn field(
    app: &App,
    reader: Reader,
    own: &QueryWords,
    parameter: &Parameter,
    choices: &Choices,
    values: &[(String, String)],
) -> Field {
    let given = values.iter().find(|(name, _)| *name == parameter.name);
    let mut value = given.map_or_else(String::new, |(_, value)| value.trim().to_owned());
    if value.is_empty() && parameter.kind != Kind::String {
        value = parameter.default.clone().unwrap_or_default();
    }
    let iri = app.base.localise(&value).unwrap_or_else(|| value.clone());
    let is_chosen = |choice: &Choice| choice.value == value || choice.iri == iri;
    let text = |choice: &Choice| format!("{}{}", "\u{2003}".repeat(choice.level), choice.text);
    let (mut options, mut near) = (Vec::new(), Vec::new());
    match choices {
        Choices::None => {}
        Choices::Closed(list) => {
            options = list
                .iter()
                .map(|choice| (text(choice), choice.value.clone(), is_chosen(choice)))
                .collect();
        }
        Choices::Open(list) => {
            near = list.iter().map(|choice| (choice.text.clone(), choice.value.clone())).collect();
        }
    }
    // A value that is no entry of its list is written by hand.
    if !value.is_empty() && !options.is_empty() && !options.iter().any(|(.., chosen)| *chosen) {
        options.push((value.clone(), value.clone(), true));
    }
    if value == iri
        && let Some(short) = iri.strip_prefix(&app.base.id())
    {
        value = short.to_owned();
    }
    let takes = match parameter.kind {
        Kind::Iri if options.is_empty() => own.takes_iri,
        Kind::Iri => own.optional,
        Kind::String => own.takes_string,
        Kind::Integer => own.takes_integer,
        Kind::Decimal => own.takes_decimal,
        Kind::Date => own.takes_date,
        Kind::Lang => own.takes_lang,
    };
    let usual = parameter.default.as_ref().filter(|_| parameter.kind == Kind::String);
    let hint = match usual {
        Some(default) => format!("{takes} {}", told(own.usual, &[("value", default.clone())])),
        None => takes.to_owned(),
    };
    let label = parameter.summary.get(reader.language);
    Field {
        label: label.split(own.such_as).next().unwrap_or(label).to_owned(),
        hint,
        kind: match parameter.kind {
            // What does not fit is shown as it was written.
            Kind::Integer if value.is_empty() || value.parse::<i64>().is_ok() => "number",
            Kind::Date if value.is_empty() || value.parse::<jiff::civil::Date>().is_ok() => "date",
            _ => "text",
        },
        name: parameter.name.clone(),
        value,
        required: parameter.required,
        among: parameter.among.clone().filter(|_| options.is_empty()),
        options,
        near,
    }
}
