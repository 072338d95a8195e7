//! A member of a stream as what it says of its record: the other way round than a stream is written.
//! Linked Data Event Streams, section 3. Refuses to know where its statements stood.

use super::item::{Item, State};
use crate::iri::{graph_name, record_of};
use crate::schema::Text;
use crate::store::{Group, GroupError, Triples, VersionRow};
use crate::vocab::{activity, dct, ldes, version};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use serde::{Deserialize, Serialize};

/// By which properties a stream tells what a version is of, and when it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Paths {
    version_of: String,
    timestamp: String,
    sequence: String,
    deleted: String,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            version_of: dct::IS_VERSION_OF.as_str().to_owned(),
            timestamp: version::GENERATED_AT.as_str().to_owned(),
            sequence: version::NUMBER.as_str().to_owned(),
            deleted: activity::DELETE.as_str().to_owned(),
        }
    }
}

impl Paths {
    /// Takes note of what a stream says of itself.
    pub fn learn(&mut self, quad: &Quad) {
        let Term::NamedNode(node) = &quad.object else { return };
        for (property, place) in [
            (ldes::VERSION_OF_PATH, &mut self.version_of),
            (ldes::TIMESTAMP_PATH, &mut self.timestamp),
            (ldes::SEQUENCE_PATH, &mut self.sequence),
            (ldes::VERSION_DELETE_OBJECT, &mut self.deleted),
        ] {
            if quad.predicate == property {
                node.as_str().clone_into(place);
            }
        }
    }

    /// Whether a statement about a version is about the version only, not about its record.
    fn is_of_version(&self, property: &str) -> bool {
        let own = [version::GENERATED_AT, dct::IS_VERSION_OF, version::NUMBER, version::SOURCE];
        property == self.version_of || own.iter().any(|term| term.as_str() == property)
    }
}

/// A member with its statements.
pub(super) struct Member<'q> {
    pub iri: &'q str,
    pub quads: Vec<&'q Quad>,
    /// What is wrong with them, if something is.
    pub wrong: Option<Text>,
}

/// What a member says: its record, others that it describes on the way, and the number of the change.
pub(super) struct Said {
    pub items: Vec<Item>,
    pub number: Option<u64>,
}

impl Member<'_> {
    /// What the member says, its records in this graph.
    pub fn read(self, paths: &Paths, graph: &str) -> Said {
        let record = match self.node(&paths.version_of) {
            Some(record) => record_of(record.as_str()).to_owned(),
            None => record_of(self.iri).to_owned(),
        };
        let number = self.literal(&paths.sequence).and_then(|text| text.parse().ok());
        let moment = self.literal(&paths.timestamp);
        let of = VersionRow {
            version: moment.map_or_else(String::new, |at| sortable(at, number.unwrap_or(0))),
            origin: record.clone(),
            record,
        };
        if let Some(why) = self.wrong {
            return Said { items: vec![Item { of, state: State::Unread(why) }], number };
        }
        if self.is_deletion(paths) {
            return Said { items: vec![Item { of, state: State::Gone }], number };
        }
        let items = match self.records(paths, graph, &of.record) {
            Ok(records) => {
                let about = |(record, triples)| Item {
                    of: VersionRow { record, ..of.clone() },
                    state: State::Holds(triples),
                };
                records.into_iter().map(about).collect()
            }
            Err(error) => {
                let why = Text::new(
                    format!("le sue affermazioni non formano una scheda: {error}"),
                    format!("its statements make no record: {error}"),
                );
                vec![Item { of, state: State::Unread(why) }]
            }
        };
        Said { items, number }
    }

    /// The statements, with the record in the place of its version.
    fn records(
        &self,
        paths: &Paths,
        graph: &str,
        record: &str,
    ) -> Result<Vec<(String, Triples)>, GroupError> {
        let is_version = record != record_of(self.iri);
        let mut group = Group::naming_blank_nodes();
        for quad in &self.quads {
            let mut quad = (*quad).clone();
            quad.graph_name = graph_name(graph);
            if self.is_about(&quad) {
                let is_event = quad.predicate == rdf::TYPE && is_event(&quad.object, paths);
                if is_event || is_version && paths.is_of_version(quad.predicate.as_str()) {
                    continue;
                }
                if is_version {
                    quad.subject = NamedNode::new_unchecked(record).into();
                }
            }
            group.add(quad)?;
        }
        group.finish()?.map(|made| made.map(|(key, triples)| (key.record, triples))).collect()
    }

    fn is_deletion(&self, paths: &Paths) -> bool {
        let mut own = self.quads.iter().filter(|quad| self.is_about(quad));
        own.any(|quad| {
            quad.predicate == rdf::TYPE
                && matches!(&quad.object, Term::NamedNode(class)
                    if *class == activity::DELETE || class.as_str() == paths.deleted)
        })
    }

    fn is_about(&self, quad: &Quad) -> bool {
        matches!(&quad.subject, NamedOrBlankNode::NamedNode(node) if node.as_str() == self.iri)
    }

    fn values(&self, property: &str) -> impl Iterator<Item = &Term> {
        let own = self.quads.iter().filter(|quad| self.is_about(quad));
        own.filter(move |quad| quad.predicate.as_str() == property).map(|quad| &quad.object)
    }

    fn node(&self, property: &str) -> Option<&NamedNode> {
        self.values(property).find_map(|term| match term {
            Term::NamedNode(node) => Some(node),
            _ => None,
        })
    }

    fn literal(&self, property: &str) -> Option<&str> {
        self.values(property).find_map(|term| match term {
            Term::Literal(literal) => Some(literal.value()),
            _ => None,
        })
    }
}

fn is_event(class: &Term, paths: &Paths) -> bool {
    let events: [NamedNodeRef<'_>; 3] = [activity::CREATE, activity::UPDATE, activity::DELETE];
    matches!(class, Term::NamedNode(class)
        if events.contains(&class.as_ref()) || class.as_str() == paths.deleted)
}

/// A version as a text that sorts as versions follow each other; empty where the moment is none.
fn sortable(moment: &str, number: u64) -> String {
    let local = || moment.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    let at = moment.parse::<Timestamp>().ok().or_else(|| Some(local()?.timestamp()));
    at.map_or_else(String::new, |at| format!("{:030}/{number:020}", at.as_nanosecond().max(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::io::{RdfFormat, RdfParser};

    const VERSION: &str = "http://n/id/x/v/3";

    fn read(lines: &str) -> Said {
        let quads: Vec<Quad> = RdfParser::from_format(RdfFormat::NTriples)
            .for_slice(lines)
            .collect::<Result<_, _>>()
            .unwrap();
        let member = Member { iri: VERSION, quads: quads.iter().collect(), wrong: None };
        member.read(&Paths::default(), "http://here/graph/peer/n")
    }

    fn version(more: &str) -> String {
        format!(
            "<{VERSION}> <http://purl.org/dc/terms/isVersionOf> <http://n/id/x> .\n\
             <{VERSION}> <http://www.w3.org/ns/prov#generatedAtTime> \"2026-01-01T00:00:00Z\" .\n\
             <{VERSION}> <https://schema.org/version> \"3\" .\n{more}"
        )
    }

    #[test]
    fn a_version_becomes_its_record_again() {
        let a = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
        let said = read(&version(&format!(
            "<{VERSION}> <{a}> <https://www.w3.org/ns/activitystreams#Update> .\n\
             <{VERSION}> <http://p> <http://n/id/x#a> .\n<http://n/id/x#a> <http://p> \"1\" .\n\
             <http://n/id/x> <http://www.w3.org/ns/prov#generatedAtTime> \"oggi\" .\n"
        )));
        assert_eq!(said.number, Some(3));
        let [item] = said.items.as_slice() else { panic!("one record") };
        let State::Holds(triples) = &item.state else { panic!("it holds something") };
        assert_eq!(
            triples.as_str(),
            "<http://n/id/x#a> <http://p> \"1\" .\n<http://n/id/x> <http://p> <http://n/id/x#a> .\n\
             <http://n/id/x> <http://www.w3.org/ns/prov#generatedAtTime> \"oggi\" .\n"
        );
    }

    #[test]
    fn a_deletion_is_one_and_versions_sort() {
        let a = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
        let gone = format!("<{VERSION}> <{a}> <https://www.w3.org/ns/activitystreams#Delete> .\n");
        let said = read(&version(&gone));
        assert!(matches!(said.items[0].state, State::Gone));
        assert_eq!(said.items[0].of.record, "http://n/id/x");
        assert!(sortable("2026-01-01T00:00:00Z", 9) < sortable("2026-01-01T00:00:00Z", 10));
        assert!(sortable("2026-01-01T00:00:00.5Z", 1) > sortable("2026-01-01T00:00:00Z", 2));
        assert_eq!(sortable("2026-01-01", 1), sortable("2026-01-01T00:00:00Z", 1));
        assert_eq!(sortable("ieri", 1), "");
    }
}
