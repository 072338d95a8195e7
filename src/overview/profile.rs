//! How those who run an experience judge it: the scores of its self-assessments by criterion.
//! Knows no drawing.

use super::graph::Facts;
use crate::entity::{EntityError, Label, Link};
use crate::vocab::{dct, fl};

/// The highest score of the questionnaire.
pub const HIGHEST: u8 = 4;

/// One self-assessment.
#[derive(Debug, Clone)]
pub struct Profile {
    pub link: Link,
    pub date: Option<String>,
    pub role: Option<Label>,
    pub version: Option<String>,
    /// Whether somebody else has looked at it.
    pub is_reviewed: bool,
    /// By criterion, in the order of their IRIs' scheme.
    pub scores: Vec<Score>,
}

/// The score of one criterion.
#[derive(Debug, Clone)]
pub struct Score {
    pub criterion: Link,
    pub value: u8,
    pub justification: Option<Label>,
}

/// The self-assessments of an experience, the newest first.
pub fn profiles(facts: &Facts<'_>, iri: &str) -> Result<Vec<Profile>, EntityError> {
    let mut assessments = facts.nodes(iri, fl::ASSESSMENT)?;
    assessments.extend(facts.subjects(fl::ASSESSES, iri)?);
    assessments.sort_unstable();
    assessments.dedup();
    let mut profiles: Vec<Profile> =
        assessments.iter().map(|iri| profile(facts, iri)).collect::<Result<_, _>>()?;
    profiles.retain(|profile| !profile.scores.is_empty());
    profiles.sort_by(|a, b| b.date.cmp(&a.date));
    Ok(profiles)
}

fn profile(facts: &Facts<'_>, iri: &str) -> Result<Profile, EntityError> {
    let mut scores = Vec::new();
    for score in facts.nodes(iri, fl::SCORE)? {
        let criterion = facts.links(&score, fl::CRITERION)?.into_iter().next();
        let value = facts.literal(&score, fl::VALUE)?;
        let value = value.and_then(|value| value.parse::<f64>().ok());
        if let (Some(criterion), Some(value)) = (criterion, value) {
            let value = value.round().clamp(0.0, f64::from(HIGHEST)) as u8;
            let justification = facts.text(&score, fl::JUSTIFICATION)?;
            scores.push(Score { criterion, value, justification });
        }
    }
    scores.sort_by(|a, b| a.criterion.label.text.cmp(&b.criterion.label.text));
    Ok(Profile {
        link: facts.labels.link(iri)?,
        date: facts.literal(iri, dct::DATE)?,
        role: facts.text(iri, fl::ASSESSOR_ROLE)?,
        version: facts.literal(iri, fl::QUESTIONNAIRE_VERSION)?,
        is_reviewed: facts.literal(iri, fl::REVIEWED)?.as_deref() == Some("true"),
        scores,
    })
}
