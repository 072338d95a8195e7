//! How complete and how fresh the experiences of each source are, counted from the graph.
//! Knows no page and no shape: what breaks a shape never gets in.

use super::graph::Facts;
use crate::entity::EntityError;
use crate::vocab::{dct, fl};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{GraphName, NamedNodeRef, NamedOrBlankNode};
use oxigraph::sparql::CancellationToken;
use std::collections::BTreeMap;

/// What a record that others can learn from has, beside what every record must have.
pub const ASKED: [NamedNodeRef<'static>; 8] = [
    fl::OBJECTIVE,
    fl::ACHIEVED_RESULT,
    fl::INDICATOR,
    fl::OBSTACLE,
    fl::BUDGET,
    fl::CONTACT_POINT,
    fl::ASSESSMENT,
    dct::LICENSE,
];

/// The experiences of one source.
#[derive(Debug, Clone, Default)]
pub struct SourceQuality {
    /// The source graph.
    pub graph: String,
    pub experiences: u64,
    /// How many have each of what is asked of every record.
    pub having: [u64; ASKED.len()],
    /// How many were looked at again, or changed, within the year before the day of counting.
    pub fresh: u64,
    /// The newest date of a change or a review.
    pub newest: Option<String>,
}

impl SourceQuality {
    /// The share of what is asked for that is there, in hundredths.
    pub fn share(&self) -> u64 {
        let all = self.experiences * ASKED.len() as u64;
        (self.having.iter().sum::<u64>() * 100).checked_div(all).unwrap_or(0)
    }
}

/// Counts the experiences of each source, as of a day such as `2026-11-27`; ends with
/// [`EntityError::TimedOut`] once nobody waits.
pub fn quality(
    facts: &Facts<'_>,
    today: &str,
    stop: &CancellationToken,
) -> Result<Vec<SourceQuality>, EntityError> {
    let mut sources: BTreeMap<String, SourceQuality> = BTreeMap::new();
    let year_ago = year_before(today);
    let class = Some(fl::EXPERIENCE.into());
    for quad in facts.store.quads_for_pattern(None, Some(rdf::TYPE), class, None) {
        if stop.is_cancelled() {
            return Err(EntityError::TimedOut);
        }
        let quad = quad?;
        let (NamedOrBlankNode::NamedNode(record), GraphName::NamedNode(graph)) =
            (quad.subject, quad.graph_name)
        else {
            continue;
        };
        let source = sources.entry(graph.as_str().to_owned()).or_default();
        source.experiences += 1;
        for (place, property) in ASKED.into_iter().enumerate() {
            source.having[place] += u64::from(has(facts, record.as_str(), property)?);
        }
        let reviewed = facts.literal(record.as_str(), fl::LAST_REVIEWED)?;
        let modified = facts.literal(record.as_str(), dct::MODIFIED)?;
        if let Some(seen) = reviewed.max(modified) {
            source.fresh += u64::from(seen.as_str() >= year_ago.as_str());
            source.newest = source.newest.take().max(Some(seen));
        }
    }
    Ok(sources.into_iter().map(|(graph, source)| SourceQuality { graph, ..source }).collect())
}

fn has(facts: &Facts<'_>, record: &str, property: NamedNodeRef<'_>) -> Result<bool, EntityError> {
    let subject = NamedNodeRef::new_unchecked(record);
    let mut quads = facts.store.quads_for_pattern(Some(subject.into()), Some(property), None, None);
    Ok(quads.next().transpose()?.is_some())
}

fn year_before(day: &str) -> String {
    let year = day.get(..4).and_then(|year| year.parse::<i32>().ok());
    match (year, day.get(4..)) {
        (Some(year), Some(rest)) => format!("{:04}{rest}", year - 1),
        _ => day.to_owned(),
    }
}
