//! What is taken over only from who signed it, and what no peer brings back.

use crate::harvests::{
    STREAM, competences, counts, harvested, harvester, held, insert, list, reports, taken_over,
    update,
};
use crate::peers::propose;
use crate::signatures::printed;
use crate::support::{BASE, Node, TOKEN, graph, run, vocabulary};
use serde_json::{Value, json};

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
