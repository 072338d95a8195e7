//! The OpenAPI description, made from the handlers themselves.

use super::routes::{
    dcat, dump, elsewhere, entity, explain, federation, feeds, front, graphs, harvest, keys, ldes,
    links, linkset, memento, oai, ops, peers, quality, queries, search, sitemap, sparql, summary,
    takedown, terms, together, vocabulary, void,
};
use crate::iri::Base;
use serde_json::{Value, json};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(title = "FamilyLab", description = "A node of family-policy experience as linked data"),
    paths(
        sparql::get, sparql::post, graphs::get, graphs::put, graphs::post, graphs::delete,
        front::home, entity::identifier, entity::document, entity::any, entity::shipped, entity::context,
        explain::explain, dump::list, dump::file, void::void,
        dcat::catalog, dcat::resource,
        memento::map, linkset::linkset,
        feeds::changes, feeds::events, sitemap::index, sitemap::file, sitemap::robots,
        vocabulary::ontology, vocabulary::drawing, vocabulary::list, vocabulary::scheme,
        links::keep, links::check, links::follow, terms::terms, terms::labels,
        ldes::all, ldes::below, oai::get, oai::post, oai::schema,
        search::search, search::posted, search::suggest, search::related, search::similar, search::opensearch,
        federation::get, federation::post, federation::report, summary::summary, together::search,
        elsewhere::suggest, elsewhere::related,
        peers::list, peers::add, peers::one, peers::remove, peers::check, harvest::reports, harvest::begin,
        keys::keys, takedown::list, takedown::add, takedown::lift,
        quality::data, queries::list, queries::run, ops::health, ops::ready, ops::metrics, ops::openapi,
    ),
    tags(
        (name = "sparql", description = "SPARQL 1.1 Protocol"),
        (name = "graphs", description = "SPARQL 1.1 Graph Store HTTP Protocol"),
        (name = "search", description = "Full-text search and likeness"),
        (name = "queries", description = "Named queries"),
        (name = "data", description = "Linked-data pages"),
        (name = "federation", description = "Other nodes and publishers"),
        (name = "operation", description = "For operators"),
    )
)]
struct Description;

/// The description of this node's interfaces, OpenAPI 3.1.
pub fn document(base: &Base) -> Value {
    let mut document = serde_json::to_value(Description::openapi()).unwrap_or_default();
    // Graphs also answer at their own addresses, with the same operations.
    for path in ["/graphs/{name}", "/graph/{source}"] {
        document["paths"][path] = document["paths"]["/graphs"].clone();
    }
    for (path, operations) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            operation["operationId"] = json!(format!("{method} {path}"));
        }
    }
    document["servers"] = json!([{ "url": base.as_str() }]);
    document
}
