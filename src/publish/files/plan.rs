//! Which exported files there are and of which pieces each is put together.
//! Refuses to know how the pieces came about and which export is current.

use super::blocks::{Block, Group, Piece, copy};
use super::counts::{Counts, Tally};
use super::drawing::{FOREIGN, OTHERS, packed};
use super::export::{File, Part};
use super::lines::trig_prefixes;
use super::table::{Table, Tables};
use crate::iri::{Base, RESERVED_SOURCES, source_name};
use crate::media::{N_QUADS, RESULTS_CSV, TRIG};
use crate::publish::hashing::Hashing;
use crate::store::hex;
use oxigraph::sparql::CancellationToken;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

/// The syntaxes of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Quads,
    Trig,
    Table,
}

/// How one file is put together.
struct Recipe {
    part: Part,
    syntax: Syntax,
    head: Vec<u8>,
    /// Block by block where its pieces are and how long.
    pieces: Vec<(i64, Vec<(u64, u64)>)>,
    /// Of what it begins with and of all pieces.
    hasher: Sha256,
    count: u64,
    records: u64,
}

/// All files of one export.
pub(super) struct Plan {
    base: Base,
    tables: Arc<Tables>,
    files: BTreeMap<String, Recipe>,
    counts: Counts,
}

/// What a file was put together of, to be recognised.
pub(super) type Recipes = BTreeMap<String, String>;

impl Plan {
    /// The plan of an export of no records.
    pub fn new(base: Base, tables: Arc<Tables>, seq: u64, at: &str) -> io::Result<Self> {
        let whole = Tally::listing();
        let counts = Counts { seq, at: at.to_owned(), whole, ..Counts::default() };
        let mut plan = Self { base, tables, files: BTreeMap::new(), counts };
        for syntax in [Syntax::Quads, Syntax::Trig] {
            plan.recipe(Part::All, syntax)?;
        }
        Ok(plan)
    }

    /// Adds the pieces of a block; blocks come in the order of their numbers.
    pub fn add(&mut self, number: i64, block: &Block) -> io::Result<()> {
        for (kind, tally) in &block.tallies {
            self.counts.whole.add(tally);
            if kind != FOREIGN {
                self.counts.entities += tally.records;
            }
            if kind != FOREIGN && kind != OTHERS {
                let kind = self.counts.kinds.entry(kind.clone());
                kind.or_insert_with(Tally::listing).add(tally);
            }
        }
        for group in &block.groups {
            self.piece(Part::All, Syntax::Quads, number, group)?;
            self.piece(Part::All, Syntax::Trig, number, group)?;
            if let Some(kind) = &group.kind {
                for syntax in [Syntax::Quads, Syntax::Trig, Syntax::Table] {
                    self.piece(Part::Kind(kind.clone()), syntax, number, group)?;
                }
            }
            if let Some(year) = group.year {
                self.piece(Part::Year(year), Syntax::Quads, number, group)?;
            }
            let source = self
                .base
                .source_of(&group.graph)
                .filter(|source| source_name(source).is_ok() || RESERVED_SOURCES.contains(source));
            if let Some(source) = source.map(str::to_owned) {
                self.piece(Part::Source(source.clone()), Syntax::Quads, number, group)?;
                let counts = self.counts.sources.entry(source).or_default();
                counts.records += group.records;
                counts.statements += group.statements;
                counts.subjects += group.subjects;
            }
        }
        Ok(())
    }

    fn piece(&mut self, part: Part, syntax: Syntax, number: i64, group: &Group) -> io::Result<()> {
        let piece = match syntax {
            Syntax::Quads => Some(&group.quads),
            Syntax::Trig => Some(&group.trig),
            Syntax::Table => group.table.as_ref(),
        };
        let Some(Piece { at, bytes, sha256 }) = piece else { return Ok(()) };
        let recipe = self.recipe(part, syntax)?;
        recipe.hasher.update(sha256);
        recipe.count += if syntax == Syntax::Table { group.records } else { group.statements };
        recipe.records += group.records;
        match recipe.pieces.last_mut().filter(|(last, _)| *last == number) {
            Some((_, pieces)) => pieces.push((*at, *bytes)),
            None => recipe.pieces.push((number, vec![(*at, *bytes)])),
        }
        Ok(())
    }

    fn recipe(&mut self, part: Part, syntax: Syntax) -> io::Result<&mut Recipe> {
        let name = name(&part, syntax);
        if !self.files.contains_key(&name) {
            let head = match (&part, syntax) {
                (_, Syntax::Trig) => packed(&[&trig_prefixes()])?,
                (Part::Kind(kind), Syntax::Table) => {
                    self.tables.of(kind).map_or_else(|| Ok(Vec::new()), Table::heading)?
                }
                // Without it an empty file would be none of gzip.
                (Part::All, Syntax::Quads) => packed(&[])?,
                _ => Vec::new(),
            };
            let hasher = Sha256::new_with_prefix(&head);
            let (pieces, count, records) = (Vec::new(), 0, 0);
            let recipe = Recipe { part, syntax, head, pieces, hasher, count, records };
            self.files.insert(name.clone(), recipe);
        }
        Ok(self.files.get_mut(&name).expect("it was put there if it was not"))
    }

    /// Writes all files into a folder; those of the export before that are put together of the same
    /// are taken from there. Gives nothing where it was stopped.
    pub fn write(
        self,
        blocks: &Path,
        into: &Path,
        before: Option<&Before>,
        modified: SystemTime,
        stop: &CancellationToken,
    ) -> io::Result<Option<(Vec<File>, Recipes, Counts)>> {
        let (mut files, mut recipes) = (Vec::new(), Recipes::new());
        for (name, recipe) in self.files {
            let digest = hex(&recipe.hasher.clone().finalize());
            let path = into.join(&name);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let same = before.and_then(|before| before.take(&name, &digest, &path));
            let file = match same {
                Some(file) => file,
                None => match recipe.write(&name, blocks, &path, modified, stop)? {
                    Some(file) => file,
                    None => return Ok(None),
                },
            };
            files.push(file);
            recipes.insert(name, digest);
        }
        Ok(Some((files, recipes, self.counts)))
    }
}

impl Recipe {
    fn write(
        self,
        name: &str,
        blocks: &Path,
        path: &Path,
        modified: SystemTime,
        stop: &CancellationToken,
    ) -> io::Result<Option<File>> {
        let file = std::fs::File::create(path)?;
        let mut out = Hashing::new(BufWriter::with_capacity(1 << 18, file));
        out.write_all(&self.head)?;
        for (number, pieces) in &self.pieces {
            if stop.is_cancelled() {
                return Ok(None);
            }
            copy(blocks, *number, pieces, &mut out)?;
        }
        let (out, bytes, sha256) = out.finish();
        let file = out.into_inner().map_err(IntoInnerError::into_error)?;
        file.set_modified(modified)?;
        file.sync_all()?;
        let media_type = match self.syntax {
            Syntax::Quads => N_QUADS.names[0],
            Syntax::Trig => TRIG.names[0],
            Syntax::Table => RESULTS_CSV.names[0],
        };
        Ok(Some(File {
            part: self.part,
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            bytes,
            sha256,
            count: self.count,
            records: self.records,
        }))
    }
}

/// The export before, whose files may be taken over.
pub(super) struct Before<'a> {
    pub folder: &'a Path,
    pub files: &'a [File],
    pub recipes: &'a Recipes,
}

impl Before<'_> {
    /// Takes a file over, if it was put together of the same and the disk allows it.
    fn take(&self, name: &str, digest: &str, path: &Path) -> Option<File> {
        let same = self.recipes.get(name).is_some_and(|known| known == digest);
        let file = self.files.iter().find(|file| file.name == name && same)?;
        std::fs::hard_link(self.folder.join(name), path).ok()?;
        Some(file.clone())
    }
}

/// The name of a file below `/dump/`.
fn name(part: &Part, syntax: Syntax) -> String {
    let stem = match part {
        Part::All => "all".to_owned(),
        Part::Kind(kind) => kind.clone(),
        Part::Source(source) => format!("source/{source}"),
        Part::Year(year) => format!("anno/{year}"),
    };
    let ending = match syntax {
        Syntax::Quads => "nq.gz",
        Syntax::Trig => "trig.gz",
        Syntax::Table => "csv",
    };
    format!("{stem}.{ending}")
}
