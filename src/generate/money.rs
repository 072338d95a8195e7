//! Money: what an experience costs over all its years, line by line, and who pays.
//! Lines of cost add up to the budget, fundings to it or to less, unless a fault is asked for.

use super::actor::{self, Actor};
use super::cadence::Before;
use super::dice::{Dice, Stream};
use super::faults::Fault;
use super::quads::{Object, Quads};
use super::setting::{Level, Setting};
use super::timeline::Timeline;
use crate::vocab::{dct, fl};
use oxigraph::model::vocab::{rdf, xsd};
use std::fmt;
use std::io::{self, Write};

/// Where money comes from, the most frequent first, and the share out of a hundred of each.
const SOURCES: [(&str, u64); 11] = [
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

/// What money goes into: kind, share out of a hundred, how a line may put it.
const KINDS: [(&str, u64, &str); 8] = [
    ("staff", 34, "Educatori, coordinamento e sostituzioni"),
    ("services", 20, "Servizi affidati a una cooperativa"),
    ("premises", 11, "Affitto, utenze e pulizie"),
    ("equipment", 10, "Arredi, giochi e attrezzature"),
    ("family-contributions", 9, "Contributi e riduzioni per le famiglie"),
    ("training", 8, "Formazione e supervisione"),
    ("communication", 6, "Materiali e incontri informativi"),
    ("other", 2, "Assicurazioni e spese varie"),
];

/// An amount in cents, written in euro.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Euro(i64);

impl fmt::Display for Euro {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, cents) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        write!(out, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

/// Writes the money of the experience the quads are about, from two quads to thirty.
pub(crate) fn write<W: Write>(
    setting: &Setting<'_>,
    before: Before,
    lead: &Actor,
    timeline: &Timeline,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let mut dice = setting.chance.dice(Stream::Money, before.number);
    let struck = |fault| setting.faults.strike(fault, before.number);
    let (negative, wrong_sum) = (struck(Fault::NegativeCost), struck(Fault::CostsDoNotAddUp));
    let wrong_type = struck(Fault::WrongDatatype);
    let budget = budget(setting, lead, &mut dice);
    let stated = dice.percent(80) || negative || wrong_sum || wrong_type;
    let by_line = dice.percent(75) || negative || wrong_sum;
    if stated {
        quads.say(
            fl::BUDGET,
            if wrong_type { Object::String(&budget) } else { Object::Typed(&budget, xsd::DECIMAL) },
        )?;
    }
    if stated && by_line {
        let mut lines = lines(budget, timeline, &mut dice);
        if negative {
            // One line takes more than there is and another gives it back: the sum stays right.
            let (excess, last) = (Euro(50_000), lines[lines.len() - 1]);
            lines[0].amount.0 += excess.0;
            lines.push(Line { amount: Euro(-excess.0), kind: KINDS.len() - 1, ..last });
        }
        if wrong_sum {
            lines[0].amount.0 += 10_000;
        }
        costs(&lines, &mut dice, quads)?;
    }
    let funded = stated && dice.percent(42);
    let sources = sources(funded, &mut dice);
    for source in &sources {
        quads.say(fl::FUNDING_SOURCE, Object::Concept("funding", source))?;
    }
    if funded {
        let sum = Euro(if dice.percent(70) { budget.0 } else { budget.0 / 10_000 * 8_000 });
        fundings(&sources, sum, (before, lead, timeline), &mut dice, quads)?;
    }
    Ok(())
}

/// A total that grows with the people it is for, in hundreds of euro.
fn budget(setting: &Setting<'_>, lead: &Actor, dice: &mut Dice) -> Euro {
    let people = setting.place(lead.area).population;
    let median = match (lead.level, people) {
        (Level::National, _) => 60_000.0,
        (Level::Regional, _) => 18_000.0,
        (Level::Provincial, _) => 3_000.0,
        (_, 0..5_000) => 120.0,
        (_, 5_000..20_000) => 350.0,
        (_, 20_000..100_000) => 1_100.0,
        _ => 3_800.0,
    };
    // A few tens at least, some ten thousand times that at most: no digit is lost.
    let hundreds = (median * dice.log_normal(0.9)) as i64;
    Euro(hundreds.max(5) * 10_000)
}

/// A line of cost. No two of one experience have the same kind and year.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// A place in [`KINDS`].
    kind: usize,
    year: i16,
    amount: Euro,
    recurring: bool,
}

fn lines(budget: Euro, timeline: &Timeline, dice: &mut Dice) -> Vec<Line> {
    let count = [1, 2, 2, 2, 3, 3, 4][dice.index(7)];
    let first = timeline.start.year();
    let years = timeline.end.map_or(3, |end| (end.year() - first + 1).min(3));
    let mut lines: Vec<Line> = Vec::with_capacity(count + 1);
    for amount in split(budget, count, dice) {
        let again = years > 1 && dice.percent(40);
        let mut line = match lines.last() {
            Some(last) if again && last.year < first + years - 1 => {
                Line { year: last.year + 1, recurring: true, amount, ..*last }
            }
            _ => Line {
                kind: share(&KINDS.map(|kind| kind.1), dice),
                year: first,
                amount,
                recurring: false,
            },
        };
        while lines.iter().any(|other| (other.kind, other.year) == (line.kind, line.year)) {
            // The last kind is kept for what is left over.
            line.kind = (line.kind + 1) % (KINDS.len() - 1);
        }
        lines.push(line);
    }
    lines
}

fn costs<W: Write>(lines: &[Line], dice: &mut Dice, quads: &mut Quads<'_, W>) -> io::Result<()> {
    for (at, line) in (1..).zip(lines) {
        let (kind, _, words) = KINDS[line.kind];
        let fragment = format!("cost-{at}");
        quads.say(fl::COST, Object::Fragment(&fragment))?;
        let mut say = |property, object: Object<'_>| quads.say_of(&fragment, property, object);
        say(rdf::TYPE, Object::Iri(fl::COST_CLASS.as_str()))?;
        say(fl::COST_KIND, Object::Concept("cost-kinds", kind))?;
        say(fl::AMOUNT, Object::Typed(&line.amount, xsd::DECIMAL))?;
        say(fl::YEAR, Object::Typed(&line.year, xsd::G_YEAR))?;
        if line.recurring {
            say(fl::RECURRING, Object::yes())?;
        }
        if dice.percent(15) {
            say(dct::DESCRIPTION, Object::it(words))?;
        }
    }
    Ok(())
}

/// One source or two; more often two where the amounts are known.
fn sources(funded: bool, dice: &mut Dice) -> Vec<&'static str> {
    let shares = SOURCES.map(|source| source.1);
    let mut sources = vec![SOURCES[share(&shares, dice)].0];
    let second = SOURCES[share(&shares, dice)].0;
    if second != sources[0] && dice.percent(if funded { 70 } else { 20 }) {
        sources.push(second);
    }
    sources
}

fn fundings<W: Write>(
    sources: &[&'static str],
    sum: Euro,
    (before, lead, timeline): (Before, &Actor, &Timeline),
    dice: &mut Dice,
    quads: &mut Quads<'_, W>,
) -> io::Result<()> {
    let amounts = split(sum, sources.len(), dice);
    for (at, (source, amount)) in (1..).zip(sources.iter().zip(amounts)) {
        let funder = match *source {
            "municipal-budget" => Some(lead.number).filter(|_| dice.percent(60)),
            "foundation" | "private" => actor::other(before.actors, dice),
            _ => None,
        };
        let fragment = format!("funding-{at}");
        quads.say(fl::FUNDING, Object::Fragment(&fragment))?;
        let mut say = |property, object: Object<'_>| quads.say_of(&fragment, property, object);
        say(rdf::TYPE, Object::Iri(fl::FUNDING_CLASS.as_str()))?;
        say(fl::FUNDING_SOURCE, Object::Concept("funding", source))?;
        say(fl::AMOUNT, Object::Typed(&amount, xsd::DECIMAL))?;
        if let Some(funder) = funder {
            say(fl::FUNDER, Object::Record(actor::record(funder)))?;
        }
        if dice.percent(50) {
            say(fl::YEAR, Object::Typed(&timeline.start.year(), xsd::G_YEAR))?;
        }
    }
    Ok(())
}

/// Parts of a sum of five hundred euro or more, each in tens of euro and more than nothing.
fn split(sum: Euro, parts: usize, dice: &mut Dice) -> Vec<Euro> {
    let weights: Vec<i64> = (0..parts).map(|_| dice.between(1, 9)).collect();
    let all: i64 = weights.iter().sum();
    let mut shares: Vec<Euro> =
        weights.iter().map(|weight| Euro(sum.0 / 1_000 * weight / all * 1_000)).collect();
    let rest = sum.0 - shares.iter().map(|share| share.0).sum::<i64>();
    shares[0].0 += rest;
    shares
}

/// A place in a list of shares that make a hundred.
fn share(shares: &[u64], dice: &mut Dice) -> usize {
    let mut point = dice.below(100);
    for (at, share) in shares.iter().enumerate() {
        if point < *share {
            return at;
        }
        point -= share;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::super::dice::Chance;
    use super::*;

    #[test]
    fn the_shares_of_sources_and_kinds_make_a_hundred() {
        assert_eq!(SOURCES.iter().map(|source| source.1).sum::<u64>(), 100);
        assert_eq!(KINDS.iter().map(|kind| kind.1).sum::<u64>(), 100);
    }

    #[test]
    fn parts_are_positive_and_make_the_sum() {
        let mut dice = Chance::new(2).dice(Stream::Money, 0);
        for sum in (50_000..5_000_000).step_by(10_000) {
            let parts = split(Euro(sum), 1 + dice.index(4), &mut dice);
            assert!(parts.iter().all(|part| part.0 > 0), "{parts:?}");
            assert_eq!(parts.iter().map(|part| part.0).sum::<i64>(), sum);
        }
    }

    #[test]
    fn an_amount_is_written_with_two_decimals() {
        let texts = [Euro(123_456), Euro(5), Euro(-50_000)].map(|euro| euro.to_string());
        assert_eq!(texts, ["1234.56", "0.05", "-500.00"]);
    }
}
