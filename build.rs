//! Builds again when a file that ships inside the program appears, changes or goes.

fn main() {
    for folder in ["ontology", "data", "queries"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
