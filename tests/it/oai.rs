//! OAI-PMH 2.0: every verb, both formats, and everything that can be asked wrongly.

use crate::support::harvest::{Element, asked, read, refused, told};
use crate::support::{BASE, Node, TOKEN, competence, demo, graph, parse, vocabulary};
use oxigraph::io::RdfFormat;

const PATTO: &str = "esperienza/giovani-caregiver-a-scuola-il-patto-che-spiega-le-assenze";

fn record(node: &Node, path: &str, prefix: &str) -> (Element, String) {
    let query = format!("verb=GetRecord&metadataPrefix={prefix}&identifier={BASE}/id/{path}");
    let (root, text) = asked(node, &query);
    (root.one("GetRecord").one("record").clone(), text)
}

/// The part of an answer that is RDF/XML, as a document of its own.
fn rdf(text: &str) -> &str {
    let (start, end) = (text.find("<rdf:RDF"), text.find("</rdf:RDF>"));
    &text[start.expect("a start")..end.expect("an end") + "</rdf:RDF>".len()]
}

#[test]
fn the_repository_says_who_it_is_what_it_writes_and_which_sets_it_has() {
    let node = demo();
    node.published();
    let identify = told(node, "verb=Identify");
    assert_eq!(
        identify.names(),
        [
            "repositoryName",
            "baseURL",
            "protocolVersion",
            "adminEmail",
            "earliestDatestamp",
            "deletedRecord",
            "granularity"
        ]
    );
    let said = |name: &str| identify.one(name).text.clone();
    assert_eq!(said("baseURL"), format!("{BASE}/oai"));
    assert_eq!(said("protocolVersion"), "2.0");
    assert!(said("adminEmail").contains('@') && !said("adminEmail").contains(':'));
    assert_eq!(said("deletedRecord"), "persistent");
    assert_eq!(said("granularity"), "YYYY-MM-DDThh:mm:ssZ");
    assert_eq!(said("earliestDatestamp").len(), "YYYY-MM-DDThh:mm:ssZ".len());
    let formats = told(node, "verb=ListMetadataFormats");
    let of_one = format!("verb=ListMetadataFormats&identifier={BASE}/id/{PATTO}");
    assert_eq!(formats, told(node, &of_one));
    let prefixes: Vec<&str> = formats
        .all("metadataFormat")
        .map(|format| {
            assert_eq!(format.names(), ["metadataPrefix", "schema", "metadataNamespace"]);
            format.one("metadataPrefix").text.as_str()
        })
        .collect();
    assert_eq!(prefixes, ["oai_dc", "dcat_ap"]);
    let schema = node.get("/oai/rdf.xsd", "*/*").text().expect("a text");
    assert_eq!(read(&schema).one("xs:element").attributes["name"], "RDF");
    let sets = told(node, "verb=ListSets");
    let sets: Vec<(&str, &str)> = sets
        .all("set")
        .map(|set| (set.one("setSpec").text.as_str(), set.one("setName").text.as_str()))
        .collect();
    for expected in [
        ("kind", "Schede per tipo"),
        ("kind:esperienza", "Esperienze"),
        ("source", "Schede per fonte"),
        ("source:comune-di-bari", "Comune di Bari"),
        ("source:territory", "Territorio"),
    ] {
        assert!(sets.contains(&expected), "{expected:?} in {sets:?}");
    }
}

#[test]
fn a_record_in_dublin_core_has_names_in_their_languages_for_what_it_refers_to() {
    let (record, _) = record(demo(), PATTO, "oai_dc");
    let header = record.one("header");
    let sets: Vec<&str> = header.all("setSpec").map(|set| set.text.as_str()).collect();
    assert_eq!(sets, ["kind:esperienza", "source:citta-metropolitana-di-roma-capitale"]);
    let core = record.one("metadata").one("oai_dc:dc");
    assert!(core.attributes["xsi:schemaLocation"].starts_with(&core.attributes["xmlns:oai_dc"]));
    let said = |name: &str, language: &str, text: &str| {
        core.all(name).any(|element| {
            let own = element.attributes.get("xml:lang").map_or("", String::as_str);
            own == language && element.text.starts_with(text)
        })
    };
    for (name, language, text) in [
        ("dc:title", "it", "Giovani caregiver a scuola"),
        ("dc:title", "en", "Young carers at school"),
        ("dc:description", "it", "«Chi ha cucinato"),
        ("dc:identifier", "", &format!("{BASE}/id/{PATTO}")),
        ("dc:identifier", "", "FL-DEMO-205"),
        ("dc:subject", "it", "Giovani caregiver"),
        ("dc:date", "", "2026-03-16"),
        ("dc:type", "it", "Esperienza"),
        ("dc:type", "en", "Experience"),
        ("dc:publisher", "it", "Città metropolitana di Roma Capitale"),
        ("dc:rights", "", "http"),
    ] {
        assert!(said(name, language, text), "{name} {language} {text} in {core:?}");
    }
    for name in ["dc:creator", "dc:coverage", "dc:language"] {
        let texts: Vec<&str> = core.all(name).map(|element| element.text.as_str()).collect();
        assert!(!texts.is_empty() && !texts[0].starts_with("http"), "{name}: {texts:?}");
    }
}

#[test]
fn a_record_in_rdf_is_what_the_node_states_and_its_document_as_a_dataset() {
    let node = demo();
    let (record, text) = record(node, PATTO, "dcat_ap");
    let schema = &record.one("metadata").attributes["xsi:schemaLocation"];
    assert!(schema.ends_with(&format!(" {BASE}/oai/rdf.xsd")), "{schema}");
    let found = parse(rdf(&text), RdfFormat::RdfXml);
    let iri = format!("{BASE}/id/{PATTO}");
    let query = format!(
        "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{BASE}/graph/inferred> \
         && (STR(?s) = \"{iri}\" || STRSTARTS(STR(?s), \"{iri}#\"))) }}"
    );
    let answer = node.client.post(node.url("/sparql")).form(&[("query", &query)]);
    let stated = answer.header("Accept", "application/n-triples").send().expect("an answer");
    let stated = parse(stated.text().expect("a text"), RdfFormat::NTriples);
    assert!(stated.len() > 20 && stated.iter().all(|quad| found.contains(quad)));
    let own = format!("<{BASE}/id/");
    let more = found.iter().filter(|quad| quad.subject.to_string().starts_with(&own)).count();
    assert_eq!(more, stated.len());
    let lines: Vec<String> = found.iter().map(|quad| quad.to_string()).collect();
    let (document, dcat) = (format!("<{BASE}/doc/{PATTO}>"), "http://www.w3.org/ns/dcat#");
    let a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
    for said in [
        format!("{document} {a} <{dcat}Dataset>"),
        format!("{document} <http://xmlns.com/foaf/0.1/primaryTopic> <{iri}>"),
        format!("{document} <http://purl.org/dc/terms/title> \"Giovani caregiver"),
        format!("{document} <{dcat}distribution> <{BASE}/doc/{PATTO}#ttl>"),
        format!("<{BASE}/doc/{PATTO}#ttl> <{dcat}downloadURL> <{BASE}/doc/{PATTO}.ttl>"),
        format!("<{BASE}/doc/{PATTO}#nt> <{dcat}mediaType> <http"),
        format!("<http://publications.europa.eu/resource/authority/data-theme/SOCI> {a} <"),
        format!("<{BASE}/catalog/contact> {a} <"),
    ] {
        assert!(lines.iter().any(|line| line.starts_with(&said)), "{said} in {lines:?}");
    }
    assert!(!lines.iter().any(|line| line.contains('{') || line.contains("/modello/")));
    let datasets: Vec<&String> =
        lines.iter().filter(|line| line.contains(&format!("{a} <{dcat}Dataset>"))).collect();
    assert_eq!(datasets.len(), 1, "the record itself is no dataset: {datasets:?}");
    for form in ["ttl", "rdf", "jsonld", "nt"] {
        assert_eq!(node.get(&format!("/doc/{PATTO}.{form}"), "*/*").status(), 200, "{form}");
    }
}

#[test]
fn what_is_asked_wrongly_is_told_in_the_codes_of_the_protocol() {
    let node = demo();
    node.published();
    let known = format!("{BASE}/id/{PATTO}");
    let list = "verb=ListRecords&metadataPrefix=oai_dc";
    for (query, code) in [
        (String::new(), "badVerb"),
        ("verb=".to_owned(), "badVerb"),
        ("verb=Identifica".to_owned(), "badVerb"),
        ("verb=listrecords".to_owned(), "badVerb"),
        ("verb=Identify&verb=Identify".to_owned(), "badVerb"),
        ("verb=%FF%00%3Cx%3E".to_owned(), "badVerb"),
        ("verb=Identify&set=kind".to_owned(), "badArgument"),
        ("verb=ListSets&metadataPrefix=oai_dc".to_owned(), "badArgument"),
        ("verb=ListRecords".to_owned(), "badArgument"),
        ("verb=ListIdentifiers&from=2024-01-01".to_owned(), "badArgument"),
        (format!("{list}&metadataPrefix=oai_dc"), "badArgument"),
        (format!("{list}&resumptionToken=x"), "badArgument"),
        (format!("{list}&min-seq=1"), "badArgument"),
        (format!("{list}&%00=1"), "badArgument"),
        (format!("{list}&from=ieri"), "badArgument"),
        (format!("{list}&from=2024-02-30"), "badArgument"),
        (format!("{list}&from=2024-01-01T10:00:00"), "badArgument"),
        (format!("{list}&from=2024-01-01T10:00:00%2B01:00"), "badArgument"),
        (format!("{list}&until="), "badArgument"),
        (format!("{list}&from=2024-01-01&until=2024-01-02T00:00:00Z"), "badArgument"),
        (format!("{list}&from=2024-01-02&until=2024-01-01"), "badArgument"),
        (format!("{list}&set=kind::esperienza"), "badArgument"),
        (format!("{list}&set=a%20b"), "badArgument"),
        (format!("{list}&set=kind:nessuno"), "noRecordsMatch"),
        (format!("{list}&set=source:nessuno"), "noRecordsMatch"),
        (format!("{list}&until=1999-12-31"), "noRecordsMatch"),
        (format!("{list}&from=9999-12-31"), "noRecordsMatch"),
        (format!("{list}&from=2199-01-01T00:00:00Z"), "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=marc21".to_owned(), "cannotDisseminateFormat"),
        (format!("verb=GetRecord&identifier={known}&metadataPrefix=x"), "cannotDisseminateFormat"),
        (format!("verb=GetRecord&identifier={known}"), "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc".to_owned(), "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=a%22b".to_owned(), "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=mai-visto".to_owned(), "idDoesNotExist"),
        (format!("verb=GetRecord&metadataPrefix=oai_dc&identifier={known}x"), "idDoesNotExist"),
        (format!("verb=GetRecord&metadataPrefix=oai_dc&identifier={known}%23c"), "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=oai:x:y".to_owned(), "idDoesNotExist"),
        ("verb=ListSets&resumptionToken=x".to_owned(), "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=".to_owned(), "badResumptionToken"),
    ] {
        assert_eq!(refused(node, &query), [code], "{query}");
        let (root, _) = asked(node, &query);
        let repeated = !root.one("request").attributes.is_empty();
        assert_eq!(repeated, !matches!(code, "badVerb" | "badArgument"), "{query}");
    }
    let both = "verb=ListRecords&metadataPrefix=marc21&set=kind:nessuno";
    assert_eq!(refused(node, both), ["cannotDisseminateFormat", "noRecordsMatch"]);
}

#[test]
fn a_form_is_as_good_as_an_address_and_what_is_known_is_not_sent_again() {
    let node = demo();
    node.published();
    let address = node.url("/oai");
    let form = [("verb", "ListIdentifiers"), ("metadataPrefix", "oai_dc"), ("set", "kind:rete")];
    let answer = node.client.post(&address).form(&form).send().expect("an answer");
    assert_eq!(answer.headers()["content-type"], "text/xml; charset=utf-8");
    let posted = read(&answer.text().expect("a text"));
    let query = "verb=ListIdentifiers&metadataPrefix=oai_dc&set=kind:rete";
    assert_eq!(posted.one("ListIdentifiers"), &told(node, query));
    let nothing = node.client.post(&address).body("").send().expect("an answer");
    assert!(nothing.text().expect("a text").contains("badVerb"));
    let long = node.client.post(&address).body("x".repeat(70_000)).send().expect("an answer");
    assert_eq!(long.status(), 413);
    let first = node.get(&format!("/oai?{query}"), "*/*");
    let etag = first.headers()["etag"].to_str().expect("ASCII").to_owned();
    let again = node.client.get(format!("{address}?{query}"));
    assert_eq!(again.header("If-None-Match", etag).send().expect("an answer").status(), 304);
    let head = node.client.head(format!("{address}?{query}")).send().expect("an answer");
    assert_eq!((head.status().as_u16(), &head.headers()["etag"]), (200, &first.headers()["etag"]));
    let wrong = node.client.delete(&address).send().expect("an answer");
    assert_eq!(
        (wrong.status().as_u16(), &wrong.headers()["allow"]),
        (405, &"GET, HEAD, POST".parse().unwrap())
    );
    let bare = Node::start(&["--bare"]);
    assert_eq!(bare.get("/oai?verb=Identify", "*/*").status(), 404);
}

#[test]
fn what_xml_cannot_hold_does_not_break_an_answer() {
    let node = Node::start_in(vocabulary(), &[]);
    let label = "\"fine \\u0000\\u0008\\uFFFF\\r\\n]]> <&> \\uD7FF\\U0001F600\"@it";
    let put = node
        .client
        .put(node.url(&format!("/graphs?graph={}", graph("prova"))))
        .bearer_auth(TOKEN)
        .header("Content-Type", "application/n-triples")
        .body(competence("strana", label))
        .send()
        .expect("an answer");
    assert!(put.status().is_success(), "{}", put.text().expect("a text"));
    node.published();
    let expected = "fine \u{FFFD}\u{FFFD}\u{FFFD}\r\n]]> <&> \u{D7FF}\u{1F600}";
    let (core, _) = record(&node, "competenza/strana", "oai_dc");
    assert_eq!(core.one("metadata").one("oai_dc:dc").one("dc:title").text, expected);
    let (_, text) = record(&node, "competenza/strana", "dcat_ap");
    let quads = parse(rdf(&text), RdfFormat::RdfXml);
    let labels = quads.iter().filter(|quad| quad.predicate.as_str().ends_with("prefLabel"));
    let labels: Vec<String> = labels.map(|quad| quad.object.to_string()).collect();
    let whole = "fine \u{FFFD}\u{FFFD}\u{FFFD}\\r\\n";
    assert!(labels.iter().any(|label| label.contains(whole)), "{labels:?}");
}
