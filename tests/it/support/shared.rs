//! What tests share, so that each need not load the vocabularies again: one demonstration node,
//! and data folders that are copies of one.

use super::node::Node;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The address in which the identifiers of a second node begin.
pub const ELSEWHERE: &str = "http://raccolta.example";

/// The demonstration node of all tests that only read.
pub fn demo() -> &'static Node {
    static NODE: OnceLock<Node> = OnceLock::new();
    NODE.get_or_init(|| {
        let node = Node::start(&["--demo"]);
        node.indexed();
        clean_up_at_the_end(node.data.path(), Some(node.pid()));
        node
    })
}

/// A data folder as a first start leaves it: vocabularies and territory, no catalogue.
pub fn vocabulary() -> TempDir {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    copy_of(&FOLDER, &[])
}

/// The same of a node whose identifiers begin elsewhere, as those of [`ELSEWHERE`] do.
pub fn elsewhere() -> TempDir {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    copy_of(&FOLDER, &[("FAMILYLAB_BASE_URL", ELSEWHERE)])
}

fn copy_of(first: &OnceLock<TempDir>, settings: &[(&str, &str)]) -> TempDir {
    let first = first.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (status, folder) = Node::start_with(folder, &[], settings).stop();
        assert!(status.success(), "{status}");
        clean_up_at_the_end(folder.path(), None);
        folder
    });
    let copy = tempfile::tempdir().expect("a temporary folder");
    copy_into(first.path(), copy.path());
    copy
}

fn copy_into(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).expect("a folder");
            copy_into(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Statics are never dropped; a shell that reads until this process is gone tidies up after it.
fn clean_up_at_the_end(folder: &Path, pid: Option<u32>) {
    let script = "trap '' INT; read -r _; [ -z \"$2\" ] || kill -9 \"$2\"; rm -rf \"$1\"";
    let shell = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(folder)
        .args(pid.map(|pid| pid.to_string()))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    std::mem::forget(shell);
}
