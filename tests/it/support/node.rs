//! Starts, asks and stops a node.

use reqwest::blocking::{Client, Response};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
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
    /// Kept open: a node whose standard output is closed cannot announce itself.
    _stdout: BufReader<ChildStdout>,
}

impl Node {
    /// Starts a node with these arguments of `serve` on an empty data folder.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().expect("a temporary folder"), arguments)
    }

    /// Starts a node on a data folder that may already hold something.
    pub fn start_in(data: TempDir, arguments: &[&str]) -> Self {
        let mut child = familylab(data.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("standard output is piped");
        let mut stdout = BufReader::new(stdout);
        stdout.read_line(&mut line).expect("the first line is the address");
        assert!(line.starts_with("http://"), "the node did not start: {line:?}");
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self { data, address: line.trim().to_owned(), client, child, _stdout: stdout }
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
