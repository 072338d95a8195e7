//! Records, documents, versions and vocabularies over real HTTP.

use crate::support::Node;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::Triple;
use reqwest::blocking::Response;
use std::collections::BTreeSet;

const BASE: &str = "http://localhost:7070";
const EXPERIENCE: &str = "esperienza/stanze-per-le-famiglie-nel-quartiere-san-paolo-di-bari";
const PAGE: &str = "/esperienze/stanze-per-le-famiglie-nel-quartiere-san-paolo-di-bari";
const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

fn header(answer: &Response, name: &str) -> String {
    let lines = answer.headers().get_all(name).iter();
    lines.map(|line| line.to_str().expect("a plain header")).collect::<Vec<_>>().join(", ")
}

fn graph(node: &Node, path: &str, format: RdfFormat) -> BTreeSet<String> {
    let answer = node.get(path, "*/*");
    assert_eq!(answer.status(), 200, "{path}");
    let mut text = answer.text().expect("a text");
    if matches!(format, RdfFormat::JsonLd { .. }) {
        let context = node.get("/context.jsonld", "*/*");
        assert_eq!(header(&context, "access-control-allow-origin"), "*");
        let context: serde_json::Value = context.json().expect("JSON");
        let mut document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(document["@context"], format!("{BASE}/context.jsonld"));
        document["@context"] = context["@context"].clone();
        text = document.to_string();
    }
    RdfParser::from_format(format)
        .for_slice(&text)
        .map(|quad| Triple::from(quad.expect("well-formed RDF")).to_string())
        .collect()
}

fn same_in_every_format(node: &Node, path: &str) -> BTreeSet<String> {
    let turtle = graph(node, &format!("{path}.ttl"), RdfFormat::Turtle);
    let profile = oxigraph::io::JsonLdProfileSet::empty();
    for (extension, format) in [
        ("nt", RdfFormat::NTriples),
        ("rdf", RdfFormat::RdfXml),
        ("jsonld", RdfFormat::JsonLd { profile }),
    ] {
        assert_eq!(
            graph(node, &format!("{path}.{extension}"), format),
            turtle,
            "{path}.{extension}"
        );
    }
    turtle
}

#[test]
fn a_record_leads_to_the_document_the_client_likes() {
    let node = Node::start(&["--demo"]);
    let to = |accept: &str| {
        let answer = node.get(&format!("/id/{EXPERIENCE}"), accept);
        assert_eq!(answer.status(), 303);
        assert!(header(&answer, "vary").contains("Accept"));
        header(&answer, "location")
    };
    assert_eq!(to(HTML), PAGE);
    assert_eq!(to("text/turtle"), format!("/doc/{EXPERIENCE}.ttl"));
    assert_eq!(to("application/ld+json, text/html;q=0.5"), format!("/doc/{EXPERIENCE}.jsonld"));
    let named = node.get(&format!("/id/{EXPERIENCE}.rdf"), "*/*");
    assert_eq!(header(&named, "location"), format!("/doc/{EXPERIENCE}.rdf"));
    let refused = node.get(&format!("/id/{EXPERIENCE}"), "image/png");
    assert_eq!(refused.status(), 406);
    assert!(refused.text().unwrap().contains("text/turtle (.ttl)"));
    assert_eq!(node.get("/id/esperienza/mai-vista", "text/turtle").status(), 404);
    assert_eq!(node.get("/doc/esperienza/mai-vista", HTML).status(), 404);
}

#[test]
fn a_document_is_the_same_graph_in_every_format() {
    let node = Node::start(&["--demo"]);
    let experience = same_in_every_format(&node, &format!("/doc/{EXPERIENCE}"));
    assert!(experience.iter().any(|line| line.contains("#contact> ")), "fragments are there");
    for path in ["/ontology", "/shapes", "/vocabulary/levels", "/doc/territorio/bari"] {
        assert!(!same_in_every_format(&node, path).is_empty(), "{path}");
        assert_eq!(node.get(path, HTML).status(), 200, "{path}");
        assert_eq!(
            header(&node.get(path, "text/turtle"), "content-type"),
            "text/turtle; charset=utf-8"
        );
    }
}

#[test]
fn a_document_says_what_a_cache_must_know() {
    let node = Node::start(&["--demo"]);
    let path = format!("/doc/{EXPERIENCE}");
    let answer = node.get(&path, "text/turtle");
    assert_eq!(header(&answer, "content-location"), format!("{path}.ttl"));
    assert!(header(&answer, "vary").contains("Accept-Language"));
    let links = header(&answer, "link");
    assert!(links.contains(&format!("<{BASE}/id/{EXPERIENCE}>; rel=\"describes\"")), "{links}");
    assert!(links.contains(&format!("<{BASE}{path}>; rel=\"canonical\"")), "{links}");
    assert_eq!(links.matches("rel=\"alternate\"").count(), 4);
    let etag = header(&answer, "etag");
    let again = |accept: &str| {
        let request = node.client.get(node.url(&path)).header("Accept", accept);
        request.header("If-None-Match", &etag).send().unwrap().status()
    };
    assert_eq!(again("text/turtle"), 304);
    assert_eq!(again("application/n-triples"), 200);
    let head = node.client.head(node.url(&path)).header("Accept", "text/turtle").send().unwrap();
    assert_eq!((head.status().as_u16(), header(&head, "etag")), (200, etag.clone()));
    assert_eq!(head.text().unwrap(), "");
    insert(&node, "http://localhost:7070/id/tema/nuovo", "\"nuovo\"@it");
    assert_eq!(again("text/turtle"), 200, "the data has changed");
}

fn insert(node: &Node, record: &str, title: &str) {
    let answer = node.update(&format!(
        "INSERT DATA {{ GRAPH <{BASE}/graph/prova> {{ <{record}> <http://purl.org/dc/terms/title> {title} }} }}"
    ));
    assert!(answer.status().is_success(), "{}", answer.text().expect("a text"));
}

#[test]
fn a_deleted_record_is_gone_but_its_versions_stay() {
    let node = Node::start(&[]);
    let record = format!("{BASE}/id/notizia/breve");
    insert(&node, &record, "\"primo\"@it");
    insert(&node, &record, "\"secondo\"@it");
    let page = node.get("/doc/notizia/breve", HTML).text().unwrap();
    let seqs: BTreeSet<u64> = page
        .split("/id/notizia/breve/v/")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
        .collect();
    assert_eq!(seqs.len(), 2, "{seqs:?}");
    let first = node.get(&format!("/id/notizia/breve/v/{}.nt", seqs.first().unwrap()), "*/*");
    assert!(header(&first, "cache-control").contains("immutable"));
    let first = first.text().unwrap();
    assert!(first.contains("primo") && !first.contains("secondo"), "{first}");
    assert_eq!(node.get("/id/notizia/breve/v/999999", HTML).status(), 404);
    let deleted = node.update(&format!("DELETE WHERE {{ GRAPH ?g {{ <{record}> ?p ?o }} }}"));
    assert!(deleted.status().is_success(), "{}", deleted.text().unwrap());
    for path in ["/id/notizia/breve", "/doc/notizia/breve.ttl", "/doc/notizia/breve"] {
        assert_eq!(node.get(path, HTML).status(), 410, "{path}");
    }
    let last = seqs.last().unwrap();
    assert_eq!(node.get(&format!("/id/notizia/breve/v/{last}"), HTML).status(), 200);
    assert_eq!(node.get(&format!("/id/notizia/breve/v/{}", last + 1), HTML).status(), 410);
}

#[test]
fn iris_with_accents_and_spaces_are_described() {
    let node = Node::start(&[]);
    insert(&node, &format!("{BASE}/id/raccolta/Città%20alta"), "\"Città alta\"@it");
    insert(&node, "http://altri.example/Così%20è", "\"Altrove\"@it");
    for path in ["/doc/raccolta/Citt%C3%A0%20alta.nt", "/doc/raccolta/Città%20alta.nt"] {
        let answer = node.get(path, "*/*");
        assert_eq!(answer.status(), 200, "{path}");
        assert!(answer.text().unwrap().contains("Città alta"));
    }
    let leads = node.get("/id/raccolta/Città%20alta", "text/turtle");
    assert_eq!(header(&leads, "location"), "/doc/raccolta/Citt%C3%A0%20alta.ttl");
    let foreign = "/doc?iri=http%3A%2F%2Faltri.example%2FCos%C3%AC%2520%C3%A8";
    assert!(node.get(foreign, HTML).text().unwrap().contains("Altrove"));
    assert_eq!(node.get(&format!("{foreign}&format=ttl"), HTML).status(), 200);
    assert_eq!(node.get("/doc?iri=relativo", HTML).status(), 400);
    assert_eq!(node.get("/doc?iri=http://altri.example/ignoto", HTML).status(), 404);
}

#[test]
fn what_refers_to_a_resource_is_counted_and_paged() {
    let node = Node::start(&[]);
    let links: Vec<String> = (0..120)
        .map(|n| format!("<{BASE}/id/notizia/n{n}> <http://purl.org/dc/terms/relation> <{BASE}/id/notizia/meta> ."))
        .collect();
    insert(&node, &format!("{BASE}/id/notizia/meta"), "\"Meta\"@it");
    let update = format!("INSERT DATA {{ GRAPH <{BASE}/graph/prova> {{ {} }} }}", links.join("\n"));
    assert!(node.update(&update).status().is_success());
    let property = "http%3A%2F%2Fpurl.org%2Fdc%2Fterms%2Frelation";
    let mut seen = BTreeSet::new();
    for page in 1..=3 {
        let path = format!("/doc/notizia/meta?property={property}&page={page}");
        let text = node.get(&path, HTML).text().unwrap();
        assert!(text.contains("120 in tutto"));
        assert!(text.contains(&format!("Pagina {page} di 3")));
        let found = text.split("href=\"/notizie/n").skip(1);
        seen.extend(found.map(|rest| rest.split('"').next().unwrap().to_owned()));
    }
    assert_eq!(seen.len(), 120);
}

#[test]
fn a_page_tells_which_source_states_what() {
    let node = Node::start(&["--demo"]);
    let iri = format!("{BASE}/id/{EXPERIENCE}");
    let note = format!("<{iri}> <http://www.w3.org/2004/02/skos/core#note> \"Vista da altri\"@it");
    let update = format!("INSERT DATA {{ GRAPH <{BASE}/graph/altra-fonte> {{ {note} }} }}");
    assert!(node.update(&update).status().is_success());
    let text = node.get(&format!("/doc/{EXPERIENCE}"), HTML).text().unwrap();
    let sections: Vec<&str> = text.split("<section class=\"part\"").skip(1).collect();
    let of = |source: &str| {
        let named = format!(">{source}</a></h2>");
        let found = sections.iter().find(|section| section.contains(&named));
        *found.unwrap_or_else(|| panic!("no part of {source}: {text}"))
    };
    assert!(of("altra-fonte").contains("Vista da altri"));
    assert!(!of("comune-di-bari").contains("Vista da altri"));
    assert!(of("comune-di-bari").contains("Stanze per le famiglie"));
}

#[test]
fn an_inferred_value_leads_to_the_page_that_says_why_it_is_there() {
    let node = crate::support::demo();
    let actor = "attore/comune-di-bari";
    let whys = |section: &str| -> Vec<String> {
        let links = section.split("class=\"why\" href=\"").skip(1);
        links.map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&")).collect()
    };
    let text = node.get(&format!("/doc/{actor}"), HTML).text().unwrap();
    let (inferred, stated): (Vec<&str>, Vec<&str>) = text
        .split("<section class=\"part\"")
        .partition(|section| section.contains(">Dedotto dai dati</a></h2>"));
    assert!(stated.iter().all(|section| whys(section).is_empty()), "{text}");
    let links = whys(inferred.first().expect("something is inferred"));
    let rows = node.select(&format!(
        "SELECT ?p ?o {{ GRAPH <{BASE}/graph/inferred> {{ <{BASE}/id/{actor}> ?p ?o }} }}"
    ));
    assert!(links.len() > 1);
    assert_eq!(links.len(), rows.len(), "{rows:?}");
    for link in &links {
        let answer = node.get(link, HTML);
        assert_eq!(
            (answer.status().as_u16(), header(&answer, "content-language").as_str()),
            (200, "it")
        );
        assert!(header(&answer, "vary").contains("Accept"));
        let page = answer.text().unwrap();
        for expected in [
            "<h1>Perché c&#39;è questo dato</h1>",
            "Lo deduce la regola <code>inverse-links</code>",
            "Ogni legame tra schede si può percorrere anche all&#39;indietro.",
            "<h3>Dai fatti</h3>",
            "href=\"/attori/comune-di-bari\"",
            "Fonte: <a href=\"/doc?iri=http%3A%2F%2Flocalhost%3A7070%2Fgraph%2F",
        ] {
            assert!(page.contains(expected), "{expected} is not in {page}");
        }
        let english = node.get(&format!("/en{link}"), HTML).text().unwrap();
        assert!(english.contains("Inferred by the rule") && !english.contains("Dai fatti"));
        assert!(english.contains("Every link between records can be followed backwards too."));
    }
    let kind = |path: &str, accept| header(&node.get(path, accept), "content-type");
    for accept in ["*/*", "application/json"] {
        assert_eq!(kind(&links[0], accept), "application/json");
    }
    assert_eq!(kind(&format!("{}&format=json", links[0]), HTML), "application/json");
    assert_eq!(node.get(&links[0], "text/turtle").status(), 406);
    let stated = "/explain?subject=http%3A%2F%2Flocalhost%3A7070%2Fid%2Fattore%2Fcomune-di-bari&predicate=\
                  http%3A%2F%2Fwww.w3.org%2F2004%2F02%2Fskos%2Fcore%23prefLabel&object=%22Comune+di+Bari%22%40it";
    let page = node.get(stated, HTML).text().unwrap();
    assert!(
        page.contains("<h2 id=\"fonti\">Lo dichiara</h2>") && !page.contains("Dai fatti"),
        "{page}"
    );
    let unknown = stated.replace("Bari%22", "Nulla%22");
    assert!(node.get(&unknown, HTML).text().unwrap().contains("La pagina non c"));
}

#[test]
fn a_page_shows_a_new_name_as_soon_as_it_is_written() {
    let node = Node::start_in(crate::support::vocabulary(), &[]);
    let (named, naming) = (format!("{BASE}/id/notizia/nome"), format!("{BASE}/id/notizia/rimando"));
    let link = format!("<{naming}> <http://purl.org/dc/terms/relation> <{named}>");
    let write = |text: &str| {
        assert!(node.update(text).status().is_success(), "{text}");
        let page = node.get("/doc/notizia/rimando", HTML).text().unwrap();
        let back = node.get("/doc/notizia/nome", HTML).text().unwrap();
        (page, back)
    };
    let label = "<http://www.w3.org/2000/01/rdf-schema#label>";
    for name in ["Primo nome", "Secondo nome", "Terzo nome"] {
        let (page, _) = write(&format!(
            "DELETE WHERE {{ GRAPH <{BASE}/graph/prova> {{ <{named}> {label} ?name }} }} ; \
             INSERT DATA {{ GRAPH <{BASE}/graph/prova> {{ <{named}> {label} \"{name}\"@it . {link} }} }}"
        ));
        assert!(page.contains(&format!(">{name}</a>")), "{name}: {page}");
    }
    let more = "<http://purl.org/dc/terms/relation>";
    for count in 1..4 {
        let (_, back) = write(&format!(
            "INSERT DATA {{ GRAPH <{BASE}/graph/prova> {{ <{naming}-{count}> {more} <{named}> }} }}"
        ));
        assert!(back.contains(&format!("{} in tutto", count + 1)), "{back}");
    }
}

#[test]
fn pages_speak_the_reader_s_language() {
    let node = Node::start(&["--demo"]);
    let path = format!("/doc/{EXPERIENCE}");
    let italian = node.get(&path, HTML);
    assert_eq!(header(&italian, "content-language"), "it");
    let italian = italian.text().unwrap();
    assert!(italian.contains("<html lang=\"it\">") && italian.contains("Contenuto dimostrativo"));
    assert!(
        italian.contains("<span lang=\"en\">Family rooms in Bari"),
        "the other language is marked"
    );
    let english = node.get(&format!("/en{path}"), HTML).text().unwrap();
    assert!(english.contains("<html lang=\"en\">") && english.contains("Demonstration content"));
    assert!(english.contains(">Target group"), "properties are named in English");
    assert!(english.contains("href=\"/en/temi/"), "links keep the language");
    let old = node.get(&format!("{path}?lang=en"), HTML);
    assert_eq!((old.status().as_u16(), header(&old, "location")), (301, format!("/en{path}")));
    let request = node.client.get(node.url(&format!("/id/{EXPERIENCE}"))).header("Accept", HTML);
    let liked = request.header("Accept-Language", "en-GB,en;q=0.9").send().unwrap();
    assert_eq!(header(&liked, "location"), format!("/en{PAGE}"));
    for (home, list, heading) in [
        ("/", "/doc/attore", "Che cosa ha già funzionato per le famiglie, e dove"),
        ("/en", "/en/doc/attore", "What has already worked for families, and where"),
    ] {
        let page = node.get(home, HTML).text().unwrap();
        assert!(page.contains(&format!("<h1>{heading}</h1>")), "{page}");
        assert_eq!(node.get(list, HTML).status(), 200);
    }
    let missing = node.get("/doc/esperienza/mai-vista", HTML).text().unwrap();
    assert!(missing.contains("La pagina non c"));
    let problem = node.get("/doc/esperienza/mai-vista", "application/ld+json");
    assert_eq!(header(&problem, "content-type"), "application/problem+json");
}
