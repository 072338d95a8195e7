//! What a test that cannot run here says: aloud, and never where everything is demanded.

use std::io::Write;

/// Says that the test was skipped, and why; fails it where `FAMILYLAB_TEST_REQUIRED=1`.
#[track_caller]
pub fn skipped(why: &str) {
    let demanded = std::env::var("FAMILYLAB_TEST_REQUIRED").is_ok_and(|value| value == "1");
    assert!(!demanded, "{why}");
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // What `println!` says in a test that passes is never shown; this is.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {test}: {why}");
}
