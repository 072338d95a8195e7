//! Networks: three to twelve actors already written, half of them all at one level of government.
//! Whether a network is horizontal or vertical is left to inference.

use super::actor::{self, Actor};
use super::dice::{Dice, Stream};
use super::part::Part;
use super::prose::Scene;
use super::quads::{Object, Quads, Record};
use super::setting::Setting;
use super::timeline::CLOSED;
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
/// there must be six at least; about forty quads.
pub(crate) fn write<W: Write>(
    setting: &Setting<'_>,
    number: u64,
    actors: u64,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::Network, number);
    let dice = &mut dice;
    let coordinator = coordinator(setting, actors, dice);
    let members = members(setting, &coordinator, actors, dice);
    let place = setting.place(coordinator.area);
    let founded = founded(dice);
    let field = setting.field(setting.theme(dice));
    let scene = Scene {
        field,
        subject: setting.phrasebook.subject(field, dice),
        place: &place.name,
        within: &place.within,
        year: founded.year(),
    };
    let (mut name, mut pact) = (String::new(), String::new());
    setting.phrasebook.say(Part::NetworkName, scene, dice, &mut name);
    name.extend([", ", place.name.as_str()]);
    setting.phrasebook.say(Part::NetworkPact, scene, dice, &mut pact);

    quads.about(record(number));
    quads.say(rdf::TYPE, Object::Iri(fl::NETWORK.as_str()))?;
    quads.say(skos::PREF_LABEL, Object::it(&name))?;
    quads.say(dct::DESCRIPTION, Object::it(&pact))?;
    quads.say(fl::COORDINATOR, Object::Record(actor::record(coordinator.number)))?;
    for member in &members {
        quads.say(fl::MEMBER, Object::Record(actor::record(*member)))?;
    }
    quads.say(fl::FOUNDED_ON, Object::date(&founded))?;
    quads.say(fl::JOINING_RULE, Object::it(setting.word("adesione", dice)))?;
    quads.say(fl::DEMONSTRATION, Object::yes())?;
    if dice.percent(60) {
        memberships(&members, actors, founded, dice, quads)?;
    }
    Ok(())
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

/// Who takes part since when and as what: all members, of whom the first coordinates, and others
/// that only observe or have left.
fn memberships<W: Write>(
    members: &[u64],
    actors: u64,
    founded: Date,
    dice: &mut Dice,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut all: Vec<Membership> = Vec::with_capacity(members.len() + 2);
    for (at, member) in members.iter().enumerate() {
        let (role, start) = match (at, dice.below(100)) {
            (0, _) => ("coordinator", founded),
            (_, 0..80) => ("member", later(founded, dice)),
            (_, 80..87) => ("funder", later(founded, dice)),
            (_, 87..93) => ("scientific-partner", later(founded, dice)),
            _ => ("secretariat", later(founded, dice)),
        };
        all.push(Membership { actor: *member, role, start, end: None });
    }
    let from = dice.below(actors);
    let around = (0..actors.min(LOOKED_AT)).map(|step| (from + step) % actors);
    let mut outsiders = around.filter(|number| !members.contains(number));
    for (share, role, left) in [(50, "observer", false), (40, "member", true)] {
        let Some(actor) = outsiders.next().filter(|_| dice.percent(share)) else { continue };
        let start = later(founded, dice);
        all.push(Membership { actor, role, start, end: left.then(|| later(start, dice)) });
    }
    for (at, membership) in (1..).zip(all) {
        membership.write(&format!("membership-{at}"), quads)?;
    }
    Ok(())
}

/// A day of the three years after another, before the catalogue was closed.
fn later(day: Date, dice: &mut Dice) -> Date {
    let left = i64::from((CLOSED - day).get_days());
    day + dice.between(0, left.min(1_100)).days()
}

/// An actor's part in a network.
struct Membership {
    actor: u64,
    role: &'static str,
    start: Date,
    end: Option<Date>,
}

impl Membership {
    fn write<W: Write>(&self, fragment: &str, quads: &mut Quads<'_, W>) -> io::Result<()> {
        quads.say(fl::MEMBERSHIP, Object::Fragment(fragment))?;
        let mut say = |property, object: Object<'_>| quads.say_of(fragment, property, object);
        say(rdf::TYPE, Object::Iri(fl::MEMBERSHIP_CLASS.as_str()))?;
        say(fl::PARTICIPANT, Object::Record(actor::record(self.actor)))?;
        say(fl::ROLE, Object::Concept("network-roles", self.role))?;
        say(fl::START_DATE, Object::date(&self.start))?;
        self.end.map_or(Ok(()), |end| say(fl::END_DATE, Object::date(&end)))
    }
}
