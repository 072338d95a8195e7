//! Kills commands of the program at moments that dice choose.

use super::familylab;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

/// Dice that FAMILYLAB_TEST_SEED repeats; the seed is told.
pub fn dice() -> ChaCha8Rng {
    let seed = number("FAMILYLAB_TEST_SEED").unwrap_or_else(rand::random);
    tell(&format!("FAMILYLAB_TEST_SEED={seed}"));
    ChaCha8Rng::seed_from_u64(seed)
}

/// Starts a command and kills it after a while, as a power cut would; says whether it had not ended
/// before.
pub fn kill_after(data: &Path, arguments: &[&str], wait: Duration) -> bool {
    let mut child = familylab(data)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    thread::sleep(wait);
    let runs = child.try_wait().expect("it can be looked at").is_none();
    child.kill().expect("it can be killed");
    child.wait().expect("it can be waited for");
    runs
}

/// A line that is seen even where a test succeeds.
pub fn tell(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("standard error is open");
}

/// A number from the environment.
pub fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")))
}
