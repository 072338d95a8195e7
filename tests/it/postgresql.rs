//! A log in PostgreSQL: what is written, listed, taken over and taken down stands there as it does in
//! SQLite, through a cut of the power too.

use crate::harvests::{SETTINGS, STREAM, competences, counts, harvested, held, insert, list};
use crate::peers::listed;
use crate::support::cluster::{Cluster, MISSING};
use crate::support::{
    BASE, ELSEWHERE, Node, TOKEN, actor, familylab, graph, run_command, skipped, vocabulary,
};
use serde_json::{Value, json};
use std::path::Path;

/// Runs a command beside the log of a node that does not run.
#[track_caller]
fn command(data: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> String {
    run_command(familylab(data).args(arguments).envs(settings.iter().copied())).accepted().out
}

/// What a node tells an administrator at an address.
#[track_caller]
fn told(node: &Node, path: &str) -> Value {
    let answer = node.client.get(node.url(path)).bearer_auth(TOKEN);
    let answer = answer.header("Accept", "application/json").send().expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().expect("JSON")
}

#[test]
fn a_log_in_postgresql_keeps_what_one_in_sqlite_keeps() {
    let Some(cluster) = Cluster::start() else { return skipped(MISSING) };
    let url = cluster.url();
    let settings = [&SETTINGS[..], &[("FAMILYLAB_LOG_URL", url.as_str())]].concat();
    let peer = Node::start_in(vocabulary(), &[]);
    insert(&peer, &competences(0..300));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let node = Node::start_with(folder, &[], &settings);

    // Two records, one of which is taken down.
    let own = graph("prova").replace(BASE, ELSEWHERE);
    let own_actor = |slug: &str| actor(slug).replace(BASE, ELSEWHERE);
    let write = |update: &str| {
        let answer = node.update(update);
        assert!(answer.status().is_success(), "{}", answer.text().unwrap_or_default());
    };
    let both = own_actor("rimane") + &own_actor("segreto");
    write(&format!("INSERT DATA {{ GRAPH <{own}> {{ {both} }} }}"));
    let secret = format!("{ELSEWHERE}/id/attore/segreto");
    let ask = json!({ "record": secret, "reason": "lo chiede Tizio", "class": "personal-data" });
    let taken = node.client.post(node.url("/takedowns")).bearer_auth(TOKEN).json(&ask).send();
    assert_eq!(taken.expect("an answer").status(), 201);
    let form = [("query", "SELECT * { ?s ?p ?o } LIMIT 3")];
    let short = node.client.post(node.url("/sparql/link")).header("Accept", "application/json");
    let short: Value = short.form(&form).send().expect("an answer").json().expect("JSON");
    let short = format!("/s/{}.rq", short["name"].as_str().expect("a name"));

    // A peer and what is taken over from it.
    list(&node, "ldes", &peer.url(STREAM), &["harvest"]);
    assert_eq!(counts(&harvested(&node)), [300, 0, 0, 0]);
    assert_eq!(counts(&harvested(&node)), [0, 0, 0, 0]);
    let copied = format!("{ELSEWHERE}/graph/peer/vicino");
    let whole = held(&node, &copied);
    assert_eq!(whole.len(), 900);
    let runs = told(&node, "/federation/peers/vicino/harvest")["runs"].clone();
    assert_eq!(runs.as_array().map(Vec::len), Some(2));

    let folder = node.kill();
    let said = command(folder.path(), &settings, &["verify"]);
    assert!(said.contains("log "), "{said}");
    command(folder.path(), &settings, &["rebuild"]);
    command(folder.path(), &settings, &["verify"]);
    let node = Node::start_with(folder, &[], &settings);
    assert!(held(&node, &copied) == whole, "what was taken over is there after a cut of the power");
    assert_eq!(told(&node, "/federation/peers/vicino/harvest")["runs"], runs);
    let actors = format!("SELECT DISTINCT ?s {{ GRAPH <{own}> {{ ?s a ?c }} }}");
    assert_eq!(node.select(&actors), [format!("{ELSEWHERE}/id/attore/rimane")]);
    assert_eq!(node.get(&short, "*/*").status(), 200);
    assert_eq!(told(&node, "/takedowns")["takedowns"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed(&node).len(), 1);

    let gone = node.client.delete(node.url("/federation/peers/vicino")).bearer_auth(TOKEN);
    assert_eq!(gone.send().expect("an answer").status(), 204);
    assert!(held(&node, &copied).is_empty());
    assert!(!node.data.path().join("log.sqlite").exists(), "the log is in PostgreSQL alone");
}
