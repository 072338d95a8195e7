//! Actors: administrations and organisations, each known from its number alone.
//! Two of three are public. Knows nothing of what they do together.

use super::dice::{Dice, Stream};
use super::quads::{Object, Quads, Record};
use super::setting::{Area, Level, Setting};
use crate::vocab::{fl, skos};
use oxigraph::model::vocab::rdf;
use std::io::{self, Write};

/// The kinds of actors in the ontology.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Public,
    ThirdSector,
    PrivateSocial,
}

/// An actor of the catalogue.
#[derive(Debug)]
pub(crate) struct Actor {
    pub(crate) number: u64,
    pub(crate) kind: Kind,
    /// The level of government at which a public actor acts and to which another's reach answers.
    pub(crate) level: Level,
    pub(crate) area: Area,
    dice: Dice,
}

/// Whether the actor of this number is a public administration.
pub(crate) fn is_public(number: u64) -> bool {
    number % 3 != 2
}

/// The record of an actor.
pub(crate) fn record(number: u64) -> Record {
    Record { kind: "attore", number }
}

impl Actor {
    /// The actor of this number.
    pub(crate) fn of(setting: &Setting<'_>, number: u64) -> Self {
        let mut dice = setting.chance.dice(Stream::Actor, number);
        let kind = match (is_public(number), dice.below(10)) {
            (true, _) => Kind::Public,
            (false, 0..7) => Kind::ThirdSector,
            (false, _) => Kind::PrivateSocial,
        };
        let level = match (dice.below(100), kind) {
            (0..70, _) => Level::Municipal,
            (70..84, Kind::Public) => Level::Supramunicipal,
            (84..90, _) => Level::Provincial,
            (90..97, _) => Level::Regional,
            (97.., Kind::Public) => Level::National,
            _ => Level::Municipal,
        };
        let area = setting.area(level, &mut dice);
        Self { number, kind, level, area, dice }
    }

    /// Writes the record, five or six quads.
    pub(crate) fn write<W: Write>(
        mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        let name = self.name(setting);
        quads.about(record(self.number));
        quads.say(rdf::TYPE, Object::Iri(fl::ACTOR.as_str()))?;
        quads.say(rdf::TYPE, Object::Iri(self.class()))?;
        quads.say(skos::PREF_LABEL, Object::it(&name))?;
        quads.say(fl::TERRITORY_OF, Object::Iri(&setting.place(self.area).iri))?;
        if self.kind == Kind::Public {
            let level = Object::Concept("levels", self.level.name());
            quads.say(fl::GOVERNMENT_LEVEL, level)?;
        }
        quads.say(fl::DEMONSTRATION, Object::yes())
    }

    fn class(&self) -> &'static str {
        match self.kind {
            Kind::Public => fl::PUBLIC_ADMINISTRATION,
            Kind::ThirdSector => fl::THIRD_SECTOR_ORGANIZATION,
            Kind::PrivateSocial => fl::PRIVATE_SOCIAL_ORGANIZATION,
        }
        .as_str()
    }

    fn name(&mut self, setting: &Setting<'_>) -> String {
        let place = setting.place(self.area).name.as_str();
        if self.kind != Kind::Public {
            let form = match self.kind {
                Kind::ThirdSector => self.dice.pick(&[
                    "Cooperativa sociale",
                    "Associazione",
                    "Organizzazione di volontariato",
                    "Fondazione",
                    "Consorzio",
                ]),
                _ => self.dice.pick(&["Impresa sociale", "Opera pia", "Istituto", "Mutua"]),
            };
            return format!("{form} «{}» di {place}", setting.word("motto", &mut self.dice));
        }
        let offices = &setting.phrasebook.lexicon().plain("ufficio").words;
        // All alike, so that few offices of a city have the same name.
        let office = *self.dice.pick(offices);
        match self.level {
            Level::Municipal => format!("Comune di {place}, {office}"),
            Level::Supramunicipal => {
                let forms = ["Ambito sociale", "Unione dei comuni", "Distretto sociosanitario"];
                format!("{} di {place}, {office}", self.dice.pick(&forms))
            }
            Level::Provincial => format!("{place}, {office}"),
            Level::Regional => format!("Regione {place}, {office}"),
            Level::National => {
                let forms = ["Istituto nazionale", "Osservatorio nazionale", "Agenzia nazionale"];
                let form = self.dice.pick(&forms);
                format!("{form} «{}», {office}", setting.word("motto", &mut self.dice))
            }
        }
    }
}
