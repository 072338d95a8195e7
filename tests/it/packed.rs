//! Sheets that come packed are taken in as if they were not.

use crate::support::{run, vocabulary};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::path::Path;

#[test]
fn a_packed_sheet_holds_the_same_records() {
    let sheet = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/template/attori.csv");
    let sheet = std::fs::read(sheet).expect("the template");
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(&sheet).expect("memory");
    let packed = packer.finish().expect("memory");
    let hashes = [("attori.csv", sheet), ("attori.csv.gz", packed)].map(|(name, bytes)| {
        let folder = vocabulary();
        std::fs::write(folder.path().join(name), bytes).expect("room on the disk");
        let said = run(folder.path(), &["import", name, "--source", "prova"]).accepted();
        assert!(said.out.contains(&format!("{name}: taken in")), "{}", said.out);
        let said = run(folder.path(), &["verify"]).accepted().out;
        said.lines().find_map(|line| line.strip_prefix("log ")).expect("a hash").trim().to_owned()
    });
    assert_eq!(hashes[0], hashes[1]);
}
