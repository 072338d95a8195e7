//! Starts, asks and stops a node.

use reqwest::blocking::{Client, Response};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The admin token of every test node.
pub const TOKEN: &str = "a-token-for-tests";

/// The program, with an environment that holds nothing of the tester's own.
pub fn familylab(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_familylab"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FAMILYLAB_")) {
        command.env_remove(name);
    }
    command.env("FAMILYLAB_DATA", data).env("FAMILYLAB_ADMIN_TOKEN", TOKEN);
    command.current_dir(data);
    command
}

/// A running node. Dropped, it is killed.
pub struct Node {
    pub data: TempDir,
    pub address: String,
    pub client: Client,
    child: Child,
    /// Open as long as the node runs, so that it can always write.
    _stdout: BufReader<ChildStdout>,
}

impl Node {
    /// Starts a node with these arguments of `serve` on an empty data folder.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().expect("a temporary folder"), arguments)
    }

    /// Starts a node on a data folder that may already hold something.
    pub fn start_in(data: TempDir, arguments: &[&str]) -> Self {
        Self::start_with(data, arguments, &[])
    }

    /// Starts a node with settings of its own.
    pub fn start_with(data: TempDir, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let mut child = familylab(data.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("standard output is piped"));
        stdout.read_line(&mut line).expect("the first line is the address");
        assert!(line.starts_with("http://"), "the node did not start: {line:?}");
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let node = Self { data, address: line.trim().to_owned(), client, child, _stdout: stdout };
        node.settle();
        node
    }

    /// Waits until the rules have seen every change; a plain store has none.
    #[track_caller]
    pub fn settle(&self) {
        let start = Instant::now();
        loop {
            let ready: Value = self.get("/ready", "*/*").json().expect("JSON");
            if ready["inferred"].is_null() || ready["inferred"] == ready["seq"] {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{ready}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the search index shows every change.
    #[track_caller]
    pub fn indexed(&self) {
        self.reached("indexed");
    }

    /// Waits until every change is published.
    #[track_caller]
    pub fn published(&self) {
        self.reached("published");
    }

    #[track_caller]
    fn reached(&self, what: &str) {
        let start = Instant::now();
        loop {
            let ready: Value = self.get("/ready", "*/*").json().expect("JSON");
            if ready[what] == ready["seq"] {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(120), "{ready}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// An address of this node.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// GET with an Accept header.
    pub fn get(&self, path: &str, accept: &str) -> Response {
        self.client.get(self.url(path)).header("Accept", accept).send().expect("an answer")
    }

    /// The rows of a SELECT as CSV, sorted, without the heading.
    pub fn select(&self, query: &str) -> Vec<String> {
        let answer = self
            .client
            .post(self.url("/sparql"))
            .header("Accept", "text/csv")
            .form(&[("query", query)])
            .send()
            .expect("an answer");
        let (status, text) = (answer.status(), answer.text().expect("a text"));
        assert!(status.is_success(), "{status}: {text}");
        let mut rows: Vec<String> = text.lines().skip(1).map(str::to_owned).collect();
        rows.sort_unstable();
        rows
    }

    /// Sends an update with the admin token.
    pub fn update(&self, update: &str) -> Response {
        self.client
            .post(self.url("/sparql"))
            .bearer_auth(TOKEN)
            .form(&[("update", update)])
            .send()
            .expect("an answer")
    }

    /// The number of the node's process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The largest resident memory of the node so far, in bytes.
    pub fn peak_memory(&self) -> u64 {
        peak_memory(self.pid()).expect("the node runs")
    }

    /// A number from `/metrics`.
    pub fn metric(&self, name: &str) -> f64 {
        let text = self.get("/metrics", "*/*").text().expect("a text");
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().expect("a number")
    }

    /// Asks the node to stop, waits until it has, and gives its data folder back.
    pub fn stop(mut self) -> (ExitStatus, TempDir) {
        self.ask_to_stop();
        let status = self.child.wait().expect("the node ends");
        let folder = tempfile::tempdir().expect("a temporary folder");
        (status, std::mem::replace(&mut self.data, folder))
    }

    /// Sends the signal by which a service manager stops a node.
    pub fn ask_to_stop(&self) {
        let kill = Command::new("kill").arg("-TERM").arg(self.pid().to_string()).status();
        assert!(kill.expect("kill runs").success());
    }

    /// Kills the node as a power cut would, and gives its data folder back.
    pub fn kill(mut self) -> TempDir {
        self.end();
        std::mem::replace(&mut self.data, tempfile::tempdir().expect("a temporary folder"))
    }

    fn end(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.end();
    }
}

/// The largest resident memory of a process so far, in bytes, while it runs.
pub fn peak_memory(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}
