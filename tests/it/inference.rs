//! What the rules infer: at once after a change, the same as if all were done again, with reasons;
//! and what the checks of consistency find.

use crate::support::{BASE, Node, Verdict, demo, run, syntax, vocabulary};
use oxigraph::io::RdfParser;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const PREFIXES: &str = "PREFIX fl: <https://w3id.org/familylab/ontology#>
PREFIX level: <https://w3id.org/familylab/vocabulary/levels#>
PREFIX role: <https://w3id.org/familylab/vocabulary/network-roles#>
PREFIX evidence: <https://w3id.org/familylab/vocabulary/evidence#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX id: <http://localhost:7070/id/prova/>
PREFIX g: <http://localhost:7070/graph/>
";

#[track_caller]
fn change(node: &Node, update: &str) {
    let answer = node.update(&format!("{PREFIXES}{update}"));
    assert_eq!(answer.status(), 204, "{}", answer.text().expect("a text"));
    node.settle();
}

/// What is inferred of a subject, as `predicate object` with local names.
fn inferred(node: &Node, subject: &str) -> Vec<String> {
    let rows = node.select(&format!(
        "SELECT ?p ?o {{ GRAPH <{BASE}/graph/inferred> {{ <{BASE}/id/prova/{subject}> ?p ?o }} }}"
    ));
    let local = |iri: &str| iri.rsplit(['#', '/']).next().unwrap_or_default().to_owned();
    let mut rows: Vec<String> =
        rows.iter().map(|row| row.split(',').map(local).collect::<Vec<_>>().join(" ")).collect();
    rows.sort_unstable();
    rows
}

/// A bare-bones record is enough for rules; shapes are another matter.
fn unchecked(node: Node, turtle: &str) -> Node {
    let (_, data) = node.stop();
    let file = data.path().join("prova.ttl");
    fs::write(&file, format!("{PREFIXES}{turtle}")).expect("it can be written");
    let name = file.to_string_lossy().into_owned();
    run(data.path(), &["import", &name, "--source", "prova", "--trusted"]).accepted();
    Node::start_in(data, &[])
}

const NETWORK: &str = "
id:a a fl:Actor , fl:PublicAdministration ; fl:governmentLevel level:municipal ;
  fl:territory <http://localhost:7070/id/territorio/bari> .
id:b a fl:Actor , fl:PublicAdministration ; fl:governmentLevel level:municipal .
id:c a fl:Actor , fl:ThirdSectorOrganization .
id:r a fl:Network ; fl:member id:a , id:b , id:c ; fl:coordinator id:a .
id:e a fl:Experience ; fl:leadActor id:a ; fl:network id:r ; fl:objective \"Provare.\"@it .
id:f a fl:Experience ; fl:transfer <http://localhost:7070/id/prova/f#transfer-1> ; fl:partner id:c .
<http://localhost:7070/id/prova/f#transfer-1> a fl:Transfer ; fl:transferOf id:e .
";

#[test]
fn what_follows_is_inferred_and_follows_each_change() {
    let node = unchecked(Node::start_in(vocabulary(), &[]), NETWORK);
    assert_eq!(inferred(&node, "r"), ["promotes e", "type HorizontalNetwork"]);
    let expected = [
        "evidenceLevel emerging",
        "governmentLevel municipal",
        "territory bari",
        "transferredTo f",
    ];
    assert_eq!(inferred(&node, "e"), expected);
    assert_eq!(inferred(&node, "f"), ["transferredFrom e"]);
    assert_eq!(inferred(&node, "c"), ["memberOf r", "partnerIn f"]);

    let level = "WITH g:prova DELETE { id:b fl:governmentLevel ?old }
        INSERT { id:b fl:governmentLevel level:regional } WHERE { id:b fl:governmentLevel ?old }";
    // An actor without a label breaks its shape: its graph is mended first.
    let labels = "INSERT DATA { GRAPH g:prova { id:b skos:prefLabel \"Regione di prova\"@it } }";
    change(&node, labels);
    change(&node, level);
    assert_eq!(inferred(&node, "r"), ["promotes e", "type VerticalNetwork"]);

    // What is stated is not inferred as well, and is again when nobody states it any more.
    let stated = "DATA { GRAPH g:altra { id:c fl:memberOf id:r } }";
    change(&node, &format!("INSERT {stated}"));
    assert_eq!(inferred(&node, "c"), ["partnerIn f"]);
    change(&node, &format!("DELETE {stated}"));
    assert_eq!(inferred(&node, "c"), ["memberOf r", "partnerIn f"]);

    // A record that goes takes what was inferred from it along.
    let gone = "DELETE { GRAPH g:prova { ?s ?p ?o } } WHERE { GRAPH g:prova { ?s ?p ?o
        FILTER (STRSTARTS(STR(?s), STR(id:f))) } }";
    change(&node, gone);
    assert_eq!(inferred(&node, "f"), Vec::<String>::new());
    assert!(!inferred(&node, "e").contains(&"transferredTo f".to_owned()));
    change(&node, "DELETE WHERE { GRAPH g:prova { id:e ?p ?o } }");
    assert_eq!(inferred(&node, "e"), Vec::<String>::new());
    assert_eq!(inferred(&node, "a"), ["coordinates r", "memberOf r"]);
}

/// The statements of the graph of what is inferred, of a node that was stopped.
fn dumped(data: &Path) -> BTreeSet<String> {
    let file = data.join("dedotto.nq");
    let name = file.to_string_lossy().into_owned();
    run(data, &["dump", "--source", "inferred", "--out", &name.replace(".nq", ".nt")]).accepted();
    let text = fs::read_to_string(file.with_extension("nt")).expect("the dump");
    let triples = RdfParser::from_format(syntax("nt")).for_slice(&text);
    triples.map(|triple| triple.expect("a triple").to_string()).collect()
}

/// Changes of what rules read, of an experience `?e` or of what it links to.
const CHANGES: [(&str, &str); 8] = [
    ("level", "DELETE { ?e fl:governmentLevel ?o } WHERE { ?e fl:governmentLevel ?o }"),
    ("evidence", "DELETE { ?e fl:evidenceLevel ?o } WHERE { ?e fl:evidenceLevel ?o }"),
    ("partners", "DELETE { ?e fl:partner ?o } WHERE { ?e fl:partner ?o }"),
    ("sources", "DELETE { ?e fl:fundingSource ?o } WHERE { ?e fl:fundingSource ?o }"),
    ("record", "DELETE { ?e ?p ?o } WHERE { ?e ?p ?o }"),
    ("assessments", "DELETE { ?v fl:reviewed ?o } WHERE { ?v fl:assesses ?e ; fl:reviewed ?o }"),
    ("members", "DELETE { ?r fl:member ?o } WHERE { ?e fl:leadActor ?o . ?r fl:member ?o }"),
    (
        "lead",
        "DELETE { ?o fl:governmentLevel ?l } WHERE { ?e fl:leadActor ?o . ?o fl:governmentLevel ?l }",
    ),
];

/// The kinds of change, and whether the shapes let any of them through.
const POSSIBLE: [(&str, bool); 8] = [
    ("level", true),
    ("evidence", true),
    ("partners", true),
    ("sources", true),
    ("record", true),
    ("assessments", true),
    ("members", true),
    ("lead", false),
];

/// The number of the last change.
fn seq(node: &Node) -> u64 {
    let ready: Value = node.get("/ready", "*/*").json().expect("JSON");
    ready["seq"].as_u64().expect("a number")
}

#[test]
fn many_changes_one_by_one_infer_the_same_as_everything_at_once() {
    let node = Node::start(&["--demo"]);
    let experiences = node.select(&format!(
        "{PREFIXES} SELECT ?e ?g {{ GRAPH ?g {{ ?e a fl:Experience ; fl:partner ?p }} }}"
    ));
    let experiences: BTreeSet<&String> = experiences.iter().collect();
    let mut changed = BTreeMap::new();
    let mut last = seq(&node);
    for (number, row) in experiences.iter().enumerate().take(48) {
        let (experience, graph) = row.split_once(',').expect("two columns");
        let (experience, graph) = (format!("<{experience}>"), format!("<{graph}>"));
        let (kind, pattern) = CHANGES[number % CHANGES.len()];
        let update = pattern.replace("?e", &experience);
        // Some break a shape and are refused: that is no change, and must infer nothing.
        let answer = node.update(&format!("{PREFIXES}WITH {graph} {update}"));
        let refused = answer.status() == 422;
        assert!(refused || answer.status() == 204, "{update}: {}", answer.status());
        let now = seq(&node);
        assert!(!refused || now == last, "{update} was refused and changed something");
        *changed.entry(kind).or_insert(0) += now - last;
        last = now;
        if number % 7 == 0 {
            node.settle();
        }
    }
    for (kind, can) in POSSIBLE {
        let count = changed.get(kind).copied().unwrap_or(0);
        assert!(can == (count > 0), "{kind}: {changed:?}");
    }
    node.settle();
    assert_same_as_everything_at_once(node);
}

/// Fails unless what was inferred change by change is what all rules infer of all records.
#[track_caller]
fn assert_same_as_everything_at_once(node: Node) {
    let (_, data) = node.stop();
    let one_by_one = dumped(data.path());
    assert!(one_by_one.len() > 16_000, "{}", one_by_one.len());
    run(data.path(), &["infer", "--all"]).accepted();
    let at_once = dumped(data.path());
    let lost: Vec<&String> = at_once.difference(&one_by_one).collect();
    let kept: Vec<&String> = one_by_one.difference(&at_once).collect();
    assert!(lost.is_empty() && kept.is_empty(), "lost {lost:#?}\nkept {kept:#?}");
    Verdict::of(data.path()).assert_agrees();
}

/// How often the rules were run for all records and for some.
fn runs(node: &Node) -> [f64; 2] {
    ["all", "some"].map(|of| node.metric(&format!("familylab_rule_runs_total{{of=\"{of}\"}}")))
}

#[test]
fn when_a_territory_moves_only_what_lies_below_it_is_looked_at_again() {
    let node = Node::start(&["--demo"]);
    let territory = "<http://localhost:7070/id/territorio/";
    let new = format!(
        "INSERT DATA {{ GRAPH g:prova {{
            id:valle a fl:Territory ; skos:prefLabel \"Valle di prova\"@it ; skos:broader {territory}basilicata> .
            id:frazione a fl:Territory ; skos:prefLabel \"Frazione di prova\"@it ; skos:broader id:valle .
            id:sud a fl:Territory ; skos:prefLabel \"Sud di prova\"@it }} }}"
    );
    change(&node, &new);
    let [all, some] = runs(&node);
    let below =
        |last: &str| [format!("broaderTransitive {last}"), "broaderTransitive valle".into()];
    assert_eq!(inferred(&node, "frazione"), below("basilicata"));

    let to = |to: &str| {
        let moved = format!(
            "WITH g:prova DELETE {{ id:valle skos:broader ?old }} INSERT {{ id:valle skos:broader {to} }}
             WHERE {{ id:valle skos:broader ?old }}"
        );
        change(&node, &moved);
    };
    to(&format!("{territory}molise>"));
    assert_eq!(inferred(&node, "frazione"), below("molise"));

    // A region of the node itself, of which another source says more: with all its municipalities.
    let count = |query: &str| node.select(&format!("{PREFIXES} {query}")).len();
    change(
        &node,
        &format!("INSERT DATA {{ GRAPH g:prova {{ {territory}puglia> skos:broader id:sud }} }}"),
    );
    let inside = count(&format!("SELECT DISTINCT ?t {{ ?t skos:broader* {territory}puglia> }}"));
    let south = "SELECT DISTINCT ?t { GRAPH g:inferred { ?t skos:broaderTransitive id:sud } }";
    assert!(inside > 250, "{inside}");
    assert_eq!(count(south), inside);

    change(&node, "DELETE WHERE { GRAPH g:prova { id:valle ?p ?o } }");
    assert_eq!(inferred(&node, "frazione"), ["broaderTransitive valle"]);
    assert_eq!(runs(&node), [all, some + 3.0], "never all records");
    assert_same_as_everything_at_once(node);
}

#[test]
fn when_a_questionnaire_changes_only_what_states_its_version_is_looked_at_again() {
    let owl = "<http://www.w3.org/2002/07/owl#versionInfo>";
    let turtle = format!(
        "id:q a fl:Questionnaire ; {owl} \"prova-1\" .
         id:v a fl:SelfAssessment ; fl:questionnaireVersion \"prova-1\" .
         id:w a fl:SelfAssessment ; fl:questionnaireVersion \"prova-2\" ."
    );
    let node = unchecked(Node::start_in(vocabulary(), &[]), &turtle);
    assert_eq!(inferred(&node, "v"), ["questionnaire q"]);
    assert_eq!(inferred(&node, "w"), Vec::<String>::new());
    let some = "familylab_rule_runs_total{of=\"some\"}";
    let before = node.metric(some);
    // A second source says that it is of the other version too, then nobody holds it any more.
    change(&node, &format!("INSERT DATA {{ GRAPH g:altra {{ id:q {owl} \"prova-2\" }} }}"));
    assert_eq!(inferred(&node, "w"), ["questionnaire q"]);
    change(&node, "DELETE WHERE { GRAPH g:prova { id:q ?p ?o } }");
    assert_eq!(inferred(&node, "v"), Vec::<String>::new());
    assert_eq!(inferred(&node, "w"), Vec::<String>::new());
    assert_eq!(node.metric(some), before + 2.0);
    let metrics = node.get("/metrics", "*/*").text().expect("a text");
    assert!(!metrics.contains("familylab_rule_runs_total{of=\"all\"}"), "never all records");
}

fn explain(
    node: &Node,
    subject: &str,
    predicate: &str,
    object: &str,
) -> reqwest::blocking::Response {
    let request = node.client.get(node.url("/explain"));
    let parts = [("subject", subject), ("predicate", predicate), ("object", object)];
    request.query(&parts).send().expect("an answer")
}

#[test]
fn an_inferred_statement_tells_its_rule_and_its_facts() {
    let node = demo();
    let fl = "https://w3id.org/familylab/ontology#";
    let rows =
        node.select(&format!("SELECT ?s ?p ?o {{ GRAPH <{BASE}/graph/inferred> {{ ?s ?p ?o }} }}"));
    let mut kinds = BTreeSet::new();
    for row in &rows {
        let [subject, predicate, object] = row.split(',').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        if !kinds.insert(predicate.to_owned()) {
            continue;
        }
        let answer = explain(node, subject, predicate, object);
        assert_eq!(answer.status(), 200, "{row}");
        let told: Value = answer.json().expect("JSON");
        assert_eq!(told["stated_in"].as_array().map(Vec::len), Some(0), "{told}");
        let reasons = told["inferred"].as_array().expect("a list");
        assert!(!reasons.is_empty(), "{row}");
        for reason in reasons {
            assert!(reason["summary"]["it"].as_str().is_some_and(|text| !text.is_empty()));
            let facts = reason["facts"].as_array().expect("a list");
            assert!(!facts.is_empty(), "{row}: {told}");
            for fact in facts {
                let ask = format!(
                    "ASK {{ GRAPH {} {{ {} {} {} }} }}",
                    text(&fact["graph"]),
                    text(&fact["subject"]),
                    text(&fact["predicate"]),
                    text(&fact["object"])
                );
                let answer = node.client.get(node.url("/sparql")).query(&[("query", &ask)]);
                let answer: Value = answer.send().expect("an answer").json().expect("JSON");
                assert_eq!(answer["boolean"], true, "{ask}");
            }
        }
    }
    assert!(kinds.len() >= 8, "{kinds:?}");
    let nobody = format!("{BASE}/id/esperienza/nessuna");
    assert_eq!(explain(node, &nobody, &format!("{fl}partner"), &nobody).status(), 404);
    assert_eq!(explain(node, "x", &format!("{fl}partner"), &nobody).status(), 400);
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

#[test]
fn what_is_inferred_cannot_be_written_by_hand() {
    let node = demo();
    let update = format!("{PREFIXES}INSERT DATA {{ GRAPH g:inferred {{ id:x fl:leads id:y }} }}");
    assert_eq!(node.update(&update).status(), 409);
}

/// What checks cannot but find besides the record that is named after them.
const SURPLUS: [(&str, &str); 2] = [
    // The other end of the cycle.
    ("broader-cycle", "altra"),
    ("transfer-cycle", "altra"),
];

#[test]
fn every_check_finds_the_record_that_breaks_it_and_nothing_in_the_demonstration() {
    let (_, data) = Node::start(&["--demo"]).stop();
    let clean = run(data.path(), &["check", "--json"]);
    assert_eq!(clean.out.trim(), "[]", "{}", clean.err);
    let faults = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks/faults.trig");
    run(data.path(), &["import", &faults.to_string_lossy(), "--trusted"]).accepted();
    let found = run(data.path(), &["check", "--json"]);
    assert_eq!(found.status.code(), Some(1), "violations make it fail");
    let found: Vec<Value> = serde_json::from_str(&found.out).expect("JSON");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ontology/checks");
    let files = fs::read_dir(folder).expect("the checks").map(|file| file.expect("one").path());
    let names: BTreeSet<String> =
        files.map(|path| path.file_stem().expect("a name").to_string_lossy().into()).collect();
    assert!(names.len() >= 16, "{names:?}");
    let mut expected: Vec<(String, String)> =
        names.into_iter().map(|name| (name.clone(), name)).collect();
    expected.extend(SURPLUS.map(|(check, record)| (check.to_owned(), record.to_owned())));
    expected.sort_unstable();
    let mut named = Vec::new();
    for one in &found {
        let record = text(&one["record"]).rsplit('/').next().expect("a name");
        named.push((text(&one["check"]).to_owned(), record.to_owned()));
        for language in ["it", "en"] {
            let message = text(&one["message"][language]);
            let left = message.split('?').skip(1).any(|rest| rest.starts_with(char::is_alphabetic));
            assert!(!left && !message.is_empty(), "{message}");
        }
    }
    named.sort_unstable();
    assert_eq!(named, expected, "{found:#?}");
}
