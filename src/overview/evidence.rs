//! What an experience's level of evidence rests on. Says what the rule in `ontology/rules` looks at,
//! and never the level itself: that is stated, or inferred by the rule alone.

use super::graph::Facts;
use super::profile::Profile;
use crate::entity::EntityError;
use crate::vocab::{dct, fl};

/// Two years, as the rule counts them: years, months and days as one number.
const TWO_YEARS: i64 = 20_000;

/// Whether an experience's effects are measured, somebody else has looked at a self-assessment of
/// it, others took it over, and it lasted.
pub fn earned(
    facts: &Facts<'_>,
    iri: &str,
    profiles: &[Profile],
) -> Result<[bool; 4], EntityError> {
    let mut is_measured = false;
    for indicator in facts.nodes(iri, fl::INDICATOR)? {
        is_measured |= facts.literal(&indicator, fl::VALUE)?.is_some();
    }
    let is_reviewed = profiles.iter().any(|profile| profile.is_reviewed);
    let others = facts.subjects(fl::TRANSFERRED_FROM, iri)?;
    let is_taken_over = others.iter().any(|other| other != iri);
    let phases = facts.nodes(iri, fl::PHASE)?;
    let is = |end: &str| phases.iter().any(|phase| phase.ends_with(end));
    let start = facts.literal(iri, fl::START_DATE)?;
    let reviewed = facts.literal(iri, fl::LAST_REVIEWED)?;
    let seen = match reviewed {
        Some(seen) => Some(seen),
        None => facts.literal(iri, dct::MODIFIED)?,
    };
    let lasting = match (start.as_deref().and_then(number), seen.as_deref().and_then(number)) {
        (Some(start), Some(seen)) => is("#running") && seen - start >= TWO_YEARS,
        _ => false,
    };
    Ok([is_measured, is_reviewed, is_taken_over, is("#concluded") || lasting])
}

fn number(date: &str) -> Option<i64> {
    date.get(..10)?.replace('-', "").parse().ok()
}
