//! SPARQL updates: who may, where, and what becomes of what does not fit.

use crate::support::{BASE, Node, TOKEN, Verdict, actor, competence, graph, vocabulary};
use reqwest::blocking::Response;
use serde_json::Value;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn insert(source: &str, triples: &str) -> String {
    format!("INSERT DATA {{ GRAPH <{}> {{ {triples} }} }}", graph(source))
}

fn count(node: &Node, pattern: &str) -> u64 {
    let rows = node.select(&format!("SELECT (COUNT(*) AS ?n) {{ {pattern} }}"));
    rows[0].parse().expect("a number")
}

#[track_caller]
fn refusal(response: Response, status: u16) -> String {
    let (given, text) = (response.status(), response.text().expect("a text"));
    assert_eq!(given, status, "{text}");
    text
}

#[test]
fn an_update_needs_the_right_token() {
    let node = Node::start_in(vocabulary(), &[]);
    let update = insert("prova", &competence("ascolto", "\"Ascolto\"@it"));
    let send = |token: Option<&str>| {
        let request = node.client.post(node.url("/sparql")).form(&[("update", &update)]);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        request.send().expect("an answer")
    };
    let none = send(None);
    assert!(none.headers().contains_key("www-authenticate"));
    refusal(none, 401);
    refusal(send(Some("guess")), 403);
    refusal(send(Some("")), 401);
    assert_eq!(count(&node, "?s a <https://w3id.org/familylab/ontology#Competence>"), 0);
    assert_eq!(send(Some(TOKEN)).status(), 204);
    assert_eq!(count(&node, "?s a <https://w3id.org/familylab/ontology#Competence>"), 1);
}

#[test]
fn a_node_without_a_token_takes_no_updates() {
    let settings = [("FAMILYLAB_ADMIN_TOKEN", "")];
    let node = Node::start_with(vocabulary(), &[], &settings);
    refusal(node.update(&insert("prova", "<urn:a> <urn:b> 1")), 403);
    let request = node.client.post(node.url("/sparql")).header("Authorization", "Bearer ");
    let answer = request.form(&[("update", "CLEAR ALL")]).send().expect("an answer");
    assert!(matches!(answer.status().as_u16(), 401 | 403));
}

#[test]
fn an_update_that_touches_a_protected_graph_is_refused_whole() {
    let node = Node::start_in(vocabulary(), &[]);
    let seq = node.metric("familylab_applied_seq");
    let own = insert("prova", &competence("ascolto", "\"Ascolto\"@it"));
    for (other, named) in [
        (insert("vocabulary", "<urn:a> <urn:b> 1"), "/graph/vocabulary"),
        (insert("territory", "<urn:a> <urn:b> 1"), "/graph/territory"),
        (insert("inferred", "<urn:a> <urn:b> 1"), "/graph/inferred"),
        (insert("Con Spazi".replace(' ', "%20").as_str(), "<urn:a> <urn:b> 1"), "Con%20Spazi"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }".to_owned(), "DEFAULT"),
        ("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }".to_owned(), "urn:g"),
        (
            "INSERT DATA { GRAPH <urn:familylab:applied:7> { <urn:a> <urn:b> 1 } }".to_owned(),
            "urn:familylab:applied:7",
        ),
        ("CREATE GRAPH <urn:familylab:applied:99>".to_owned(), "urn:familylab:applied:99"),
        (format!("DROP GRAPH <{}>", graph("territory")), "/graph/territory"),
        (format!("CLEAR GRAPH <{}>", graph("vocabulary")), "/graph/vocabulary"),
        (format!("CLEAR SILENT GRAPH <{}>", graph("inferred")), "/graph/inferred"),
        (format!("MOVE <{}> TO <{}>", graph("territory"), graph("prova")), "/graph/territory"),
        (
            format!("WITH <{}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}", graph("territory")),
            "/graph/territory",
        ),
    ] {
        let text = refusal(node.update(&format!("{own} ; {other}")), 409);
        assert!(text.contains(named) && text.contains("may not be written"), "{named}: {text}");
    }
    assert_eq!(node.metric("familylab_applied_seq"), seq, "something was kept");
    assert_eq!(count(&node, &format!("GRAPH <{}> {{ ?s ?p ?o }}", graph("prova"))), 0);
    assert!(count(&node, &format!("GRAPH <{}> {{ ?s ?p ?o }}", graph("territory"))) > 50_000);
}

#[test]
fn clear_and_drop_of_all_are_refused_with_what_to_do() {
    let node = Node::start_in(vocabulary(), &[]);
    assert_eq!(node.update(&insert("prova", &actor("prova"))).status(), 204);
    let before = count(&node, "?s ?p ?o");
    let seq = node.metric("familylab_applied_seq");
    let own = format!("DROP GRAPH <{}>", graph("prova"));
    for verb in ["CLEAR", "DROP"] {
        for silent in ["", " SILENT"] {
            for target in ["ALL", "NAMED"] {
                let update = format!("{own} ; {verb}{silent} {target}");
                let text = refusal(node.update(&update), 409);
                assert!(text.contains(&format!("{target} takes in graphs")), "{update}: {text}");
                assert!(text.contains("DROP GRAPH <"), "it says what to do: {text}");
            }
            let text = refusal(node.update(&format!("{own} ; {verb}{silent} DEFAULT")), 409);
            assert!(text.contains("DEFAULT may not be written"), "{text}");
        }
    }
    assert_eq!(node.metric("familylab_applied_seq"), seq, "something was kept");
    assert_eq!(count(&node, "?s ?p ?o"), before);
    assert_eq!(node.update(&own).status(), 204);
    node.settle();
    // The vocabularies, the territory, and what is inferred.
    assert_eq!(node.select("SELECT ?g { GRAPH ?g {} }").len(), 3);
}

#[test]
fn a_plain_store_is_emptied_whole() {
    let node = Node::start(&["--bare"]);
    for update in ["DROP ALL", "CLEAR ALL", "DROP SILENT NAMED ; CLEAR DEFAULT"] {
        let insert = "INSERT DATA { <urn:a> <urn:b> 1 . GRAPH <urn:g> { <urn:a> <urn:b> 2 } }";
        assert_eq!(node.update(insert).status(), 204);
        assert_eq!(node.update(update).status(), 204, "{update}");
        assert_eq!(count(&node, "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"), 0, "{update}");
    }
}

#[test]
fn load_and_service_are_refused_with_the_reason() {
    let node = Node::start_in(vocabulary(), &[]);
    let prova = graph("prova");
    let load = |silent| format!("LOAD {silent} <http://example.org/x.ttl> INTO GRAPH <{prova}>");
    for silent in ["", "SILENT"] {
        assert!(refusal(node.update(&load(silent)), 400).contains("LOAD is refused"), "{silent}");
    }
    assert_eq!(count(&node, &format!("GRAPH <{prova}> {{ ?s ?p ?o }}")), 0);
    let service = "SERVICE SILENT <http://example.org/sparql> { ?s ?p ?o }";
    let update = format!("INSERT {{ GRAPH <{prova}> {{ ?s ?p ?o }} }} WHERE {{ {service} }}");
    assert!(refusal(node.update(&update), 400).contains("SERVICE is refused"));
    for query in [
        format!("SELECT * {{ {service} }}"),
        format!("SELECT * {{ ?a ?b ?c FILTER EXISTS {{ {service} }} }}"),
        format!("SELECT * {{ OPTIONAL {{ {{ SELECT * {{ {service} }} }} }} }}"),
        format!("CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {service} }}"),
        format!("SELECT (EXISTS {{ {service} }} AS ?x) {{}}"),
        format!("SELECT ?x {{ ?x ?y ?z }} ORDER BY (EXISTS {{ {service} }})"),
        "SELECT * { SERVICE ?g { ?s ?p ?o } }".to_owned(),
    ] {
        let answer = node.client.get(node.url("/sparql")).query(&[("query", &query)]).send();
        let text = refusal(answer.expect("an answer"), 400);
        assert!(text.contains("SERVICE is refused"), "{query}: {text}");
    }
    let harmless = "ASK { BIND (\"SERVICE <x> \" AS ?service) }";
    let answer = node.client.get(node.url("/sparql")).query(&[("query", harmless)]).send();
    assert_eq!(answer.expect("an answer").status(), 200);
}

#[test]
fn blank_nodes_of_an_update_become_fragments_of_their_record() {
    let node = Node::start_in(vocabulary(), &[]);
    let contact = format!(
        "<{BASE}/id/attore/prova> <https://w3id.org/familylab/ontology#contactPoint> [
           a <http://www.w3.org/2006/vcard/ns#Organization> ;
           <http://www.w3.org/2006/vcard/ns#fn> \"Ufficio famiglia\"@it ;
           <http://www.w3.org/2006/vcard/ns#hasEmail> <mailto:famiglia@comune.example> ] ."
    );
    let update = insert("prova", &format!("{}{contact}", actor("prova")));
    let answer = node.update(&update);
    assert_eq!(answer.status(), 204, "{}", answer.text().expect("a text"));
    let contacts = "?a <https://w3id.org/familylab/ontology#contactPoint> ?c";
    let rows = node.select(&format!("SELECT ?c {{ {contacts} }}"));
    assert_eq!(rows.len(), 1);
    assert!(rows[0].starts_with(&format!("{BASE}/id/attore/prova#contactPoint")), "{rows:?}");
    let blank =
        format!("GRAPH <{}> {{ ?s ?p ?o FILTER (ISBLANK(?s) || ISBLANK(?o)) }}", graph("prova"));
    assert_eq!(count(&node, &blank), 0);
}

#[test]
fn an_update_that_breaks_a_shape_is_refused_with_what_was_found() {
    let node = Node::start_in(vocabulary(), &[]);
    let good = competence("ascolto", "\"Ascolto\"@it");
    let bad = competence("muta", "\"\"@it");
    let text = refusal(node.update(&insert("prova", &format!("{good}{bad}"))), 422);
    let problem: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(problem["status"], 422);
    let findings = problem["findings"].as_array().expect("findings");
    let muta = format!("{BASE}/id/competenza/muta");
    assert!(!findings.is_empty());
    for finding in findings {
        assert_eq!(finding["record"], Value::from(muta.as_str()));
        assert_eq!(finding["severity"], "Violation");
        assert!(finding["message"]["it"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(finding["message"]["en"].as_str().is_some_and(|text| !text.is_empty()));
    }
    assert_eq!(count(&node, &format!("GRAPH <{}> {{ ?s ?p ?o }}", graph("prova"))), 0);

    assert_eq!(node.update(&insert("prova", &good)).status(), 204);
    let ascolto = format!("<{BASE}/id/competenza/ascolto>");
    let label = "<http://www.w3.org/2004/02/skos/core#prefLabel>";
    let unlabel = format!(
        "DELETE {{ GRAPH ?g {{ {ascolto} {label} ?x }} }} WHERE {{ GRAPH ?g {{ {ascolto} {label} ?x }} }}"
    );
    refusal(node.update(&unlabel), 422);
    assert_eq!(count(&node, &format!("{ascolto} {label} ?x")), 1);
}

#[test]
fn using_parameters_say_what_an_update_matches() {
    let node = Node::start_in(vocabulary(), &[]);
    for (source, slug) in [("prima", "ascolto"), ("seconda", "cura")] {
        assert_eq!(node.update(&insert(source, &competence(slug, "\"Nome\"@it"))).status(), 204);
    }
    let competences = "?s a <https://w3id.org/familylab/ontology#Competence>";
    let note = "?s <http://www.w3.org/2004/02/skos/core#note>";
    let send = |update: &str, parameter: &str, source: &str| {
        let fields = [("update", update), (parameter, &graph(source))];
        let request = node.client.post(node.url("/sparql")).bearer_auth(TOKEN).form(&fields);
        request.send().expect("an answer")
    };
    let prima = graph("prima");
    let tag = format!("INSERT {{ GRAPH <{prima}> {{ {note} \"a\" }} }} WHERE {{ {competences} }}");
    assert_eq!(send(&tag, "using-graph-uri", "seconda").status(), 204);
    assert_eq!(
        node.select(&format!("SELECT ?s {{ {note} \"a\" }}")),
        [format!("{BASE}/id/competenza/cura")]
    );
    let tag = format!(
        "INSERT {{ GRAPH <{prima}> {{ {note} \"b\" }} }} WHERE {{ GRAPH ?g {{ {competences} }} }}"
    );
    assert_eq!(send(&tag, "using-named-graph-uri", "prima").status(), 204);
    assert_eq!(
        node.select(&format!("SELECT ?s {{ {note} \"b\" }}")),
        [format!("{BASE}/id/competenza/ascolto")]
    );
    let with = format!("WITH <{prima}> INSERT {{ {note} \"c\" }} WHERE {{ {competences} }}");
    assert!(refusal(send(&with, "using-graph-uri", "seconda"), 400).contains("exclude each other"));
}

#[test]
fn an_update_tells_its_number_and_nothing_new_makes_no_change() {
    let node = Node::start_in(vocabulary(), &[]);
    let update = insert("prova", &competence("ascolto", "\"Ascolto\"@it"));
    let seq = |response: Response| -> u64 {
        assert_eq!(response.status(), 204);
        let value =
            response.headers()["familylab-seq"].to_str().expect("a plain header").to_owned();
        value.parse().expect("a number")
    };
    let first = seq(node.update(&update));
    assert_eq!(seq(node.update(&update)), first);
    assert_eq!(node.metric("familylab_applied_seq") as u64, first);
    let direct = node.client.post(node.url("/sparql")).bearer_auth(TOKEN);
    let drop = format!("DROP GRAPH <{}>", graph("prova"));
    let direct = direct.header("Content-Type", "application/sparql-update").body(drop);
    assert_eq!(seq(direct.send().expect("an answer")), first + 1);
}

/// Sends an update and hangs up after a while, whether or not it has been answered.
fn hang_up(node: &Node, update: &str, after: Duration) {
    let host = node.address.strip_prefix("http://").expect("an address");
    let mut connection = TcpStream::connect(host).expect("a connection");
    let head = format!(
        "POST /sparql HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/sparql-update\r\nContent-Length: {}\r\n\r\n",
        update.len()
    );
    connection.write_all(head.as_bytes()).expect("the head is sent");
    connection.write_all(update.as_bytes()).expect("the update is sent");
    std::thread::sleep(after);
}

/// Writes as many records to two graphs, one from the other.
fn twofold(name: &str, records: u64) -> String {
    let data: String = (0..records).map(|n| format!("<urn:r{n}> <urn:p> {n} . ")).collect();
    format!(
        "INSERT DATA {{ GRAPH <{name}> {{ {data} }} }} ; \
         INSERT {{ GRAPH <{name}-too> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
    )
}

#[test]
fn an_update_whose_client_hangs_up_is_whole_or_not_there() {
    // More than the graph takes in one transaction.
    const RECORDS: u64 = 1500;
    let node = Node::start(&["--bare"]);
    let start = Instant::now();
    assert_eq!(node.update(&twofold("urn:g", RECORDS)).status(), 204);
    let whole = start.elapsed();
    let names: Vec<String> = (0..=14).map(|tenths| format!("urn:g{tenths}")).collect();
    for (tenths, name) in (0..).zip(&names) {
        hang_up(&node, &twofold(name, RECORDS), whole * tenths / 10);
    }
    // A change that comes after all of them: what is to be kept is there then.
    assert_eq!(node.update("INSERT DATA { <urn:last> <urn:p> 1 }").status(), 204);
    for name in names {
        let held = |graph: &str| count(&node, &format!("GRAPH <{graph}> {{ ?s ?p ?o }}"));
        let (first, second) = (held(&name), held(&format!("{name}-too")));
        assert!([0, RECORDS].contains(&first), "{name} holds {first}");
        assert_eq!(first, second, "{name} was done by half");
    }
    Verdict::of(node.stop().1.path()).assert_agrees();
}

#[test]
fn an_update_stops_when_its_client_hangs_up() {
    let node = Node::start_in(vocabulary(), &[]);
    let seq = node.metric("familylab_applied_seq");
    let endless = format!(
        "{} ; INSERT {{ GRAPH <{}> {{ ?a <urn:p> ?g }} }} \
         WHERE {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c = ?f && ?f = ?i && ?a != ?a) }}",
        insert("prova", &actor("prova")),
        graph("prova")
    );
    hang_up(&node, &endless, Duration::from_millis(500));
    let start = Instant::now();
    assert_eq!(
        node.update(&insert("prova", &competence("ascolto", "\"Ascolto\"@it"))).status(),
        204
    );
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(node.metric("familylab_applied_seq"), seq + 1.0);
    assert_eq!(count(&node, &format!("<{BASE}/id/attore/prova> ?p ?o")), 0);
}
