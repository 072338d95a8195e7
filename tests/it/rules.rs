//! What each rule means: `tests/rules` has a file for each, with records, what the rule infers of
//! them and from which facts, and records about which it is silent.

use crate::support::{BASE, Node, run, syntax, vocabulary};
use familylab::infer::{Rule, Rules};
use oxigraph::io::RdfParser;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term, Triple};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Statements, each as `subject predicate object` in N-Triples.
type Statements = BTreeSet<String>;

struct Case {
    rule: Rule,
    stated: Vec<Quad>,
    /// What the rule infers, and the facts from which.
    expected: BTreeMap<String, Statements>,
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

impl Case {
    fn read(rule: Rule) -> Self {
        let file = folder().join(format!("{}.trig", rule.name));
        let text = fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{} has no case: {error}", rule.name));
        let mut stated = Vec::new();
        let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for quad in RdfParser::from_format(syntax("trig")).for_slice(&text) {
            let quad = quad.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let GraphName::NamedNode(graph) = &quad.graph_name else { panic!("{quad}") };
            match graph.as_str().strip_prefix("urn:") {
                Some(part) => parts.entry(part.to_owned()).or_default().push(told(&quad)),
                None => stated.push(quad),
            }
        }
        let mut expected = BTreeMap::new();
        for (part, statements) in &parts {
            if let Some(name) = part.strip_prefix("expect:") {
                let [statement] = &statements[..] else { panic!("{part}: not one statement") };
                let facts = parts.get(&format!("facts:{name}"));
                let facts = facts.unwrap_or_else(|| panic!("{name} has no facts"));
                expected.insert(statement.clone(), facts.iter().cloned().collect());
            }
        }
        assert_eq!(parts.len(), 2 * expected.len(), "{}: {:?}", rule.name, parts.keys());
        Self { rule, stated, expected }
    }

    /// Whether a statement is about a record of this case.
    fn is_own(&self, statement: &str) -> bool {
        statement.starts_with(&format!("<{BASE}/id/{}/", self.rule.name))
    }

    /// The records that the rule could infer something of, and does not.
    fn silent(&self) -> Vec<&Quad> {
        let about = |quad: &&Quad| {
            let class = |class| quad.object == Term::NamedNode(class);
            quad.predicate == rdf::TYPE && self.rule.about.iter().cloned().any(class)
        };
        let inferred = |quad: &&Quad| {
            let start = format!("{} ", quad.subject);
            self.expected.keys().any(|statement| statement.starts_with(&start))
        };
        self.stated.iter().filter(about).filter(|quad| !inferred(quad)).collect()
    }
}

fn told(quad: &Quad) -> String {
    Triple::from(quad.clone()).to_string()
}

fn cases() -> Vec<Case> {
    let rules = Rules::shipped().expect("the rules are in the program").rules;
    assert!(rules.len() >= 12, "the rules were not found");
    rules.into_iter().map(Case::read).collect()
}

/// A node that holds what all cases state.
fn node(cases: &[Case]) -> Node {
    let data = vocabulary();
    let stated = cases.iter().flat_map(|case| &case.stated);
    let lines: String = stated.map(|quad| format!("{quad} .\n")).collect();
    let file = data.path().join("prova.nq");
    fs::write(&file, lines).expect("it can be written");
    run(data.path(), &["import", &file.to_string_lossy(), "--trusted"]).accepted();
    Node::start_in(data, &[])
}

/// What a node infers of the records of the cases, each statement with its explanation.
fn inferred(node: &Node, cases: &[Case]) -> BTreeMap<String, Value> {
    let dump = format!("{BASE}/graph/inferred");
    let answer = node.client.get(node.url("/graphs")).query(&[("graph", dump.as_str())]);
    let answer = answer.header("Accept", "application/n-triples").send().expect("an answer");
    assert_eq!(answer.status(), 200);
    let text = answer.text().expect("a text");
    let mut found = BTreeMap::new();
    for quad in RdfParser::from_format(syntax("nt")).for_slice(&text) {
        let quad = quad.expect("a triple");
        let statement = told(&quad);
        if cases.iter().any(|case| case.is_own(&statement)) {
            found.insert(statement, explanation(node, &quad));
        }
    }
    found
}

fn explanation(node: &Node, quad: &Quad) -> Value {
    let (NamedOrBlankNode::NamedNode(subject), Term::NamedNode(object)) =
        (&quad.subject, &quad.object)
    else {
        panic!("{quad}")
    };
    let parts = [
        ("subject", subject.as_str()),
        ("predicate", quad.predicate.as_str()),
        ("object", object.as_str()),
    ];
    let answer = node.client.get(node.url("/explain")).query(&parts).send().expect("an answer");
    assert_eq!(answer.status(), 200, "{quad}");
    answer.json().expect("JSON")
}

/// What a rule infers of the records of its case, with the facts that are told for it.
fn inferred_by(case: &Case, explained: &BTreeMap<String, Value>) -> BTreeMap<String, Statements> {
    let mut found = BTreeMap::new();
    for (statement, told) in explained.iter().filter(|(statement, _)| case.is_own(statement)) {
        let reasons = told["inferred"].as_array().expect("a list");
        for reason in reasons.iter().filter(|reason| reason["rule"] == case.rule.name.as_str()) {
            assert_eq!(reason["summary"]["en"], case.rule.summary.en.as_str());
            let part = |fact: &Value, name: &str| fact[name].as_str().expect("a term").to_owned();
            let facts = reason["facts"].as_array().expect("a list").iter();
            let facts = facts.map(|fact| {
                ["subject", "predicate", "object"].map(|name| part(fact, name)).join(" ")
            });
            found.insert(statement.clone(), facts.collect());
        }
    }
    found
}

#[test]
fn every_rule_infers_what_its_case_says_from_the_facts_it_says_and_nothing_else() {
    let cases = cases();
    let node = node(&cases);
    let explained = inferred(&node, &cases);
    let mut wrong = BTreeMap::new();
    for case in &cases {
        let found = inferred_by(case, &explained);
        if found != case.expected {
            wrong.insert(&case.rule.name, (found, &case.expected));
        }
    }
    assert!(wrong.is_empty(), "(found, expected): {wrong:#?}");
}

#[test]
fn every_rule_has_a_case_where_it_fires_and_one_where_it_is_silent() {
    let cases = cases();
    for case in &cases {
        assert!(!case.expected.is_empty(), "{} never fires", case.rule.name);
        assert!(!case.silent().is_empty(), "{} is never silent", case.rule.name);
    }
    let rules: BTreeSet<String> = cases.iter().map(|case| case.rule.name.clone()).collect();
    let files = fs::read_dir(folder()).expect("the cases").map(|entry| entry.expect("one").path());
    let files = files.filter(|path| path.extension().is_some_and(|end| end == "trig"));
    let files: BTreeSet<String> =
        files.map(|path| path.file_stem().expect("a name").to_string_lossy().into()).collect();
    assert_eq!(rules, files, "every case is of a rule");
}
