//! Experiences, each drawn from its number alone.
//! Refers to actors, networks and experiences of earlier numbers, never to later ones.

use super::actor::{self, Actor};
use super::dice::{Dice, Stream};
use super::prose::{Part, Scene};
use super::quads::{Object, Quads, Record};
use super::setting::{Area, Level, Setting};
use super::timeline::Timeline;
use super::{assessment, network};
use crate::vocab::{self, dct, fl, skos, vcard};
use oxigraph::model::NamedNodeRef;
use oxigraph::model::vocab::{rdf, xsd};
use std::io::{self, Write};

/// What surrounds an experience when it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before {
    /// How many actors have been written.
    pub(crate) actors: u64,
    /// How many networks have been written.
    pub(crate) networks: u64,
    /// Whether a self-assessment follows.
    pub(crate) assessed: bool,
}

/// An experience of the catalogue.
#[derive(Debug)]
pub(crate) struct Experience {
    number: u64,
    lead: Actor,
    theme: usize,
    timeline: Timeline,
    /// A hidden measure of how good it is, from 0 to 999; most are in the middle.
    quality: u64,
    dice: Dice,
}

/// The record of an experience.
pub(crate) fn record(number: u64) -> Record {
    Record { kind: "esperienza", number }
}

/// A text of its own, repeated for some experiences: property, section, and the shares out of a
/// hundred that have it once and twice.
const TEXTS: [(NamedNodeRef<'static>, Part, u64, u64); 7] = [
    (fl::CONTEXT, Part::Context, 60, 0),
    (fl::OBJECTIVE, Part::Objective, 100, 30),
    (fl::ACTIVITY, Part::Activity, 100, 20),
    (fl::EXPECTED_RESULT, Part::Expected, 55, 0),
    (fl::ACHIEVED_RESULT, Part::Achieved, 45, 0),
    (fl::OBSTACLE, Part::Obstacle, 45, 0),
    (fl::SUCCESS_FACTOR, Part::Factor, 25, 0),
];

/// Where money comes from, the most frequent first, and the share out of a hundred of each.
const FUNDING: [(&str, u64); 11] = [
    ("municipal-budget", 26),
    ("regional-fund", 20),
    ("national-social-fund", 13),
    ("national-family-fund", 11),
    ("pnrr", 8),
    ("foundation", 7),
    ("esf-plus", 6),
    ("user-fees", 4),
    ("private", 3),
    ("erdf", 1),
    ("eu-other", 1),
];

impl Experience {
    /// The experience of this number. Nine of ten are led by a public administration.
    pub(crate) fn of(setting: &Setting<'_>, number: u64, before: Before) -> Self {
        let mut dice = setting.chance.dice(Stream::Experience, number);
        let latest = before.actors - 1;
        let any = if dice.percent(50) { latest } else { dice.below(before.actors) };
        let public = actor::is_public(any) || dice.percent(10);
        let lead = Actor::of(setting, if public { any } else { any - 1 });
        let theme = setting.theme(&mut dice);
        let timeline = Timeline::draw(&mut dice);
        let quality = (dice.below(1_000) + dice.below(1_000)) / 2;
        Self { number, lead, theme, timeline, quality, dice }
    }

    /// Writes the record, and its self-assessment if it has one.
    pub(crate) fn write<W: Write>(
        mut self,
        setting: &Setting<'_>,
        before: Before,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        quads.about(record(self.number));
        self.identity(quads)?;
        self.prose(setting, quads)?;
        self.subjects(setting, quads)?;
        self.places(setting, quads)?;
        self.people(before, quads)?;
        self.days(quads)?;
        self.money(setting, quads)?;
        self.measure(setting, quads)?;
        self.contact(setting, quads)?;
        self.links(before, quads)?;
        if before.assessed {
            let day = self.timeline.assessed();
            assessment::write(setting, record(self.number), self.quality, day, quads)?;
        }
        Ok(())
    }

    fn identity<W: Write>(&self, quads: &mut Quads<'_, W>) -> io::Result<()> {
        quads.say(rdf::TYPE, Object::Iri(fl::EXPERIENCE.as_str()))?;
        quads.say(dct::IDENTIFIER, Object::Slug(record(self.number)))?;
        quads.say(dct::LICENSE, Object::Iri(vocab::LICENCE_CC_BY))?;
        quads.say(dct::LANGUAGE, Object::Listed(vocab::LANGUAGES, "ITA"))?;
        quads.say(fl::DEMONSTRATION, Object::yes())
    }

    fn prose<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        let place = setting.place(self.lead.area);
        let around;
        let within = match self.lead.level {
            Level::Supramunicipal => {
                around = format!("{} e nei comuni vicini", place.within);
                &around
            }
            Level::National => "in più regioni",
            _ => &place.within,
        };
        let (field, dice) = (setting.field(self.theme), &mut self.dice);
        let subject = setting.phrasebook.subject(field, dice);
        let year = self.timeline.start.year();
        let scene = Scene { field, subject, place: &place.name, within, year };
        let say = |part, dice: &mut Dice| {
            let mut text = String::with_capacity(400);
            setting.phrasebook.say(part, scene, dice, &mut text);
            text
        };
        quads.say(dct::TITLE, Object::it(&say(Part::Title, dice)))?;
        quads.say(dct::DESCRIPTION, Object::it(&description(setting, scene, dice)))?;
        for (property, part, once, twice) in TEXTS {
            let first = dice.percent(once).then(|| say(part, dice));
            let second = dice.percent(twice).then(|| say(part, dice));
            let second = second.filter(|text| Some(text) != first.as_ref());
            for text in first.iter().chain(&second) {
                quads.say(property, Object::it(text))?;
            }
        }
        if dice.percent(20) {
            quads.say(dct::LANGUAGE, Object::Listed(vocab::LANGUAGES, "ENG"))?;
            quads.say(dct::TITLE, Object::en(&say(Part::EnglishTitle, dice)))?;
            quads.say(dct::DESCRIPTION, Object::en(&say(Part::EnglishAbstract, dice)))?;
        }
        Ok(())
    }

    fn subjects<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        let ground = setting.ground;
        quads.say(dct::SUBJECT, Object::Iri(&ground.themes[self.theme]))?;
        let second = setting.theme(&mut self.dice);
        if second != self.theme && self.dice.percent(30) {
            quads.say(dct::SUBJECT, Object::Iri(&ground.themes[second]))?;
        }
        let (first, second) = (setting.target(&mut self.dice), setting.target(&mut self.dice));
        quads.say(fl::TARGET_GROUP, Object::Iri(&ground.targets[first]))?;
        if second != first && self.dice.percent(30) {
            quads.say(fl::TARGET_GROUP, Object::Iri(&ground.targets[second]))?;
        }
        Ok(())
    }

    fn places<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        quads.say(fl::GOVERNMENT_LEVEL, Object::Concept("levels", self.lead.level.name()))?;
        let ground = setting.ground;
        let (first, second) = match (self.lead.level, self.lead.area) {
            (Level::National, _) => {
                let region = self.dice.index(ground.regions.len());
                (Area::Region(region), Area::Region((region + 1) % ground.regions.len()))
            }
            (Level::Supramunicipal, Area::Municipality(at)) => {
                // The next of the list, if it is in the same province: the list goes by province.
                let next = (at + 1) % ground.municipalities.len();
                let near = ground.municipalities[next].parent == ground.municipalities[at].parent;
                (Area::Municipality(at), Area::Municipality(if near { next } else { at }))
            }
            (_, area) => (area, area),
        };
        quads.say(fl::TERRITORY_OF, Object::Iri(&setting.place(first).iri))?;
        if first != second {
            quads.say(fl::TERRITORY_OF, Object::Iri(&setting.place(second).iri))?;
        }
        Ok(())
    }

    fn people<W: Write>(&mut self, before: Before, quads: &mut Quads<'_, W>) -> io::Result<()> {
        quads.say(fl::LEAD_ACTOR, Object::Record(actor::record(self.lead.number)))?;
        let partner = self.dice.below(before.actors);
        if partner != self.lead.number && self.dice.percent(55) {
            quads.say(fl::PARTNER, Object::Record(actor::record(partner)))?;
        }
        if before.networks > 0 && self.dice.percent(20) {
            let network = network::record(self.dice.below(before.networks));
            quads.say(fl::NETWORK_OF, Object::Record(network))?;
        }
        Ok(())
    }

    fn days<W: Write>(&self, quads: &mut Quads<'_, W>) -> io::Result<()> {
        let Timeline { phase, start, end, issued, modified, reviewed } = self.timeline;
        quads.say(fl::PHASE, Object::Concept("phases", phase))?;
        quads.say(fl::START_DATE, Object::date(&start))?;
        quads.say(dct::ISSUED, Object::date(&issued))?;
        let others =
            [(fl::END_DATE, end), (dct::MODIFIED, modified), (fl::LAST_REVIEWED, reviewed)];
        for (property, day) in others {
            if let Some(day) = day {
                quads.say(property, Object::date(&day))?;
            }
        }
        Ok(())
    }

    /// A budget that grows with the people it is for, in hundreds of euro, and its sources.
    fn money<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        let people = setting.place(self.lead.area).population;
        let median = match (self.lead.level, people) {
            (Level::National, _) => 60_000.0,
            (Level::Regional, _) => 18_000.0,
            (Level::Provincial, _) => 3_000.0,
            (_, 0..5_000) => 120.0,
            (_, 5_000..20_000) => 350.0,
            (_, 20_000..100_000) => 1_100.0,
            _ => 3_800.0,
        };
        if self.dice.percent(80) {
            // A few tens at least, some ten thousand times that at most: no digit is lost.
            let hundreds = (median * self.dice.log_normal(0.9)) as u64;
            let euro = hundreds.max(5) * 100;
            quads.say(fl::BUDGET, Object::Typed(&euro, xsd::DECIMAL))?;
        }
        let (first, second) = (self.funding(), self.funding());
        quads.say(fl::FUNDING_SOURCE, Object::Concept("funding", first))?;
        if first != second && self.dice.percent(20) {
            quads.say(fl::FUNDING_SOURCE, Object::Concept("funding", second))?;
        }
        Ok(())
    }

    fn funding(&mut self) -> &'static str {
        let mut point = self.dice.below(100);
        for (name, share) in FUNDING {
            if point < share {
                return name;
            }
            point -= share;
        }
        FUNDING[0].0
    }

    /// An indicator, for one experience of five.
    fn measure<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        if !self.dice.percent(20) {
            return Ok(());
        }
        let indicator = setting.word("indicatore", &mut self.dice);
        let (name, unit) = indicator.split_once(" / ").unwrap_or((indicator, ""));
        let baseline = self.dice.between(5, 60);
        let value = baseline + self.dice.between(-4, 40);
        let fragment = "indicator-1";
        quads.say(fl::INDICATOR, Object::Fragment(fragment))?;
        quads.say_of(fragment, rdf::TYPE, Object::Iri(fl::INDICATOR_CLASS.as_str()))?;
        quads.say_of(fragment, skos::PREF_LABEL, Object::it(name))?;
        quads.say_of(fragment, fl::UNIT, Object::it(unit))?;
        quads.say_of(fragment, fl::VALUE, Object::Typed(&value, xsd::DECIMAL))?;
        quads.say_of(fragment, fl::BASELINE, Object::Typed(&baseline, xsd::DECIMAL))
    }

    fn contact<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        if !self.dice.percent(20) {
            return Ok(());
        }
        let office = setting.word("ufficio", &mut self.dice);
        let address = format!("mailto:ufficio-{}@example.org", self.lead.number);
        quads.say(fl::CONTACT_POINT, Object::Fragment("contact"))?;
        quads.say_of("contact", rdf::TYPE, Object::Iri(vcard::ORGANIZATION.as_str()))?;
        quads.say_of("contact", vcard::FN, Object::it(office))?;
        quads.say_of("contact", vcard::HAS_EMAIL, Object::Iri(&address))
    }

    /// What it was taken over from, and how far it is proven.
    fn links<W: Write>(&mut self, before: Before, quads: &mut Quads<'_, W>) -> io::Result<()> {
        if self.number > 0 && self.dice.percent(12) {
            // The smaller of two draws: the older an experience, the more often it is taken over.
            let origin = self.dice.below(self.number).min(self.dice.below(self.number));
            quads.say(fl::TRANSFERRED_FROM, Object::Record(record(origin)))?;
        }
        if before.assessed {
            quads.say(fl::ASSESSMENT, Object::Record(assessment::record(self.number)))?;
            let level = match self.quality {
                0..400 => "emerging",
                400..700 => "promising",
                _ => "consolidated",
            };
            quads.say(fl::EVIDENCE_LEVEL, Object::Concept("evidence", level))?;
        }
        Ok(())
    }
}

/// A description of three sentences, or four where they stay within ninety words.
fn description(setting: &Setting<'_>, scene: Scene<'_>, dice: &mut Dice) -> String {
    let mut text = String::with_capacity(800);
    for part in [Part::Opening, Part::Course, Part::Organisation, Part::Outcome] {
        if part == Part::Outcome && text.split(' ').count() > 60 {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        setting.phrasebook.say(part, scene, dice, &mut text);
    }
    text
}
