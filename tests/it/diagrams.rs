//! The drawings of the classes in `ontology/diagrams` are those that the program draws now.

use crate::support::run;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn names(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).expect("the folder");
    files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn the_diagrams_are_those_of_the_ontology_as_it_is() {
    let fresh = tempfile::tempdir().expect("a temporary folder");
    let out = fresh.path().to_string_lossy().into_owned();
    run(fresh.path(), &["diagrams", "--out", &out]).accepted();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("ontology/diagrams");
    assert_eq!(names(fresh.path()), names(&kept), "make them again: familylab diagrams");
    for name in names(&kept) {
        let (fresh, kept) = (fresh.path().join(&name), kept.join(&name));
        let read = |path: &Path| fs::read_to_string(path).expect("a text");
        assert_eq!(read(&fresh), read(&kept), "{name}: make it again: familylab diagrams");
    }
}
