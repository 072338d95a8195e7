//! The house stays as it is drawn: files import lower layers only, and none grows too long.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms by layer, the lowest first. Rooms on one layer do not know each other.
const LAYERS: [&[&str]; 8] = [
    &["config", "vocab", "media", "iri"],
    &["schema", "sparql"],
    &["store"],
    &["query", "search", "ingest", "generate", "entity", "infer"],
    &["services"],
    &["app"],
    &["web"],
    &["cli"],
];

/// Files on layer 0 that others on it may use, since they are words and not work.
const WORDS: [&str; 1] = ["vocab"];

const LONGEST: usize = 400;

fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 30, "the sources were not found");
    found.sort();
    found
}

fn room(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let first = inside.expect("below src").components().next().expect("a name");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

/// The rooms that a file names after `crate::`, outside comments.
fn imports(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split("crate::").skip(1))
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => list.split(',').map(name).collect(),
            None => vec![name(rest)],
        })
        .filter(|name| !name.is_empty())
        .collect()
}

fn name(text: &str) -> String {
    let end = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    text.trim().split(end).next().unwrap_or_default().to_owned()
}

#[test]
fn every_file_imports_lower_layers_only() {
    let mut breaches = Vec::new();
    for path in sources() {
        let from = room(&path);
        if matches!(from.as_str(), "lib" | "main") {
            continue;
        }
        let own = layer(&from).unwrap_or_else(|| panic!("{from} is in no layer"));
        for to in imports(&fs::read_to_string(&path).expect("a text")) {
            let Some(other) = layer(&to) else { continue };
            let word = other == 0 && WORDS.contains(&to.as_str());
            if to != from && other >= own && !word {
                breaches.push(format!("{} imports {to}", path.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    let lengths: BTreeMap<PathBuf, usize> = sources()
        .into_iter()
        .map(|path| {
            let lines = fs::read_to_string(&path).expect("a text").lines().count();
            (path, lines)
        })
        .filter(|(_, lines)| *lines > LONGEST)
        .collect();
    assert!(lengths.is_empty(), "{lengths:#?}");
}

#[test]
fn mod_files_hold_mod_and_pub_use_only() {
    for path in sources() {
        if !matches!(path.file_name().and_then(|name| name.to_str()), Some("lib.rs" | "mod.rs")) {
            continue;
        }
        for line in fs::read_to_string(&path).expect("a text").lines() {
            let line = line.trim();
            let allowed =
                ["//", "mod ", "pub mod ", "pub(", "pub use ", "use ", "#[cfg", "#![", "}", ""];
            let listed = line.ends_with(',') || line.ends_with("};");
            assert!(
                listed
                    || allowed
                        .iter()
                        .any(|start| line == *start
                            || (!start.is_empty() && line.starts_with(start))),
                "{}: {line}",
                path.display()
            );
        }
    }
}
