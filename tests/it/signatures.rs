//! Signed answers: what is signed, by which key, how a peer with a pinned key is looked at, and what
//! becomes of answers that were changed on the way.

use crate::peers::{checked, propose, quiet};
use crate::support::odd::{Odd, write};
use crate::support::{Node, TOKEN, demo, run};
use familylab::signing::{Exchange, PublicKey, SignatureError, verify};
use jiff::Timestamp;
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The public keys that a node publishes, each with its name.
fn published(node: &Node) -> Vec<(String, PublicKey)> {
    let answer = node.get("/.well-known/familylab-keys", "*/*");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/jwk-set+json");
    let set: Value = answer.json().expect("JSON");
    let keys = set["keys"].as_array().expect("a list").iter().map(|key| {
        assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")));
        let x: familylab::federation::Key =
            key["x"].as_str().expect("a key").parse().expect("a key");
        (key["kid"].as_str().expect("a name").to_owned(), *x.bytes())
    });
    keys.collect()
}

/// The key as the command prints it.
pub fn printed(data: &Path) -> String {
    run(data, &["key", "show"]).accepted().out.lines().next().expect("a line").to_owned()
}

/// Whether an answer to a GET holds by a key.
fn holds(key: &PublicKey, path: &str, answer: Response) -> Result<(), SignatureError> {
    let (headers, status) = (answer.headers().clone(), answer.status().as_u16());
    let body = answer.bytes().expect("a body");
    let (path, query) = path.split_once('?').map_or((path, None), |(path, q)| (path, Some(q)));
    let exchange = Exchange { method: "GET", path, query, status, headers: &headers };
    verify(key, exchange, &body, Timestamp::now().as_second())
}

/// A client that unpacks nothing.
fn raw() -> Client {
    Client::builder().no_gzip().build().expect("a client")
}

#[test]
fn what_peers_take_over_is_signed_as_it_is_sent_by_the_key_that_is_published() {
    let node = demo();
    node.published();
    let client = raw();
    let keys = published(node);
    assert_eq!(keys.len(), 1);
    let ask = |path: &str, coding: &str| {
        let request = client.get(node.url(path)).header("Accept-Encoding", coding);
        request.send().expect("an answer")
    };
    for path in ["/ldes", "/ldes?format=nq", "/ldes/page/1", "/ldes/kind/rete", "/.well-known/void"]
    {
        for coding in ["identity", "gzip", "br"] {
            let start = Instant::now();
            let mut answer = ask(path, coding);
            while answer.status() == 503 && start.elapsed() < Duration::from_secs(60) {
                sleep(Duration::from_millis(50));
                answer = ask(path, coding);
            }
            assert_eq!(answer.status(), 200, "{path}");
            assert_eq!(holds(&keys[0].1, path, answer), Ok(()), "{path} {coding}");
        }
    }
    let other = holds(&keys[0].1, "/ldes/page/2", ask("/ldes/page/1", "identity"));
    assert_eq!(other, Err(SignatureError::Head));
    let etag = ask("/ldes/page/1", "identity").headers()["etag"].clone();
    let had = client.get(node.url("/ldes/page/1")).header("If-None-Match", etag).send();
    let head = client.head(node.url("/ldes/page/1")).send();
    for (answer, status) in
        [(had, 304), (head, 200), (Ok(ask("/ldes/page/999999", "identity")), 404)]
    {
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), status);
        assert!(!answer.headers().contains_key("signature"), "{status}");
    }
    assert!(!ask("/", "identity").headers().contains_key("signature"));
}

#[test]
fn the_set_of_keys_is_asked_for_again_only_where_it_changed() {
    let node = demo();
    let path = "/.well-known/familylab-keys";
    let etag = node.get(path, "*/*").headers()["etag"].clone();
    let again = node.client.get(node.url(path)).header("If-None-Match", etag).send();
    assert_eq!(again.expect("an answer").status(), 304);
    let head = node.client.head(node.url(path)).send().expect("an answer");
    assert_eq!(head.status(), 200);
    assert!(node.get("/openapi.json", "*/*").text().expect("a text").contains(path));
}

#[test]
fn a_key_is_made_once_kept_for_the_node_alone_and_replaced_by_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path();
    assert!(run(data, &["key", "show"]).refused().err.contains("familylab key new"));
    let made = run(data, &["key", "new"]).accepted().out;
    let first = printed(data);
    assert!(made.starts_with(&first), "{made}");
    assert_eq!(run(data, &["key"]).accepted().out, made);
    assert!(run(data, &["key", "new"]).refused().err.contains("rotate"));
    let file = data.join("keys/signing.pem");
    let mode = file.metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let rotated = run(data, &["key", "rotate"]).accepted();
    assert!(rotated.out.contains(&format!("retired: {first}")), "{}", rotated.out);
    assert!(!rotated.out.starts_with(&first));
    let secret = std::fs::read_to_string(&file).expect("a text");
    let digits = secret.lines().nth(1).expect("a line");
    assert!(!rotated.said().contains(&digits[24..40]));
    let peer = ["peer", "add", "x", "https://a.invalid", "--key", &printed(data)];
    assert!(run(data, &peer).accepted().out.contains("x is on the list"));
}

#[test]
fn a_peer_with_a_pinned_key_is_well_only_as_long_as_it_signs_with_that_key() {
    let (node, peer) = (quiet(), quiet());
    let old = printed(peer.data.path());
    let add = |name: &str, base: &str, key: &str| {
        let peer = json!({ "name": name, "base": base, "key": key, "private": true });
        let answer = propose(&node, &peer);
        assert_eq!(answer.status(), 201, "{:?}", answer.text());
        checked(&node, name)
    };
    let told = add("nodo", &peer.address, &old);
    assert_eq!(
        (&told["pinned"], &told["health"]["reachable"]),
        (&json!(true), &json!(true)),
        "{told}"
    );
    let remove = node.client.delete(node.url("/federation/peers/nodo")).bearer_auth(TOKEN);
    assert_eq!(remove.send().expect("an answer").status(), 204);
    let stream = json!({ "name": "flusso", "base": peer.url("/ldes"), "kind": "ldes", "key": old,
        "private": true });
    assert_eq!(propose(&node, &stream).status(), 201);
    assert_eq!(checked(&node, "flusso")["health"]["reachable"], true);
    let told = add("nodo", &peer.address, &old);
    assert_eq!(told["health"]["reachable"], true, "{told}");
    // A new key: what was signed with the old one stays verifiable, the peer has to be listed anew.
    run(peer.data.path(), &["key", "rotate"]).accepted();
    let (start, name) = (Instant::now(), published(&peer)[0].0.clone());
    while published(&peer)[0].0 == name {
        assert!(start.elapsed() < Duration::from_secs(60), "the new key is not published");
        sleep(Duration::from_millis(100));
    }
    let keys = published(&peer);
    assert_eq!((keys.len(), &keys[1].0), (2, &name));
    for listed in ["nodo", "flusso"] {
        let problem = &checked(&node, listed)["health"]["problem"];
        assert_eq!(problem["kind"], "signature");
        let detail = problem["detail"].as_str().expect("words");
        assert!(detail.contains(&keys[0].0) && detail.contains("--key"), "{detail}");
    }
    let page = |path| node.get(path, "text/html").text().expect("a page");
    assert!(page("/stato").contains("la firma non vale"));
    assert!(page("/en/stato").contains("its signature does not hold"));
}

/// A server in front of a node that hands everything on, with `change` made to the answer of /ldes.
fn between(node: &Node, asks: &'static str, change: fn(&mut String, &mut Vec<u8>)) -> Odd {
    let address = node.address.clone();
    Odd::start(move |request, stream| {
        let path = request.split(' ').nth(1).expect("a path");
        let path = if path == "/ldes" { asks } else { path };
        let header = |name: &str| {
            let lines = request.lines().filter_map(|line| line.split_once(": "));
            lines
                .filter(|(other, _)| other.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
                .next()
        };
        let ask = raw().get(format!("{address}{path}"));
        let ask = ask.header("Accept", header("accept").unwrap_or("*/*"));
        let ask = ask.header("Accept-Encoding", header("accept-encoding").unwrap_or("identity"));
        let answer = ask.send().expect("an answer");
        let mut head = String::new();
        for (name, value) in answer.headers() {
            if !["content-length", "connection", "transfer-encoding"].contains(&name.as_str()) {
                head += &format!("{name}: {}\r\n", value.to_str().expect("ASCII"));
            }
        }
        let status = answer.status();
        let mut body = answer.bytes().expect("a body").to_vec();
        if request.starts_with("GET /ldes ") {
            change(&mut head, &mut body);
        }
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\n{head}Connection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        write(stream, [head.into_bytes(), body].concat());
    })
}

/// What becomes of an answer on the way: of its head and its body.
type Change = fn(&mut String, &mut Vec<u8>);

#[test]
fn what_was_changed_on_the_way_is_not_taken() {
    let (node, peer) = (quiet(), quiet());
    let key = printed(peer.data.path());
    let look = |name: &str, server: &Odd| {
        let peer = json!({ "name": name, "base": server.address, "key": key, "private": true });
        assert_eq!(propose(&node, &peer).status(), 201);
        checked(&node, name)["health"].clone()
    };
    let plain = look("intatto", &between(&peer, "/ldes", |_, _| {}));
    assert_eq!(plain["reachable"], true, "{plain}");
    let changed: [(&str, &str, Change); 6] = [
        ("corpo", "/ldes", |_, body| body.extend(b"# in coda\n")),
        ("altro", "/ldes/kind/rete", |_, _| {}),
        ("domanda", "/ldes?min-seq=1", |_, _| {}),
        ("testa", "/ldes", |head, _| *head = head.replace("content-type: ", "content-type:  x")),
        ("senza", "/ldes", |head, _| *head = head.replace("signature: ", "x-signature: ")),
        ("chiave", "/ldes", |head, _| *head = head.replace("keyid=\"", "keyid=\"x")),
    ];
    for (name, asks, change) in changed {
        let health = look(name, &between(&peer, asks, change));
        assert_eq!(health["reachable"], false, "{name}: {health}");
        let kind = health["problem"]["kind"].as_str().expect("a kind");
        let wanted = if name == "testa" { "unexpected" } else { "signature" };
        assert_eq!(kind, wanted, "{name}: {health}");
    }
}

#[test]
fn without_a_pinned_key_a_peer_need_not_sign() {
    let (node, peer) = (quiet(), quiet());
    let server =
        between(&peer, "/ldes", |head, _| *head = head.replace("signature", "x-signature"));
    let told = json!({ "name": "libero", "base": server.address, "private": true });
    assert_eq!(propose(&node, &told).status(), 201);
    assert_eq!(checked(&node, "libero")["health"]["reachable"], true);
}
