//! The files of the ontology: two parsers read the same in them, and every term that is used
//! anywhere is declared, explained in both languages and known to the JSON-LD context.

use crate::support::{Facts, parse, short};
use familylab::schema::{ontology_file, ontology_files};
use oxigraph::io::RdfFormat;
use serde_json::Value;
use sophia::api::serializer::{Stringifier, TripleSerializer};
use sophia::turtle::parser::turtle;
use sophia::turtle::serializer::nt::NTriplesSerializer;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The properties by which a shape names one of a record.
const NAMING: [&str; 5] =
    ["sh:path", "sh:lessThanOrEquals", "sh:disjoint", "sh:targetSubjectsOf", "sh:targetObjectsOf"];

/// The texts of all files of a folder of the project with one of these extensions, by their path.
fn files(folder: &str, extensions: &[&str]) -> BTreeMap<String, String> {
    fn walk(folder: &Path, extensions: &[&str], found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("an entry").path();
            let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                walk(&path, extensions, found);
            } else if extensions.contains(&extension.as_str()) {
                let text = fs::read_to_string(&path).expect("a text");
                found.insert(path.display().to_string(), text);
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), extensions, &mut found);
    assert!(!found.is_empty(), "{folder} was not found");
    found
}

fn facts(name: &str) -> Facts {
    Facts::of([ontology_file(name).expect("the file is in the program")])
}

/// The terms that the ontology declares: `fl:Actor`.
fn declared(ontology: &Facts) -> BTreeSet<&str> {
    let typed = ontology.having("rdf:type").into_iter();
    let declared: BTreeSet<&str> = typed.filter(|term| term.starts_with("fl:")).collect();
    assert!(declared.len() > 100, "the terms were not found");
    declared
}

/// What shapes name by any of these properties.
fn named<'a>(shapes: &Facts, properties: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for property in properties {
        for shape in shapes.having(property) {
            named.extend(shapes.nodes(shape, property));
        }
    }
    named
}

/// What another parser reads in a Turtle text, as N-Triples.
fn another_reading(name: &str, text: &str) -> String {
    let mut lines = NTriplesSerializer::new_stringifier();
    if let Err(error) = lines.serialize_triples(turtle::parse_str(text)) {
        panic!("{name}: {error}");
    }
    lines.as_str().to_owned()
}

#[test]
fn two_parsers_read_the_same_graph_in_every_file() {
    let mut texts = files("ontology", &["ttl"]);
    texts.extend(files("data/demo", &["ttl"]));
    assert!(texts.len() > 40, "files were not found");
    for (name, text) in texts {
        let one = parse(&text, RdfFormat::Turtle);
        let other = parse(another_reading(&name, &text), RdfFormat::NTriples);
        assert!(!one.is_empty(), "{name} states nothing");
        assert_eq!(one.len(), other.len(), "{name}");
        assert!(one == other, "{name} is another graph to another parser");
    }
}

/// The terms of the ontology that a text uses, with their prefix or written out.
fn used(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for start in ["fl:", "w3id.org/familylab/ontology#"] {
        for (at, _) in text.match_indices(start) {
            let (before, after) = (&text[..at], &text[at + start.len()..]);
            let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':');
            if start == "fl:" && before.ends_with(inside) {
                continue;
            }
            let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
            if end > 0 {
                used.insert(format!("fl:{}", &after[..end]));
            }
        }
    }
    used
}

#[test]
fn every_term_that_is_used_anywhere_is_declared() {
    let ontology = facts("familylab.ttl");
    let declared = declared(&ontology);
    let mut texts = files("ontology", &["ttl", "rq", "jsonld", "md"]);
    texts.extend(files("queries", &["rq", "md"]));
    texts.extend(files("data/demo", &["ttl"]));
    texts.extend(files("src", &["rs"]));
    texts.extend(files("web/templates", &["html", "rq", "svg"]));
    texts.extend(files("data/template", &["csv", "md"]));
    texts.extend(files("docs", &["md"]));
    texts.extend(files("tests", &["csv", "md", "py", "rs", "sh", "toml", "trig", "ttl", "txt"]));
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    texts.insert("README.md".to_owned(), fs::read_to_string(readme).expect("a text"));
    let mut undeclared = Vec::new();
    for (name, text) in texts {
        let terms = used(&text).into_iter().filter(|term| !declared.contains(term.as_str()));
        undeclared.extend(terms.map(|term| format!("{name}: {term}")));
    }
    assert!(undeclared.is_empty(), "{}", undeclared.join("\n"));
}

#[test]
fn every_term_is_named_and_defined_in_both_languages() {
    let ontology = facts("familylab.ttl");
    for term in declared(&ontology) {
        for property in ["rdfs:label", "rdfs:comment"] {
            assert!(ontology.in_both_languages(term, property), "{term} lacks {property}");
        }
    }
}

#[test]
fn every_property_and_class_that_a_shape_names_is_known() {
    let (ontology, shapes, terms) =
        (facts("familylab.ttl"), facts("shapes.ttl"), facts("terms.ttl"));
    let declared = declared(&ontology);
    let properties = named(&shapes, NAMING);
    assert!(properties.len() > 80, "the properties were not found");
    for property in properties {
        let known = declared.contains(property.as_str())
            || terms.in_both_languages(&property, "rdfs:label");
        assert!(known, "{property} is neither declared nor named in terms.ttl");
    }
    for class in named(&shapes, ["sh:targetClass", "sh:class"]) {
        let foreign = !class.starts_with("fl:");
        assert!(foreign || declared.contains(class.as_str()), "{class} is not declared");
    }
}

#[test]
fn every_shape_is_named_and_says_what_to_do_in_both_languages() {
    let shapes = facts("shapes.ttl");
    let gathered = named(&shapes, ["sh:property"]);
    assert!(gathered.len() > 150, "the shapes were not found");
    for shape in &gathered {
        for property in ["sh:name", "sh:message"] {
            assert!(shapes.in_both_languages(shape, property), "{shape} lacks {property}");
        }
        assert_eq!(shapes.values(shape, "sh:severity").len(), 1, "{shape} lacks its severity");
        assert_eq!(shapes.values(shape, "sh:order").len(), 1, "{shape} lacks its order");
    }
    let targeted = ["sh:targetClass", "sh:targetObjectsOf", "sh:targetSubjectsOf"];
    for shape in targeted.iter().flat_map(|target| shapes.having(target)) {
        assert!(shapes.in_both_languages(shape, "rdfs:label"), "{shape} lacks its name");
        let refuses = shapes.properties(shape);
        if ["sh:nodeKind", "sh:not", "sh:or"].iter().any(|own| refuses.contains(own)) {
            assert!(shapes.in_both_languages(shape, "sh:message"), "{shape} lacks its message");
        }
    }
    let alone: BTreeSet<String> = shapes.having("sh:path").into_iter().map(str::to_owned).collect();
    assert_eq!(gathered, alone, "a property shape belongs to a node shape");
}

/// The address that a term of the JSON-LD context stands for.
fn address(term: &Value) -> Option<&str> {
    term.as_str().or_else(|| term["@id"].as_str())
}

#[test]
fn the_json_ld_context_has_a_short_name_for_all_that_shapes_name() {
    let text = ontology_file("context.jsonld").expect("the file is in the program");
    let context: Value = serde_json::from_str(&text).expect("JSON");
    let terms = context["@context"].as_object().expect("a context");
    let known: BTreeSet<&str> = terms.values().filter_map(address).collect();
    let shapes = facts("shapes.ttl");
    let mut needed = named(&shapes, NAMING);
    needed.extend(named(&shapes, ["sh:targetClass"]));
    needed.retain(|name| name.starts_with("fl:"));
    assert!(needed.len() > 80, "the terms were not found");
    let missing: Vec<_> = needed.iter().filter(|name| !known.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "without a short name: {missing:?}");
    assert_eq!(short(terms["fl"].as_str().expect("an address")), "fl:");
}

#[test]
fn every_file_of_the_folder_is_in_the_program() {
    let embedded = ontology_files("", "").into_iter();
    let embedded = embedded.filter(|name| name.ends_with(".ttl") || name.ends_with(".rq")).count();
    assert_eq!(embedded, files("ontology", &["ttl", "rq"]).len());
}
