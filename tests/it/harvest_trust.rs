//! What is taken over only from who signed it, what no peer brings back, for whom a copy stands in, and
//! when it goes.

use crate::federated_http::{ask, of, report, rows};
use crate::harvests::{
    STREAM, competences, counts, harvested, harvester, held, insert, list, reports, taken_over,
    update,
};
use crate::peers::propose;
use crate::signatures::printed;
use crate::support::{BASE, Node, TOKEN, graph, run, vocabulary};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[test]
fn from_a_peer_with_a_pinned_key_comes_what_that_key_signed_and_nothing_else() {
    let peer = Node::start_in(vocabulary(), &[]);
    let other = vocabulary();
    run(other.path(), &["key", "rotate"]).accepted();
    insert(&peer, &competences(0..3));
    for (signer, records) in [(peer.data.path(), 3), (other.path(), 0)] {
        let node = harvester();
        let asked = json!({
            "name": "vicino", "base": peer.url(STREAM), "kind": "ldes", "trust": ["harvest"],
            "key": printed(signer), "private": true,
        });
        assert_eq!(propose(&node, &asked).status(), 201);
        let told = harvested(&node);
        if records > 0 {
            assert_eq!(counts(&told), [records, 0, 0, 0]);
        } else {
            assert_eq!(told["problem"]["kind"], "signature", "{told}");
        }
        let statements = u64::try_from(held(&node, &taken_over()).len()).expect("a few");
        assert_eq!(statements, records * 3);
    }
}

#[test]
fn what_was_taken_down_here_is_kept_back_when_its_peer_changes_it() {
    let peer = Node::start_in(vocabulary(), &[]);
    insert(&peer, &competences(0..3));
    let node = harvester();
    list(&node, "ldes", &peer.url(STREAM), &["harvest"]);
    assert_eq!(counts(&harvested(&node)), [3, 0, 0, 0]);
    let record = format!("{BASE}/id/competenza/c-1");
    let ask = json!({ "record": record, "reason": "una richiesta", "class": "personal-data" });
    let answer = node.client.post(node.url("/takedowns")).bearer_auth(TOKEN).json(&ask).send();
    assert_eq!(answer.expect("an answer").status(), 201);
    assert_eq!(held(&node, &taken_over()).len(), 2 * 3);
    let name = "<http://www.w3.org/2004/02/skos/core#prefLabel>";
    let (place, old, new) = (graph("prova"), "\"Ascolto 1\"@it", "\"Ascolto di nuovo\"@it");
    update(
        &peer,
        &format!(
            "DELETE DATA {{ GRAPH <{place}> {{ <{record}> {name} {old} }} }} ; \
             INSERT DATA {{ GRAPH <{place}> {{ <{record}> {name} {new} }} }}"
        ),
    );
    insert(&peer, &competences(3..4));
    assert_eq!(counts(&harvested(&node)), [1, 0, 0, 1], "the others arrive");
    assert_eq!(held(&node, &taken_over()).len(), 3 * 3);
    let told: Value = reports(&node);
    let kept_back = &told["quarantine"][0];
    assert_eq!(kept_back["record"], record);
    let reason = kept_back["reason"]["en"].as_str().expect("words");
    assert!(reason.contains("was taken down"), "{reason}");
}

/// A peer with three datasets, of which this node has a copy.
fn copied() -> (Node, Node) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let peer = Node::start_with(folder, &["--bare"], &[("FAMILYLAB_PEER_PAUSE", "0")]);
    let dataset = |number: u8| {
        format!(
            "<http://p.example/d/{number}> a <http://www.w3.org/ns/dcat#Dataset> ; \
             <http://purl.org/dc/terms/title> \"Dati {number}\" ."
        )
    };
    let data: String = (0..3).map(dataset).collect();
    assert_eq!(peer.update(&format!("INSERT DATA {{ {data} }}")).status(), 204);
    let node = harvester();
    list(&node, "sparql", &peer.url("/sparql"), &["query", "harvest"]);
    assert_eq!(counts(&harvested(&node)), [3, 0, 0, 0]);
    (node, peer)
}

#[test]
fn a_copy_stands_in_for_a_peer_that_is_left_alone_and_says_how_old_it_is() {
    let (node, peer) = copied();
    let address = peer.url("/sparql");
    drop(peer.kill());
    let query = "SELECT ?t { GRAPH ?node { ?d <http://purl.org/dc/terms/title> ?t } \
                 FILTER(STRSTARTS(?t, 'Dati')) }";
    // Nobody is left alone before it has failed a few times.
    for _ in 0..20 {
        let answer = ask(&node, query, &[]);
        let link = answer.headers()["link"].to_str().expect("text").to_owned();
        let rows = rows(answer);
        let told = report(&node, &link);
        let source = of(&told, &address);
        assert_eq!(told["complete"], false, "the peer itself is not heard: {told}");
        if source["copy"].is_null() {
            assert!(rows.is_empty() && source["failed"].is_string(), "{told}");
            continue;
        }
        assert_eq!(rows, ["Dati 0", "Dati 1", "Dati 2"]);
        let ended = reports(&node)["runs"][0]["ended"].clone();
        assert_eq!((&source["copy"], &source["failed"]), (&ended, &Value::Null));
        let page = node
            .get(&format!("/federazione?query={}", "SELECT+*+%7B+?s+?p+'Dati+1'+%7D"), "text/html");
        let page = page.text().expect("a text");
        assert!(page.contains("http://p.example/d/1") && page.contains("una copia"), "{page}");
        return;
    }
    panic!("no copy stood in");
}

#[test]
fn what_was_taken_over_goes_when_its_peer_is_listed_anew_without_that_trust() {
    let (node, peer) = copied();
    run(node.data.path(), &["peer", "remove", "vicino"]).accepted();
    let url = peer.url("/sparql");
    let add = ["peer", "add", "vicino", &url, "--kind", "sparql", "--private", "--trust", "query"];
    run(node.data.path(), &add).accepted();
    let start = Instant::now();
    while !held(&node, &taken_over()).is_empty() {
        assert!(start.elapsed() < Duration::from_secs(60), "it is still there");
        sleep(Duration::from_millis(100));
    }
}
