//! How good the records of each source are; which of them are kept back or lack something, as pages
//! and as data.

use super::about::source_name;
use crate::app::App;
use crate::entity::Labels;
use crate::media::{HTML, Kind, Media};
use crate::overview::{Facts, quality as count_quality};
use crate::publish::{Faulty, Publication, PublishError};
use crate::schema::Severity;
use crate::web::address::encode;
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, format, published};
use crate::web::found::RESULTS;
use crate::web::html::{FaultyPart, faulty_page, quality_page};
use crate::web::language::Reader;
use crate::web::represent::page_number;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::{Value, json};

/// So many records stand on a page.
const PAGE: u64 = 100;
/// So many are read at once for the table.
const LINES: u64 = 1000;
/// How the list can be had; CSV is whole, JSON and the pages for people come a hundred at a time.
const OFFERS: [Media; 3] = [RESULTS[0], RESULTS[2], HTML];
const COLUMNS: [&str; 10] = [
    "source",
    "record",
    "page",
    "published",
    "seq",
    "severity",
    "property",
    "value",
    "message_it",
    "message_en",
];

/// How good the records of each source are.
pub async fn quality(
    State(app): State<App>,
    uri: Uri,
    reader: Reader,
) -> Result<Response, HttpError> {
    let today = jiff::Timestamp::now().to_string();
    let day = today.get(..10).unwrap_or(&today).to_owned();
    let own = app.clone();
    let version = format!("{day} {}", app.dataset.version());
    let count = move |stop| {
        let (store, _) = own.dataset.read();
        let labels = Labels::new(store, reader.language, own.memory.of(&own.dataset));
        count_quality(&Facts { store, labels: &labels }, &day, &stop)
    };
    let counted = app.quality.of(version, count).await;
    let faulty = match &app.publication {
        Some(publication) => publication.faulty_counts().await?,
        None => [].into(),
    };
    super::search::blocking(move || {
        let labels =
            Labels::new(app.dataset.read().0, reader.language, app.memory.of(&app.dataset));
        let sources = counted.as_deref().into_iter().flatten().cloned();
        let sources =
            sources.map(|source| Ok((source_name(&app, reader, &labels, &source.graph)?, source)));
        let mut sources = sources.collect::<Result<Vec<_>, HttpError>>()?;
        sources.sort_by_cached_key(|(name, _)| name.to_lowercase());
        quality_page(&app, reader, &uri, &sources, &faulty, counted.is_some())
    })
    .await
}

/// The records that are kept back or lack something, for people.
pub async fn page(
    State(app): State<App>,
    uri: Uri,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    let asked = Asked::read(&app, &parameters).await?;
    let (kept_back, others) = asked.counts().await?;
    let pages = (kept_back + others).div_ceil(PAGE).max(1);
    asked.within(pages)?;
    let records = asked.records((asked.page - 1) * PAGE).await?;
    super::search::blocking(move || {
        let labels =
            Labels::new(app.dataset.read().0, reader.language, app.memory.of(&app.dataset));
        let records = records.into_iter().map(|faulty| {
            let name = labels.link(&faulty.record)?.label.text;
            let source = source_name(&app, reader, &labels, &faulty.graph)?;
            Ok((faulty, name, source))
        });
        let records = records.collect::<Result<Vec<_>, HttpError>>()?;
        let (source, page) = (asked.source, asked.page);
        let part = FaultyPart { records, source, kept_back, others, page, pages };
        faulty_page(&app, reader, &uri, &part)
    })
    .await
}

/// The same as data.
#[utoipa::path(get, path = "/quality", tag = "data",
    params(("source" = Option<String>, Query, description = "The name of a source graph"), ("page" = Option<u64>, Query, description = "Of JSON; CSV is whole"), ("format" = Option<String>, Query, description = "json, csv or html"), ("min-seq" = Option<u64>, Query)),
    responses((status = 200, description = "Records that are kept back or lack something, and why"), (status = 303, description = "The page for people"), (status = 400), (status = 404)))]
pub async fn data(
    State(app): State<App>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, HttpError> {
    let media = format(&parameters, &headers, &OFFERS)?;
    let asked = Asked::read(&app, &parameters).await?;
    let (kept_back, others) = asked.counts().await?;
    let vary = (header::VARY, "Accept");
    if media.kind == Kind::Html {
        let of = asked.source.map_or_else(String::new, |source| format!("?source={source}"));
        let page = app.base.join(&format!("/qualita/schede{of}"));
        return Ok((StatusCode::SEE_OTHER, [vary, (header::LOCATION, &page)]).into_response());
    }
    let tell = [vary, (header::CONTENT_TYPE, media.content_type)];
    if media.extension == "csv" {
        return Ok((tell, asked.table()).into_response());
    }
    let pages = (kept_back + others).div_ceil(PAGE).max(1);
    asked.within(pages)?;
    let records = asked.records((asked.page - 1) * PAGE).await?;
    let of = asked.source.as_ref().map_or_else(String::new, |source| format!("source={source}&"));
    let next = (asked.page < pages)
        .then(|| app.base.join(&format!("/quality?{of}page={}", asked.page + 1)));
    let answer = json!({
        "seq": asked.publication.through(),
        "kept_back": kept_back,
        "others": others,
        "records": records.iter().map(|faulty| told(&asked.publication, faulty)).collect::<Vec<_>>(),
        "next": next,
    });
    Ok((tell, Json(answer)).into_response())
}

/// What was asked for.
struct Asked {
    publication: Publication,
    source: Option<String>,
    graph: Option<String>,
    page: u64,
}

impl Asked {
    async fn read(app: &App, parameters: &Parameters) -> Result<Self, HttpError> {
        let publication = published(parameters, app).await?;
        let source = parameters.one("source")?.filter(|source| !source.is_empty());
        if let Some(source) = &source {
            crate::iri::source_name(source)?;
        }
        let graph = source.as_ref().map(|source| app.base.graph(source).into_string());
        Ok(Self { publication, source, graph, page: page_number(parameters.one("page")?)? })
    }

    async fn counts(&self) -> Result<(u64, u64), HttpError> {
        let mut sum = (0, 0);
        for (graph, kept_back, others) in self.publication.faulty_counts().await?.iter() {
            if self.graph.as_ref().is_none_or(|asked| asked == graph) {
                sum = (sum.0 + kept_back, sum.1 + others);
            }
        }
        Ok(sum)
    }

    async fn records(&self, offset: u64) -> Result<Vec<Faulty>, PublishError> {
        self.publication.faulty(self.graph.as_deref(), offset, PAGE).await
    }

    fn within(&self, pages: u64) -> Result<(), HttpError> {
        let beyond = || HttpError::NotFound(format!("page {} of {pages}", self.page));
        (self.page <= pages).then_some(()).ok_or_else(beyond)
    }

    /// The whole list as CSV, read as it is sent: those kept back, then the others.
    fn table(self) -> Body {
        let start = Next::Heading;
        Body::from_stream(stream::try_unfold((self, start), |(asked, next)| async move {
            let (is_kept_back, number) = match next {
                Next::Heading => {
                    let heading = rows([COLUMNS.map(str::to_owned)])?;
                    return Ok::<_, HttpError>(Some((heading, (asked, Next::After(true, 0)))));
                }
                Next::After(is_kept_back, number) => (is_kept_back, number),
                Next::Nothing => return Ok(None),
            };
            let graph = asked.graph.as_deref();
            let records =
                asked.publication.faulty_after(graph, is_kept_back, number, LINES).await?;
            let lines = records.iter().flat_map(|faulty| lines(&asked.publication, faulty));
            let next = match records.last() {
                Some(last) => Next::After(is_kept_back, last.number),
                None if is_kept_back => Next::After(false, 0),
                None => Next::Nothing,
            };
            Ok(Some((rows(lines)?, (asked, next))))
        }))
    }
}

/// What of the table is still to be read.
enum Next {
    Heading,
    /// Records that are kept back or others, after one.
    After(bool, i64),
    Nothing,
}

fn rows(lines: impl IntoIterator<Item = [String; COLUMNS.len()]>) -> Result<Vec<u8>, HttpError> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for line in lines {
        table.write_record(line).map_err(|error| HttpError::Internal(error.into()))?;
    }
    table.into_inner().map_err(|error| HttpError::Internal(error.into_error().into()))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Violation => "violation",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// A row for each finding of a record.
fn lines<'a>(
    publication: &'a Publication,
    faulty: &'a Faulty,
) -> impl Iterator<Item = [String; COLUMNS.len()]> + 'a {
    faulty.findings.iter().map(move |finding| {
        [
            publication.base().source_of(&faulty.graph).unwrap_or(&faulty.graph).to_owned(),
            faulty.record.clone(),
            mend(publication, faulty),
            (!faulty.is_kept_back).to_string(),
            faulty.seq.to_string(),
            severity(finding.severity).to_owned(),
            finding.path.clone().unwrap_or_default(),
            finding.value.clone().unwrap_or_default(),
            finding.message.it.clone(),
            finding.message.en.clone(),
        ]
    })
}

fn told(publication: &Publication, faulty: &Faulty) -> Value {
    let findings = faulty.findings.iter().map(|finding| {
        json!({
            "severity": severity(finding.severity),
            "focus": finding.focus,
            "property": finding.path,
            "name": finding.name,
            "value": finding.value,
            "message": finding.message,
        })
    });
    json!({
        "record": faulty.record,
        "source": faulty.graph,
        "page": mend(publication, faulty),
        "published": !faulty.is_kept_back,
        "seq": faulty.seq,
        "findings": findings.collect::<Vec<_>>(),
    })
}

/// Where every statement of a record is shown, with who may mend it.
fn mend(publication: &Publication, faulty: &Faulty) -> String {
    let base = publication.base();
    let path = faulty.record.strip_prefix(&base.id()).unwrap_or(&faulty.record);
    encode(&base.join(&format!("/doc/{path}")))
}
