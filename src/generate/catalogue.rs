//! The whole catalogue, written as it is drawn: no set grows, whatever its size.
//! Decides which records come in which order; what is in them is known elsewhere.

use super::actor::Actor;
use super::cadence::{After, Before};
use super::experience::Experience;
use super::faults::Share;
use super::ground::Ground;
use super::quads::Quads;
use super::setting::Setting;
use super::{model, network, reading};
use crate::iri::Base;
use std::io::{self, Write};

/// What is asked of the generator.
#[derive(Debug, Clone)]
pub struct Ask {
    /// How many experiences.
    pub experiences: u64,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// The node's public address.
    pub base: Base,
    /// The source graph, a name that [`crate::iri::source_name`] takes; also a part of every slug.
    pub source: String,
    /// Faults to put in; none for a sound catalogue.
    pub faults: Vec<Share>,
}

impl Ask {
    /// The source graph used when none is named.
    pub const SOURCE: &'static str = "sintetico";
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub experiences: u64,
    pub actors: u64,
    pub networks: u64,
    pub assessments: u64,
    /// Models, paths, competences, resources, news, events and collections.
    pub others: u64,
    /// All statements.
    pub quads: u64,
}

/// Writes a synthetic catalogue as N-Quads. `out` should be buffered; `progress` is told the
/// number of experiences written so far. Fails only where writing fails.
///
/// Competences come first. An actor comes before every four experiences; one experience of ten
/// is followed by its self-assessment; networks, models, resources, news, events and collections
/// come after so many experiences. What refers to another record finds it by arithmetic among those
/// already written, so a larger catalogue begins with a smaller one of the same seed.
pub fn generate(
    ask: &Ask,
    ground: &Ground,
    out: &mut impl Write,
    mut progress: impl FnMut(u64),
) -> io::Result<Counts> {
    let setting = Setting::new(ground, ask.seed, ask.experiences, &ask.faults);
    let mut quads = Quads::new(out, ask.base.as_str(), &ask.source);
    let mut counts = Counts::default();
    if ask.experiences > 0 {
        setting.competences.write(&mut quads)?;
        counts.others += setting.competences.count();
    }
    for number in 0..ask.experiences {
        let before = Before::experience(number);
        if let Some(actor) = before.actor() {
            Actor::of(&setting, actor).write(&setting, &mut quads)?;
            counts.actors += 1;
        }
        Experience::of(&setting, number).write(&setting, &mut quads)?;
        counts.experiences += 1;
        counts.assessments += u64::from(before.assessed());
        follow(&setting, before, &mut counts, &mut quads)?;
        progress(counts.experiences);
    }
    counts.quads = quads.count();
    Ok(counts)
}

/// Writes what is due once an experience is done.
fn follow<W: Write>(
    setting: &Setting<'_>,
    before: Before,
    counts: &mut Counts,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let done = before.number + 1;
    let after = After::experiences(done);
    if let Some(number) = after.network {
        network::write(setting, number, before.actors, quads)?;
        counts.networks += 1;
    }
    if let Some(number) = after.model {
        model::write(setting, number, done, quads)?;
        counts.others += 2;
    }
    if let Some(number) = after.resource {
        reading::resource(setting, number, done, quads)?;
        counts.others += 1;
    }
    if let Some(number) = after.news {
        reading::news(setting, number, done, quads)?;
        counts.others += 1;
    }
    if let Some(number) = after.event {
        reading::event(setting, number, done, quads)?;
        counts.others += 1;
    }
    if let Some(number) = after.collection {
        reading::collection(setting, number, done, quads)?;
        counts.others += 1;
    }
    Ok(())
}
