//! The examples of README.md work as they stand: only the address of the node is another one.

use crate::support::{Node, familylab, skipped, vocabulary};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The blocks of commands in README.md, in their order.
fn examples() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("README.md")).expect("the README");
    let mut blocks: Vec<String> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix("    ") {
            Some(line) if inside => {
                let block = blocks.last_mut().expect("a block has begun");
                *block += &format!("\n{line}");
            }
            Some(line) => blocks.push(line.to_owned()),
            None => {}
        }
        inside = line.starts_with("    ");
    }
    blocks
}

/// Runs a command in the project's folder, as a reader would, and gives what it prints.
fn printed(command: &str, mut shell: Command) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_familylab"));
    let path = std::env::var("PATH").expect("a path");
    let folder = program.parent().expect("a folder").display();
    shell
        .env("PATH", format!("{folder}:{path}"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["-c", command]);
    let output = shell.output().expect("a shell");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}\n{text}{error}");
    assert!(!text.trim().is_empty(), "{command}\nprints nothing");
    text
}

#[test]
fn every_request_is_answered() {
    if Command::new("curl").arg("--version").output().is_err() {
        return skipped("curl is not installed");
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let node = Node::start_with(folder, &["--demo"], &[("FAMILYLAB_ADMIN_TOKEN", "secret")]);
    node.indexed();
    crate::dumps::exported(&node);
    let requests = examples().into_iter().filter(|block| block.starts_with("curl "));
    let mut answered = 0;
    for request in requests {
        // The address of the request, not the identifiers that it speaks of.
        let here = request.replace(" http://localhost:7070", &format!(" {}", node.address));
        assert!(here.contains(&node.address), "{request}");
        let here = here.replacen("curl ", "curl --silent --show-error --fail-with-body ", 1);
        let text = printed(&here, Command::new("sh"));
        if request.contains("text/csv") {
            assert!(text.lines().count() > 1, "{request}\nfinds nothing: {text}");
        }
        if request.contains("/explain") {
            let reasons: Value = serde_json::from_str(&text).expect("JSON");
            let inferred = reasons["inferred"].as_array().expect("a list");
            assert!(!inferred.is_empty(), "{request}\n{text}");
        }
        if request.contains("-X PUT") {
            assert!(text.to_lowercase().contains("familylab-seq:"), "{text}");
        }
        answered += 1;
    }
    assert!(answered >= 5, "{answered} requests in README.md");
}

#[test]
fn every_command_runs() {
    let folder = vocabulary();
    let commands = examples().into_iter().filter(|block| block.starts_with("familylab "));
    let mut ran = 0;
    for command in commands {
        let mut shell = Command::new("sh");
        let settings = familylab(folder.path());
        for (name, value) in settings.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        printed(&command, shell);
        ran += 1;
    }
    assert!(ran >= 1, "no command in README.md");
}
