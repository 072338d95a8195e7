//! `familylab import`: every syntax, all of a file or nothing, and a report that says what to mend.

use crate::support::{BASE, Node, Run, actor, competence, graph, run, vocabulary};
use flate2::{Compression, write::GzEncoder};
use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

fn put(data: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = data.join(name);
    fs::write(&path, bytes).expect("room on the disk");
    path
}

fn import(data: &Path, name: &str, more: &[&str]) -> Run {
    let mut arguments = vec!["import", name];
    arguments.extend(more);
    run(data, &arguments)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory")
}

/// N-Triples in another syntax; those with graphs put them into the graph of a source.
fn written(triples: &str, extension: &str, source: &str) -> Vec<u8> {
    let format = RdfFormat::from_extension(extension).expect("a known extension");
    let mut writer = RdfSerializer::from_format(format).for_writer(Vec::new());
    for quad in RdfParser::from_format(RdfFormat::NTriples).for_slice(triples) {
        let mut quad = quad.expect("a triple");
        if format.supports_datasets() && extension != "jsonld" {
            let name = oxigraph::model::NamedNode::new(graph(source)).expect("an IRI");
            quad.graph_name = name.into();
            writer.serialize_quad(&quad).expect("memory");
        } else {
            writer
                .serialize_triple(oxigraph::model::TripleRef::from(quad.as_ref()))
                .expect("memory");
        }
    }
    writer.finish().expect("memory")
}

/// The hash of everything a data folder holds.
fn hash(data: &Path) -> String {
    let said = run(data, &["verify"]).accepted().out;
    said.lines().find_map(|line| line.strip_prefix("log ")).expect("a hash").trim().to_owned()
}

#[test]
fn every_syntax_and_its_gzip_hold_the_same_records() {
    let triples = actor("prova");
    let mut hashes = Vec::new();
    for extension in ["ttl", "nt", "rdf", "jsonld", "trig", "nq"] {
        for packed in [false, true] {
            let folder = vocabulary();
            let text = written(&triples, extension, "prova");
            let (name, bytes) = match packed {
                true => (format!("dati.{extension}.gz"), gzip(&text)),
                false => (format!("dati.{extension}"), text),
            };
            put(folder.path(), &name, bytes);
            let named = matches!(extension, "trig" | "nq");
            let source: &[&str] = if named { &[] } else { &["--source", "prova"] };
            let said = import(folder.path(), &name, source).accepted();
            assert!(said.out.contains("1 records written"), "{name}: {}", said.said());
            hashes.push((name, hash(folder.path())));
        }
    }
    for (name, hash) in &hashes {
        assert_eq!(*hash, hashes[0].1, "{name}");
    }
}

#[test]
fn the_same_file_again_changes_nothing() {
    let folder = vocabulary();
    put(folder.path(), "dati.nt", actor("prova"));
    import(folder.path(), "dati.nt", &["--source", "prova"]).accepted();
    let before = hash(folder.path());
    let again = import(folder.path(), "dati.nt", &["--source", "prova"]).accepted();
    assert!(again.out.contains("nothing changed"), "{}", again.out);
    assert!(again.out.contains("1 unchanged"), "{}", again.out);
    assert_eq!(hash(folder.path()), before);
}

#[test]
fn a_dry_run_keeps_nothing() {
    let folder = vocabulary();
    put(folder.path(), "dati.nt", actor("prova"));
    let before = hash(folder.path());
    let said = import(folder.path(), "dati.nt", &["--source", "prova", "--dry-run"]).accepted();
    assert!(said.out.contains("would be taken in"), "{}", said.out);
    assert_eq!(hash(folder.path()), before);
}

#[test]
fn all_of_a_file_goes_in_or_nothing_unless_what_is_wrong_may_be_left_out() {
    let folder = vocabulary();
    let mixed = format!("{}{}", actor("prova"), competence("muta", "\"\"@it"));
    put(folder.path(), "dati.nt", mixed);
    let before = hash(folder.path());
    let said = import(folder.path(), "dati.nt", &["--source", "prova"]).refused();
    assert!(said.out.contains("competenza/muta") && said.out.contains("refused"), "{}", said.out);
    assert_eq!(hash(folder.path()), before);

    let skip = ["--source", "prova", "--skip-invalid"];
    let said = import(folder.path(), "dati.nt", &skip).accepted();
    let (_, left_out) = said.out.split_once("Schede lasciate fuori:").expect("a list");
    assert!(
        left_out.contains("competenza/muta") && !left_out.contains("attore/prova"),
        "{left_out}"
    );
    let node = Node::start_in(folder, &[]);
    let query = format!("SELECT DISTINCT ?s {{ GRAPH <{}> {{ ?s ?p ?o }} }}", graph("prova"));
    assert_eq!(node.select(&query), [format!("{BASE}/id/attore/prova")]);
}

#[test]
fn one_wrong_file_does_not_undo_the_others() {
    let folder = vocabulary();
    put(folder.path(), "buono.nt", actor("prova"));
    put(folder.path(), "rotto.nt", competence("muta", "\"\"@it"));
    let files = ["import", "rotto.nt", "buono.nt", "--source", "prova"];
    let said = run(folder.path(), &files).refused();
    assert!(said.out.contains("rotto.nt: refused"), "{}", said.said());
    assert!(said.out.contains("buono.nt: taken in"), "{}", said.said());
}

#[test]
fn a_file_that_cannot_be_read_does_not_keep_the_next_from_being_tried() {
    let folder = vocabulary();
    put(folder.path(), "rotto.nt", "<urn:a> <urn:b> .\n");
    put(folder.path(), "buono.nt", actor("prova"));
    let files = ["import", "rotto.nt", "manca.nt", "buono.nt", "--source", "prova"];
    let said = run(folder.path(), &files).refused();
    assert!(said.out.contains("rotto.nt was not taken in"), "{}", said.said());
    assert!(said.out.contains("line 1"), "{}", said.said());
    assert!(said.out.contains("manca.nt was not taken in"), "{}", said.said());
    assert!(said.out.contains("buono.nt: taken in"), "{}", said.said());

    put(folder.path(), "muto.nt", competence("muta", "\"\"@it"));
    let files = ["rotto.nt", "muto.nt", "buono.nt", "--source", "prova"];
    let report = |format: &str| {
        let arguments = [&["import", "--report", format], &files[..]].concat();
        run(folder.path(), &arguments).refused().out
    };
    let json: Value = serde_json::from_str(&report("json")).expect("one JSON document");
    assert_eq!(json["conforms"], false);
    let about = |record: &str| {
        let findings = json["findings"].as_array().expect("a list");
        findings.iter().filter(|finding| finding["record"] == record).count()
    };
    assert_eq!(about("rotto.nt"), 1);
    assert!(about(&format!("{BASE}/id/competenza/muta")) > 0);
    let graph = crate::support::parse(report("shacl"), RdfFormat::Turtle);
    let results = graph.iter().filter(|quad| quad.predicate.as_str().ends_with("shacl#result"));
    assert_eq!(results.count(), json["findings"].as_array().expect("a list").len());
}

#[test]
fn what_has_a_wrong_term_may_be_left_out_and_is_named_with_its_line() {
    let folder = vocabulary();
    let wrong = format!(
        "<{BASE}/id/attore/storto> <http://www.w3.org/2004/02/skos/core#altLabel> \"Ente\"@t .\n"
    );
    put(folder.path(), "dati.nt", format!("{}{wrong}{}", actor("storto"), actor("prova")));
    let source = ["--source", "prova", "--lang", "en"];
    import(folder.path(), "dati.nt", &source).refused();
    let skip = [&source[..], &["--skip-invalid"]].concat();
    let said = import(folder.path(), "dati.nt", &skip).accepted();
    assert!(said.out.contains("row 6"), "{}", said.out);
    let (_, left_out) = said.out.split_once("Records left out:").expect("a list");
    assert!(left_out.contains("attore/storto") && !left_out.contains("attore/prova"), "{left_out}");
    let node = Node::start_in(folder, &[]);
    let query = format!("SELECT DISTINCT ?s {{ GRAPH <{}> {{ ?s ?p ?o }} }}", graph("prova"));
    assert_eq!(node.select(&query), [format!("{BASE}/id/attore/prova")]);
}

#[test]
fn json_ld_is_the_same_whether_or_not_it_can_be_read_as_a_stream() {
    let hashes = ["\"@id\": \"ID\", \"LABEL\": \"uno\"", "\"LABEL\": \"uno\", \"@id\": \"ID\""]
        .map(|object| {
            let folder = vocabulary();
            let text = format!("{{ \"@context\": {{}}, \"@graph\": [{{ {object} }}] }}");
            let text = text.replace("ID", &format!("{BASE}/id/prova/uno"));
            let text = text.replace("LABEL", "http://www.w3.org/2004/02/skos/core#altLabel");
            put(folder.path(), "dati.jsonld", text);
            import(folder.path(), "dati.jsonld", &["--source", "prova"]).accepted();
            hash(folder.path())
        });
    assert_eq!(hashes[0], hashes[1]);
}

#[test]
fn a_file_says_its_graphs_or_needs_a_source() {
    let folder = vocabulary();
    put(folder.path(), "dati.nt", actor("prova"));
    let said = import(folder.path(), "dati.nt", &[]).refused();
    assert!(said.err.contains("attore/prova is in no source"), "{}", said.err);
    assert!(said.err.contains("--source"), "{}", said.err);
    for source in ["vocabulary", "territory", "inferred", "Comune di Bari", "", "a--b"] {
        let said = import(folder.path(), "dati.nt", &["--source", source]).refused();
        assert!(said.err.contains("source name"), "{source}: {}", said.err);
    }
    put(folder.path(), "altrui.nq", written(&actor("prova"), "nq", "territory"));
    import(folder.path(), "altrui.nq", &[]).refused();
}

#[test]
fn blank_nodes_get_the_same_names_whatever_the_order() {
    let node = format!("<{BASE}/id/attore/prova>");
    let fl = "https://w3id.org/familylab/ontology#";
    let vcard = "http://www.w3.org/2006/vcard/ns#";
    let mut lines: Vec<String> = actor("prova").lines().map(str::to_owned).collect();
    for label in ["a", "b"] {
        lines.push(format!("{node} <{fl}contactPoint> _:{label} ."));
        lines.push(format!(
            "_:{label} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{vcard}Organization> ."
        ));
        lines.push(format!("_:{label} <{vcard}fn> \"Ufficio {label}\"@it ."));
        lines.push(format!("_:{label} <{vcard}hasEmail> <mailto:{label}@comune.example> ."));
    }
    let forward = lines.join("\n");
    lines.reverse();
    let backward = lines.join("\n").replace("_:a", "_:z9").replace("_:b", "_:a");
    let hashes = [forward, backward].map(|text| {
        let folder = vocabulary();
        put(folder.path(), "dati.nt", text);
        import(folder.path(), "dati.nt", &["--source", "prova"]).accepted();
        hash(folder.path())
    });
    assert_eq!(hashes[0], hashes[1]);
}

#[test]
fn the_report_can_be_read_by_people_programs_and_shacl_tools() {
    let folder = vocabulary();
    put(folder.path(), "dati.nt", competence("muta", "\"\"@it"));
    let report = |more: &[&str]| {
        let mut arguments = vec!["--source", "prova", "--dry-run"];
        arguments.extend(more);
        import(folder.path(), "dati.nt", &arguments).refused().out
    };
    assert!(report(&[]).contains("1 scheda:"));
    assert!(report(&["--lang", "en"]).contains("1 record:"));
    let json: Value = serde_json::from_str(&report(&["--report", "json"])).expect("JSON");
    assert_eq!(json["conforms"], false);
    assert_eq!(json["findings"][0]["record"], format!("{BASE}/id/competenza/muta"));
    let shacl = report(&["--report", "shacl"]);
    let graph = crate::support::parse(shacl, RdfFormat::Turtle);
    let results = graph.iter().filter(|quad| quad.predicate.as_str().ends_with("shacl#result"));
    assert_eq!(results.count(), json["findings"].as_array().expect("a list").len());
    let said = import(
        folder.path(),
        "dati.nt",
        &["--source", "prova", "--report", "json", "--report-file", "rapporto.json"],
    );
    said.refused();
    let kept = fs::read(folder.path().join("rapporto.json")).expect("the report");
    let kept: Value = serde_json::from_slice(&kept).expect("JSON");
    assert_eq!(kept["findings"], json["findings"]);
}
