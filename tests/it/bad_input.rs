//! Bad input: refused with a message that says where and why, in bounded memory, nothing kept.

use crate::support::{BASE, Node, Run, TOKEN, actor, demo, graph, run, vocabulary};
use flate2::{Compression, write::GzEncoder};
use std::fs;
use std::io::Write;
use std::path::Path;

fn import(data: &Path, name: &str, bytes: impl AsRef<[u8]>) -> Run {
    fs::write(data.join(name), bytes).expect("room on the disk");
    run(data, &["import", name, "--source", "prova", "--lang", "en"])
}

/// Everything an import wrote, in one line, after it was refused and kept nothing.
#[track_caller]
fn refusal(data: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let said = import(data, name, bytes).refused().said();
    let held = format!("ASK {{ GRAPH <{}> {{ ?s ?p ?o }} }}", graph("prova"));
    let held = run(data, &["query", &held, "--format", "csv"]).accepted().out;
    assert_eq!(held.trim(), "false", "something was kept: {said}");
    said
}

#[test]
fn malformed_rdf_is_told_with_its_place_in_every_syntax() {
    let folder = vocabulary();
    let s = "<http://example.org/s>";
    for (name, text, line) in [
        ("dati.ttl", format!("{s} <urn:p> 1 .\n{s} <urn:p> \"aperto .\n"), "line 2"),
        ("dati.nt", format!("{s} <urn:p> \"1\" .\n{s} <urn:p> .\n"), "line 2"),
        ("dati.nq", format!("{s} <urn:p> \"1\" .\n\n{s} urn:p \"1\" .\n"), "line 3"),
        ("dati.trig", format!("<urn:g> {{\n{s} <urn:p> 1 \n"), "line 3"),
        ("dati.rdf", "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n<rdf:Description>\n</rdf:RDF>".to_owned(), "line 3"),
        ("dati.jsonld", "{ \"@id\": \"urn:s\",\n \"urn:p\": [1, }".to_owned(), "line 2"),
    ] {
        let said = refusal(folder.path(), name, &text);
        assert!(said.contains(name) && said.contains(line), "{name}: {said}");
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(text.as_bytes()).expect("memory");
        let packed = format!("{name}.gz");
        let said = refusal(folder.path(), &packed, packer.finish().expect("memory"));
        assert!(said.contains(&packed) && said.contains(line), "{packed}: {said}");
    }
}

#[test]
fn an_error_on_the_last_line_keeps_nothing_of_the_lines_before() {
    let folder = vocabulary();
    let mut text: String = (0..3000).map(|number| actor(&format!("prova-{number}"))).collect();
    text.push_str("<urn:a> <urn:b> .\n");
    assert!(refusal(folder.path(), "dati.nt", text).contains("line 15001"));
}

#[test]
fn an_iri_that_is_relative_or_has_spaces_is_refused() {
    let folder = vocabulary();
    for (name, text) in [
        ("relativo.ttl", "<esperienza> <urn:p> 1 .".to_owned()),
        ("relativo.nt", "<esperienza> <urn:p> \"1\" .".to_owned()),
        ("relativo.nq", "<esperienza> <urn:p> \"1\" <urn:g> .".to_owned()),
        ("relativo.trig", "<urn:g> { <esperienza> <urn:p> 1 }".to_owned()),
        ("spazi.nq", format!("<{BASE}/id/attore/con spazi> <urn:p> \"1\" <urn:g> .")),
        ("spazi.trig", format!("<urn:g> {{ <{BASE}/id/attore/con spazi> <urn:p> 1 }}")),
        ("spazi.ttl", format!("<{BASE}/id/attore/con spazi> <urn:p> 1 .")),
        ("spazi.nt", format!("<{BASE}/id/attore/con spazi> <urn:p> \"1\" .")),
        ("spazi.rdf", format!("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:x=\"urn:x:\">\n<rdf:Description rdf:about=\"{BASE}/id/attore/con spazi\"><x:p>1</x:p></rdf:Description></rdf:RDF>")),
        ("relativo.rdf", "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:x=\"urn:x:\">\n<rdf:Description rdf:about=\"esperienza\"><x:p>1</x:p></rdf:Description></rdf:RDF>".to_owned()),
    ] {
        let said = refusal(folder.path(), name, text);
        assert!(said.contains("IRI") || said.contains("line"), "{name}: {said}");
    }
}

#[test]
fn iris_in_json_ld_that_are_relative_or_have_spaces_do_not_vanish_silently() {
    let folder = vocabulary();
    for (name, iri) in
        [("relativo.jsonld", "esperienza"), ("spazi.jsonld", "http://example.org/a b")]
    {
        let text = format!("{{ \"@id\": \"{iri}\", \"urn:p\": \"1\" }}");
        let said = refusal(folder.path(), name, text);
        assert!(said.contains(name) && said.contains("IRI"), "{name}: {iri}: {said}");
    }
}

#[test]
fn a_json_ld_context_from_elsewhere_is_not_fetched() {
    let folder = vocabulary();
    let text =
        "{ \"@context\": \"http://127.0.0.1:9/context.jsonld\", \"@id\": \"urn:s\", \"p\": 1 }";
    let said = refusal(folder.path(), "dati.jsonld", text);
    assert!(said.contains("not fetched"), "{said}");
}

#[test]
fn files_that_are_not_what_they_say_are_refused() {
    let folder = vocabulary();
    for (name, bytes, reason) in [
        ("dati.docx", &b"PK\x03\x04"[..], "no known kind"),
        ("dati", b"<urn:a> <urn:b> 1 .", "no known kind"),
        ("dati.csv", b"", "empty"),
        ("dati.json", b"", "empty"),
        ("dati.csv", b"PK\x03\x04 workbook", "workbook"),
        ("dati.nt", b"<urn:a> <urn:b> \"\xff\xfe\" .\n", "UTF-8"),
        ("dati.ttl", b"<urn:a> <urn:b> \"\xe0\" .\n", "UTF-8"),
        ("dati.rdf", b"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:x=\"urn:x:\"><rdf:Description rdf:about=\"urn:a\"><x:p>\xff</x:p></rdf:Description></rdf:RDF>", "UTF-8"),
        ("dati.jsonld", b"{ \"@id\": \"urn:a\", \"urn:b\": \"\xff\" }", "UTF-8"),
        ("dati.json", b"[1, 2]", "item 1"),
        ("dati.json", b"{ \"Titolo\": { \"a\": 1 } }", "Titolo"),
    ] {
        let said = refusal(folder.path(), name, bytes);
        assert!(said.to_lowercase().contains(&reason.to_lowercase()), "{name} {bytes:?}: {said}");
    }
    let missing = run(folder.path(), &["import", "manca.ttl", "--source", "prova"]).refused();
    assert!(missing.err.contains("manca.ttl"), "{}", missing.err);
}

#[test]
fn an_empty_rdf_file_changes_nothing_and_says_so() {
    let folder = vocabulary();
    for name in ["vuoto.ttl", "vuoto.nt"] {
        let said = import(folder.path(), name, "").accepted();
        assert!(said.out.contains("nothing changed"), "{}", said.out);
    }
    refusal(folder.path(), "vuoto.rdf", "");
    refusal(folder.path(), "vuoto.jsonld", "");
}

#[test]
fn a_table_with_a_missing_or_unknown_column_or_a_wrong_encoding_is_refused() {
    let folder = vocabulary();
    let good = "Denominazione;Tipo\nComune di Prova;terzo settore\n";
    for (name, bytes, reason) in [
        ("manca.csv", "Denominazione;Territorio\nComune di Prova;Bari\n".into(), "Tipo"),
        ("ignota.csv", good.replace("Tipo", "Tipo;Colore").into_bytes(), "Colore"),
        ("cella.csv", "Denominazione;Tipo\n;terzo settore\n".into(), "Denominazione"),
        ("aperta.csv", "Denominazione;Tipo\n\"Comune;terzo settore\n".into(), "quotation mark"),
        ("larga.csv", "Denominazione;Tipo\nComune;terzo settore;altro\n".into(), "cells"),
        ("rotta.csv", "Denominazione;Attivit\u{fffd}\n".into(), "broken letters"),
        (
            "doppia.csv",
            "Denominazione;Tipo;Attivit\u{c3}\u{a0}\nx;terzo settore;y\n".into(),
            "Attivit",
        ),
    ] {
        let bytes: Vec<u8> = bytes;
        let said = refusal(folder.path(), name, bytes);
        assert!(said.contains(reason), "{name}: {said}");
    }
    // Windows-1252 that is said to be UTF-8.
    let latin = b"Denominazione;Tipo\nCitt\xe0 di Prova;terzo settore\n";
    fs::write(folder.path().join("latino.csv"), latin).expect("room on the disk");
    let wrong =
        ["import", "latino.csv", "--source", "prova", "--encoding", "utf-8", "--lang", "en"];
    let said = run(folder.path(), &wrong).refused().said();
    assert!(said.contains("UTF-8"), "{said}");
    assert!(said.contains("2"), "the row: {said}");
    run(folder.path(), &["import", "latino.csv", "--source", "prova"]).accepted();
}

#[test]
fn an_unknown_theme_is_refused_and_near_names_are_suggested() {
    let folder = vocabulary();
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/template");
    let actors = fs::read_to_string(template.join("attori.csv")).expect("the template");
    fs::write(folder.path().join("attori.csv"), actors).expect("room on the disk");
    run(folder.path(), &["import", "attori.csv", "--source", "attori"]).accepted();
    let sheet = fs::read_to_string(template.join("esperienze.csv")).expect("the template");
    let wrong = sheet.replace("Nidi e micronidi|", "Nidi e micronido|");
    let said = refusal(folder.path(), "esperienze.csv", wrong);
    assert!(said.contains("nidi-e-micronidi") && said.contains("row 2"), "{said}");

    let (fl, dct) = ("https://w3id.org/familylab/ontology#", "http://purl.org/dc/terms/");
    let model = format!(
        "<{BASE}/id/modello/prova> a <{fl}ImplementationModel> ; <{dct}title> \"Un modello\"@it ;
           <{dct}description> \"Un modello di prova, descritto quanto basta.\"@it ;
           <{dct}subject> <{BASE}/id/tema/nidi-e-micronido> ."
    );
    let said = refusal(folder.path(), "modello.ttl", &model);
    assert!(said.contains("Perhaps this was meant: tema/nidi-e-micronidi"), "{said}");
}

#[test]
fn a_concept_that_stands_above_itself_is_refused() {
    let folder = vocabulary();
    let broader = "<http://www.w3.org/2004/02/skos/core#broader>";
    let iri = |name: &str| format!("<http://example.org/{name}>");
    let link = |a: &str, b: &str| format!("{} {broader} {} .\n", iri(a), iri(b));
    for (name, text) in [
        ("se-stesso.nt", link("a", "a")),
        ("due.nt", link("a", "b") + &link("b", "a")),
        ("tre.nt", link("a", "b") + &link("b", "c") + &link("c", "a") + &link("d", "a")),
    ] {
        let said = refusal(folder.path(), name, text);
        assert!(said.contains("example.org/a"), "{name}: {said}");
    }
    // Half of the circle is there already.
    let first = ["import", "primo.nt", "--source", "altra"];
    fs::write(folder.path().join("primo.nt"), link("a", "b")).expect("room on the disk");
    run(folder.path(), &first).accepted();
    refusal(folder.path(), "secondo.nt", link("b", "a"));
    // By the other doors as well.
    let node = Node::start_in(folder, &[]);
    let update = format!("INSERT DATA {{ GRAPH <{}> {{ {} }} }}", graph("prova"), link("b", "a"));
    assert_eq!(node.update(&update).status(), 422);
    let put = node.client.put(node.url("/graph/prova")).bearer_auth(TOKEN);
    let put = put.header("Content-Type", "application/n-triples").body(link("b", "a"));
    assert_eq!(put.send().expect("an answer").status(), 422);
}

#[test]
fn bodies_that_are_not_utf_8_are_refused() {
    let node = demo();
    for media in ["application/sparql-query", "application/sparql-update", "text/csv", ""] {
        let request = node.client.post(node.url("/sparql")).bearer_auth(TOKEN);
        let request = request.header("Content-Type", media).body(b"ASK { \xff }".to_vec());
        let status = request.send().expect("an answer").status();
        assert!(matches!(status.as_u16(), 400 | 415), "{media}: {status}");
    }
    for media in
        ["application/n-triples", "text/turtle", "application/rdf+xml", "application/ld+json"]
    {
        let request = node.client.put(node.url("/graph/mai")).bearer_auth(TOKEN);
        let request =
            request.header("Content-Type", media).body(b"<urn:a> <urn:b> \"\xff\" .".to_vec());
        let answer = request.send().expect("an answer");
        assert_eq!(answer.status(), 400, "{media}: {}", answer.text().expect("a text"));
    }
}
