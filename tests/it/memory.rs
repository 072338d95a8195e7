//! A million rows in and out, in every way in which they may be many: as a stream, in bounded memory.

use crate::support::{Node, TOKEN, run};
use reqwest::blocking::RequestBuilder;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::time::Duration;

/// What a node may take for a million rows, in MiB: up to 200, of which most is what RocksDB has
/// not written yet, so more where the disk is slow. What goes in and out is longer than that.
const BOUND: u64 = 300;
/// The longest wait for an answer.
const WAIT: Duration = Duration::from_secs(600);

#[track_caller]
fn assert_bounded(peak: u64, what: &str) {
    println!("{what}: {} MiB", peak >> 20);
    assert!(peak >> 20 < BOUND, "{} MiB for {what}", peak >> 20);
}

#[test]
fn a_million_rows_go_in_change_and_come_out_as_a_stream() {
    let files = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| files.path().join(name);
    run(files.path(), &["generate", "20000", "--out", "quads.nq"]).accepted();
    let count = without_graphs(&at("quads.nq"), &at("first.nt"), &at("second.nt"));
    assert!(count > 1_000_000);
    for name in ["first.nt", "second.nt"] {
        let bytes = at(name).metadata().expect("the file").len();
        assert!(bytes >> 20 > BOUND, "{name} has {bytes} bytes, which may be held in memory");
    }

    let folder = tempfile::tempdir().expect("a temporary folder");
    let node = Node::start_with(folder, &["--bare"], &[("FAMILYLAB_UPLOAD_BYTES", "1000000000")]);
    for (file, status) in [("first.nt", 201), ("second.nt", 204)] {
        let body = File::open(at(file)).expect("the file");
        let put = node.client.put(node.url("/graph/grande")).bearer_auth(TOKEN).timeout(WAIT);
        let put = put.header("Content-Type", "application/n-triples").body(body);
        assert_eq!(put.send().expect("an answer").status(), status);
        assert_bounded(node.peak_memory(), &format!("{count} triples of {file} put"));
    }
    let (status, data) = node.stop();
    assert!(status.success());

    let node = Node::start_with(data, &["--bare"], &[("FAMILYLAB_QUERY_TIMEOUT", "600")]);
    let ask = |query: &str| node.client.post(node.url("/sparql")).form(&[("query", query)]);
    let select = "SELECT * { GRAPH ?g { ?s ?p ?o } }";
    let construct = "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }";
    let graph = || node.client.get(node.url("/graph/grande"));
    for (request, media, between) in [
        (ask(select), "text/csv", "\n"),
        (ask(select), "application/sparql-results+json", "\"s\":{"),
        (ask(construct), "application/n-triples", "\n"),
        (graph(), "application/n-triples", "\n"),
    ] {
        let rows = kept(request, media, &at("answer"), between);
        assert_bounded(node.peak_memory(), &format!("{rows} rows of {media} read"));
        assert!(rows >= count, "{rows} rows of {media}");
    }
    for (media, name) in [("application/rdf+xml", "all.rdf"), ("application/ld+json", "all.jsonld")]
    {
        kept(graph(), media, &at(name), "\n");
        assert_bounded(node.peak_memory(), &format!("{media} read"));
    }
    drop(node);
    // The common form of JSON-LD: one object that holds all others.
    let mut object = File::create(at("object.jsonld")).expect("a file");
    object.write_all(b"{\"@context\":{},\"@graph\":").expect("room on the disk");
    std::io::copy(&mut File::open(at("all.jsonld")).expect("the file"), &mut object).expect("room");
    object.write_all(b"}").expect("room on the disk");
    let bare = Node::start(&["--bare"]).stop().1;
    for name in ["all.rdf", "object.jsonld"] {
        let file = at(name);
        let file = file.to_str().expect("a plain name");
        let import = ["import", file, "--source", "http://example.org/g", "--dry-run"];
        let said = run(bare.path(), &import).accepted();
        assert_bounded(said.peak, &format!("{name} imported"));
        let (_, statements) = said.err.rsplit_once(&format!("{name}: ")).expect("a count");
        let statements: String = statements.chars().take_while(|c| *c != ' ').collect();
        let statements: u64 = statements.replace(',', "").parse().expect("a number");
        assert!(statements >= count, "{statements} statements in {name}");
    }
}

/// Writes an answer to a file; counts the bytes that come between its rows.
fn kept(request: RequestBuilder, media: &str, file: &Path, between: &str) -> u64 {
    let mut answer = request.header("Accept", media).timeout(WAIT).send().expect("an answer");
    assert_eq!(answer.status(), 200);
    let mut out = File::create(file).expect("a file");
    let (mut rows, mut buffer, mut rest) = (0, vec![0; 1 << 16], Vec::new());
    loop {
        let read = answer.read(&mut buffer).expect("the answer is whole");
        if read == 0 {
            return rows;
        }
        out.write_all(&buffer[..read]).expect("room on the disk");
        rest.extend_from_slice(&buffer[..read]);
        rows +=
            rest.windows(between.len()).filter(|part| *part == between.as_bytes()).count() as u64;
        rest.drain(..rest.len().saturating_sub(between.len() - 1));
    }
}

/// Writes the quads of a file as triples, twice, with another long text in every record; gives
/// their number.
fn without_graphs(quads: &Path, first: &Path, second: &Path) -> u64 {
    let file = |path| BufWriter::new(File::create(path).expect("a file"));
    let (mut first, mut second) = (file(first), file(second));
    let (old, new) = ("once ".repeat(300), "again ".repeat(300));
    let mut count = 0;
    for line in BufReader::new(File::open(quads).expect("the file")).lines() {
        let line = line.expect("a line");
        let triple = line.rsplit_once(" <").expect("a graph").0;
        writeln!(first, "{triple} .").expect("room on the disk");
        writeln!(second, "{triple} .").expect("room on the disk");
        if triple.contains("22-rdf-syntax-ns#type>") {
            let subject = triple.split(' ').next().expect("a subject");
            writeln!(first, "{subject} <urn:changed> \"{old}\" .").expect("room on the disk");
            writeln!(second, "{subject} <urn:changed> \"{new}\" .").expect("room on the disk");
        }
        count += 1;
    }
    first.flush().and_then(|()| second.flush()).expect("room on the disk");
    count
}
