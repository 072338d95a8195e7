//! The world one run takes place in: the ground, the words, and what is frequent in it.
//! Holds nothing that grows with the number of records.

use super::competence::Competences;
use super::dice::{Chance, Dice, Stream, Weights};
use super::faults::{Faults, Share};
use super::ground::{Ground, Place};
use super::lexicon::Lexicon;
use super::prose::Phrasebook;

/// A level of government.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Municipal,
    Supramunicipal,
    Provincial,
    Regional,
    National,
}

impl Level {
    /// Its name in the list of levels.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Municipal => "municipal",
            Self::Supramunicipal => "supramunicipal",
            Self::Provincial => "provincial",
            Self::Regional => "regional",
            Self::National => "national",
        }
    }
}

/// A territory of the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Area {
    Municipality(usize),
    Province(usize),
    Region(usize),
}

/// A list in which few things are drawn often and many seldom.
#[derive(Debug)]
struct Skewed {
    /// Places in the list, the most frequent first.
    order: Vec<usize>,
    ranks: Weights,
}

impl Skewed {
    fn new(length: usize, dice: &mut Dice) -> Self {
        let mut order: Vec<usize> = (0..length).collect();
        for last in (1..length).rev() {
            order.swap(last, dice.index(last + 1));
        }
        Self { order, ranks: Weights::zipf(length) }
    }

    fn draw(&self, dice: &mut Dice) -> usize {
        self.order[self.ranks.draw(dice)]
    }
}

/// The world one run takes place in.
#[derive(Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) ground: &'a Ground,
    pub(crate) phrasebook: Phrasebook,
    pub(crate) chance: Chance,
    pub(crate) competences: Competences,
    pub(crate) faults: Faults,
    municipalities: Weights,
    provinces: Weights,
    regions: Weights,
    themes: Skewed,
    targets: Skewed,
    /// The field of every theme.
    fields: Vec<usize>,
    /// The most populous municipality, where national bodies have their seat.
    capital: usize,
}

impl<'a> Setting<'a> {
    /// The world of this seed, with so many experiences of which some have the faults asked for.
    pub(crate) fn new(ground: &'a Ground, seed: u64, experiences: u64, faults: &[Share]) -> Self {
        let chance = Chance::new(seed);
        let mut dice = chance.dice(Stream::Setting, 0);
        let lexicon = Lexicon::new();
        let weights = |places: &[Place]| Weights::of(places.iter().map(|place| place.population));
        let populations = ground.municipalities.iter().map(|place| place.population).enumerate();
        Self {
            ground,
            municipalities: weights(&ground.municipalities),
            provinces: weights(&ground.provinces),
            regions: weights(&ground.regions),
            themes: Skewed::new(ground.themes.len(), &mut dice),
            targets: Skewed::new(ground.targets.len(), &mut dice),
            fields: ground.themes.iter().map(|theme| lexicon.field_of(theme)).collect(),
            capital: populations.max_by_key(|(_, people)| *people).map_or(0, |(at, _)| at),
            phrasebook: Phrasebook::new(lexicon),
            competences: Competences::new(),
            faults: Faults::new(faults, chance.clone(), experiences),
            chance,
        }
    }

    /// A territory for an actor of this level, the populous ones more often.
    pub(crate) fn area(&self, level: Level, dice: &mut Dice) -> Area {
        match level {
            Level::Municipal | Level::Supramunicipal => {
                Area::Municipality(self.municipalities.draw(dice))
            }
            Level::Provincial => Area::Province(self.provinces.draw(dice)),
            Level::Regional => Area::Region(self.regions.draw(dice)),
            Level::National => Area::Municipality(self.capital),
        }
    }

    /// What the ground knows of a territory.
    pub(crate) fn place(&self, area: Area) -> &'a Place {
        match area {
            Area::Municipality(at) => &self.ground.municipalities[at],
            Area::Province(at) => &self.ground.provinces[at],
            Area::Region(at) => &self.ground.regions[at],
        }
    }

    /// The region a territory lies in, as a place in the list of regions.
    pub(crate) fn region(&self, area: Area) -> usize {
        match area {
            Area::Municipality(at) => {
                self.ground.provinces[self.ground.municipalities[at].parent].parent
            }
            Area::Province(at) => self.ground.provinces[at].parent,
            Area::Region(at) => at,
        }
    }

    /// A theme, as a place in the list of themes.
    pub(crate) fn theme(&self, dice: &mut Dice) -> usize {
        self.themes.draw(dice)
    }

    /// A target group, as a place in the list of target groups.
    pub(crate) fn target(&self, dice: &mut Dice) -> usize {
        self.targets.draw(dice)
    }

    /// The field whose words speak of a theme.
    pub(crate) fn field(&self, theme: usize) -> usize {
        self.fields[theme]
    }

    /// A word of a general plain list.
    pub(crate) fn word(&self, list: &str, dice: &mut Dice) -> &'static str {
        let list = self.phrasebook.lexicon().plain(list);
        list.words[list.draw(dice)]
    }
}
