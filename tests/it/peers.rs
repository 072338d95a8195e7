//! The list of peers: by command and over HTTP, beside a running node; what cannot be a peer; what
//! everybody may see of it.

use crate::support::{ELSEWHERE, Node, TOKEN, demo, elsewhere, run, vocabulary};
use reqwest::blocking::{RequestBuilder, Response};
use serde_json::{Value, json};

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
/// The first public key of RFC 8032, section 7.1.
const KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

/// Settings of a node that looks at nobody by itself.
const QUIET: [(&str, &str); 2] = [("FAMILYLAB_PEER_PAUSE", "0"), ("FAMILYLAB_HARVEST_PAUSE", "0")];

/// The peers that a node tells of.
#[track_caller]
pub fn listed(node: &Node) -> Vec<Value> {
    let answer = node.get("/federation/peers", "application/json");
    assert_eq!(answer.status(), 200);
    let told: Value = answer.json().expect("JSON");
    told["peers"].as_array().expect("a list").clone()
}

/// One peer of a node, looked at now.
#[track_caller]
pub fn checked(node: &Node, name: &str) -> Value {
    let path = format!("/federation/peers/{name}/check");
    let answer = node.client.post(node.url(&path)).bearer_auth(TOKEN).send().expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.json().expect("JSON")
}

/// Proposes a peer over HTTP.
pub fn propose(node: &Node, peer: &Value) -> Response {
    let request = node.client.post(node.url("/federation/peers")).bearer_auth(TOKEN);
    request.json(peer).send().expect("an answer")
}

/// A node that looks at nobody by itself.
pub fn quiet() -> Node {
    Node::start_with(vocabulary(), &[], &QUIET)
}

/// The same whose identifiers begin as those of [`ELSEWHERE`] do.
pub fn quiet_elsewhere() -> Node {
    let settings: Vec<_> = QUIET.into_iter().chain([("FAMILYLAB_BASE_URL", ELSEWHERE)]).collect();
    Node::start_with(elsewhere(), &[], &settings)
}

#[test]
fn a_peer_listed_by_command_is_one_of_the_running_node_at_once() {
    let (node, peer) = (quiet(), demo());
    assert!(listed(&node).is_empty());
    let data = node.data.path();
    assert!(run(data, &["peer", "list"]).accepted().out.contains("no peers"));
    let add = ["peer", "add", "bari", &peer.address, "--private", "--trust", "query,harvest"];
    let said = run(data, &add).accepted();
    assert!(said.out.contains("bari answered in"), "{}", said.said());
    assert!(!said.err.contains("warning"), "{}", said.err);
    let told = &listed(&node)[0];
    assert_eq!((&told["name"], &told["base"]), (&json!("bari"), &json!(peer.address)));
    assert_eq!(
        (&told["kind"], &told["trust"]),
        (&json!("familylab"), &json!(["query", "harvest"]))
    );
    assert_eq!((&told["health"]["reachable"], &told["pinned"]), (&json!(true), &json!(false)));
    let list = run(data, &["peer", "list"]).accepted().out;
    assert!(list.contains("bari") && list.contains(&peer.address), "{list}");
    let list = run(data, &["peer", "list", "--json"]).accepted().out;
    assert_eq!(&serde_json::from_str::<Value>(&list).expect("JSON")[0], told);
    for check in [vec!["peer", "check"], vec!["peer", "check", "bari"]] {
        assert!(run(data, &check).accepted().out.contains("bari answered in"));
    }
    assert!(run(data, &["peer", "check", "roma"]).refused().err.contains("roma"));
    run(data, &["peer", "remove", "bari"]).accepted();
    assert!(listed(&node).is_empty());
    assert!(run(data, &["peer", "remove", "bari"]).refused().err.contains("bari"));
}

#[test]
fn peers_can_be_listed_before_a_node_ever_ran() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let add = ["peer", "add", "nessuno", "http://127.0.0.1:9", "--private", "--kind", "sparql"];
    let said = run(folder.path(), &add).accepted();
    assert!(said.out.contains("nessuno is not well (unreachable)"), "{}", said.said());
    assert_eq!(run(folder.path(), &["peer", "check"]).status.code(), Some(1));
    let node = Node::start_with(folder, &[], &[("FAMILYLAB_PEER_PAUSE", "0")]);
    assert_eq!(listed(&node)[0]["health"]["problem"]["kind"], "unreachable");
}

#[test]
fn what_cannot_be_a_peer_is_refused_by_command_with_what_to_do() {
    let folder = vocabulary();
    let refused = |arguments: &[&str]| {
        run(folder.path(), &[&["peer", "add"], arguments].concat()).refused().err
    };
    for (arguments, word) in [
        (vec!["bari", "https://a.example", "--kind", "gopher"], "oai-pmh"),
        (vec!["bari", "https://a.example", "--trust", "love"], "harvest"),
        (
            vec!["bari", "https://a.example", "--kind", "ldes", "--trust", "search"],
            "it offers harvest",
        ),
        (vec!["bari", "https://a.example", "--key", "abc"], "Ed25519"),
        (vec!["Comune di Bari", "https://a.example"], "lower-case"),
        (vec!["bari", "a.example"], "not an http"),
        (vec!["bari", "https://chi:segreto@a.example"], "user"),
        (vec!["bari", "http://localhost:7070"], "this node itself"),
        (
            vec!["bari", "http://localhost:7070/sparql", "--kind", "sparql", "--private"],
            "this node",
        ),
        (vec!["bari", "http://localhost:7071"], "private"),
        (vec!["bari", "http://192.168.1.1"], "private"),
        (vec!["bari", "http://169.254.169.254", "--private"], "whoever allows it"),
    ] {
        let said = refused(&arguments);
        assert!(said.contains(word), "{arguments:?}: {said}");
    }
    assert!(run(folder.path(), &["peer", "list"]).accepted().out.contains("no peers"));
}

#[test]
fn a_peer_whose_words_can_be_changed_on_the_way_is_listed_with_a_warning() {
    let node = quiet();
    // Nobody is asked: the look comes later.
    let answer = propose(&node, &json!({ "name": "lontano", "base": "http://lontano.invalid" }));
    assert_eq!(answer.status(), 201);
    let told: Value = answer.json().expect("JSON");
    assert!(told["warning"].as_str().expect("a warning").contains("https"), "{told}");
    assert_eq!((&told["health"], &told["checked"]), (&Value::Null, &Value::Null));
    let answer = propose(&node, &json!({ "name": "sicuro", "base": "https://sicuro.invalid" }));
    assert!(answer.json::<Value>().expect("JSON")["warning"].is_null());
}

#[test]
fn administrators_keep_the_list_over_http_and_everybody_reads_it() {
    let (node, address) = (quiet(), &demo().address);
    let peer = json!({ "name": "bari", "base": address, "key": KEY, "private": true });
    let send = |token: Option<&str>| {
        let request = node.client.post(node.url("/federation/peers")).json(&peer);
        let request = token.iter().fold(request, RequestBuilder::bearer_auth);
        request.send().expect("an answer").status()
    };
    assert_eq!((send(None).as_u16(), send(Some("sbagliato")).as_u16()), (401, 403));
    let answer = propose(&node, &peer);
    assert_eq!(answer.status(), 201);
    let place = answer.headers()["location"].to_str().expect("plain").to_owned();
    assert!(place.ends_with("/federation/peers/bari"), "{place}");
    for (peer, status) in [
        (json!({ "name": "bari", "base": "https://a.example" }), 409),
        (json!({ "name": "altro", "base": address, "private": true }), 409),
        (json!({ "name": "altro", "base": "https://a.example", "trst": [] }), 400),
        (json!({ "name": "altro" }), 400),
        (json!([]), 400),
        (json!({ "name": "altro", "base": "http://10.0.0.1" }), 400),
        (json!({ "name": "altro", "base": "https://a.example", "kind": "x".repeat(70_000) }), 413),
    ] {
        let answer = propose(&node, &peer);
        let told: Value = if answer.status() == status { Value::Null } else { peer };
        assert_eq!((answer.status().as_u16(), told), (status, Value::Null));
        let problem: Value = answer.json().expect("problem details");
        assert!(!problem["detail"].as_str().expect("a sentence").is_empty());
    }
    let form = node.client.post(node.url("/federation/peers")).bearer_auth(TOKEN);
    assert_eq!(form.form(&[("name", "altro")]).send().expect("an answer").status(), 415);

    let one = node.get("/federation/peers/bari", "*/*").text().expect("a text");
    let whole = node.get("/federation/peers", "*/*");
    let etag = whole.headers()["etag"].to_str().expect("plain").to_owned();
    let whole = whole.text().expect("a text");
    assert!(whole.contains(&one), "{whole}");
    for text in [&one, &whole] {
        let key = familylab::federation::Key::to_string(&KEY.parse().expect("a key"));
        assert!(text.contains("\"pinned\":true") && !text.contains(&key), "{text}");
        assert!(!text.contains(TOKEN) && !text.contains(KEY), "{text}");
    }
    let again = |etag: &str| {
        let request = node.client.get(node.url("/federation/peers")).header("If-None-Match", etag);
        request.send().expect("an answer").status().as_u16()
    };
    assert_eq!((again(&etag), again("\"altro\"")), (304, 200));
    let head = node.client.head(node.url("/federation/peers")).send().expect("an answer");
    assert_eq!((head.status().as_u16(), head.headers()["etag"].to_str().ok()), (200, Some(&*etag)));

    // It signs, but not with the key that is pinned.
    assert_eq!(checked(&node, "bari")["health"]["problem"]["kind"], "signature");
    assert_eq!(again(&etag), 200, "what is told has changed");
    let ask = |method: &str, path: &str, token: &str| {
        let method = method.parse().expect("a method");
        let request = node.client.request(method, node.url(path)).bearer_auth(token);
        request.send().expect("an answer")
    };
    let check = "/federation/peers/bari/check";
    assert_eq!(ask("POST", check, "sbagliato").status(), 403);
    assert_eq!(ask("DELETE", "/federation/peers/bari", "sbagliato").status(), 403);
    for (path, allowed) in [
        ("/federation/peers", "GET, HEAD, POST"),
        ("/federation/peers/bari", "GET, HEAD, DELETE"),
        (check, "POST"),
    ] {
        let answer = ask("PUT", path, TOKEN);
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["allow"]),
            (405, &allowed.parse().unwrap())
        );
    }
    assert_eq!(ask("DELETE", "/federation/peers/bari", TOKEN).status(), 204);
    assert!(listed(&node).is_empty());
    for (method, path) in
        [("GET", "/federation/peers/bari"), ("DELETE", "/federation/peers/bari"), ("POST", check)]
    {
        assert_eq!(ask(method, path, TOKEN).status(), 404, "{method} {path}");
    }
}

#[test]
fn a_page_tells_how_the_node_and_its_peers_are() {
    let node = quiet();
    let page = |path: &str| {
        let answer = node.get(path, HTML);
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().expect("a text")
    };
    for (path, none, part) in [
        ("/stato", "non ha ancora altri nodi", "Indice di ricerca"),
        ("/en/stato", "no other nodes to turn to yet", "Search index"),
    ] {
        let text = page(path);
        assert!(text.contains(none) && text.contains(part), "{text}");
        assert_eq!(text.matches("<h1").count(), 1);
        assert!(text.contains("<code>familylab peer add</code>"), "{text}");
    }
    for (path, link) in [("/", "href=\"/stato\""), ("/en/mappa-sito", "href=\"/en/stato\"")] {
        assert!(page(path).contains(link), "{path}");
    }
    let data = node.data.path();
    run(data, &["peer", "add", "bari", &demo().address, "--private"]).accepted();
    let gone = ["peer", "add", "nessuno", "http://127.0.0.1:9/x", "--kind", "ldes", "--private"];
    run(data, &gone).accepted();
    propose(&node, &json!({ "name": "nuovo", "base": "https://nuovo.invalid", "trust": [] }));
    let text = page("/stato");
    let wanted = [
        "1 su 3 rispondono.",
        "nodo FamilyLab",
        "interrogazioni, ricerche, raccolta delle schede",
        "risponde, in",
        "non è raggiungibile",
        "flusso di modifiche (LDES)",
        "non ancora controllato",
        "nulla, per ora",
        "href=\"http://127.0.0.1:9/x\"",
    ];
    for wanted in wanted {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
    let english = page("/en/stato");
    assert!(
        english.contains("1 of 3 answer.") && english.contains("cannot be reached"),
        "{english}"
    );
}
