//! Summaries that are none, that are too large or that lie, and endpoints that do not count to the
//! end: what is asked of whom all the same.

use crate::federated_http::{ask, list, of, rows};
use crate::summaries::{informed, store};
use crate::support::odd::{Odd, answer, write};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const RESULTS: &str = "Content-Type: application/sparql-results+json\r\n";
const JSON: &str = "Content-Type: application/json\r\n";
const EMPTY: &str = "{\"triples\":0,\"predicates\":{},\"classes\":{}}";

/// One row of SPARQL results: a value for one variable, beside something that has it.
fn results(variable: &str, value: &str) -> String {
    let thing = json!({ "type": "uri", "value": "urn:x:1" });
    let row = json!({ "e": thing, variable: { "type": "literal", "value": value } });
    let results = json!({ "head": { "vars": ["e", variable] }, "results": { "bindings": [row] } });
    answer("200 OK", RESULTS, &results.to_string())
}

/// A node that has one title and tells this as its summary.
fn telling(summary: String) -> Odd {
    Odd::start(move |request, stream| {
        let is_summary = request.starts_with("GET /federation/summary");
        write(stream, if is_summary { summary.clone() } else { results("t", "Affido") });
    })
}

const TITLES: &str = "SELECT ?t { ?e :title ?t }";

#[test]
fn what_is_no_summary_is_passed_over_and_the_report_says_why() {
    let hub = store(&[("FAMILYLAB_SUMMARY_AGE", "0")], ":e1 :title \"Nido\" .");
    let unknown = EMPTY.replace("}}", "},\"except\":[\"p\"]}");
    let huge = format!("{{\"triples\":0,\"seq\":\"{}\"}}", "x".repeat(2 << 20));
    let odd = [
        ("page", answer("200 OK", "Content-Type: text/html\r\n", "<p>Ciao</p>"), "no summary"),
        ("cut", answer("200 OK", JSON, &EMPTY[..20]), "no summary"),
        ("strange", answer("200 OK", JSON, &unknown), "no summary"),
        ("huge", answer("200 OK", JSON, &huge), "bytes"),
        ("none", answer("404 Not Found", JSON, "{}"), "404"),
        ("counting", answer("503 Service Unavailable", JSON, "{}"), "503"),
        ("same", answer("304 Not Modified", "ETag: \"1\"\r\n", ""), "never fetched"),
        ("leading", answer("302 Found", "Location: http://169.254.169.254/\r\n", ""), "another"),
        ("silent", String::new(), ""),
    ];
    for (name, summary, reason) in odd {
        let server = telling(summary);
        list(&hub, name, "familylab", &server.address);
        assert_eq!(rows(ask(&hub, TITLES, &[])), ["Affido", "Nido"], "{name}");
        let told: Value = ask(&hub, TITLES, &[("explain", "true")]).json().expect("JSON");
        let known = of(&told, &server.address);
        let none = known["summary"]["none"].as_str().unwrap_or_default();
        assert!(!none.is_empty() && none.contains(reason), "{name}: {told}");
        assert_eq!((&known["requests"], &known["rows"]), (&json!(1), &json!(1)), "{name}");
        let removed = hub.client.delete(hub.url(&format!("/federation/peers/{name}")));
        let removed = removed.bearer_auth(crate::support::TOKEN).send().expect("an answer");
        assert_eq!(removed.status(), 204);
    }
}

#[test]
fn a_summary_that_hangs_costs_a_moment_only() {
    let hub = store(&[("FAMILYLAB_SUMMARY_AGE", "0")], ":e1 :title \"Nido\" .");
    let server = Odd::start(|request, stream| {
        if request.starts_with("GET /federation/summary") {
            // Until the node has enough of it.
            let _ = std::io::Read::read(stream, &mut [0; 1]);
        } else {
            write(stream, results("t", "Affido"));
        }
    });
    list(&hub, "slow", "familylab", &server.address);
    for _ in 0..3 {
        assert_eq!(rows(ask(&hub, TITLES, &[])), ["Affido", "Nido"]);
    }
}

/// Whoever lists a peer believes what it says of itself: only its own rows are lost by it.
#[test]
fn a_summary_that_lies_hides_what_its_own_node_has_and_nothing_else() {
    let hub = store(&[], ":e1 :title \"Nido\" .");
    let (liar, town) =
        (telling(answer("200 OK", JSON, EMPTY)), store(&[], ":e2 :title \"Centro\" ."));
    list(&hub, "liar", "familylab", &liar.address);
    list(&hub, "town", "familylab", &town.address);
    let told = informed(&hub, TITLES);
    let known = of(&told, &liar.address);
    assert_eq!((&known["requests"], &known["summary"]), (&json!(0), &json!("undated")), "{told}");
    assert!(known["skipped"].as_str().is_some_and(|why| why.contains("it has no")), "{told}");
    assert_eq!(rows(ask(&hub, TITLES, &[])), ["Centro", "Nido"]);
}

#[test]
fn a_summary_that_is_known_is_asked_for_with_its_tag() {
    let hub = store(&[("FAMILYLAB_SUMMARY_AGE", "0")], ":e1 :title \"Nido\" .");
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = Arc::clone(&heads);
    let server = Odd::start(move |request, stream| {
        if !request.starts_with("GET /federation/summary") {
            return write(stream, results("t", "Affido"));
        }
        let request = request.to_ascii_lowercase();
        let is_known = request.contains("if-none-match: \"one\"");
        noted.lock().expect("no panic holds it").push(request);
        write(
            stream,
            match is_known {
                true => answer("304 Not Modified", "ETag: \"one\"\r\n", ""),
                false => answer("200 OK", &format!("{JSON}ETag: \"one\"\r\n"), EMPTY),
            },
        );
    });
    list(&hub, "tagged", "familylab", &server.address);
    informed(&hub, TITLES);
    for _ in 0..3 {
        let told = informed(&hub, TITLES);
        assert_eq!(of(&told, &server.address)["requests"], 0, "{told}");
    }
    let heads = heads.lock().expect("no panic holds it");
    assert!(heads.len() >= 4 && !heads[0].contains("if-none-match"), "{heads:?}");
    assert!(heads[1..].iter().all(|head| head.contains("if-none-match: \"one\"")), "{heads:?}");
}

/// An endpoint that says how many triples it has, and lists one predicate of them.
fn counting(all: u64, listed: u64) -> Odd {
    Odd::start(move |request, stream| {
        if request.contains("query=SELECT%20%28COUNT") {
            return write(stream, results("n", &all.to_string()));
        }
        if !request.contains("query=SELECT%20%3Fp%20%28COUNT") {
            let is_data = !request.contains("COUNT");
            return write(
                stream,
                match is_data {
                    true => results("t", "Affido"),
                    false => answer("500 Internal Server Error", "", "too much"),
                },
            );
        }
        let literal = |value: u64| json!({ "type": "literal", "value": value.to_string() });
        let row = json!({
            "p": { "type": "uri", "value": "http://example.org/of" },
            "n": literal(listed), "subjects": literal(1), "objects": literal(1),
        });
        let head = json!({ "vars": ["p", "n", "subjects", "objects"] });
        let body = json!({ "head": head, "results": { "bindings": [row] } });
        write(stream, answer("200 OK", RESULTS, &body.to_string()));
    })
}

#[test]
fn an_endpoint_whose_counts_do_not_add_up_is_asked_for_what_it_did_not_list() {
    for (all, is_asked) in [(3, false), (4, true), (2, true)] {
        let hub = store(&[], ":e1 :title \"Nido\" .");
        let server = counting(all, 3);
        let address = server.url("/sparql");
        list(&hub, "endpoint", "sparql", &address);
        let told = informed(&hub, TITLES);
        assert!(of(&told, &address)["summary"]["counted"].is_string(), "{told}");
        assert_eq!(of(&told, &address)["requests"] != 0, is_asked, "{all}: {told}");
        // What it could not tell of the one it listed is left open.
        let told = informed(&hub, "SELECT ?t { :e9 :of ?t }");
        assert_ne!(of(&told, &address)["requests"], 0, "{told}");
    }
}

#[test]
fn an_endpoint_that_cannot_count_has_no_summary() {
    let hub = store(&[], ":e1 :title \"Nido\" .");
    let server = Odd::start(|request, stream| {
        write(
            stream,
            match request.contains("COUNT") {
                true => answer("500 Internal Server Error", "", "too much"),
                false => results("t", "Affido"),
            },
        );
    });
    list(&hub, "endpoint", "sparql", &server.url("/sparql"));
    for _ in 0..3 {
        assert_eq!(rows(ask(&hub, TITLES, &[])), ["Affido", "Nido"]);
    }
    let told: Value = ask(&hub, TITLES, &[("explain", "true")]).json().expect("JSON");
    let known = &of(&told, &server.url("/sparql"))["summary"]["none"];
    assert!(known.as_str().is_some_and(|why| why.contains("500")), "{told}");
    assert_eq!(server.asked(), 5, "four questions, and counting was tried once");
}
