//! Takedown: a record goes, neither its name nor its content comes back, no address gives its versions
//! any more, and whoever follows the stream is told.

use crate::support::stream::{AS, Member, replay};
use crate::support::{BASE, Node, TOKEN, Verdict, actor, graph, run, vocabulary};
use reqwest::blocking::Response;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

fn put(node: &Node, source: &str, body: String) -> Response {
    let address = node.url(&format!("/graphs?graph={}", graph(source)));
    let request = node.client.put(address).bearer_auth(TOKEN);
    request.header("Content-Type", "application/n-triples").body(body).send().expect("an answer")
}

#[track_caller]
fn accepted(answer: Response) {
    let status = answer.status();
    assert!(status.is_success(), "{status}: {}", answer.text().unwrap_or_default());
}

/// The words of a refusal because of a takedown.
#[track_caller]
fn refused(answer: Response) -> String {
    assert_eq!(answer.status(), 422);
    let text = answer.text().expect("a text");
    assert!(text.contains("was taken down (personal-data)"), "{text}");
    text
}

fn take_down(node: &Node, ask: &Value) -> Response {
    node.client.post(node.url("/takedowns")).bearer_auth(TOKEN).json(ask).send().expect("an answer")
}

/// Waits until no text of what was taken down is left; a busy machine takes longer than an answer waits.
#[track_caller]
fn emptied(node: &Node) {
    let start = Instant::now();
    loop {
        let list = node.client.get(node.url("/takedowns")).bearer_auth(TOKEN).send();
        let told: Value = list.expect("an answer").json().expect("JSON");
        let list = told["takedowns"].as_array().expect("a list");
        if !list.is_empty() && list.iter().all(|one| one["emptied"] == true) {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(120), "{told}");
        sleep(Duration::from_millis(50));
    }
}

fn iri(slug: &str) -> String {
    format!("{BASE}/id/attore/{slug}")
}

fn versions<'r>(members: impl Iterator<Item = &'r Member>, slug: &str) -> Vec<&'r Member> {
    let record = iri(slug);
    members.filter(|member| member.record == record).collect()
}

#[test]
fn what_is_taken_down_is_given_by_no_address_and_does_not_come_back() {
    let node = Node::start_in(vocabulary(), &[]);
    let secret = "Comune di Segreto";
    accepted(put(&node, "prova", actor("segreto")));
    accepted(put(&node, "prova", actor("segreto").replace("Comune di segreto", secret)));
    node.published();
    let timemap = |node: &Node| node.get("/timemap/attore/segreto", "application/json");
    let map: Value = timemap(&node).json().expect("JSON");
    let list = map["mementos"]["list"].as_array().expect("a list");
    let old: Vec<String> = list
        .iter()
        .map(|memento| memento["uri"].as_str().expect("an address").replace(BASE, ""))
        .collect();
    assert_eq!(old.len(), 2);
    for path in &old {
        assert_eq!(node.get(path, "text/turtle").status(), 200);
    }
    let ask =
        json!({ "record": iri("segreto"), "reason": "lo chiede Tizio", "class": "personal-data" });
    let answer = take_down(&node, &ask);
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.json::<Value>().expect("JSON")["class"], "personal-data");
    emptied(&node);
    node.published();
    let gone = ["/id/attore/segreto", "/doc/attore/segreto", "/attori/segreto"].map(str::to_owned);
    for path in gone.iter().chain(&old) {
        for accept in ["text/turtle", "text/html", "application/problem+json"] {
            let answer = node.get(path, accept);
            let (status, text) = (answer.status(), answer.text().expect("a text"));
            let redirects = status == 406 || status == 303;
            assert!(status == 410 || redirects, "{path} {accept}: {status}");
            assert!(!text.contains("di segreto") && !text.contains(secret), "{path}: {text}");
            assert!(
                !text.contains("Tizio") && (redirects || text.contains("personal-data")),
                "{text}"
            );
        }
    }
    let map: Value = timemap(&node).json().expect("JSON");
    assert_eq!(map["mementos"]["list"], json!([]), "{map}");
    let found = replay(&node, "/ldes/source/prova", "application/n-quads");
    let members = versions(found.members(), "segreto");
    assert_eq!(members.len(), 3);
    for member in &members {
        assert_eq!(member.change, format!("{AS}Delete"));
        assert!(member.lines.is_empty(), "{:?}", member.lines);
    }
    refused(put(&node, "prova", actor("segreto")));
    let again = actor("segreto").replace("Comune di segreto", "Altro nome");
    let update = |triples: &str| {
        node.update(&format!("INSERT DATA {{ GRAPH <{}> {{ {triples} }} }}", graph("altra")))
    };
    assert!(refused(update(&again)).contains(&iri("segreto")));
    // What it held last, under another name.
    let hidden = actor("segreto")
        .replace("Comune di segreto", secret)
        .replace("attore/segreto", "attore/nuovo");
    assert!(refused(put(&node, "prova", hidden)).contains(&iri("nuovo")));
    accepted(put(&node, "prova", actor("altro")));
    let lift = node.client.delete(node.url("/takedowns")).query(&[("record", iri("segreto"))]);
    assert_eq!(lift.bearer_auth(TOKEN).send().expect("an answer").status(), 204);
    accepted(put(&node, "prova", again));
    assert_eq!(node.get("/doc/attore/segreto", "text/turtle").status(), 200);
    assert_eq!(node.get(&old[0], "text/turtle").status(), 410);
    let (status, folder) = node.stop();
    assert!(status.success(), "{status}");
    check_log(folder.path(), secret);
}

/// The chain of hashes holds, the graph can be made again, and the log holds the words no more.
fn check_log(data: &Path, secret: &str) {
    let verdict = Verdict::of(data);
    verdict.assert_agrees();
    assert!(verdict.out.contains("2 versions were taken down"), "{}", verdict.out);
    run(data, &["rebuild"]).accepted();
    Verdict::of(data).assert_agrees();
    for name in ["log.sqlite", "log.sqlite-wal"] {
        // The journal is there only while the log is open.
        let file = data.join(name);
        let bytes = if name.ends_with("-wal") {
            fs::read(file).unwrap_or_default()
        } else {
            fs::read(file).expect("the log")
        };
        let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!is_there, "{name}");
    }
}

#[test]
fn a_page_of_the_stream_that_is_full_has_as_many_members_as_before() {
    let node = Node::start_in(vocabulary(), &[]);
    let many: String = (0..300).map(|number| actor(&format!("comune-{number}"))).collect();
    accepted(put(&node, "prova", many));
    node.published();
    let first = "/ldes/source/prova/page/1";
    let text = || node.get(first, "application/n-quads").text().expect("a text");
    assert!(text().contains("\"Comune di comune-1\""));
    let etag = node.get(first, "application/n-quads").headers()["etag"].clone();
    let ask = json!({ "record": iri("comune-1"), "reason": "errore" });
    assert_eq!(take_down(&node, &ask).status(), 201);
    emptied(&node);
    node.published();
    assert!(!text().contains("\"Comune di comune-1\""));
    assert_ne!(node.get(first, "application/n-quads").headers()["etag"], etag);
    let found = replay(&node, "/ldes/source/prova", "application/n-quads");
    let page = found.pages.iter().find(|page| page.path == first).expect("the first page");
    assert_eq!((page.members.len(), page.is_immutable), (250, true));
    let members = versions(found.members(), "comune-1");
    assert_eq!(members.len(), 2);
    assert!(members.iter().all(|member| member.change == format!("{AS}Delete")));
}

#[test]
fn a_takedown_that_cannot_be_is_refused_with_what_to_do() {
    let node = Node::start_in(vocabulary(), &[]);
    let known = format!("{BASE}/id/territorio/bari");
    for (ask, status, word) in [
        (json!({ "record": iri("mai-visto"), "reason": "x" }), 400, "never held"),
        (json!({ "record": "bari", "reason": "x" }), 400, "absolute"),
        (json!({ "record": known, "reason": " " }), 400, "why"),
        (json!({ "record": known, "reason": "x", "class": "noia" }), 400, "personal-data"),
        (json!({ "record": known }), 400, "reason"),
        (json!({ "record": known, "reason": "x" }), 409, "ships with the program"),
    ] {
        let answer = take_down(&node, &ask);
        assert_eq!(answer.status(), status, "{ask}");
        let text = answer.text().expect("a text");
        assert!(text.contains(word), "{ask}: {text}");
    }
    let client = &node.client;
    for request in [client.get(node.url("/takedowns")), client.post(node.url("/takedowns"))] {
        assert_eq!(request.send().expect("an answer").status(), 401);
    }
    let lift = client.delete(node.url("/takedowns")).query(&[("record", &known)]);
    assert_eq!(lift.bearer_auth(TOKEN).send().expect("an answer").status(), 404);
    let plain = Node::start(&["--bare"]);
    assert_eq!(take_down(&plain, &json!({ "record": known, "reason": "x" })).status(), 409);
}

#[test]
fn by_command_a_record_is_taken_down_listed_left_out_of_imports_and_let_in_again() {
    let folder = vocabulary();
    let data = folder.path();
    let file = data.join("attori.nt");
    fs::write(&file, actor("uno") + &actor("due")).expect("a file");
    let file = file.to_str().expect("a path");
    let import =
        |more: &[&str]| run(data, &[&["import", file, "--source", "prova"], more].concat());
    import(&[]).accepted();
    assert!(run(data, &["takedown", "list"]).accepted().out.contains("Nothing"));
    assert_eq!(run(data, &["takedown", &iri("uno")]).status.code(), Some(2));
    let unknown = ["takedown", &iri("tre"), "--reason", "x"];
    assert!(run(data, &unknown).refused().err.contains("never held"));
    let down = ["takedown", &iri("uno"), "--reason", "lo dice il giudice", "--class", "order"];
    let said = run(data, &down).accepted();
    assert!(said.out.contains("is taken down by change"), "{}", said.said());
    let list = run(data, &["takedown", "list"]).accepted().out;
    assert!(list.contains(&iri("uno")) && list.contains("(order): lo dice il giudice"), "{list}");
    Verdict::of(data).assert_agrees();
    for more in [&[][..], &["--trusted"]] {
        let said = import(more).refused();
        assert!(said.said().contains(&iri("uno")), "{}", said.said());
    }
    let said = import(&["--skip-invalid"]).said();
    assert!(said.contains("è stata ritirata (order)"), "{said}");
    let query = format!("ASK {{ <{}> ?p ?o }}", iri("uno"));
    let is_there = || run(data, &["query", &query, "--format", "csv"]).accepted().out;
    assert!(is_there().contains("false"), "{}", is_there());
    run(data, &["takedown", "lift", &iri("uno")]).accepted();
    assert!(run(data, &["takedown", "lift", &iri("uno")]).refused().err.contains("let in again"));
    import(&[]).accepted();
    assert!(is_there().contains("true"));
    Verdict::of(data).assert_agrees();
}
