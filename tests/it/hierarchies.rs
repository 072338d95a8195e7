//! Rings of `skos:broader`, by every door: refused where they would stand, and only there.

use crate::support::{Node, TOKEN, graph, vocabulary};
use std::thread;

const BROADER: &str = "<http://www.w3.org/2004/02/skos/core#broader>";

fn link(narrow: &str, broad: &str) -> String {
    format!("<http://example.org/{narrow}> {BROADER} <http://example.org/{broad}> .\n")
}

fn send(node: &Node, method: reqwest::Method, source: &str, text: String) -> u16 {
    let request = node.client.request(method, node.url(&format!("/graph/{source}")));
    let request = request.bearer_auth(TOKEN).header("Content-Type", "application/n-triples");
    request.body(text).send().expect("an answer").status().as_u16()
}

#[test]
fn a_link_may_be_turned_round() {
    let node = Node::start_in(vocabulary(), &[]);
    assert_eq!(send(&node, reqwest::Method::PUT, "prova", link("a", "b")), 201);
    let prova = graph("prova");
    let (old, new) = (link("a", "b"), link("b", "a"));
    let turn = format!("WITH <{prova}> DELETE {{ {old} }} INSERT {{ {new} }} WHERE {{}}");
    assert_eq!(node.update(&turn).status(), 204);
    // And back again, by an upload that holds no other record.
    assert_eq!(send(&node, reqwest::Method::PUT, "prova", link("a", "b")), 204);
    let rows = node.select(&format!("SELECT ?a ?b {{ ?a {BROADER} ?b }}"));
    assert!(rows.contains(&"http://example.org/a,http://example.org/b".to_owned()));
    assert!(!rows.contains(&"http://example.org/b,http://example.org/a".to_owned()));
}

#[test]
fn what_an_upload_adds_joins_what_is_there() {
    let node = Node::start_in(vocabulary(), &[]);
    assert_eq!(send(&node, reqwest::Method::PUT, "prova", link("a", "b")), 201);
    let ring = link("a", "c") + &link("b", "a");
    assert_eq!(send(&node, reqwest::Method::POST, "prova", ring), 422);
    assert_eq!(send(&node, reqwest::Method::POST, "prova", link("a", "c")), 204);
}

#[test]
fn two_uploads_at_once_cannot_each_add_half_a_ring() {
    let node = Node::start_in(vocabulary(), &[]);
    for round in 0..10 {
        let name = |half: &str| format!("{half}-{round}");
        let halves = [("a", "b"), ("b", "a")]
            .map(|(narrow, broad)| (format!("prova-{narrow}"), link(&name(narrow), &name(broad))));
        let statuses = thread::scope(|scope| {
            let sent = halves.map(|(source, text)| {
                let node = &node;
                scope.spawn(move || send(node, reqwest::Method::POST, &source, text))
            });
            sent.map(|sent| sent.join().expect("an answer"))
        });
        let refused = statuses.iter().filter(|status| **status == 422).count();
        assert_eq!(refused, 1, "{statuses:?}");
    }
}
