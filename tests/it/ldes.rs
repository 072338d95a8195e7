//! The change stream: what a client finds that follows it from its entrance is what the log holds,
//! and what has once been complete never changes.

use crate::support::stream::{AS, Member, Page, Replay, TREE, materialized, replay, stated};
use crate::support::{BASE, Node, TOKEN, actor, demo, graph, run, vocabulary};
use reqwest::blocking::Response;
use std::collections::BTreeSet;
use std::fs;

/// Waits until every change is published.
fn published(node: &Node) {
    let ready: serde_json::Value = node.get("/ready", "*/*").json().expect("JSON");
    let answer = node.get(&format!("/ldes?min-seq={}", ready["seq"]), "*/*");
    assert_eq!(answer.status(), 200, "{}", answer.text().expect("a text"));
}

fn change(node: &Node, update: &str) {
    let answer = node.update(update);
    assert!(answer.status().is_success(), "{}", answer.text().expect("a text"));
}

fn insert(node: &Node, source: &str, triples: &str) {
    change(node, &format!("INSERT DATA {{ GRAPH <{}> {{ {triples} }} }}", graph(source)));
}

fn header(answer: &Response, name: &str) -> String {
    answer
        .headers()
        .get(name)
        .map_or_else(String::new, |value| value.to_str().expect("ASCII").to_owned())
}

/// The bytes of an answer and the headers that must stay with them.
fn whole(node: &Node, path: &str, accept: &str) -> (Vec<u8>, Vec<String>) {
    let answer = node.get(path, accept);
    assert_eq!(answer.status(), 200, "{path}");
    let names = ["etag", "cache-control", "last-modified", "content-type", "vary"];
    let headers = names.iter().map(|name| header(&answer, name)).collect();
    (answer.bytes().expect("bytes").to_vec(), headers)
}

fn versions<'r>(replay: &'r Replay, record: &str) -> Vec<&'r Member> {
    let record = format!("{BASE}/id/{record}");
    let mut found: Vec<&Member> =
        replay.members().filter(|member| member.record == record).collect();
    found.sort_by_key(|member| member.seq);
    found
}

fn kinds(versions: &[&Member]) -> Vec<String> {
    versions.iter().map(|member| member.change.trim_start_matches(AS).to_owned()).collect()
}

#[test]
fn a_replay_of_the_whole_catalogue_is_what_the_node_holds_in_every_format() {
    let node = demo();
    published(node);
    let expected = stated(node, None);
    assert!(expected.len() > 10_000, "{}", expected.len());
    for accept in ["application/trig", "application/n-quads", "application/ld+json"] {
        let replay = replay(node, "/ldes", accept);
        let found = materialized(&replay);
        let lost: Vec<_> = expected.difference(&found).take(3).collect();
        let more: Vec<_> = found.difference(&expected).take(3).collect();
        assert!(lost.is_empty() && more.is_empty(), "{accept}: {lost:?} {more:?}");
    }
}

#[test]
fn bounds_are_true_of_every_page_and_no_node_is_wide() {
    let node = demo();
    published(node);
    let replay = replay(node, "/ldes", "application/n-quads");
    assert!(replay.pages.len() > 2);
    let mut seen = BTreeSet::new();
    for page in &replay.pages {
        assert!(page.relations.len() <= 200 && page.members.len() <= 250, "{}", page.path);
        assert_eq!(page.is_immutable, page.cache.contains("immutable"), "{}", page.path);
        for member in &page.members {
            assert!(seen.insert(member.iri.clone()), "{} stands twice", member.iri);
            let at: jiff::Timestamp = member.at.parse().expect("a moment with its time zone");
            assert!(page.from.is_none_or(|from| from <= at), "{} {at}", page.path);
            assert!(page.until.is_none_or(|until| at <= until), "{} {at}", page.path);
        }
        let is_page = page.path.contains("/page/");
        assert_eq!(page.from.is_some(), page.path != "/ldes");
        assert!(!is_page || page.is_immutable == page.until.is_some(), "{}", page.path);
        assert!(!is_page || page.is_immutable == (page.members.len() == 250), "{}", page.path);
    }
}

#[test]
fn the_entrance_says_what_the_stream_is() {
    let node = demo();
    let text = node.get("/ldes", "application/n-quads").text().expect("a text");
    let ldes = "https://w3id.org/ldes#";
    let stream = format!("<{BASE}/ldes#stream>");
    for said in [
        format!("{stream} <{TREE}view> <{BASE}/ldes> ."),
        format!("{stream} <{ldes}timestampPath> <http://www.w3.org/ns/prov#generatedAtTime> ."),
        format!("{stream} <{ldes}versionOfPath> <http://purl.org/dc/terms/isVersionOf> ."),
        format!("{stream} <{ldes}versionDeleteObject> <{AS}Delete> ."),
        format!("{stream} <{TREE}shape> <{BASE}/ldes#member> ."),
        format!("<{BASE}/ldes> <{ldes}retentionPolicy> <{BASE}/ldes#retention> ."),
    ] {
        assert_eq!(text.matches(&said).count(), 1, "{said} in {text}");
    }
    assert_eq!(text.matches(&format!("<{TREE}view>")).count(), 1);
    assert!(!text.contains("_:"), "no blank nodes");
}

#[test]
fn a_full_page_stays_as_it_is_while_the_open_one_changes_and_after_a_restart() {
    let node = Node::start_in(vocabulary(), &[]);
    published(&node);
    let accepts = ["application/trig", "application/n-quads", "application/ld+json"];
    let closed: Vec<_> = accepts.map(|accept| whole(&node, "/ldes/page/1", accept)).into();
    assert_eq!(closed[0].1[1], "public, max-age=604800, immutable");
    assert!(closed[0].1[2].ends_with(" GMT") && !closed[0].1[0].starts_with("W/"));
    let last =
        replay(&node, "/ldes", "application/n-quads").pages.last().expect("a page").path.clone();
    let open = whole(&node, &last, "application/trig");
    assert_eq!(open.1[1], "public, max-age=10");
    assert_eq!(
        open,
        whole(&node, &last, "application/trig"),
        "the same as long as nothing changed"
    );
    insert(&node, "prova", &actor("uno"));
    published(&node);
    let after = whole(&node, &last, "application/trig");
    assert_ne!((&open.0, &open.1[0]), (&after.0, &after.1[0]));
    for (accept, closed) in accepts.iter().zip(&closed) {
        assert_eq!(*closed, whole(&node, "/ldes/page/1", accept));
    }
    let (_, data) = node.stop();
    let node = Node::start_in(data, &[]);
    published(&node);
    assert_eq!(after, whole(&node, &last, "application/trig"));
    for (accept, closed) in accepts.iter().zip(&closed) {
        assert_eq!(*closed, whole(&node, "/ldes/page/1", accept), "{accept}");
    }
}

#[test]
fn a_record_is_created_updated_deleted_and_created_again() {
    let node = Node::start_in(vocabulary(), &[]);
    insert(&node, "prova", &actor("uno"));
    let homepage = format!(
        "<{BASE}/id/attore/uno> <http://xmlns.com/foaf/0.1/homepage> <https://uno.example/> ."
    );
    insert(&node, "prova", &homepage);
    change(
        &node,
        &format!(
            "DELETE WHERE {{ GRAPH <{}> {{ <{BASE}/id/attore/uno> ?p ?o }} }}",
            graph("prova")
        ),
    );
    insert(&node, "prova", &actor("uno"));
    published(&node);
    let replay = replay(&node, "/ldes/kind/attore", "application/trig");
    let found = versions(&replay, "attore/uno");
    assert_eq!(kinds(&found), ["Create", "Update", "Delete", "Create"]);
    assert!(found[1].lines.iter().any(|line| line.contains("homepage")));
    assert!(found[2].lines.is_empty(), "a deletion has no content");
    assert_eq!(found[3].lines, found[0].lines);
    for member in found {
        assert_eq!(member.sources, [graph("prova")]);
        assert_eq!(member.iri, format!("{BASE}/id/attore/uno/v/{}", member.seq));
    }
}

#[test]
fn streams_of_a_kind_and_of_a_source_hold_what_they_should() {
    let node = Node::start_in(vocabulary(), &[]);
    insert(&node, "a", &actor("uno"));
    insert(&node, "b", &actor("due"));
    published(&node);
    let records = |path: &str| -> BTreeSet<String> {
        replay(&node, path, "application/n-quads")
            .members()
            .map(|member| member.record.clone())
            .collect()
    };
    let (one, two) = (format!("{BASE}/id/attore/uno"), format!("{BASE}/id/attore/due"));
    assert_eq!(records("/ldes/source/a"), BTreeSet::from([one.clone()]));
    assert_eq!(records("/ldes/source/b"), BTreeSet::from([two.clone()]));
    assert_eq!(records("/ldes/kind/attore"), BTreeSet::from([one, two]));
    assert_eq!(records("/ldes/kind/rete"), BTreeSet::new());
    let territory = materialized(&replay(&node, "/ldes/source/territory", "application/n-quads"));
    assert_eq!(territory, stated(&node, Some("territory")));
}

#[test]
fn a_record_in_two_graphs_is_one_member_a_change_with_all_that_is_said() {
    let node = Node::start_in(vocabulary(), &[]);
    let (a, b) = (graph("a"), graph("b"));
    let homepage = format!(
        "<{BASE}/id/attore/uno> <http://xmlns.com/foaf/0.1/homepage> <https://uno.example/> ."
    );
    let more = format!("{}{homepage}", actor("uno"));
    change(
        &node,
        &format!("INSERT DATA {{ GRAPH <{a}> {{ {} }} GRAPH <{b}> {{ {more} }} }}", actor("uno")),
    );
    change(&node, &format!("DELETE WHERE {{ GRAPH <{a}> {{ <{BASE}/id/attore/uno> ?p ?o }} }}"));
    change(&node, &format!("DELETE WHERE {{ GRAPH <{b}> {{ <{BASE}/id/attore/uno> ?p ?o }} }}"));
    published(&node);
    let replay_of = |path| replay(&node, path, "application/trig");
    let (all, kind) = (replay_of("/ldes"), replay_of("/ldes/kind/attore"));
    let found = versions(&all, "attore/uno");
    assert_eq!(kinds(&found), ["Create", "Update", "Delete"]);
    assert_eq!(found[0].sources, [a.clone(), b.clone()]);
    assert_eq!(found[1].sources, [b]);
    assert!(found[0].lines.iter().any(|line| line.contains("homepage")));
    assert_eq!(found[0].lines, found[1].lines);
    assert_eq!(found, versions(&kind, "attore/uno"));
    let alone = replay_of("/ldes/source/a");
    assert_eq!(kinds(&versions(&alone, "attore/uno")), ["Create", "Delete"]);
}

#[test]
fn a_version_that_is_kept_back_is_a_deletion_or_nothing() {
    let node = Node::start_in(vocabulary(), &[]);
    insert(&node, "prova", &actor("uno"));
    published(&node);
    let (_, data) = node.stop();
    // Without its name an actor does not fit its shape.
    let nameless = |slug| -> String {
        let text = actor(slug);
        text.split_inclusive('\n').filter(|line| !line.contains("prefLabel")).collect()
    };
    let file = data.path().join("rotti.nt");
    fs::write(&file, format!("{}{}", nameless("uno"), nameless("due"))).expect("room on the disk");
    let file = file.to_string_lossy().into_owned();
    run(data.path(), &["import", &file, "--trusted", "--source", "prova"]).accepted();
    let node = Node::start_in(data, &[]);
    published(&node);
    let replay = replay(&node, "/ldes/source/prova", "application/n-quads");
    assert_eq!(kinds(&versions(&replay, "attore/uno")), ["Create", "Delete"]);
    assert!(versions(&replay, "attore/due").is_empty());
}

#[test]
fn a_thousand_changes_leave_what_the_node_holds() {
    let node = Node::start_in(vocabulary(), &[]);
    // A fixed sequence without a pattern that the pages could follow.
    let mut dice = 12_345_u64;
    for number in 0..1_000 {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (slug, what) = (format!("x{}", (dice >> 33) % 40), (dice >> 50) % 4);
        let record = format!("<{BASE}/id/attore/{slug}>");
        let source = graph(if (dice >> 40).is_multiple_of(2) { "a" } else { "b" });
        let update = match what {
            0 => format!("DELETE WHERE {{ GRAPH <{source}> {{ {record} ?p ?o }} }}"),
            _ => format!(
                "INSERT DATA {{ GRAPH <{source}> {{ {} {record} <http://xmlns.com/foaf/0.1/homepage> <https://x.example/{number}> }} }}",
                actor(&slug)
            ),
        };
        change(&node, &update);
    }
    published(&node);
    for source in ["a", "b"] {
        let replay = replay(&node, &format!("/ldes/source/{source}"), "application/n-quads");
        assert_eq!(materialized(&replay), stated(&node, Some(source)), "{source}");
    }
    let all = replay(&node, "/ldes", "application/n-quads");
    assert_eq!(materialized(&all), stated(&node, None));
    let pages: Vec<&Page> = all.pages.iter().filter(|page| page.path.contains("/page/")).collect();
    assert!(pages.len() > 4 && pages[..pages.len() - 1].iter().all(|page| page.is_immutable));
}

#[test]
fn wrong_addresses_and_formats_are_refused_with_a_reason() {
    let node = demo();
    published(node);
    for (path, status) in [
        ("/ldes/page/0", 400),
        ("/ldes/page/01", 400),
        ("/ldes/page/x", 400),
        ("/ldes/index/0/1", 400),
        ("/ldes/source/No--No", 400),
        ("/ldes/page/99999999", 404),
        ("/ldes/index/1/1", 404),
        ("/ldes/index/9/18446744073709551615", 404),
        ("/ldes/kind/gatto", 404),
        ("/ldes/source/nessuno", 404),
        ("/ldes/kind", 404),
        ("/ldes/source/inferred", 404),
        ("/ldes/altro", 404),
    ] {
        assert_eq!(node.get(path, "*/*").status(), status, "{path}");
    }
    let refused = node.get("/ldes/page/1", "text/turtle");
    assert_eq!(refused.status(), 406);
    let text = refused.text().expect("a text");
    assert!(["trig", "n-quads", "ld+json"].iter().all(|name| text.contains(name)), "{text}");
    assert_eq!(header(&node.get("/ldes", "*/*"), "content-type"), "application/trig");
    let bare = Node::start(&["--bare"]);
    assert_eq!(bare.get("/ldes", "*/*").status(), 404);
}

#[test]
fn who_has_a_page_is_told_so_and_head_answers_as_get() {
    let node = demo();
    published(node);
    for path in ["/ldes", "/ldes/page/1"] {
        let got = node.get(path, "*/*");
        let head =
            node.client.head(node.url(path)).header("Accept", "*/*").bearer_auth(TOKEN).send();
        let head = head.expect("an answer");
        assert_eq!((head.status(), header(&head, "etag")), (got.status(), header(&got, "etag")));
        let again = node.client.get(node.url(path)).header("If-None-Match", header(&got, "etag"));
        let again = again.send().expect("an answer");
        assert_eq!(again.status(), 304, "{path}");
        assert_eq!(header(&again, "cache-control"), header(&got, "cache-control"));
    }
}
