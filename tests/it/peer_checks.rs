//! What a look at a peer finds: at each kind of peer that this software can be, at servers that are
//! none, and from time to time by itself.

use crate::dumps::{exported, files};
use crate::peers::{checked, listed, propose, quiet};
use crate::support::odd::{Odd, answer};
use crate::support::{Node, actor, demo, graph, run, vocabulary};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Puts a peer on loopback on the list and looks at it.
#[track_caller]
fn look(node: &Node, name: &str, kind: &str, base: &str) -> Value {
    let peer = json!({ "name": name, "base": base, "kind": kind, "private": true });
    let answer = propose(node, &peer);
    assert_eq!(answer.status(), 201, "{:?}", answer.text());
    checked(node, name)
}

#[test]
fn each_kind_of_peer_is_looked_at_in_its_own_way() {
    let (node, peer) = (quiet(), demo());
    let list = exported(peer);
    peer.published();
    let seq: Value = peer.get("/ready", "*/*").json().expect("JSON");
    let seq = &seq["seq"];
    let well = |name: &str, kind: &str, path: &str| {
        let told = look(&node, name, kind, &peer.url(path));
        assert_eq!(told["health"]["reachable"], true, "{told}");
        assert_eq!(told["health"]["answered"], told["checked"]);
        assert!(told["health"]["latency_ms"].is_u64(), "{told}");
        told["counts"].clone()
    };
    let counts = well("nodo", "familylab", "");
    let void = peer.get("/.well-known/void", "application/n-triples").text().expect("a text");
    let whole = |property: &str| {
        let line = format!("/.well-known/void#tutto> <http://rdfs.org/ns/void#{property}> \"");
        let (_, rest) = void.split_once(&line).expect("a number");
        rest.split('"').next().expect("digits").parse::<u64>().expect("a number")
    };
    let wanted = json!({ "triples": whole("triples"), "records": whole("entities"), "seq": seq });
    assert_eq!(counts, wanted);
    let all = peer.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")[0].parse::<u64>();
    let counts = well("endpoint", "sparql", "/sparql");
    assert_eq!(counts["triples"].as_u64(), all.ok());
    well("flusso", "ldes", "/ldes");
    // This repository writes its list in pages and does not say how long it is.
    assert_eq!(well("archivio", "oai-pmh", "/oai")["records"], Value::Null);
    let mut dumps = 0;
    for file in files(&list) {
        let name = file["name"].as_str().expect("a name");
        if ["all.nq.gz", "all.trig.gz"].contains(&name)
            || name.starts_with("attore.") && !name.contains("csv")
        {
            dumps += 1;
            well(&format!("file-{dumps}"), "dump", &format!("/dump/{name}"));
        }
    }
    assert!(dumps > 2, "{list}");
}

#[test]
fn a_server_that_is_something_else_is_not_taken_for_a_peer() {
    let (node, peer) = (quiet(), demo());
    for (number, (kind, path)) in [
        ("familylab", "/sparql"),
        ("familylab", "/dati"),
        ("sparql", "/ldes"),
        ("sparql", "/"),
        ("ldes", "/"),
        ("ldes", "/ontology"),
        ("ldes", "/sparql"),
        ("oai-pmh", "/"),
        ("oai-pmh", "/ldes"),
        ("dump", "/"),
        ("dump", "/dump/attore.csv"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("altro-{number}");
        let told = look(&node, &name, kind, &peer.url(path));
        let problem = &told["health"]["problem"];
        let kinds = ["unexpected", "status"].map(Value::from);
        assert!(kinds.contains(&problem["kind"]), "{kind} at {path}: {told}");
        assert_eq!(told["health"]["reachable"], false);
        assert_eq!(told["health"]["answered"], Value::Null);
        run(node.data.path(), &["peer", "remove", &name]).accepted();
    }
}

#[test]
fn a_peer_that_is_not_well_is_told_by_what_is_wrong_with_it() {
    let node = quiet();
    let inside = "Location: http://169.254.169.254/ready\r\n";
    let json = "Content-Type: application/json\r\n";
    let servers = [
        ("status", Odd::says(answer("502 Bad Gateway", "", "non ora"))),
        ("redirected", Odd::says(answer("302 Found", inside, ""))),
        ("broken-off", Odd::says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")),
        ("too-large", Odd::says("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n{")),
        ("timed-out", Odd::hangs_after("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")),
        ("unexpected", Odd::says(answer("200 OK", json, "{\"status\":\"ready\"}"))),
        ("unexpected", Odd::says(answer("200 OK", json, &"[".repeat(100_000)))),
    ];
    for (number, (kind, server)) in servers.iter().enumerate() {
        let told = look(&node, &format!("malato-{number}"), "familylab", &server.address);
        let problem = &told["health"]["problem"];
        assert_eq!(problem["kind"], *kind, "{told}");
        let detail = problem["detail"].as_str().expect("words");
        assert!(!detail.is_empty() && !detail.contains("non ora"), "{detail}");
        assert!(server.asked() > 0);
    }
    assert_eq!(node.get("/ready", "*/*").status(), 200);
}

#[test]
fn two_nodes_are_peers_of_each_other_and_see_what_becomes_of_the_other() {
    let (first, second) = (quiet(), quiet());
    let peers = [(&first, "secondo", &second), (&second, "primo", &first)];
    for (node, name, other) in peers {
        let told = look(node, name, "familylab", &other.address);
        assert_eq!(told["health"]["reachable"], true, "{told}");
    }
    let before = listed(&first)[0]["counts"]["seq"].as_u64().expect("a number");
    let update = format!("INSERT DATA {{ GRAPH <{}> {{ {} }} }}", graph("prova"), actor("prova"));
    assert!(second.update(&update).status().is_success());
    assert_eq!(checked(&first, "secondo")["counts"]["seq"], before + 1);
    // A peer that has gone leaves what it told last, and when that was.
    let told = listed(&first)[0].clone();
    let (status, _folder) = second.stop();
    assert!(status.success(), "{status}");
    let gone = checked(&first, "secondo");
    assert_eq!(gone["health"]["problem"]["kind"], "unreachable", "{gone}");
    assert_eq!(gone["counts"], told["counts"]);
    assert_eq!(gone["health"]["answered"], told["checked"]);
    assert_ne!(gone["checked"], told["checked"]);
}

#[test]
fn a_node_looks_at_its_peers_by_itself_until_it_stops() {
    let server = Odd::says(answer("404 Not Found", "", ""));
    let settings = [("FAMILYLAB_PEER_PAUSE", "0.1"), ("FAMILYLAB_HARVEST_PAUSE", "0")];
    let node = Node::start_with(vocabulary(), &[], &settings);
    let wait_for = |name: &str, is_reached: &dyn Fn(&Value) -> bool| {
        let start = Instant::now();
        while !listed(&node).iter().any(|peer| peer["name"] == name && is_reached(peer)) {
            assert!(start.elapsed() < Duration::from_secs(60), "{:?}", listed(&node));
            sleep(Duration::from_millis(20));
        }
    };
    // By another process, and by this one.
    run(node.data.path(), &["peer", "add", "fuori", &server.address, "--private"]).accepted();
    let first = listed(&node)[0]["checked"].clone();
    wait_for("fuori", &|peer| peer["checked"] != first);
    let peer = json!({ "name": "dentro", "base": demo().address, "private": true });
    assert_eq!(propose(&node, &peer).status(), 201);
    wait_for("dentro", &|peer| peer["health"]["reachable"] == true);
    let (status, folder) = node.stop();
    assert!(status.success(), "{status}");
    let asked = server.asked();
    assert!(asked > 1, "{asked}");
    run(folder.path(), &["peer", "remove", "fuori"]).accepted();
    assert_eq!(server.asked(), asked);
}
