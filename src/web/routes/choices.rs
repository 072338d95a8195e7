//! What can be picked for the parameters of a named query: themes and target groups whole,
//! regions to begin with where a place is asked for.

use crate::app::App;
use crate::entity::{EntityError, Labels, concepts};
use crate::iri::Base;
use crate::query::{Kind, NamedQuery, Parameter};
use crate::vocab::{SCHEMES, fl};
use crate::web::error::HttpError;
use crate::web::html::{Choice, Choices};
use crate::web::language::Reader;
use crate::web::words::QueryWords;
use oxigraph::model::NamedOrBlankNode;
use oxigraph::model::vocab::rdf;
use oxigraph::store::Store;
use std::collections::BTreeMap;

/// The kinds of records that a vocabulary lists whole, and its name.
const LISTED: [(&str, &str); 2] = [("tema", "themes"), ("destinatario", "target-groups")];

/// What can be picked for each parameter of a query, in their order.
pub async fn choices(
    app: &App,
    reader: Reader,
    query: &NamedQuery,
) -> Result<Vec<Choices>, HttpError> {
    let parameters = query.parameters.clone();
    let (memory, dataset, base) = (app.memory.clone(), app.dataset.clone(), app.base.clone());
    let work = move || -> Result<Vec<Choices>, EntityError> {
        let known = memory.of(&dataset);
        let (store, _) = dataset.read();
        let labels = Labels::new(store, reader.language, known);
        parameters.iter().map(|parameter| of(store, &labels, reader, &base, parameter)).collect()
    };
    let choices = tokio::task::spawn_blocking(work).await;
    Ok(choices.map_err(|error| HttpError::Internal(error.into()))??)
}

fn of(
    store: &Store,
    labels: &Labels<'_>,
    reader: Reader,
    base: &Base,
    parameter: &Parameter,
) -> Result<Choices, EntityError> {
    let id = base.id();
    let choice = |iri: String, text: String, level: usize| Choice {
        value: iri.strip_prefix(&id).map_or_else(|| iri.clone(), str::to_owned),
        iri,
        text,
        level,
    };
    if parameter.kind == Kind::Lang {
        let own = QueryWords::of(reader.language);
        let languages = [own.italian, own.english];
        let list = ["it", "en"].into_iter().zip(languages);
        let list = list.map(|(tag, name)| choice(tag.to_owned(), name.to_owned(), 0));
        return Ok(Choices::Closed(list.collect()));
    }
    let among = parameter.among.as_deref();
    if let Some((_, scheme)) = LISTED.iter().find(|(kind, _)| Some(*kind) == among) {
        let concepts = concepts(store, base, labels, &format!("{SCHEMES}{scheme}"))?;
        let list = concepts
            .into_iter()
            .map(|concept| choice(concept.link.iri, concept.link.label.text, concept.level));
        return Ok(Choices::Closed(list.collect()));
    }
    if among == Some("territorio") {
        let mut regions = BTreeMap::new();
        let class = Some(fl::REGION.into());
        for quad in store.quads_for_pattern(None, Some(rdf::TYPE), class, None) {
            let quad = quad?;
            if let NamedOrBlankNode::NamedNode(region) = quad.subject
                && !base.is_taken_over(&quad.graph_name)
            {
                let text = labels.link(region.as_str())?.label.text;
                regions.insert(text, region.into_string());
            }
        }
        let list = regions.into_iter().map(|(text, iri)| choice(iri, text, 0));
        return Ok(Choices::Open(list.collect()));
    }
    Ok(Choices::None)
}
