//! Steps, of a path and of the transfer of an experience: some stages of `words.txt`, in order.
//! Knows how long a step takes, not what the whole is for.

use super::dice::Dice;
use super::quads::{Object, Quads};
use super::setting::Setting;
use crate::vocab::{dct, fl};
use oxigraph::model::NamedNodeRef;
use oxigraph::model::vocab::{rdf, xsd};
use std::io::{self, Write};

/// How much is said of each step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What to do and how long it takes.
    Short,
    /// Also what it leaves, who leads it, what may go wrong, what it takes to know.
    Full,
}

/// Writes so many steps of the current record, numbered from one, and gives the months they take.
pub(crate) fn write<W: Write>(
    setting: &Setting<'_>,
    (link, count, detail): (NamedNodeRef<'_>, usize, Detail),
    dice: &mut Dice,
    quads: &mut Quads<'_, W>,
) -> io::Result<u64> {
    let mut months = 0;
    for (at, stage) in (1..).zip(stages(setting, count, dice)) {
        let mut parts = stage.split(" / ");
        let mut next = || parts.next().unwrap_or_default();
        let fragment = format!("step-{at}");
        let duration = 1 + dice.below(6);
        months += duration;
        quads.say(link, Object::Fragment(&fragment))?;
        let mut say = |property, object: Object<'_>| quads.say_of(&fragment, property, object);
        say(rdf::TYPE, Object::Iri(fl::STEP_CLASS.as_str()))?;
        say(fl::POSITION, Object::Typed(&at, xsd::INTEGER))?;
        say(dct::TITLE, Object::it(next()))?;
        say(dct::DESCRIPTION, Object::it(next()))?;
        say(fl::DURATION, Object::Typed(&format!("P{duration}M"), xsd::DURATION))?;
        if detail == Detail::Full {
            say(fl::OUTPUT, Object::it(next()))?;
            say(fl::RESPONSIBLE, Object::it(next()))?;
            say(fl::RISK, Object::it(next()))?;
            if dice.percent(40) {
                say(fl::COMPETENCE, Object::Record(setting.competences.draw(dice)))?;
            }
        }
    }
    Ok(months)
}

/// Draws so many stages, all alike, and keeps their order.
fn stages(setting: &Setting<'_>, count: usize, dice: &mut Dice) -> Vec<&'static str> {
    let all = &setting.phrasebook.lexicon().plain("tappa").words;
    let mut chosen = Vec::with_capacity(count);
    for (at, stage) in all.iter().enumerate() {
        if dice.index(all.len() - at) < count - chosen.len() {
            chosen.push(*stage);
        }
    }
    chosen
}
