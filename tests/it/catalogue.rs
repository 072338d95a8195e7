//! The catalogues that the program brings: the demonstration has what was promised and fits the
//! shapes, and each fault that a generated one can have is found where it should be.

use crate::support::{Facts, run, syntax, vocabulary};
use familylab::schema::{Severity, Shapes, ontology_file, ontology_files, validate};
use oxigraph::io::RdfParser;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, Triple};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const ID: &str = "https://w3id.org/familylab/id/";
const FL: &str = "https://w3id.org/familylab/ontology#";

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The texts of the demonstration, by file.
fn demonstration() -> BTreeMap<String, String> {
    let entries = fs::read_dir(project("data/demo")).expect("the demonstration");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let paths = paths.filter(|path| path.extension().is_some_and(|end| end == "ttl"));
    let texts: BTreeMap<String, String> = paths
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("a text")))
        .collect();
    assert!(texts.len() > 30, "the files were not found");
    texts
}

fn triples(text: &str) -> Vec<Triple> {
    let quads = RdfParser::from_format(syntax("ttl")).for_slice(text);
    quads.map(|quad| quad.expect("the text is Turtle").into()).collect()
}

fn classes(triples: &[Triple]) -> Vec<(NamedNode, NamedNode)> {
    let classes = triples.iter().filter(|triple| triple.predicate == rdf::TYPE);
    let pair = |triple: &Triple| match (&triple.subject, &triple.object) {
        (NamedOrBlankNode::NamedNode(node), Term::NamedNode(class)) => {
            Some((node.clone(), class.clone()))
        }
        _ => None,
    };
    classes.filter_map(pair).collect()
}

/// The classes of what a node holds besides: vocabularies, questionnaires, territory.
fn ground() -> Vec<(NamedNode, NamedNode)> {
    let names =
        [ontology_files("vocabularies/", ".ttl"), ontology_files("questionnaires/", ".ttl")];
    let texts = names.concat().into_iter().map(|name| ontology_file(&name).expect("it is there"));
    let mut known: Vec<_> = texts.flat_map(|text| classes(&triples(&text))).collect();
    for (file, class) in [
        ("regions", "Region"),
        ("provinces", "Province"),
        ("municipalities", "Municipality"),
        ("former", "FormerMunicipality"),
    ] {
        let path = project(&format!("data/territory/{file}.csv"));
        let mut rows = csv::Reader::from_path(path).expect("the territory");
        for row in rows.records() {
            let slug = &row.expect("a row")[0];
            let node = NamedNode::new(format!("{ID}territorio/{slug}")).expect("an IRI");
            for class in ["Territory", class] {
                known.push((node.clone(), NamedNode::new_unchecked(format!("{FL}{class}"))));
            }
        }
    }
    known
}

#[test]
fn the_demonstration_has_at_least_what_was_promised() {
    let facts = Facts::of(demonstration().into_values());
    let count = |classes: &[&str]| -> usize {
        let each = classes.iter().map(|class| facts.pointing("rdf:type", class).len());
        each.sum()
    };
    for (classes, least) in [
        (&["fl:Experience"][..], 60),
        (&["fl:Actor"], 80),
        (&["fl:Network"], 15),
        (&["fl:ImplementationModel", "fl:ImplementationPath"], 12),
        (&["fl:KnowledgeResource"], 20),
        (&["fl:Collection"], 3),
        (&["fl:SelfAssessment"], 40),
        (&["fl:News"], 1),
        (&["fl:Event"], 1),
        (&["fl:ImplementationModel"], 1),
        (&["fl:ImplementationPath"], 1),
    ] {
        assert!(count(classes) >= least, "{classes:?}: {}", count(classes));
    }
}

#[test]
fn every_record_of_the_demonstration_says_that_it_is_one() {
    let facts = Facts::of(demonstration().into_values());
    let records: BTreeSet<&str> =
        facts.having("rdf:type").into_iter().filter(|subject| !subject.contains('#')).collect();
    assert!(records.len() > 200, "{}", records.len());
    for record in records {
        let values = facts.values(record, "fl:demonstration");
        let is_marked = matches!(values, [Term::Literal(one)] if one.value() == "true");
        assert!(is_marked, "{record}: {values:?}");
    }
}

#[test]
fn every_file_of_the_demonstration_fits_the_shapes() {
    let shapes = Shapes::parse(&ontology_file("shapes.ttl").expect("the shapes")).expect("SHACL");
    let files = demonstration();
    let mut known = ground();
    known.extend(files.values().flat_map(|text| classes(&triples(text))));
    let mut all = Vec::new();
    for (name, text) in &files {
        let own = triples(text);
        assert!(!own.is_empty(), "{name} states nothing");
        all.extend(own);
    }
    let mut found = validate(&shapes, all, known).expect("the records can be checked");
    found.retain(|finding| finding.severity == Severity::Violation);
    assert!(found.is_empty(), "{found:#?}");
}

/// Writes a generated catalogue into a folder.
fn generate(data: &Path, number: &str, faults: &str) -> String {
    let file = data.join("catalogo.nq").to_string_lossy().into_owned();
    let mut arguments = vec!["generate", number, "--seed", "5", "--out", &file];
    if !faults.is_empty() {
        arguments.extend(["--faults", faults]);
    }
    run(data, &arguments).accepted();
    file
}

/// The shapes that refuse something of a file.
fn refusing(data: &Path, file: &str) -> BTreeSet<String> {
    let report = run(data, &["import", file, "--dry-run", "--report", "json"]);
    let told: Value = serde_json::from_str(&report.out)
        .unwrap_or_else(|error| panic!("{error}: {}", report.said()));
    assert!(told["records"].as_u64().is_some_and(|records| records > 50), "{told}");
    let findings = told["findings"].as_array().expect("a list").iter();
    let violations = findings.filter(|finding| finding["severity"] == "Violation");
    let shape = |finding: &Value| finding["shape"].as_str().expect("an IRI").to_owned();
    let shapes: BTreeSet<String> = violations
        .map(|finding| shape(finding).rsplit('#').next().expect("a name").to_owned())
        .collect();
    assert_eq!(told["conforms"], shapes.is_empty());
    assert_eq!(report.status.success(), shapes.is_empty(), "{}", report.err);
    shapes
}

/// The checks that find something in a data folder.
fn finding(data: &Path) -> BTreeSet<String> {
    let found = run(data, &["check", "--json"]);
    let found: Vec<Value> = serde_json::from_str(&found.out).expect("JSON");
    found.iter().map(|one| one["check"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn a_generated_catalogue_is_taken_in_unseen_and_nothing_in_it_disagrees() {
    let folder = vocabulary();
    let data = folder.path();
    let file = generate(data, "300", "");
    assert_eq!(refusing(data, &file), BTreeSet::new());
    run(data, &["import", &file]).accepted();
    assert_eq!(finding(data), BTreeSet::new());
}

/// Each kind of fault, the shapes that refuse it and the checks that find it.
const FAULTS: [(&str, &[&str], &[&str]); 10] = [
    ("missing-title", &["Experience-title"], &[]),
    ("unknown-theme", &["Experience-subject"], &[]),
    ("dangling-actor", &["Experience-partner"], &[]),
    ("end-before-start", &["Experience-dates"], &["dates-order"]),
    ("negative-cost", &["Cost-amount"], &[]),
    ("wrong-datatype", &["Experience-budget"], &[]),
    ("two-leads", &["Experience-leadActor"], &["cardinality"]),
    ("overclaimed-evidence", &[], &["evidence-overclaimed"]),
    ("costs-do-not-add-up", &[], &["costs-budget"]),
    ("cyclic-transfer", &[], &["transfer-cycle"]),
];

#[test]
fn each_fault_that_can_be_generated_is_found_by_its_shape_or_its_check() {
    let folder = vocabulary();
    let data = folder.path();
    let mut wrong = BTreeMap::new();
    for (fault, shapes, checks) in FAULTS {
        let file = generate(data, "80", &format!("{fault}=0.2"));
        let refusing = refusing(data, &file);
        // The next catalogue has the same records, which it replaces.
        run(data, &["import", &file, "--trusted"]).accepted();
        let finding = finding(data);
        let names = |names: &[&str]| -> BTreeSet<String> {
            names.iter().map(|&name| name.to_owned()).collect()
        };
        if (&refusing, &finding) != (&names(shapes), &names(checks)) {
            wrong.insert(fault, (refusing, finding));
        }
    }
    assert!(wrong.is_empty(), "(shapes, checks): {wrong:#?}");
}
