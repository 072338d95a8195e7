//! What a node tells of its graphs in short, and that queries over several nodes ask only those who
//! can have an answer, and miss nothing that is there.

use crate::federated_http::{ask, list, of, report, rows};
use crate::support::{BASE, Node, demo};
use reqwest::blocking::Response;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A plain store that looks at no peer by itself, with these settings and triples.
pub fn store(settings: &[(&str, &str)], triples: &str) -> Node {
    let settings = [&[("FAMILYLAB_PEER_PAUSE", "0")], settings].concat();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let node = Node::start_with(folder, &["--bare"], &settings);
    insert(&node, triples);
    node
}

fn insert(node: &Node, triples: &str) {
    let update = format!("PREFIX : <http://example.org/> INSERT DATA {{ {triples} }}");
    assert_eq!(node.update(&update).status(), 204);
}

/// How a query goes, once it is planned by summaries of all nodes.
#[track_caller]
pub fn informed(node: &Node, query: &str) -> Value {
    let start = Instant::now();
    loop {
        let told: Value = ask(node, query, &[("explain", "true")]).json().expect("JSON");
        let sources = told["sources"].as_array().expect("a list of nodes");
        if sources.iter().all(|source| source["summary"]["none"].is_null()) {
            return told;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{told}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A node's summary, once it is counted.
#[track_caller]
fn summary(node: &Node) -> Response {
    let start = Instant::now();
    loop {
        let answer = node.get("/federation/summary", "application/json");
        if answer.status() == 200 {
            return answer;
        }
        assert_eq!(answer.status(), 503, "{:?}", answer.text());
        assert_eq!(answer.headers()["retry-after"], "5");
        assert!(start.elapsed() < Duration::from_secs(120), "it is never counted");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn seq(node: &Node) -> Value {
    let ready: Value = node.get("/ready", "*/*").json().expect("JSON");
    ready["seq"].clone()
}

const REGION: &str = ":puglia :name \"Puglia\" . :e1 :of :puglia ; :title \"Nido\" .";
const TOWN: &str = ":bari :within :puglia ; :name \"Bari\" . :e2 :of :bari ; :title \"Centro\" .";

#[test]
fn only_the_node_that_has_a_predicate_is_asked_for_it() {
    let (hub, town) = (store(&[], REGION), store(&[], TOWN));
    let other = store(&[], "<urn:x:1> :title \"Affido\" ; a :Experience .");
    list(&hub, "town", "familylab", &town.address);
    list(&hub, "other", "familylab", &other.address);
    for (query, wanted) in [
        ("SELECT ?p { ?p :within ?w }", vec!["http://example.org/bari"]),
        ("SELECT ?t { :e2 :title ?t ; :of [ :within ?r ] }", vec!["Centro"]),
        ("SELECT ?e { ?e a :Experience }", vec!["urn:x:1"]),
        ("SELECT ?e { ?e :of ?p ; a :Experience }", vec![]),
        ("SELECT ?e { ?e a :Other }", vec![]),
    ] {
        let told = informed(&hub, query);
        let asked = |address: &str| of(&told, address)["requests"].as_u64().expect("a number");
        // Only one of the peers has what the query needs, or none has.
        let peers = [asked(&town.address), asked(&other.address)];
        assert_eq!(peers.iter().filter(|asked| **asked > 0).count(), wanted.len(), "{told}");
        assert_eq!(rows(ask(&hub, query, &[])), wanted, "{query}");
    }
    let told = informed(&hub, "SELECT ?p { ?p :within ?w }");
    for node in [&town, &other] {
        assert_eq!(of(&told, &node.address)["summary"], json!({ "seq": seq(node) }), "{told}");
    }
    let sources = told["sources"].as_array().expect("a list");
    assert_eq!(sources[0]["summary"], json!({ "seq": seq(&hub) }), "the node itself: {told}");
    let skipped = of(&told, &other.address)["skipped"].as_str().expect("a reason");
    assert!(skipped.contains("it has no <http://example.org/within>"), "{skipped}");
    let pruned = told["plan"]["pruned"].as_array().expect("a list");
    assert!(pruned.iter().any(|it| it["summary"] == json!({ "seq": seq(&other) })), "{told}");
    let text = told["text"].as_str().expect("a text");
    assert!(text.contains(&format!("by its summary of change {}", seq(&other))), "{text}");
}

#[test]
fn what_a_peer_gains_is_never_missed_where_each_query_asks_for_summaries_first() {
    let hub = store(&[("FAMILYLAB_SUMMARY_AGE", "0")], REGION);
    let (town, other) = (store(&[], TOWN), store(&[], "<urn:x:1> :title \"Affido\" ."));
    list(&hub, "town", "familylab", &town.address);
    list(&hub, "other", "familylab", &other.address);
    informed(&hub, "SELECT ?x { ?x :title ?t }");
    for number in 0..10 {
        let node = if number % 2 == 0 { &town } else { &other };
        insert(node, &format!("<urn:n{number}:x> :new{number} :e1 ."));
        let query = format!("SELECT ?x {{ ?x :new{number} ?e . ?e :title ?t }}");
        assert_eq!(rows(ask(&hub, &query, &[])), [format!("urn:n{number}:x")]);
    }
    let told = informed(&hub, "SELECT ?x { ?x :new0 ?e }");
    assert_eq!(of(&told, &town.address)["summary"], json!({ "seq": seq(&town) }));
    assert_eq!(of(&told, &other.address)["requests"], 0, "{told}");
}

#[test]
fn a_summary_is_relied_on_as_long_as_the_setting_says_and_the_report_tells_which() {
    let hub = store(&[("FAMILYLAB_SUMMARY_AGE", "86400")], REGION);
    let town = store(&[], TOWN);
    list(&hub, "town", "familylab", &town.address);
    let query = "SELECT ?x { ?x :new ?y }";
    let before = informed(&hub, query);
    insert(&town, ":e2 :new 1 .");
    let answer = ask(&hub, query, &[]);
    let link = answer.headers()["link"].to_str().expect("text").to_owned();
    assert_eq!(rows(answer), [""; 0]);
    let told = report(&hub, &link);
    let (known, now) = (&of(&told, &town.address)["summary"]["seq"], seq(&town));
    assert_eq!(known, &of(&before, &town.address)["summary"]["seq"]);
    assert!(known.as_u64() < now.as_u64(), "{told}");
    // What the node itself gains shows at once.
    insert(&hub, ":e1 :new 1 .");
    assert_eq!(rows(ask(&hub, query, &[])), ["http://example.org/e1"]);
}

#[test]
fn an_endpoint_is_known_by_counting() {
    let hub = store(&[], REGION);
    let other =
        store(&[], "<urn:x:1> :title \"Affido\", :e1 ; a :Experience ; :of [ :name \"B\" ] .");
    list(&hub, "other", "sparql", &other.url("/sparql"));
    let address = other.url("/sparql");
    let told = informed(&hub, "SELECT ?p { ?p :within ?w }");
    assert!(of(&told, &address)["summary"]["counted"].is_string(), "{told}");
    for (query, is_asked) in [
        ("SELECT ?p { ?p :within ?w }", false),
        ("SELECT ?p { ?p :title ?t }", true),
        ("SELECT ?e { ?e a :Experience }", true),
        ("SELECT ?e { ?e a :Other }", false),
        ("SELECT ?t { <urn:x:1> :title ?t }", true),
        ("SELECT ?t { :e1 :title ?t }", false),
        ("SELECT ?e { ?e :title :e1 }", true),
        ("SELECT ?e { ?e :title <https://elsewhere.example/> }", false),
        ("SELECT ?e { ?e :of \"B\" }", false),
        ("SELECT ?n { ?e :of/:name ?n }", true),
    ] {
        let told = informed(&hub, query);
        assert_eq!(of(&told, &address)["requests"] != 0, is_asked, "{query}: {told}");
    }
    assert_eq!(rows(ask(&hub, "SELECT ?n { ?e :of/:name ?n }", &[])), ["B", "Puglia"]);
    let hub = store(&[("FAMILYLAB_FOREIGN_SUMMARY_AGE", "0")], REGION);
    list(&hub, "other", "sparql", &address);
    let told = ask(&hub, "SELECT ?p { ?p :within ?w }", &[("explain", "true")]);
    let told: Value = told.json().expect("JSON");
    let none = of(&told, &address)["summary"]["none"].as_str().expect("a reason");
    assert!(none.contains("not counted"), "{none}");
    assert_eq!(of(&told, &address)["requests"], 1);
}

#[test]
fn a_summary_covers_what_queries_without_from_see() {
    let node = demo();
    let answer = summary(node);
    let text = answer.text().expect("a text");
    assert!(text.len() <= 256 << 10, "{} bytes", text.len());
    let told: Value = serde_json::from_str(&text).expect("JSON");
    let count = |query: &str| -> BTreeMap<String, u64> {
        let pair = |row: &String| {
            let (term, count) = row.rsplit_once(',').expect("two columns");
            (term.to_owned(), count.parse().expect("a number"))
        };
        node.select(query).iter().map(pair).collect()
    };
    let counted = count("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p");
    let listed = told["predicates"].as_object().expect("predicates");
    let listed = listed.iter().map(|(name, it)| (name.clone(), it["triples"].as_u64()));
    let listed: BTreeMap<String, u64> =
        listed.map(|(name, count)| (name, count.expect("a number"))).collect();
    assert!(counted.len() > 30 && told["others"].is_null());
    assert_eq!(listed, counted);
    let counted = count("SELECT ?c (COUNT(*) AS ?n) { ?s a ?c FILTER (isIRI(?c)) } GROUP BY ?c");
    let classes: BTreeMap<String, u64> =
        serde_json::from_value(told["classes"].clone()).expect("numbers by class");
    assert_eq!(classes, counted);
    let starts = |name: &str, ends: &str| {
        let ends = &told["predicates"][name][ends]["iris"];
        serde_json::from_value::<Vec<String>>(ends.clone()).expect("beginnings")
    };
    let title = "http://purl.org/dc/terms/title";
    let subjects = node.select(&format!("SELECT DISTINCT ?s {{ ?s <{title}> ?t }}"));
    let known = starts(title, "subject_ends");
    assert!(known.contains(&format!("{BASE}/id/")), "{known:?}");
    for subject in subjects {
        assert!(known.iter().any(|start| subject.starts_with(start.as_str())), "{subject}");
    }
}

#[test]
fn a_summary_is_sent_to_who_has_another_one_only() {
    let node = store(&[], TOWN);
    let answer = summary(&node);
    let head = |answer: &Response, name: &str| {
        answer.headers().get(name).map(|value| value.to_str().expect("text").to_owned())
    };
    assert_eq!(head(&answer, "content-type").as_deref(), Some("application/json"));
    assert_eq!(head(&answer, "cache-control").as_deref(), Some("no-cache"));
    let tag = head(&answer, "etag").expect("a tag");
    let again = |tag: &str| {
        let request = node.client.get(node.url("/federation/summary"));
        request.header("If-None-Match", tag).send().expect("an answer")
    };
    let same = again(&tag);
    assert_eq!(same.status(), 304);
    assert_eq!(head(&same, "etag").as_ref(), Some(&tag));
    assert_eq!(again(&format!("\"other\", W/{tag}")).status(), 304);
    let asked = node.client.head(node.url("/federation/summary")).send().expect("an answer");
    assert_eq!(asked.status(), 200);
    assert_eq!(head(&asked, "etag").as_ref(), Some(&tag));
    insert(&node, ":e2 :new 1 .");
    let other = summary(&node);
    assert_ne!(head(&other, "etag"), Some(tag.clone()));
    let told: Value = other.json().expect("JSON");
    assert_eq!((&told["seq"], &told["triples"]), (&seq(&node), &json!(5)));
    assert_eq!(told["predicates"]["http://example.org/new"]["triples"], 1);
    assert_eq!(again(&tag).status(), 200);
}
