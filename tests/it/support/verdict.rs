//! What `familylab verify` says of a stopped node.

use super::familylab;
use std::path::Path;
use std::process::Output;

/// The answer of `familylab verify`.
pub struct Verdict {
    /// The exit code; 101 would be a panic.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Verdict {
    /// Verifies a data folder that no node uses.
    pub fn of(data: &Path) -> Self {
        Self::of_command(data, &["verify"])
    }

    /// Runs another command that ends by itself.
    pub fn of_command(data: &Path, arguments: &[&str]) -> Self {
        Self::new(familylab(data).args(arguments).output().expect("the program runs"))
    }

    /// What a command left behind that has ended.
    pub fn new(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Fails unless log and graph agree; gives the hash of both.
    pub fn assert_agrees(&self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        assert_eq!(self.hash("log "), self.hash("graph "), "{}", self.out);
        self.hash("log ")
    }

    /// Fails unless the command failed in an orderly way and says each of these words.
    pub fn assert_fails_saying(&self, words: &[&str]) {
        let text = format!("{}{}", self.out, self.err);
        assert_eq!(self.code, Some(1), "{text}");
        assert!(!text.contains("panicked"), "{text}");
        for word in words {
            assert!(text.contains(word), "{word:?} is not in: {text}");
        }
    }

    fn hash(&self, name: &str) -> String {
        let line = self.out.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name}in: {}", self.out)).trim().to_owned()
    }
}
