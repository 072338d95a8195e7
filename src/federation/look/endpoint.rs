//! A look at a SPARQL endpoint: whether it answers, and how many statements it holds. SPARQL 1.1
//! Protocol, section 2.1.

use super::super::health::{Counts, Problem};
use super::ask::{Told, get};
use crate::media::SOLUTIONS_TO_READ;
use crate::net::{Answer, Net, Url};
use oxigraph::model::Term;
use sparesults::{QueryResultsFormat, QueryResultsParser, SliceQueryResultsParserOutput};

/// Any endpoint answers this at once.
const ASK: &str = "ASK { ?s ?p ?o }";
/// Most endpoints know this by heart; one that counts for too long is well all the same.
const COUNT: &str = "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }";

pub(super) async fn look(net: &Net, base: &Url) -> Result<Told, Problem> {
    let answer = get(net, asking(base, ASK), SOLUTIONS_TO_READ).await?;
    let (took, format) = (answer.took, format(&answer)?);
    let body = answer.whole().await?;
    match QueryResultsParser::from_format(format).for_slice(&body) {
        Ok(SliceQueryResultsParserOutput::Boolean(_)) => {}
        Ok(SliceQueryResultsParserOutput::Solutions(_)) => {
            return Err(Problem::unexpected("it answers a question of yes or no with a table"));
        }
        Err(error) => {
            return Err(Problem::unexpected(format!("its results cannot be read: {error}")));
        }
    }
    let triples = match get(net, asking(base, COUNT), SOLUTIONS_TO_READ).await {
        Ok(answer) => count(answer).await,
        Err(_) => None,
    };
    Ok(Told { took, counts: Counts { triples, ..Counts::default() } })
}

fn asking(base: &Url, query: &str) -> Url {
    let mut url = base.clone();
    url.query_pairs_mut().append_pair("query", query);
    url
}

fn format(answer: &Answer) -> Result<QueryResultsFormat, Problem> {
    let media = answer.media().unwrap_or_default();
    QueryResultsFormat::from_media_type(media)
        .ok_or_else(|| Problem::unexpected(format!("{media:?} is no format of SPARQL results")))
}

async fn count(answer: Answer) -> Option<u64> {
    let format = format(&answer).ok()?;
    let body = answer.whole().await.ok()?;
    let results = QueryResultsParser::from_format(format).for_slice(&body).ok()?;
    let SliceQueryResultsParserOutput::Solutions(mut rows) = results else { return None };
    match rows.next()?.ok()?.get("triples")? {
        Term::Literal(number) => number.value().parse().ok(),
        _ => None,
    }
}
