//! Statements in whatever order they come, as records for a graph; those with a wrong term are kept
//! apart. Refuses to know where they were read. Blocking.

use super::item::Item;
use crate::ingest::wrong_term;
use crate::iri::{graph_name, record_of_subject};
use crate::schema::Text;
use crate::store::{Declared, Group, GroupError, Records};
use oxigraph::io::{RdfFormat, RdfParseError};
use oxigraph::model::{Quad, TripleRef};
use std::collections::BTreeMap;

/// After so many broken lines a file is none.
const MOST_FAULTS: u64 = 1000;

/// Why statements could not be made records.
#[derive(Debug, thiserror::Error)]
pub(super) enum GatherError {
    #[error("it is not {syntax}: {source}", syntax = .format.name())]
    Syntax { format: RdfFormat, source: RdfParseError },
    #[error(transparent)]
    Group(#[from] GroupError),
}

/// What was read.
pub(super) struct Gathered {
    records: Records,
    /// Records with a wrong term, and what is wrong.
    wrong: BTreeMap<String, Text>,
    pub declared: Declared,
    /// Lines of which nobody knows what they were about.
    pub lines: Vec<Item>,
}

/// Sorts the statements of a file or an answer, had at an address, into records.
pub(super) fn gather(
    quads: impl Iterator<Item = Result<Quad, RdfParseError>>,
    format: RdfFormat,
    url: &str,
    graph: &str,
) -> Result<Gathered, GatherError> {
    let has_lines = matches!(format, RdfFormat::NTriples | RdfFormat::NQuads);
    let (mut group, mut wrong) = (Group::naming_blank_nodes(), BTreeMap::new());
    let (mut declared, mut lines) = (Declared::default(), Vec::new());
    let graph = graph_name(graph);
    for quad in quads {
        let mut quad = match quad {
            Ok(quad) => quad,
            Err(RdfParseError::Syntax(error))
                if has_lines && (lines.len() as u64) < MOST_FAULTS =>
            {
                let number = error.location().map_or(0, |place| place.start.line + 1);
                lines.push(Item::line(url, number, unreadable(&error)));
                continue;
            }
            Err(source) => return Err(GatherError::Syntax { format, source }),
        };
        quad.graph_name = graph.clone();
        let record = record_of_subject(quad.subject.as_ref());
        if let Some(finding) = wrong_term(&quad) {
            wrong.insert(record, finding.message);
            continue;
        }
        declared.note(TripleRef::from(quad.as_ref()));
        match group.add(quad) {
            Ok(()) => {}
            Err(error @ GroupError::TripleTerm(_)) => {
                wrong.insert(record, unreadable(&error));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Gathered { records: group.finish()?, wrong, declared, lines })
}

fn unreadable(why: &impl std::fmt::Display) -> Text {
    Text::new(format!("non si può leggere: {why}"), format!("it cannot be read: {why}"))
}

impl Gathered {
    /// The next records, at most so many; none at the end.
    pub fn next(&mut self, most: usize) -> Result<Vec<Item>, GroupError> {
        let mut items = Vec::new();
        while items.len() < most {
            let Some(record) = self.records.next() else { break };
            let (key, triples) = record?;
            items.push(match self.wrong.remove(&key.record) {
                Some(why) => Item::unread(&key.record, why),
                None => Item::plain(key.record, triples),
            });
        }
        // Those of which nothing could be read stand at the end.
        while items.len() < most {
            let Some((record, why)) = self.wrong.pop_first() else { break };
            items.push(Item::unread(&record, why));
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::super::item::State;
    use super::*;
    use oxigraph::io::RdfParser;

    #[test]
    fn what_is_wrong_with_one_record_is_no_matter_for_the_others() {
        let text = "<http://n/a> <http://p> \"1\" .\n<http://n/b> <http://p> <http://x y> .\n\
                    <http://n/b> <http://p> \"2\" .\nx\n<http://n/c> <http://p> <http://x y> .\n";
        let parser = RdfParser::from_format(RdfFormat::NTriples).lenient();
        let quads = parser.for_reader(text.as_bytes());
        let mut gathered = gather(quads, RdfFormat::NTriples, "http://n/", "http://g").unwrap();
        assert_eq!(gathered.lines[0].of.record, "http://n/#line-4");
        let told: Vec<_> = gathered
            .next(10)
            .unwrap()
            .into_iter()
            .map(|item| (item.of.record, matches!(item.state, State::Holds(_))))
            .collect();
        let wanted = [("http://n/a", true), ("http://n/b", false), ("http://n/c", false)];
        assert_eq!(told, wanted.map(|(record, is_well)| (record.to_owned(), is_well)));
        assert!(gathered.next(10).unwrap().is_empty());
    }
}
