//! One query over several nodes, each a process of its own: what they hold together, what is told
//! of those that do not answer, which of them can be chosen.

use crate::peers::propose;
use crate::support::Node;
use crate::support::odd::{Odd, answer};
use reqwest::blocking::Response;
use serde_json::{Value, json};

/// A plain store that looks at no peer by itself, with these triples.
pub fn store(triples: &str) -> Node {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let node = Node::start_with(folder, &["--bare"], &[("FAMILYLAB_PEER_PAUSE", "0")]);
    let update = format!("PREFIX : <http://example.org/> INSERT DATA {{ {triples} }}");
    assert_eq!(node.update(&update).status(), 204);
    node
}

/// Puts a server on a node's list, as one that may be asked queries.
#[track_caller]
pub fn list(node: &Node, name: &str, kind: &str, base: &str) {
    let peer = json!({
        "name": name, "base": base, "kind": kind, "trust": ["query"], "private": true,
    });
    let answer = propose(node, &peer);
    assert_eq!(answer.status(), 201, "{}", answer.text().expect("a text"));
}

/// Asks a node for what all nodes hold.
pub fn ask(node: &Node, query: &str, more: &[(&str, &str)]) -> Response {
    let query = format!("PREFIX : <http://example.org/> {query}");
    let mut form = vec![("query", query.as_str())];
    form.extend(more);
    let request = node.client.post(node.url("/federation/sparql")).form(&form);
    request.header("Accept", "text/csv").send().expect("an answer")
}

/// The rows of an answer, sorted.
#[track_caller]
pub fn rows(answer: Response) -> Vec<String> {
    let (status, text) = (answer.status(), answer.text().expect("a text"));
    assert_eq!(status, 200, "{text}");
    let mut rows: Vec<String> = text.lines().skip(1).map(str::to_owned).collect();
    rows.sort_unstable();
    rows
}

/// The report that an answer's header leads to; the answer has to be read to its end.
#[track_caller]
pub fn report(node: &Node, link: &str) -> Value {
    let address = link.strip_prefix('<').and_then(|link| link.split_once('>')).expect("a link").0;
    let name = address.rsplit('/').next().expect("a name");
    let answer = node.get(&format!("/federation/report/{name}"), "application/json");
    assert_eq!(answer.status(), 200);
    answer.json().expect("JSON")
}

/// What a report tells of the node at an address.
pub fn of<'r>(report: &'r Value, node: &str) -> &'r Value {
    let sources = report["sources"].as_array().expect("a list of nodes");
    sources.iter().find(|source| source["node"] == node).expect("the node is in the report")
}

/// What a node is called that is told no address.
pub const OWN: &str = "http://localhost:7070";
pub const REGION: &str = ":puglia :name \"Puglia\" . :e1 :of :puglia ; :title \"Nido\" .";
pub const TOWN: &str =
    ":bari :within :puglia ; :name \"Bari\" . :e2 :of :bari ; :title \"Centro\" .";
/// Who holds the first triple of the region too.
const OTHER: &str = ":puglia :name \"Puglia\" . :e3 :of :bari ; :title \"Affido\" ; :after :e2 .";

#[test]
fn nodes_answer_together_what_one_store_with_all_their_triples_answers() {
    let (hub, town, other) = (store(REGION), store(TOWN), store(OTHER));
    list(&hub, "town", "familylab", &town.address);
    list(&hub, "other", "sparql", &other.url("/sparql"));
    let whole = store(&format!("{REGION} {TOWN} {OTHER}"));
    for query in [
        "SELECT ?t ?n { ?e :title ?t ; :of ?p . ?p :name ?n }",
        "SELECT ?t ?n { ?e :title ?t ; :of/:within* ?p . ?p :name ?n }",
        "SELECT ?t ?a { ?e :title ?t OPTIONAL { ?e :after/:title ?a } }",
        "SELECT ?n (COUNT(?e) AS ?c) { ?e :of/:within? ?p . ?p :name ?n } GROUP BY ?n",
        "SELECT ?t { ?e :title ?t FILTER NOT EXISTS { ?e :after [] } } ORDER BY DESC(?t) LIMIT 1",
        "SELECT ?t { { ?e :of :puglia } UNION { ?e :after [] } ?e :title ?t }",
        "SELECT ?t { ?e :title ?t MINUS { ?e :of :bari } }",
        "SELECT ?p { ?p :name \"Puglia\" }",
        "SELECT ?x { ?e :title ?t BIND (STRLEN(?t) AS ?x) FILTER (?x > 4) }",
    ] {
        let one = whole.select(&format!("PREFIX : <http://example.org/> {query}"));
        assert!(!one.is_empty(), "{query}");
        assert_eq!(rows(ask(&hub, query, &[])), one, "{query}");
    }
    let graph = ask(&hub, "CONSTRUCT { ?p :has ?e } { ?e :of ?p }", &[("format", "nt")]);
    assert_eq!(graph.text().expect("a text").lines().count(), 3);
    let yes = ask(&hub, "ASK { :e3 :after/:of/:within :puglia }", &[("format", "json")]);
    assert_eq!(yes.json::<Value>().expect("JSON")["boolean"], true);
}

#[test]
fn a_report_tells_what_each_node_gave() {
    let (hub, town) = (store(REGION), store(TOWN));
    list(&hub, "town", "familylab", &town.address);
    let answer = ask(&hub, "SELECT * { ?e :title ?t }", &[]);
    let link = answer.headers()["link"].to_str().expect("text").to_owned();
    let short = answer.headers()["federation-report"].to_str().expect("text").to_owned();
    let short: Value = serde_json::from_str(&short).expect("JSON");
    assert_eq!(rows(answer).len(), 2);
    let long = report(&hub, &link);
    assert_eq!((&long["complete"], &long["sources"]), (&json!(true), &short["sources"]));
    assert_eq!(of(&long, &town.address)["rows"], 1);
    assert!(long["text"].as_str().expect("a text").contains("fetch"));
    let explained = ask(&hub, "SELECT * { ?e :title ?t }", &[("explain", "true")]);
    let explained: Value = explained.json().expect("JSON");
    assert_eq!(of(&explained, &town.address)["rows"], 1);
    assert!(explained["plan"]["fragments"][0]["operator"].is_string());
    assert_eq!(hub.get("/federation/report/none", "application/json").status(), 404);
}

#[test]
fn without_a_node_the_rest_is_answered_where_it_holds_and_refused_where_it_would_be_wrong() {
    let (hub, town) = (store(REGION), store(TOWN));
    list(&hub, "town", "familylab", &town.address);
    let address = town.address.clone();
    drop(town.kill());
    let answer = ask(&hub, "SELECT ?t { ?e :title ?t }", &[]);
    let link = answer.headers()["link"].to_str().expect("text").to_owned();
    assert_eq!(rows(answer), ["Nido"]);
    let told = report(&hub, &link);
    assert_eq!(told["complete"], false);
    assert!(of(&told, &address)["failed"].is_string(), "{told}");
    for query in [
        "SELECT (COUNT(*) AS ?n) { ?e :title ?t }",
        "SELECT ?t { ?e :title ?t MINUS { ?e :of :bari } }",
        "SELECT ?t { ?e :title ?t OPTIONAL { ?e :after ?a } }",
        "ASK { :e2 :title ?t }",
    ] {
        let answer = ask(&hub, query, &[("format", "json")]);
        assert_eq!(answer.status(), 502, "{query}");
        let problem: Value = answer.json().expect("JSON");
        let detail = problem["detail"].as_str().expect("a text");
        assert!(detail.contains(&address) && detail.contains("partial=allow"), "{detail}");
        assert!(problem["report"].as_array().is_some_and(|list| list.len() == 2), "{problem}");
        let partial = ask(&hub, query, &[("format", "json"), ("partial", "allow")]);
        assert_eq!(partial.status(), 200, "{query}");
    }
}

#[test]
fn whatever_a_node_answers_the_others_are_heard() {
    let (hub, town) = (store(REGION), store(TOWN));
    list(&hub, "town", "familylab", &town.address);
    let results = "Content-Type: application/sparql-results+json\r\n";
    let elsewhere = format!("Location: {}\r\n", town.url("/sparql"));
    let begun = "{\"head\":{\"vars\":[\"e\",\"t\"]},\"results\":{\"bindings\":[";
    let odd = [
        ("failing", answer("502 Bad Gateway", "", "no"), "502"),
        ("speaking", answer("200 OK", "Content-Type: text/html\r\n", "<p>Ciao</p>"), "text/html"),
        ("broken", answer("200 OK", results, &format!("{begun}{{\"e\"")), ""),
        ("cut", answer("200 OK", results, begun).replace("Length: ", "Length: 9"), ""),
        ("binary", answer("200 OK", results, "\u{1}\u{2}\u{3}"), ""),
        ("truth", answer("200 OK", results, "{\"head\":{},\"boolean\":true}"), "truth"),
        ("leading", answer("302 Found", &elsewhere, ""), "another origin"),
        ("silent", String::new(), ""),
    ];
    let odd = odd.map(|(name, text, reason)| {
        let server = Odd::says(text);
        list(&hub, name, "sparql", &server.url("/sparql"));
        (server, reason)
    });
    let answer = ask(&hub, "SELECT ?t { ?e :title ?t }", &[]);
    let link = answer.headers()["link"].to_str().expect("text").to_owned();
    assert_eq!(rows(answer), ["Centro", "Nido"]);
    let told = report(&hub, &link);
    assert_eq!(of(&told, &town.address)["failed"], Value::Null);
    for (server, reason) in &odd {
        let failed = of(&told, &server.url("/sparql"))["failed"].as_str().unwrap_or_default();
        assert!(!failed.is_empty() && failed.contains(reason), "{reason}: {told}");
        assert!(server.asked() > 0);
    }
}

#[test]
fn nodes_are_chosen_as_named_graphs() {
    let (hub, town, other) = (store(REGION), store(TOWN), store(OTHER));
    list(&hub, "town", "familylab", &town.address);
    list(&hub, "other", "familylab", &other.address);
    let where_from = rows(ask(&hub, "SELECT ?g ?t { GRAPH ?g { ?e :title ?t } }", &[]));
    assert_eq!(where_from.len(), 3);
    assert!(where_from.contains(&format!("{},Centro", town.address)), "{where_from:?}");
    let one = format!("SELECT ?t FROM <{}> {{ ?e :title ?t }}", town.address);
    assert_eq!(rows(ask(&hub, &one, &[])), ["Centro"]);
    let parameter = [("default-graph-uri", other.address.as_str())];
    assert_eq!(rows(ask(&hub, "SELECT ?t { ?e :title ?t }", &parameter)), ["Affido"]);
    let unknown = ask(&hub, "SELECT * FROM <http://example.org/no> { ?s ?p ?o }", &[]);
    assert_eq!(unknown.status(), 400);
    assert!(unknown.text().expect("a text").contains("http://example.org/no"));
}

#[test]
fn who_is_not_trusted_with_queries_is_not_asked_and_nobody_else_ever_is() {
    let hub = store(REGION);
    let results = "Content-Type: application/sparql-results+json\r\n";
    let server = Odd::says(answer("200 OK", results, "{\"head\":{},\"boolean\":true}"));
    let peer = json!({
        "name": "odd", "base": server.address, "kind": "familylab", "trust": ["harvest"],
        "private": true,
    });
    assert_eq!(propose(&hub, &peer).status(), 201);
    assert_eq!(rows(ask(&hub, "SELECT ?t { ?e :title ?t }", &[])), ["Nido"]);
    let service = format!("SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }}", server.url("/sparql"));
    let refused = ask(&hub, &service, &[]);
    assert_eq!(refused.status(), 400);
    assert!(refused.text().expect("a text").contains("SERVICE"));
    assert_eq!(server.asked(), 0);
}

#[test]
fn what_is_no_query_is_refused_with_a_reason() {
    let hub = store(REGION);
    for (query, more, reason) in [
        ("SELECT { ?e :title ?t }", None, "SPARQL"),
        ("SELECT * { ?s ?p ?o }", Some(("partial", "yes")), "allow"),
        ("SELECT * { ?s ?p ?o }", Some(("default-graph-uri", "no iri")), "no iri"),
    ] {
        let answer = ask(&hub, query, more.as_slice());
        assert_eq!(answer.status(), 400, "{query}");
        let text = answer.text().expect("a text");
        assert!(text.contains(reason), "{text}");
    }
    let none = hub.get("/federation/sparql", "application/json");
    assert_eq!(none.status(), 400);
    let form = [("update", "CLEAR ALL")];
    let update = hub.client.post(hub.url("/federation/sparql")).form(&form).send();
    let update = update.expect("an answer");
    assert_eq!(update.status(), 400);
    assert!(update.text().expect("a text").contains("/sparql"));
}
