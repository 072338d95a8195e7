//! A disk that is full: what was acknowledged stays, what was not is refused with the reason, and
//! all goes on once there is room.

use crate::support::load::{BASE, lines};
use crate::support::{Node, TOKEN, Verdict, actor, run, skipped, vocabulary};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small disk at a folder, taken away at the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn at(folder: &Path, size: &str) -> Option<Self> {
        let size = format!("size={size}");
        let mut mount = Command::new("mount");
        let mount = mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder);
        if mount.status().is_ok_and(|status| status.success()) {
            return Some(Self(folder.to_owned()));
        }
        skipped("a small tmpfs cannot be mounted here (only root may)");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What is left mounted shows in the failure to remove the folder.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn write_large(node: &Node, number: usize) -> (u16, String) {
    let text = format!("{number} ").repeat(50_000);
    let update = format!(
        "INSERT DATA {{ GRAPH <{BASE}/graph/full> {{ \
         <{BASE}/id/prova/full-{number}> <http://example.org/load#text> \"{text}\" }} }}"
    );
    let answer = node.update(&update);
    (answer.status().as_u16(), answer.text().expect("a text"))
}

fn held(node: &Node) -> usize {
    let rows = node.select("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }");
    rows[0].parse().expect("a count")
}

#[test]
fn a_full_disk_refuses_writes_keeps_reads_and_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(disk) = SmallDisk::at(folder.path(), "48m") else { return };
    let ballast = folder.path().join("ballast");
    fs::write(&ballast, vec![0; 16 << 20]).expect("the disk has room for it");
    let node = Node::start_in(folder, &["--bare"]);
    let mut kept = 0;
    let (status, text) = loop {
        let answer = write_large(&node, kept);
        if answer.0 != 204 {
            break answer;
        }
        kept += 1;
        assert!(kept < 1000, "the disk never fills");
    };
    println!("after {kept} writes: {status} {text}");
    assert!([503, 507].contains(&status), "{status}: {text}");
    assert!(text.contains("disk") || text.contains("space"), "{text}");
    let now = held(&node);
    assert!(now >= kept, "{now} of {kept} acknowledged writes can be read");
    for _ in 0..3 {
        assert_ne!(write_large(&node, 5000).0, 204, "the disk is still full");
        assert!(held(&node) >= kept);
    }
    fs::remove_file(ballast).expect("the ballast goes");
    // RocksDB stops writing at a full disk until it is opened again.
    let node = Node::start_in(node.kill(), &["--bare"]);
    assert_eq!(write_large(&node, 6000).0, 204);
    let after = held(&node);
    assert!(after > kept, "{after} of {kept} and one more");
    let node = Node::start_in(node.kill(), &["--bare"]);
    assert_eq!(held(&node), after);
    let folder = node.stop().1;
    Verdict::of(folder.path()).assert_agrees();
    drop(disk);
}

/// Fills a disk but for so many bytes.
fn fill(ballast: &Path, left: u64) {
    let mut file = File::create(ballast).expect("a file");
    let piece = [0; 1 << 16];
    while file.write_all(&piece).is_ok() {}
    let length = file.metadata().expect("its length").len();
    file.set_len(length - left).expect("it can be shortened");
}

#[test]
fn an_import_that_fills_the_disk_keeps_nothing_and_works_once_there_is_room() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(disk) = SmallDisk::at(folder.path(), "256m") else { return };
    let first = vocabulary();
    let copy = Command::new("cp").arg("-r").arg(first.path().join(".")).arg(folder.path()).status();
    assert!(copy.expect("cp runs").success());
    let text: String = (0..20_000).map(|number| actor(&format!("prova-{number}"))).collect();
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let file = elsewhere.path().join("molti.nt");
    fs::write(&file, text).expect("room on the disk");
    let import = ["import", file.to_str().expect("a plain name"), "--source", "prova"];
    let before = Verdict::of(folder.path()).assert_agrees();
    let ballast = folder.path().join("ballast");
    fill(&ballast, 6 << 20);
    let said = run(folder.path(), &import).refused().said();
    assert!(said.contains("disk") || said.contains("space"), "{said}");
    fs::remove_file(ballast).expect("the ballast goes");
    assert_eq!(Verdict::of(folder.path()).assert_agrees(), before, "{said}");
    run(folder.path(), &import).accepted();
    assert_ne!(Verdict::of(folder.path()).assert_agrees(), before);
    drop(disk);
}

#[test]
fn an_upload_too_large_for_the_temporary_files_is_told_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(disk) = SmallDisk::at(folder.path(), "16m") else { return };
    let small = folder.path().to_str().expect("a plain name").to_owned();
    let data = tempfile::tempdir().expect("a temporary folder");
    let node = Node::start_with(data, &["--bare"], &[("TMPDIR", &small)]);
    let put = |records: usize| {
        let put = node.client.put(node.url("/graph/grande")).bearer_auth(TOKEN);
        let put = put.header("Content-Type", "application/n-triples");
        let answer = put.body(lines("full", 1, records)).send().expect("an answer");
        (answer.status().as_u16(), answer.text().expect("a text"))
    };
    // The first is too large as it comes, the second when it is sorted.
    for records in [80_000, 40_000] {
        let (status, text) = put(records);
        assert_eq!(status, 507, "{records}: {text}");
        assert!(text.contains("disk") && text.contains("nothing of this request"), "{text}");
    }
    assert_eq!(put(10).0, 201, "there is room again");
    drop(node);
    drop(disk);
}
