//! What `/sparql` says of itself: the SPARQL 1.1 Service Description, or a page with a form.

use super::sparql::wants_page;
use crate::app::App;
use crate::media::{GRAPHS, Kind, SOLUTIONS};
use crate::store::{GraphError, Mode};
use crate::vocab::{FORMATS, fl, foaf, sd};
use crate::web::error::HttpError;
use crate::web::extract::{Parameters, format};
use crate::web::html;
use crate::web::language::Reader;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use oxigraph::io::RdfSerializer;
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple};

/// The service description in the client's format, or the page for people.
pub fn service(
    app: &App,
    reader: Reader,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Response, HttpError> {
    if wants_page(headers) && !parameters.has("format") {
        return html::sparql_page(
            app,
            reader,
            &Uri::from_static("/sparql"),
            html::Asked::nothing(),
        );
    }
    let media = format(parameters, headers, &GRAPHS)?;
    let Kind::Rdf(syntax) = media.kind else { return Err(HttpError::not_acceptable(&GRAPHS)) };
    let failed = |error: std::io::Error| HttpError::Internal(error.into());
    let wrong = |error: GraphError| HttpError::Internal(error.into());
    let mut writer = RdfSerializer::from_format(syntax);
    for (prefix, namespace) in [("sd", sd::NAMESPACE), ("fl", fl::NAMESPACE)] {
        writer = writer
            .with_prefix(prefix, namespace)
            .map_err(|error| HttpError::Internal(error.into()))?;
    }
    let mut writer = writer.for_writer(Vec::new());
    let mut triples = description(app).map_err(wrong)?;
    triples.extend(extensions(app).map_err(wrong)?);
    for triple in triples {
        writer.serialize_triple(&triple).map_err(failed)?;
    }
    let body = writer.finish().map_err(failed)?;
    let headers = [(header::CONTENT_TYPE, media.content_type), (header::VARY, "Accept")];
    Ok((headers, body).into_response())
}

/// SPARQL 1.1 Service Description, section 3.
fn description(app: &App) -> Result<Vec<Triple>, GraphError> {
    let endpoint = NamedNode::new_unchecked(app.base.join("/sparql"));
    let service = NamedOrBlankNode::from(endpoint.clone());
    let mut triples = Vec::new();
    let mut add = |subject: &NamedOrBlankNode, predicate: NamedNode, object: Term| {
        triples.push(Triple::new(subject.clone(), predicate, object));
    };
    add(&service, rdf::TYPE.into(), sd::SERVICE.into_owned().into());
    add(&service, sd::ENDPOINT.into(), endpoint.into());
    for language in [sd::SPARQL_11_QUERY, sd::SPARQL_11_UPDATE] {
        add(&service, sd::SUPPORTED_LANGUAGE.into(), language.into_owned().into());
    }
    for media in SOLUTIONS.iter().chain(&GRAPHS) {
        if let Some(format) = format_iri(media.kind) {
            add(&service, sd::RESULT_FORMAT.into(), format.into());
        }
    }
    if matches!(app.dataset.mode(), Mode::Node(_)) {
        add(&service, sd::FEATURE.into(), sd::UNION_DEFAULT_GRAPH.into_owned().into());
    }
    let blank = || NamedOrBlankNode::from(BlankNode::default());
    let (dataset, default) = (blank(), blank());
    add(&service, sd::DEFAULT_DATASET.into(), dataset.clone().into());
    add(&dataset, rdf::TYPE.into(), sd::DATASET.into_owned().into());
    add(&dataset, sd::DEFAULT_GRAPH.into(), default.clone().into());
    add(&default, rdf::TYPE.into(), sd::GRAPH.into_owned().into());
    for name in app.dataset.graph().names()? {
        let (named, graph) = (blank(), blank());
        add(&dataset, sd::NAMED_GRAPH.into(), named.clone().into());
        add(&named, rdf::TYPE.into(), sd::NAMED_GRAPH_CLASS.into_owned().into());
        add(&named, sd::NAME.into(), name.into());
        add(&named, sd::GRAPH_OF.into(), graph.clone().into());
        add(&graph, rdf::TYPE.into(), sd::GRAPH.into_owned().into());
    }
    Ok(triples)
}

/// What the node adds to SPARQL: the services that a query may call although it is this node that
/// answers, in the ontology's words. SPARQL 1.1 Service Description, section 3.2.5.
fn extensions(app: &App) -> Result<Vec<Triple>, GraphError> {
    let service = NamedNode::new_unchecked(app.base.join("/sparql"));
    let mut triples = Vec::new();
    for extension in app.services.names() {
        for property in [sd::LANGUAGE_EXTENSION, sd::FEATURE] {
            triples.push(Triple::new(service.clone(), property, extension.clone()));
        }
        triples.push(Triple::new(extension.clone(), rdf::TYPE, sd::FEATURE_CLASS));
        for property in [rdfs::LABEL, rdfs::COMMENT, rdfs::IS_DEFINED_BY] {
            let (store, subject) = (app.dataset.read().0, extension.as_ref());
            for quad in store.quads_for_pattern(Some(subject.into()), Some(property), None, None) {
                triples.push(quad?.into());
            }
        }
        let name = extension.as_str().rsplit('#').next().unwrap_or_default();
        let page = NamedNode::new_unchecked(app.base.join(&format!("/ontologia#{name}")));
        triples.push(Triple::new(extension, foaf::PAGE, page));
    }
    Ok(triples)
}

/// The W3C's IRI for a format, where there is one.
fn format_iri(kind: Kind) -> Option<NamedNode> {
    use oxigraph::io::RdfFormat;
    use sparesults::QueryResultsFormat;
    let name = match kind {
        Kind::Html | Kind::Listing => return None,
        Kind::Rdf(RdfFormat::Turtle) => "Turtle",
        Kind::Rdf(RdfFormat::NTriples) => "N-Triples",
        Kind::Rdf(RdfFormat::NQuads) => "N-Quads",
        Kind::Rdf(RdfFormat::TriG) => "TriG",
        Kind::Rdf(RdfFormat::RdfXml) => "RDF_XML",
        Kind::Rdf(RdfFormat::JsonLd { .. }) => "JSON-LD",
        Kind::Rdf(_) => return None,
        Kind::Results(QueryResultsFormat::Json) => "SPARQL_Results_JSON",
        Kind::Results(QueryResultsFormat::Xml) => "SPARQL_Results_XML",
        Kind::Results(QueryResultsFormat::Csv) => "SPARQL_Results_CSV",
        Kind::Results(QueryResultsFormat::Tsv) => "SPARQL_Results_TSV",
        Kind::Results(_) => return None,
    };
    Some(NamedNode::new_unchecked(format!("{FORMATS}{name}")))
}
