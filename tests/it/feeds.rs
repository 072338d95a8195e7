//! What is new as an Atom feed, and events as a calendar.

use crate::support::{BASE, Node, TOKEN, actor, demo, graph, vocabulary};
use reqwest::blocking::Response;
use std::time::{Duration, Instant};

/// Asks until the answer holds a text, since publishing follows writing.
fn until(node: &Node, path: &str, expected: &str) -> String {
    let start = Instant::now();
    loop {
        let text = node.get(path, "*/*").text().expect("a text");
        if text.contains(expected) {
            return text;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{expected} is not in {text}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until every change is published: the feed's tag begins with the number of the last one.
fn published(node: &Node) {
    let ready: serde_json::Value = node.get("/ready", "*/*").json().expect("JSON");
    let start = Instant::now();
    loop {
        let tag = header(&node.get("/feed.atom", "*/*"), "etag");
        let tag = tag.trim_start_matches("W/").trim_start_matches('"').to_owned();
        if tag.split('-').next() == Some(ready["seq"].to_string().as_str()) {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(120), "{tag} of {ready}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn header(answer: &Response, name: &str) -> String {
    answer.headers().get(name).map_or_else(String::new, |v| v.to_str().expect("plain").to_owned())
}

#[test]
fn what_is_new_comes_first_and_what_was_deleted_leaves_a_tombstone() {
    let node = Node::start_in(vocabulary(), &[]);
    let address = node.url(&format!("/graphs?graph={}", graph("prova")));
    let put = node.client.put(&address).bearer_auth(TOKEN);
    let put = put.header("Content-Type", "application/n-triples").body(actor("a-e-b")).send();
    assert!(put.unwrap().status().is_success());
    let iri = format!("{BASE}/id/attore/a-e-b");
    let feed = until(&node, "/feed.atom", &format!("<id>{iri}</id>"));
    let first = feed.split("<entry>").nth(1).unwrap();
    assert!(first.contains("Comune di a-e-b"), "{first}");
    assert!(feed.contains("rel=\"next\"") && !feed.contains("rel=\"previous\""), "{feed}");
    assert!(node.client.delete(&address).bearer_auth(TOKEN).send().unwrap().status().is_success());
    let feed = until(&node, "/feed.atom", "<at:deleted-entry");
    assert!(feed.contains(&format!("ref=\"{iri}\"")), "{feed}");
    assert!(!feed.contains(&format!("<id>{iri}</id>")));
}

#[test]
fn a_feed_can_be_narrowed_turned_and_asked_for_again() {
    let node = demo();
    node.indexed();
    published(node);
    let one = "/feed.atom?kind=evento&limit=2";
    let feed = until(node, one, "<entry>");
    assert_eq!(feed.matches("<category term=\"evento\"/>").count(), 2, "{feed}");
    assert!(feed.contains("page=2"), "{feed}");
    let two = until(node, "/feed.atom?kind=evento&limit=2&page=2", "<entry>");
    assert!(two.contains("rel=\"previous\""), "{two}");
    assert_ne!(feed.split("<entry>").nth(1), two.split("<entry>").nth(1));
    assert!(until(node, "/en/feed.atom", "<entry>").contains("xml:lang=\"en\""));
    let answer = node.get(one, "*/*");
    assert!(header(&answer, "content-type").starts_with("application/atom+xml"));
    for (name, value) in [
        ("If-None-Match", header(&answer, "etag")),
        ("If-Modified-Since", header(&answer, "last-modified")),
    ] {
        let again = node.client.get(node.url(one)).header(name, value).send().unwrap();
        assert_eq!(again.status(), 304, "{name}");
    }
    for path in ["/feed.atom?colore=blu", "/feed.atom?page=0", "/feed.atom?page=900"] {
        assert_eq!(node.get(path, "*/*").status(), 400, "{path}");
    }
    for path in ["/", "/esperienze", "/search"] {
        let page = node.get(path, "text/html").text().unwrap();
        assert!(page.contains("<link rel=\"alternate\" type=\"application/atom+xml\""), "{path}");
    }
}

#[test]
fn events_are_a_calendar() {
    let node = demo();
    published(node);
    let slug = "le-chiavi-in-tasca-tre-giorni-fra-perugia-e-l-aquila";
    let text = until(node, "/eventi.ics", "BEGIN:VEVENT");
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let whole = text.replace("\r\n ", "");
    let event = whole.split("BEGIN:VEVENT").find(|event| event.contains(slug)).unwrap();
    for expected in [
        "DTSTART;VALUE=DATE:20270225",
        "DTEND;VALUE=DATE:20270228",
        "SUMMARY;LANGUAGE=it:Le chiavi in tasca: tre giorni fra Perugia",
        "STATUS:CONFIRMED",
        "LOCATION:L'Aquila",
    ] {
        assert!(event.contains(expected), "{expected} is not in {event}");
    }
    let one = node.get(&format!("/eventi/{slug}.ics"), "*/*");
    assert_eq!(header(&one, "content-type"), "text/calendar; charset=utf-8");
    assert_eq!(one.text().unwrap().matches("BEGIN:VEVENT").count(), 1);
    assert_eq!(node.get("/eventi/mai-visto.ics", "*/*").status(), 404);
    assert!(node.get("/eventi", "text/html").text().unwrap().contains("/eventi.ics"));
}
