//! What the exported files hold, counted while they are written.
//! Refuses to know how it is told.

use super::lines::Line;
use crate::vocab::{CANONICAL_ID, NATIONAL_TERRITORIES, skos};
use oxigraph::model::vocab::rdf;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// More classes, or more properties, than these are not listed.
const MOST: usize = 10_000;

/// The numbers of a set of records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub records: u64,
    pub statements: u64,
    /// How many subjects each source graph has, added up.
    pub subjects: u64,
    /// How many subjects are of each class; nothing where there are too many classes to list.
    pub classes: Option<BTreeMap<String, u64>>,
    /// How many statements have each property; nothing where there are too many to list.
    pub properties: Option<BTreeMap<String, u64>>,
    /// How many `skos:exactMatch` lead to each of the sets of others.
    pub links: BTreeMap<String, u64>,
}

impl Tally {
    /// An empty one that lists classes and properties.
    pub(super) fn listing() -> Self {
        let (classes, properties) = (Some(BTreeMap::new()), Some(BTreeMap::new()));
        Self { classes, properties, ..Self::default() }
    }

    /// Counts one record.
    pub(super) fn count<'l>(&mut self, lines: impl Iterator<Item = Line<'l>>) {
        self.records += 1;
        let mut subject = "";
        for line in lines {
            // Lines are sorted, so those of one subject stand together.
            if line.subject != subject {
                subject = line.subject;
                self.subjects += 1;
            }
            self.statements += 1;
            let (Some(property), object) = (Line::iri(line.predicate), Line::iri(line.object))
            else {
                continue;
            };
            add(&mut self.properties, property, 1);
            match object {
                Some(class) if property == rdf::TYPE.as_str() => add(&mut self.classes, class, 1),
                Some(other) if property == skos::EXACT_MATCH.as_str() => {
                    let others = [CANONICAL_ID, NATIONAL_TERRITORIES];
                    if let Some(space) = others.into_iter().find(|space| other.starts_with(space)) {
                        *self.links.entry(space.to_owned()).or_default() += 1;
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds the numbers of another set, which shares no record with this one.
    pub(super) fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.statements += other.statements;
        self.subjects += other.subjects;
        add_all(&mut self.classes, other.classes.as_ref());
        add_all(&mut self.properties, other.properties.as_ref());
        for (space, links) in &other.links {
            *self.links.entry(space.clone()).or_default() += links;
        }
    }
}

fn add(counts: &mut Option<BTreeMap<String, u64>>, name: &str, number: u64) {
    let Some(map) = counts else { return };
    if let Some(count) = map.get_mut(name) {
        *count += number;
    } else if map.len() < MOST {
        map.insert(name.to_owned(), number);
    } else {
        *counts = None;
    }
}

fn add_all(counts: &mut Option<BTreeMap<String, u64>>, others: Option<&BTreeMap<String, u64>>) {
    match others {
        Some(others) => others.iter().for_each(|(name, number)| add(counts, name, *number)),
        None => *counts = None,
    }
}

/// The numbers of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The change whose state was counted.
    pub seq: u64,
    /// When that change was made.
    pub at: String,
    pub whole: Tally,
    /// How many of the records have addresses of this node.
    pub entities: u64,
    /// By the kind of record.
    pub kinds: BTreeMap<String, Tally>,
    /// By the name of the source; classes and properties are not listed.
    pub sources: BTreeMap<String, Tally>,
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::*;
    use crate::store::Triples;

    #[test]
    fn two_sets_count_together_what_they_count_apart_and_too_many_names_are_none() {
        let record = |name: &str, property: &str| {
            Triples::from_lines(&format!(
                "<http://x/{name}> {} <http://x/C> .\n<http://x/{name}#a> <{property}> \"1\" .\n\
                 <http://x/{name}> {} <{CANONICAL_ID}tema/a> .\n",
                rdf::TYPE,
                skos::EXACT_MATCH
            ))
        };
        let mut one = Tally::listing();
        one.count(lines(&record("a", "http://x/p")));
        let mut two = Tally::listing();
        two.count(lines(&record("b", "http://x/p")));
        one.add(&two);
        assert_eq!((one.records, one.subjects, one.statements), (2, 4, 6));
        assert_eq!(one.classes.as_ref().unwrap()["http://x/C"], 2);
        assert_eq!(one.properties.as_ref().unwrap()["http://x/p"], 2);
        assert_eq!(one.links, BTreeMap::from([(CANONICAL_ID.to_owned(), 2)]));
        for number in 0..MOST {
            two.count(lines(&record("b", &format!("http://x/{number}"))));
        }
        assert_eq!(two.properties, None);
        one.add(&two);
        assert_eq!((one.properties, one.statements), (None, 9 + 3 * MOST as u64));
    }
}
