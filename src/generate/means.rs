//! What an experience needs besides money: people, rules, competences; and what helped or hindered.
//! Knows nothing of amounts.

use super::cadence::Before;
use super::dice::{Dice, Stream};
use super::part::Part;
use super::prose::Scene;
use super::quads::{Object, Quads};
use super::setting::Setting;
use crate::vocab::fl;
use oxigraph::model::NamedNodeRef;
use std::io::{self, Write};

/// What helps or hinders, the most frequent first.
const FACTORS: [&str; 14] = [
    "staff",
    "funding",
    "coordination",
    "participation",
    "timing",
    "trust",
    "premises",
    "procedures",
    "continuity",
    "communication",
    "data",
    "leadership",
    "rules",
    "technology",
];

/// Writes them for the experience the quads are about: from no quad to seven.
pub(crate) fn write<W: Write>(
    setting: &Setting<'_>,
    before: Before,
    scene: Scene<'_>,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::Means, before.number);
    if dice.percent(45) {
        let staff = setting.phrasebook.text(Part::Staff, scene, &mut dice);
        quads.say(fl::STAFF, Object::it(&staff))?;
    }
    if dice.percent(40) {
        let rule = setting.word("norma", &mut dice);
        let (name, identifier) = rule.split_once(" / ").unwrap_or((rule, ""));
        quads.say(fl::LEGAL_BASIS, Object::it(name))?;
        if !identifier.is_empty() && dice.percent(60) {
            quads.say(fl::LEGAL_REFERENCE, Object::Iri(identifier))?;
        }
    }
    competences(setting, fl::COMPETENCE, 30, &mut dice, quads)
}

/// A competence for so many out of a hundred, and a second one for a third of these.
pub(crate) fn competences<W: Write>(
    setting: &Setting<'_>,
    property: NamedNodeRef<'_>,
    share: u64,
    dice: &mut Dice,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let (first, second) = (setting.competences.draw(dice), setting.competences.draw(dice));
    if !dice.percent(share) {
        return Ok(());
    }
    quads.say(property, Object::Record(first))?;
    if first != second && dice.percent(33) {
        quads.say(property, Object::Record(second))?;
    }
    Ok(())
}

/// The kind of what helped or hindered, for three of four of those that tell it.
pub(crate) fn factor<W: Write>(
    property: NamedNodeRef<'_>,
    dice: &mut Dice,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    // The smaller of two draws: the first of the list are the most frequent.
    let at = dice.index(FACTORS.len()).min(dice.index(FACTORS.len()));
    if dice.percent(75) {
        quads.say(property, Object::Concept("factors", FACTORS[at]))?;
    }
    Ok(())
}
