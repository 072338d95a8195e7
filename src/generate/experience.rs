//! Experiences, each drawn from its number alone.
//! Refers to actors, networks and experiences of earlier numbers, never to later ones, unless a
//! fault is asked for.

use super::actor::{self, Actor};
use super::cadence::Before;
use super::dice::{Dice, Stream};
use super::evidence::Proof;
use super::faults::Fault;
use super::part::Part;
use super::prose::Scene;
use super::quads::{Object, Quads, Record};
use super::setting::{Area, Level, Setting};
use super::timeline::Timeline;
use super::{assessment, means, money, network, transfer};
use crate::vocab::{self, dct, fl, skos};
use jiff::ToSpan;
use oxigraph::model::NamedNodeRef;
use oxigraph::model::vocab::{rdf, xsd};
use std::io::{self, Write};

/// What is added to the number of a record to name one that does not exist.
const NOBODY: u64 = 1_000_000_000_000;
/// How many of the latest experiences are looked at to find some of the same theme.
const LOOKED_AT: u64 = 80;

/// An experience of the catalogue.
#[derive(Debug)]
pub(crate) struct Experience {
    before: Before,
    lead: Actor,
    /// A place in the list of themes.
    pub(crate) theme: usize,
    timeline: Timeline,
    /// A hidden measure of how good it is, from 0 to 999; most are in the middle.
    quality: u64,
    proof: Proof,
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

/// The properties that say of what kind the texts of others are.
fn kind_of(property: NamedNodeRef<'_>) -> Option<NamedNodeRef<'static>> {
    if property == fl::OBSTACLE {
        Some(fl::OBSTACLE_KIND)
    } else {
        (property == fl::SUCCESS_FACTOR).then_some(fl::SUCCESS_FACTOR_KIND)
    }
}

impl Experience {
    /// The experience of this number. Nine of ten are led by a public administration.
    pub(crate) fn of(setting: &Setting<'_>, number: u64) -> Self {
        let before = Before::experience(number);
        let mut dice = setting.chance.dice(Stream::Experience, number);
        let theme = setting.theme(&mut dice);
        let latest = before.actors - 1;
        let any = if dice.percent(50) { latest } else { dice.below(before.actors) };
        let public = actor::is_public(any) || dice.percent(10);
        let lead = Actor::of(setting, if public { any } else { any - 1 });
        let timeline = Timeline::draw(&mut dice);
        let quality = (dice.below(1_000) + dice.below(1_000)) / 2;
        let (measured, reviewed) = (dice.percent(25), dice.percent(40));
        // Who claims too much proves nothing, so that the claim is surely wrong.
        let honest = !setting.faults.strike(Fault::OverclaimedEvidence, number);
        let proof = Proof {
            measured: measured && honest && timeline.begun(),
            reviewed: reviewed && honest && before.assessed(),
            lasting: timeline.lasting(),
        };
        Self { before, lead, theme, timeline, quality, proof, dice }
    }

    /// Its number.
    pub(crate) fn number(&self) -> u64 {
        self.before.number
    }

    /// What others say of it is set where its lead is.
    pub(crate) fn scene<'a>(&self, setting: &Setting<'a>, dice: &mut Dice) -> Scene<'a> {
        let place = setting.place(self.lead.area);
        let field = setting.field(self.theme);
        Scene {
            field,
            subject: setting.phrasebook.subject(field, dice),
            place: &place.name,
            within: &place.within,
            year: self.timeline.start.year(),
        }
    }

    /// Others of the same theme, at most so many, among the latest of those done so far.
    pub(crate) fn alike(&self, setting: &Setting<'_>, done: u64, most: usize) -> Vec<u64> {
        (done.saturating_sub(LOOKED_AT)..done)
            .rev()
            .filter(|number| *number != self.number())
            .filter(|number| theme(setting, *number) == self.theme)
            .take(most)
            .collect()
    }

    /// Writes the record, and its self-assessment if it has one.
    pub(crate) fn write<W: Write>(
        mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        let before = self.before;
        let place = setting.place(self.lead.area);
        let around = format!("{} e nei comuni vicini", place.within);
        let mut dice = setting.chance.dice(Stream::Subject, before.number);
        let mut scene = self.scene(setting, &mut dice);
        match self.lead.level {
            Level::Supramunicipal => scene.within = &around,
            Level::National => scene.within = "in più regioni",
            _ => {}
        }
        quads.about(record(before.number));
        self.identity(quads)?;
        let title = self.prose(setting, scene, quads)?;
        self.other_languages(setting, scene, quads)?;
        self.subjects(setting, quads)?;
        self.places(setting, quads)?;
        self.people(setting, quads)?;
        self.days(setting, quads)?;
        money::write(setting, before, &self.lead, &self.timeline, quads)?;
        means::write(setting, before, scene, quads)?;
        self.measure(setting, quads)?;
        self.contact(setting, quads)?;
        transfer::write(setting, before, self.timeline.start, scene, quads)?;
        self.evidence(setting, quads)?;
        if before.assessed() {
            let day = self.timeline.assessed();
            let reviewed = self.proof.reviewed;
            let view = assessment::View { title: &title, quality: self.quality, day, reviewed };
            assessment::write(setting, record(before.number), view, quads)?;
        }
        Ok(())
    }

    fn identity<W: Write>(&mut self, quads: &mut Quads<'_, W>) -> io::Result<()> {
        let record = record(self.number());
        quads.say(rdf::TYPE, Object::Iri(fl::EXPERIENCE.as_str()))?;
        quads.say(dct::IDENTIFIER, Object::Slug(record))?;
        quads.say(dct::LICENSE, Object::Iri(vocab::LICENCE_CC_BY))?;
        quads.say(dct::LANGUAGE, Object::Listed(vocab::LANGUAGES, "ITA"))?;
        if self.dice.percent(15) {
            let page = format!("{}atti/{}", vocab::EXAMPLE, record.number);
            quads.say(dct::SOURCE, Object::Iri(&page))?;
        }
        quads.say(fl::DEMONSTRATION, Object::yes())
    }

    /// The Italian texts; gives the title, which a fault may have left out of the record.
    fn prose<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        scene: Scene<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<String> {
        let dice = &mut self.dice;
        let title = setting.phrasebook.text(Part::Title, scene, dice);
        if !setting.faults.strike(Fault::MissingTitle, self.before.number) {
            quads.say(dct::TITLE, Object::it(&title))?;
        }
        quads.say(dct::DESCRIPTION, Object::it(&description(setting, scene, dice)))?;
        for (property, part, once, twice) in TEXTS {
            if part == Part::Achieved && !self.timeline.begun() {
                continue;
            }
            let say = |dice: &mut Dice| setting.phrasebook.text(part, scene, dice);
            let first = dice.percent(once).then(|| say(dice));
            let second = dice.percent(twice).then(|| say(dice));
            let second = second.filter(|text| Some(text) != first.as_ref());
            for text in first.iter().chain(&second) {
                quads.say(property, Object::it(text))?;
            }
            if let Some(kind) = kind_of(property).filter(|_| first.is_some()) {
                means::factor(kind, dice, quads)?;
            }
        }
        Ok(title)
    }

    /// English for one of five; German where it is spoken.
    fn other_languages<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        scene: Scene<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        let german = setting.place(self.lead.area).german.as_deref();
        let languages = [
            ("ENG", "en", [Part::EnglishTitle, Part::EnglishAbstract], Some(scene.place), 20),
            ("DEU", "de", [Part::GermanTitle, Part::GermanAbstract], german, 90),
        ];
        for (code, tag, [title, text], place, share) in languages {
            let Some(place) = place.filter(|_| self.dice.percent(share)) else { continue };
            let scene = Scene { place, ..scene };
            let mut say = |part| setting.phrasebook.text(part, scene, &mut self.dice);
            let (title, text) = (say(title), say(text));
            quads.say(dct::LANGUAGE, Object::Listed(vocab::LANGUAGES, code))?;
            if !setting.faults.strike(Fault::MissingTitle, self.before.number) {
                quads.say(dct::TITLE, Object::Text(&title, tag))?;
            }
            quads.say(dct::DESCRIPTION, Object::Text(&text, tag))?;
        }
        Ok(())
    }

    fn subjects<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        let ground = setting.ground;
        let known = !setting.faults.strike(Fault::UnknownTheme, self.before.number);
        let unknown = Record { kind: "tema", number: self.before.number + NOBODY };
        let first = Object::Iri(&ground.themes[self.theme]);
        quads.say(dct::SUBJECT, if known { first } else { Object::Record(unknown) })?;
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

    fn people<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        let Before { number, actors, networks } = self.before;
        let actor = |number| Object::Record(actor::record(number));
        quads.say(fl::LEAD_ACTOR, actor(self.lead.number))?;
        if actors > 1 && setting.faults.strike(Fault::TwoLeads, number) {
            quads.say(fl::LEAD_ACTOR, actor((self.lead.number + 1) % actors))?;
        }
        let partner = self.dice.below(actors);
        if partner != self.lead.number && self.dice.percent(55) {
            quads.say(fl::PARTNER, actor(partner))?;
        }
        if setting.faults.strike(Fault::DanglingActor, number) {
            quads.say(fl::PARTNER, actor(number + NOBODY))?;
        }
        if networks > 0 && self.dice.percent(20) {
            let network = network::record(self.dice.below(networks));
            quads.say(fl::NETWORK_OF, Object::Record(network))?;
        }
        Ok(())
    }

    fn days<W: Write>(&self, setting: &Setting<'_>, quads: &mut Quads<'_, W>) -> io::Result<()> {
        let Timeline { phase, start, end, issued, modified, reviewed } = self.timeline;
        let early = setting.faults.strike(Fault::EndBeforeStart, self.number());
        let end = if early { Some(start - 40.days()) } else { end };
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

    /// An indicator, for one experience of four.
    fn measure<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        if !self.proof.measured {
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
        quads.say_of(fragment, fl::BASELINE, Object::Typed(&baseline, xsd::DECIMAL))?;
        if self.dice.percent(60) {
            let day = self.timeline.assessed();
            quads.say_of(fragment, dct::DATE, Object::date(&day))?;
        }
        Ok(())
    }

    fn contact<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        if self.dice.percent(20) {
            actor::contact(setting, self.lead.number, &mut self.dice, quads)?;
        }
        Ok(())
    }

    /// The self-assessment and the level of evidence, which half of those without one state too.
    fn evidence<W: Write>(
        &mut self,
        setting: &Setting<'_>,
        quads: &mut Quads<'_, W>,
    ) -> io::Result<()> {
        let Before { number, .. } = self.before;
        if self.before.assessed() {
            quads.say(fl::ASSESSMENT, Object::Record(assessment::record(number)))?;
        }
        let stated = self.before.assessed() || self.dice.percent(50);
        let level = self.proof.certain(self.before.may_be_origin()).filter(|_| stated);
        let overclaimed = setting.faults.strike(Fault::OverclaimedEvidence, number);
        let level = if overclaimed { Some("consolidated") } else { level };
        level.map_or(Ok(()), |level| {
            quads.say(fl::EVIDENCE_LEVEL, Object::Concept("evidence", level))
        })
    }
}

/// The theme of the experience of this number, as [`Experience::of`] draws it first.
fn theme(setting: &Setting<'_>, number: u64) -> usize {
    setting.theme(&mut setting.chance.dice(Stream::Experience, number))
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
