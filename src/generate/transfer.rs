//! Transfers: what an experience took over from an earlier one, and the steps it leaves to others.
//! Origins are earlier, so that no circle closes, unless a fault is asked for.

use super::cadence::Before;
use super::dice::{Dice, Stream};
use super::experience;
use super::part::Part;
use super::prose::Scene;
use super::quads::{Object, Quads};
use super::setting::Setting;
use super::steps::{self, Detail};
use crate::vocab::{dct, fl};
use jiff::ToSpan;
use jiff::civil::Date;
use oxigraph::model::vocab::rdf;
use std::io::{self, Write};

/// Writes what the experience the quads are about took over, if anything: nothing for most, about
/// ten quads for one of eight; and the steps to take it over in turn, for one of twenty.
pub(crate) fn write<W: Write>(
    setting: &Setting<'_>,
    before: Before,
    start: Date,
    scene: Scene<'_>,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::Transfer, before.number);
    let circle = setting.faults.cycle(before.number);
    let origin = origin(before.number, &mut dice);
    if let Some(origin) = origin {
        quads.say(fl::TRANSFERRED_FROM, Object::Record(experience::record(origin)))?;
        if dice.percent(80) {
            tell(setting, (origin, start), scene, &mut dice, quads)?;
        }
    }
    if let Some(other) = circle.filter(|other| Some(*other) != origin) {
        quads.say(fl::TRANSFERRED_FROM, Object::Record(experience::record(other)))?;
    }
    if dice.percent(5) {
        let count = 2 + dice.index(3);
        steps::write(setting, (fl::TRANSFER_STEP, count, Detail::Short), &mut dice, quads)?;
    }
    Ok(())
}

/// The smaller of two draws: the older an experience, the more often it is taken over.
fn origin(number: u64, dice: &mut Dice) -> Option<u64> {
    if number == 0 || !dice.percent(12) {
        return None;
    }
    Some(Before::origin(dice.below(number).min(dice.below(number))))
}

fn tell<W: Write>(
    setting: &Setting<'_>,
    (origin, start): (u64, Date),
    scene: Scene<'_>,
    dice: &mut Dice,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let fragment = "transfer-1";
    quads.say(fl::TRANSFER, Object::Fragment(fragment))?;
    quads.say_of(fragment, rdf::TYPE, Object::Iri(fl::TRANSFER_CLASS.as_str()))?;
    quads.say_of(fragment, fl::TRANSFER_OF, Object::Record(experience::record(origin)))?;
    for (property, part, share) in [
        (fl::ADOPTED, Part::Adopted, 95),
        (fl::ADAPTED, Part::Adapted, 90),
        (fl::DROPPED, Part::Dropped, 60),
        (fl::SUPPORT, Part::Support, 45),
    ] {
        if dice.percent(share) {
            let text = setting.phrasebook.text(part, scene, dice);
            quads.say_of(fragment, property, Object::it(&text))?;
        }
    }
    if dice.percent(60) {
        let day = start - dice.between(10, 300).days();
        quads.say_of(fragment, dct::DATE, Object::date(&day))?;
    }
    Ok(())
}
