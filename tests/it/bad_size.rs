//! Input that would fill the memory: a literal of a gigabyte in every syntax, a gzip bomb, a file
//! that breaks off. Each is made as a stream, so that the disk stays small too.

use crate::support::{Run, run, vocabulary};
use flate2::{Compression, write::GzEncoder};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// A peak memory that no file may exceed, in bytes.
const BOUND: u64 = 400 << 20;
const GIGABYTE: usize = 1 << 30;

/// A gzip file: a head, so many letters, a tail.
fn pack(path: &Path, head: &str, letters: usize, tail: &str) {
    let file = BufWriter::new(File::create(path).expect("a file"));
    let mut packer = GzEncoder::new(file, Compression::fast());
    packer.write_all(head.as_bytes()).expect("room on the disk");
    let piece = [b'x'; 1 << 16];
    for _ in 0..letters / piece.len() {
        packer.write_all(&piece).expect("room on the disk");
    }
    packer.write_all(tail.as_bytes()).expect("room on the disk");
    packer.finish().expect("room on the disk").flush().expect("room on the disk");
}

fn import(data: &Path, name: &str, ratio: &str) -> Run {
    let mut command = crate::support::familylab(data);
    command.args(["import", name, "--source", "prova", "--lang", "en"]);
    crate::support::run_command(command.env("FAMILYLAB_UNPACK_RATIO", ratio))
}

#[test]
fn a_literal_of_a_gigabyte_is_refused_in_every_syntax_without_filling_the_memory() {
    let folder = vocabulary();
    let rdf = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:x=\"urn:x:\"><rdf:Description rdf:about=\"urn:a\"><x:p>";
    for (name, head, tail) in [
        ("a.ttl.gz", "<urn:a> <urn:b> \"", "\" ."),
        ("lungo.ttl.gz", "<urn:a> <urn:b> \"\"\"", "\"\"\" ."),
        ("a.nt.gz", "<urn:a> <urn:b> \"", "\" .\n"),
        ("iri.nt.gz", "<urn:a> <urn:b> <urn:", "> .\n"),
        ("a.nq.gz", "<urn:a> <urn:b> \"", "\" .\n"),
        ("a.trig.gz", "<urn:g> { <urn:a> <urn:b> \"", "\" }"),
        ("a.rdf.gz", rdf, "</x:p></rdf:Description></rdf:RDF>"),
        (
            "attributo.rdf.gz",
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" x=\"",
            "\"/>",
        ),
        ("a.jsonld.gz", "{ \"@id\": \"urn:a\", \"urn:b\": \"", "\" }"),
        ("a.json.gz", "[{ \"Denominazione\": \"", "\" }]"),
        ("a.csv.gz", "Denominazione;Tipo\n", ";terzo settore\n"),
        ("virgolette.csv.gz", "Denominazione;Tipo\n\"", "\";terzo settore\n"),
        ("intestazione.csv.gz", "", ";Tipo\n"),
    ] {
        pack(&folder.path().join(name), head, GIGABYTE, tail);
        let said = import(folder.path(), name, "1000000").refused();
        let (peak, text) = (said.peak, said.said());
        println!("{name}: {} MiB, {}", peak >> 20, text.trim());
        assert!(peak < BOUND, "{name}: {} MiB", peak >> 20);
        assert!(text.contains(name), "{name}: {text}");
        let clear = ["longer than", "too long", "too large", "larger", "buffer size"];
        assert!(clear.iter().any(|word| text.contains(word)), "{name}: {text}");
        std::fs::remove_file(folder.path().join(name)).expect("the file");
    }
}

#[test]
fn a_gzip_bomb_is_refused_before_it_has_unpacked() {
    let folder = vocabulary();
    for name in ["bomba.nt.gz", "bomba.ttl.gz", "bomba.csv.gz", "bomba.json.gz", "bomba.rdf.gz"] {
        let line = "#";
        pack(&folder.path().join(name), line, GIGABYTE / 2, "\n");
        let said = import(folder.path(), name, "200").refused();
        println!("{name}: {} MiB, {}", said.peak >> 20, said.said().trim());
        assert!(said.peak < BOUND, "{name}: {} MiB", said.peak >> 20);
    }
    // A comment of short lines gets past every limit but that of the bomb.
    let path = folder.path().join("righe.nt.gz");
    let mut packer = GzEncoder::new(File::create(&path).expect("a file"), Compression::best());
    let lines = "# nulla\n".repeat(1 << 13);
    for _ in 0..4096 {
        packer.write_all(lines.as_bytes()).expect("room on the disk");
    }
    packer.finish().expect("room on the disk");
    let said = import(folder.path(), "righe.nt.gz", "200").refused();
    assert!(said.err.contains("gzip bomb") && said.err.contains("unpack_ratio"), "{}", said.err);
    assert!(said.peak < BOUND, "{} MiB", said.peak >> 20);
}

#[test]
fn a_gzip_file_that_breaks_off_or_is_damaged_is_refused() {
    let folder = vocabulary();
    let text: String = (0..2000)
        .map(|number| format!("<urn:a:{number}> <urn:b> \"{}\" .\n", number * 7))
        .collect();
    for extension in ["nt", "ttl"] {
        let name = format!("tronco.{extension}.gz");
        let path = folder.path().join(&name);
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(text.as_bytes()).expect("memory");
        let bytes = packer.finish().expect("memory");
        for (what, bytes) in [
            ("broken off", bytes[..bytes.len() / 2].to_vec()),
            ("without its end", bytes[..bytes.len() - 8].to_vec()),
            (
                "damaged",
                bytes
                    .iter()
                    .enumerate()
                    .map(|(n, b)| if n == 500 { b ^ 0x55 } else { *b })
                    .collect(),
            ),
        ] {
            std::fs::write(&path, bytes).expect("room on the disk");
            let said = run(folder.path(), &["import", &name, "--source", "prova"]).refused();
            assert!(said.err.contains(&name), "{what}: {}", said.err);
        }
    }
}
