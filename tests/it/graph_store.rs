//! The Graph Store Protocol: graphs read, replaced, added to and deleted over HTTP.

use crate::support::{BASE, Node, TOKEN, actor, competence, graph, parse, syntax, vocabulary};
use reqwest::Method;
use reqwest::blocking::{RequestBuilder, Response};

fn send(node: &Node, method: Method, path: &str) -> RequestBuilder {
    node.client.request(method, node.url(path)).bearer_auth(TOKEN)
}

fn upload(node: &Node, method: Method, path: &str, media: &str, body: &str) -> Response {
    let request = send(node, method, path).header("Content-Type", media);
    request.body(body.to_owned()).send().expect("an answer")
}

#[track_caller]
fn expect(response: Response, status: u16) -> String {
    let (given, text) = (response.status(), response.text().expect("a text"));
    assert_eq!(given, status, "{text}");
    text
}

fn held(node: &Node, path: &str) -> oxigraph::model::Dataset {
    parse(expect(node.get(path, "application/n-triples"), 200), syntax("nt"))
}

fn indirect(source: &str) -> String {
    format!("/graphs?graph={}", graph(source).replace(':', "%3A").replace('/', "%2F"))
}

const N_TRIPLES: &str = "application/n-triples";

#[test]
fn put_makes_a_graph_and_then_replaces_it() {
    let node = Node::start_in(vocabulary(), &[]);
    let (first, second) = (competence("ascolto", "\"Ascolto\"@it"), actor("prova"));
    expect(node.get("/graph/prova", "*/*"), 404);
    expect(upload(&node, Method::PUT, "/graph/prova", N_TRIPLES, &first), 201);
    assert_eq!(held(&node, "/graph/prova"), parse(&first, syntax("nt")));
    expect(upload(&node, Method::PUT, "/graph/prova", N_TRIPLES, &second), 204);
    assert_eq!(held(&node, "/graph/prova"), parse(&second, syntax("nt")));
    assert_eq!(held(&node, &indirect("prova")), parse(&second, syntax("nt")));
}

#[test]
fn post_adds_to_a_graph_and_makes_a_new_one_where_none_is_named() {
    let node = Node::start_in(vocabulary(), &[]);
    let (first, second) = (competence("ascolto", "\"Ascolto\"@it"), actor("prova"));
    let path = indirect("prova");
    expect(upload(&node, Method::POST, &path, N_TRIPLES, &first), 201);
    expect(upload(&node, Method::POST, &path, N_TRIPLES, &second), 204);
    let both = parse(format!("{first}{second}"), syntax("nt"));
    assert_eq!(held(&node, "/graph/prova"), both);
    // The same record from another body is replaced by record, not merged triple by triple.
    let seq = node.metric("familylab_applied_seq");
    expect(upload(&node, Method::POST, &path, N_TRIPLES, &first), 204);
    assert_eq!(node.metric("familylab_applied_seq"), seq, "nothing new, no change");

    let made =
        upload(&node, Method::POST, "/graphs", N_TRIPLES, &competence("cura", "\"Cura\"@it"));
    assert_eq!(made.status(), 201);
    let location = made.headers()["location"].to_str().expect("a plain header").to_owned();
    let path = location.strip_prefix(BASE).expect("an address of this node");
    assert_eq!(held(&node, path).len(), 3);
}

#[test]
fn delete_takes_the_graph_and_its_records_away() {
    let node = Node::start_in(vocabulary(), &[]);
    expect(upload(&node, Method::PUT, "/graph/prova", N_TRIPLES, &actor("prova")), 201);
    expect(send(&node, Method::DELETE, "/graph/prova").send().expect("an answer"), 204);
    expect(node.get("/graph/prova", "*/*"), 404);
    expect(send(&node, Method::DELETE, "/graph/prova").send().expect("an answer"), 404);
    assert!(node.select(&format!("SELECT ?p {{ <{BASE}/id/attore/prova> ?p ?o }}")).is_empty());
    let (status, data) = node.stop();
    assert!(status.success());
    let verified = crate::support::run(data.path(), &["verify"]).accepted();
    assert!(verified.out.contains("agrees"), "{}", verified.out);
}

#[test]
fn every_syntax_can_be_sent_and_read_back() {
    let node = Node::start_in(vocabulary(), &[]);
    let wanted = parse(actor("prova"), syntax("nt"));
    expect(upload(&node, Method::PUT, "/graph/prova", N_TRIPLES, &actor("prova")), 201);
    for (media, extension) in [
        ("text/turtle", "ttl"),
        ("application/rdf+xml", "rdf"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
    ] {
        let text = expect(node.get("/graph/prova", media), 200);
        assert_eq!(parse(&text, syntax(extension)), wanted, "{media}");
        expect(
            upload(&node, Method::PUT, "/graph/copia", media, &text),
            match extension {
                "ttl" => 201,
                _ => 204,
            },
        );
        assert_eq!(held(&node, "/graph/copia"), wanted, "{media}");
    }
    expect(node.get("/graph/prova", "image/png"), 406);
    let by_name = node.get("/graph/prova?format=rdf", "text/turtle");
    assert!(by_name.headers()["content-type"].to_str().expect("plain").contains("rdf+xml"));
}

#[test]
fn head_tells_what_get_would_and_a_known_tag_is_not_sent_again() {
    let node = Node::start_in(vocabulary(), &[]);
    let head = |path: &str| {
        let request = node.client.head(node.url(path)).header("Accept", "text/turtle");
        request.send().expect("an answer")
    };
    assert_eq!(head("/graph/prova").status(), 404);
    expect(upload(&node, Method::PUT, "/graph/prova", N_TRIPLES, &actor("prova")), 201);
    node.settle();
    let answer = head("/graph/prova");
    assert_eq!(answer.status(), 200);
    let tag = answer.headers()["etag"].clone();
    assert_eq!(answer.text().expect("no text"), "");
    let request = node.client.get(node.url("/graph/prova")).header("Accept", "text/turtle");
    let again = request.header("If-None-Match", tag).send().expect("an answer");
    assert_eq!(again.status(), 304);
}

/// Sends a form with one file. RFC 7578.
fn send_form(node: &Node, path: &str, media: &str, text: &str) -> Response {
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"dati\"";
    let body = format!("--rim\r\n{head}\r\nContent-Type: {media}\r\n\r\n{text}\r\n--rim--\r\n");
    upload(node, Method::POST, path, "multipart/form-data; boundary=rim", &body)
}

#[test]
fn a_form_carries_a_file() {
    let node = Node::start_in(vocabulary(), &[]);
    expect(send_form(&node, "/graph/prova", N_TRIPLES, &actor("prova")), 201);
    assert_eq!(held(&node, "/graph/prova"), parse(actor("prova"), syntax("nt")));
    expect(send_form(&node, "/graph/prova", "image/png", "x"), 415);
    let form = "multipart/form-data; boundary=rim";
    expect(upload(&node, Method::POST, "/graph/prova", form, "--rim--\r\n"), 400);
    expect(upload(&node, Method::POST, "/graph/prova", form, "not a form"), 400);
    expect(upload(&node, Method::POST, "/graph/prova", "multipart/form-data", "x"), 400);
}

#[test]
fn a_graph_that_may_not_be_written_is_refused() {
    let node = Node::start_in(vocabulary(), &[]);
    let seq = node.metric("familylab_applied_seq");
    for path in [
        "/graph/vocabulary",
        "/graph/territory",
        "/graph/inferred",
        "/graph/Con%20Spazi",
        "/graph/due/parti",
        "/graphs?default",
        "/graphs?graph=urn:altro",
        "/graphs?graph=urn:familylab:applied:3",
        "/graphs/altro",
    ] {
        for method in [Method::PUT, Method::POST] {
            let text = expect(upload(&node, method, path, N_TRIPLES, &actor("prova")), 409);
            assert!(text.contains("may not be written"), "{path}: {text}");
        }
        expect(send(&node, Method::DELETE, path).send().expect("an answer"), 409);
    }
    assert_eq!(node.metric("familylab_applied_seq"), seq);
    expect(node.get("/graphs?graph=urn:familylab:applied:2", "*/*"), 404);
}

#[test]
fn a_request_that_is_not_of_the_protocol_is_refused() {
    let node = Node::start_in(vocabulary(), &[]);
    expect(node.get("/graphs", "*/*"), 400);
    expect(node.get("/graphs?graph=relativo", "*/*"), 400);
    expect(node.get("/graphs?graph=urn:a&default", "*/*"), 400);
    expect(upload(&node, Method::PUT, "/graph/prova", "text/csv", "x"), 415);
    expect(upload(&node, Method::PUT, "/graph/prova", "application/pdf", "x"), 415);
    let nameless = send(&node, Method::PUT, "/graph/prova").body("x").send();
    expect(nameless.expect("an answer"), 415);
    let text =
        expect(upload(&node, Method::PUT, "/graph/prova", "text/turtle", "<a> <b>\n\n ."), 400);
    assert!(text.contains("line 3") || text.contains("on line"), "{text}");
    let bare = node.client.put(node.url("/graph/prova")).header("Content-Type", N_TRIPLES);
    expect(bare.body(actor("prova")).send().expect("an answer"), 401);
    let patch = send(&node, Method::PATCH, "/graph/prova").send().expect("an answer");
    assert_eq!(patch.status(), 405);
    assert!(patch.headers()["allow"].to_str().expect("plain").contains("PUT"));
    expect(node.get("/graph/prova", "*/*"), 404);
}

#[test]
fn what_does_not_fit_the_shapes_is_refused_whole() {
    let node = Node::start_in(vocabulary(), &[]);
    let mixed = format!("{}{}", actor("prova"), competence("muta", "\"\"@it"));
    let text = expect(upload(&node, Method::PUT, "/graph/prova", N_TRIPLES, &mixed), 422);
    assert!(text.contains("competenza/muta") && text.contains("findings"), "{text}");
    expect(node.get("/graph/prova", "*/*"), 404);
}

#[test]
fn an_upload_that_is_too_large_is_refused() {
    let settings = [("FAMILYLAB_UPLOAD_BYTES", "10000")];
    let node = Node::start_with(vocabulary(), &[], &settings);
    let body: String = (0..100).map(|number| actor(&format!("prova-{number}"))).collect();
    expect(upload(&node, Method::PUT, "/graph/prova", N_TRIPLES, &body), 413);
    expect(send_form(&node, "/graph/prova", N_TRIPLES, &body), 413);
    expect(node.get("/graph/prova", "*/*"), 404);
}

#[test]
fn a_packed_upload_is_refused_with_what_to_do() {
    let node = Node::start_in(vocabulary(), &[]);
    let upload = send(&node, Method::PUT, "/graph/prova").header("Content-Type", N_TRIPLES);
    let update =
        send(&node, Method::POST, "/sparql").header("Content-Type", "application/sparql-update");
    for request in [upload, update] {
        let packed = request.header("Content-Encoding", "gzip").body(vec![0x1f, 0x8b, 8, 0]);
        let answer = packed.send().expect("an answer");
        assert_eq!(answer.headers()["accept-encoding"], "identity");
        let text = expect(answer, 415);
        assert!(text.contains("gzip") && text.contains("unpacked"), "{text}");
    }
    let plain = send(&node, Method::PUT, "/graph/prova").header("Content-Type", N_TRIPLES);
    let plain = plain.header("Content-Encoding", "identity").body(actor("prova"));
    expect(plain.send().expect("an answer"), 201);
}

#[test]
fn a_page_from_elsewhere_may_write_with_a_token() {
    let node = Node::start_in(vocabulary(), &[]);
    for method in ["PUT", "DELETE"] {
        let request = node
            .client
            .request(Method::OPTIONS, node.url("/graph/prova"))
            .header("Origin", "https://altrove.example")
            .header("Access-Control-Request-Method", method)
            .header("Access-Control-Request-Headers", "authorization,content-type");
        let answer = request.send().expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
        let allowed = |name: &str| {
            let value = answer.headers()[name].to_str().expect("plain").to_lowercase();
            value.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>()
        };
        assert!(allowed("access-control-allow-methods").contains(&method.to_lowercase()));
        let headers = allowed("access-control-allow-headers");
        for name in ["authorization", "content-type", "accept", "if-none-match"] {
            assert!(headers.contains(&name.to_owned()), "{name}: {headers:?}");
        }
    }
}
