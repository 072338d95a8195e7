//! The days of an experience and the phase they leave it in, from 2005 to 2026.
//! Knows no clock: the catalogue closes on a fixed day.

use super::dice::Dice;
use jiff::ToSpan;
use jiff::civil::{Date, date};

const FIRST: Date = date(2005, 1, 1);
/// The day on which the catalogue was closed: nothing is published or reviewed later.
pub(crate) const CLOSED: Date = date(2026, 6, 30);
const LAST: Date = date(2026, 12, 31);
/// Days from [`FIRST`] to [`CLOSED`].
const SPAN: i64 = 7_850;

/// When an experience began, ended, was described.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeline {
    /// Its name in the list of phases.
    pub(crate) phase: &'static str,
    pub(crate) start: Date,
    pub(crate) end: Option<Date>,
    pub(crate) issued: Date,
    /// Never before `issued`.
    pub(crate) modified: Option<Date>,
    /// Never before `issued`.
    pub(crate) reviewed: Option<Date>,
}

impl Timeline {
    /// Draws a life; recent ones are more frequent.
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let start = FIRST + dice.between(0, SPAN).max(dice.between(0, SPAN)).days();
        let end = start + dice.between(180, 1_600).days();
        if end < CLOSED {
            let phase = if dice.percent(92) { "concluded" } else { "suspended" };
            return Self { phase, end: Some(end), ..Self::described(start, dice) };
        }
        let planned = Some(end).filter(|end| *end <= LAST);
        match dice.below(100) {
            0..8 => Self { phase: "idea", ..Self::described(start, dice) }.ahead(dice),
            8..18 => Self { phase: "design", ..Self::described(start, dice) }.ahead(dice),
            18..40 => Self { phase: "pilot", end: planned, ..Self::described(start, dice) },
            _ => Self { phase: "running", end: planned, ..Self::described(start, dice) },
        }
    }

    fn described(start: Date, dice: &mut Dice) -> Self {
        let later = |day: Date, dice: &mut Dice| {
            let left = (CLOSED - day).get_days();
            day + dice.between(0, i64::from(left.clamp(0, 900))).days()
        };
        let issued = later(start, dice);
        let modified = dice.percent(50).then(|| later(issued, dice));
        let reviewed = dice.percent(20).then(|| later(modified.unwrap_or(issued), dice));
        Self { phase: "running", start, end: None, issued, modified, reviewed }
    }

    /// Moves the start to the months after the catalogue was closed.
    fn ahead(self, dice: &mut Dice) -> Self {
        Self { start: CLOSED + dice.between(1, 180).days(), ..self }
    }

    /// Whether there is already something to measure.
    pub(crate) fn begun(&self) -> bool {
        !matches!(self.phase, "idea" | "design")
    }

    /// Whether it is concluded, or was still running when last looked at two years after its
    /// start: the duration that the rule for evidence levels asks for.
    pub(crate) fn lasting(&self) -> bool {
        let seen = self.reviewed.or(self.modified);
        // Years, months and days as one number: two years are 20000.
        let number = |day: Date| {
            i32::from(day.year()) * 10_000 + i32::from(day.month()) * 100 + i32::from(day.day())
        };
        let long = seen.is_some_and(|seen| number(seen) - number(self.start) >= 20_000);
        self.phase == "concluded" || (self.phase == "running" && long)
    }

    /// A day on which the experience, already described, could be assessed.
    pub(crate) fn assessed(&self) -> Date {
        self.modified.unwrap_or(self.issued)
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::{Chance, Stream};
    use super::*;

    #[test]
    fn no_experience_ends_before_it_starts_or_is_described_after_the_catalogue_closed() {
        assert_eq!(FIRST + SPAN.days(), date(2026, 6, 30));
        let chance = Chance::new(11);
        for number in 0..5_000 {
            let life = Timeline::draw(&mut chance.dice(Stream::Experience, number));
            assert!(life.start >= FIRST && life.start <= LAST, "{life:?}");
            assert!(life.end.is_none_or(|end| end > life.start && end <= LAST), "{life:?}");
            assert!(life.issued <= CLOSED && life.assessed() >= life.issued, "{life:?}");
            assert!(life.reviewed.is_none_or(|day| day >= life.issued && day <= CLOSED));
            assert!(life.phase != "concluded" || life.end.is_some_and(|end| end < CLOSED));
        }
    }
}
