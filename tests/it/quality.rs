//! Records that break a shape are kept back and told, those that lack something are told, and none
//! of it stops the rest.

use crate::support::{BASE, Node, run};
use serde_json::Value;
use std::fs;

/// A record without a title, and one that has what it must.
fn records() -> String {
    let experience = "a fl:Experience ; dct:identifier \"x\" ; dct:description \"Un corso per chi \
        diventa genitore.\"@it ; dct:issued \"2024-01-01\"^^xsd:date ; fl:demonstration true";
    format!(
        "@prefix dct: <http://purl.org/dc/terms/> .\n\
         @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\
         @prefix fl: <https://w3id.org/familylab/ontology#> .\n\
         <{BASE}/id/esperienza/senza-titolo> {experience} .\n\
         <{BASE}/id/attore/ente-di-prova> a fl:ThirdSectorOrganization .\n"
    )
}

/// A node whose source `prova` was imported without validation.
fn with_faults() -> Node {
    let (_, data) = Node::start(&["--demo"]).stop();
    let file = data.path().join("prova.ttl");
    fs::write(&file, records()).expect("it can be written");
    let command = ["import", &file.to_string_lossy(), "--source", "prova", "--trusted"];
    run(data.path(), &command).accepted();
    let node = Node::start_in(data, &[]);
    node.published();
    node
}

fn listed(node: &Node, parameters: &str) -> Value {
    let answer = node.get(&format!("/quality?{parameters}"), "application/json");
    assert_eq!(answer.status(), 200);
    answer.json().expect("JSON")
}

#[test]
fn a_record_that_breaks_a_shape_is_told_as_page_json_and_csv_with_what_to_do() {
    let node = with_faults();
    let told = listed(&node, "source=prova");
    assert_eq!(told["kept_back"], 2, "{told}");
    let record = format!("{BASE}/id/esperienza/senza-titolo");
    let records = told["records"].as_array().expect("a list");
    let broken = records.iter().find(|one| one["record"] == record.as_str());
    let broken = broken.unwrap_or_else(|| panic!("{told}"));
    assert_eq!(broken["published"], false);
    let title = "http://purl.org/dc/terms/title";
    let findings = broken["findings"].as_array().expect("findings");
    let finding = findings.iter().find(|finding| finding["property"] == title);
    let finding = finding.unwrap_or_else(|| panic!("{broken}"));
    assert_eq!(finding["severity"], "violation");

    let csv = node.get("/quality?source=prova&format=csv", "*/*");
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    let csv = csv.text().expect("a text");
    let rows: Vec<&str> = csv.lines().filter(|line| line.contains(&record)).collect();
    assert!(rows.iter().any(|row| row.contains(title) && row.contains(",false,")), "{csv}");

    for (path, language) in [("/qualita/schede", "it"), ("/en/qualita/schede", "en")] {
        let page = node.get(&format!("{path}?source=prova"), "text/html").text().expect("a text");
        let message = finding["message"][language].as_str().expect("a message");
        assert!(page.contains(&as_html(message)), "{message} is not in {page}");
        assert!(page.contains("/doc/esperienza/senza-titolo"), "{page}");
    }
    let table = node.get("/qualita", "text/html").text().expect("a text");
    assert!(table.contains("/qualita/schede?source=prova"), "{table}");
}

/// A text as a page holds it.
fn as_html(text: &str) -> String {
    text.replace('&', "&#38;").replace('\'', "&#39;").replace('"', "&#34;")
}

#[test]
fn the_demonstration_has_records_to_complete_and_none_that_is_kept_back() {
    let node = Node::start(&["--demo"]);
    node.published();
    let told = listed(&node, "");
    assert_eq!(told["kept_back"], 0, "{told}");
    let others = told["others"].as_u64().expect("a number");
    assert!(others > 0, "the poor records of the demonstration are told");
    let csv = node.get("/quality", "text/csv").text().expect("a text");
    let mut table = csv::Reader::from_reader(csv.as_bytes());
    let mut records = std::collections::BTreeSet::new();
    for row in table.records() {
        let row = row.expect("a row");
        assert_eq!(&row[3], "true", "{row:?}");
        records.insert(row[1].to_owned());
    }
    assert_eq!(records.len() as u64, others);
}

#[test]
fn a_mended_record_is_no_longer_told() {
    let node = with_faults();
    let mend = format!(
        "DELETE WHERE {{ GRAPH <{BASE}/graph/prova> {{ <{BASE}/id/attore/ente-di-prova> ?p ?o }} }}"
    );
    assert_eq!(node.update(&mend).status(), 204);
    node.published();
    let told = listed(&node, "source=prova");
    assert_eq!(told["kept_back"], 1, "{told}");
}

#[test]
fn what_is_asked_wrongly_is_answered_with_what_to_ask() {
    let node = Node::start(&[]);
    for (path, status) in [
        ("/quality?source=Non%20un%20nome", 400),
        ("/quality?page=0", 400),
        ("/quality?page=99999", 404),
        ("/qualita/schede?page=abc", 400),
        ("/quality?format=ttl", 406),
    ] {
        assert_eq!(node.get(path, "*/*").status(), status, "{path}");
    }
    let page = node.get("/quality?source=prova", "text/html");
    assert_eq!(page.status(), 303);
    assert_eq!(page.headers()["location"], format!("{BASE}/qualita/schede?source=prova"));
}
