//! The exported files: what is in them, and that making them bit by bit makes what making them at once does.

use crate::support::{BASE, Node, actor, competence, demo, run, vocabulary};
use familylab::ingest::columns::{Form, Kind, Lands};
use familylab::ingest::{Encoding, Group, Mapping, Names, Table};
use familylab::iri::Base;
use familylab::store::{Choice, Log, Place, Revision};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{Dataset, NamedNode, Quad, QuadRef, Term, Triple};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{Cursor, Read};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Settings of nodes that export again at once.
pub const HASTY: [(&str, &str); 1] = [("FAMILYLAB_EXPORT_PAUSE", "0.01")];

/// The list of files, once they are of the last change.
#[track_caller]
pub fn exported(node: &Node) -> Value {
    let start = Instant::now();
    loop {
        let ready: Value = node.get("/ready", "*/*").json().expect("JSON");
        let answer = node.get("/dump/", "*/*");
        if answer.status() == 200 {
            let list: Value = answer.json().expect("JSON");
            if list["seq"] == ready["seq"] {
                return list;
            }
        } else {
            assert_eq!(answer.status(), 503);
            assert!(answer.headers().contains_key("retry-after"));
        }
        assert!(start.elapsed() < Duration::from_secs(300), "nothing of {ready} was exported");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The files of a list.
pub fn files(list: &Value) -> &Vec<Value> {
    list["files"].as_array().expect("files")
}

/// A file, unpacked.
#[track_caller]
fn text(node: &Node, name: &str) -> String {
    let answer = node.get(&format!("/dump/{name}"), "*/*");
    assert_eq!(answer.status(), 200, "{name}");
    let bytes = answer.bytes().expect("bytes");
    let mut text = String::new();
    if name.ends_with(".gz") {
        let mut unpack = flate2::read::MultiGzDecoder::new(bytes.as_ref());
        unpack.read_to_string(&mut text).expect("gzip and UTF-8");
    } else {
        text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
    }
    text
}

fn quads(text: &str, format: RdfFormat) -> Vec<Quad> {
    RdfParser::from_format(format).for_slice(text).map(|quad| quad.expect("RDF")).collect()
}

/// The state of the log at a change, as the foundation tells it.
pub fn settled(node: &Node, seq: u64) -> Vec<Revision> {
    let url = format!("sqlite:{}", node.data.path().join("log.sqlite").display());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let log = Log::open(&url).await.expect("the log");
        let (mut place, mut all) = (Place::default(), Vec::new());
        loop {
            let page = log.settled(&Choice::default(), place, seq, 500).await.expect("a page");
            let Some(last) = page.last() else { break };
            place = last.place;
            all.extend(page.into_iter().filter(|revision| revision.after.is_some()));
        }
        log.close().await;
        all
    })
}

fn stated(revisions: &[Revision]) -> HashSet<Quad> {
    let quads = revisions.iter().flat_map(|revision| {
        revision.after.as_ref().expect("a record").quads(&revision.key.graph).map(Result::unwrap)
    });
    quads.collect()
}

/// Which records a file must hold, by its name.
fn belongs(name: &str, revision: &Revision) -> bool {
    let stem = name.split('.').next().expect("a name");
    match stem.split_once('/') {
        None if stem == "all" => true,
        None => revision.key.record.starts_with(&format!("{BASE}/id/{stem}/")),
        Some(("source", source)) => revision.key.graph == format!("{BASE}/graph/{source}"),
        Some((_, year)) => {
            let text = revision.after.as_ref().expect("a record").as_str();
            let of = |property: &str| {
                let start = format!("<{}> <{property}> \"", revision.key.record);
                text.lines().find_map(|line| line.strip_prefix(&start)?.get(..4))
            };
            let began = of("https://w3id.org/familylab/ontology#startDate")
                .or_else(|| of("http://purl.org/dc/terms/issued"));
            revision.key.record.starts_with(&format!("{BASE}/id/esperienza/"))
                && began == Some(year)
        }
    }
}

#[test]
fn every_file_holds_exactly_the_records_of_its_change() {
    let node = demo();
    let list = exported(node);
    let all = settled(node, list["seq"].as_u64().expect("a number"));
    let mut years = 0;
    for file in files(&list) {
        let name = file["name"].as_str().expect("a name");
        let own: Vec<Revision> =
            all.iter().filter(|revision| belongs(name, revision)).cloned().collect();
        assert!(!own.is_empty(), "{name} is of nothing");
        assert_eq!(file["records"], own.len() as u64, "{name}");
        let text = text(node, name);
        if name.ends_with(".csv") {
            let records: Vec<String> = own.iter().map(|it| it.key.record.clone()).collect();
            let mut table = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
            assert_eq!(table.headers().expect("a heading").get(0), Some("#IRI"));
            let rows: Vec<String> =
                table.records().map(|row| row.expect("a row")[0].to_owned()).collect();
            assert_eq!(file["count"], rows.len() as u64, "{name}");
            assert_eq!(BTreeSet::from_iter(rows), BTreeSet::from_iter(records), "{name}");
            continue;
        }
        let format = if name.ends_with(".trig.gz") { RdfFormat::TriG } else { RdfFormat::NQuads };
        let found = quads(&text, format);
        let expected = stated(&own);
        assert_eq!(file["count"], found.len() as u64, "{name}");
        assert_eq!(found.len(), expected.len(), "{name}");
        assert_eq!(HashSet::from_iter(found), expected, "{name}");
        years += usize::from(name.starts_with("anno/"));
    }
    assert!(years > 3, "{list}");
    let kinds = ["esperienza", "attore", "rete", "tema", "territorio", "valutazione"];
    for kind in kinds {
        for ending in ["nq.gz", "trig.gz", "csv"] {
            let name = format!("{kind}.{ending}");
            assert!(files(&list).iter().any(|file| file["name"] == name), "{name}");
        }
    }
    let inferred = format!("<{BASE}/graph/inferred>");
    assert!(!text(node, "all.nq.gz").contains(&inferred));
}

/// The names by which an import finds things, as a node has them.
fn names(quads: &Dataset, base: &Base) -> Names {
    let mut names = Names::default();
    let a = oxigraph::model::vocab::rdf::TYPE;
    let fl = |name: &str| format!("https://w3id.org/familylab/ontology#{name}");
    let labels =
        ["http://www.w3.org/2004/02/skos/core#prefLabel", "http://purl.org/dc/terms/title"];
    for quad in quads.iter().filter(|quad| quad.predicate == a) {
        let oxigraph::model::TermRef::NamedNode(class) = quad.object else { continue };
        let oxigraph::model::NamedOrBlankNodeRef::NamedNode(node) = quad.subject else { continue };
        let group = match class.as_str().rsplit(['#', '/']).next().expect("a name") {
            "Region" | "Province" | "Municipality" => Some(Group::Territory),
            _ if class.as_str() == fl("Actor") => Some(Group::Actor),
            _ if class.as_str() == fl("Network") => Some(Group::Network),
            _ if class.as_str() == fl("Experience") => Some(Group::Experience),
            "Concept" => familylab::ingest::concept_group(base, node.as_str()),
            _ => None,
        };
        let Some(group) = group else { continue };
        for value in quads.quads_for_subject(node) {
            let code = value.predicate.as_str() == fl("istatCode");
            if let (oxigraph::model::TermRef::Literal(name), true) =
                (value.object, code || labels.contains(&value.predicate.as_str()))
            {
                names.add(group, name.value(), node.as_str());
            }
        }
    }
    names
}

#[test]
fn tables_of_experiences_and_actors_can_be_imported_again() {
    let node = demo();
    exported(node);
    let all: Dataset = quads(&text(node, "all.nq.gz"), RdfFormat::NQuads).into_iter().collect();
    let base = Base::parse(BASE).expect("an address");
    let names = names(&all, &base);
    for (form, kind) in [(Form::Experiences, "esperienza"), (Form::Actors, "attore")] {
        let csv = text(node, &format!("{kind}.csv"));
        let mut rows = csv::ReaderBuilder::new().delimiter(b';').from_reader(csv.as_bytes());
        let iris: Vec<String> =
            rows.records().map(|row| row.expect("a row")[0].to_owned()).collect();
        let table = Table::open(Cursor::new(csv.as_bytes()), Encoding::Detect).expect("a table");
        let mapping = Mapping::for_table(table.headings(), &names, &base).expect("known columns");
        assert_eq!(mapping.form(), form);
        let records: Vec<_> = mapping.map(table).collect();
        assert_eq!(records.len(), iris.len());
        for (iri, record) in iris.iter().zip(records) {
            let record = record.unwrap_or_else(|error| panic!("{iri}: {error}"));
            let back = |triple: &Triple| {
                let triple = triple.to_string().replace(&record.record, iri);
                triple.replace("  ", " ")
            };
            let found: BTreeSet<String> = record.triples.iter().map(back).collect();
            let node = NamedNode::new(iri).expect("an IRI");
            let held = |property: &str, keep: &dyn Fn(&Term) -> bool| -> BTreeSet<String> {
                let own =
                    all.quads_for_subject(&node).filter(|quad| quad.predicate.as_str() == property);
                let own = own.map(QuadRef::into_owned).filter(|quad| keep(&quad.object));
                own.map(|quad| Triple::from(quad).to_string()).collect()
            };
            for column in form.columns() {
                let Lands::Property(property) = column.lands else { continue };
                let tag = if let Kind::Text(tag) = column.kind { Some(tag) } else { None };
                let keep = |term: &Term| match term {
                    Term::Literal(text) => tag.is_none_or(|tag| text.language() == Some(tag)),
                    _ => true,
                };
                let start = format!("<{iri}> {property} ");
                let read = found.iter().filter(|line| {
                    line.starts_with(&start)
                        && tag.is_none_or(|tag| line.ends_with(&format!("@{tag}")))
                });
                let (read, held): (BTreeSet<String>, _) =
                    (read.cloned().collect(), held(property.as_str(), &keep));
                // What an import adds by itself where it is absent.
                if !held.is_empty() || column.required {
                    assert_eq!(read, held, "{iri}: {}", column.heading);
                }
            }
        }
    }
}

/// The checksums of all files.
fn sums(node: &Node) -> String {
    node.get("/dump/SHA256SUMS", "*/*").text().expect("a text")
}

/// The node again, with no exported file left.
fn afresh(node: Node) -> Node {
    let (status, data) = node.stop();
    assert!(status.success());
    std::fs::remove_dir_all(data.path().join("publish")).expect("there were exported files");
    Node::start_with(data, &[], &HASTY)
}

#[test]
fn after_many_changes_the_files_are_those_that_a_full_export_makes() {
    let node = Node::start_with(tempfile::tempdir().expect("a folder"), &["--demo"], &HASTY);
    exported(&node);
    let mut dice = ChaCha8Rng::seed_from_u64(7);
    let names = "http://www.w3.org/2004/02/skos/core#prefLabel";
    for change in 0..200 {
        let slug = format!("prova-{}", dice.random_range(0..30));
        let graph = format!("{BASE}/graph/fonte-{}", dice.random_range(0..3));
        let iri = format!("<{BASE}/id/competenza/{slug}>");
        let update = match dice.random_range(0..5) {
            0..2 => format!(
                "INSERT DATA {{ GRAPH <{graph}> {{ {} }} }}",
                competence(&slug, &format!("\"Nome {change}\"@it"))
            ),
            2 => format!("DELETE WHERE {{ GRAPH ?g {{ {iri} ?p ?o }} }}"),
            // A name that experiences of other sources show.
            3 => format!(
                "DELETE {{ GRAPH ?g {{ ?a <{names}> ?old }} }} INSERT {{ GRAPH ?g {{ ?a <{names}> \"Rinominato {change}\"@it }} }} \
                 WHERE {{ GRAPH ?g {{ VALUES ?a {{ <{BASE}/id/attore/comune-di-bari> }} ?a <{names}> ?old . FILTER(LANG(?old) = \"it\") }} }}"
            ),
            _ => format!(
                "DELETE {{ GRAPH <{graph}> {{ {iri} ?p ?o }} }} INSERT {{ GRAPH <{graph}> {{ {} }} }} \
                 WHERE {{ OPTIONAL {{ GRAPH <{graph}> {{ {iri} ?p ?o }} }} }}",
                competence(&slug, &format!("\"Altro {change}\"@it"))
            ),
        };
        // Some are refused, as a second Italian name is: the others are enough.
        let status = node.update(&update).status();
        assert!(!status.is_server_error(), "{status}: {update}");
    }
    let list = exported(&node);
    let bit_by_bit = sums(&node);
    assert!(text(&node, "esperienza.csv").contains("Rinominato "), "the new name is nowhere");
    let node = afresh(node);
    let again = exported(&node);
    assert_eq!(again, list);
    assert_eq!(sums(&node), bit_by_bit);
}

#[test]
fn a_record_that_is_kept_back_is_in_no_file() {
    let data: TempDir = vocabulary();
    // The second has no name, which the shapes demand.
    let good = actor("buono");
    let bad = actor("cattivo")
        .lines()
        .filter(|line| !line.contains("prefLabel"))
        .fold(String::new(), |text, line| text + line + "\n");
    let file = data.path().join("attori.nt");
    std::fs::write(&file, good + &bad).expect("a file");
    let name = file.to_string_lossy();
    run(data.path(), &["import", &name, "--source", "prova", "--trusted"]).accepted();
    let node = Node::start_with(data, &[], &HASTY);
    let list = exported(&node);
    for file in files(&list) {
        let name = file["name"].as_str().expect("a name");
        assert!(!text(&node, name).contains("attore/cattivo"), "{name}");
    }
    for name in ["all.nq.gz", "all.trig.gz", "attore.nq.gz", "attore.csv", "source/prova.nq.gz"] {
        assert!(text(&node, name).contains("attore/buono"), "{name}");
    }
}

#[test]
fn a_restart_makes_no_other_files_and_a_crash_leaves_the_old_ones() {
    let node = Node::start_with(vocabulary(), &[], &HASTY);
    let (list, before) = (exported(&node), sums(&node));
    let data = node.kill();
    let publish = data.path().join("publish");
    let current = publish.join(list["seq"].to_string());
    let made = |path: &std::path::Path| {
        std::fs::metadata(path).expect("a file").modified().expect("a time")
    };
    let manifest = made(&current.join("manifest.json"));
    // What would be there if it had been killed while the next export was put together.
    std::fs::create_dir_all(publish.join("making/source")).expect("a folder");
    std::fs::write(publish.join("making/all.nq.gz"), "mezzo").expect("a file");
    std::fs::create_dir_all(publish.join("999999")).expect("a folder");
    let node = Node::start_with(data, &[], &HASTY);
    assert_eq!(exported(&node), list);
    assert_eq!(sums(&node), before);
    let publish = node.data.path().join("publish");
    assert_eq!(made(&publish.join(list["seq"].to_string()).join("manifest.json")), manifest);
    assert!(!publish.join("making").exists() && !publish.join("999999").exists());
}

#[test]
fn what_did_not_change_is_taken_over_from_the_export_before() {
    use std::os::unix::fs::MetadataExt;
    let node = Node::start_with(vocabulary(), &[], &HASTY);
    let first = exported(&node);
    let graph = format!("{BASE}/graph/prova");
    let data = competence("ascolto", "\"Ascoltare\"@it");
    assert!(
        node.update(&format!("INSERT DATA {{ GRAPH <{graph}> {{ {data} }} }}"))
            .status()
            .is_success()
    );
    let second = exported(&node);
    let publish = node.data.path().join("publish");
    let number = |list: &Value, name: &str| {
        let path = publish.join(list["seq"].to_string()).join(name);
        std::fs::metadata(path).expect("a file").ino()
    };
    assert_eq!(number(&first, "tema.nq.gz"), number(&second, "tema.nq.gz"));
    assert_ne!(number(&first, "all.nq.gz"), number(&second, "all.nq.gz"));
    let of = |list: &Value| -> BTreeMap<String, String> {
        let pairs =
            files(list).iter().map(|file| (file["name"].to_string(), file["sha256"].to_string()));
        pairs.collect()
    };
    let (first, second) = (of(&first), of(&second));
    let new: Vec<&String> = second.keys().filter(|name| !first.contains_key(*name)).collect();
    assert_eq!(
        new,
        [
            "\"competenza.csv\"",
            "\"competenza.nq.gz\"",
            "\"competenza.trig.gz\"",
            "\"source/prova.nq.gz\""
        ]
    );
}
