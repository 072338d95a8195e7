//! `familylab import` of spreadsheets and JSON, and of the real vocabularies and catalogues.

use crate::support::{BASE, Node, Run, graph, run, skipped, vocabulary};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn template(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/template").join(name);
    fs::read_to_string(path).expect("the template").trim_start_matches('\u{feff}').to_owned()
}

fn import(data: &Path, name: &str, bytes: impl AsRef<[u8]>, more: &[&str]) -> Run {
    fs::write(data.join(name), bytes).expect("room on the disk");
    let mut arguments = vec!["import", name, "--source", "comune-di-parma"];
    arguments.extend(more);
    run(data, &arguments)
}

/// The rows of a sheet as JSON objects; a cell with several values becomes a list.
fn items(sheet: &str) -> Vec<Value> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(sheet.as_bytes());
    let headings = reader.headers().expect("a heading").clone();
    let item = |row: csv::StringRecord| {
        let cell = |text: &str| match text.split_once('|') {
            Some(_) => json!(text.split('|').collect::<Vec<_>>()),
            None => json!(text),
        };
        let cells = headings.iter().zip(row.iter()).filter(|(_, text)| !text.is_empty());
        Value::Object(cells.map(|(heading, text)| (heading.to_owned(), cell(text))).collect())
    };
    reader.records().map(|row| item(row.expect("a row"))).collect()
}

/// A sheet with another separator.
fn separated(sheet: &str, separator: u8) -> Vec<u8> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(sheet.as_bytes());
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    for row in reader.records() {
        writer.write_record(&row.expect("a row")).expect("memory");
    }
    writer.into_inner().expect("memory")
}

fn hash(data: &Path) -> String {
    let said = run(data, &["verify"]).accepted().out;
    said.lines().find_map(|line| line.strip_prefix("log ")).expect("a hash").trim().to_owned()
}

#[test]
fn the_templates_become_valid_records() {
    let folder = vocabulary();
    import(folder.path(), "attori.csv", template("attori.csv"), &[]).accepted();
    let said = import(folder.path(), "esperienze.csv", template("esperienze.csv"), &[]).accepted();
    assert!(said.out.contains("0 errori"), "{}", said.out);
    let node = Node::start_in(folder, &[]);
    let fl = "PREFIX fl: <https://w3id.org/familylab/ontology#>
              PREFIX dct: <http://purl.org/dc/terms/>";
    let experience = format!("<{BASE}/id/esperienza/esempio-nido-pomeriggio>");
    let facts = format!(
        "{fl} SELECT ?budget ?start ?lead {{ {experience} a fl:Experience ; fl:budget ?budget ;
         fl:startDate ?start ; fl:leadActor ?lead ; fl:territory <{BASE}/id/territorio/parma> }}"
    );
    let lead = format!("{BASE}/id/attore/comune-di-parma");
    assert_eq!(node.select(&facts), [format!("86400,2023-09-04,{lead}")]);
    let count = |pattern: &str| {
        node.select(&format!("{fl} SELECT (COUNT(*) AS ?n) {{ {experience} {pattern} }}"))
    };
    assert_eq!(count("dct:subject ?theme"), ["2"]);
    assert_eq!(count("fl:transferStep ?step"), ["3"]);
    assert_eq!(count("fl:demonstration true"), ["1"]);
    let actors = format!(
        "{fl} SELECT (COUNT(*) AS ?n) {{ GRAPH <{}> {{ ?a a fl:Actor }} }}",
        graph("comune-di-parma")
    );
    assert_eq!(node.select(&actors), ["2"]);
}

#[test]
fn a_sheet_holds_the_same_however_it_was_saved() {
    let (actors, experiences) = (template("attori.csv"), template("esperienze.csv"));
    let latin = |text: &str| -> Vec<u8> {
        let (bytes, _, unmapped) = encoding_rs::WINDOWS_1252.encode(text);
        assert!(!unmapped, "the template holds only letters of Windows-1252");
        bytes.into_owned()
    };
    let utf16 = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let lines =
        |items: Vec<Value>| -> String { items.iter().map(|item| format!("{item}\n")).collect() };
    let ways: [(&str, Vec<u8>, Vec<u8>); 7] = [
        ("csv", actors.clone().into(), experiences.clone().into()),
        ("csv", format!("\u{feff}{actors}").into(), experiences.replace('\n', "\r\n").into()),
        ("csv", separated(&actors, b','), separated(&experiences, b',')),
        ("tsv", separated(&actors, b'\t'), separated(&experiences, b'\t')),
        ("csv", latin(&actors), latin(&experiences)),
        ("csv", utf16(&actors), utf16(&experiences)),
        ("json", json!(items(&actors)).to_string().into(), lines(items(&experiences)).into()),
    ];
    let mut hashes = Vec::new();
    for (way, (extension, actors, experiences)) in ways.iter().enumerate() {
        let folder = vocabulary();
        import(folder.path(), &format!("attori.{extension}"), actors, &[]).accepted();
        let said = import(folder.path(), &format!("esperienze.{extension}"), experiences, &[]);
        assert!(said.status.success(), "way {way}: {}", said.said());
        hashes.push(hash(folder.path()));
    }
    for (way, hash) in hashes.iter().enumerate() {
        assert_eq!(*hash, hashes[0], "way {way}");
    }
}

#[test]
fn a_wrong_cell_is_told_with_row_and_column() {
    let folder = vocabulary();
    import(folder.path(), "attori.csv", template("attori.csv"), &[]).accepted();
    let sheet = template("esperienze.csv")
        .replace("04/09/2023", "settembre")
        .replace("86.400,00", "tanto")
        .replace(";A regime;", ";A pieno regime;");
    let said = import(folder.path(), "esperienze.csv", &sheet, &["--report", "json"]).refused();
    let report: Value = serde_json::from_str(&said.out).expect("JSON");
    let places: Vec<(u64, &str)> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| &finding["place"])
        .map(|place| (place["row"].as_u64().unwrap_or(0), place["column"].as_str().unwrap_or("")))
        .collect();
    for column in ["Data di inizio", "Costo (euro)", "Fase"] {
        assert!(places.contains(&(2, column)), "{column}: {places:?}");
    }
    let text = import(folder.path(), "esperienze.csv", &sheet, &[]).refused().out;
    assert!(text.contains("riga 2") && text.contains("Data di inizio"), "{text}");
    assert!(text.contains("31/12/2024"), "it says what to write: {text}");
}

#[test]
fn a_shape_that_a_row_breaks_is_told_with_row_and_column() {
    let folder = vocabulary();
    import(folder.path(), "attori.csv", template("attori.csv"), &[]).accepted();
    let sheet = template("esperienze.csv").replace("Nido aperto il pomeriggio", "Nido");
    let said = import(folder.path(), "esperienze.csv", &sheet, &["--report", "json"]).refused();
    let report: Value = serde_json::from_str(&said.out).expect("JSON");
    let findings = report["findings"].as_array().expect("a list");
    let wrong = findings.iter().find(|finding| finding["severity"] == "Violation");
    let finding = wrong.expect("a violation");
    assert_eq!(finding["place"]["row"], 2, "{finding}");
    assert_eq!(finding["place"]["column"], "Titolo", "{finding}");
}

/// The folder of real data; none, with a message, where it is absent and not demanded.
fn real_data() -> Option<PathBuf> {
    let folder = std::env::var("FAMILYLAB_TEST_DATA").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    if folder.join("ontopia").is_dir() {
        return Some(folder);
    }
    skipped(&format!("{} is not there; set FAMILYLAB_TEST_DATA", folder.display()));
    None
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|other| other == extension)).collect();
    files.sort();
    assert!(!files.is_empty(), "{} holds no .{extension}", folder.display());
    files
}

#[test]
fn the_real_vocabularies_and_catalogues_go_in_by_the_same_door() {
    let Some(real) = real_data() else { return };
    let mut paths = files(&real.join("ontopia"), "ttl");
    paths.extend(files(&real.join("dcat-ap_it"), "rdf"));
    let folder = vocabulary();
    // Two of them are broken: a text in the language "t", which is none, and an IRI with a quote.
    let faults = [
        ("DCAT-AP_IT.ttl", "line 178", "riga 178", "terms/conformsTo"),
        ("dataset_it_esempio_6.rdf", "line 37", "riga 37", "licenses/by/3.0/it/"),
    ];
    let skip = ["--skip-invalid", "--trusted", "--source", "rotti"];
    for (name, line, row, left_out) in faults {
        let place = paths.iter().position(|path| path.ends_with(name)).expect("it is there");
        let broken = paths.remove(place);
        let broken = broken.to_str().expect("a plain name");
        let said = run(folder.path(), &["import", "--source", "ontopia", broken]).refused();
        assert!(said.err.contains(line), "{}", said.err);
        let said = run(folder.path(), &[&["import", broken], &skip[..]].concat()).accepted();
        println!("{}", said.out);
        assert!(said.out.contains(row), "{}", said.out);
        let (_, named) = said.out.split_once("Schede lasciate fuori:").expect("a list");
        assert!(named.contains(left_out) && said.out.contains("taken in"), "{}", said.out);
    }
    let names: Vec<&str> = paths.iter().map(|path| path.to_str().expect("a plain name")).collect();
    // One catalogue writes an e-mail address where an IRI must stand; it is read as a relative one.
    let relative = "http://example.org/dcat-ap_it/";
    let mut arguments = vec!["import", "--source", "ontopia", "--relative-to", relative];
    // Each twice: the second time it changes nothing. Some describe the same record, so that one
    // after another they do change it.
    arguments.extend(names.iter().flat_map(|name| [name, name]));
    let said = run(folder.path(), &arguments).accepted();
    for name in &names {
        assert_eq!(said.out.matches(&format!("{name}: taken in")).count(), 1, "{}", said.out);
        let again = format!("{name}: nothing changed (0 records written");
        assert_eq!(said.out.matches(&again).count(), 1, "{name}: {}", said.out);
    }
    let node = Node::start_in(folder, &[]);
    let regions = format!(
        "SELECT (COUNT(DISTINCT ?r) AS ?n) {{ GRAPH <{}> {{
           ?r a <https://w3id.org/italia/onto/CLV/Region> }} }}",
        graph("ontopia")
    );
    assert_eq!(node.select(&regions), ["21"]);
    let blank = format!(
        "SELECT ?s {{ GRAPH <{}> {{ ?s ?p ?o FILTER (ISBLANK(?s) || ISBLANK(?o)) }} }}",
        graph("ontopia")
    );
    assert!(node.select(&blank).is_empty());
}

#[test]
fn the_real_table_of_municipalities_is_refused_by_the_names_of_its_columns() {
    let Some(real) = real_data() else { return };
    let folder = vocabulary();
    let cities = real.join("ontopia/cities.csv");
    let cities = cities.to_str().expect("a plain name");
    let said = run(folder.path(), &["import", "--source", "istat", cities]).refused();
    assert!(said.err.contains("LABEL_COMUNE_IT"), "{}", said.err);
}
