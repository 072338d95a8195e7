//! Models drawn from earlier experiences, each with the path that leads to it.
//! Knows experiences by number and theme.

use super::dice::{Dice, Stream};
use super::experience::{self, Experience};
use super::means;
use super::part::Part;
use super::prose::Scene;
use super::quads::{Object, Quads, Record};
use super::setting::Setting;
use super::steps::{self, Detail};
use crate::vocab::{dct, fl};
use oxigraph::model::NamedNodeRef;
use oxigraph::model::vocab::{rdf, xsd};
use std::io::{self, Write};

/// A text: its property, its section, and the share out of a hundred that have it.
type Told = (NamedNodeRef<'static>, Part, u64);

const MODEL: [Told; 5] = [
    (dct::TITLE, Part::ModelTitle, 100),
    (dct::DESCRIPTION, Part::ModelText, 100),
    (fl::CORE_ELEMENT, Part::Core, 90),
    (fl::ADAPTABLE_ELEMENT, Part::Adaptable, 85),
    (fl::PREREQUISITE, Part::Prerequisite, 60),
];

const PATH: [Told; 2] =
    [(dct::TITLE, Part::PathTitle, 100), (dct::DESCRIPTION, Part::PathText, 100)];

/// The record of a model.
pub(crate) fn record(number: u64) -> Record {
    Record { kind: "modello", number }
}

/// Writes a model drawn from one to four of the experiences done so far, and its path; together
/// about sixty quads.
pub(crate) fn write<W: Write>(
    setting: &Setting<'_>,
    number: u64,
    done: u64,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::Model, number);
    let first = Experience::of(setting, dice.below(done));
    let scene = first.scene(setting, &mut dice);
    quads.about(record(number));
    quads.say(rdf::TYPE, Object::Iri(fl::IMPLEMENTATION_MODEL.as_str()))?;
    tell(setting, scene, &MODEL, &mut dice, quads)?;
    quads.say(dct::SUBJECT, Object::Iri(&setting.ground.themes[first.theme]))?;
    let target = setting.target(&mut dice);
    quads.say(fl::TARGET_GROUP, Object::Iri(&setting.ground.targets[target]))?;
    quads.say(fl::DERIVED_FROM, Object::Record(experience::record(first.number())))?;
    for other in first.alike(setting, done, dice.index(4)) {
        quads.say(fl::DERIVED_FROM, Object::Record(experience::record(other)))?;
    }
    means::competences(setting, fl::COMPETENCE, 70, &mut dice, quads)?;
    quads.say(fl::DEMONSTRATION, Object::yes())?;
    path(setting, number, scene, &mut dice, quads)
}

fn path<W: Write>(
    setting: &Setting<'_>,
    number: u64,
    scene: Scene<'_>,
    dice: &mut Dice,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    quads.about(Record { kind: "percorso", number });
    quads.say(rdf::TYPE, Object::Iri(fl::IMPLEMENTATION_PATH.as_str()))?;
    tell(setting, scene, &PATH, dice, quads)?;
    quads.say(fl::IMPLEMENTS, Object::Record(record(number)))?;
    let count = 3 + dice.index(5);
    let months = steps::write(setting, (fl::STEP, count, Detail::Full), dice, quads)?;
    if dice.percent(80) {
        quads.say(fl::DURATION, Object::Typed(&format!("P{months}M"), xsd::DURATION))?;
    }
    means::competences(setting, fl::COMPETENCE, 50, dice, quads)?;
    quads.say(fl::DEMONSTRATION, Object::yes())
}

fn tell<W: Write>(
    setting: &Setting<'_>,
    scene: Scene<'_>,
    texts: &[Told],
    dice: &mut Dice,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    for (property, part, share) in texts {
        if dice.percent(*share) {
            let text = setting.phrasebook.text(*part, scene, dice);
            quads.say(*property, Object::it(&text))?;
        }
    }
    Ok(())
}
