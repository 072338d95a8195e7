//! What stands around a query: short addresses, plans, the terms of the graph, places of errors.

use crate::support::{Node, demo, vocabulary};
use reqwest::blocking::Response;
use serde_json::{Value, json};
use std::time::Instant;

const QUERY: &str = "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY ?c";

fn keep(node: &Node, query: &str, accept: &str) -> Response {
    let request = node.client.post(node.url("/sparql/link")).header("Accept", accept);
    request.form(&[("query", query)]).send().expect("an answer")
}

fn short(answer: Response) -> String {
    assert_eq!(answer.status(), 201);
    let location = answer.headers()["location"].to_str().expect("plain").to_owned();
    let body: Value = answer.json().expect("JSON");
    assert_eq!(body["address"], location.as_str());
    format!("/s/{}", body["name"].as_str().expect("a name"))
}

fn explained(node: &Node, query: &str) -> Value {
    let request = node.client.get(node.url("/sparql"));
    let request = request.query(&[("query", query), ("explain", "true"), ("format", "json")]);
    let answer = request.send().expect("an answer");
    let (status, text) = (answer.status(), answer.text().expect("a text"));
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn a_query_has_one_short_address_that_answers_as_it_does() {
    let node = demo();
    let path = short(keep(node, QUERY, "application/json"));
    assert_eq!(short(keep(node, QUERY, "*/*")), path, "the same query, the same address");
    assert_ne!(short(keep(node, "ASK {}", "*/*")), path);
    let text = node.get(&format!("{path}.rq"), "*/*").text().expect("a text");
    assert_eq!(text, QUERY);
    let request = node.client.get(node.url("/sparql")).query(&[("query", QUERY)]);
    let direct = request.header("Accept", "text/csv").send().expect("an answer");
    let answer = node.get(&path, "text/csv");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().expect("a text"), direct.text().expect("a text"));
    for missing in ["/s/0000000000000000", "/s/x", "/s/%27%20OR%201.rq"] {
        assert_eq!(node.get(missing, "*/*").status(), 404, "{missing}");
    }
}

#[test]
fn a_form_without_scripts_leads_to_the_short_address() {
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let answer = keep(demo(), QUERY, browser);
    assert_eq!(answer.status(), 303);
    let location = answer.headers()["location"].to_str().expect("plain").to_owned();
    assert!(location.contains("/s/"), "{location}");
}

#[test]
fn what_gets_no_short_address_is_told_why() {
    let node = demo();
    for (query, status, reason) in [
        ("SELECT".to_owned(), 400, "not SPARQL"),
        (
            "SELECT * { SERVICE <http://elsewhere.example/> { ?s ?p ?o } }".to_owned(),
            400,
            "SERVICE",
        ),
        (format!("ASK {{ ?s ?p '{}' }}", "x".repeat(70_000)), 413, "bytes"),
    ] {
        let answer = keep(node, &query, "*/*");
        assert_eq!(answer.status(), status);
        assert!(answer.text().expect("a text").contains(reason), "{reason}");
    }
    let update = node.client.post(node.url("/sparql/link")).form(&[("update", "CLEAR ALL")]);
    assert_eq!(update.send().expect("an answer").status(), 400);
}

#[test]
fn new_short_addresses_are_few_in_a_minute_and_outlive_the_node() {
    let settings = [("FAMILYLAB_LINKS_PER_MINUTE", "2")];
    let node = Node::start_with(vocabulary(), &[], &settings);
    let seq = |node: &Node| node.get("/ready", "*/*").json::<Value>().expect("JSON")["seq"].clone();
    let before = seq(&node);
    let path = short(keep(&node, "ASK {}", "*/*"));
    short(keep(&node, "ASK { ?s ?p 1 }", "*/*"));
    let refused = keep(&node, "ASK { ?s ?p 2 }", "*/*");
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "60");
    assert_eq!(short(keep(&node, "ASK {}", "*/*")), path, "what is known costs nothing");
    assert_eq!(seq(&node), before, "a short address is no change of the data");
    let node = Node::start_in(node.kill(), &[]);
    assert_eq!(node.get(&format!("{path}.rq"), "*/*").text().expect("a text"), "ASK {}");
}

#[test]
fn a_plan_tells_the_rows_and_the_time_of_each_step_and_nothing_of_our_own() {
    let node = demo();
    let query = "PREFIX fl: <https://w3id.org/familylab/ontology#>
        PREFIX dct: <http://purl.org/dc/terms/>
        SELECT ?e ?title { ?e a fl:Experience ; dct:title ?title FILTER(LANG(?title) = 'it')
          { ?e fl:budget ?budget FILTER(?budget > 100000) } }";
    let rows = node.select(query).len();
    assert!(rows > 0);
    let plan = explained(node, query);
    assert_eq!(plan["rows"], rows);
    assert_eq!(plan["complete"], true);
    let steps = plan["steps"].as_array().expect("a list");
    assert!(steps.len() > 3, "{plan:#}");
    assert_eq!(steps[0]["level"], 0);
    assert_eq!(steps[0]["rows"], rows);
    assert!(steps.iter().all(|step| step["seconds"].is_number()));
    assert!(steps.iter().all(|step| step["operation"] != ""), "{plan:#}");
    assert!(plan.to_string().contains("budget"), "{plan:#}");
    assert!(!plan.to_string().contains("alive"), "{plan:#}");
    for form in
        ["ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s a ?o }", "DESCRIBE ?s { ?s a ?c } LIMIT 2"]
    {
        assert_ne!(explained(node, form)["steps"], json!([]), "{form}");
    }
}

#[test]
fn the_plan_of_what_takes_too_long_is_told_as_far_as_it_went() {
    let settings = [("FAMILYLAB_QUERY_TIMEOUT", "1"), ("FAMILYLAB_QUERY_CONCURRENCY", "1")];
    let node = Node::start_with(vocabulary(), &[], &settings);
    let start = Instant::now();
    let plan = explained(&node, "SELECT * { ?a a ?c . ?b a ?c . ?d a ?c }");
    assert!(start.elapsed().as_secs_f64() < 10.0, "{:?}", start.elapsed());
    assert_eq!(plan["complete"], false);
    assert!(plan["rows"].as_u64().expect("a number") > 0, "{plan:#}");
    // Its place is free again.
    assert_eq!(explained(&node, "ASK { ?s ?p ?o }")["complete"], true);
}

#[test]
fn the_terms_of_the_graph_have_names_in_both_languages_and_counts() {
    let node = demo();
    let request = || node.get("/sparql/terms", "application/json");
    let start = Instant::now();
    // The first counting is not waited for; what is declared is there at once.
    let (tag, terms) = loop {
        let answer = request();
        let tag = answer.headers()["etag"].clone();
        let terms: Value = answer.json().expect("JSON");
        if terms["classes"][0]["count"].is_number() {
            break (tag, terms);
        }
        assert!(start.elapsed().as_secs() < 60, "never counted");
        std::thread::sleep(std::time::Duration::from_millis(100));
    };
    assert_eq!(terms["prefixes"]["fl"], "https://w3id.org/familylab/ontology#");
    let find = |list: &str, name: &str| {
        let terms = terms[list].as_array().expect("a list").iter();
        terms.clone().find(|term| term["term"] == name).cloned().unwrap_or_default()
    };
    let class = find("classes", "fl:Experience");
    assert_eq!((&class["it"], &class["en"]), (&json!("Esperienza"), &json!("Experience")));
    let experiences = node.select(
        "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/familylab/ontology#Experience> }",
    );
    assert_eq!(class["count"].to_string(), experiences[0]);
    let property = find("properties", "dct:title");
    assert_eq!((&property["it"], &property["en"]), (&json!("Titolo"), &json!("Title")));
    assert!(property["count"].as_u64().expect("a number") > 50, "{property}");
    let request = node.client.get(node.url("/sparql/terms")).header("If-None-Match", tag);
    assert_eq!(request.send().expect("an answer").status(), 304);
}

#[test]
fn terms_are_counted_again_when_the_data_has_changed() {
    let node = Node::start_in(vocabulary(), &[]);
    let count = || {
        let terms: Value = node.get("/sparql/terms", "*/*").json().expect("JSON");
        let classes = terms["classes"].as_array().expect("a list").clone();
        let own = classes.into_iter().find(|class| class["term"] == "fl:Competence");
        own.expect("a class of the ontology")["count"].clone()
    };
    let start = Instant::now();
    while count() != 0 {
        assert!(start.elapsed().as_secs() < 60, "a class that nothing belongs to is listed");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let graph = crate::support::graph("prova");
    let record = crate::support::competence("ascolto", "\"Ascolto\"@it");
    let answer = node.update(&format!("INSERT DATA {{ GRAPH <{graph}> {{ {record} }} }}"));
    assert_eq!(answer.status(), 204, "{}", answer.text().expect("a text"));
    let start = Instant::now();
    while count() != 1 {
        // Counting waits ten times as long as it took.
        assert!(start.elapsed().as_secs() < 240, "{}", count());
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

#[test]
fn names_are_told_in_the_reader_s_language_with_the_page_of_each() {
    let node = demo();
    let iri = "https://w3id.org/familylab/ontology#Experience";
    let request = node.client.post(node.url("/sparql/labels?lang=en"));
    let named: Value = request.json(&json!([iri])).send().expect("an answer").json().expect("JSON");
    assert_eq!(named[iri]["text"], "Experience");
    assert!(named[iri]["page"].as_str().expect("an address").contains("ontology"), "{named}");
    let many = vec![iri; 1001];
    let request = node.client.post(node.url("/sparql/labels"));
    assert_eq!(request.json(&many).send().expect("an answer").status(), 400);
}

#[test]
fn a_syntax_error_has_its_line_and_column() {
    let node = demo();
    let request = node.client.get(node.url("/sparql"));
    let answer = request.query(&[("query", "SELECT *\nWHER { ?s ?p ?o }")]).send();
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem: Value = answer.json().expect("JSON");
    assert_eq!((&problem["line"], &problem["column"]), (&json!(2), &json!(1)), "{problem}");
    assert_eq!(problem["found"], "WHER");
    assert!(problem["detail"].as_str().expect("a text").contains("not SPARQL 1.1"), "{problem}");
    let request = node.client.post(node.url("/sparql/check"));
    let checked: Value =
        request.form(&[("query", "ASK {")]).send().expect("an answer").json().expect("JSON");
    assert_eq!((&checked["valid"], &checked["problem"]["column"]), (&json!(false), &json!(6)));
    let request = node.client.post(node.url("/sparql/check")).form(&[("query", QUERY)]);
    let checked: Value = request.send().expect("an answer").json().expect("JSON");
    assert_eq!(checked["valid"], true);
    let wrong = node.update("INSERT DAT { }");
    let problem: Value = wrong.json().expect("JSON");
    assert_eq!(problem["line"], 1, "{problem}");
}
