//! Peers that take their time, or never end: the others are heard within the time a query has, the
//! report names those that are missing, and what would be wrong without them is refused.

use crate::federated_http::{OWN, REGION, TOWN, ask, list, of, report, rows, store};
use crate::support::Node;
use crate::support::odd::{Odd, answer, write};
use serde_json::Value;
use std::io::Write;
use std::thread;
use std::time::Duration;

const RESULTS: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\n\
                       Content-Type: application/sparql-results+json\r\n\r\n";
const BEGUN: &str = "{\"head\":{\"vars\":[\"e\",\"t\"]},\"results\":{\"bindings\":[";
const ROW: &str = "{\"e\":{\"type\":\"uri\",\"value\":\"http://example.org/x\"},\
                   \"t\":{\"type\":\"literal\",\"value\":\"Senza fine\"}}";

/// A node whose queries may take twelve seconds.
fn hub() -> Node {
    let settings = [
        ("FAMILYLAB_PEER_PAUSE", "0"),
        ("FAMILYLAB_QUERY_TIMEOUT", "12"),
        ("FAMILYLAB_QUERY_CONCURRENCY", "32"),
    ];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let node = Node::start_with(folder, &["--bare"], &settings);
    let update = format!("PREFIX : <http://example.org/> INSERT DATA {{ {REGION} }}");
    assert_eq!(node.update(&update).status(), 204);
    node
}

/// Sends one byte after the other, and never the last.
fn drips() -> Odd {
    Odd::start(|_, stream| {
        write(stream, format!("{RESULTS}{BEGUN}"));
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_secs(1));
        }
    })
}

/// Sends the same row for ever.
fn never_ends() -> Odd {
    Odd::start(|_, stream| {
        write(stream, format!("{RESULTS}{BEGUN}{ROW}"));
        let piece = format!(",{ROW}").repeat(1000);
        while stream.write_all(piece.as_bytes()).is_ok() {}
    })
}

fn leads_to(address: &str) -> Odd {
    Odd::says(answer("302 Found", &format!("Location: {address}\r\n"), ""))
}

/// The peers that do not behave, and somebody inside whom one of them points to.
fn odd() -> (Vec<(&'static str, Odd)>, Odd) {
    let inside = Odd::says(answer("200 OK", "Content-Type: text/plain\r\n", "a secret"));
    let cut = answer("200 OK", "Content-Type: application/sparql-results+json\r\n", BEGUN);
    let odd = vec![
        ("hangs", Odd::hangs_after("")),
        (
            "hangs-in-the-body",
            Odd::hangs_after(
                "HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n\r\n{",
            ),
        ),
        ("drips", drips()),
        ("never-ends", never_ends()),
        ("cut", Odd::says(cut.replace("Length: ", "Length: 9"))),
        ("bad-gateway", Odd::says(answer("502 Bad Gateway", "", "no"))),
        (
            "no-results",
            Odd::says(answer(
                "200 OK",
                "Content-Type: application/sparql-results+json\r\n",
                "{\"head\":1}",
            )),
        ),
        ("leads-inside", leads_to(&inside.url("/"))),
        ("leads-to-metadata", leads_to("http://169.254.169.254/latest/meta-data/")),
    ];
    (odd, inside)
}

#[test]
fn whoever_dawdles_is_given_up_while_there_is_time_for_the_others() {
    let (hub, town, (odd, inside)) = (hub(), store(TOWN), odd());
    list(&hub, "town", "familylab", &town.address);
    for (name, server) in &odd {
        list(&hub, name, "sparql", &server.url("/sparql"));
    }
    let answer = ask(&hub, "SELECT ?t { ?e :title ?t }", &[]);
    let link = answer.headers()["link"].to_str().expect("text").to_owned();
    // The answer ends in order, so it came before the time was up; equal rows of a peer count once.
    assert_eq!(rows(answer), ["Centro", "Nido", "Senza fine"]);
    let told = report(&hub, &link);
    assert_eq!(told["complete"], false);
    assert_eq!(of(&told, &town.address)["failed"], Value::Null);
    for (name, server) in &odd {
        assert!(of(&told, &server.url("/sparql"))["failed"].is_string(), "{name}: {told}");
        assert!(server.asked() > 0, "{name}");
    }
    assert_eq!(inside.asked(), 0);
    // What it takes to read answers without end is little.
    assert!(hub.peak_memory() < 400 << 20, "{} MiB", hub.peak_memory() >> 20);
    assert_eq!(hub.select("PREFIX : <http://example.org/> SELECT ?t { :e1 :title ?t }"), ["Nido"]);
}

#[test]
fn whatever_a_peer_does_instead_of_answering_what_would_be_wrong_is_refused() {
    let (hub, (odd, _inside)) = (hub(), odd());
    for (name, server) in &odd {
        list(&hub, name, "sparql", &server.url("/sparql"));
    }
    let check = |name: &str, server: &Odd| {
        let peer = server.url("/sparql");
        let nodes = [("default-graph-uri", OWN), ("default-graph-uri", peer.as_str())];
        let queries = [
            "SELECT (COUNT(*) AS ?n) { ?e :title ?t }",
            "SELECT ?e { ?e :of ?p MINUS { ?e :title ?t } }",
            "SELECT ?p { ?p :name ?n OPTIONAL { ?e :title ?t } }",
        ];
        // Of those that are found out late one query is enough.
        let is_late = ["drips", "never-ends"].contains(&name);
        for query in &queries[..if is_late { 1 } else { 3 }] {
            let refused = ask(&hub, query, &nodes);
            assert_eq!(refused.status(), 502, "{name}: {query}");
            let text = refused.text().expect("a text");
            assert!(text.contains(&peer) && text.contains("partial=allow"), "{name}: {text}");
        }
        let partial = [nodes[0], nodes[1], ("partial", "allow")];
        let counted = ask(&hub, queries[0], &partial);
        assert_eq!(rows(counted).len(), 1, "{name}");
    };
    let check = &check;
    thread::scope(|scope| {
        let checks: Vec<_> =
            odd.iter().map(|(name, server)| scope.spawn(move || check(name, server))).collect();
        for check in checks {
            check.join().expect("it is refused as it should be");
        }
    });
}
