//! `/explain`: why a statement is there, for programs as JSON and for people as a page.

use crate::entity::Labels;
use crate::infer::{Explanation, InferError};
use crate::iri::absolute;
use crate::media::{HTML, Media, RESULTS_JSON};
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, format, wait_for_seq};
use crate::web::html::explain_page;
use crate::web::represent::Request;
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use oxigraph::model::{Quad, Term, Triple};
use serde_json::{Value, json};
use std::str::FromStr;

/// The same explanation for a program.
const JSON: Media = Media { names: &["application/json"], ..RESULTS_JSON };

/// The sources that state a statement, and the rules that infer it, each with its facts.
#[utoipa::path(get, path = "/explain", tag = "data",
    params(("subject" = String, Query, description = "An IRI"), ("predicate" = String, Query, description = "An IRI"),
        ("object" = String, Query, description = "An IRI, or a literal as in N-Triples: \"text\"@it"),
        ("format" = Option<String>, Query, description = "json or html"), ("lang" = Option<String>, Query, description = "it or en")),
    responses((status = 200, description = "Who states it and what infers it"), (status = 400), (status = 406), (status = 404, description = "Nobody states it and no rule infers it")))]
pub async fn explain(request: Request) -> Result<Response, HttpError> {
    let Request { app, headers, parameters, uri, reader, .. } = request;
    let media = format(&parameters, &headers, &[JSON, HTML])?;
    wait_for_seq(&parameters, &app).await?;
    let statement = statement(&parameters)?;
    let missing = HttpError::NotFound(statement.to_string());
    let Some(inference) = app.inference.clone() else { return Err(missing) };
    let work = move || {
        let explanation = inference.explain(&statement)?;
        if explanation.stated_in.is_empty() && explanation.inferred.is_empty() {
            return Err(missing);
        }
        if media == HTML {
            let labels =
                Labels::new(app.dataset.read().0, reader.language, app.memory.of(&app.dataset));
            return explain_page(&app, reader, &uri, &statement, &explanation, &labels);
        }
        let vary = [(header::VARY, "Accept")];
        Ok((vary, Json(told(&statement, &explanation))).into_response())
    };
    tokio::task::spawn_blocking(work).await.map_err(InferError::from)?
}

fn statement(parameters: &Parameters) -> Result<Triple, HttpError> {
    let need = |name: &str| {
        parameters.one(name)?.ok_or_else(|| {
            HttpError::BadRequest(format!("add {name}=…; subject, predicate and object are needed"))
        })
    };
    let (subject, predicate) = (absolute(&need("subject")?)?, absolute(&need("predicate")?)?);
    let object = need("object")?;
    let object = if object.starts_with('"') {
        let wrong = |_| HttpError::BadRequest(format!("{object} is no literal of N-Triples"));
        Term::from_str(&object).map_err(wrong)?
    } else {
        absolute(&object)?.into()
    };
    Ok(Triple::new(subject, predicate, object))
}

fn told(statement: &Triple, explanation: &Explanation) -> Value {
    let inferred: Vec<Value> = explanation
        .inferred
        .iter()
        .map(|reasoning| {
            json!({
                "rule": reasoning.rule,
                "summary": reasoning.summary,
                "description": reasoning.description,
                "facts": reasoning.facts.iter().map(fact).collect::<Vec<_>>(),
                "absent": reasoning.absent,
            })
        })
        .collect();
    let stated: Vec<String> = explanation.stated_in.iter().map(ToString::to_string).collect();
    json!({ "statement": statement.to_string(), "stated_in": stated, "inferred": inferred })
}

fn fact(fact: &Quad) -> Value {
    json!({
        "subject": fact.subject.to_string(),
        "predicate": fact.predicate.to_string(),
        "object": fact.object.to_string(),
        "graph": fact.graph_name.to_string(),
    })
}
