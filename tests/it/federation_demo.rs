//! The demonstration of the federation, as `make federation-demo` starts it but with three nodes:
//! what it prints to be tried works, and the nodes end with it.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// How many ports the script wants, one after the other.
const PORTS: u16 = 5;

/// The script while it runs; it ends its nodes when it is told to end.
struct Demo {
    child: Child,
    /// What it printed, line by line.
    printed: Vec<String>,
    _data: TempDir,
}

impl Demo {
    fn start(first: u16) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let mut child = script(first, &data).spawn().expect("bash is there");
        let stdout = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let mut printed = Vec::new();
        for line in stdout.lines() {
            printed.push(line.expect("text"));
            if printed.last().is_some_and(|line| line.starts_with("Ctrl+C")) {
                return Self { child, printed, _data: data };
            }
        }
        let status = child.wait().expect("it ended");
        panic!("it did not start ({status}):\n{}", printed.join("\n"));
    }

    /// What is printed between a line that begins so and the next empty one, to be pasted.
    fn told(&self, number: &str) -> String {
        let from = self.printed.iter().position(|line| line.starts_with(number));
        let lines = self.printed[from.expect("it is printed")..].iter();
        let lines: Vec<&str> =
            lines.skip_while(|line| !line.is_empty()).skip(1).map(String::as_str).collect();
        let lines: Vec<&str> = lines.into_iter().take_while(|line| !line.is_empty()).collect();
        lines.join("\n")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        // It may have ended already.
        let _ = Command::new("kill").arg(pid).status();
        let _ = self.child.wait();
    }
}

fn script(first: u16, data: &TempDir) -> Command {
    let mut command = Command::new("bash");
    command
        .args([".ci/federation-demo", env!("CARGO_BIN_EXE_familylab"), "comune", "terzo-settore"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("FEDERATION_DEMO_PORT", first.to_string())
        .env("FEDERATION_DEMO_DATA", data.path())
        .stdout(Stdio::piped());
    command
}

/// The first of some ports that nobody uses.
fn free() -> u16 {
    let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let mut firsts = (21_000..29_000).step_by(usize::from(PORTS));
    let from = usize::try_from(std::process::id()).expect("a small number") % 1_000;
    let first = firsts.nth(from).into_iter().chain(firsts);
    let mut first = first.filter(|first| (*first..first + PORTS).all(is_free));
    first.next().expect("there are free ports")
}

/// What a command that is pasted prints.
fn paste(command: &str) -> String {
    let ran = Command::new("bash").args(["-c", command]).output().expect("bash is there");
    assert!(ran.status.success(), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("text")
}

#[test]
fn what_the_demonstration_prints_can_be_pasted_and_does_what_it_says() {
    let first = free();
    let demo = Demo::start(first);
    let node = |place: u16| format!("http://localhost:{}", first + place);
    let question = demo.told("1.");
    let rows = paste(&question);
    // Each end of a row is on a node of its own, and has that node's address.
    let crossing = |line: &&str| {
        let cells: Vec<&str> = line.split(',').collect();
        cells[1].starts_with(cells[0]) && !cells[2].starts_with(cells[0])
    };
    assert!(rows.lines().skip(1).filter(crossing).count() > 1, "{rows}");
    assert!(rows.lines().skip(1).all(|line| crossing(&line)), "{rows}");
    let found: Value = serde_json::from_str(&paste(&demo.told("2."))).expect("JSON");
    let found = found.to_string();
    for place in [0, 3, 4] {
        assert!(found.contains(&node(place)), "{} is not in {found}", node(place));
    }
    let refused: Value = serde_json::from_str(&paste(&demo.told("3."))).expect("JSON");
    assert_eq!(refused["status"], 502, "{refused}");
    assert!(refused["detail"].as_str().is_some_and(|text| text.contains(&node(3))), "{refused}");
    let rest = paste(&question);
    assert!(rest.lines().count() < rows.lines().count(), "{rest}");
    drop(demo);
    for place in [0, 3, 4] {
        let gone = TcpListener::bind(("127.0.0.1", first + place));
        assert!(gone.is_ok(), "{} still runs", node(place));
    }
}

#[test]
fn a_port_that_is_taken_is_named_and_nothing_is_started() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port();
    let data = tempfile::tempdir().expect("a temporary folder");
    let ran = script(port, &data).stderr(Stdio::piped()).output().expect("bash is there");
    assert_eq!(ran.status.code(), Some(1));
    let text = String::from_utf8(ran.stderr).expect("text");
    assert!(text.contains(&port.to_string()) && text.contains("FEDERATION_DEMO_PORT"), "{text}");
    assert_eq!(data.path().read_dir().expect("a folder").count(), 0);
}
