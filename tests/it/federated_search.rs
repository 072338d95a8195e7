//! One search over several nodes, each a process of its own.

use crate::peers::{propose, quiet, quiet_elsewhere};
use crate::support::odd::{Odd, answer};
use crate::support::{Node, TOKEN, competence, graph};
use reqwest::blocking::Response;
use serde_json::{Value, json};

/// A node that knows these competences by their slugs.
fn knowing(slugs: &[&str]) -> Node {
    holding(quiet(), slugs)
}

/// A node that is given these competences by their slugs.
fn holding(node: Node, slugs: &[&str]) -> Node {
    let label = |slug: &&str| format!("\"Ascolto paziente {slug}\"@it");
    let data: String = slugs.iter().map(|slug| competence(slug, &label(slug))).collect();
    let put = node.client.put(node.url("/graph/prova")).bearer_auth(TOKEN);
    let put = put.header("Content-Type", "application/n-triples").body(data).send();
    let put = put.expect("an answer");
    assert_eq!(put.status(), 201, "{}: {}", graph("prova"), put.text().expect("a text"));
    node.settle();
    node.indexed();
    node
}

#[track_caller]
fn list(node: &Node, name: &str, base: &str, trust: &str) {
    let peer = json!({ "name": name, "base": base, "trust": [trust], "private": true });
    let answer = propose(node, &peer);
    assert_eq!(answer.status(), 201, "{}", answer.text().expect("a text"));
}

fn ask(node: &Node, parameters: &str) -> Response {
    node.get(&format!("/federation/search?{parameters}"), "application/json")
}

#[track_caller]
fn found(node: &Node, parameters: &str) -> Value {
    let answer = ask(node, parameters);
    assert_eq!(answer.status(), 200);
    answer.json().expect("JSON")
}

/// The ends of the IRIs that were found.
fn slugs(found: &Value) -> Vec<&str> {
    let hits = found["hits"].as_array().expect("a list");
    let iris = hits.iter().filter_map(|hit| hit["iri"].as_str());
    iris.filter_map(|iri| iri.rsplit('/').next()).collect()
}

#[test]
fn nodes_find_together_and_what_two_know_is_told_once() {
    let hub = holding(quiet_elsewhere(), &["uno", "due"]);
    let (peer, unasked) = (knowing(&["due", "tre"]), quiet());
    list(&hub, "peer", &peer.address, "search");
    list(&hub, "unasked", &unasked.address, "query");
    let all = found(&hub, "q=paziente&kind=competenza&facets=kind");
    let mut known = slugs(&all);
    assert_eq!(known[0], "due", "both nodes know it: {all}");
    known.sort_unstable();
    assert_eq!(known, ["due", "tre", "uno"]);
    let nodes = all["hits"][0]["nodes"].as_array().expect("a list");
    assert!(nodes.contains(&json!(peer.address)) && nodes.len() == 2, "{nodes:?}");
    assert_eq!((&all["complete"], &all["total"]), (&json!(true), &json!(4)));
    let told = all["nodes"].as_array().expect("a list");
    assert_eq!(told.len(), 2, "who is not trusted with searches is not asked: {told:?}");
    assert!(told.iter().all(|node| node["total"] == 2), "{told:?}");
    let kinds = &all["facets"][0]["values"];
    assert_eq!((&kinds[0]["value"], &kinds[0]["count"]), (&json!("competenza"), &json!(4)));
    let page = found(&hub, "q=paziente&kind=competenza&limit=2&offset=2");
    assert_eq!(slugs(&page).len(), 1);
}

#[test]
fn who_is_late_or_talks_nonsense_is_left_out_and_named() {
    let hub = knowing(&["uno"]);
    let late = Odd::hangs_after("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
    let odd = Odd::says(answer("200 OK", "Content-Type: application/json\r\n", "{\"hits\":3}"));
    let failing = Odd::says(answer("500 Internal Server Error", "", "no"));
    let servers = [(&late, "late"), (&odd, "odd"), (&failing, "failing")];
    for (server, name) in servers {
        list(&hub, name, &server.address, "search");
    }
    let all = found(&hub, "q=paziente");
    assert_eq!(slugs(&all), ["uno"]);
    assert_eq!(all["complete"], false);
    let told = all["nodes"].as_array().expect("a list");
    for (server, name) in servers {
        let node = told.iter().find(|node| node["node"] == server.address);
        assert!(node.is_some_and(|node| node["failed"].is_string()), "{name}: {told:?}");
        assert_eq!(server.asked(), 1, "{name}");
    }
}

#[test]
fn what_cannot_be_searched_is_refused_with_a_reason() {
    let hub = knowing(&["uno"]);
    for (parameters, reason) in [
        ("q=paziente&sort=date", "distance"),
        ("q=paziente&limit=1000", "100"),
        ("q=paziente&offset=100000", "500"),
        ("q=paziente&page=2", "offset"),
        ("q=paziente&min-seq=soon", "min-seq"),
        ("q=paziente&colour=red", "colour"),
    ] {
        let answer = ask(&hub, parameters);
        assert_eq!(answer.status(), 400, "{parameters}");
        let text = answer.text().expect("a text");
        assert!(text.contains(reason), "{text}");
    }
    let bare = Node::start_with(
        tempfile::tempdir().expect("a temporary folder"),
        &["--bare"],
        &[("FAMILYLAB_PEER_PAUSE", "0")],
    );
    assert_eq!(ask(&bare, "q=x").status(), 404);
}

#[test]
fn nobody_else_speaks_for_the_records_of_a_node() {
    let (hub, peer) = (knowing(&["uno"]), knowing(&["uno", "due"]));
    list(&hub, "peer", &peer.address, "search");
    let all = found(&hub, "q=paziente&kind=competenza");
    assert_eq!(slugs(&all), ["uno"], "the other one is of this node too, and is not there: {all}");
    assert_eq!(all["hits"][0]["nodes"].as_array().map(Vec::len), Some(1));
}
