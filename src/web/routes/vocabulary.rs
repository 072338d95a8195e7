//! `/ontologia` and `/vocabolari`: the documentation of terms and concepts, with what the data
//! shows of each.

use crate::app::App;
use crate::entity::{EntityError, Labels, Usage, concepts, schemes};
use crate::schema::{Glossary, Sort};
use crate::search::{Ask, Facet};
use crate::vocab::SCHEMES;
use crate::web::address::page;
use crate::web::assets::digest;
use crate::web::error::HttpError;
use crate::web::extract::is_known;
use crate::web::html::{
    Anchor, Shown, Tree, diagram, ontology_page, vocabularies_page, vocabulary_page,
};
use crate::web::language::{Reader, tag};
use crate::web::represent::Request;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Term};
use oxigraph::store::Store;
use std::collections::{BTreeMap, BTreeSet};

/// How many resources of a class are shown.
const MEMBERS: usize = 3;
/// How many statements are looked at to find them.
const LOOKED_AT: usize = 50;
/// A longer value is cut.
const LONGEST: usize = 120;
/// The vocabularies by which lists of experiences can be narrowed.
const FACETS: [(&str, Facet); 6] = [
    ("themes", Facet::Theme),
    ("target-groups", Facet::Target),
    ("levels", Facet::Level),
    ("phases", Facet::Phase),
    ("evidence", Facet::Evidence),
    ("funding", Facet::Funding),
];

/// The documentation of the ontology, made from it, with examples from the data.
#[utoipa::path(get, path = "/ontologia", tag = "data", params(("q" = Option<String>, Query, description = "Only terms that hold these words")), responses((status = 200, description = "A page"), (status = 304)))]
pub async fn ontology(request: Request) -> Result<Response, HttpError> {
    let Request { app, parameters, uri, reader, .. } = &request;
    let asked = parameters.one("q")?.unwrap_or_default();
    if let Some(known) = known(&request, "ontologia") {
        return Ok(known);
    }
    let usage = app.usages.of(&app.dataset, &app.memory).await?;
    let (glossary, base, reader) = (app.glossary.clone(), app.base.clone(), *reader);
    let mut shown = in_background(app, reader, move |store, labels| {
        let anchor = |iri: &str| -> Result<Anchor, EntityError> {
            let link = labels.link(iri)?;
            let language = link.label.language.filter(|language| language != tag(reader.language));
            Ok(Anchor { address: page(&base, iri, reader), text: cut(link.label.text), language })
        };
        shown(store, &glossary, &usage, &base.id(), &anchor)
    })
    .await?;
    Ok(kept(ontology_page(app, reader, uri, asked.trim(), &mut shown)?, &request, "ontologia"))
}

/// One class as a drawing, `/ontologia/Experience.svg`.
#[utoipa::path(get, path = "/ontologia/{file}", tag = "data", params(("file" = String, Path, description = "A class with .svg at its end")), responses((status = 200, description = "SVG"), (status = 404)))]
pub async fn drawing(Path(file): Path<String>, request: Request) -> Result<Response, HttpError> {
    let Request { app, reader, uri, .. } = &request;
    let missing = || HttpError::NotFound(uri.path().to_owned());
    let class = file.strip_suffix(".svg").ok_or_else(missing)?;
    let outline = app.glossary.outline(class).ok_or_else(missing)?;
    let drawing = diagram(outline, reader.language);
    let drawing = drawing.map_err(|error| HttpError::Internal(error.into()))?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, drawing).into_response())
}

/// The controlled vocabularies.
#[utoipa::path(get, path = "/vocabolari", tag = "data", responses((status = 200, description = "A page"), (status = 304)))]
pub async fn list(request: Request) -> Result<Response, HttpError> {
    let Request { app, uri, reader, .. } = &request;
    if let Some(known) = known(&request, "vocabolari") {
        return Ok(known);
    }
    let base = app.base.clone();
    let schemes =
        in_background(app, *reader, move |store, labels| schemes(store, &base, labels)).await?;
    Ok(kept(vocabularies_page(app, *reader, uri, &schemes)?, &request, "vocabolari"))
}

/// One vocabulary as a tree of concepts, with how many experiences have each.
#[utoipa::path(get, path = "/vocabolari/{scheme}", tag = "data", params(("scheme" = String, Path), ("q" = Option<String>, Query, description = "Only concepts that hold these words")), responses((status = 200, description = "A page"), (status = 304), (status = 404)))]
pub async fn scheme(Path(name): Path<String>, request: Request) -> Result<Response, HttpError> {
    let Request { app, parameters, uri, reader, .. } = &request;
    let asked = parameters.one("q")?.unwrap_or_default();
    if let Some(known) = known(&request, &name) {
        return Ok(known);
    }
    let iri = format!("{SCHEMES}{name}");
    let base = app.base.clone();
    let found = in_background(app, *reader, move |store, labels| {
        let scheme = schemes(store, &base, labels)?.into_iter().find(|scheme| scheme.iri == iri);
        let Some(scheme) = scheme else { return Ok(None) };
        Ok(Some((concepts(store, &base, labels, &iri)?, scheme)))
    });
    let missing = || HttpError::NotFound(uri.path().to_owned());
    let (concepts, scheme) = found.await?.ok_or_else(missing)?;
    let facet = FACETS.into_iter().find(|(scheme, _)| *scheme == name).map(|(_, facet)| facet);
    let counts = match facet {
        Some(facet) => counts(app, *reader, facet).await?,
        None => BTreeMap::new(),
    };
    let tree = Tree { scheme, concepts, counts, parameter: facet.map(Facet::name) };
    Ok(kept(vocabulary_page(app, *reader, uri, asked.trim(), &tree)?, &request, &name))
}

/// How many experiences have each value, those below it included; nothing while there is no index.
async fn counts(
    app: &App,
    reader: Reader,
    facet: Facet,
) -> Result<BTreeMap<String, u32>, HttpError> {
    let Some(search) = app.search.clone() else { return Ok(BTreeMap::new()) };
    let ask = Ask {
        chosen: vec![(Facet::Kind, vec!["esperienza".to_owned()])],
        counted: vec![facet],
        language: tag(reader.language).to_owned(),
        ..Ask::default()
    };
    let found = tokio::task::spawn_blocking(move || search.find(&ask)).await;
    let Ok(found) = found.map_err(|error| HttpError::Internal(error.into()))? else {
        return Ok(BTreeMap::new());
    };
    let values = found.facets.into_iter().flat_map(|counted| counted.values);
    Ok(values.map(|count| (count.value, count.count)).collect())
}

/// What the data shows of each term.
fn shown(
    store: &Store,
    glossary: &Glossary,
    usage: &Usage,
    id: &str,
    anchor: &dyn Fn(&str) -> Result<Anchor, EntityError>,
) -> Result<BTreeMap<String, Shown>, EntityError> {
    let counts: BTreeMap<&str, Option<u64>> = usage
        .classes
        .iter()
        .chain(&usage.properties)
        .map(|used| (used.iri.as_str(), used.count))
        .collect();
    let mut all = BTreeMap::new();
    for term in &glossary.terms {
        let node = NamedNodeRef::new_unchecked(&term.iri);
        let mut shown =
            Shown { count: counts.get(term.iri.as_str()).copied().flatten(), ..Shown::default() };
        match term.sort {
            Sort::Class => {
                let mut members = BTreeSet::new();
                let quads = store.quads_for_pattern(None, Some(rdf::TYPE), Some(node.into()), None);
                for quad in quads.take(LOOKED_AT) {
                    if let NamedOrBlankNode::NamedNode(member) = quad?.subject
                        && members.len() < MEMBERS
                    {
                        members.insert(member.into_string());
                    }
                }
                shown.members = members.iter().map(|iri| anchor(iri)).collect::<Result<_, _>>()?;
            }
            Sort::Link | Sort::Value => {
                let quads = store.quads_for_pattern(None, Some(node), None, None);
                for quad in quads.take(LOOKED_AT) {
                    let quad = quad?;
                    let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { continue };
                    if !subject.as_str().starts_with(id) {
                        continue;
                    }
                    let value = match &quad.object {
                        Term::NamedNode(object) => anchor(object.as_str())?,
                        Term::Literal(literal) => Anchor {
                            address: String::new(),
                            text: cut(literal.value().to_owned()),
                            language: literal.language().map(str::to_owned),
                        },
                        _ => continue,
                    };
                    shown.statement = Some((anchor(subject.as_str())?, value));
                    break;
                }
            }
            Sort::Service | Sort::ServiceTerm => {}
        }
        all.insert(term.iri.clone(), shown);
    }
    Ok(all)
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

async fn in_background<T: Send + 'static>(
    app: &App,
    reader: Reader,
    work: impl FnOnce(&Store, &Labels<'_>) -> Result<T, EntityError> + Send + 'static,
) -> Result<T, HttpError> {
    let (memory, dataset) = (app.memory.clone(), app.dataset.clone());
    let done = tokio::task::spawn_blocking(move || {
        let known = memory.of(&dataset);
        let (store, _) = dataset.read();
        work(store, &Labels::new(store, reader.language, known))
    })
    .await;
    Ok(done.map_err(|error| HttpError::Internal(error.into()))??)
}

fn etag(request: &Request, name: &str) -> String {
    let index = request.app.search.as_ref().map_or(0, |search| search.reached().settled);
    let (version, language) = (request.app.dataset.version(), tag(request.reader.language));
    format!("\"{version}.{index}-{language}-{name}-{}\"", digest())
}

/// The answer that the client already has.
fn known(request: &Request, name: &str) -> Option<Response> {
    let etag = etag(request, name);
    let is_known = is_known(&request.headers, &etag);
    is_known.then(|| (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response())
}

fn kept(mut response: Response, request: &Request, name: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(etag) = HeaderValue::from_str(&etag(request, name)) {
        headers.insert(header::ETAG, etag);
    }
    response
}
