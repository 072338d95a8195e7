//! What is read beside experiences: resources, news, events, collections.
//! Each speaks of an earlier experience, or gathers several of one theme.

use super::cadence;
use super::dice::{Dice, Stream};
use super::experience::{self, Experience};
use super::means;
use super::model;
use super::part::Part;
use super::prose::Scene;
use super::quads::{Object, Quads, Record};
use super::setting::{Level, Setting};
use super::timeline::CLOSED;
use crate::vocab::{self, dct, fl, foaf};
use jiff::ToSpan;
use oxigraph::model::NamedNodeRef;
use oxigraph::model::vocab::rdf;
use std::io::{self, Write};

/// The days before the catalogue was closed in which news and events fall.
const DAYS: i64 = 3_000;

/// What all four kinds of records begin with.
struct Opening {
    record: Record,
    class: NamedNodeRef<'static>,
    title: Part,
    text: Part,
}

impl Opening {
    /// Turns to the record and writes what it is, what it is called, and its theme.
    fn write<W: Write>(
        self,
        setting: &Setting<'_>,
        theme: usize,
        (scene, dice): (Scene<'_>, &mut Dice),
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        quads.about(self.record);
        quads.say(rdf::TYPE, Object::Iri(self.class.as_str()))?;
        let title = setting.phrasebook.text(self.title, scene, dice);
        quads.say(dct::TITLE, Object::it(&title))?;
        let text = setting.phrasebook.text(self.text, scene, dice);
        quads.say(dct::DESCRIPTION, Object::it(&text))?;
        quads.say(dct::SUBJECT, Object::Iri(&setting.ground.themes[theme]))?;
        quads.say(fl::DEMONSTRATION, Object::yes())
    }
}

/// Writes a resource, about nine quads.
pub(crate) fn resource<W: Write>(
    setting: &Setting<'_>,
    number: u64,
    done: u64,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::Resource, number);
    let subject = Experience::of(setting, dice.below(done));
    let scene = subject.scene(setting, &mut dice);
    let record = Record { kind: "risorsa", number };
    let (title, text) = (Part::ResourceTitle, Part::ResourceText);
    Opening { record, class: fl::KNOWLEDGE_RESOURCE, title, text }.write(
        setting,
        subject.theme,
        (scene, &mut dice),
        quads,
    )?;
    quads.say(dct::TYPE, Object::it(setting.word("tipo", &mut dice)))?;
    quads.say(foaf::PAGE, Object::Iri(&format!("{}risorse/{number}", vocab::EXAMPLE)))?;
    means::competences(setting, fl::COMPETENCE, 60, &mut dice, quads)?;
    if dice.percent(40) {
        quads.say(fl::ABOUT, Object::Record(experience::record(subject.number())))?;
    }
    Ok(())
}

/// Writes a piece of news, about seven quads.
pub(crate) fn news<W: Write>(
    setting: &Setting<'_>,
    number: u64,
    done: u64,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::News, number);
    let subject = Experience::of(setting, dice.below(done));
    let scene = subject.scene(setting, &mut dice);
    let record = Record { kind: "notizia", number };
    let (title, text) = (Part::NewsTitle, Part::NewsText);
    Opening { record, class: fl::NEWS, title, text }.write(
        setting,
        subject.theme,
        (scene, &mut dice),
        quads,
    )?;
    let day = CLOSED - dice.between(0, DAYS).days();
    quads.say(dct::ISSUED, Object::date(&day))?;
    if dice.percent(80) {
        quads.say(fl::ABOUT, Object::Record(experience::record(subject.number())))?;
    }
    Ok(())
}

/// Writes an event, about nine quads.
pub(crate) fn event<W: Write>(
    setting: &Setting<'_>,
    number: u64,
    done: u64,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::Event, number);
    let subject = Experience::of(setting, dice.below(done));
    let scene = subject.scene(setting, &mut dice);
    let record = Record { kind: "evento", number };
    let (title, text) = (Part::EventTitle, Part::EventText);
    Opening { record, class: fl::EVENT, title, text }.write(
        setting,
        subject.theme,
        (scene, &mut dice),
        quads,
    )?;
    // Some are still to come when the catalogue is closed.
    let day = CLOSED + dice.between(-DAYS, 180).days();
    quads.say(fl::START_DATE, Object::date(&day))?;
    if dice.percent(40) {
        let end = day + dice.between(0, 2).days();
        quads.say(fl::END_DATE, Object::date(&end))?;
    }
    let area = setting.area(Level::Municipal, &mut dice);
    quads.say(fl::TERRITORY_OF, Object::Iri(&setting.place(area).iri))?;
    means::competences(setting, fl::COMPETENCE, 40, &mut dice, quads)?;
    if dice.percent(60) {
        quads.say(fl::ABOUT, Object::Record(experience::record(subject.number())))?;
    }
    Ok(())
}

/// Writes a collection of one to eight experiences of a theme, and perhaps a model; about twelve
/// quads.
pub(crate) fn collection<W: Write>(
    setting: &Setting<'_>,
    number: u64,
    done: u64,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::Collection, number);
    let first = Experience::of(setting, dice.below(done));
    let scene = first.scene(setting, &mut dice);
    let record = Record { kind: "raccolta", number };
    let (title, text) = (Part::CollectionTitle, Part::CollectionText);
    Opening { record, class: fl::COLLECTION, title, text }.write(
        setting,
        first.theme,
        (scene, &mut dice),
        quads,
    )?;
    quads.say(dct::HAS_PART, Object::Record(experience::record(first.number())))?;
    for other in first.alike(setting, done, 2 + dice.index(6)) {
        quads.say(dct::HAS_PART, Object::Record(experience::record(other)))?;
    }
    let models = cadence::models(done);
    if models > 0 && dice.percent(50) {
        quads.say(dct::HAS_PART, Object::Record(model::record(dice.below(models))))?;
    }
    Ok(())
}
