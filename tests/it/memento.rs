//! Records in time: TimeGate, TimeMap, versions with their moments. RFC 7089.

use crate::support::{BASE, Node, TOKEN, actor, demo, graph, vocabulary};
use reqwest::blocking::Response;
use std::time::{Duration, Instant};

fn header(answer: &Response, name: &str) -> String {
    let lines = answer.headers().get_all(name).iter();
    lines.map(|v| v.to_str().expect("a plain header")).collect::<Vec<_>>().join(", ")
}

/// A node with an actor that was written, changed and deleted, all of it published.
fn node() -> Node {
    let node = Node::start_in(vocabulary(), &[]);
    let address = node.url(&format!("/graphs?graph={}", graph("prova")));
    let put = |body: String| {
        let request = node.client.put(&address).bearer_auth(TOKEN);
        let answer = request.header("Content-Type", "application/n-triples").body(body).send();
        let answer = answer.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.text().unwrap_or_default());
    };
    put(actor("bari"));
    put(actor("bari").replace("Comune di bari", "Comune di Bari"));
    let deleted = node.client.delete(&address).bearer_auth(TOKEN).send().expect("an answer");
    assert!(deleted.status().is_success());
    let start = Instant::now();
    while !map(&node).contains("\"deleted\":\"") {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", map(&node));
        std::thread::sleep(Duration::from_millis(20));
    }
    node
}

fn map(node: &Node) -> String {
    node.get("/timemap/attore/bari", "application/json").text().expect("a text")
}

fn gate(node: &Node, path: &str, moment: &str) -> Response {
    let request = node.client.get(node.url(path)).header("Accept-Datetime", moment);
    request.header("Accept", "text/turtle").send().expect("an answer")
}

#[test]
fn a_moment_leads_to_the_version_in_force_then_and_a_deleted_one_is_gone() {
    let node = node();
    let answer = node.get("/timemap/attore/bari", "application/link-format");
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "content-type"), "application/link-format");
    let text = answer.text().unwrap();
    assert!(text.contains("rel=\"original timegate\""), "{text}");
    assert_eq!(text.matches("memento\"; datetime=").count(), 2, "{text}");
    let before = gate(&node, "/id/attore/bari", "Sat, 01 Jan 2000 00:00:00 GMT");
    assert_eq!(before.status(), 302);
    assert!(header(&before, "vary").contains("accept-datetime"));
    let first = header(&before, "location");
    assert!(first.starts_with(&format!("{BASE}/id/attore/bari/v/")), "{first}");
    assert!(header(&before, "link").contains(&format!("<{first}>; rel=\"first memento\"")));
    let version = node.get(first.strip_prefix(BASE).unwrap(), "text/turtle");
    assert_eq!(version.status(), 200);
    assert!(header(&version, "memento-datetime").ends_with(" GMT"));
    let links = header(&version, "link");
    for rel in ["original timegate", "timemap", "first memento", "last next memento"] {
        assert!(links.contains(&format!("rel=\"{rel}\"")), "{rel} is not in {links}");
    }
    let after = gate(&node, "/id/attore/bari", "Thu, 01 Jan 2099 00:00:00 GMT");
    let last = header(&after, "location");
    let gone = node.get(last.strip_prefix(BASE).unwrap(), "text/turtle");
    assert_eq!(gone.status(), 410);
    assert!(!header(&gone, "memento-datetime").is_empty());
    let page = node.get("/attori/bari?at=2099-01-01", "text/html");
    assert_eq!((page.status().as_u16(), header(&page, "location")), (302, last.clone()));
    let page = node.get("/en/attori/bari?at=2099-01-01T00:00:00Z", "text/html");
    assert_eq!(header(&page, "location"), last.replace("/id/", "/en/id/"));
}

#[test]
fn a_moment_that_cannot_be_read_is_refused_and_an_unknown_record_is_not_found() {
    let node = demo();
    for moment in ["ieri", "2026-11-01", "Sun, 32 Nov 2026 00:00:00 GMT"] {
        assert_eq!(gate(node, "/id/territorio/bari", moment).status(), 400, "{moment}");
    }
    assert_eq!(node.get("/territori/bari?at=ieri", "text/html").status(), 400);
    let now = "Thu, 01 Jan 2099 00:00:00 GMT";
    assert_eq!(gate(node, "/id/territorio/mai-visto", now).status(), 404);
    assert_eq!(node.get("/timemap/territorio/mai-visto", "*/*").status(), 404);
    assert_eq!(node.get("/timemap/territorio/bari", "image/png").status(), 406);
}
