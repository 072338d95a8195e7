//! Makes the exported files in the background: at the start, and after changes, not too often. What
//! has not changed is not written again. Refuses to know how files look and who downloads them.

use super::blocks::{Block, SIZE};
use super::drawing::{Drawing, named};
use super::export::Export;
use super::labels::{Labels, Shared};
use super::plan::{Before, Plan};
use super::shelf::{Origin, Shelf, read, write};
use super::table::Tables;
use crate::publish::hashing::mark;
use crate::publish::publication::{Publication, PublishError};
use crate::store::{ChangeInfo, Choice, LogError, Place, hex};
use oxigraph::sparql::CancellationToken;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::task::spawn_blocking;

/// Tells, beside the blocks, of which state they are.
const STATE: &str = "state.json";
/// Raised whenever files of the same records look otherwise than before.
const LAYOUT: u32 = 1;
/// How many records are read at a time.
const PAGE: i64 = 100;
/// After more changed records than these every block is written again.
const MANY: usize = 100_000;
/// How long to wait at least before trying again what failed.
const PAUSE: Duration = Duration::from_secs(5);

/// Makes exports, one after the other.
pub struct Exporter {
    publication: Publication,
    pause: Duration,
    shelf: Shelf,
    tables: Arc<Tables>,
    /// The names that are shared, as they were at a change.
    shared: Option<(u64, Arc<Shared>)>,
}

/// Of which state of the log the blocks on disk are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    seq: u64,
    at: String,
    layout: String,
}

/// Whose names may be others than in the blocks on disk.
enum Renamed {
    Any,
    /// Those with these marks, sorted.
    These(Vec<u64>),
}

impl Renamed {
    fn touches(&self, block: &Block) -> bool {
        match self {
            Self::Any => true,
            Self::These(marks) => block.named.iter().any(|mark| marks.binary_search(mark).is_ok()),
        }
    }
}

impl Exporter {
    /// Makes exports of a publication, with a pause after each.
    pub fn new(publication: Publication, pause: Duration) -> Result<Self, PublishError> {
        let shelf = Shelf::new(publication.folder());
        let tables = Arc::new(Tables::shipped()?);
        Ok(Self { publication, pause, shelf, tables, shared: None })
    }

    /// Exports what there is, then what changes, until it is stopped.
    pub async fn follow(mut self, stop: CancellationToken) {
        if let Err(error) = self.take_up().await {
            tracing::error!(%error, "the exported files of an earlier run cannot be used");
        }
        while !stop.is_cancelled() {
            let exported = self.publication.exported().map_or(0, |export| export.seq);
            self.publication.published_since(exported).await;
            // Else the first export of a new node would be of its first change only.
            self.publication.caught_up().await;
            let pause = match self.export(&stop).await {
                Ok(()) => self.pause,
                Err(_) if stop.is_cancelled() => return,
                Err(error) => {
                    tracing::error!(%error, "the files for download could not be made");
                    self.pause.max(PAUSE)
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Offers the files of an earlier run at once, where they are of this log and look as they do now.
    async fn take_up(&mut self) -> Result<(), PublishError> {
        let shelf = self.shelf.clone();
        let current = spawn_blocking(move || {
            shelf.tidy()?;
            std::io::Result::Ok(shelf.current())
        });
        let Some((export, origin)) = current.await?? else { return Ok(()) };
        let is_known = self.is_known(export.seq, &export.at).await?;
        if !is_known || export.seq > self.publication.through() {
            return Ok(());
        }
        let shared = Arc::new(Shared::read(&self.publication, export.seq).await?);
        if origin.layout == self.layout(&shared) {
            self.shared = Some((export.seq, shared));
            self.publication.set_exported(export);
        }
        Ok(())
    }

    /// Makes an export of what is published now; makes none where it is stopped.
    pub async fn export(&mut self, stop: &CancellationToken) -> Result<(), PublishError> {
        let start = Instant::now();
        let through = self.publication.through();
        let missing =
            || LogError::Damaged { seq: through, what: "the change is missing".to_owned() };
        let change = self.publication.log().change(through).await?.ok_or_else(missing)?;
        let (state, renamed, mut labels) = self.since(&change).await?;
        let (base, tables) = (self.publication.base().clone(), Arc::clone(&self.tables));
        let mut plan = Plan::new(base, tables, through, &change.at)?;
        let (mut blocks, mut drawn) = (0, 0);
        for (number, touched) in self.publication.log().touched(SIZE, through).await? {
            if stop.is_cancelled() {
                return Ok(());
            }
            let folder = self.shelf.blocks();
            let kept = spawn_blocking(move || Block::read(&folder, number)).await?;
            let fresh = kept.filter(|it| it.touched == touched && !renamed.touches(it));
            blocks += 1;
            let block = match fresh {
                Some(block) => block,
                None => {
                    drawn += 1;
                    self.draw(number, touched, through, &mut labels).await?
                }
            };
            plan.add(number, &block)?;
        }
        let Some(export) = self.put(plan, state, change.at, stop.clone()).await? else {
            return Ok(());
        };
        let (files, took_ms) = (export.files.len(), start.elapsed().as_millis());
        tracing::info!(
            seq = through,
            files,
            blocks,
            drawn,
            took_ms,
            "files for download were made"
        );
        self.publication.set_exported(export);
        Ok(())
    }

    /// The state the blocks will be of, what has other names since, and the names as they are now.
    /// Blocks of another log, or that would look otherwise now, are thrown away.
    async fn since(&mut self, now: &ChangeInfo) -> Result<(State, Renamed, Labels), PublishError> {
        let place = self.shelf.blocks().join(STATE);
        let mut kept: Option<State> = spawn_blocking(move || read(&place)).await?;
        if let Some(state) = &kept
            && (state.seq > now.seq || !self.is_known(state.seq, &state.at).await?)
        {
            kept = None;
        }
        let (mut renamed, mut shared) = (Renamed::Any, None);
        if let Some(state) = &kept {
            let (changed, is_shared) = self.changed(state.seq, now.seq).await?;
            renamed = changed;
            let known = self.shared.take().filter(|(seq, _)| *seq == state.seq && !is_shared);
            shared = known.map(|(_, shared)| shared);
        }
        let shared = match shared {
            Some(shared) => shared,
            None => Arc::new(Shared::read(&self.publication, now.seq).await?),
        };
        let layout = self.layout(&shared);
        if kept.is_none_or(|state| state.layout != layout) {
            renamed = Renamed::Any;
            let shelf = self.shelf.clone();
            spawn_blocking(move || shelf.empty_blocks()).await??;
        }
        self.shared = Some((now.seq, Arc::clone(&shared)));
        let state = State { seq: now.seq, at: now.at.clone(), layout };
        Ok((state, renamed, Labels::new(shared)))
    }

    /// Whether the log has this change, made at this moment: another log would not.
    async fn is_known(&self, seq: u64, at: &str) -> Result<bool, PublishError> {
        let change = self.publication.log().change(seq).await?;
        Ok(change.is_some_and(|change| change.at == at))
    }

    /// Which records were changed between two changes, and whether a name that is shared may have been.
    async fn changed(&self, after: u64, through: u64) -> Result<(Renamed, bool), PublishError> {
        let (mut marks, mut is_shared) = (Vec::new(), false);
        let mut place = Place { seq: after, position: i64::MAX };
        loop {
            let log = self.publication.log();
            let page = log.revisions(&Choice::default(), place, through, PAGE).await?;
            let Some(last) = page.last() else { break };
            place = last.place;
            for key in page.iter().map(|revision| &revision.key) {
                is_shared |= Shared::is_source(&self.publication, &key.graph);
                marks.push(mark(&key.record));
            }
            if marks.len() > MANY {
                return Ok((Renamed::Any, true));
            }
        }
        marks.sort_unstable();
        Ok((Renamed::These(marks), is_shared))
    }

    /// Everything that decides how files look beside the records themselves.
    fn layout(&self, shared: &Shared) -> String {
        let (base, version) = (self.publication.base(), env!("CARGO_PKG_VERSION"));
        let (digest, tables) = (shared.digest(), &self.tables);
        let text = format!("{LAYOUT} {version} {} {digest} {tables:?}", base.as_str());
        hex(&Sha256::digest(text))
    }

    /// Writes the pieces of a block.
    async fn draw(
        &self,
        number: i64,
        touched: u64,
        through: u64,
        labels: &mut Labels,
    ) -> Result<Block, PublishError> {
        let (base, log) = (self.publication.base(), self.publication.log());
        let mut drawing = Drawing::new(base.clone());
        for page in 0..SIZE / PAGE {
            let first = number * SIZE + page * PAGE + 1;
            let page = log.numbered(first, first + PAGE - 1, through).await?;
            labels.learn(log, through, named(base, &self.tables, &page)).await?;
            let (tables, known) = (Arc::clone(&self.tables), std::mem::take(labels));
            let work = move || {
                drawing.add(&page, &tables, &known)?;
                std::io::Result::Ok((drawing, known))
            };
            (drawing, *labels) = spawn_blocking(work).await??;
        }
        let folder = self.shelf.blocks();
        let work = move || {
            let (block, pieces) = drawing.finish(touched)?;
            block.keep(&folder, number, &pieces)?;
            std::io::Result::Ok(block)
        };
        Ok(spawn_blocking(work).await??)
    }

    /// Puts the files together and on the shelf; gives nothing where it was stopped.
    async fn put(
        &self,
        plan: Plan,
        state: State,
        at: String,
        stop: CancellationToken,
    ) -> Result<Option<Export>, PublishError> {
        let shelf = self.shelf.clone();
        // The files show when what they hold was changed, not when they were made.
        let modified =
            at.parse::<jiff::Timestamp>().map_or(SystemTime::UNIX_EPOCH, SystemTime::from);
        let work =
            move || {
                let blocks = shelf.blocks();
                write(&blocks.join(STATE), &state)?;
                let making = shelf.making()?;
                let current = shelf.current();
                let folder = current.as_ref().map(|(export, _)| shelf.folder(export.seq));
                let before =
                    current.as_ref().zip(folder.as_deref()).map(|((export, origin), folder)| {
                        Before { folder, files: &export.files, recipes: &origin.recipes }
                    });
                let written = plan.write(&blocks, &making, before.as_ref(), modified, &stop)?;
                let Some((files, recipes, counts)) = written else { return Ok(None) };
                let export = Export { seq: state.seq, at, files };
                shelf.put(&export, &Origin { layout: state.layout, recipes }, &counts)?;
                std::io::Result::Ok(Some(export))
            };
        Ok(spawn_blocking(work).await??)
    }
}
