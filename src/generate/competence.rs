//! Competences: a fixed list, `competences.txt`, that every catalogue begins with.
//! Knows their names and which is wider; who needs or offers them is known elsewhere.

use super::dice::{Dice, Weights};
use super::quads::{Object, Quads, Record};
use crate::vocab::{fl, skos};
use oxigraph::model::vocab::rdf;
use std::io::{self, Write};

const COMPETENCES: &str = include_str!("competences.txt");

/// One line of the list.
#[derive(Debug)]
struct Competence {
    names: [&'static str; 2],
    other: Option<&'static str>,
    /// The number of the wider one.
    broader: Option<u64>,
    definitions: [&'static str; 2],
}

/// All competences; a few are asked for often.
#[derive(Debug)]
pub(crate) struct Competences {
    list: Vec<Competence>,
    ranks: Weights,
}

impl Competences {
    /// Reads those that are part of the program.
    pub(crate) fn new() -> Self {
        let lines = COMPETENCES.lines().filter(|line| !line.starts_with('#'));
        let list: Vec<Competence> = lines.map(read).collect();
        Self { ranks: Weights::zipf(list.len()), list }
    }

    /// Draws one.
    pub(crate) fn draw(&self, dice: &mut Dice) -> Record {
        record(self.ranks.draw(dice) as u64)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.list.len() as u64
    }

    /// Writes the records, six to nine quads each.
    pub(crate) fn write<W: Write>(&self, quads: &mut Quads<'_, W>) -> io::Result<()> {
        for (number, competence) in (0..).zip(&self.list) {
            quads.about(record(number));
            quads.say(rdf::TYPE, Object::Iri(fl::COMPETENCE_CLASS.as_str()))?;
            for (property, [it, en]) in
                [(skos::PREF_LABEL, competence.names), (skos::DEFINITION, competence.definitions)]
            {
                quads.say(property, Object::it(it))?;
                quads.say(property, Object::en(en))?;
            }
            if let Some(other) = competence.other {
                quads.say(skos::ALT_LABEL, Object::it(other))?;
            }
            if let Some(broader) = competence.broader {
                quads.say(skos::BROADER, Object::Record(record(broader)))?;
            }
            quads.say(fl::DEMONSTRATION, Object::yes())?;
        }
        Ok(())
    }
}

fn record(number: u64) -> Record {
    Record { kind: "competenza", number }
}

/// Reads `name | English name | other name or - | number of the wider one or - | two definitions`.
fn read(line: &'static str) -> Competence {
    let mut parts = line.split(" | ");
    let mut next = || parts.next().unwrap_or_default();
    Competence {
        names: [next(), next()],
        other: Some(next()).filter(|name| *name != "-"),
        broader: next().parse().ok(),
        definitions: [next(), next()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_competence_is_defined_in_two_languages_and_the_wider_one_comes_before_it() {
        let competences = Competences::new();
        for (number, competence) in (0..).zip(&competences.list) {
            let texts = [competence.names, competence.definitions].concat();
            assert!(texts.iter().all(|text| text.len() > 3), "{competence:?}");
            assert!(competence.broader.is_none_or(|broader| broader < number), "{competence:?}");
        }
        assert!(competences.list.iter().any(|competence| competence.broader.is_some()));
    }
}
