//! A client of change streams: follows relations from the entrance, takes each member from the graph
//! that its IRI names, and puts the latest versions together again.

use super::node::Node;
use super::rdf::BASE;
use jiff::Timestamp;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{Quad, Term};
use std::collections::{BTreeMap, BTreeSet};

/// The TREE vocabulary.
pub const TREE: &str = "https://w3id.org/tree#";
/// Activity Streams.
pub const AS: &str = "https://www.w3.org/ns/activitystreams#";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// A member as it was taken from a page.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    pub iri: String,
    pub record: String,
    pub seq: u64,
    pub at: String,
    pub change: String,
    pub sources: Vec<String>,
    /// What the record says, with itself as the subject again.
    pub lines: BTreeSet<String>,
}

/// A node of the tree, with the bounds that the way to it gave.
pub struct Page {
    pub path: String,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub is_immutable: bool,
    pub cache: String,
    pub relations: Vec<(String, String, Timestamp)>,
    pub members: Vec<Member>,
}

/// Everything that was found, in the order in which the tree leads to it.
pub struct Replay {
    pub pages: Vec<Page>,
}

impl Replay {
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.pages.iter().flat_map(|page| &page.members)
    }
}

/// Follows a stream from its entrance.
#[track_caller]
pub fn replay(node: &Node, entrance: &str, accept: &str) -> Replay {
    let mut pages = Vec::new();
    let mut open = vec![(entrance.to_owned(), None, None)];
    while let Some((path, from, until)) = open.pop() {
        let page = read(node, &path, accept, (from, until));
        let mut next: BTreeMap<String, (Option<Timestamp>, Option<Timestamp>)> = BTreeMap::new();
        let mut order = Vec::new();
        for (kind, target, value) in &page.relations {
            if !next.contains_key(target) {
                order.push(target.clone());
            }
            let bounds = next.entry(target.clone()).or_default();
            match kind.as_str() {
                "GreaterThanOrEqualToRelation" => bounds.0 = Some(*value),
                "LessThanOrEqualToRelation" => bounds.1 = Some(*value),
                other => panic!("{other} in {path}"),
            }
        }
        for target in order.into_iter().rev() {
            let (from, until) = next[&target];
            open.push((target, from, until));
        }
        pages.push(page);
    }
    Replay { pages }
}

fn read(
    node: &Node,
    path: &str,
    accept: &str,
    bounds: (Option<Timestamp>, Option<Timestamp>),
) -> Page {
    let answer = node.get(path, accept);
    assert_eq!(answer.status(), 200, "{path}");
    let cache = answer.headers()["cache-control"].to_str().expect("ASCII").to_owned();
    let media = answer.headers()["content-type"].to_str().expect("ASCII").to_owned();
    assert_eq!(media, accept);
    let format = RdfFormat::from_media_type(&media).expect("a syntax");
    let text = answer.text().expect("a text");
    let quads: Vec<Quad> = RdfParser::from_format(format)
        .for_slice(&text)
        .collect::<Result<_, _>>()
        .expect("the page is RDF");
    let here = format!("{BASE}{path}");
    let mut graphs: BTreeMap<String, Vec<&Quad>> = BTreeMap::new();
    for quad in &quads {
        let name = quad.graph_name.to_string();
        graphs.entry(name.trim_matches(['<', '>']).to_owned()).or_default().push(quad);
    }
    let empty = Vec::new();
    let head = graphs.get("DEFAULT").unwrap_or(&empty);
    let objects = |subject: &str, property: &str| values(head, subject, property);
    let relations = objects(&here, &format!("{TREE}relation"))
        .into_iter()
        .map(|relation| {
            let one = |property: &str| {
                let mut found = objects(&relation, property);
                assert_eq!(found.len(), 1, "{property} of {relation}");
                found.remove(0)
            };
            let kind = one(TYPE).trim_start_matches(TREE).to_owned();
            let target = one(&format!("{TREE}node"));
            let target = target.strip_prefix(BASE).expect("an address of the node").to_owned();
            assert_eq!(one(&format!("{TREE}path")), "http://www.w3.org/ns/prov#generatedAtTime");
            (kind, target, one(&format!("{TREE}value")).parse().expect("a moment"))
        })
        .collect();
    let names: Vec<String> = head
        .iter()
        .filter(|quad| quad.predicate.as_str() == format!("{TREE}member"))
        .map(|quad| value(&quad.object))
        .collect();
    assert_eq!(names.len(), graphs.keys().filter(|name| *name != "DEFAULT").count(), "{path}");
    Page {
        is_immutable: objects(&here, "https://w3id.org/ldes#immutable") == ["true"],
        members: names.iter().map(|name| member(name, &graphs[name])).collect(),
        path: path.to_owned(),
        from: bounds.0,
        until: bounds.1,
        cache,
        relations,
    }
}

fn member(iri: &str, quads: &[&Quad]) -> Member {
    let one = |property: &str| {
        let mut found = values(quads, iri, property);
        assert_eq!(found.len(), 1, "{property} of {iri}");
        found.remove(0)
    };
    let record = one("http://purl.org/dc/terms/isVersionOf");
    let own = [
        "http://purl.org/dc/terms/isVersionOf",
        "http://www.w3.org/ns/prov#generatedAtTime",
        "http://www.w3.org/ns/prov#hadPrimarySource",
        "https://schema.org/version",
    ];
    let mut lines = BTreeSet::new();
    let mut change = None;
    for quad in quads {
        let (subject, object) = (quad.subject.to_string(), quad.object.to_string());
        let is_own = subject == format!("<{iri}>");
        if is_own && quad.predicate.as_str() == TYPE && object.contains(AS) {
            assert!(change.replace(value(&quad.object)).is_none(), "{iri} is two kinds of change");
        } else if !is_own || !own.contains(&quad.predicate.as_str()) {
            let subject = if is_own { format!("<{record}>") } else { subject };
            lines.insert(format!("{subject} {} {object}", quad.predicate));
        }
    }
    let mut sources = values(quads, iri, own[2]);
    sources.sort();
    Member {
        iri: iri.to_owned(),
        seq: one(own[3]).parse().expect("a number"),
        at: one(own[1]),
        change: change.expect("a kind of change"),
        sources,
        lines,
        record,
    }
}

fn values(quads: &[&Quad], subject: &str, property: &str) -> Vec<String> {
    let subject = format!("<{subject}>");
    let found = quads
        .iter()
        .filter(|quad| quad.predicate.as_str() == property && quad.subject.to_string() == subject);
    found.map(|quad| value(&quad.object)).collect()
}

fn value(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        other => other.to_string(),
    }
}

/// What the latest versions say.
pub fn materialized(replay: &Replay) -> BTreeSet<String> {
    let mut latest: BTreeMap<&str, &Member> = BTreeMap::new();
    for member in replay.members() {
        let before = latest.entry(&member.record).or_insert(member);
        if before.seq < member.seq {
            *before = member;
        }
    }
    latest.values().flat_map(|member| member.lines.iter().cloned()).collect()
}

/// What the node states of its records, in one source or in all.
pub fn stated(node: &Node, source: Option<&str>) -> BTreeSet<String> {
    let graphs = match source {
        Some(source) => format!("?g = <{BASE}/graph/{source}>"),
        None => format!("?g != <{BASE}/graph/inferred>"),
    };
    let query = format!(
        "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} \
         FILTER({graphs} && STRSTARTS(STR(?s), \"{BASE}/id/\")) }}"
    );
    let answer = node.client.post(node.url("/sparql"));
    let answer = answer.header("Accept", "application/n-triples").form(&[("query", &query)]);
    let text = answer.send().expect("an answer").text().expect("a text");
    RdfParser::from_format(RdfFormat::NTriples)
        .for_slice(&text)
        .map(|quad| {
            let quad = quad.expect("the answer is RDF");
            format!("{} {} {}", quad.subject, quad.predicate, quad.object)
        })
        .collect()
}
