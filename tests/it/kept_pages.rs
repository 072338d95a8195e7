//! Pages that everybody sees alike are written once for a state of the data, and show the next one.

use crate::support::{BASE, Node, TOKEN, demo};
use reqwest::blocking::Response;
use std::collections::BTreeSet;

fn page(node: &Node, path: &str, known: Option<&str>) -> Response {
    let mut request = node.client.get(node.url(path)).header("Accept", "text/html");
    if let Some(tag) = known {
        request = request.header("If-None-Match", tag);
    }
    request.send().expect("an answer")
}

fn text(answer: Response) -> String {
    assert_eq!(answer.status(), 200);
    answer.text().expect("a text")
}

#[test]
fn a_list_asked_for_again_is_the_same_until_a_record_is_added() {
    let node = Node::start(&["--demo"]);
    node.indexed();
    let first = page(&node, "/competenze", None);
    let tag = first.headers()["etag"].to_str().expect("a tag").to_owned();
    let first = text(first);
    assert!(!first.contains("Saper aspettare"), "{first}");
    assert_eq!(text(page(&node, "/competenze", None)), first);
    assert_eq!(page(&node, "/competenze", Some(&tag)).status(), 304);

    let record = format!(
        "<{BASE}/id/competenza/saper-aspettare> a <https://w3id.org/familylab/ontology#Competence> ;
            <http://www.w3.org/2004/02/skos/core#prefLabel> \"Saper aspettare\"@it, \"Waiting\"@en ;
            <http://www.w3.org/2004/02/skos/core#definition> \"Lasciare tempo a chi racconta.\"@it ."
    );
    let put = node.client.put(node.url("/graph/prova")).bearer_auth(TOKEN);
    let put = put.header("Content-Type", "text/turtle").body(record).send().expect("an answer");
    assert!(put.status().is_success(), "{}", put.text().unwrap_or_default());
    node.settle();
    node.indexed();
    let after = text(page(&node, "/competenze", Some(&tag)));
    assert!(after.contains("Saper aspettare"), "{after}");
}

#[test]
fn languages_and_formats_are_kept_apart() {
    let node = demo();
    node.indexed();
    for _ in 0..2 {
        assert!(text(page(node, "/", None)).contains("lang=\"it\""));
        assert!(text(page(node, "/en", None)).contains("lang=\"en\""));
        // A question is no page that all see alike.
        let asked = text(page(node, "/competenze?q=zzzz", None));
        assert_ne!(asked, text(page(node, "/competenze", None)));
        let head = node.client.head(node.url("/temi")).header("Accept", "text/html").send();
        let head = head.expect("an answer");
        assert_eq!((head.status().as_u16(), head.text().expect("a text").len()), (200, 0));
    }
}

#[test]
fn every_interface_that_the_page_on_the_data_shows_answers() {
    let node = demo();
    node.indexed();
    crate::dumps::exported(node);
    for (path, word) in [("/dati", "Risposta: "), ("/en/dati", "Answer: ")] {
        let text = text(page(node, path, None));
        let outcomes: Vec<&str> = text
            .split("<summary>")
            .skip(1)
            .filter_map(|rest| rest.split("</summary>").next()?.strip_prefix(word))
            .collect();
        assert!(outcomes.len() >= 17, "{path}: {outcomes:?}");
        for outcome in &outcomes {
            assert!(outcome.starts_with("200 · "), "{path}: {outcomes:?}");
        }
        let ids: Vec<&str> =
            text.split(" id=\"").skip(1).filter_map(|id| id.split('"').next()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{path}: {ids:?}");
    }
}
