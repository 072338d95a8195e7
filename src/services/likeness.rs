//! `SERVICE fl:related`: the records most like one, inside a SPARQL query.

use super::terms::{limit, one, tagged, unknown};
use crate::query::{Found, LocalService, Question};
use crate::search::{Alike, Search};
use crate::vocab::fl;
use oxigraph::model::{Literal, NamedNode, Term};

/// How many records are given where `fl:limit` says nothing.
const USUAL: usize = 10;
/// No more records are given.
const MOST: usize = 100;
/// What the service is told and answers.
const KNOWN: &str = "fl:to, fl:language, fl:limit; fl:score, fl:rank, fl:reason";

/// Likeness as a service of queries.
pub struct Likeness {
    search: Search,
}

impl Likeness {
    /// A service on a search.
    pub fn new(search: Search) -> Self {
        Self { search }
    }
}

impl LocalService for Likeness {
    fn name(&self) -> NamedNode {
        fl::RELATED.into_owned()
    }

    fn is_told(&self, property: &NamedNode) -> bool {
        [fl::TO, fl::LIMIT, fl::LANGUAGE].contains(&property.as_ref())
    }

    fn answer(&self, question: &Question) -> Result<Vec<Found>, String> {
        let iri = one(question, fl::TO)?;
        let iri =
            iri.ok_or("fl:to is missing: the record that others are to be like".to_owned())?;
        let language = one(question, fl::LANGUAGE)?.unwrap_or_else(|| "it".to_owned());
        let limit = limit(question)?.unwrap_or(USUAL);
        if limit > MOST {
            return Err(format!("fl:limit is {MOST} at most for likeness"));
        }
        // The evaluation runs on a blocking thread of the runtime, so it may wait for it.
        let runtime = tokio::runtime::Handle::try_current().map_err(|error| error.to_string())?;
        let alike = match runtime.block_on(self.search.related(&iri, limit, &language)) {
            Ok(alike) => alike,
            Err(crate::search::SearchError::Unknown(_)) => Vec::new(),
            Err(error) => return Err(error.to_string()),
        };
        let rows = alike.iter().enumerate();
        rows.map(|(place, alike)| row(question, place, alike, &language)).collect()
    }
}

fn row(question: &Question, place: usize, alike: &Alike, language: &str) -> Result<Found, String> {
    let rank = i64::try_from(place + 1).unwrap_or(i64::MAX);
    let english = language == "en";
    let mut values: Vec<Option<Term>> = Vec::new();
    for property in &question.wanted {
        values.push(Some(match property.as_ref() {
            p if p == fl::SCORE => Literal::from(alike.score).into(),
            p if p == fl::RANK => Literal::from(rank).into(),
            p if p == fl::REASON => {
                let text = |reason: &crate::search::Reason| {
                    if english { reason.text.en.clone() } else { reason.text.it.clone() }
                };
                let reasons: Vec<String> = alike.reasons.iter().map(text).collect();
                tagged(reasons.join("; "), if english { "en" } else { "it" })
            }
            _ => return Err(unknown(property, KNOWN)),
        }));
    }
    Ok((NamedNode::new_unchecked(alike.iri.as_str()).into(), values))
}
