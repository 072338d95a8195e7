//! `SERVICE fl:search`: full-text search inside a SPARQL query.

use super::terms::{filter, filters, limit, one, tagged, unknown};
use crate::query::{Found, LocalService, Question};
use crate::search::{Ask, Hit, Search};
use crate::vocab::fl;
use oxigraph::model::{Literal, NamedNode, Term};

/// Without `fl:limit` a search that finds more is refused, rather than cut short in silence.
const MOST: usize = 100_000;
/// What the service is told and answers.
const KNOWN: &str = "fl:query, fl:language, fl:limit, fl:filterTheme and the other filters; \
                     fl:score, fl:rank, fl:snippet";

/// Full-text search as a service of queries.
pub struct FullText {
    search: Search,
}

impl FullText {
    /// A service on a search.
    pub fn new(search: Search) -> Self {
        Self { search }
    }
}

impl LocalService for FullText {
    fn name(&self) -> NamedNode {
        fl::SEARCH.into_owned()
    }

    fn is_told(&self, property: &NamedNode) -> bool {
        [fl::QUERY, fl::LIMIT, fl::LANGUAGE].contains(&property.as_ref())
            || filter(property).is_some()
    }

    fn answer(&self, question: &Question) -> Result<Vec<Found>, String> {
        let text = one(question, fl::QUERY)?;
        let text = text.ok_or("fl:query is missing: what to search for".to_owned())?;
        let language = one(question, fl::LANGUAGE)?.unwrap_or_else(|| "it".to_owned());
        let limit = limit(question)?;
        let ask = Ask {
            text,
            chosen: filters(question, &self.search)?,
            limit: limit.unwrap_or(MOST).min(MOST),
            language: language.clone(),
            ..Ask::default()
        };
        let found = self.search.find(&ask).map_err(|error| error.to_string())?;
        if limit.is_none_or(|limit| limit > MOST) && found.total > MOST as u64 {
            return Err(format!(
                "it finds {} records; ask for the best ones with fl:limit, {MOST} at most",
                found.total
            ));
        }
        let rows = found.hits.iter().enumerate();
        rows.map(|(place, hit)| row(question, place, hit, &language)).collect()
    }
}

fn row(question: &Question, place: usize, hit: &Hit, language: &str) -> Result<Found, String> {
    let rank = i64::try_from(place + 1).unwrap_or(i64::MAX);
    let mut values: Vec<Option<Term>> = Vec::new();
    for property in &question.wanted {
        values.push(Some(match property.as_ref() {
            p if p == fl::SCORE => Literal::from(f64::from(hit.score)).into(),
            p if p == fl::RANK => Literal::from(rank).into(),
            p if p == fl::SNIPPET => {
                tagged(hit.snippet.iter().map(|part| part.text.as_str()).collect(), language)
            }
            _ => return Err(unknown(property, KNOWN)),
        }));
    }
    Ok((NamedNode::new_unchecked(hit.iri.as_str()).into(), values))
}
