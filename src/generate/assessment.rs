//! Self-assessments: ten scores that follow the hidden quality of the experience.
//! Knows the experience only by number, quality and date.

use super::dice::{Dice, Stream};
use super::quads::{Object, Quads, Record};
use super::setting::Setting;
use crate::vocab::{dct, fl};
use jiff::civil::Date;
use oxigraph::model::vocab::{rdf, xsd};
use std::io::{self, Write};

/// The criteria, each with the fragment of its score.
const CRITERIA: [(&str, &str); 10] = [
    ("innovation", "score-innovation"),
    ("sustainability", "score-sustainability"),
    ("transferability", "score-transferability"),
    ("subsidiarity", "score-subsidiarity"),
    ("participation", "score-participation"),
    ("effectiveness", "score-effectiveness"),
    ("efficiency", "score-efficiency"),
    ("equity", "score-equity"),
    ("governance", "score-governance"),
    ("monitoring", "score-monitoring"),
];

/// The record of the assessment of the experience of the same number.
pub(crate) fn record(number: u64) -> Record {
    Record { kind: "valutazione", number }
}

/// Writes the assessment of an experience, about 49 quads. `quality` runs from 0 to 999.
pub(crate) fn write<W: Write>(
    setting: &Setting<'_>,
    experience: Record,
    quality: u64,
    day: Date,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::Assessment, experience.number);
    quads.about(record(experience.number));
    quads.say(rdf::TYPE, Object::Iri(fl::SELF_ASSESSMENT.as_str()))?;
    quads.say(fl::ASSESSES, Object::Record(experience))?;
    quads.say(fl::QUESTIONNAIRE_VERSION, Object::String(&"1.0"))?;
    quads.say(fl::ASSESSOR_ROLE, Object::it(setting.word("ruolo", &mut dice)))?;
    quads.say(dct::DATE, Object::date(&day))?;
    quads.say(fl::REVIEWED, Object::Typed(&dice.percent(40), xsd::BOOLEAN))?;
    quads.say(fl::DEMONSTRATION, Object::yes())?;
    for (criterion, fragment) in CRITERIA {
        let value = score(quality, &mut dice);
        quads.say(fl::SCORE, Object::Fragment(fragment))?;
        quads.say_of(fragment, rdf::TYPE, Object::Iri(fl::SCORE_CLASS.as_str()))?;
        quads.say_of(fragment, fl::CRITERION, Object::Concept("criteria", criterion))?;
        quads.say_of(fragment, fl::VALUE, Object::Typed(&value, xsd::INTEGER))?;
        if dice.percent(20) {
            let reason = setting.word("giudizio", &mut dice);
            quads.say_of(fragment, fl::JUSTIFICATION, Object::it(reason))?;
        }
    }
    Ok(())
}

/// A score from 0 to 4, near to the quality.
fn score(quality: u64, dice: &mut Dice) -> i64 {
    (quality.cast_signed() + dice.between(-200, 200)).clamp(0, 999) / 200
}

#[cfg(test)]
mod tests {
    use super::super::dice::Chance;
    use super::*;

    #[test]
    fn scores_follow_quality_and_stay_between_zero_and_four() {
        let mut dice = Chance::new(1).dice(Stream::Assessment, 0);
        let mut mean = |quality| {
            let scores: Vec<i64> = (0..1_000).map(|_| score(quality, &mut dice)).collect();
            assert!(scores.iter().all(|score| (0..=4).contains(score)));
            scores.iter().sum::<i64>()
        };
        assert!(mean(100) < mean(500) && mean(500) < mean(900));
    }
}
