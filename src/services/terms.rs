//! Reading what a query tells a service, and writing what the service found.

use crate::query::Question;
use crate::search::{Facet, Search};
use crate::vocab::fl;
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Term};

/// Filters by a facet begin so: `fl:filterTheme`.
const FILTER: &str = "filter";

/// The facet that a filter is about: `fl:filterActorType` narrows `actor-type`.
pub fn filter(property: &NamedNode) -> Option<Facet> {
    let name = property.as_str().strip_prefix(fl::NAMESPACE)?.strip_prefix(FILTER)?;
    let mut facet = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !facet.is_empty() {
            facet.push('-');
        }
        facet.push(c.to_ascii_lowercase());
    }
    Facet::named(&facet)
}

/// The values that a question tells of a property.
pub fn all(question: &Question, property: NamedNodeRef<'_>) -> Vec<String> {
    let told = question.told.iter().filter(|(told, _)| *told == property);
    told.map(|(_, term)| text(term)).collect()
}

/// The only value of a property.
pub fn one(question: &Question, property: NamedNodeRef<'_>) -> Result<Option<String>, String> {
    let mut values = all(question, property);
    if values.len() > 1 {
        return Err(format!("{property} stands more than once"));
    }
    Ok(values.pop())
}

/// How many answers a question wants.
pub fn limit(question: &Question) -> Result<Option<usize>, String> {
    let Some(text) = one(question, fl::LIMIT)? else { return Ok(None) };
    let limit = text.parse().ok().filter(|limit| *limit > 0);
    limit.map(Some).ok_or_else(|| format!("fl:limit is a number from 1 on, not {text:?}"))
}

/// The facets by which a question narrows its answers.
pub fn filters(question: &Question, search: &Search) -> Result<Vec<(Facet, Vec<String>)>, String> {
    let mut filters: Vec<(Facet, Vec<String>)> = Vec::new();
    for (property, term) in &question.told {
        let Some(facet) = filter(property) else { continue };
        let value = search.value(facet, &text(term)).map_err(|error| error.to_string())?;
        match filters.iter_mut().find(|(known, _)| *known == facet) {
            Some((_, values)) => values.push(value),
            None => filters.push((facet, vec![value])),
        }
    }
    Ok(filters)
}

/// A property that the service does not know.
pub fn unknown(property: &NamedNode, known: &str) -> String {
    format!("it knows no {property}; it is told and answers {known}")
}

/// The text of a term: of a literal its value, of an IRI itself.
pub fn text(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        other => other.to_string(),
    }
}

/// A text in a language.
pub fn tagged(text: String, language: &str) -> Term {
    Literal::new_language_tagged_literal_unchecked(text, language).into()
}
