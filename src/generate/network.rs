//! Networks: three to twelve actors already written, half of them all at one level of government.
//! Whether a network is horizontal or vertical is left to inference.

use super::actor::{self, Actor};
use super::dice::{Dice, Stream};
use super::prose::{Part, Scene};
use super::quads::{Object, Quads, Record};
use super::setting::Setting;
use crate::vocab::{dct, fl, skos};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use oxigraph::model::vocab::rdf;
use std::io::{self, Write};

/// How many actors are looked at to find members nearby.
const LOOKED_AT: u64 = 160;

/// The record of a network.
pub(crate) fn record(number: u64) -> Record {
    Record { kind: "rete", number }
}

/// Writes the network of this number with members among the actors before `actors`, of whom
/// there must be six at least; about thirteen quads.
pub(crate) fn write<W: Write>(
    setting: &Setting<'_>,
    number: u64,
    actors: u64,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::Network, number);
    let coordinator = coordinator(setting, actors, &mut dice);
    let members = members(setting, &coordinator, actors, &mut dice);
    let place = setting.place(coordinator.area);
    let founded = founded(&mut dice);
    let field = setting.field(setting.theme(&mut dice));
    let scene = Scene {
        field,
        subject: setting.phrasebook.subject(field, &mut dice),
        place: &place.name,
        within: &place.within,
        year: founded.year(),
    };
    let (mut name, mut pact) = (String::new(), String::new());
    setting.phrasebook.say(Part::NetworkName, scene, &mut dice, &mut name);
    name.extend([", ", place.name.as_str()]);
    setting.phrasebook.say(Part::NetworkPact, scene, &mut dice, &mut pact);

    quads.about(record(number));
    quads.say(rdf::TYPE, Object::Iri(fl::NETWORK.as_str()))?;
    quads.say(skos::PREF_LABEL, Object::it(&name))?;
    quads.say(dct::DESCRIPTION, Object::it(&pact))?;
    quads.say(fl::COORDINATOR, Object::Record(actor::record(coordinator.number)))?;
    for member in members {
        quads.say(fl::MEMBER, Object::Record(actor::record(member)))?;
    }
    quads.say(fl::FOUNDED_ON, Object::date(&founded))?;
    quads.say(fl::JOINING_RULE, Object::it(setting.word("adesione", &mut dice)))?;
    quads.say(fl::DEMONSTRATION, Object::yes())
}

/// A public actor, one of the latest.
fn coordinator(setting: &Setting<'_>, actors: u64, dice: &mut Dice) -> Actor {
    let number = actors - 1 - dice.below(actors.min(40));
    Actor::of(setting, if actor::is_public(number) { number } else { number - 1 })
}

fn founded(dice: &mut Dice) -> Date {
    date(2005, 1, 1) + dice.between(0, 7_600).days()
}

/// The coordinator and others of its region; if the region has too few, of anywhere, but then
/// only such as leave the network at one level where that was asked for.
fn members(setting: &Setting<'_>, coordinator: &Actor, actors: u64, dice: &mut Dice) -> Vec<u64> {
    let wanted = 3 + dice.index(4) + dice.index(7);
    let (one_level, start) = (dice.percent(50), dice.below(actors));
    let region = setting.region(coordinator.area);
    let walk = |steps: u64| (0..steps.min(actors)).map(move |step| (start + step) % actors);
    let mut members = vec![coordinator.number];
    for number in walk(LOOKED_AT) {
        if members.len() == wanted {
            break;
        }
        let candidate = Actor::of(setting, number);
        let fits = !one_level || !actor::is_public(number) || candidate.level == coordinator.level;
        let near = setting.region(candidate.area) == region;
        if fits && near && number != coordinator.number {
            members.push(number);
        }
    }
    for number in walk(actors) {
        if members.len() >= 3 {
            break;
        }
        let fits = !one_level || !actor::is_public(number);
        if fits && !members.contains(&number) {
            members.push(number);
        }
    }
    members
}
