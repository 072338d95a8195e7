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
use oxigraph::io::RdfParser;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

const ACCEPT: &str = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.8";
/// So many records are asked for at once.
const PAGE: usize = 100;

/// Harvests an endpoint. It tells no versions, so each run reads all of it.
pub(super) async fn harvest(net: &Net, door: &mut Door, url: &Url) -> Result<(), HarvestError> {
    let mut whole_of_it = Whole::default();
    for page in 0.. {
        let query = query(page * PAGE);
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
            let mut gathered = gather(parser.for_reader(body.as_slice()), format, &name, &graph)?;
            let mut items = gathered.next(usize::MAX).map_err(super::gather::GatherError::from)?;
            items.append(&mut gathered.lines);
            Ok(items)
        };
        let items = tokio::task::spawn_blocking(work).await??;
        if items.is_empty() {
            break;
        }
        whole_of_it.has_gaps |= items.iter().any(|item| item.of.origin != item.of.record);
        whole_of_it.take(door, items).await?;
    }
    whole_of_it.end(door).await
}

/// The query for a page: the records, and what hangs from them by blank nodes and fragments, twice.
fn query(offset: usize) -> String {
    let is_part = |node: &str| {
        format!("FILTER(isBlank({node}) || STRSTARTS(STR({node}), CONCAT(STR(?s), \"#\")))")
    };
    format!(
        "CONSTRUCT {{ ?s ?p ?o . ?part ?q ?v }} WHERE {{ \
         {{ SELECT DISTINCT ?s WHERE {{ VALUES ?class {{ {experience} {dataset} }} \
         ?s a ?class FILTER(isIRI(?s)) }} ORDER BY ?s LIMIT {PAGE} OFFSET {offset} }} \
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
        spargebra::SparqlParser::new().parse_query(&query(200)).unwrap();
    }
}
