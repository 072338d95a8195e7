//! `/federazione`: one query over this node and its peers, for people. Errors are shown where the
//! query is, with the status they have.

use super::editor::named;
use super::federation::{options, says};
use super::sparql::check_length;
use crate::app::App;
use crate::federation::{Federated, Kind, Seen};
use crate::query::{Form, form, read};
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, wait_for_seq};
use crate::web::html::{Federation, ROWS, federation_page};
use crate::web::language::Reader;
use axum::extract::State;
use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;

/// The page for a query, run up to as many rows as the page shows, or only planned.
pub async fn page(
    State(app): State<App>,
    uri: Uri,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, HttpError> {
    let peers = app.peers.list().await?;
    let text = parameters.one("query")?.filter(|text| !text.trim().is_empty());
    let mut came = Federation { query: text.as_deref(), ..Federation::default() };
    if let Some(text) = &text {
        // What else they say is told as what is wrong with the query.
        let says = |name, word| says(&parameters, name, word).unwrap_or_default();
        (came.is_partial, came.follows) = (says("partial", "allow"), says("identity", "follow"));
        // What begins so has its page where it comes from; nodes themselves too.
        let nodes = peers.iter().filter(|peer| peer.kind == Kind::FamilyLab);
        let own = app.base.join("/");
        let mut elsewhere: Vec<String> = nodes.map(|peer| format!("{}/", peer.address())).collect();
        elsewhere.retain(|address| !own.starts_with(address.as_str()));
        match run(&app, reader, &parameters, text, elsewhere, &mut came).await {
            Ok(()) => {}
            Err(internal @ HttpError::Internal(_)) => return Err(internal),
            Err(error) => came.problem = Some(error),
        }
    }
    let mut response = federation_page(&app, reader, &uri, &peers, came)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn run(
    app: &App,
    reader: Reader,
    parameters: &Parameters,
    text: &str,
    elsewhere: Vec<String>,
    came: &mut Federation<'_>,
) -> Result<(), HttpError> {
    check_length("query", text, app.settings.query_bytes)?;
    wait_for_seq(parameters, app).await?;
    let query = read(text, Some(&app.base.join("/")))?;
    came.is_graph = matches!(form(&query), Form::Graph);
    let planned = app.federated.plan(&query, options(app, parameters, &query).await?).await?;
    if parameters.one("plan")?.as_deref() == Some("true") {
        came.plan = Some(planned.explain());
        return Ok(());
    }
    let place = app.place().await.ok_or(HttpError::Busy)?;
    // Whoever has enough of waiting ends the query.
    let _stop = planned.stop().drop_guard();
    let seen = tokio::task::spawn_blocking(move || {
        let seen = Federated::show(planned, ROWS);
        drop(place);
        seen
    });
    let Seen { shown, report, explanation } =
        seen.await.map_err(|error| HttpError::Internal(error.into()))?;
    (came.report, came.plan) = (Some(report), Some(explanation));
    let table = named(app, reader, shown?, (1, elsewhere), |_| String::new()).await?;
    came.answer = Some(Box::new(table));
    Ok(())
}
