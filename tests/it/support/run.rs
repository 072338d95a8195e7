//! Runs a command of the program to its end and tells what it wrote and how much memory it took.

use super::node::{familylab, peak_memory};
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::Duration;

/// What became of a command.
pub struct Run {
    pub status: ExitStatus,
    pub out: String,
    pub err: String,
    /// The largest resident memory that was seen, in bytes.
    pub peak: u64,
}

impl Run {
    /// Everything the command wrote.
    pub fn said(&self) -> String {
        format!("{}\n{}", self.out, self.err)
    }

    /// The command, which must have succeeded.
    #[track_caller]
    pub fn accepted(self) -> Self {
        assert!(self.status.success(), "{}: {}", self.status, self.said());
        self
    }

    /// The command, which must have failed in an orderly way.
    #[track_caller]
    pub fn refused(self) -> Self {
        assert_eq!(self.status.code(), Some(1), "{}: {}", self.status, self.said());
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

/// Runs the program on a data folder.
pub fn run(data: &Path, arguments: &[&str]) -> Run {
    run_command(familylab(data).args(arguments))
}

/// Runs a command that was made ready by [`familylab`].
pub fn run_command(command: &mut Command) -> Run {
    let file = || tempfile::tempfile().expect("a temporary file");
    let (mut out, mut err) = (file(), file());
    let same = |file: &File| file.try_clone().expect("the same file again");
    let mut child =
        command.stdout(same(&out)).stderr(same(&err)).spawn().expect("the program starts");
    let mut peak = 0;
    let status = loop {
        peak = peak_memory(child.id()).unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    let text = |file: &mut File| {
        let mut bytes = Vec::new();
        file.rewind().expect("the start of the file");
        file.read_to_end(&mut bytes).expect("what was written");
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Run { status, out: text(&mut out), err: text(&mut err), peak }
}
