//! A SPARQL endpoint as a peer: its experiences and datasets by CONSTRUCT, some at a time; what it does
//! not hold any more is gone. SPARQL 1.1 Query, section 16.2.

use super::ask::{form, whole};
use super::door::Door;
use super::error::HarvestError;
use super::gather::gather;
use super::whole::Whole;
use crate::media::rdf_format;
use crate::net::{Net, Url};
use crate::vocab::{dcat, fl};
use oxigraph::io::{RdfParseError, RdfParser};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Quad, Term};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeSet;

const ACCEPT: &str = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.8";
/// So many records are asked for at once.
const PAGE: usize = 100;

/// Harvests an endpoint. It tells no versions, so each run reads all of it.
pub(super) async fn harvest(net: &Net, door: &mut Door, url: &Url) -> Result<(), HarvestError> {
    let (mut whole_of_it, mut last) = (Whole::default(), String::new());
    loop {
        let query = query(&last);
        let query = format!("query={}", utf8_percent_encode(&query, NON_ALPHANUMERIC));
        let answer = form(net, door, url.clone(), query, ACCEPT).await?;
        let media = answer.media().unwrap_or_default().to_owned();
        let format = rdf_format(&media).ok_or_else(|| {
            HarvestError::unexpected(format!("it answers {media:?}, which is no syntax of RDF"))
        })?;
        let body = whole(door, answer).await?;
        let (name, graph) = (url.to_string(), door.graph().to_owned());
        let work = move || -> Result<_, HarvestError> {
            let parser = RdfParser::from_format(format).lenient();
            let mut met = BTreeSet::new();
            let quads = parser.for_reader(body.as_slice()).inspect(|quad| met.extend(asked(quad)));
            let mut gathered = gather(quads, format, &name, &graph)?;
            let mut items = gathered.next(usize::MAX).map_err(super::gather::GatherError::from)?;
            items.append(&mut gathered.lines);
            Ok((items, met))
        };
        let (items, met) = tokio::task::spawn_blocking(work).await??;
        let Some(next) = met.iter().take(PAGE).next_back() else {
            whole_of_it.has_gaps |= !items.is_empty();
            break;
        };
        if met.first().is_some_and(|first| *first <= last) {
            let why = format!("it was asked for what comes after {last:?} and answers with others");
            return Err(HarvestError::unexpected(why));
        }
        last.clone_from(next);
        whole_of_it.has_gaps |= items.iter().any(|item| item.of.origin != item.of.record);
        whole_of_it.take(door, items).await?;
    }
    whole_of_it.end(door).await
}

/// The subject of a statement by which a record is asked for. Of those in an answer the first
/// [`PAGE`] in order are the page: others hang from them, and so come after them.
fn asked(quad: &Result<Quad, RdfParseError>) -> Option<String> {
    let quad = quad.as_ref().ok()?;
    let is_class = |class: &NamedNode| *class == fl::EXPERIENCE || *class == dcat::DATASET_CLASS;
    match (&quad.subject, &quad.object) {
        (NamedOrBlankNode::NamedNode(record), Term::NamedNode(class))
            if quad.predicate == rdf::TYPE && is_class(class) =>
        {
            Some(record.as_str().to_owned())
        }
        _ => None,
    }
}

/// The query for a page: the records that come after one, and what hangs from them by blank nodes and
/// fragments, twice. What comes and goes meanwhile moves none of the others to another page.
fn query(last: &str) -> String {
    let last = Literal::new_simple_literal(last);
    let is_part = |node: &str| {
        format!("FILTER(isBlank({node}) || STRSTARTS(STR({node}), CONCAT(STR(?s), \"#\")))")
    };
    format!(
        "CONSTRUCT {{ ?s ?p ?o . ?part ?q ?v }} WHERE {{ \
         {{ SELECT DISTINCT ?s WHERE {{ VALUES ?class {{ {experience} {dataset} }} \
         ?s a ?class FILTER(isIRI(?s) && STR(?s) > {last}) }} ORDER BY STR(?s) LIMIT {PAGE} }} \
         {{ ?s ?p ?o }} UNION {{ ?s ?link ?part {part} ?part ?q ?v }} UNION \
         {{ ?s ?link ?middle {middle} ?middle ?on ?part {part} ?part ?q ?v }} }}",
        experience = fl::EXPERIENCE,
        dataset = dcat::DATASET_CLASS,
        part = is_part("?part"),
        middle = is_part("?middle"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_one() {
        for last in ["", "http://n/a", "http://n/\"}\n#"] {
            spargebra::SparqlParser::new().parse_query(&query(last)).unwrap();
        }
    }
}
