//! Downloading exported files: sizes, checksums, parts, conditions, and that an export stays a while.

use crate::dumps::{HASTY, exported, files};
use crate::support::{BASE, Node, competence, demo, vocabulary};
use reqwest::blocking::Response;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::process::Command;

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn header<'r>(answer: &'r Response, name: &str) -> &'r str {
    let value = answer.headers().get(name).unwrap_or_else(|| panic!("no {name}: {answer:?}"));
    value.to_str().expect("a text")
}

/// A file of the demonstration node, asked for with these headers.
fn ask(path: &str, headers: &[(&str, &str)]) -> Response {
    exported(demo());
    let request = demo().client.get(demo().url(path));
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.send().expect("an answer")
}

#[test]
fn what_is_downloaded_has_the_size_and_checksum_of_the_list() {
    let list = exported(demo());
    let sums = ask("/dump/SHA256SUMS", &[]).text().expect("a text");
    let folder = tempfile::tempdir().expect("a folder");
    for file in files(&list) {
        let name = file["name"].as_str().expect("a name");
        // The test client takes packed answers and unpacks them: here there must be none.
        let answer = ask(&format!("/dump/{name}"), &[("Accept-Encoding", "gzip, br, zstd")]);
        assert_eq!(answer.status(), 200, "{name}");
        assert!(!answer.headers().contains_key("content-encoding"), "{name}");
        let kind = if name.ends_with(".gz") {
            "application/gzip"
        } else {
            "text/csv; charset=utf-8; header=present"
        };
        assert_eq!(header(&answer, "content-type"), kind);
        assert_eq!(header(&answer, "accept-ranges"), "bytes");
        assert_eq!(header(&answer, "content-length"), file["bytes"].to_string());
        assert_eq!(
            header(&answer, "etag"),
            format!("\"{}\"", file["sha256"].as_str().expect("a sum"))
        );
        let bytes = answer.bytes().expect("bytes");
        assert_eq!(file["bytes"], bytes.len() as u64, "{name}");
        assert_eq!(file["sha256"], sha256(&bytes), "{name}");
        assert_eq!(file["url"], format!("{BASE}/dump/{name}"));
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, &bytes).expect("a file");
    }
    std::fs::write(folder.path().join("SHA256SUMS"), &sums).expect("a file");
    let checked = Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "SHA256SUMS"])
        .current_dir(folder.path())
        .status();
    assert!(checked.expect("sha256sum runs").success(), "{sums}");
    assert_eq!(sums.lines().count(), files(&list).len());
}

#[test]
fn parts_are_sent_as_they_were_asked_for() {
    let path = "/dump/all.nq.gz";
    let whole = ask(path, &[]).bytes().expect("bytes");
    let size = whole.len();
    let cases = [
        ("bytes=0-9".to_owned(), 0, 9),
        (format!("bytes={}-", size - 5), size - 5, size - 1),
        ("bytes=-7".to_owned(), size - 7, size - 1),
        (format!("bytes=3-{}", size * 2), 3, size - 1),
    ];
    for (range, first, last) in cases {
        let answer = ask(path, &[("Range", &range)]);
        assert_eq!(answer.status(), 206, "{range}");
        assert_eq!(header(&answer, "content-range"), format!("bytes {first}-{last}/{size}"));
        assert_eq!(header(&answer, "content-length"), (last - first + 1).to_string());
        assert_eq!(answer.bytes().expect("bytes"), whole[first..=last], "{range}");
    }
    let answer = ask(path, &[("Range", "bytes=0-3, 10-13, -4")]);
    assert_eq!(answer.status(), 206);
    let kind = header(&answer, "content-type").to_owned();
    let boundary = kind.strip_prefix("multipart/byteranges; boundary=").expect("several parts");
    let length: usize = header(&answer, "content-length").parse().expect("a number");
    let body = answer.bytes().expect("bytes");
    assert_eq!(body.len(), length);
    let mut expected = Vec::new();
    for (first, last) in [(0, 3), (10, 13), (size - 4, size - 1)] {
        expected.extend_from_slice(
            format!(
                "\r\n--{boundary}\r\nContent-Type: application/gzip\r\n\
                 Content-Range: bytes {first}-{last}/{size}\r\n\r\n"
            )
            .as_bytes(),
        );
        expected.extend_from_slice(&whole[first..=last]);
    }
    expected.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    assert_eq!(body, expected);
    let beyond = ask(path, &[("Range", &format!("bytes={size}-"))]);
    assert_eq!(beyond.status(), 416);
    assert_eq!(header(&beyond, "content-range"), format!("bytes */{size}"));
}

#[test]
fn conditions_and_head_are_answered_without_the_bytes() {
    let path = "/dump/attore.csv";
    let whole = ask(path, &[]);
    let (etag, date) =
        (header(&whole, "etag").to_owned(), header(&whole, "last-modified").to_owned());
    let bytes = whole.bytes().expect("bytes");
    for known in [("If-None-Match", etag.as_str()), ("If-Modified-Since", &date)] {
        let answer = ask(path, &[known]);
        assert_eq!(answer.status(), 304, "{known:?}");
        assert_eq!(header(&answer, "etag"), etag);
        assert!(answer.bytes().expect("bytes").is_empty());
    }
    assert_eq!(ask(path, &[("If-Match", "\"altro\"")]).status(), 412);
    let range = ("Range", "bytes=0-0");
    assert_eq!(ask(path, &[range, ("If-Range", &etag)]).status(), 206);
    assert_eq!(ask(path, &[range, ("If-Range", &date)]).status(), 206);
    let other = ask(path, &[range, ("If-Range", "\"altro\"")]);
    assert_eq!(other.status(), 200);
    assert_eq!(other.bytes().expect("bytes"), bytes);
    for path in [path, "/dump/", "/dump/SHA256SUMS", "/.well-known/void"] {
        let get = ask(path, &[]);
        let head = demo().client.head(demo().url(path)).send().expect("an answer");
        assert_eq!(head.status(), 200, "{path}");
        for name in ["etag", "content-type"] {
            assert_eq!(header(&head, name), header(&get, name), "{path}");
        }
        assert!(head.bytes().expect("bytes").is_empty());
        let known = ask(path, &[("If-None-Match", header(&get, "etag"))]);
        assert_eq!(known.status(), 304, "{path}");
    }
    let head = demo().client.head(demo().url(path)).header("Range", "bytes=0-0").send();
    let head = head.expect("an answer");
    assert_eq!(head.status(), 200);
    assert_eq!(header(&head, "content-length"), bytes.len().to_string());
}

#[test]
fn the_export_before_stays_and_what_never_was_is_told_apart() {
    let node = Node::start_with(vocabulary(), &[], &HASTY);
    let change = |number: u32| {
        let data = competence(&format!("prova-{number}"), &format!("\"Prova {number}\"@it"));
        let update = format!("INSERT DATA {{ GRAPH <{BASE}/graph/prova> {{ {data} }} }}");
        assert!(node.update(&update).status().is_success());
        exported(&node)
    };
    let lists: Vec<Value> = (0..3).map(change).collect();
    let get = |list: &Value, name: &str| node.get(&format!("/dump/{}/{name}", list["seq"]), "*/*");
    for list in &lists[1..] {
        let answer = get(list, "all.nq.gz");
        assert_eq!(answer.status(), 200);
        let sum = sha256(&answer.bytes().expect("bytes"));
        assert!(
            files(list).iter().any(|file| file["name"] == "all.nq.gz" && file["sha256"] == sum)
        );
        assert_eq!(get(list, "").json::<Value>().expect("JSON"), *list);
        assert_eq!(get(list, "SHA256SUMS").status(), 200);
    }
    assert_eq!(get(&lists[0], "all.nq.gz").status(), 410);
    for path in [
        "/dump/999999/all.nq.gz",
        "/dump/nulla.nq.gz",
        "/dump/../log.sqlite",
        "/dump/manifest.json",
        "/dump/%2e%2e/log.sqlite",
    ] {
        assert_eq!(node.get(path, "*/*").status(), 404, "{path}");
    }
}

#[test]
fn a_plain_store_exports_nothing() {
    let plain = Node::start(&["--bare"]);
    for path in ["/dump/", "/dump/all.nq.gz", "/.well-known/void"] {
        assert_eq!(plain.get(path, "text/turtle, application/json").status(), 404, "{path}");
    }
}
