//! A version of a record as a member of a stream: what the record holds, said of the version, and
//! what is said of the version itself. Refuses to know which pages there are.

use crate::store::{Revision, Triples};
use crate::vocab::{activity, dct, version};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{LiteralRef, NamedNodeRef, TermRef, TripleRef};

/// A member: its IRI, and its triples as lines of N-Triples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub iri: String,
    pub lines: String,
}

/// What is said of the version. Where a record says such a thing of itself, the record stays the
/// subject, so that no version has two moments.
const OWN: [NamedNodeRef<'static>; 4] =
    [version::GENERATED_AT, dct::IS_VERSION_OF, version::NUMBER, version::SOURCE];
const CHANGES: [NamedNodeRef<'static>; 3] = [activity::CREATE, activity::UPDATE, activity::DELETE];

impl Member {
    /// The version of a record that one graph holds.
    pub fn alone(revision: &Revision) -> Self {
        let sources = [revision.key.graph.as_str()];
        write(revision, revision.follows, revision.after.as_ref(), &sources)
    }

    /// The version of a record of which several graphs hold a part: all of it, as it is after the
    /// change (`now`), said once. For a record that one graph holds it is the same as
    /// [`Member::alone`], so it does not matter if others come to hold it later.
    pub fn together(revision: &Revision, now: &[Revision], before: &[Revision]) -> Self {
        let held: Vec<(&str, &Triples)> = now
            .iter()
            .filter_map(|part| Some((part.key.graph.as_str(), part.after.as_ref()?)))
            .collect();
        let lines: String = held.iter().map(|(_, triples)| triples.as_str()).collect();
        let triples = (!held.is_empty()).then(|| Triples::from_lines(&lines));
        let mut sources: Vec<&str> = held.iter().map(|(graph, _)| *graph).collect();
        if sources.is_empty() {
            let changed = now.iter().filter(|part| part.place.seq == revision.place.seq);
            sources = changed.map(|part| part.key.graph.as_str()).collect();
        }
        sources.sort_unstable();
        let follows = before.iter().any(|part| part.after.is_some());
        write(revision, follows, triples.as_ref(), &sources)
    }
}

fn write(revision: &Revision, follows: bool, after: Option<&Triples>, sources: &[&str]) -> Member {
    let iri = revision.iri();
    let node = NamedNodeRef::new_unchecked(&iri);
    let change = match (after, follows) {
        (Some(_), false) => activity::CREATE,
        (Some(_), true) => activity::UPDATE,
        (None, _) => activity::DELETE,
    };
    let record = NamedNodeRef::new_unchecked(&revision.key.record);
    let number = revision.place.seq.to_string();
    let moment = LiteralRef::new_typed_literal(&revision.at, xsd::DATE_TIME);
    let number = LiteralRef::new_typed_literal(&number, xsd::INTEGER);
    let mut lines = String::new();
    // The kind of change comes before the record's own types: some clients look at the first only.
    push(&mut lines, node, rdf::TYPE, change);
    push(&mut lines, node, dct::IS_VERSION_OF, record);
    push(&mut lines, node, version::GENERATED_AT, moment);
    push(&mut lines, node, version::NUMBER, number);
    for source in sources {
        push(&mut lines, node, version::SOURCE, NamedNodeRef::new_unchecked(source));
    }
    let (subject, stays) = (format!("{record} "), said_of_versions());
    for line in after.into_iter().flat_map(Triples::lines) {
        match line.strip_prefix(&subject) {
            Some(rest) if !stays.iter().any(|own| rest.starts_with(own)) => {
                lines += &format!("{node} {rest}");
            }
            _ => lines += line,
        }
    }
    Member { iri, lines }
}

/// How lines go on after their subject that say what is said of versions.
fn said_of_versions() -> Vec<String> {
    let own = OWN.iter().map(|property| format!("{property} "));
    own.chain(CHANGES.iter().map(|kind| format!("{} {kind} ", rdf::TYPE))).collect()
}

/// Adds a line of N-Triples.
pub fn push<'a>(
    lines: &mut String,
    subject: NamedNodeRef<'_>,
    property: NamedNodeRef<'_>,
    object: impl Into<TermRef<'a>>,
) {
    let object = object.into();
    *lines +=
        &format!("{} .\n", TripleRef { subject: subject.into(), predicate: property, object });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Key, Place};

    fn revision(graph: &str, seq: u64, follows: bool, after: Option<&str>) -> Revision {
        let key =
            Key { graph: format!("http://n/graph/{graph}"), record: "http://n/id/x".to_owned() };
        let after = after.map(Triples::from_lines);
        let at = "2026-01-01T00:00:00Z".to_owned();
        Revision { place: Place { seq, position: 1 }, record: 1, at, key, follows, after }
    }

    #[test]
    fn a_version_says_what_its_record_says_but_not_what_is_said_of_versions() {
        let lines = "<http://n/id/x#a> <http://p> \"1\" .\n<http://n/id/x> <http://p> <http://n/id/x#a> .\n\
            <http://n/id/x> <http://www.w3.org/ns/prov#generatedAtTime> \"heute\" .\n";
        let member = Member::alone(&revision("a", 3, false, Some(lines)));
        assert_eq!(member.iri, "http://n/id/x/v/3");
        for said in [
            "<http://n/id/x/v/3> <http://p> <http://n/id/x#a> .\n",
            "<http://n/id/x#a> <http://p> \"1\" .\n",
            "<http://n/id/x> <http://www.w3.org/ns/prov#generatedAtTime> \"heute\" .\n",
            "<http://n/id/x/v/3> <http://purl.org/dc/terms/isVersionOf> <http://n/id/x> .\n",
        ] {
            assert!(member.lines.contains(said), "{said} in {}", member.lines);
        }
        assert_eq!(
            member.lines.matches("/v/3> <http://www.w3.org/ns/prov#generatedAtTime>").count(),
            1
        );
    }

    #[test]
    fn together_is_as_alone_where_one_graph_holds_the_record() {
        let text = "<http://n/id/x> <http://p> \"1\" .\n";
        for (follows, after) in [(false, Some(text)), (true, Some(text)), (true, None)] {
            let now = revision("a", 3, follows, after);
            let before: Vec<Revision> =
                follows.then(|| revision("a", 2, false, Some(text))).into_iter().collect();
            let together = Member::together(&now, std::slice::from_ref(&now), &before);
            assert_eq!(Member::alone(&now), together);
        }
    }

    #[test]
    fn what_another_graph_still_holds_is_not_deleted() {
        let gone = revision("a", 3, true, None);
        let kept = revision("b", 2, false, Some("<http://n/id/x> <http://p> \"1\" .\n"));
        let member = Member::together(&gone, &[gone.clone(), kept.clone()], &[kept]);
        assert!(member.lines.contains("#Update>") && member.lines.contains("\"1\""));
        assert!(member.lines.contains("<http://n/graph/b>"));
        assert!(!member.lines.contains("<http://n/graph/a>"));
    }
}
