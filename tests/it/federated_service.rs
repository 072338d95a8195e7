//! `SERVICE <peer>` over HTTP: peers by their names and by the addresses of their endpoints, what
//! SILENT passes over, and who is never called.

use crate::federated_http::{OWN, REGION, TOWN, ask, list, of, report, rows, store};
use serde_json::Value;

#[test]
fn a_peer_is_called_by_its_name_and_by_the_address_of_its_endpoint() {
    let (hub, town) = (store(REGION), store(TOWN));
    list(&hub, "town", "familylab", &town.address);
    let own = [("default-graph-uri", OWN)];
    // The hub alone does not know what the town is called.
    assert!(rows(ask(&hub, "SELECT ?n { :bari :name ?n }", &own)).is_empty());
    for name in [town.address.clone(), format!("{}/", town.address), town.url("/sparql")] {
        let query =
            format!("SELECT ?t ?n {{ :e1 :title ?t SERVICE <{name}> {{ :bari :name ?n }} }}");
        assert_eq!(rows(ask(&hub, &query, &own)), ["Nido,Bari"], "{name}");
        let query = format!(
            "SELECT ?t ?c {{ :e1 :title ?t VALUES ?node {{ <{name}> }}
             SERVICE ?node {{ SELECT (COUNT(*) AS ?c) {{ ?e :title ?u }} }} }}"
        );
        assert_eq!(rows(ask(&hub, &query, &own)), ["Nido,1"], "{name}");
    }
    let itself = format!("SELECT ?n {{ SERVICE <{OWN}/sparql> {{ :puglia :name ?n }} }}");
    assert_eq!(rows(ask(&hub, &itself, &[])), ["Puglia"]);
}

#[test]
fn a_peer_that_does_not_answer_is_missed_unless_the_query_says_silent() {
    let (hub, town) = (store(REGION), store(TOWN));
    list(&hub, "town", "familylab", &town.address);
    let address = town.address.clone();
    drop(town.kill());
    let query = format!("SELECT ?t ?n {{ :e1 :title ?t SERVICE <{address}> {{ ?p :name ?n }} }}");
    let missed = ask(&hub, &query, &[]);
    assert_eq!(missed.status(), 502);
    let problem: Value = missed.json().expect("JSON");
    let detail = problem["detail"].as_str().expect("a text");
    assert!(detail.contains(&address) && detail.contains("SILENT"), "{detail}");
    let answer = ask(&hub, &query.replace("SERVICE", "SERVICE SILENT"), &[]);
    let link = answer.headers()["link"].to_str().expect("text").to_owned();
    assert_eq!(rows(answer), ["Nido,"]);
    let told = report(&hub, &link);
    assert_eq!(told["complete"], false);
    assert!(of(&told, &address)["failed"].is_string(), "{told}");
    let unlisted =
        "SELECT * { VALUES ?x { <http://192.0.2.1/sparql> } SERVICE SILENT ?x { ?s ?p ?o } }";
    let answer = ask(&hub, unlisted, &[]);
    let link = answer.headers()["link"].to_str().expect("text").to_owned();
    assert_eq!(rows(answer).len(), 1);
    assert_eq!(report(&hub, &link)["unlisted"][0], "<http://192.0.2.1/sparql>");
}

#[test]
fn whoever_is_not_on_the_list_is_refused_with_what_to_do() {
    let hub = store(REGION);
    for service in ["SERVICE", "SERVICE SILENT"] {
        for query in [
            format!("SELECT * {{ {service} <http://192.0.2.1/sparql> {{ ?s ?p ?o }} }}"),
            format!("SELECT * {{ ?s ?p ?o OPTIONAL {{ {service} <urn:x> {{ ?s ?q ?r }} }} }}"),
        ] {
            let refused = ask(&hub, &query, &[]);
            assert_eq!(refused.status(), 400, "{query}");
            let text = refused.text().expect("a text");
            assert!(text.contains("familylab peer add"), "{text}");
        }
    }
    let values = "SELECT * { VALUES ?x { <urn:x> } SERVICE ?x { ?s ?p ?o } }";
    let refused = ask(&hub, values, &[]);
    assert_eq!(refused.status(), 400);
    assert!(refused.text().expect("a text").contains("urn:x"));
    // The endpoint of the node's own graphs says where others can be called.
    let form = [("query", "SELECT * { SERVICE <urn:x> { ?s ?p ?o } }")];
    let own = hub.client.post(hub.url("/sparql")).form(&form).send().expect("an answer");
    assert_eq!(own.status(), 400);
    assert!(own.text().expect("a text").contains("/federation/sparql"));
}
