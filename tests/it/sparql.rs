//! The SPARQL endpoint as its readers see it: ways to ask, formats, datasets, caching.

use crate::support::{BASE, Node, TOKEN, competence, demo, graph, parse, syntax, vocabulary};
use oxigraph::model::Term;
use reqwest::blocking::Response;
use reqwest::header::{HeaderMap, HeaderName};
use sparesults::{QueryResultsFormat, QueryResultsParser, SliceQueryResultsParserOutput};
use std::collections::BTreeSet;

const ACTORS: &str = "PREFIX fl: <https://w3id.org/familylab/ontology#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT ?actor ?name { ?actor a fl:PublicAdministration ; skos:prefLabel ?name }";
const LABELS: &str = "PREFIX fl: <https://w3id.org/familylab/ontology#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    CONSTRUCT { ?actor skos:prefLabel ?name ; fl:contactPoint [ skos:note ?name ] }
    WHERE { ?actor a fl:PublicAdministration ; skos:prefLabel ?name }";

fn ask(node: &Node, parameters: &[(&str, &str)], accept: &str) -> Response {
    let request = node.client.get(node.url("/sparql")).query(parameters);
    request.header("Accept", accept).send().expect("an answer")
}

#[track_caller]
fn text(response: Response) -> String {
    let (status, text) = (response.status(), response.text().expect("a text"));
    assert_eq!(status, 200, "{text}");
    text
}

fn header(headers: &HeaderMap, name: &str) -> String {
    let name: HeaderName = name.parse().expect("a header name");
    let lines = headers.get_all(name).iter().map(|line| line.to_str().expect("a plain header"));
    lines.collect::<Vec<_>>().join(", ").to_lowercase()
}

/// The rows of results, each as its terms one after the other.
fn rows(text: &str, format: QueryResultsFormat) -> BTreeSet<String> {
    let parser = QueryResultsParser::from_format(format);
    let results = parser.for_slice(text.as_bytes()).expect("results");
    let SliceQueryResultsParserOutput::Solutions(solutions) = results else {
        panic!("a truth value");
    };
    solutions
        .map(|row| {
            let row = row.expect("a row");
            row.values().iter().flatten().map(Term::to_string).collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn a_query_has_the_same_answer_by_address_by_form_and_directly() {
    let node = demo();
    let by_address = text(ask(node, &[("query", ACTORS)], "text/csv"));
    let by_form = node.client.post(node.url("/sparql")).form(&[("query", ACTORS)]);
    let direct = node.client.post(node.url("/sparql")).body(ACTORS);
    let direct = direct.header("Content-Type", "application/sparql-query; charset=utf-8");
    for request in [by_form, direct] {
        let answer = request.header("Accept", "text/csv").send().expect("an answer");
        assert_eq!(text(answer), by_address);
    }
    assert!(by_address.lines().count() > 10, "{by_address}");
}

#[test]
fn every_format_of_results_holds_the_same_rows() {
    let node = demo();
    let formats = [
        ("json", "application/sparql-results+json", QueryResultsFormat::Json),
        ("xml", "application/sparql-results+xml", QueryResultsFormat::Xml),
        ("tsv", "text/tab-separated-values", QueryResultsFormat::Tsv),
    ];
    let [json, xml, tsv] = formats.map(|(extension, media, format)| {
        let by_accept = ask(node, &[("query", ACTORS)], media);
        let content_type = header(by_accept.headers(), "content-type");
        assert!(content_type.starts_with(media), "{content_type}");
        let by_accept = text(by_accept);
        let by_name = text(ask(node, &[("query", ACTORS), ("format", extension)], "text/csv"));
        assert_eq!(rows(&by_name, format), rows(&by_accept, format));
        rows(&by_accept, format)
    });
    assert_eq!(json, xml);
    assert_eq!(json, tsv);
    let csv = text(ask(node, &[("query", ACTORS), ("format", "csv")], "*/*"));
    let mut csv = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(csv.headers().expect("a heading"), vec!["actor", "name"]);
    let rows: Vec<_> = csv.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), json.len());
}

#[test]
fn every_format_of_graphs_holds_the_same_graph() {
    let node = demo();
    let answer = |extension| text(ask(node, &[("query", LABELS), ("format", extension)], "*/*"));
    let triples = parse(answer("nt"), syntax("nt"));
    assert!(triples.len() > 20);
    for extension in ["ttl", "rdf", "jsonld", "nq", "trig"] {
        assert_eq!(parse(answer(extension), syntax(extension)), triples, "{extension}");
    }
    for (media, extension) in [
        ("text/turtle", "ttl"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/ld+json", "jsonld"),
    ] {
        let response = ask(node, &[("query", LABELS)], media);
        assert!(header(response.headers(), "content-type").starts_with(media));
        assert_eq!(parse(text(response), syntax(extension)), triples, "{media}");
    }
}

#[test]
fn ask_and_describe_answer_in_their_own_formats() {
    let node = demo();
    let yes = text(ask(node, &[("query", "ASK {}"), ("format", "json")], "*/*"));
    assert!(yes.contains("true"), "{yes}");
    let describe = format!("DESCRIBE <{BASE}/id/attore/comune-di-bari>");
    let turtle = text(ask(node, &[("query", &describe)], "text/turtle"));
    assert!(parse(turtle, syntax("ttl")).len() > 5);
}

#[test]
fn a_format_that_cannot_be_written_is_refused_with_the_list() {
    let node = demo();
    for (query, format, accept) in
        [(ACTORS, None, "image/png"), (ACTORS, Some("ttl"), "*/*"), (LABELS, Some("csv"), "*/*")]
    {
        let mut parameters = vec![("query", query)];
        parameters.extend(format.map(|format| ("format", format)));
        let response = ask(node, &parameters, accept);
        assert_eq!(response.status(), 406);
        let problem = response.text().expect("a text");
        assert!(problem.contains("there are: "), "{problem}");
    }
}

#[test]
fn the_dataset_parameters_say_what_a_query_sees() {
    let node = demo();
    let count = |parameters: &[(&str, &str)], pattern: &str| -> u64 {
        let query = format!("SELECT (COUNT(*) AS ?n) {{ {pattern} }}");
        let mut all = vec![("query", query.as_str())];
        all.extend(parameters);
        let answer = text(ask(node, &all, "text/csv"));
        answer.lines().nth(1).expect("a row").parse().expect("a number")
    };
    let (bari, torino) = (graph("comune-di-bari"), graph("comune-di-torino"));
    let any = "?s ?p ?o";
    let named = "GRAPH ?g { ?s ?p ?o }";
    let only = |source: &str| count(&[], &format!("GRAPH <{source}> {{ {any} }}"));
    let (in_bari, in_torino) = (only(&bari), only(&torino));
    assert!(in_bari > 0 && in_torino > 0 && in_bari != in_torino);

    assert_eq!(count(&[("default-graph-uri", &bari)], any), in_bari);
    assert_eq!(count(&[("default-graph-uri", &bari)], named), 0);
    let both = [("default-graph-uri", bari.as_str()), ("default-graph-uri", torino.as_str())];
    assert!(count(&both, any) > in_bari.max(in_torino));
    assert_eq!(count(&[("named-graph-uri", &torino)], named), in_torino);
    assert_eq!(count(&[("named-graph-uri", &torino)], any), 0);
    let from = format!("SELECT (COUNT(*) AS ?n) FROM <{torino}> {{ {any} }}");
    assert_eq!(node.select(&from), [in_torino.to_string()]);
    let over = [("query", from.as_str()), ("default-graph-uri", bari.as_str())];
    let answer = text(ask(node, &over, "text/csv"));
    assert_eq!(answer.lines().nth(1), Some(in_bari.to_string().as_str()), "parameters win");
    // Without any of them: all graphs at once.
    assert!(count(&[], any) > 50_000);
    assert_eq!(count(&[("named-graph-uri", &torino), ("default-graph-uri", &bari)], any), in_bari);
}

#[test]
fn nobody_sees_the_graph_that_carries_the_applied_number() {
    let node = demo();
    for query in [
        "SELECT ?g { GRAPH ?g {} }",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g {} } GROUP BY ?g",
        "SELECT DISTINCT ?g { GRAPH ?g { ?x (<urn:x>|<urn:y>)* ?y } }",
        "SELECT DISTINCT ?g { GRAPH ?g { ?x <urn:x>? ?y } }",
        "SELECT DISTINCT ?g { GRAPH ?g { OPTIONAL { ?s <urn:x> ?o } } }",
        "SELECT DISTINCT ?g { GRAPH ?g { FILTER NOT EXISTS { ?s <urn:x> ?o } } }",
        "SELECT DISTINCT ?g { GRAPH ?g { BIND (1 AS ?one) } }",
        "SELECT DISTINCT ?g { GRAPH ?g { VALUES ?v { 1 2 } } }",
        "SELECT DISTINCT ?g { GRAPH ?g { { SELECT (COUNT(*) AS ?n) { ?s <urn:x> ?o } } } }",
        "SELECT DISTINCT ?g { GRAPH ?g { { ?s <urn:x> ?o } UNION {} } }",
        "SELECT DISTINCT ?g { { GRAPH ?g { } } MINUS { ?g <urn:x> ?o } }",
        "SELECT ?g { FILTER EXISTS { GRAPH ?g {} } }",
    ] {
        let rows = node.select(query);
        assert!(rows.iter().all(|row| !row.contains("urn:familylab:")), "{query}: {rows:?}");
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/demo");
    let files = std::fs::read_dir(folder).expect("the demonstration catalogue");
    let sources = files.filter(|file| {
        file.as_ref().is_ok_and(|file| file.path().extension().is_some_and(|end| end == "ttl"))
    });
    // And the vocabularies, the territory, what is inferred.
    let graphs = (sources.count() + 3).to_string();
    assert_eq!(node.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g {} }"), [graphs]);
    let marks: Vec<String> = (0..100)
        .map(|seq| format!("EXISTS {{ GRAPH <urn:familylab:applied:{seq}> {{}} }}"))
        .collect();
    let query = format!("ASK {{ FILTER ({}) }}", marks.join(" || "));
    let answer = text(ask(node, &[("query", &query), ("format", "json")], "*/*"));
    assert!(answer.contains("false"), "{answer}");
}

#[test]
fn an_answer_is_known_by_its_tag_until_something_is_written() {
    let node = Node::start_in(vocabulary(), &[]);
    let parameters = [("query", "SELECT * { ?s a <urn:nothing> }")];
    let tag = |accept| header(ask(&node, &parameters, accept).headers(), "etag");
    let again = |tag: &str| {
        let request = node.client.get(node.url("/sparql")).query(&parameters);
        request.header("Accept", "text/csv").header("If-None-Match", tag).send().expect("an answer")
    };
    let first = tag("text/csv");
    assert!(!first.is_empty());
    assert_ne!(first, tag("application/sparql-results+json"), "a tag is of one representation");
    let known = again(&first);
    assert_eq!(known.status(), 304);
    assert_eq!(header(known.headers(), "etag"), first);
    assert_eq!(known.text().expect("no text"), "");
    assert_eq!(again(&format!("\"other\", W/{first}")).status(), 304);

    let insert = format!("INSERT DATA {{ GRAPH <{}> {{ <urn:a> <urn:b> 1 }} }}", graph("prova"));
    assert_eq!(node.update(&insert).status(), 204);
    assert_eq!(again(&first).status(), 200);
    assert_ne!(tag("text/csv"), first);
    let volatile = ask(&node, &[("query", "SELECT (NOW() AS ?now) {}")], "*/*");
    assert_eq!(header(volatile.headers(), "etag"), "");
    assert_eq!(header(volatile.headers(), "cache-control"), "no-store");
}

#[test]
fn a_reader_can_wait_for_the_change_it_wrote() {
    let settings = [("FAMILYLAB_MIN_SEQ_WAIT", "0.3")];
    let node = Node::start_with(vocabulary(), &[], &settings);
    let insert = format!(
        "INSERT DATA {{ GRAPH <{}> {{ {} }} }}",
        graph("prova"),
        competence("ascolto", "\"Ascolto\"@it")
    );
    let seq = header(node.update(&insert).headers(), "familylab-seq");
    let query = format!("ASK {{ <{BASE}/id/competenza/ascolto> ?p ?o }}");
    let answer = ask(&node, &[("query", &query), ("min-seq", &seq), ("format", "json")], "*/*");
    assert!(text(answer).contains("true"));
    let future = ask(&node, &[("query", &query), ("min-seq", "999999")], "*/*");
    assert_eq!(future.status(), 503);
    assert!(!header(future.headers(), "retry-after").is_empty());
    assert_eq!(ask(&node, &[("query", &query), ("min-seq", "soon")], "*/*").status(), 400);
}

#[test]
fn answers_are_compressed_and_open_to_pages_from_anywhere() {
    let node = demo();
    let plain = reqwest::blocking::Client::builder().no_gzip().build().expect("a client");
    for (encoding, magic) in [("gzip", &[0x1f, 0x8b][..]), ("zstd", &[0x28, 0xb5, 0x2f, 0xfd])] {
        let request = plain.get(node.url("/sparql")).query(&[("query", ACTORS)]);
        let answer = request
            .header("Accept-Encoding", encoding)
            .header("Origin", "https://example.org")
            .send()
            .expect("an answer");
        let headers = answer.headers().clone();
        assert_eq!(header(&headers, "content-encoding"), encoding);
        assert_eq!(header(&headers, "access-control-allow-origin"), "*");
        assert!(header(&headers, "access-control-expose-headers").contains("etag"));
        let vary = header(&headers, "vary");
        assert!(vary.contains("accept-encoding") && vary.contains("accept,"), "{vary}");
        assert!(answer.bytes().expect("bytes").starts_with(magic));
    }
    let preflight = plain
        .request(reqwest::Method::OPTIONS, node.url("/sparql"))
        .header("Origin", "https://example.org")
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "content-type")
        .send()
        .expect("an answer");
    assert!(preflight.status().is_success());
    assert!(header(preflight.headers(), "access-control-allow-methods").contains("post"));
}

#[test]
fn the_endpoint_describes_itself() {
    let node = demo();
    let description = parse(text(node.get("/sparql", "text/turtle")), syntax("ttl"));
    for extension in ["nt", "rdf", "jsonld"] {
        let other = text(node.get(&format!("/sparql?format={extension}"), "*/*"));
        assert_eq!(parse(other, syntax(extension)).len(), description.len(), "{extension}");
    }
    let all = description.iter().map(|quad| quad.to_string()).collect::<Vec<_>>().join("\n");
    for word in ["#Service", "#endpoint", "SPARQL11Query", "SPARQL11Update", "UnionDefaultGraph"] {
        assert!(all.contains(word), "{word}");
    }
    assert!(all.contains(&graph("comune-di-bari")));
    assert!(!all.contains("applied"));
}

#[test]
fn head_tells_what_get_would_without_the_body() {
    let node = demo();
    let request = node.client.head(node.url("/sparql")).query(&[("query", ACTORS)]);
    let answer = request.header("Accept", "text/csv").send().expect("an answer");
    assert_eq!(answer.status(), 200);
    assert!(header(answer.headers(), "content-type").starts_with("text/csv"));
    assert!(!header(answer.headers(), "etag").is_empty());
    assert_eq!(answer.text().expect("no text"), "");
}

#[test]
fn a_request_that_is_not_of_the_protocol_is_refused_with_the_reason() {
    let node = demo();
    let post = |media: &str, body: &str| {
        let request = node.client.post(node.url("/sparql")).bearer_auth(TOKEN);
        request.header("Content-Type", media).body(body.to_owned()).send().expect("an answer")
    };
    let form = "application/x-www-form-urlencoded";
    for (answer, status, reason) in [
        (ask(node, &[("query", "SELECT")], "*/*"), 400, "not SPARQL 1.1"),
        (ask(node, &[("query", "ASK {}"), ("query", "ASK {}")], "*/*"), 400, "more than once"),
        (ask(node, &[("update", "CLEAR ALL")], "*/*"), 405, "POST"),
        (ask(node, &[("query", ACTORS), ("default-graph-uri", "a b")], "*/*"), 400, "absolute IRI"),
        (post(form, "query=ASK%7B%7D&update=CLEAR+ALL"), 400, "not both"),
        (post(form, "quest=ASK%7B%7D"), 400, "neither"),
        (post("text/plain", "ASK {}"), 415, "application/sparql-query"),
        (post("application/sparql-query", "CLEAR ALL"), 400, "not SPARQL 1.1"),
    ] {
        assert_eq!(answer.status(), status);
        let text = answer.text().expect("a text");
        assert!(text.contains(reason), "{reason}: {text}");
    }
    let wrong = node.client.delete(node.url("/sparql")).send().expect("an answer");
    assert_eq!(wrong.status(), 405);
    assert!(header(wrong.headers(), "allow").contains("post"));
}
