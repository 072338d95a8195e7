//! The program itself, serving a plain SPARQL store on a port of its own.
//! Refuses to know what is asked of it.

use anyhow::{Context, Result, bail, ensure};
use oxigraph::io::RdfFormat;
use oxigraph::model::Graph;
use reqwest::Method;
use reqwest::blocking::Client;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use tempfile::TempDir;

/// Who may write.
const TOKEN: &str = "a token for the conformance tests";
/// How long the program may take to open, and how long to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running program; it ends with this.
pub struct Server {
    address: String,
    client: Client,
    child: Child,
    /// Kept open, for a program that cannot write to its standard output may stop.
    _stdout: BufReader<ChildStdout>,
    _folder: TempDir,
}

/// An answer, read to its end.
pub struct Reply {
    pub status: u16,
    pub content_type: Option<String>,
    /// The absolute address that the answer points to.
    pub location: Option<String>,
    pub body: Vec<u8>,
}

impl Server {
    /// Starts the program with an empty store and waits until it tells its address.
    pub fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        // The program must know its public address from the start, hence the port is chosen here.
        let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let log = folder.path().join("stderr.txt");
        let mut child = Command::new(env!("CARGO_BIN_EXE_familylab"))
            .args(["serve", "--bare", "--listen", &listen, "--data"])
            .arg(folder.path().join("data"))
            .env("FAMILYLAB_ADMIN_TOKEN", TOKEN)
            .env("FAMILYLAB_BASE_URL", format!("http://{listen}"))
            // Each test puts other data into the endpoints.
            .env("FAMILYLAB_FOREIGN_SUMMARY_AGE", "0")
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()?;
        let stdout = child.stdout.take().context("the standard output is piped")?;
        let Some((address, stdout)) = first_line(stdout) else {
            stop(&mut child);
            bail!("the server did not open: {}", std::fs::read_to_string(&log)?);
        };
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        Ok(Self { address, client, child, _stdout: stdout, _folder: folder })
    }

    /// The address of something it serves.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Sends a request, as somebody who may write, and reads the answer.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: Option<Vec<u8>>,
    ) -> Result<Reply> {
        let mut given = HeaderMap::new();
        given.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {TOKEN}"))?);
        for (name, value) in headers {
            given.insert(HeaderName::from_bytes(name.as_bytes())?, HeaderValue::from_str(value)?);
        }
        let url = self.url(path);
        let request =
            self.client.request(Method::from_bytes(method.as_bytes())?, &url).headers(given);
        let request = match body {
            Some(body) => request.body(body),
            None => request,
        };
        let response = request.send()?;
        let header = |name| -> Option<String> {
            let value: &HeaderValue = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let location = header(LOCATION).map(|to| response.url().join(&to)).transpose()?;
        Ok(Reply {
            status: response.status().as_u16(),
            content_type: header(CONTENT_TYPE),
            location: location.map(String::from),
            body: response.bytes()?.to_vec(),
        })
    }

    /// Takes everything out of the store.
    pub fn empty(&self) -> Result<()> {
        let kind = ("content-type".to_owned(), "application/sparql-update".to_owned());
        let reply = self.send("POST", "/sparql", &[kind], Some(b"DROP ALL".to_vec()))?;
        ensure!(reply.status < 300, "the store cannot be emptied: {}", reply.text());
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

impl Reply {
    /// The media type, without what follows it.
    pub fn media_type(&self) -> &str {
        let kind = self.content_type.as_deref().unwrap_or_default();
        kind.split(';').next().unwrap_or_default().trim()
    }

    /// The body as text, for complaints.
    pub fn text(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body))
    }

    /// The body as the graph that its media type says it is.
    pub fn graph(&self) -> Result<Graph> {
        let kind = self.media_type();
        let format =
            RdfFormat::from_media_type(kind).with_context(|| format!("{kind:?} is no RDF"))?;
        crate::results::graph(&self.body, format)
    }
}

/// Waits for the first line that the program prints.
fn first_line(stdout: ChildStdout) -> Option<(String, BufReader<ChildStdout>)> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        if stdout.read_line(&mut line).is_ok_and(|length| length > 0) {
            // Whoever waits may have given up.
            let _ = sender.send((line.trim_end().to_owned(), stdout));
        }
    });
    receiver.recv_timeout(PATIENCE).ok()
}

/// Ends the program; it may have ended by itself.
fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
