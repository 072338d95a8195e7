//! Builds again when a file that ships inside the program appears, changes or goes, and says
//! when the site's styles and scripts are not among them.

use std::path::Path;

fn main() {
    for folder in ["ontology", "data", "queries", "web/styles", "web/templates"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    // A path that is not there counts as changed each time, so its folder stands in for it.
    let built = Path::new("web/dist/manifest.json").is_file();
    println!("cargo::rerun-if-changed={}", if built { "web/dist" } else { "web" });
    if !built {
        println!(
            "cargo::warning=the site is built without its styles and scripts: `make assets` makes \
             them, with Node"
        );
    }
}
