//! Joins of every kind with one side in memory. SPARQL 1.1, section 18.5.
//! Knows nothing of where rows come from.

use super::stream::{Batches, Out, Stop};
use super::table::{Layout, Table};
use crate::engine::asking::Context;
use crate::engine::plan::Kind;
use crate::engine::term::Id;
use std::sync::Arc;

/// Holds the right side, then reads the left one.
pub(super) async fn hash_join(
    context: Arc<Context>,
    mut left: Batches,
    mut right: Batches,
    layout: Layout,
    kind: Kind,
    mut out: Out,
) -> Result<(), Stop> {
    let mut table = Table::new(layout.clone(), &context.budget);
    while let Some(batch) = right.recv().await {
        for row in batch?.iter() {
            table.add(row)?;
        }
    }
    if table.is_empty() && matches!(kind, Kind::Inner | Kind::Semi) {
        return Ok(());
    }
    while let Some(batch) = left.recv().await {
        for row in batch?.iter() {
            probe(&table, &layout, &row, kind, &mut out).await?;
        }
        out.flush().await?;
    }
    Ok(())
}

/// Puts out what a row of the left makes.
pub(super) async fn probe(
    table: &Table,
    layout: &Layout,
    row: &[Id],
    kind: Kind,
    out: &mut Out,
) -> Result<(), Stop> {
    let mut joined = table.joined(row).peekable();
    let is_alone = joined.peek().is_none();
    match kind {
        Kind::Left if is_alone => out.push(layout.alone(row)).await?,
        Kind::Inner | Kind::Left => {
            for joined in joined {
                out.push(joined).await?;
            }
        }
        Kind::Semi | Kind::Anti => {
            if is_alone == (kind == Kind::Anti) {
                out.push(row.iter().copied()).await?;
            }
        }
    }
    Ok(())
}
