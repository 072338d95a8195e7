//! One record as a peer has it now, on its way in. Refuses to know how it was read.

use crate::schema::{Finding, Severity, Text};
use crate::store::{Triples, VersionRow};
use std::collections::HashMap;

/// So many findings about a record are told.
const MOST: usize = 3;
/// Where a version tells no moment.
const NO_VERSION: &str = "";

/// A record as a peer has it now.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub of: VersionRow,
    pub state: State,
}

/// What a peer says of a record.
#[derive(Debug, Clone)]
pub(super) enum State {
    Holds(Triples),
    Gone,
    /// It cannot be read, and why.
    Unread(Text),
}

impl Item {
    /// A record that has no version of its own, by its IRI.
    pub fn plain(record: String, triples: Triples) -> Self {
        Self { of: version(&record), state: State::Holds(triples) }
    }

    /// A record that is not there any more.
    pub fn gone(record: String) -> Self {
        Self { of: version(&record), state: State::Gone }
    }

    /// A record that cannot be read.
    pub fn unread(record: &str, why: Text) -> Self {
        Self { of: version(record), state: State::Unread(why) }
    }

    /// A line that cannot be read, of which nobody knows what it was about.
    pub fn line(url: &str, number: u64, why: Text) -> Self {
        let of = version(&format!("{url}#line-{number}"));
        Self { of: VersionRow { origin: url.to_owned(), ..of }, state: State::Unread(why) }
    }
}

fn version(record: &str) -> VersionRow {
    let record = record.to_owned();
    VersionRow { origin: record.clone(), record, version: NO_VERSION.to_owned() }
}

/// The last version of each record; of two that are not told apart, the one that came later.
pub(super) fn latest(items: Vec<Item>) -> Vec<Item> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut latest: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        match places.get(&item.of.record) {
            Some(place) if latest[*place].of.version > item.of.version => {}
            Some(place) => latest[*place] = item,
            None => {
                places.insert(item.of.record.clone(), latest.len());
                latest.push(item);
            }
        }
    }
    latest
}

/// Why records break their shapes, in both languages, by record. Warnings keep nothing back.
pub(super) fn reasons(findings: Vec<Finding>) -> HashMap<String, Text> {
    let mut all: HashMap<String, Vec<Finding>> = HashMap::new();
    for finding in findings.into_iter().filter(|it| it.severity == Severity::Violation) {
        all.entry(finding.record.clone()).or_default().push(finding);
    }
    all.into_iter().map(|(record, findings)| (record, told(&findings))).collect()
}

fn told(findings: &[Finding]) -> Text {
    let say = |words: &dyn Fn(&Finding) -> (&str, &str)| {
        let lines = findings.iter().take(MOST).map(|finding| {
            let (name, message) = words(finding);
            if name.is_empty() { message.to_owned() } else { format!("{name}: {message}") }
        });
        lines.collect::<Vec<_>>().join("; ")
    };
    Text::new(
        say(&|finding| (&finding.name.it, &finding.message.it)),
        say(&|finding| (&finding.name.en, &finding.message.en)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_versions_the_last_one_counts_wherever_it_stands() {
        let item = |record: &str, version: &str, is_gone: bool| {
            let state = if is_gone { State::Gone } else { State::Holds(Triples::default()) };
            let mut item = Item::gone(record.to_owned());
            version.clone_into(&mut item.of.version);
            Item { state, ..item }
        };
        let items = vec![
            item("a", "2", true),
            item("a", "1", false),
            item("b", "1", true),
            item("b", "1", false),
        ];
        let latest = latest(items);
        let told: Vec<_> = latest
            .iter()
            .map(|item| (item.of.record.as_str(), matches!(item.state, State::Gone)))
            .collect();
        assert_eq!(told, [("a", true), ("b", false)]);
    }
}
