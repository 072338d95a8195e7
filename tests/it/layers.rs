//! The house stays as it is drawn: files import lower layers only, and none grows too long.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms by layer, the lowest first. Rooms on one layer do not know each other.
const LAYERS: [&[&str]; 8] = [
    &["config", "vocab", "media", "iri"],
    &["net", "schema", "signing", "sparql"],
    &["engine", "store"],
    &["query", "search", "ingest", "generate", "entity", "infer"],
    &["federation", "overview", "publish", "services", "takedown"],
    &["app"],
    &["web"],
    &["cli"],
];

/// Files on layer 0 that others on it may use, since they are words and not work.
const WORDS: [&str; 1] = ["vocab"];

const LONGEST: usize = 400;

/// The files below some folders of the project with one of some extensions.
fn files(folders: &[&str], extensions: &[&str]) -> Vec<PathBuf> {
    fn walk(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("an entry").path();
            let extension = path.extension().and_then(|extension| extension.to_str());
            if path.is_dir() {
                walk(&path, extensions, found);
            } else if extension.is_some_and(|extension| extensions.contains(&extension)) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for folder in folders {
        let before = found.len();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), extensions, &mut found);
        assert!(found.len() > before, "nothing was found in {folder}");
    }
    found.sort();
    found
}

fn sources() -> Vec<PathBuf> {
    files(&["src"], &["rs"])
}

fn room(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let first = inside.expect("below src").components().next().expect("a name");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

/// The rooms that a file names after `crate::`, outside comments; a list may go over many lines.
fn imports(text: &str) -> BTreeSet<String> {
    let code: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut rooms = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => rooms.extend(heads(list)),
            None => rooms.extend(name(rest)),
        }
    }
    rooms
}

/// The first names of the parts of a `{…}` list; what is nested in it belongs to them.
fn heads(list: &str) -> Vec<String> {
    let (mut depth, mut heads, mut start) = (0, Vec::new(), 0);
    for (at, letter) in list.char_indices() {
        match letter {
            ',' | '}' if depth == 0 => {
                heads.extend(name(&list[start..at]));
                start = at + 1;
                if letter == '}' {
                    break;
                }
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    heads
}

fn name(text: &str) -> Option<String> {
    let end = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    text.trim().split(end).next().filter(|name| !name.is_empty()).map(str::to_owned)
}

#[test]
fn a_list_of_imports_is_read_over_many_lines() {
    let text = "use crate::{\n    iri::{Base, absolute},\n    // web::error\n    store,\n};\n\
                use crate::vocab;\nfn f() { crate::media::pick(crate::{cli as c, app}) }\n";
    let expected = ["app", "cli", "iri", "media", "store", "vocab"].map(str::to_owned);
    assert_eq!(imports(text), BTreeSet::from(expected));
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
    let written = files(&["src", "tests", "benches", ".ci"], &["rs", "py"]);
    let long: Vec<String> = written
        .into_iter()
        .map(|path| (fs::read_to_string(&path).expect("a text").lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
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
