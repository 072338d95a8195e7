//! What one query may cost: time, places, length; and that it is given back.

use crate::support::{Node, TOKEN, demo, vocabulary};
use reqwest::blocking::Response;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Would take hours, and reads the graph often enough to be stopped at once.
const HEAVY: &str = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER (?c != ?f) }";
const PLACES: &str = "familylab_query_places_free";

fn ask(node: &Node, query: &str) -> Response {
    node.client.get(node.url("/sparql")).query(&[("query", query)]).send().expect("an answer")
}

/// Waits until so many places are free.
#[track_caller]
fn wait_for_places(node: &Node, wanted: f64) {
    let start = Instant::now();
    while node.metric(PLACES) != wanted {
        assert!(start.elapsed() < Duration::from_secs(5), "{} free", node.metric(PLACES));
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_query_that_takes_too_long_is_stopped_with_a_clear_answer() {
    let settings = [("FAMILYLAB_QUERY_TIMEOUT", "0.5")];
    let node = Node::start_with(vocabulary(), &[], &settings);
    let places = node.metric(PLACES);
    for query in [
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER (?c != ?f) }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c LIMIT 1",
        "SELECT ?c (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?c",
        "SELECT DISTINCT ?x { ?a ?b ?c . ?d ?e ?f BIND (1 AS ?x) } OFFSET 1",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (CONCAT(STR(?c), STR(?f), STR(?i)) = 'no') }",
        "ASK { ?a a ?t . ?b a ?t . ?c a ?t . ?d a ?t FILTER (?a = ?b && ?b != ?a) }",
        "SELECT * { { SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } } ?n ?p ?o }",
    ] {
        let start = Instant::now();
        let answer = ask(&node, query);
        assert!(start.elapsed() < Duration::from_secs(4), "{query}: {:?}", start.elapsed());
        assert_eq!(answer.status(), 503, "{query}");
        let text = answer.text().expect("a text");
        assert!(text.contains("took longer than 500ms"), "{query}: {text}");
    }
    wait_for_places(&node, places);
    assert_eq!(ask(&node, "ASK {}").status(), 200);
}

#[test]
fn an_answer_that_is_broken_off_cannot_be_taken_for_a_whole_one() {
    // Time enough for the first rows on a busy machine, and far too little for all of them.
    let settings = [("FAMILYLAB_QUERY_TIMEOUT", "4")];
    let node = Node::start_with(vocabulary(), &[], &settings);
    let mut answer = ask(&node, "SELECT * { VALUES ?x { 1 2 3 4 5 6 7 8 9 } ?a ?b ?c . ?d ?e ?f }");
    assert_eq!(answer.status(), 200, "its first rows are there in time");
    let read = answer.copy_to(&mut std::io::sink());
    assert!(read.is_err(), "the transfer must end with an error");
    assert_eq!(ask(&node, "ASK {}").status(), 200);
}

#[test]
fn a_client_that_goes_away_stops_its_query() {
    let node = Node::start_in(vocabulary(), &[]);
    let places = node.metric(PLACES);
    let address = node.address.trim_start_matches("http://");
    for query in [HEAVY, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"] {
        let mut stream = TcpStream::connect(address).expect("a connection");
        let body = format!(
            "POST /sparql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/sparql-query\r\n\
             Content-Length: {}\r\n\r\n{query}",
            query.len()
        );
        stream.write_all(body.as_bytes()).expect("the request is sent");
        wait_for_places(&node, places - 1.0);
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(node.metric(PLACES), places - 1.0, "the query still runs");
        drop(stream);
        wait_for_places(&node, places);
    }
}

#[test]
fn more_queries_than_places_are_told_to_come_back() {
    let settings = [
        ("FAMILYLAB_QUERY_CONCURRENCY", "1"),
        ("FAMILYLAB_QUERY_WAIT", "0.2"),
        ("FAMILYLAB_QUERY_TIMEOUT", "2"),
    ];
    let node = Node::start_with(vocabulary(), &[], &settings);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| ask(&node, HEAVY).status());
        wait_for_places(&node, 0.0);
        let second = ask(&node, "ASK {}");
        assert_eq!(second.status(), 503);
        assert!(second.headers().contains_key("retry-after"));
        let text = second.text().expect("a text");
        assert!(text.contains("as many queries as the node allows"), "{text}");
        assert_eq!(first.join().expect("an answer"), 503);
    });
    wait_for_places(&node, 1.0);
    assert_eq!(ask(&node, "ASK {}").status(), 200);
}

#[test]
fn a_query_that_is_too_long_is_refused() {
    let settings = [("FAMILYLAB_QUERY_BYTES", "2000"), ("FAMILYLAB_UPDATE_BYTES", "4000")];
    let node = Node::start_with(vocabulary(), &[], &settings);
    let query = format!("ASK {{ FILTER (\"{}\" = \"\") }}", "x".repeat(3000));
    assert_eq!(ask(&node, &query).status(), 413);
    let post = |media: &str, body: String| {
        let request = node.client.post(node.url("/sparql")).bearer_auth(TOKEN);
        request.header("Content-Type", media).body(body).send().expect("an answer").status()
    };
    assert_eq!(post("application/sparql-query", query), 413);
    let update = format!("INSERT DATA {{ <urn:a> <urn:b> \"{}\" }}", "x".repeat(5000));
    assert_eq!(post("application/sparql-update", update), 413);
}

#[test]
fn a_query_nested_too_deeply_does_not_bring_the_node_down() {
    let node = demo();
    let ask = |field: &str, text: &str| {
        let request = node.client.post(node.url("/sparql")).bearer_auth(TOKEN);
        request.form(&[(field, text)]).send().expect("the node still answers").status()
    };
    for (open, middle, close) in [
        ("{", "?s <urn:x> ?o", "}"),
        ("FILTER EXISTS {", "?s <urn:x> ?o", "}"),
        ("{ SELECT * {", "?s <urn:x> ?o", "} }"),
        ("{ ?s <urn:x> ?o } UNION ", "{}", ""),
        ("OPTIONAL { ?s <urn:x> ?o } ", "", ""),
        ("FILTER (!", "1", ")"),
    ] {
        let nest = |levels| format!("{}{middle}{}", open.repeat(levels), close.repeat(levels));
        assert_eq!(ask("query", &format!("ASK {{ {} }}", nest(20_000))), 400, "{open}");
        let update = format!("INSERT {{ <urn:a> <urn:b> 1 }} WHERE {{ {} }}", nest(20_000));
        assert_eq!(ask("update", &update), 400, "{open}");
        ask("query", &format!("SELECT * {{ {} }}", nest(490)));
        ask("query", &format!("SELECT * {{ {} }}", nest(330)));
    }
    assert_eq!(ask("query", "ASK {}"), 200);
}
