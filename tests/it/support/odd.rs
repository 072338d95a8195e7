//! Servers on loopback that answer as they should not, or not at all: for tests of what asks others.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A server. Its threads end with the process.
pub struct Odd {
    pub address: String,
    asked: Arc<AtomicUsize>,
}

impl Odd {
    /// Does this with every connection, once a request is there; then the connection is closed.
    pub fn start(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (asked, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(answer));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let (count, answer) = (Arc::clone(&count), Arc::clone(&answer));
                thread::spawn(move || {
                    let request = request(&mut stream);
                    count.fetch_add(1, Ordering::SeqCst);
                    answer(&request, &mut stream);
                    let _ = stream.shutdown(Shutdown::Both);
                });
            }
        });
        Self { address, asked }
    }

    /// Writes the same to everybody.
    pub fn says(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::start(move |_, stream| write(stream, &text))
    }

    /// Writes this, then nothing more until the client has gone.
    pub fn hangs_after(text: &'static str) -> Self {
        Self::start(move |_, stream| {
            write(stream, text);
            let _ = stream.read(&mut [0; 1]);
        })
    }

    /// How many requests have come.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// An address of this server.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

/// A whole answer with a body, after which nothing more comes.
pub fn answer(status: &str, head: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{head}Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Writes what the client takes; it may have gone.
pub fn write(stream: &mut TcpStream, bytes: impl AsRef<[u8]>) {
    let _ = stream.write_all(bytes.as_ref());
}

/// The head of a request and the body that its length tells of.
fn request(stream: &mut TcpStream) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then(|| value.parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer) {
            Ok(read) if read > 0 => text.push_str(&String::from_utf8_lossy(&buffer[..read])),
            _ => return text,
        }
    }
}
