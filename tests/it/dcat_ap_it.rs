//! The shapes of the Italian profile: each example in `tests/shapes/dcat-ap_it` is found right or
//! wrong as its first lines say, by the shape and at the property named there, and by no other.

use crate::support::{Facts, Node, parse, syntax, vocabulary};
use familylab::schema::{Finding, Severity, Shapes, ontology_file, validate_graph};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::Triple;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const FILE: &str = "shapes/dcat-ap_it.ttl";
const NAMESPACE: &str = "https://w3id.org/familylab/shapes/dcat-ap_it#";

/// How a line begins that says what is to be found; `nothing` stands for none.
const EXPECTED: &str = "# expected: ";

/// A file of examples and what its first lines say.
struct Example {
    name: String,
    text: String,
    expected: BTreeSet<String>,
}

impl Example {
    fn triples(&self) -> Vec<Triple> {
        let quads = RdfParser::from_format(RdfFormat::Turtle).for_slice(&self.text);
        let name = &self.name;
        quads.map(|quad| quad.unwrap_or_else(|error| panic!("{name}: {error}")).into()).collect()
    }

    fn check(&self, shapes: &Shapes) -> Vec<Finding> {
        validate_graph(shapes, self.triples()).expect("the example can be checked")
    }
}

fn examples(folder: &str) -> Vec<Example> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shapes/dcat-ap_it").join(folder);
    let files = fs::read_dir(root).expect("the examples").map(|file| file.expect("a file").path());
    let read = |path: std::path::PathBuf| {
        let text = fs::read_to_string(&path).expect("a text");
        let told: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix(EXPECTED)).collect();
        assert!(!told.is_empty(), "{} does not say what is expected", path.display());
        let expected = told.into_iter().filter(|line| *line != "nothing");
        let expected = expected.map(str::to_owned).collect();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        Example { name, text, expected }
    };
    files.map(read).collect()
}

fn text() -> String {
    ontology_file(FILE).expect("the shapes are in the program")
}

fn shapes() -> Shapes {
    Shapes::parse(&text()).expect("the shapes are valid")
}

/// A finding as an example tells it: property, severity, shape.
fn told(finding: &Finding) -> String {
    let path = finding.path.as_ref().map_or("-".to_owned(), |path| format!("<{path}>"));
    format!("{path} {:?} <{}>", finding.severity, finding.shape)
}

/// The examples of a folder about which these shapes find something else than they say.
fn mistaken(shapes: &Shapes, folder: &str) -> Vec<String> {
    let mut mistaken = Vec::new();
    for example in examples(folder) {
        let found: BTreeSet<String> = example.check(shapes).iter().map(told).collect();
        if found != example.expected {
            mistaken.push(format!("{}: {found:#?}", example.name));
        }
    }
    mistaken
}

#[test]
fn what_the_profile_allows_passes() {
    let valid = examples("valid");
    assert!(valid.len() >= 3, "the examples were not found");
    let mistaken = mistaken(&shapes(), "valid");
    assert!(mistaken.is_empty(), "{}", mistaken.join("\n"));
    for Example { name, expected, .. } in valid {
        assert!(!expected.iter().any(|line| line.contains(" Violation ")), "{name} is not valid");
    }
}

#[test]
fn each_fault_is_found_by_its_shape_and_by_no_other() {
    let invalid = examples("invalid");
    assert!(invalid.len() >= 25, "the examples were not found");
    let mistaken = mistaken(&shapes(), "invalid");
    assert!(mistaken.is_empty(), "{}", mistaken.join("\n"));
    for Example { name, expected, .. } in invalid {
        assert!(!expected.is_empty(), "{name} has no fault");
    }
}

#[test]
fn every_shape_has_an_example_that_it_refuses() {
    let facts = Facts::of([text()]);
    let shapes: BTreeSet<String> =
        facts.having("sh:severity").into_iter().map(str::to_owned).collect();
    assert!(shapes.len() > 100, "the shapes were not found");
    let expected = examples("invalid").into_iter().flat_map(|example| example.expected);
    let refusing: BTreeSet<String> = expected
        .filter_map(|line| line.rsplit(' ').next().map(|iri| iri.trim_matches(['<', '>']).into()))
        .collect();
    assert_eq!(shapes, refusing);
    assert!(refusing.iter().all(|shape| shape.starts_with(NAMESPACE)));
}

#[test]
fn every_shape_is_named_and_says_what_to_do_in_both_languages() {
    let facts = Facts::of([text()]);
    for shape in facts.having("sh:severity") {
        assert!(facts.in_both_languages(shape, "sh:message"), "{shape} lacks its message");
        let name = if facts.values(shape, "sh:path").is_empty() { "rdfs:label" } else { "sh:name" };
        assert!(facts.in_both_languages(shape, name), "{shape} lacks its name");
    }
    for shape in facts.having("sh:property") {
        for property in facts.nodes(shape, "sh:property") {
            assert!(property.starts_with(NAMESPACE), "{shape} has a shape without an address");
        }
    }
}

/// The shapes of records are other ones: they say nothing of a catalogue, be it ever so wrong.
#[test]
fn records_are_not_held_against_the_profile() {
    let own = ontology_file("shapes.ttl").expect("the shapes are in the program");
    let own = Shapes::parse(&own).expect("the shapes are valid");
    for example in examples("invalid") {
        assert!(example.check(&own).is_empty(), "{}", example.name);
    }
    let unlike = "<https://example.org/id/x> a <http://www.w3.org/ns/dcat#Dataset> .";
    let unlike =
        Example { name: String::new(), text: unlike.to_owned(), expected: BTreeSet::new() };
    assert!(unlike.check(&shapes()).iter().any(|finding| finding.severity == Severity::Violation));
}

/// The node names the blank nodes of lists, as it does in every record; the shapes stay the same.
#[test]
fn the_shapes_are_served_where_their_addresses_lead() {
    let node = Node::start_in(vocabulary(), &[]);
    let statements = parse(text(), RdfFormat::Turtle).len();
    for extension in ["ttl", "nt", "rdf"] {
        let answer = node.get(&format!("/shapes/dcat-ap_it.{extension}"), "*/*");
        assert_eq!(answer.status(), 200, "{extension}");
        let served = answer.text().expect("a text");
        assert_eq!(parse(&served, syntax(extension)).len(), statements, "{extension}");
        if extension == "ttl" {
            let served = Shapes::parse(&served).expect("the shapes are valid");
            let mistaken = mistaken(&served, "invalid");
            assert!(mistaken.is_empty(), "{}", mistaken.join("\n"));
        }
    }
    for accept in ["application/ld+json", "text/html"] {
        assert_eq!(node.get("/shapes/dcat-ap_it", accept).status(), 200, "{accept}");
    }
    assert_eq!(node.get("/shapes/unknown", "text/turtle").status(), 404);
}
