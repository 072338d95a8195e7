//! Commands killed at random moments leave log and graph in agreement, and all of their work or
//! nothing. FAMILYLAB_TEST_SEED repeats a run's dice.

use crate::support::kill::{dice, kill_after};
use crate::support::{Node, Verdict, actor, run, vocabulary};
use rand::Rng;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often each command is killed.
const KILLS: usize = 4;
const RECORDS: usize = 2000;

fn hash(data: &Path) -> String {
    Verdict::of(data).assert_agrees()
}

/// Moments between the start and the end of what took so long, one in each part of it.
fn moments(took: Duration) -> Vec<Duration> {
    let mut dice = dice();
    let part = took / u32::try_from(KILLS).expect("a small number");
    (0..KILLS).map(|number| part.mul_f64(number as f64 + dice.random_range(0.0..1.0))).collect()
}

#[test]
fn a_first_start_killed_anywhere_is_ended_by_the_next() {
    let serve = ["serve", "--listen", "127.0.0.1:0", "--demo"];
    let start = Instant::now();
    let whole = Node::start(&["--demo"]);
    let took = start.elapsed();
    let whole = hash(whole.stop().1.path());
    for moment in moments(took) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        kill_after(folder.path(), &serve, moment);
        let node = Node::start_in(folder, &["--demo"]);
        assert_eq!(hash(node.stop().1.path()), whole, "killed after {moment:?}");
    }
}

#[test]
fn an_import_killed_anywhere_keeps_all_or_nothing() {
    let text: String = (0..RECORDS).map(|number| actor(&format!("prova-{number}"))).collect();
    let import = ["import", "dati.nt", "--source", "prova"];
    let prepared = || {
        let folder = vocabulary();
        fs::write(folder.path().join("dati.nt"), &text).expect("room on the disk");
        folder
    };
    let folder = prepared();
    let before = hash(folder.path());
    let start = Instant::now();
    run(folder.path(), &import).accepted();
    let took = start.elapsed();
    let after = hash(folder.path());
    for moment in moments(took) {
        let folder = prepared();
        kill_after(folder.path(), &import, moment);
        let left = hash(folder.path());
        assert!([&before, &after].contains(&&left), "killed after {moment:?}");
        run(folder.path(), &import).accepted();
        assert_eq!(hash(folder.path()), after, "killed after {moment:?}");
    }
}

#[test]
fn a_rebuild_killed_anywhere_leaves_a_whole_graph() {
    let folder = vocabulary();
    let before = hash(folder.path());
    let start = Instant::now();
    run(folder.path(), &["rebuild"]).accepted();
    for moment in moments(start.elapsed()) {
        kill_after(folder.path(), &["rebuild"], moment);
        assert_eq!(hash(folder.path()), before, "killed after {moment:?}");
    }
    let left =
        fs::read_dir(folder.path()).expect("the folder").map(|entry| entry.expect("an entry"));
    let left: Vec<String> =
        left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(!left.iter().any(|name| name.starts_with("graph.")), "{left:?}");
}
