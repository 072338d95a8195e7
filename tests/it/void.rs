//! The VoID description: one graph in every syntax, and numbers that a recount by SPARQL confirms.

use crate::dumps::{exported, files};
use crate::support::{BASE, demo, parse, syntax};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Dataset, NamedNode, NamedNodeRef, TermRef};
use std::collections::BTreeMap;

const VOID: &str = "http://rdfs.org/ns/void#";

fn void(name: &str) -> NamedNode {
    NamedNode::new(format!("{VOID}{name}")).expect("an IRI")
}

fn set(name: &str) -> NamedNode {
    NamedNode::new(format!("{BASE}/.well-known/void#{name}")).expect("an IRI")
}

fn described() -> Dataset {
    exported(demo());
    parse(demo().get("/.well-known/void", "text/turtle").text().expect("a text"), syntax("ttl"))
}

fn values<'d>(described: &'d Dataset, subject: &NamedNode, property: &str) -> Vec<TermRef<'d>> {
    let property = void(property);
    let own =
        described.quads_for_subject(subject).filter(|quad| quad.predicate == property.as_ref());
    own.map(|quad| quad.object).collect()
}

fn number(described: &Dataset, subject: &NamedNode, property: &str) -> u64 {
    match values(described, subject, property).as_slice() {
        [TermRef::Literal(number)] => number.value().parse().expect("a number"),
        other => panic!("{subject} {property}: {other:?}"),
    }
}

/// Of each partition the term and the number.
fn partitions(described: &Dataset, subject: &NamedNode, names: [&str; 3]) -> BTreeMap<String, u64> {
    let [partition, term, count] = names;
    let parts = values(described, subject, partition);
    let pairs = parts.into_iter().map(|part| {
        let TermRef::NamedNode(part) = part else { panic!("{part} has no name") };
        let part = part.into_owned();
        let [TermRef::NamedNode(term)] = values(described, &part, term)[..] else {
            panic!("{part}")
        };
        (term.as_str().to_owned(), number(described, &part, count))
    });
    pairs.collect()
}

/// One number by SPARQL over all graphs but what is inferred.
fn counted(select: &str, pattern: &str) -> u64 {
    let query = format!(
        "SELECT ({select} AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} \
         FILTER(?g != <{BASE}/graph/inferred>) {pattern} }}"
    );
    demo().select(&query)[0].parse().expect("a number")
}

fn grouped(term: &str, pattern: &str) -> BTreeMap<String, u64> {
    let query = format!(
        "SELECT {term} (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} \
         FILTER(?g != <{BASE}/graph/inferred>) {pattern} }} GROUP BY {term}"
    );
    let rows = demo().select(&query);
    let pair = |row: &String| {
        let (term, number) = row.rsplit_once(',').expect("two columns");
        (term.to_owned(), number.parse().expect("a number"))
    };
    rows.iter().map(pair).collect()
}

const CLASSES: [&str; 3] = ["classPartition", "class", "entities"];
const PROPERTIES: [&str; 3] = ["propertyPartition", "property", "triples"];

#[test]
fn the_numbers_of_the_whole_are_those_that_sparql_counts() {
    let described = described();
    let whole = set("tutto");
    assert_eq!(number(&described, &whole, "triples"), counted("COUNT(*)", ""));
    let own = format!("FILTER(STRSTARTS(STR(?s), \"{BASE}/id/\"))");
    let entities = counted(
        "COUNT(DISTINCT CONCAT(STR(?g), \" \", STRBEFORE(CONCAT(STR(?s), \"#\"), \"#\")))",
        &own,
    );
    assert_eq!(number(&described, &whole, "entities"), entities);
    let classes =
        grouped("?o", "FILTER(?p = rdf:type)".replace("rdf:type", &rdf::TYPE.to_string()).as_str());
    assert_eq!(partitions(&described, &whole, CLASSES), classes);
    let properties = grouped("?p", "");
    assert_eq!(partitions(&described, &whole, PROPERTIES), properties);
    assert_eq!(number(&described, &whole, "properties"), properties.len() as u64);
    assert_eq!(number(&described, &whole, "classes"), classes.len() as u64);
}

#[test]
fn the_numbers_of_kinds_and_sources_are_those_that_sparql_counts() {
    let described = described();
    let kinds = ["esperienza", "attore", "rete", "territorio", "tema"];
    for kind in kinds {
        let of = set(&format!("tipo-{kind}"));
        let own = format!("FILTER(STRSTARTS(STR(?s), \"{BASE}/id/{kind}/\"))");
        assert_eq!(number(&described, &of, "triples"), counted("COUNT(*)", &own), "{kind}");
        assert_eq!(partitions(&described, &of, PROPERTIES), grouped("?p", &own), "{kind}");
        let typed = format!("{own} FILTER(?p = {})", rdf::TYPE);
        assert_eq!(partitions(&described, &of, CLASSES), grouped("?o", &typed), "{kind}");
        assert_eq!(values(&described, &of, "dataDump").len(), 3, "{kind}");
    }
    for source in ["comune-di-bari", "vocabulary", "territory"] {
        let of = set(&format!("fonte-{source}"));
        let own = format!("FILTER(?g = <{BASE}/graph/{source}>)");
        assert_eq!(number(&described, &of, "triples"), counted("COUNT(*)", &own), "{source}");
        let subjects = counted("COUNT(DISTINCT ?s)", &own);
        assert_eq!(number(&described, &of, "distinctSubjects"), subjects, "{source}");
    }
}

#[test]
fn links_to_what_is_shared_and_to_national_territories_are_counted() {
    let described = described();
    let same = "http://www.w3.org/2004/02/skos/core#exactMatch";
    for (name, space) in [
        ("condivisi", "https://w3id.org/familylab/id/"),
        (
            "territori-nazionali",
            "https://w3id.org/italia/controlled-vocabulary/territorial-classifications/",
        ),
    ] {
        let pattern = format!("FILTER(?p = <{same}> && STRSTARTS(STR(?o), \"{space}\"))");
        let expected = counted("COUNT(*)", &pattern);
        assert!(expected > 0, "{space}");
        let links = set(&format!("legami-{name}"));
        assert_eq!(number(&described, &links, "triples"), expected);
        assert_eq!(values(&described, &links, "objectsTarget"), [set(name).as_ref().into()]);
        assert_eq!(
            values(&described, &links, "linkPredicate"),
            [NamedNodeRef::new(same).expect("an IRI").into()]
        );
    }
}

#[test]
fn every_syntax_is_the_same_graph_and_every_dump_is_there() {
    let list = exported(demo());
    let turtle = described();
    for (accept, extension) in [
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/ld+json", "jsonld"),
        ("*/*", "ttl"),
    ] {
        let answer = demo().get("/.well-known/void", accept);
        assert_eq!(answer.status(), 200, "{accept}");
        assert!(answer.headers()["vary"].to_str().expect("a text").contains("Accept"));
        assert_eq!(parse(answer.text().expect("a text"), syntax(extension)), turtle, "{accept}");
    }
    assert_eq!(demo().get("/.well-known/void", "text/csv").status(), 406);
    let property = void("dataDump");
    let dumps = turtle.iter().filter(|quad| quad.predicate == property.as_ref());
    let mut dumps: Vec<String> = dumps.map(|quad| quad.object.to_string()).collect();
    let told = files(&list).iter().map(|file| file["url"].as_str().expect("an address").to_owned());
    let mut told: Vec<String> =
        told.filter(|url| !url.contains("/anno/")).map(|url| format!("<{url}>")).collect();
    dumps.sort_unstable();
    told.sort_unstable();
    assert_eq!(dumps, told);
    assert!(
        turtle.iter().all(|quad| !quad.subject.is_blank_node() && !quad.object.is_blank_node())
    );
}
