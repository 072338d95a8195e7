//! Actors: administrations and organisations, each known from its number alone.
//! Two of three are public. Knows nothing of what they do together.

use super::codes::{ipa_code, tax_code};
use super::dice::{Dice, Stream};
use super::means;
use super::quads::{Object, Quads, Record};
use super::setting::{Area, Level, Setting};
use crate::vocab::{self, fl, foaf, skos, vcard};
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

/// One of so many actors that is no public administration, if there is one.
pub(crate) fn other(actors: u64, dice: &mut Dice) -> Option<u64> {
    (actors > 2).then(|| dice.below(actors / 3) * 3 + 2)
}

/// The record of an actor.
pub(crate) fn record(number: u64) -> Record {
    Record { kind: "attore", number }
}

/// Writes the office to turn to about the current record, which this actor runs: four quads, or
/// five with a telephone.
pub(crate) fn contact<W: Write>(
    setting: &Setting<'_>,
    number: u64,
    dice: &mut Dice,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let address = format!("mailto:ufficio-{number}@example.org");
    quads.say(fl::CONTACT_POINT, Object::Fragment("contact"))?;
    quads.say_of("contact", rdf::TYPE, Object::Iri(vcard::ORGANIZATION.as_str()))?;
    quads.say_of("contact", vcard::FN, Object::it(setting.word("ufficio", dice)))?;
    quads.say_of("contact", vcard::HAS_EMAIL, Object::Iri(&address))?;
    if dice.percent(30) {
        // No area of the country has the code 0000.
        let telephone = format!("tel:+39-0000-{number:06}");
        quads.say_of("contact", vcard::HAS_TELEPHONE, Object::Iri(&telephone))?;
    }
    Ok(())
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

    /// Writes the record, about ten quads.
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
        self.codes(setting, quads)?;
        let number = self.number;
        if self.dice.percent(35) {
            let page = format!("{}attori/{number}", vocab::EXAMPLE);
            quads.say(foaf::HOMEPAGE, Object::Iri(&page))?;
        }
        if self.dice.percent(30) {
            contact(setting, number, &mut self.dice, quads)?;
        }
        means::competences(setting, fl::OFFERS_COMPETENCE, 12, &mut self.dice, quads)?;
        quads.say(fl::DEMONSTRATION, Object::yes())
    }

    /// What it is known by in registers, and an abbreviation for a few.
    fn codes<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        if self.dice.percent(40) {
            quads.say(fl::TAX_CODE, Object::String(&tax_code(self.number)))?;
        }
        let prefix = match (self.kind, self.level) {
            (Kind::Public, Level::Municipal) => Some('c'),
            (Kind::Public, Level::Provincial) => Some('p'),
            (Kind::Public, Level::Regional) => Some('r'),
            _ => None,
        };
        if let Some(prefix) = prefix.filter(|_| self.dice.percent(70)) {
            let code = ipa_code(prefix, &setting.place(self.area).code, self.number);
            quads.say(fl::IPA_CODE, Object::String(&code))?;
        }
        if self.kind != Kind::Public && self.dice.percent(15) {
            let short = format!("{} {}", setting.word("motto", &mut self.dice), self.number);
            quads.say(skos::ALT_LABEL, Object::it(&short))?;
        }
        Ok(())
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
