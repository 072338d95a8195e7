//! Streams of peers taken over: all of them, only what is new; what is wrong is kept back and told;
//! nothing is published again, and nothing stays of who has gone.

use crate::peers::{listed, propose};
use crate::support::odd::{Odd, answer, write};
use crate::support::{
    BASE, ELSEWHERE, Node, TOKEN, competence, elsewhere, graph, parse, vocabulary,
};
use oxigraph::io::RdfFormat;
use oxigraph::model::Dataset;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub const SETTINGS: [(&str, &str); 3] = [
    ("FAMILYLAB_BASE_URL", ELSEWHERE),
    ("FAMILYLAB_PEER_PAUSE", "0"),
    ("FAMILYLAB_HARVEST_PAUSE", "0"),
];
/// What `GET` and `POST` at this address are about.
const HARVEST: &str = "/federation/peers/vicino/harvest";
pub const STREAM: &str = "/ldes/source/prova";

/// A node that harvests only when it is told to.
pub fn harvester() -> Node {
    Node::start_with(elsewhere(), &[], &SETTINGS)
}

/// Lists a peer that may be harvested.
#[track_caller]
pub fn list(node: &Node, kind: &str, base: &str, trust: &[&str]) {
    let peer = json!({
        "name": "vicino", "base": base, "kind": kind, "trust": trust, "private": true,
    });
    let answer = propose(node, &peer);
    assert_eq!(answer.status(), 201, "{}", answer.text().expect("a text"));
}

/// What is told of the harvests of the peer.
#[track_caller]
pub fn reports(node: &Node) -> Value {
    let answer = node.get(HARVEST, "application/json");
    assert_eq!(answer.status(), 200);
    answer.json().expect("JSON")
}

/// Harvests the peer and gives what is told of that run.
#[track_caller]
pub fn harvested(node: &Node) -> Value {
    let before = reports(node)["runs"][0]["started"].clone();
    let asked = node.client.post(node.url(HARVEST)).bearer_auth(TOKEN).send().expect("an answer");
    assert_eq!(asked.status(), 202, "{}", asked.text().expect("a text"));
    let start = Instant::now();
    loop {
        let told = reports(node);
        let last = &told["runs"][0];
        if told["running"] == false && last["started"] != before && !last["ended"].is_null() {
            return last.clone();
        }
        assert!(start.elapsed() < Duration::from_secs(300), "{told}");
        sleep(Duration::from_millis(30));
    }
}

/// How many records of a run were new, changed, deleted and kept back.
pub fn counts(run: &Value) -> [u64; 4] {
    assert_eq!(run["problem"], Value::Null, "{run}");
    ["new", "changed", "deleted", "quarantined"].map(|name| run[name].as_u64().expect("a number"))
}

/// What a graph of a node holds, without what it says of itself.
#[track_caller]
pub fn held(node: &Node, graph: &str) -> Dataset {
    let query = format!(
        "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o \
         FILTER(!STRSTARTS(STR(?s), '{graph}')) }} }}"
    );
    let form = node.client.post(node.url("/sparql")).form(&[("query", query)]);
    let answer = form.header("Accept", "application/n-triples").send().expect("an answer");
    assert_eq!(answer.status(), 200);
    parse(answer.text().expect("a text"), RdfFormat::NTriples)
}

/// The graph to which the peer's records go.
pub fn taken_over() -> String {
    format!("{ELSEWHERE}/graph/peer/vicino")
}

/// Holds what was taken over beside what the peer has.
#[track_caller]
pub fn assert_equal(node: &Node, peer: &Node, records: usize) {
    let (here, there) = (held(node, &taken_over()), held(peer, &graph("prova")));
    // Each has a class, a name and a definition.
    assert_eq!(there.len(), records * 3);
    assert!(here == there, "{} statements here, {} there", here.len(), there.len());
}

pub fn competences(numbers: std::ops::Range<usize>) -> String {
    numbers
        .map(|number| competence(&format!("c-{number}"), &format!("\"Ascolto {number}\"@it")))
        .collect()
}

#[track_caller]
pub fn update(peer: &Node, update: &str) {
    let answer = peer.update(update);
    assert!(answer.status().is_success(), "{}", answer.text().expect("a text"));
}

#[track_caller]
pub fn insert(peer: &Node, triples: &str) {
    update(peer, &format!("INSERT DATA {{ GRAPH <{}> {{ {triples} }} }}", graph("prova")));
    peer.published();
}

#[test]
fn a_stream_is_taken_over_then_only_what_is_new_of_it() {
    let peer = Node::start_in(vocabulary(), &[]);
    insert(&peer, &competences(0..600));
    let node = harvester();
    list(&node, "ldes", &peer.url(STREAM), &["harvest"]);
    assert_eq!(counts(&harvested(&node)), [600, 0, 0, 0]);
    assert_equal(&node, &peer, 600);
    let again = harvested(&node);
    assert_eq!(counts(&again), [0, 0, 0, 0]);
    assert_eq!(again["bytes"], 0, "what was not changed is not sent again: {again}");
    assert!(again["requests"].as_u64().expect("a number") <= 3, "{again}");

    let place = graph("prova");
    let name = "<http://www.w3.org/2004/02/skos/core#prefLabel>";
    let one = format!("<{BASE}/id/competenza/c-1>");
    update(
        &peer,
        &format!(
            "DELETE DATA {{ GRAPH <{place}> {{ {one} {name} \"Ascolto 1\"@it }} }} ; \
             INSERT DATA {{ GRAPH <{place}> {{ {one} {name} \"Mediazione\"@it }} }}"
        ),
    );
    let gone = format!("<{BASE}/id/competenza/c-2>");
    update(&peer, &format!("DELETE WHERE {{ GRAPH <{place}> {{ {gone} ?p ?o }} }}"));
    insert(&peer, &competences(600..601));
    let run = harvested(&node);
    assert_eq!(counts(&run), [1, 1, 1, 0]);
    assert_equal(&node, &peer, 600);
    assert!(run["bytes"].as_u64().expect("a number") > 0, "{run}");

    let told = &listed(&node)[0]["harvest"];
    assert_eq!(told, &run, "the list tells of the last run");
    let page = node.get("/stato", "text/html").text().expect("a text");
    assert!(
        page.contains("1 schede nuove, 1 modificate, 1 eliminate, 0 tenute da parte"),
        "{page}"
    );
    let prov = "PREFIX prov: <http://www.w3.org/ns/prov#>";
    let whence = node.select(&format!(
        "{prov} SELECT ?source ?node WHERE {{ GRAPH ?g {{ ?g prov:wasDerivedFrom ?source ; \
         prov:wasGeneratedBy ?run ; prov:generatedAtTime ?at . ?run prov:used ?source ; \
         prov:startedAtTime ?start ; prov:wasAssociatedWith ?node }} }}"
    ));
    assert_eq!(whence, [format!("{},{ELSEWHERE}", peer.url(STREAM))]);
}

#[test]
fn what_was_taken_over_is_found_but_not_published_again_and_goes_with_its_peer() {
    let peer = Node::start_in(vocabulary(), &[]);
    insert(&peer, &competences(0..3));
    let settings = [&SETTINGS[..], &[("FAMILYLAB_EXPORT_PAUSE", "0.1")]].concat();
    let node = Node::start_with(elsewhere(), &[], &settings);
    list(&node, "ldes", &peer.url(STREAM), &["harvest"]);
    assert_eq!(counts(&harvested(&node)), [3, 0, 0, 0]);
    node.indexed();
    let found = || {
        let answer = node.get("/search?q=Ascolto&kind=competenza", "application/json");
        let page: Value = answer.json().expect("JSON");
        page["total"].as_u64().expect("a number")
    };
    assert_eq!(found(), 3);
    node.published();
    let iri = format!("{BASE}/id/competenza/c-1");
    let record = format!("/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={iri}");
    let answer = node.get(&record, "*/*").text().expect("a text");
    assert!(answer.contains("idDoesNotExist"), "{answer}");
    let stream = node.get("/ldes/kind/competenza", "application/n-quads").text().expect("a text");
    assert!(stream.contains("EventStream") && !stream.contains("#relation"), "{stream}");
    let list = crate::dumps::exported(&node).to_string();
    assert!(list.contains("all.nq.gz") && !list.contains("peer"), "{list}");
    let refused = node.update(&format!("DROP GRAPH <{}>", taken_over()));
    assert_eq!(refused.status(), 409, "nobody else writes there");

    let gone = node.client.delete(node.url("/federation/peers/vicino")).bearer_auth(TOKEN);
    assert_eq!(gone.send().expect("an answer").status(), 204);
    assert_eq!(held(&node, &taken_over()).len(), 0);
    let all = format!("SELECT * WHERE {{ GRAPH <{}> {{ ?s ?p ?o }} }}", taken_over());
    assert!(node.select(&all).is_empty());
    node.settle();
    node.indexed();
    assert_eq!(found(), 0);
    assert_eq!(node.get(HARVEST, "*/*").status(), 404);
    // Who comes back under the same name comes whole.
    self::list(&node, "ldes", &peer.url(STREAM), &["harvest"]);
    assert_eq!(counts(&harvested(&node)), [3, 0, 0, 0]);
}

/// A page of a stream with one version of each of these records.
fn page(records: &[(&str, u64, String)]) -> String {
    let stream = "<http://altrove.example/ldes#stream>";
    records.iter().fold(String::new(), |page, (record, number, lines)| {
        let version = format!("<{record}/v/{number}>");
        let said = lines.replace(&format!("<{record}>"), &version);
        let said: String = said
            .lines()
            .map(|line| format!("{} {version} .\n", line.trim_end_matches('.')))
            .collect();
        page + &format!(
            "{stream} <https://w3id.org/tree#member> {version} .\n\
             {version} <http://purl.org/dc/terms/isVersionOf> <{record}> {version} .\n\
             {version} <http://www.w3.org/ns/prov#generatedAtTime> \"2026-01-01T00:00:00Z\"\
             ^^<http://www.w3.org/2001/XMLSchema#dateTime> {version} .\n\
             {version} <https://schema.org/version> \"{number}\" {version} .\n{said}"
        )
    })
}

#[test]
fn what_is_wrong_is_kept_back_with_the_reason_and_the_rest_arrives() {
    let body = Arc::new(Mutex::new(String::new()));
    let sent = Arc::clone(&body);
    let server = Odd::start(move |_, stream| {
        let body = sent.lock().expect("nobody panicked").clone();
        write(stream, answer("200 OK", "Content-Type: application/n-quads\r\n", &body));
    });
    let [good, nameless, broken] = ["buona", "muta", "rotta"];
    let iri = |slug: &str| format!("{BASE}/id/competenza/{slug}");
    let own = format!("{ELSEWHERE}/id/competenza/nostra");
    let whole = |slug: &str| competence(slug, "\"Ascolto\"@it");
    let without = whole(nameless)
        .lines()
        .filter(|line| !line.contains("prefLabel"))
        .collect::<Vec<_>>()
        .join("\n");
    let spoilt = whole(broken).replace("\"Ascolto\"@it", "\"Ascolto");
    let stolen = whole("nostra").replace(BASE, ELSEWHERE);
    *body.lock().unwrap() = page(&[
        (&iri(good), 1, whole(good)),
        (&iri(nameless), 1, without),
        (&iri(broken), 1, spoilt),
        (&own, 1, stolen),
    ]);
    let node = harvester();
    list(&node, "ldes", &server.url("/"), &["harvest"]);
    let run = harvested(&node);
    assert_eq!(counts(&run), [1, 0, 0, 2]);
    assert_eq!(run["own"], 1, "nobody speaks for this node: {run}");
    let told = reports(&node);
    let held_back = told["quarantine"].as_array().expect("a list");
    let names: Vec<&str> = held_back.iter().filter_map(|it| it["record"].as_str()).collect();
    assert_eq!(names, [iri(nameless), iri(broken)]);
    for record in held_back {
        for language in ["it", "en"] {
            assert!(!record["reason"][language].as_str().expect("words").is_empty(), "{record}");
        }
    }
    assert_eq!(held(&node, &taken_over()).len(), 3);
    *body.lock().unwrap() = page(&[
        (&iri(good), 1, whole(good)),
        (&iri(nameless), 2, whole(nameless)),
        (&iri(broken), 2, whole(broken)),
    ]);
    assert_eq!(counts(&harvested(&node)), [2, 0, 0, 0]);
    // An older version that comes late changes nothing.
    *body.lock().unwrap() = page(&[(&iri(nameless), 1, competence(nameless, "\"Vecchio\"@it"))]);
    assert_eq!(counts(&harvested(&node)), [0, 0, 0, 0]);
    assert_eq!(held(&node, &taken_over()).len(), 9);
}

#[test]
fn who_does_not_answer_as_it_should_is_told_and_nothing_is_lost() {
    let node = harvester();
    let server = Odd::start(|request, stream| {
        let cut =
            "HTTP/1.1 200 OK\r\nContent-Type: application/n-quads\r\nContent-Length: 9999\r\n\r\n<";
        let text =
            if request.contains(" /altro ") { "HTTP/1.1 502 Bad Gateway\r\n\r\n" } else { cut };
        let _ = stream.write_all(text.as_bytes());
    });
    list(&node, "ldes", &server.url("/flusso"), &["harvest"]);
    let run = harvested(&node);
    assert_eq!(run["problem"]["kind"], "broken-off", "{run}");
    assert_eq!(
        node.get("/stato", "text/html").text().expect("a text").matches("si è interrotta").count(),
        1
    );
    let refused = node.client.post(node.url(HARVEST)).bearer_auth("sbagliato").send();
    assert_eq!(refused.expect("an answer").status(), 403);
    let wrong = node.client.put(node.url(HARVEST)).bearer_auth(TOKEN).send().expect("an answer");
    assert_eq!(
        (wrong.status().as_u16(), wrong.headers()["allow"].to_str().ok()),
        (405, Some("GET, HEAD, POST"))
    );
    let peer = json!({ "name": "muto", "base": server.url("/altro"), "kind": "sparql",
        "trust": ["query"], "private": true });
    assert_eq!(propose(&node, &peer).status(), 201);
    let path = "/federation/peers/muto/harvest";
    let refused = node.client.post(node.url(path)).bearer_auth(TOKEN).send().expect("an answer");
    assert_eq!(refused.status(), 409, "it is trusted with queries only");
}
