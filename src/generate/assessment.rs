//! Self-assessments: ten scores that follow the hidden quality of the experience.
//! Knows the experience only by number, quality and date.

use super::dice::{Dice, Stream};
use super::quads::{Object, Quads, Record};
use super::setting::Setting;
use super::timeline::CLOSED;
use crate::vocab::{self, dct, fl};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use oxigraph::model::vocab::{rdf, xsd};
use std::io::{self, Write};

/// The questionnaire in force, with the day on which it came out.
const QUESTIONNAIRE: (&str, Date) = ("2026-1", date(2026, 1, 15));

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

/// What an assessment needs to know of its experience.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) title: &'a str,
    /// From 0 to 999.
    pub(crate) quality: u64,
    /// The first day on which it could be assessed.
    pub(crate) day: Date,
    /// Whether someone else went through the answers.
    pub(crate) reviewed: bool,
}

/// Writes the assessment of an experience, about 52 quads.
pub(crate) fn write<W: Write>(
    setting: &Setting<'_>,
    experience: Record,
    view: View<'_>,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::Assessment, experience.number);
    let day = day(view.day, &mut dice);
    let title = format!("Autovalutazione {}: {}", day.year(), view.title);
    quads.about(record(experience.number));
    quads.say(rdf::TYPE, Object::Iri(fl::SELF_ASSESSMENT.as_str()))?;
    quads.say(fl::ASSESSES, Object::Record(experience))?;
    quads.say(dct::TITLE, Object::it(&title))?;
    if day < QUESTIONNAIRE.1 {
        quads.say(fl::QUESTIONNAIRE_VERSION, Object::String(&"1.0"))?;
    } else {
        quads.say(fl::QUESTIONNAIRE_VERSION, Object::String(&QUESTIONNAIRE.0))?;
        quads.say(fl::QUESTIONNAIRE, Object::Listed(vocab::QUESTIONNAIRES, QUESTIONNAIRE.0))?;
    }
    quads.say(fl::ASSESSOR_ROLE, Object::it(setting.word("ruolo", &mut dice)))?;
    quads.say(dct::DATE, Object::date(&day))?;
    quads.say(fl::REVIEWED, Object::Typed(&view.reviewed, xsd::BOOLEAN))?;
    quads.say(fl::DEMONSTRATION, Object::yes())?;
    for (criterion, fragment) in CRITERIA {
        let value = score(view.quality, &mut dice);
        quads.say(fl::SCORE, Object::Fragment(fragment))?;
        quads.say_of(fragment, rdf::TYPE, Object::Iri(fl::SCORE_CLASS.as_str()))?;
        quads.say_of(fragment, fl::CRITERION, Object::Concept("criteria", criterion))?;
        quads.say_of(fragment, fl::VALUE, Object::Typed(&value, xsd::INTEGER))?;
        if dice.percent(20) {
            let reason = setting.word("giudizio", &mut dice);
            quads.say_of(fragment, fl::JUSTIFICATION, Object::it(reason))?;
        }
        evidence(setting, (experience, fragment), &mut dice, quads)?;
    }
    Ok(())
}

/// A proof of one score of eight: a text, or the address of a document.
fn evidence<W: Write>(
    setting: &Setting<'_>,
    (experience, fragment): (Record, &str),
    dice: &mut Dice,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let page;
    let proof = match dice.below(8) {
        0 if dice.percent(60) => Object::it(setting.word("prova", dice)),
        0 => {
            page = format!("{}prove/{}", vocab::EXAMPLE, experience.number);
            Object::Iri(&page)
        }
        _ => return Ok(()),
    };
    quads.say_of(fragment, fl::EVIDENCE, proof)
}

/// The first day possible, or for half of them one after the questionnaire in force came out.
fn day(first: Date, dice: &mut Dice) -> Date {
    let since = first.max(QUESTIONNAIRE.1);
    let left = i64::from((CLOSED - since).get_days()).max(0);
    let later = since + dice.between(0, left).days();
    if dice.percent(50) { later } else { first }
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
