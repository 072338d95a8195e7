//! Peers that are no nodes taken over: catalogues of portals, repositories, endpoints.

use crate::harvests::{counts, harvested, harvester, list, reports, taken_over};
use crate::support::odd::{Odd, answer, write};
use crate::support::{ELSEWHERE, Node, skipped};
use reqwest::blocking::Response;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

const A: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const DATASET: &str = "http://www.w3.org/ns/dcat#Dataset";
const TITLE: &str = "http://purl.org/dc/terms/title";

/// A file server that knows ETags, and what it serves.
fn files(media: &'static str, text: &str) -> (Odd, Arc<Mutex<String>>) {
    let text = Arc::new(Mutex::new(text.to_owned()));
    let sent = Arc::clone(&text);
    let server = Odd::start(move |request, stream| {
        let body = sent.lock().expect("nobody panicked").clone();
        let etag = format!("\"{}\"", body.len());
        let head = format!("Content-Type: {media}\r\nETag: {etag}\r\n");
        let is_had = request.to_ascii_lowercase().contains(&format!("if-none-match: {etag}"));
        let status = if is_had { "304 Not Modified" } else { "200 OK" };
        write(stream, answer(status, &head, if is_had { "" } else { &body }));
    });
    (server, text)
}

/// The results of a search for datasets.
#[track_caller]
fn datasets(node: &Node, words: &str) -> Value {
    node.indexed();
    let answer = node.get(&format!("/search?kind=dataset&q={words}"), "application/json");
    assert_eq!(answer.status(), 200);
    answer.json().expect("JSON")
}

fn titles(node: &Node) -> Vec<String> {
    let graph = taken_over();
    node.select(&format!("SELECT ?t WHERE {{ GRAPH <{graph}> {{ ?s <{TITLE}> ?t }} }}"))
}

#[test]
fn the_catalogue_of_a_portal_comes_in_as_datasets_that_are_found() {
    let Some(folder) = std::env::var_os("FAMILYLAB_TEST_DATA") else {
        return skipped("FAMILYLAB_TEST_DATA is not set");
    };
    let file = Path::new(&folder).join("dcat-ap_it/catalog_dati_unibo.rdf");
    let text = fs::read_to_string(file).expect("the catalogue");
    let (server, _) = files("application/rdf+xml", &text);
    let node = harvester();
    list(&node, "dump", &server.url("/catalogo.rdf"), &["harvest"]);
    let run = harvested(&node);
    let [new, _, _, kept_back] = counts(&run);
    assert!(new > 18, "{run}");
    assert_eq!(kept_back, 0, "{}", reports(&node));
    let count = format!(
        "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ GRAPH <{}> {{ ?s a <{DATASET}> }} }}",
        taken_over()
    );
    let held: u64 = node.select(&count)[0].parse().expect("a number");
    assert_eq!(held, 12, "as many as the file describes");
    let found = datasets(&node, "");
    assert_eq!(found["total"], held, "{found}");
    let first = &found["hits"][0];
    assert_eq!(first["kind"], "dataset");
    let iri = first["iri"].as_str().expect("an IRI");
    let page = node.get(&format!("/doc?iri={iri}"), "text/html");
    assert!(page.status().is_success() || page.status().is_redirection(), "{}", page.status());
    let again = harvested(&node);
    assert_eq!((counts(&again), &again["bytes"]), ([0, 0, 0, 0], &Value::from(0)));
}

#[test]
fn what_a_file_does_not_hold_any_more_is_gone_unless_it_was_not_read_whole() {
    let line = |number: u8, title: &str| {
        format!(
            "<http://p.example/d/{number}> <{A}> <{DATASET}> .\n\
             <http://p.example/d/{number}> <{TITLE}> \"{title}\"@it .\n"
        )
    };
    let (server, text) = files("application/n-triples", &(line(1, "Nidi") + &line(2, "Scuole")));
    let node = harvester();
    list(&node, "dump", &server.url("/dati.nt"), &["harvest"]);
    assert_eq!(counts(&harvested(&node)), [2, 0, 0, 0]);
    assert_eq!(datasets(&node, "Nidi")["total"], 1);
    // One line cannot be read, so nobody knows what it was about.
    *text.lock().unwrap() = line(1, "Nidi e micronidi") + "<http://p.example/d/2 .\n";
    let [new, changed, deleted, kept_back] = counts(&harvested(&node));
    assert_eq!([new, changed, deleted], [0, 1, 0]);
    assert!(kept_back > 0, "{}", reports(&node));
    assert_eq!(titles(&node), ["Nidi e micronidi", "Scuole"]);
    *text.lock().unwrap() = line(1, "Nidi e micronidi") + &line(3, "Mense");
    assert_eq!(counts(&harvested(&node)), [1, 0, 1, 0]);
    assert_eq!(titles(&node), ["Mense", "Nidi e micronidi"]);
    // One record is wrong, and everybody knows which.
    let wrong = format!("<http://p.example/d/3> <{TITLE}> <http://a b> .\n");
    *text.lock().unwrap() = wrong + &line(4, "Parchi") + &line(3, "Mense scolastiche");
    assert_eq!(counts(&harvested(&node)), [1, 0, 1, 1]);
    assert_eq!(titles(&node), ["Mense", "Parchi"]);
}

/// A list of records as a repository answers it.
fn oai(inside: &str) -> String {
    let space = "http://www.openarchives.org/OAI/2.0/";
    let text = format!(
        "<?xml version=\"1.0\"?><OAI-PMH xmlns=\"{space}\"><responseDate>2026-02-01T00:00:00Z\
         </responseDate>{inside}</OAI-PMH>"
    );
    answer("200 OK", "Content-Type: text/xml\r\n", &text)
}

fn entry(number: u8, title: &str) -> String {
    format!(
        "<record><header><identifier>oai:p.example:{number}</identifier></header><metadata>\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><d:Dataset \
         xmlns:d=\"http://www.w3.org/ns/dcat#\" xmlns:t=\"http://purl.org/dc/terms/\" \
         rdf:about=\"http://p.example/d/{number}\"><t:title>{title}</t:title></d:Dataset></rdf:RDF>\
         </metadata></record>"
    )
}

/// A repository that has nothing but plain Dublin Core, and lists it so, by the line of a request.
fn repository(list: impl Fn(&str) -> String + Send + Sync + 'static) -> Odd {
    Odd::start(move |request, stream| {
        let line = request.lines().next().unwrap_or_default();
        let text = match line.contains("ListRecords") {
            true => format!("<ListRecords>{}</ListRecords>", list(line)),
            false => "<Identify/>".to_owned(),
        };
        write(stream, oai(&text));
    })
}

/// A record in plain Dublin Core.
fn plain(name: &str) -> String {
    format!(
        "<record><header><identifier>{name}</identifier></header><metadata>\
         <o:dc xmlns:o=\"http://www.openarchives.org/OAI/2.0/oai_dc/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title xml:lang=\"it\">Nidi</dc:title>\
         </o:dc></metadata></record>"
    )
}

#[test]
fn a_repository_is_taken_over_list_by_list_and_its_deletions_follow() {
    let server = Odd::start(|request, stream| {
        let line = request.lines().next().unwrap_or_default();
        let text = if line.contains("ListMetadataFormats") {
            "<ListMetadataFormats><metadataFormat><metadataPrefix>dcat_ap</metadataPrefix>\
             </metadataFormat></ListMetadataFormats>"
                .to_owned()
        } else if line.contains("Identify") {
            "<Identify><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>".to_owned()
        } else if line.contains("resumptionToken=due") {
            format!(
                "<ListRecords>{}<record><header><identifier>oai:p.example:3</identifier></header>\
                <metadata><x/></metadata></record><resumptionToken/></ListRecords>",
                entry(2, "Scuole")
            )
        } else if line.contains("from=2026-02-01T00%3A00%3A00Z") {
            "<ListRecords><record><header status=\"deleted\"><identifier>oai:p.example:1</identifier>\
             </header></record></ListRecords>".to_owned()
        } else {
            format!(
                "<ListRecords>{}<resumptionToken>due</resumptionToken></ListRecords>",
                entry(1, "Nidi")
            )
        };
        write(stream, oai(&text));
    });
    let node = harvester();
    list(&node, "oai-pmh", &server.url("/oai"), &["harvest"]);
    let run = harvested(&node);
    assert_eq!(counts(&run), [2, 0, 0, 1], "{}", reports(&node));
    assert_eq!(reports(&node)["quarantine"][0]["record"], "oai:p.example:3");
    assert_eq!(titles(&node), ["Nidi", "Scuole"]);
    assert_eq!(datasets(&node, "Nidi")["total"], 1);
    assert_eq!(counts(&harvested(&node)), [0, 0, 1, 1]);
    assert_eq!(titles(&node), ["Scuole"]);
}

#[test]
fn plain_dublin_core_is_taken_where_a_repository_has_nothing_better() {
    let server = repository(|line| {
        assert!(line.contains("metadataPrefix=oai_dc"), "{line}");
        plain("oai:p.example:1")
    });
    let node = harvester();
    list(&node, "oai-pmh", &server.url("/oai"), &["harvest"]);
    assert_eq!(counts(&harvested(&node)), [1, 0, 0, 0]);
    assert_eq!(titles(&node), ["Nidi"]);
}

#[test]
fn a_deletion_is_understood_where_a_repository_calls_records_by_their_addresses() {
    let name = "http://p.example/nidi";
    let deleted = format!(
        "<record><header status=\"deleted\"><identifier>{name}</identifier></header></record>"
    );
    let server = repository(move |line| match line.contains("from=") {
        true => deleted.clone(),
        false => plain(name),
    });
    let node = harvester();
    list(&node, "oai-pmh", &server.url("/oai"), &["harvest"]);
    assert_eq!(counts(&harvested(&node)), [1, 0, 0, 0]);
    assert_eq!(counts(&harvested(&node)), [0, 0, 1, 0]);
    assert!(titles(&node).is_empty());
}

#[test]
fn a_list_that_goes_round_is_told_and_ends() {
    let round = plain("oai:p.example:1") + "<resumptionToken>round</resumptionToken>";
    let server = repository(move |_| round.clone());
    let node = harvester();
    list(&node, "oai-pmh", &server.url("/oai"), &["harvest"]);
    let run = harvested(&node);
    let detail = run["problem"]["detail"].as_str().expect("what is wrong");
    assert!(detail.contains("round"), "{run}");
    assert_eq!(titles(&node), ["Nidi"], "what came before stays");
}

#[test]
fn an_endpoint_is_taken_over_and_its_copy_does_not_count_beside_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let peer = Node::start_with(folder, &["--bare"], &[("FAMILYLAB_PEER_PAUSE", "0")]);
    let write = |update: &str| assert_eq!(peer.update(update).status(), 204, "{update}");
    let data: String = (0..150)
        .map(|number| {
            format!(
                "<http://p.example/d/{number}> a <{DATASET}> ; <{TITLE}> \"Dati {number}\" ; \
                 <http://www.w3.org/ns/dcat#distribution> <http://p.example/d/{number}#csv> . \
                 <http://p.example/d/{number}#csv> <{TITLE}> \"CSV\" ."
            )
        })
        .collect();
    write(&format!("INSERT DATA {{ {data} <http://p.example/x> <{TITLE}> \"altro\" }}"));
    let node = harvester();
    list(&node, "sparql", &peer.url("/sparql"), &["query", "harvest"]);
    assert_eq!(counts(&harvested(&node)), [150, 0, 0, 0]);
    assert_eq!(titles(&node).len(), 300);
    let one = "<http://p.example/d/7>";
    write(&format!(
        "DELETE WHERE {{ {one} <{TITLE}> ?t }} ; INSERT DATA {{ {one} <{TITLE}> \"Nuovi\" }}"
    ));
    let ask = || -> Response {
        let query = format!("SELECT ?t WHERE {{ {one} <{TITLE}> ?t }}");
        let form = node.client.post(node.url("/federation/sparql")).form(&[("query", query)]);
        form.header("Accept", "text/csv").send().expect("an answer")
    };
    let rows = ask().text().expect("a text");
    assert_eq!(rows.lines().skip(1).collect::<Vec<_>>(), ["Nuovi"], "the copy is older");
    write("DELETE WHERE { <http://p.example/d/8> ?p ?o }");
    assert_eq!(counts(&harvested(&node)), [0, 1, 1, 0]);
    let graphs =
        node.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { <http://p.example/d/7> ?p ?o } }");
    assert_eq!(graphs, [format!("{ELSEWHERE}/graph/peer/vicino")]);
}
