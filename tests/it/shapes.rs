//! The shapes: a complete record of each kind passes, and every constraint refuses a change to it.
//! `tests/shapes/variations.txt` says how the changes are written.

use crate::support::Facts;
use familylab::iri::record_of_subject;
use familylab::schema::{Finding, Severity, Shapes, ontology_file, validate};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple};
use std::collections::{BTreeMap, BTreeSet, HashSet};

const RECORDS: &str = include_str!("../shapes/records.ttl");
const VARIATIONS: &str = include_str!("../shapes/variations.txt");

/// The address in which those of the records begin.
const BASE: &str = "https://example.org/";

/// What the properties of a shape are that ask nothing of a record.
const NO_CONSTRAINTS: [&str; 11] = [
    "sh:group",
    "sh:message",
    "sh:name",
    "sh:order",
    "sh:path",
    "sh:property",
    "sh:qualifiedValueShape",
    "sh:severity",
    "sh:targetClass",
    "sh:targetObjectsOf",
    "sh:targetSubjectsOf",
];

/// A line of the variations.
struct Variation {
    line: usize,
    record: &'static str,
    change: &'static str,
    /// Nothing where the change is allowed.
    refusal: Option<Refusal>,
}

/// The shape that refuses a change, the reason, and the other shape that cannot but refuse it too.
struct Refusal {
    shape: &'static str,
    constraint: &'static str,
    severity: Severity,
    other: Option<&'static str>,
}

impl Refusal {
    fn new(cells: [&'static str; 3], other: Option<&'static str>) -> Self {
        let [shape, constraint, severity] = cells;
        let severity = match severity {
            "violation" => Severity::Violation,
            "warning" => Severity::Warning,
            "info" => Severity::Info,
            other => panic!("{other} is no severity"),
        };
        Self { shape, constraint, severity, other }
    }

    /// The component that a constraint belongs to: `minCount` to `MinCountConstraintComponent`.
    fn component(&self) -> String {
        let (first, rest) = self.constraint.split_at(1);
        format!("{}{rest}ConstraintComponent", first.to_uppercase())
    }
}

fn variations() -> Vec<Variation> {
    let mut record = "";
    let mut variations = Vec::new();
    for (line, text) in (1..).zip(VARIATIONS.lines()) {
        if let Some(name) = text.strip_prefix('[') {
            record = name.trim_end_matches(']');
        } else if !text.is_empty() && !text.starts_with('#') {
            let cells: Vec<&'static str> = text.split(" | ").map(str::trim).collect();
            let (change, refusal) = match cells[..] {
                ["passes", change] => (change, None),
                [a, b, c, change] => (change, Some(Refusal::new([a, b, c], None))),
                [a, b, c, change, other] => (change, Some(Refusal::new([a, b, c], Some(other)))),
                _ => panic!("line {line} cannot be read: {text}"),
            };
            variations.push(Variation { line, record, change, refusal });
        }
    }
    assert!(variations.len() > 500, "the variations were not found");
    variations
}

impl Variation {
    /// The copy of the record to which the change is made.
    fn node(&self) -> NamedOrBlankNode {
        if self.change == "blank" {
            BlankNode::new_unchecked(format!("line{}", self.line)).into()
        } else {
            NamedNode::new_unchecked(format!("{BASE}{}/{}", self.line, self.record)).into()
        }
    }

    /// What of these findings is not as the line says.
    fn fault(&self, found: &[&Finding]) -> Option<String> {
        let found: BTreeSet<(&str, &str, Severity)> = found
            .iter()
            .map(|finding| (local(&finding.shape), local(&finding.component), finding.severity))
            .collect();
        let right = match &self.refusal {
            None => found.is_empty(),
            Some(refusal) => {
                let shapes: BTreeSet<&str> = found.iter().map(|(shape, ..)| *shape).collect();
                let expected: BTreeSet<&str> =
                    [Some(refusal.shape), refusal.other].into_iter().flatten().collect();
                let component = refusal.component();
                shapes == expected
                    && found.contains(&(refusal.shape, component.as_str(), refusal.severity))
            }
        };
        let Self { line, record, change, .. } = self;
        (!right).then(|| format!("line {line}, {record}: {change}: found {found:?}"))
    }
}

/// The part of an address after `#`.
fn local(iri: &str) -> &str {
    iri.rsplit('#').next().unwrap_or(iri)
}

/// The records that pass, and the classes of the nodes they only refer to.
struct Records {
    triples: Vec<Triple>,
    known: Vec<(NamedNode, NamedNode)>,
    prefixes: String,
}

impl Records {
    fn read() -> Self {
        let all = parse(RECORDS);
        let described: HashSet<NamedOrBlankNode> = all
            .iter()
            .filter(|triple| triple.predicate != rdf::TYPE)
            .map(|triple| triple.subject.clone())
            .collect();
        let (triples, referred): (Vec<Triple>, Vec<Triple>) =
            all.into_iter().partition(|triple| described.contains(&triple.subject));
        let known = referred.into_iter().map(|triple| match (triple.subject, triple.object) {
            (NamedOrBlankNode::NamedNode(node), Term::NamedNode(class)) => (node, class),
            other => panic!("{other:?} has no address"),
        });
        let prefixes: Vec<&str> = RECORDS.lines().filter(|line| line.starts_with('@')).collect();
        Self { triples, known: known.collect(), prefixes: prefixes.join("\n") }
    }

    /// A copy of a record with a change made to it, to which refers what refers to the record.
    fn varied(&self, variation: &Variation) -> Vec<Triple> {
        let Variation { line, record, .. } = variation;
        let original = NamedNode::new_unchecked(format!("{BASE}{record}"));
        let subject = NamedOrBlankNode::from(original.clone());
        let own = self.triples.iter().filter(|triple| triple.subject == subject);
        let mut triples: Vec<Triple> = own.cloned().collect();
        assert!(!triples.is_empty(), "there is no record {record}");
        for step in variation.change.split(" ; ").filter(|step| *step != "blank") {
            let (verb, rest) = step.split_once(' ').expect("a verb and what it is about");
            assert!(["add", "set", "remove"].contains(&verb), "line {line}: {verb} is no verb");
            if verb != "add" {
                let before = triples.len();
                let name = rest.split(' ').next().unwrap_or_default();
                let property = self.statements(&format!("{name} <value>")).swap_remove(0).predicate;
                triples.retain(|triple| triple.predicate != property);
                assert!(triples.len() < before, "line {line}: {record} has no {name}");
            }
            if verb != "remove" {
                triples.extend(self.statements(rest));
            }
        }
        let copy = variation.node();
        let reference = NamedNode::new_unchecked(format!("{BASE}{line}/reference"));
        let original = Term::from(original);
        let references = self.triples.iter().filter(|triple| triple.object == original);
        let moved = |triple: Triple| Triple::new(copy.clone(), triple.predicate, triple.object);
        let pointed = |triple: &Triple| {
            Triple::new(reference.clone(), triple.predicate.clone(), copy.clone())
        };
        triples.into_iter().map(moved).chain(references.map(pointed)).collect()
    }

    /// Properties and values as statements about something.
    fn statements(&self, properties: &str) -> Vec<Triple> {
        parse(&format!("{}\n<something> {} .", self.prefixes, spelled_out(properties)))
    }
}

fn parse(turtle: &str) -> Vec<Triple> {
    let quads = RdfParser::from_format(RdfFormat::Turtle).for_slice(turtle);
    quads.map(|quad| quad.unwrap_or_else(|error| panic!("{error} in {turtle}")).into()).collect()
}

/// Puts so many letters in the place of `{300}`.
fn spelled_out(text: &str) -> String {
    let Some((before, rest)) = text.split_once('{') else { return text.to_owned() };
    let (number, after) = rest.split_once('}').expect("a brace that closes");
    let letters = "x".repeat(number.parse().expect("a number"));
    format!("{before}{letters}{}", spelled_out(after))
}

fn shapes_text() -> String {
    ontology_file("shapes.ttl").expect("the shapes are in the program")
}

fn check(triples: Vec<Triple>, known: Vec<(NamedNode, NamedNode)>) -> Vec<Finding> {
    let shapes = Shapes::parse(&shapes_text()).expect("the shapes are valid");
    validate(&shapes, triples, known).expect("the records can be checked")
}

#[test]
fn a_complete_record_of_each_kind_has_nothing_wrong() {
    let records = Records::read();
    let found = check(records.triples, records.known);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_change_is_refused_by_the_shape_and_for_the_reason_told_beside_it() {
    let (records, variations) = (Records::read(), variations());
    let mut triples = records.triples.clone();
    triples.extend(variations.iter().flat_map(|variation| records.varied(variation)));
    let found = check(triples, records.known.clone());
    let mut by_record: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &found {
        by_record.entry(finding.record.as_str()).or_default().push(finding);
    }
    let faults: Vec<String> = variations
        .iter()
        .filter_map(|variation| {
            let copy = record_of_subject(variation.node().as_ref());
            variation.fault(by_record.get(copy.as_str()).map_or(&[], Vec::as_slice))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The shapes that have a target or a path, with the constraints of each.
fn constraints(shapes: &Facts) -> BTreeSet<(String, String)> {
    let found = ["sh:targetClass", "sh:targetObjectsOf", "sh:targetSubjectsOf", "sh:path"];
    let found: BTreeSet<&str> = found.iter().flat_map(|how| shapes.having(how)).collect();
    let mut constraints = BTreeSet::new();
    for shape in found {
        for property in shapes.properties(shape) {
            if let Some(constraint) = property.strip_prefix("sh:")
                && !NO_CONSTRAINTS.contains(&property)
            {
                constraints.insert((shape.to_owned(), constraint.to_owned()));
            }
        }
    }
    constraints
}

#[test]
fn every_constraint_of_every_shape_has_a_change_that_it_refuses() {
    let stated = constraints(&Facts::of([shapes_text()]));
    assert!(stated.len() > 400, "the constraints were not found");
    let told: BTreeSet<(String, String)> = variations()
        .into_iter()
        .filter_map(|variation| variation.refusal)
        .map(|refusal| (format!("flsh:{}", refusal.shape), refusal.constraint.to_owned()))
        .collect();
    let without: Vec<_> = stated.difference(&told).collect();
    assert!(without.is_empty(), "without a change: {without:#?}");
    let surplus: Vec<_> = told.difference(&stated).collect();
    assert!(surplus.is_empty(), "not in the shapes: {surplus:#?}");
}

/// A shape with neither target nor path is never found wrong itself: those that refer to it are.
/// One with a target and no constraint of its own is there for the properties that it names.
#[test]
fn a_shape_without_a_constraint_to_refuse_anything_serves_another() {
    let shapes = Facts::of([shapes_text()]);
    let constraints = constraints(&shapes);
    let named: BTreeSet<&str> = constraints.iter().map(|(shape, _)| shape.as_str()).collect();
    let ways = ["sh:not", "sh:qualifiedValueShape", "rdf:first"];
    for shape in shapes.pointing("rdf:type", "sh:NodeShape") {
        let helps = || ways.iter().any(|way| !shapes.pointing(way, shape).is_empty());
        let gathers = || !shapes.nodes(shape, "sh:property").is_empty();
        assert!(named.contains(shape) || helps() || gathers(), "{shape} does nothing");
    }
}
