//! What goes wrong with a data folder, and what an administrator is told then: what is damaged
//! and what to do, with an exit code that says so, never a panic.

use crate::support::load::{BASE, lines};
use crate::support::{Node, TOKEN, Verdict, familylab};
use sqlx::{Connection, Row, SqliteConnection};
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];
const SERVE_BARE: [&str; 4] = ["serve", "--listen", "127.0.0.1:0", "--bare"];

/// A plain store that holds some records and was stopped in order.
fn stopped(writes: u64) -> TempDir {
    let node = Node::start(&["--bare"]);
    for version in 1..=writes {
        put(&node, version, 200);
    }
    node.stop().1
}

fn put(node: &Node, version: u64, records: usize) {
    let answer = node
        .client
        .put(node.url(&format!("/graphs?graph={BASE}/graph/fault")))
        .bearer_auth(TOKEN)
        .header("Content-Type", "application/n-triples")
        .body(lines("fault", version, records))
        .send()
        .expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.text().expect("a text"));
}

/// Runs a command that must end by itself, and soon, even where it would otherwise serve.
fn ended(data: &Path, arguments: &[&str]) -> Verdict {
    let mut child = familylab(data)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let start = Instant::now();
    while child.try_wait().expect("it can be asked").is_none() {
        if start.elapsed() > Duration::from_secs(30) {
            child.kill().expect("it can be killed");
            panic!("{arguments:?} goes on where it must fail");
        }
        thread::sleep(Duration::from_millis(20));
    }
    Verdict::new(child.wait_with_output().expect("its output"))
}

fn overwrite(file: &Path, at: u64, bytes: &[u8]) {
    let mut file = File::options().write(true).open(file).expect("the file opens");
    file.seek(SeekFrom::Start(at)).expect("the place is there");
    file.write_all(bytes).expect("it can be written");
}

/// Where in the log's file a table begins.
fn root_of(log: &Path, table: &str) -> u64 {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut log = SqliteConnection::connect(&format!("sqlite:{}", log.display()))
            .await
            .expect("the log opens");
        let row = sqlx::query(
            "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size() WHERE name = $1",
        )
        .bind(table)
        .fetch_one(&mut log)
        .await
        .expect("the table is there");
        let place = (row.get::<i64, _>(0) - 1) * row.get::<i64, _>(1);
        log.close().await.expect("it closes");
        place.unsigned_abs()
    })
}

#[test]
fn an_entry_of_the_log_that_was_changed_is_named_with_its_change() {
    let data = stopped(3);
    let log = data.path().join("log.sqlite");
    let bytes = fs::read(&log).expect("the log");
    let text = b"\"scheda 2\"";
    let at = bytes.windows(text.len()).position(|part| part == text).expect("the text is there");
    overwrite(&log, at as u64 + 1, b"SCHEDA");
    let told = ["the log is damaged at change 2", "fault-", "restore it from a backup"];
    Verdict::of(data.path()).assert_fails_saying(&told);
    // A start reads what the graph lacks: without a graph, everything.
    fs::remove_dir_all(data.path().join("graph")).expect("the graph goes");
    ended(data.path(), &SERVE_BARE).assert_fails_saying(&told);
    ended(data.path(), &["rebuild"]).assert_fails_saying(&told);
}

#[test]
fn a_page_of_the_log_that_was_overwritten_is_told_at_the_start() {
    let data = stopped(3);
    let log = data.path().join("log.sqlite");
    overwrite(&log, root_of(&log, "changes"), &[0xFF; 100]);
    let told = ["the log's database is damaged", "restore the log from a backup"];
    ended(data.path(), &SERVE_BARE).assert_fails_saying(&told);
    Verdict::of(data.path()).assert_fails_saying(&told);
    ended(data.path(), &["rebuild"]).assert_fails_saying(&told);
}

#[test]
fn a_file_that_is_no_log_is_told_at_the_start() {
    let data = stopped(1);
    overwrite(&data.path().join("log.sqlite"), 0, &[0xFF; 100]);
    let told = ["the log's database is damaged", "restore the log from a backup"];
    ended(data.path(), &SERVE_BARE).assert_fails_saying(&told);
    Verdict::of(data.path()).assert_fails_saying(&told);
}

/// Files of the graph's folder, by how their names begin or end.
fn files_of_graph(data: &Path, is_one: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let folder = fs::read_dir(data.join("graph")).expect("the graph's folder");
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|path| is_one(&path.file_name().unwrap_or_default().to_string_lossy()));
    assert!(!files.is_empty(), "no such file");
    files
}

#[test]
fn a_damaged_graph_is_told_at_the_start_and_made_again_from_the_log() {
    let data = stopped(3);
    let before = Verdict::of(data.path()).assert_agrees();
    for file in files_of_graph(data.path(), |name| name == "CURRENT") {
        fs::write(file, "nothing\n").expect("it can be written");
    }
    let told = ["the graph's storage failed", "familylab rebuild"];
    ended(data.path(), &SERVE_BARE).assert_fails_saying(&told);
    Verdict::of(data.path()).assert_fails_saying(&told);
    assert_eq!(ended(data.path(), &["rebuild"]).code, Some(0));
    assert_eq!(Verdict::of(data.path()).assert_agrees(), before);
}

#[test]
fn damage_inside_the_graphs_files_is_found_by_verify() {
    let data = stopped(3);
    let before = Verdict::of(data.path()).assert_agrees();
    for file in files_of_graph(data.path(), |name| name.ends_with(".sst")) {
        overwrite(&file, 20, &[0xAA; 40]);
    }
    Verdict::of(data.path()).assert_fails_saying(&["familylab rebuild"]);
    assert_eq!(ended(data.path(), &["rebuild"]).code, Some(0));
    assert_eq!(Verdict::of(data.path()).assert_agrees(), before);
}

#[test]
fn a_missing_graph_is_made_again_at_the_start() {
    let data = stopped(3);
    let before = Verdict::of(data.path()).assert_agrees();
    fs::remove_dir_all(data.path().join("graph")).expect("the graph goes");
    let node = Node::start_in(data, &["--bare"]);
    assert_eq!(node.select("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"), ["600"]);
    assert_eq!(Verdict::of(node.stop().1.path()).assert_agrees(), before);
}

#[test]
fn a_graph_ahead_of_its_log_is_told_and_made_again() {
    let data = stopped(2);
    let (log, older) = (data.path().join("log.sqlite"), data.path().join("older.sqlite"));
    let before = Verdict::of(data.path()).assert_agrees();
    fs::copy(&log, &older).expect("a backup of the log");
    let node = Node::start_in(data, &["--bare"]);
    put(&node, 9, 50);
    let data = node.stop().1;
    let (log, older) = (data.path().join("log.sqlite"), older);
    fs::rename(older, log).expect("the backup is put back");
    let told = ["the graph holds change 3, but the log ends at 2", "familylab rebuild"];
    ended(data.path(), &SERVE_BARE).assert_fails_saying(&told);
    assert_eq!(ended(data.path(), &["rebuild"]).code, Some(0));
    assert_eq!(Verdict::of(data.path()).assert_agrees(), before);
}

#[test]
fn a_second_process_on_a_data_folder_fails_at_once() {
    let node = Node::start(&["--bare"]);
    let file = node.data.path().join("few.nt");
    fs::write(&file, lines("few", 1, 1)).expect("a file");
    let told = ["another process uses the data folder", "stop it, or choose another folder"];
    let import = ["import", "few.nt", "--source", "prova"];
    for arguments in [&SERVE_BARE[..], &import, &["verify"], &["rebuild"]] {
        let start = Instant::now();
        ended(node.data.path(), arguments).assert_fails_saying(&told);
        assert!(start.elapsed() < Duration::from_secs(10), "{arguments:?} waited");
    }
    put(&node, 1, 1);
}

#[test]
fn a_folder_goes_on_as_what_it_was_made() {
    let bare = stopped(1);
    let told = ["made with mode = \"bare\"", "another folder"];
    ended(bare.path(), &SERVE).assert_fails_saying(&told);
    let node = Node::start(&[]).stop().1;
    let told = ["made with mode = \"node\"", "another folder"];
    ended(node.path(), &SERVE_BARE).assert_fails_saying(&told);
    let elsewhere = ["serve", "--listen", "127.0.0.1:0", "--base-url", "https://altro.example"];
    let told = ["made with base_url", BASE, "https://altro.example", "identifiers never change"];
    ended(node.path(), &elsewhere).assert_fails_saying(&told);
    Verdict::of(node.path()).assert_agrees();
}
