//! Where exports stand on disk: one folder each, named by its change, and `current`, which tells the
//! last two. Only these are kept. Refuses to know what is in the files.

use super::counts::Counts;
use super::export::Export;
use super::plan::Recipes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What an export is, what it was made of, what was counted, and the two that are kept.
const MANIFEST: &str = "manifest.json";
const ORIGIN: &str = "origin.json";
const COUNTS: &str = "counts.json";
const CURRENT: &str = "current";
/// Where blocks are kept and where an export is put together.
const BLOCKS: &str = "blocks";
const MAKING: &str = "making";

/// The folder of exports.
#[derive(Debug, Clone)]
pub struct Shelf(PathBuf);

/// The exports that are kept.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Kept {
    current: u64,
    before: Option<u64>,
}

/// What an export was made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Origin {
    /// Everything that decides how files look beside the records themselves.
    pub layout: String,
    pub recipes: Recipes,
}

impl Shelf {
    /// The shelf in this folder.
    pub fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// The export of a change, if it is one of the two that are kept.
    pub fn export(&self, seq: u64) -> Option<Export> {
        let kept = self.kept()?;
        let is_kept = kept.current == seq || kept.before == Some(seq);
        if is_kept { read(&self.folder(seq).join(MANIFEST)) } else { None }
    }

    /// Where a file of an export is, by the name that its manifest gives.
    pub fn file(&self, seq: u64, name: &str) -> PathBuf {
        self.folder(seq).join(name)
    }

    /// What was counted while an export was made.
    pub fn counts(&self, seq: u64) -> Option<Counts> {
        read(&self.folder(seq).join(COUNTS))
    }

    /// Makes the folders, and takes away what a crash left behind and what is not kept.
    pub(super) fn tidy(&self) -> io::Result<()> {
        fs::create_dir_all(self.blocks())?;
        let kept = self.kept();
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let seq: Option<u64> = name.parse().ok();
            let is_kept = kept.is_some_and(|kept| {
                seq == Some(kept.current) || (seq.is_some() && seq == kept.before)
            });
            if name == MAKING || (seq.is_some() && !is_kept) {
                fs::remove_dir_all(entry.path())?;
            } else if name.starts_with('.') {
                fs::remove_file(entry.path())?;
            }
        }
        for entry in fs::read_dir(self.blocks())? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// The current export, and what it was made of.
    pub(super) fn current(&self) -> Option<(Export, Origin)> {
        let export = self.export(self.kept()?.current)?;
        let origin = read(&self.folder(export.seq).join(ORIGIN))?;
        Some((export, origin))
    }

    /// An empty folder in which an export can be put together.
    pub(super) fn making(&self) -> io::Result<PathBuf> {
        emptied(self.0.join(MAKING))
    }

    /// Throws all blocks away.
    pub(super) fn empty_blocks(&self) -> io::Result<PathBuf> {
        emptied(self.blocks())
    }

    /// Puts what was put together on the shelf, as a whole, and lets older ones go.
    pub(super) fn put(&self, export: &Export, origin: &Origin, counts: &Counts) -> io::Result<()> {
        let making = self.0.join(MAKING);
        write(&making.join(MANIFEST), export)?;
        write(&making.join(ORIGIN), origin)?;
        write(&making.join(COUNTS), counts)?;
        let before = self.kept().and_then(|kept| match kept.current == export.seq {
            true => kept.before,
            false => Some(kept.current),
        });
        let folder = self.folder(export.seq);
        // Of the same change there is one if it was made by another program, or not yet current.
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::rename(&making, &folder)?;
        write(&self.0.join(CURRENT), &Kept { current: export.seq, before })?;
        self.tidy()
    }

    /// Where blocks are kept.
    pub(super) fn blocks(&self) -> PathBuf {
        self.0.join(BLOCKS)
    }

    /// The folder of an export.
    pub(super) fn folder(&self, seq: u64) -> PathBuf {
        self.0.join(seq.to_string())
    }

    fn kept(&self) -> Option<Kept> {
        read(&self.0.join(CURRENT))
    }
}

/// A folder with nothing in it.
fn emptied(folder: PathBuf) -> io::Result<PathBuf> {
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(&folder)?,
    }
    Ok(folder)
}

/// Reads what [`write()`] wrote; nothing where it is not there, or broken.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Writes a file beside its place and puts it there once it is whole and on disk.
pub(super) fn write(path: &Path, value: &impl Serialize) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".part-").tempfile_in(folder)?;
    file.write_all(&serde_json::to_vec(value)?)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(shelf: &Shelf, seq: u64) {
        let folder = shelf.making().unwrap();
        fs::write(folder.join("all.nq.gz"), seq.to_string()).unwrap();
        let export = Export { seq, ..Export::default() };
        shelf.put(&export, &Origin::default(), &Counts { seq, ..Counts::default() }).unwrap();
    }

    #[test]
    fn the_last_two_exports_are_kept_and_what_a_crash_left_is_tidied_up() {
        let data = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(data.path());
        shelf.tidy().unwrap();
        assert!(shelf.current().is_none());
        for seq in [3, 5, 9] {
            put(&shelf, seq);
        }
        assert_eq!(shelf.current().unwrap().0.seq, 9);
        assert_eq!(shelf.export(5).unwrap().seq, 5);
        assert!(shelf.export(3).is_none() && !shelf.folder(3).exists());
        // An export that was being put together, and one that was not yet current.
        let left = shelf.making().unwrap();
        fs::create_dir_all(shelf.folder(11)).unwrap();
        fs::write(shelf.blocks().join(".block-x"), "half").unwrap();
        shelf.tidy().unwrap();
        assert!(!left.exists() && !shelf.folder(11).exists());
        assert_eq!(fs::read_dir(shelf.blocks()).unwrap().count(), 0);
        assert_eq!(shelf.current().unwrap().0.seq, 9);
        assert_eq!(fs::read_to_string(shelf.file(9, "all.nq.gz")).unwrap(), "9");
        assert_eq!(shelf.counts(9).unwrap().seq, 9);
        assert!(shelf.counts(3).is_none());
    }

    #[test]
    fn the_export_of_one_change_may_be_made_again() {
        let data = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(data.path());
        shelf.tidy().unwrap();
        put(&shelf, 4);
        put(&shelf, 4);
        assert_eq!(shelf.current().unwrap().0.seq, 4);
        put(&shelf, 6);
        assert!(shelf.export(4).is_some());
    }
}
