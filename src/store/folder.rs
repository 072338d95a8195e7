//! The data folder: who holds it, where log and graph stand in it, and how a new graph takes the
//! place of an old one. Refuses to know what is in either.

use super::dataset::DatasetError;
use super::log::{Log, LogError};
use std::fs::{File, TryLockError, create_dir_all, remove_dir_all, rename};
use std::io;
use std::path::{Path, PathBuf};

/// A data folder that this process holds until the value is dropped.
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder, takes it for this process, and ends what a crash left half-way.
    pub fn take(path: &Path) -> Result<Self, DatasetError> {
        let failed = |source| DatasetError::Folder { path: path.to_owned(), source };
        create_dir_all(path).map_err(failed)?;
        let lock = File::create(path.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DatasetError::Locked(path.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let folder = Self { path: path.to_owned(), _lock: lock };
        folder.recover().map_err(failed)?;
        Ok(folder)
    }

    /// Where the graph stands.
    pub fn graph(&self) -> PathBuf {
        self.path.join("graph")
    }

    /// Where a graph is made that will take its place.
    pub fn new_graph(&self) -> PathBuf {
        self.path.join("graph.new")
    }

    fn old_graph(&self) -> PathBuf {
        self.path.join("graph.old")
    }

    /// Puts the new graph, which must be whole and on disk, in the place of the old one.
    pub fn swap(&self) -> Result<(), DatasetError> {
        let swap = || {
            if self.graph().exists() {
                rename(self.graph(), self.old_graph())?;
            }
            rename(self.new_graph(), self.graph())?;
            File::open(&self.path)?.sync_all()?;
            remove(&self.old_graph())
        };
        swap().map_err(|source| DatasetError::Folder { path: self.path.clone(), source })
    }

    /// A graph is put aside only when the new one is whole: then the new one is the graph.
    fn recover(&self) -> io::Result<()> {
        let (graph, new, old) = (self.graph(), self.new_graph(), self.old_graph());
        if !graph.exists() && old.exists() {
            rename(if new.exists() { &new } else { &old }, &graph)?;
        }
        remove(&old)?;
        remove(&new)
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Opens the log of a data folder, or the one at another address.
pub async fn open_log(folder: &Path, url: Option<&str>) -> Result<Log, LogError> {
    let default = || format!("sqlite:{}?mode=rwc", folder.join("log.sqlite").display());
    Log::open(&url.map_or_else(default, str::to_owned)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// What a start finds as the graph where these copies were there.
    fn found(copies: &[&str]) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        for copy in copies {
            fs::create_dir(folder.path().join(copy)).unwrap();
            fs::write(folder.path().join(copy).join("name"), copy).unwrap();
        }
        let taken = Folder::take(folder.path()).unwrap();
        let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(left.into_iter().all(|name| name == "graph" || name == "lock"));
        fs::read_to_string(taken.graph().join("name")).ok()
    }

    #[test]
    fn a_swap_cut_off_anywhere_leaves_one_whole_graph() {
        assert_eq!(found(&["graph"]).as_deref(), Some("graph"));
        assert_eq!(found(&["graph", "graph.new"]).as_deref(), Some("graph"));
        assert_eq!(found(&["graph.old", "graph.new"]).as_deref(), Some("graph.new"));
        assert_eq!(found(&["graph", "graph.old"]).as_deref(), Some("graph"));
        assert_eq!(found(&["graph.old"]).as_deref(), Some("graph.old"));
        assert_eq!(found(&[]), None);
    }
}
