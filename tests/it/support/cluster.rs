//! A PostgreSQL of one's own: in a temporary folder, on loopback and a free port, gone afterwards.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// How to get what is missing.
pub const MISSING: &str = "PostgreSQL is not installed; on Debian and Ubuntu: \
                           sudo apt-get install postgresql";

/// A running PostgreSQL. Dropped, it is stopped.
pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    /// Starts one, where it is installed.
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        if is_root() {
            let owner = Command::new("chown").arg("postgres").arg(folder.path()).status();
            assert!(owner.expect("chown runs").success(), "there is no user postgres");
        }
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let cluster = Self { folder, programs, port };
        cluster.run("initdb", &["-U", "familylab", "-A", "trust", "-E", "UTF8", "--locale=C"]);
        let place = cluster.folder.path().display();
        let options = format!("-c listen_addresses=127.0.0.1 -p {port} -k {place}");
        let log = cluster.folder.path().join("log");
        let log = log.to_str().expect("a path in UTF-8");
        cluster.run("pg_ctl", &["-w", "-l", log, "-o", &options, "start"]);
        Some(cluster)
    }

    /// The URL of its only database.
    pub fn url(&self) -> String {
        format!("postgres://familylab@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs a program of PostgreSQL.
    #[track_caller]
    fn run(&self, program: &str, arguments: &[&str]) {
        let status = self.command(program, arguments).status().expect("the program starts");
        assert!(status.success(), "{program}: {status}");
    }

    /// A program of PostgreSQL, which refuses root.
    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        command.arg("-D").arg(self.folder.path().join("data")).args(arguments);
        command.current_dir("/").stdout(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may never have started, and a panic while another one unwinds ends all tests.
        let _ = self.command("pg_ctl", &["-m", "immediate", "stop"]).status();
    }
}

/// The folder of initdb and pg_ctl: Debian's newest, or where the path finds them.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions.map(|entry| entry.path()).max_by_key(|folder| version(folder));
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = newest.map(|folder| folder.join("bin")).into_iter().collect();
    folders.extend(std::env::split_paths(&paths));
    folders.into_iter().find(|folder| folder.join("initdb").exists())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.trim_ascii() == b"0"
}
