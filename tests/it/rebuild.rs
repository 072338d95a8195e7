//! The graph can always be made again from the log, and what differs between them is found.

use crate::support::{Node, Verdict};
use oxigraph::model::NamedNodeRef;
use oxigraph::store::Store;

const BASE: &str = "http://localhost:7070";

/// A node with its vocabularies and records that were written, replaced and deleted.
fn stopped() -> tempfile::TempDir {
    let node = Node::start(&[]);
    for text in [
        "INSERT DATA { GRAPH <G> { <R1> <p:a> \"uno\" , \"due\" . <R2> <p:a> 01 . <R3> <p:a> 3 } }",
        "DELETE DATA { GRAPH <G> { <R1> <p:a> \"due\" } }",
        "DELETE WHERE { GRAPH <G> { <R2> ?p ?o } }",
        "INSERT DATA { GRAPH <G> { <R2> <p:a> \"di nuovo\"@it ; <p:b> [ <p:c> 1.50 ] } }",
    ] {
        let text = text.replace("<G>", &format!("<{BASE}/graph/prova>"));
        let text = text.replace("<R", &format!("<{BASE}/id/prova/r"));
        let answer = node.update(&text);
        assert!(answer.status().is_success(), "{}", answer.text().expect("a text"));
    }
    node.stop().1
}

#[test]
fn a_rebuilt_graph_has_the_same_canonical_hash() {
    let data = stopped();
    let before = Verdict::of(data.path()).assert_agrees();
    let rebuilt = Verdict::of_command(data.path(), &["rebuild"]);
    assert_eq!(rebuilt.code, Some(0), "{}", rebuilt.err);
    assert_eq!(Verdict::of(data.path()).assert_agrees(), before);
    let node = Node::start_in(data, &[]);
    let rows = node.select("SELECT ?o WHERE { ?s <p:a> ?o }");
    assert_eq!(rows, ["3", "di nuovo", "uno"]);
}

#[test]
fn a_graph_that_was_tampered_with_is_found_named_and_mended() {
    let data = stopped();
    let before = Verdict::of(data.path()).assert_agrees();
    let record = format!("{BASE}/id/prova/r1");
    let store = Store::open(data.path().join("graph")).expect("the graph opens");
    let subject = NamedNodeRef::new(&record).expect("an IRI");
    let quad = store
        .quads_for_pattern(Some(subject.into()), None, None, None)
        .next()
        .expect("the record is there")
        .expect("it can be read");
    store.remove(&quad).expect("it can be removed");
    store.flush().expect("it is on disk");
    drop(store);
    let told = format!("{record} in <{BASE}/graph/prova>: 1 quads in the log, 0 in the graph");
    Verdict::of(data.path()).assert_fails_saying(&[&told, "run `familylab rebuild`"]);
    assert_eq!(Verdict::of_command(data.path(), &["rebuild"]).code, Some(0));
    assert_eq!(Verdict::of(data.path()).assert_agrees(), before);
}
