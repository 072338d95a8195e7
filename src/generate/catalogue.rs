//! The whole catalogue, written as it is drawn: no set grows, whatever its size.
//! Decides which records come in which order; what is in them is known elsewhere.

use super::actor::Actor;
use super::experience::{Before, Experience};
use super::ground::Ground;
use super::network;
use super::quads::Quads;
use super::setting::Setting;
use crate::iri::Base;
use std::io::{self, Write};

/// Experiences for each actor.
const PER_ACTOR: u64 = 4;
/// Experiences for each network.
const PER_NETWORK: u64 = 25;
/// One experience out of so many has a self-assessment.
const ASSESSED: u64 = 8;

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
    /// All statements.
    pub quads: u64,
}

/// Writes a synthetic catalogue as N-Quads. `out` should be buffered; `progress` is told the
/// number of experiences written so far. Fails only where writing fails.
///
/// An actor comes before every four experiences and a network after every twenty-five; one
/// experience of eight is followed by its self-assessment. What refers to another record finds it
/// by arithmetic among those already written, so a larger catalogue begins with a smaller one of
/// the same seed. With about 28 quads an experience, 6 an actor, 13 a network and 49 an assessment
/// there are about 36 quads for each experience.
pub fn generate(
    ask: &Ask,
    ground: &Ground,
    out: &mut impl Write,
    mut progress: impl FnMut(u64),
) -> io::Result<Counts> {
    let setting = Setting::new(ground, ask.seed);
    let mut quads = Quads::new(out, ask.base.as_str(), &ask.source);
    let mut counts = Counts::default();
    for number in 0..ask.experiences {
        if number % PER_ACTOR == 0 {
            Actor::of(&setting, counts.actors).write(&setting, &mut quads)?;
            counts.actors += 1;
        }
        let before = Before {
            actors: counts.actors,
            networks: counts.networks,
            assessed: number % ASSESSED == ASSESSED / 2,
        };
        Experience::of(&setting, number, before).write(&setting, before, &mut quads)?;
        counts.experiences += 1;
        counts.assessments += u64::from(before.assessed);
        if counts.experiences % PER_NETWORK == 0 {
            network::write(&setting, counts.networks, counts.actors, &mut quads)?;
            counts.networks += 1;
        }
        progress(counts.experiences);
    }
    counts.quads = quads.count();
    Ok(counts)
}
