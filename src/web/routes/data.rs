//! `/dati`: every interface with a request that this node is asked while the page is written, so that
//! what stands there is what it answers.

use super::about::source_name;
use crate::app::App;
use crate::entity::Labels;
use crate::web::error::HttpError;
use crate::web::html::{Example, SourceCount, data_page};
use crate::web::language::Reader;
use crate::web::words::{INTERFACES, Interface};
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Uri, header};
use axum::response::Response;
use axum::{Extension, Router};
use futures::future::join_all;
use http_body_util::BodyExt;
use std::time::Duration;
use tower::ServiceExt;

/// So much of an answer is shown, in lines and in bytes.
const LINES: usize = 12;
const BYTES: usize = 1_600;
/// How long an example may take; it is shown without an answer then.
const PATIENCE: Duration = Duration::from_secs(5);

/// The node's own routes, for asking them what somebody outside would get.
#[derive(Clone)]
pub struct Inside(pub Router);

/// The interfaces, the sources, the questions.
pub async fn page(
    State(app): State<App>,
    Extension(inside): Extension<Inside>,
    uri: Uri,
    reader: Reader,
) -> Result<Response, HttpError> {
    let sources = app.dataset.log().sources().await?;
    let examples = INTERFACES.iter().map(|interface| example(&app, &inside, interface));
    let examples = join_all(examples).await;
    super::search::blocking(move || {
        let labels =
            Labels::new(app.dataset.read().0, reader.language, app.memory.of(&app.dataset));
        let sources = sources.into_iter().map(|(graph, records)| {
            let name = source_name(&app, reader, &labels, &graph)?;
            Ok(SourceCount { name, graph, records })
        });
        let mut sources = sources.collect::<Result<Vec<_>, HttpError>>()?;
        sources.sort_by_cached_key(|source| source.name.to_lowercase());
        data_page(&app, reader, &uri, &sources, examples)
    })
    .await
}

/// Asks for what shows an interface, and reads the beginning of the answer.
async fn example(app: &App, inside: &Inside, interface: &'static Interface) -> Example {
    let path = interface.path.replace("{graph}", app.base.graph("territory").as_str());
    let mut example = Example {
        interface,
        path,
        status: 503,
        media_type: String::new(),
        text: String::new(),
        is_cut: false,
    };
    let mut request = Request::get(&example.path);
    if !interface.accept.is_empty() {
        request = request.header(header::ACCEPT, interface.accept);
    }
    let Ok(request) = request.body(Body::empty()) else { return example };
    let answered = tokio::time::timeout(PATIENCE, inside.0.clone().oneshot(request));
    let Ok(Ok(response)) = answered.await else { return example };
    example.status = response.status().as_u16();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    example.media_type = kind.unwrap_or_default().to_owned();
    let (text, is_whole) = beginning(response.into_body()).await;
    let lines: Vec<&str> = text.lines().collect();
    example.is_cut = !is_whole || lines.len() > LINES;
    example.text = lines[..lines.len().min(LINES)].join("\n");
    example
}

/// The first bytes of a body as text, and whether they are all of it.
async fn beginning(mut body: Body) -> (String, bool) {
    let mut bytes = Vec::new();
    while bytes.len() <= BYTES {
        match tokio::time::timeout(PATIENCE, body.frame()).await {
            Ok(Some(Ok(frame))) => bytes.extend(frame.data_ref().into_iter().flatten()),
            Ok(None) => return (String::from_utf8_lossy(&bytes).into_owned(), true),
            Ok(Some(Err(_))) | Err(_) => break,
        }
    }
    let whole = String::from_utf8_lossy(&bytes);
    (whole.chars().take(BYTES).collect(), false)
}
