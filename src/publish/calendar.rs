//! Events as a calendar. RFC 5545. Knows no HTTP; an event's address is its IRI.

use super::publication::{Publication, PublishError};
use super::told::Told;
use crate::store::{Place, Revision};
use crate::vocab::{fl, skos};
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};
use oxigraph::model::Term;
use percent_encoding::{CONTROLS, utf8_percent_encode};
use std::collections::{BTreeMap, BTreeSet};

/// How many versions are read at a time.
const STEP: i64 = 500;
/// The longest line in bytes, without its end. RFC 5545, section 3.1.
const LINE: usize = 75;

/// An event as it was last told, and its last version.
struct Event {
    told: Option<Told>,
    last: Revision,
    /// The graphs that hold it.
    held: BTreeSet<String>,
    /// How often it changed.
    sequence: u32,
}

impl Publication {
    /// All events as a calendar in a language, or one of them; nothing where that one was never
    /// published.
    pub async fn calendar(
        &self,
        language: &str,
        name: &str,
        only: Option<&str>,
    ) -> Result<Option<String>, PublishError> {
        let mut calendar = Calendar::default();
        calendar.line("BEGIN:VCALENDAR");
        calendar.line("VERSION:2.0");
        calendar.line("PRODID:-//FamilyLab//FamilyLab//IT");
        calendar.line("CALSCALE:GREGORIAN");
        calendar.line(&format!("NAME:{}", escaped(name)));
        calendar.line(&format!("X-WR-CALNAME:{}", escaped(name)));
        let mut places = BTreeMap::new();
        let mut is_empty = true;
        for (iri, event) in self.events(only).await? {
            let Some(told) = &event.told else { continue };
            let Some(start) = moment(told, fl::START_DATE) else { continue };
            let place = self.place(told, language, &mut places).await?;
            calendar.event(&iri, &event, told, start, place.as_deref(), language);
            is_empty = false;
        }
        calendar.line("END:VCALENDAR");
        Ok((only.is_none() || !is_empty).then_some(calendar.text))
    }

    /// The events that were ever published, by IRI.
    async fn events(&self, only: Option<&str>) -> Result<BTreeMap<String, Event>, PublishError> {
        let (choice, through) = (self.choice(Some("evento"), None), self.through());
        let mut events: BTreeMap<String, Event> = BTreeMap::new();
        let mut after = Place::default();
        loop {
            let page = self.log().revisions(&choice, after, through, STEP).await?;
            let Some(last) = page.last() else { return Ok(events) };
            after = last.place;
            let asked = |revision: &Revision| only.is_none_or(|iri| revision.key.record == iri);
            for revision in page.into_iter().filter(asked) {
                let told = Told::of(&revision);
                let (iri, graph) = (revision.key.record.clone(), revision.key.graph.clone());
                let new = || Event {
                    told: None,
                    last: revision.clone(),
                    held: BTreeSet::new(),
                    sequence: 0,
                };
                let event = events.entry(iri).or_insert_with(new);
                event.sequence += u32::from(event.last.place != revision.place);
                match told {
                    Some(told) => {
                        event.told = Some(told);
                        event.held.insert(graph);
                    }
                    None => {
                        event.held.remove(&graph);
                    }
                }
                event.last = revision;
            }
        }
    }

    /// The name of the place of an event.
    async fn place(
        &self,
        told: &Told,
        language: &str,
        known: &mut BTreeMap<String, Option<String>>,
    ) -> Result<Option<String>, PublishError> {
        let mut names = Vec::new();
        for value in told.values(fl::TERRITORY_OF) {
            let Term::NamedNode(node) = value else { continue };
            if !known.contains_key(node.as_str()) {
                let found = self.log().revision_of(node.as_str(), self.through()).await?;
                let name = found.iter().filter_map(Told::of).find_map(|told| {
                    told.text(skos::PREF_LABEL, language).map(|(text, _)| text.to_owned())
                });
                known.insert(node.as_str().to_owned(), name);
            }
            names.extend(known.get(node.as_str()).cloned().flatten());
        }
        Ok((!names.is_empty()).then(|| names.join(", ")))
    }
}

/// When something begins or ends.
#[derive(Debug, Clone, Copy)]
enum Moment {
    Day(Date),
    /// A time that says where it is.
    Utc(Timestamp),
    /// A time as clocks on the spot show it.
    Local(DateTime),
}

fn moment(told: &Told, property: oxigraph::model::NamedNodeRef<'_>) -> Option<Moment> {
    told.values(property).find_map(|value| {
        let Term::Literal(literal) = value else { return None };
        let text = literal.value();
        if !text.contains('T') {
            // A date may carry a time zone, which says nothing of a day.
            return text.get(..10)?.parse().ok().map(Moment::Day);
        }
        let utc = text.parse().ok().map(Moment::Utc);
        utc.or_else(|| text.parse().ok().map(Moment::Local))
    })
}

#[derive(Default)]
struct Calendar {
    text: String,
}

impl Calendar {
    fn event(
        &mut self,
        iri: &str,
        event: &Event,
        told: &Told,
        start: Moment,
        place: Option<&str>,
        language: &str,
    ) {
        self.line("BEGIN:VEVENT");
        let address = utf8_percent_encode(iri, CONTROLS).to_string();
        self.line(&format!("UID:{address}"));
        if let Ok(stamp) = event.last.at.parse() {
            self.line(&format!("DTSTAMP:{}", utc(stamp)));
            self.line(&format!("LAST-MODIFIED:{}", utc(stamp)));
        }
        self.line(&format!("SEQUENCE:{}", event.sequence));
        self.time("DTSTART", start);
        match (start, moment(told, fl::END_DATE)) {
            // A day ends where the next one begins. RFC 5545, section 3.6.1.
            (Moment::Day(from), Some(Moment::Day(to))) if to >= from => {
                if let Ok(next) = to.checked_add(1.day()) {
                    self.time("DTEND", Moment::Day(next));
                }
            }
            (Moment::Utc(from), Some(Moment::Utc(to))) if to > from => {
                self.time("DTEND", Moment::Utc(to));
            }
            (Moment::Local(from), Some(Moment::Local(to))) if to > from => {
                self.time("DTEND", Moment::Local(to));
            }
            _ => {}
        }
        self.told("SUMMARY", told.name(language));
        self.told("DESCRIPTION", told.summary(language));
        self.told("LOCATION", place.map(|place| (place, None)));
        self.line(&format!("URL:{address}"));
        let status = if event.held.is_empty() { "CANCELLED" } else { "CONFIRMED" };
        self.line(&format!("STATUS:{status}"));
        self.line("END:VEVENT");
    }

    fn time(&mut self, name: &str, moment: Moment) {
        self.line(&match moment {
            Moment::Day(day) => format!("{name};VALUE=DATE:{}", day.strftime("%Y%m%d")),
            Moment::Utc(at) => format!("{name}:{}", utc(at)),
            Moment::Local(at) => format!("{name}:{}", at.strftime("%Y%m%dT%H%M%S")),
        });
    }

    fn told(&mut self, name: &str, text: Option<(&str, Option<&str>)>) {
        let Some((text, language)) = text else { return };
        let language = language.map_or_else(String::new, |tag| format!(";LANGUAGE={tag}"));
        self.line(&format!("{name}{language}:{}", escaped(text)));
    }

    /// A content line, folded so that none is longer than 75 octets. RFC 5545, section 3.1.
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > LINE {
                self.text.push_str("\r\n ");
                length = 1;
            }
            self.text.push(c);
            length += c.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Text as the value of a property. RFC 5545, section 3.3.11.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' | '\r' => escaped.push_str("\\n"),
            c if c.is_control() && c != '\t' => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters_and_nothing_is_lost() {
        let mut calendar = Calendar::default();
        let line = format!("SUMMARY:{}", "perché è così ".repeat(20));
        calendar.line(&line);
        for part in calendar.text.trim_end_matches("\r\n").split("\r\n") {
            assert!(part.len() <= 75, "{part}");
        }
        assert_eq!(calendar.text.replace("\r\n ", "").trim_end_matches("\r\n"), line);
        assert!(calendar.text.contains("\r\n "));
    }

    #[test]
    fn what_would_end_a_value_is_escaped() {
        assert_eq!(escaped("a;b,c\\d\ne"), "a\\;b\\,c\\\\d\\ne");
    }
}
