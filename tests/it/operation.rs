//! What operators ask of a node: is it well, how is it set up, stop it, take its data elsewhere.

use crate::support::{
    BASE, Node, actor, demo, familylab, graph, parse, run, run_command, syntax, vocabulary,
};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What `verify` says of the log and of the graph.
fn hashes(data: &Path) -> (String, String) {
    let said = run(data, &["verify"]).accepted().out;
    let hash = |name| said.lines().find_map(|line| line.strip_prefix(name)).expect("a hash").trim();
    (hash("log ").to_owned(), hash("graph ").to_owned())
}

#[test]
fn a_node_says_that_it_is_well_and_ready() {
    let node = demo();
    let health: Value = node.get("/health", "*/*").json().expect("JSON");
    assert_eq!(health["status"], "alive");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    let ready: Value = node.get("/ready", "*/*").json().expect("JSON");
    assert_eq!(ready["status"], "ready");
    assert_eq!(ready["seq"].as_f64(), Some(node.metric("familylab_applied_seq")));
    assert!(node.metric("familylab_query_places_free") >= 1.0);
    let missing = node.get("/nothing/here", "*/*");
    assert_eq!(missing.status(), 404);
    let metrics = node.get("/metrics", "*/*").text().expect("a text");
    for name in ["familylab_requests_total", "familylab_request_seconds"] {
        assert!(metrics.contains(name), "{name}: {metrics}");
    }
}

/// The paths and methods of `src/web/router.rs`, in the words of OpenAPI.
fn routes() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/router.rs");
    let text = fs::read_to_string(path).expect("the router");
    // Routes whose path is not written out are those of the shipped documents.
    let written = text.split(".route(").skip(1).filter_map(|rest| rest.strip_prefix('"'));
    let quoted = written.map(|rest| {
        let path = rest.split('"').next().expect("a path");
        path.replace("{*", "{").trim_end_matches('/').to_owned()
    });
    // Described by the patterns below them (/id/{kind}/{slug} …), or no interface at all.
    let patterns = [
        "/id/{path}",
        "/doc/{path}",
        "/vocabulary/{name}",
        "/assets/{name}",
        "/timemap/{path}",
        "/linkset/{path}",
        "/sitemap/{file}",
    ];
    // Pages for people only; the lists and pages of records are not written out either.
    let pages = [
        "/accessibilita",
        "/cerca-ovunque",
        "/dati",
        "/esperienze/confronta",
        "/esperienze/simili",
        "/federazione",
        "/mappa-sito",
        "/note-legali",
        "/privacy",
        "/qualita",
        "/qualita/schede",
        "/stato",
    ];
    let routes: BTreeSet<String> = quoted
        .filter(|route| !route.is_empty())
        .filter(|route| !patterns.contains(&route.as_str()) && !pages.contains(&route.as_str()))
        .collect();
    assert!(routes.len() > 8, "{routes:?}");
    routes
}

#[test]
fn every_route_is_described() {
    let document: Value = demo().get("/openapi.json", "*/*").json().expect("JSON");
    assert_eq!(document["servers"][0]["url"], BASE);
    let paths = document["paths"].as_object().expect("paths");
    let described: BTreeSet<String> = paths.keys().cloned().collect();
    let missing: Vec<String> = routes().difference(&described).cloned().collect();
    assert!(missing.is_empty(), "not described: {missing:?}");
    for pattern in ["/timemap/{kind}/{slug}", "/linkset/{kind}/{slug}", "/sitemap/{n}.xml"] {
        assert!(described.contains(pattern), "{pattern} is not described: {described:?}");
    }
    let mut names = BTreeSet::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().expect("methods") {
            let text = operation["summary"].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{method} {path} has no summary");
            let name = operation["operationId"].as_str().expect("a name");
            assert!(names.insert(name.to_owned()), "{name} names two operations");
        }
    }
}

#[test]
fn the_settings_in_force_say_where_they_come_from_and_hide_secrets() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = "query_timeout = 12.5\nlog_url = \"postgres://chi:segreto@db/log\"\n";
    fs::write(folder.path().join("familylab.toml"), file).expect("room on the disk");
    let mut command = familylab(folder.path());
    command.args(["config", "--base-url", "https://dati.comune.example"]);
    command.env("FAMILYLAB_UPLOAD_BYTES", "1000").env("FAMILYLAB_ADMIN_TOKEN", "molto-segreto");
    let out = run_command(&mut command).accepted().out;
    let line = |name: &str| {
        let line = out.lines().find(|line| line.split_whitespace().next() == Some(name));
        line.unwrap_or_else(|| panic!("no {name} in {out}"))
    };
    assert!(
        line("query_timeout").contains("12.5") && line("query_timeout").contains("familylab.toml")
    );
    assert!(line("upload_bytes").contains("FAMILYLAB_UPLOAD_BYTES"));
    assert!(line("base_url").ends_with("command line"));
    assert!(line("query_bytes").ends_with("default"));
    assert!(line("admin_token").contains("********"));
    assert!(!out.contains("segreto"), "{out}");
}

#[test]
fn wrong_settings_are_refused_by_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, value) in [
        ("FAMILYLAB_QUERY_TIMEOUT", "presto"),
        ("FAMILYLAB_QUERY_TIMEOUTS", "1"),
        ("FAMILYLAB_LOG_FORMAT", "xml"),
        ("FAMILYLAB_LISTEN", "ovunque"),
    ] {
        let mut command = familylab(folder.path());
        let said = run_command(command.arg("config").env(name, value)).refused();
        let setting = name.trim_start_matches("FAMILYLAB_").to_lowercase();
        assert!(said.err.to_lowercase().contains(&setting), "{name}: {}", said.err);
    }
    let mut command = familylab(folder.path());
    let said = run_command(command.args(["serve", "--base-url", "comune"])).refused();
    assert!(said.err.contains("comune"), "{}", said.err);
    let said = run(folder.path(), &["config", "--config", "manca.toml"]).refused();
    assert!(said.err.contains("manca.toml"), "{}", said.err);
}

#[test]
fn logs_are_one_json_object_a_line_where_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let log = folder.path().join("node.log");
    let mut node = familylab(folder.path());
    node.args(["serve", "--bare", "--listen", "127.0.0.1:0"]);
    node.env("FAMILYLAB_LOG_FORMAT", "json");
    node.stdout(Stdio::piped()).stderr(fs::File::create(&log).expect("a file"));
    let mut node = node.spawn().expect("the program starts");
    let mut address = String::new();
    let mut stdout = BufReader::new(node.stdout.take().expect("standard output is piped"));
    stdout.read_line(&mut address).expect("the first line is the address");
    let kill = Command::new("kill").arg("-TERM").arg(node.id().to_string()).status();
    assert!(kill.expect("kill runs").success());
    assert!(node.wait().expect("the node ends").success());
    let text = fs::read_to_string(log).expect("the log");
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(!lines.is_empty(), "nothing was logged");
    for line in lines {
        assert!(line["level"].is_string() && line["timestamp"].is_string(), "{line}");
        let message = line["fields"]["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty(), "{line}");
    }
}

#[test]
fn a_node_that_is_told_to_stop_finishes_what_it_began() {
    let node = Node::start_in(vocabulary(), &[]);
    let request = node.client.get(node.url("/sparql")).query(&[("query", "SELECT * { ?s ?p ?o }")]);
    let mut answer = request.header("Accept", "text/csv").send().expect("an answer");
    let mut text = vec![0; 1000];
    answer.read_exact(&mut text).expect("the beginning");
    node.ask_to_stop();
    std::thread::sleep(Duration::from_millis(300));
    answer.read_to_end(&mut text).expect("the answer is whole");
    let rows = text.iter().filter(|byte| **byte == b'\n').count();
    assert!(rows > 50_000, "{rows} rows");
    assert!(node.client.get(node.url("/health")).send().is_err(), "new requests are not taken");
    let (status, folder) = node.stop();
    assert_eq!(status.code(), Some(0));
    let (log, graph) = hashes(folder.path());
    assert_eq!(log, graph);
}

#[test]
fn a_query_can_be_run_on_a_node_that_is_not_open() {
    let folder = vocabulary();
    let query = "SELECT ?s { ?s a <https://w3id.org/familylab/ontology#Region> } LIMIT 3";
    let said = run(folder.path(), &["query", query]).accepted();
    assert_eq!(said.out.lines().count(), 4, "{}", said.out);
    let json = run(folder.path(), &["query", query, "--format", "json"]).accepted();
    serde_json::from_str::<Value>(&json.out).expect("JSON");
    let construct =
        "CONSTRUCT { ?s a <urn:x> } WHERE { ?s a <https://w3id.org/familylab/ontology#Region> }";
    let turtle = run(folder.path(), &["query", construct]).accepted();
    assert_eq!(parse(turtle.out, syntax("ttl")).len(), 20);
    let wrong = run(folder.path(), &["query", "SELECT"]).refused();
    assert!(wrong.err.contains("SPARQL"), "{}", wrong.err);
    let wrong = run(folder.path(), &["query", query, "--format", "ttl"]).refused();
    assert!(wrong.err.contains("json"), "{}", wrong.err);
    run(folder.path(), &["query", "SELECT * { SERVICE <http://x/> {} }"]).refused();
}

#[test]
fn a_dump_makes_the_same_node_again() {
    let folder = vocabulary();
    fs::write(folder.path().join("dati.nt"), actor("prova")).expect("room on the disk");
    run(folder.path(), &["import", "dati.nt", "--source", "prova"]).accepted();
    let wanted = hashes(folder.path());
    for name in ["dump.nq", "dump.trig.gz"] {
        run(folder.path(), &["dump", "--out", name]).accepted();
        let other = vocabulary();
        fs::copy(folder.path().join(name), other.path().join(name)).expect("a copy");
        // What ships with the program is in every node already and may not be written from outside.
        let plain = tempfile::tempdir().expect("a temporary folder");
        let bare = Node::start_in(plain, &["--bare"]);
        let (status, plain) = bare.stop();
        assert!(status.success());
        fs::copy(folder.path().join(name), plain.path().join(name)).expect("a copy");
        run(plain.path(), &["import", name]).accepted();
        assert_eq!(hashes(plain.path()), wanted, "{name}");
        let refused = run(other.path(), &["import", name]).refused();
        assert!(refused.err.contains("in no source"), "{}", refused.err);
    }
    for name in ["prova.nt", "prova.ttl", "prova.jsonld", "prova.rdf.gz"] {
        run(folder.path(), &["dump", "--source", "prova", "--out", name]).accepted();
        let other = vocabulary();
        fs::copy(folder.path().join(name), other.path().join(name)).expect("a copy");
        run(other.path(), &["import", name, "--source", "prova"]).accepted();
        assert_eq!(hashes(other.path()), wanted, "{name}");
    }
    let dump = fs::read_to_string(folder.path().join("dump.nq")).expect("the dump");
    assert!(dump.contains(&graph("prova")) && !dump.contains("applied"));
    let wrong = run(folder.path(), &["dump", "--out", "dump.csv"]).refused();
    assert!(wrong.err.contains(".nq"), "{}", wrong.err);
}

#[test]
fn the_same_seed_makes_the_same_bytes_and_any_number_takes_the_same_memory() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let generate = |number: &str, seed: &str, out: &str| {
        run(folder.path(), &["generate", number, "--seed", seed, "--out", out]).accepted().peak
    };
    let few = generate("2000", "7", "a.nq");
    generate("2000", "7", "b.nq");
    generate("2000", "8", "c.nq");
    let bytes = |name: &str| fs::read(folder.path().join(name)).expect("the file");
    assert!(bytes("a.nq") == bytes("b.nq"), "the same seed made other bytes");
    assert!(bytes("a.nq") != bytes("c.nq"), "another seed made the same bytes");
    // Twenty-five times as many, and still a file that finds room beside those of other tests.
    let many = generate("50000", "7", "tanti.nq");
    println!("2,000: {} KiB, 50,000: {} KiB", few >> 10, many >> 10);
    assert!(many < few + few / 4, "{few} bytes for 2,000, {many} for 50,000");
}
