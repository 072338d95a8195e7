//! What people see of several nodes that answer together, and what programs get to complete and to
//! compare: each node is a process of its own.

use crate::peers::{propose, quiet, quiet_elsewhere};
use crate::support::odd::{Odd, answer, write};
use crate::support::{BASE, ELSEWHERE, Node, TOKEN, actor, demo};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
/// An experience of the demonstration.
const KNOWN: &str = "stanze-per-le-famiglie-nel-quartiere-san-paolo-di-bari";
const TITLES: &str = "PREFIX dct: <http://purl.org/dc/terms/>
    PREFIX fl: <https://w3id.org/familylab/ontology#>
    SELECT ?node ?title { GRAPH ?node { ?e a fl:Experience ; dct:title ?title } }";

/// A node that looks at nobody by itself, its index complete.
fn ready() -> Node {
    let node = quiet();
    node.indexed();
    node
}

/// A node with one experience as the demonstration states it, but for its links to what this node
/// does not hold, and but for its IRI.
fn holding_one() -> Node {
    let node = quiet_elsewhere();
    let text = demo().get(&format!("/doc/esperienza/{KNOWN}.nt"), "*/*").text().expect("a text");
    let own = format!("<{BASE}/id/esperienza/{KNOWN}> ");
    let is_kept = |line: &&str| {
        let Some((property, object)) = line.strip_prefix(&own).and_then(|l| l.split_once(' '))
        else {
            return false;
        };
        let kind = object.strip_prefix(&format!("<{BASE}/id/")).and_then(|o| o.split('/').next());
        let is_known =
            kind.is_none_or(|kind| ["territorio", "tema", "destinatario"].contains(&kind));
        (is_known || property.ends_with("#leadActor>")) && !property.ends_with("#evidenceLevel>")
    };
    let data: Vec<&str> = text.lines().filter(is_kept).collect();
    let data = format!("{}\n{}", data.join("\n"), actor("comune-di-bari"));
    let data = data.replace(BASE, ELSEWHERE);
    let put = node.client.put(node.url("/graph/prova")).bearer_auth(TOKEN);
    let put = put.header("Content-Type", "application/n-triples").body(data).send();
    let put = put.expect("an answer");
    assert_eq!(put.status(), 201, "{}", put.text().expect("a text"));
    node.settle();
    node.indexed();
    node
}

#[track_caller]
fn list(node: &Node, name: &str, base: &str, trust: &[&str]) {
    let peer = json!({ "name": name, "base": base, "trust": trust, "private": true });
    let answer = propose(node, &peer);
    assert_eq!(answer.status(), 201, "{}", answer.text().expect("a text"));
}

/// A page, with its status.
fn page(node: &Node, path: &str) -> (u16, String) {
    let answer = node.get(path, BROWSER);
    let kind = answer.headers()["content-type"].to_str().expect("plain").to_owned();
    assert!(kind.starts_with("text/html"), "{path}: {kind}");
    (answer.status().as_u16(), answer.text().expect("a text"))
}

#[track_caller]
fn good(node: &Node, path: &str) -> String {
    let (status, text) = page(node, path);
    assert_eq!(status, 200, "{path}: {text}");
    text
}

fn asking(path: &str, parameters: &[(&str, &str)]) -> String {
    let url = format!("http://x{path}");
    let url = reqwest::Url::parse_with_params(&url, parameters).expect("a URL");
    format!("{path}?{}", url.query().unwrap_or_default())
}

/// What stands between two marks of a page.
#[track_caller]
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let rest = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}")).1;
    rest.split_once(to).expect("an end").0
}

#[test]
fn the_page_of_a_query_shows_the_answer_what_each_node_gave_and_the_plan_as_a_picture() {
    let hub = holding_one();
    list(&hub, "bari", &demo().address, &["query"]);
    let text = good(&hub, &asking("/federazione", &[("query", TITLES)]));
    let answer = between(&text, "id=\"risposta\"", "</section>");
    assert!(answer.contains("San Paolo") && answer.matches("<tr>").count() > 2, "{answer}");
    assert!(answer.contains("action=\"/federation/sparql\""), "the whole answer can be had");
    let report = between(&text, "id=\"resoconto\"", "</section>");
    assert!(report.contains("questo nodo") && report.contains(">bari</a>"), "{report}");
    assert_eq!(report.matches("ha risposto").count(), 2, "{report}");
    let plan = between(&text, "id=\"piano\"", "</section>");
    let boxes = plan.matches("<rect").count();
    // Every step of the picture is a row of the table; the answer has a box of its own.
    let table = between(plan, "<tbody>", "</tbody>");
    assert!(boxes > 1 && boxes == table.matches("<tr>").count() + 1, "{plan}");
    assert!(table.contains("fl:Experience") && table.contains("bari"), "{table}");
    let english = good(&hub, &asking("/en/federazione", &[("query", TITLES)]));
    assert!(english.contains("What each node gave") && english.contains("this node"));
}

#[test]
fn a_plan_can_be_seen_without_asking_anybody() {
    let hub = holding_one();
    let queried = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&queried);
    let odd = Odd::start(move |request, stream| {
        // Its summary may be asked for.
        seen.fetch_or(!request.contains("/federation/summary"), Ordering::SeqCst);
        write(stream, answer("500 Internal Server Error", "", "no"));
    });
    list(&hub, "rotto", &odd.address, &["query"]);
    let parameters = [("query", "SELECT * { ?s ?p ?o }"), ("plan", "true")];
    let text = good(&hub, &asking("/federazione", &parameters));
    assert!(text.contains("<rect") && text.contains("rotto") && !text.contains("id=\"risposta\""));
    assert!(!queried.load(Ordering::SeqCst));
}

#[test]
fn a_page_says_which_node_is_missing_and_leads_to_what_there_is_without_it() {
    let hub = holding_one();
    let odd = Odd::says(answer("500 Internal Server Error", "", "no"));
    list(&hub, "rotto", &odd.address, &["query"]);
    let text = good(&hub, &asking("/federazione", &[("query", TITLES)]));
    let report = between(&text, "id=\"resoconto\"", "</section>");
    assert!(report.contains("non ha risposto") && report.contains("500"), "{report}");
    assert!(text.contains("senza risposta: rotto"), "the picture tells it too");
    let count = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/familylab/ontology#Experience> }";
    let (status, text) = page(&hub, &asking("/federazione", &[("query", count)]));
    assert_eq!(status, 502);
    let problem = between(&text, "id=\"problema\"", "</section>");
    assert!(problem.contains("partial=allow") && problem.contains("Riprova"), "{problem}");
    assert!(text.contains("id=\"resoconto\""), "what became of each is told all the same");
    let partial = [("query", count), ("partial", "allow")];
    let text = good(&hub, &asking("/federazione", &partial));
    assert!(text.contains("id=\"risposta\"") && text.contains("checked"));
    let (status, text) = page(&hub, &asking("/federazione", &[("query", "SELEC")]));
    assert_eq!(status, 400);
    assert!(text.contains("Riga 1, colonna 1"), "{text}");
}

#[test]
fn what_goes_by_other_names_elsewhere_is_found_by_them_where_that_is_wanted() {
    let hub = quiet_elsewhere();
    list(&hub, "bari", &demo().address, &["query"]);
    let (here, there) =
        (format!("{ELSEWHERE}/id/tema/nidi"), format!("{BASE}/id/attore/comune-di-bari"));
    let link = format!(
        "INSERT DATA {{ GRAPH <{ELSEWHERE}/graph/prova> {{ <{here}> \
         <http://www.w3.org/2002/07/owl#sameAs> <{there}> }} }}"
    );
    let form = [("update", link.as_str())];
    let done = hub.client.post(hub.url("/sparql")).bearer_auth(TOKEN).form(&form).send();
    assert_eq!(done.expect("an answer").status(), 204);
    hub.settle();
    let query =
        format!("SELECT ?e {{ ?e <https://w3id.org/familylab/ontology#leadActor> <{here}> }}");
    let ask = |more: &str| {
        let address = asking("/federation/sparql", &[("query", &query), ("explain", "true")]);
        hub.get(&format!("{address}{more}"), "application/json")
    };
    let rows = |told: &Value| -> u64 {
        let sources = told["sources"].as_array().expect("a list");
        sources.iter().filter_map(|source| source["rows"].as_u64()).sum()
    };
    let plain: Value = ask("").json().expect("JSON");
    assert_eq!((rows(&plain), &plain["plan"]["identity"]), (0, &Value::Null));
    let told: Value = ask("&identity=follow").json().expect("JSON");
    assert!(rows(&told) > 0, "{told}");
    let other = &told["plan"]["identity"][&here][0];
    assert_eq!(other["iri"], there);
    assert_eq!(other["by"], format!("owl:sameAs in {ELSEWHERE}/graph/prova"));
    assert_eq!(ask("&identity=yes").status(), 400);
    let page = good(&hub, &asking("/federazione", &[("query", &query), ("identity", "follow")]));
    assert!(between(&page, "id=\"risposta\"", "</section>").contains(BASE), "{page}");
    assert!(between(&page, "id=\"identity\"", ">").contains("checked"), "{page}");
}

#[test]
fn browsers_are_led_from_the_endpoint_to_the_page_and_programs_are_not() {
    let hub = ready();
    let address = asking("/federation/sparql", &[("query", "ASK {}")]);
    let to_page = hub.get(&address, BROWSER);
    assert_eq!(to_page.status(), 303);
    let place = to_page.headers()["location"].to_str().expect("plain");
    assert!(place.starts_with("/federazione?query=ASK"), "{place}");
    assert!(to_page.headers()["vary"].to_str().expect("plain").contains("Accept"));
    let english = hub.get(&format!("/en{address}"), BROWSER);
    let place = english.headers()["location"].to_str().expect("plain");
    assert!(place.starts_with("/en/federazione?query=ASK"), "{place}");
    for accept in ["*/*", "application/sparql-results+json"] {
        assert_eq!(hub.get(&address, accept).status(), 200, "{accept}");
    }
}

#[test]
fn without_other_nodes_pages_say_how_one_is_listed_and_nothing_leads_to_them_in_vain() {
    let hub = ready();
    for path in ["/federazione", "/en/federazione", "/cerca-ovunque?q=nido", "/en/cerca-ovunque"] {
        assert!(good(&hub, path).contains("familylab peer add"), "{path}");
    }
    let leads = |path: &str, to: &str| {
        let text = good(&hub, path);
        between(&text, "<main", "</main>").contains(&format!("href=\"{to}"))
    };
    let ways = [
        ("/search?q=nido", "/cerca-ovunque"),
        ("/sparql", "/federazione"),
        ("/stato", "/federazione"),
        ("/stato", "/cerca-ovunque"),
    ];
    for (path, to) in ways {
        assert!(!leads(path, to), "{path} to {to}");
    }
    let tag = |path: &str| hub.get(path, BROWSER).headers()["etag"].clone();
    let before = tag("/search?q=nido");
    list(&hub, "bari", &demo().address, &["query", "search"]);
    for (path, to) in ways {
        assert!(leads(path, to), "{path} to {to}");
    }
    assert_ne!(tag("/search?q=nido"), before, "who kept the page is given the new one");
}

#[test]
fn the_page_of_a_search_shows_results_of_all_nodes_and_names_who_is_missing() {
    let hub = holding_one();
    let odd = Odd::says(answer("500 Internal Server Error", "", "no"));
    list(&hub, "bari", &demo().address, &["search"]);
    list(&hub, "rotto", &odd.address, &["search"]);
    let text = good(&hub, "/cerca-ovunque?q=famiglie");
    let found = between(&text, "id=\"trovati\"", "</main>");
    assert!(found.contains("Nodo: questo nodo, bari"), "what both share is told once: {found}");
    assert!(found.contains("mancano i risultati di rotto"), "{found}");
    let next = found.split("rel=\"next\"").next().and_then(|text| text.rsplit("href=\"").next());
    let next = next.expect("a way on").split('"').next().expect("an address").replace("&amp;", "&");
    let next = next.replace("&#38;", "&");
    assert!(next.contains("offset=20"), "{next}");
    let second = good(&hub, &next);
    assert!(second.contains("start=\"21\"") && second.contains("rel=\"prev\""), "{next}");
    let facet = good(&hub, "/cerca-ovunque?q=famiglie&kind=esperienza");
    assert!(facet.contains("Nodo: bari"), "{facet}");
    let chips = between(&facet, "class=\"chips\"", "</ul>");
    assert_eq!(chips.matches("<li>").count(), 1, "{chips}");
    let english = good(&hub, "/en/cerca-ovunque?q=famiglie");
    assert!(english.contains("results of rotto are missing"));
    let asked = odd.asked();
    good(&hub, "/cerca-ovunque");
    assert_eq!(odd.asked(), asked, "who only opens the page asks nobody");
}

#[test]
fn completions_of_all_nodes_come_at_once_and_name_who_was_late() {
    let hub = ready();
    let late = Odd::hangs_after("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
    list(&hub, "bari", &demo().address, &["search"]);
    let address = "/federation/suggest?q=stanze+per&lang=it&limit=5";
    let answer = hub.get(address, "application/json");
    let told: Value = answer.json().expect("JSON");
    let offered = told["suggestions"].as_array().expect("a list");
    assert!(!offered.is_empty() && offered.len() <= 5, "only the other node knows it: {told}");
    assert_eq!(offered[0]["nodes"], json!([demo().address]));
    let shared = hub.get("/federation/suggest?q=affido&lang=it", "application/json");
    let shared: Value = shared.json().expect("JSON");
    let both = shared["suggestions"][0]["nodes"].as_array().expect("a list");
    assert_eq!(both.len(), 2, "both have the vocabulary: {shared}");
    list(&hub, "lento", &late.address, &["search"]);
    let answer = hub.get(address, "application/json");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let report = answer.headers()["federation-report"].to_str().expect("plain").to_owned();
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let node = report["sources"].as_array().expect("a list").iter();
    let node = node.filter(|source| source["node"] == late.address).collect::<Vec<_>>();
    assert!(node[0]["failed"].as_str().is_some_and(|why| why.contains("150")), "{report}");
    assert_eq!(report["complete"], false);
    assert_eq!(hub.get("/federation/suggest?q=a&limit=99", "*/*").status(), 400);
}

#[test]
fn what_is_like_an_experience_on_other_nodes_comes_with_its_reasons() {
    let hub = holding_one();
    list(&hub, "bari", &demo().address, &["search"]);
    let known = format!("/esperienze/{KNOWN}");
    let text = good(&hub, &known);
    assert!(text.contains("/federation/related?iri="), "its page leads there");
    let iri = between(&text, "<code>", "</code>").to_owned();
    let address = asking("/federation/related", &[("iri", &iri), ("limit", "4")]);
    let told: Value = hub.get(&address, "application/json").json().expect("JSON");
    let related = told["related"].as_array().expect("a list");
    assert_eq!((related.len(), &told["complete"]), (4, &json!(true)), "{told}");
    for like in related {
        assert_ne!(like["iri"], iri, "it is not like itself");
        assert_eq!(like["nodes"], json!([demo().address]));
        let reasons = like["reasons"].as_array().expect("a list");
        assert!(!reasons.is_empty(), "{like}");
        assert!(reasons.iter().all(|reason| reason["signal"] != "need"), "{like}");
    }
    let scores: Vec<f64> = related.iter().filter_map(|like| like["score"].as_f64()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    let page = good(&hub, &address);
    assert!(page.contains("Nodo: bari") && page.contains("class=\"reasons\""), "{page}");
    let other = asking("/federation/related", &[("iri", &format!("{iri}-mai-vista"))]);
    assert_eq!(hub.get(&other, "application/json").status(), 404);
    let place = iri.split("/id/").next().map(|base| format!("{base}/id/territorio/bari"));
    let place = asking("/federation/related", &[("iri", &place.expect("a base"))]);
    assert_eq!(hub.get(&place, "application/json").status(), 400);
    assert_eq!(hub.get("/federation/related", "application/json").status(), 400);
}
