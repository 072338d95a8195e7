//! What each client is given of the catalogue: a format it can read, or the page for people; nothing
//! where it has it already.

use crate::support::{Node, demo, syntax};
use reqwest::blocking::Response;
use reqwest::redirect::Policy;

/// What the node publishes may come a moment after it is written.
#[track_caller]
fn published(node: &Node) {
    let ready: serde_json::Value = node.get("/ready", "*/*").json().expect("JSON");
    let answer = node.get(&format!("/catalog?min-seq={}", ready["seq"]), "text/turtle");
    assert_eq!(answer.status(), 200);
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().expect("a text"))
}

#[test]
fn each_client_gets_what_it_can_read() {
    const BROWSER: &str =
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
    let clients: [(&str, Option<&str>, &str); 22] = [
        ("curl, wget, CKAN, python-requests", Some("*/*"), "rdf"),
        ("a client that says nothing", None, "rdf"),
        ("Firefox", Some(BROWSER), "page"),
        (
            "Chrome",
            Some(
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
            ),
            "page",
        ),
        ("Safari", Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), "page"),
        (
            "Googlebot",
            Some(
                "text/html,application/xhtml+xml,application/signed-exchange;v=b3,application/xml;q=0.9,*/*;q=0.8",
            ),
            "page",
        ),
        (
            "Lynx",
            Some("text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01"),
            "page",
        ),
        ("a script that wants a page", Some("text/html"), "page"),
        ("Java URLConnection", Some("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"), "rdf"),
        (
            "Java URLConnection since 18",
            Some("text/html, image/gif, image/jpeg, */*; q=0.2"),
            "rdf",
        ),
        (
            "rdflib",
            Some("application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1"),
            "rdf",
        ),
        (
            "rdflib, auto",
            Some("text/turtle, application/rdf+xml, application/n-triples;q=0.9, */*;q=0.1"),
            "rdf",
        ),
        (
            "Jena",
            Some(
                "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3",
            ),
            "ttl",
        ),
        ("RDF4J", Some("application/rdf+xml;q=0.8, text/turtle, application/ld+json;q=0.9"), "ttl"),
        (
            "Comunica",
            Some(
                "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,text/html;q=0.2",
            ),
            "jsonld",
        ),
        (
            "LDES client",
            Some("application/trig;q=0.5, text/turtle;q=0.9, application/ld+json;q=0.8"),
            "ttl",
        ),
        (
            "R rdflib (Raptor)",
            Some("application/rdf+xml, text/turtle;q=0.9, application/n-triples;q=0.6, */*;q=0.1"),
            "rdf",
        ),
        ("OpenRefine", Some("application/rdf+xml, text/turtle;q=0.5"), "rdf"),
        (
            "data.europa.eu",
            Some("application/rdf+xml, application/ld+json;q=0.5, text/turtle;q=0.5"),
            "rdf",
        ),
        ("jsonld.js", Some("application/ld+json, application/json"), "jsonld"),
        ("a JSON client", Some("application/json, text/plain, */*"), "jsonld"),
        ("an XML client", Some("text/xml, application/xml"), "rdf"),
    ];
    published(demo());
    let client = reqwest::blocking::Client::builder().redirect(Policy::none()).build().unwrap();
    for (name, accept, wanted) in clients {
        let mut request = client.get(demo().url("/catalog"));
        if let Some(accept) = accept {
            request = request.header("Accept", accept);
        }
        let answer = request.send().expect("an answer");
        let vary = header(&answer, "vary").to_lowercase();
        assert!(vary.contains("accept") && vary.contains("accept-profile"), "{name}: {vary}");
        if wanted == "page" {
            assert_eq!(answer.status(), 303, "{name}");
            assert!(header(&answer, "location").ends_with("/dati"), "{name}");
            continue;
        }
        assert_eq!(answer.status(), 200, "{name}");
        let media = header(&answer, "content-type").to_owned();
        let format = oxigraph::io::RdfFormat::from_media_type(&media).expect("RDF");
        assert_eq!(format, syntax(wanted), "{name}: {media}");
    }
    let refused = demo().get("/catalog", "image/png");
    assert_eq!(refused.status(), 406);
    let text = refused.text().expect("a text");
    assert!(text.contains("text/turtle") && text.contains("application/rdf+xml"), "{text}");
}

#[test]
fn a_client_that_has_it_is_told_so() {
    published(demo());
    let answer = demo().get("/catalog.ttl", "*/*");
    let (etag, modified) = (header(&answer, "etag"), header(&answer, "last-modified"));
    assert!(etag.starts_with('"') && modified.ends_with(" GMT"), "{etag} {modified}");
    let ask = |name: &str, value: &str| {
        let request = demo().client.get(demo().url("/catalog.ttl")).header(name, value);
        request.send().expect("an answer").status().as_u16()
    };
    assert_eq!(ask("If-None-Match", etag), 304);
    assert_eq!(ask("If-None-Match", "\"other\""), 200);
    assert_eq!(ask("If-Modified-Since", modified), 304);
    assert_eq!(ask("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"), 200);
}
