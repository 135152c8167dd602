//! Filling a schema from the ledger's beginning at the speed at which PostgreSQL takes rows in.
//!
//! Rows go by COPY into tables without keys and indexes, which come when all rows are there.
//! `bulk/decision.md` says why, and what keeps it safe to be stopped at any point.

mod chunk;
mod copy;
mod finish;
mod memory;

use deadpool_postgres::Pool;
use fullmakt_events::{LedgerId, Position, Timestamp, admission::COMMANDS_REMEMBERED_SECONDS};
use fullmakt_projections::Checkpoint;
use tokio_postgres::Client;

use crate::{
    Database, DatabaseError, ProjectorError, ReadSchema, RebuildError, RebuildProgress,
    RecordSource,
    column::get,
    database::Session,
    filling::{Feed, SOURCE_PAUSE},
    projector::{Cursor, move_checkpoint},
    schema::indexes,
};
use chunk::{Chunk, Fold, Rows};
use memory::Memory;

const CREATE: &str = include_str!("bulk/sql/create.sql");
const ADD_TABLE: &str = include_str!("bulk/sql/add_table.sql");
const IS_BEGUN: &str = include_str!("bulk/sql/is_begun.sql");
const REMOVE_BEYOND: &str = include_str!("bulk/sql/remove_beyond.sql");

/// When and how tables are filled without keys and indexes.
#[derive(Debug, Clone, Copy)]
pub struct BulkLimits {
    /// The fewest records that it is done for.
    pub records_min: u64,
    /// The most records of a transaction, but always one batch of the source.
    pub records_max: usize,
    /// The most bytes of a transaction's records, but always one batch of the source.
    pub bytes_max: usize,
    /// The most entities and streams that are kept in memory. Where there are more, the tables get
    /// their keys and indexes early, and what is left is folded as a projector does it.
    pub entries_max: usize,
}

impl Default for BulkLimits {
    fn default() -> Self {
        Self {
            records_min: 10_000,
            records_max: 32_768,
            bytes_max: 32 * 1024 * 1024,
            entries_max: 20_000_000,
        }
    }
}

/// Creates a schema whose tables have no keys and indexes.
pub(crate) async fn create(client: &mut Client, schema: &ReadSchema) -> Result<(), DatabaseError> {
    let error = |error| DatabaseError::of("bulk/create", error);
    let transaction = client.transaction().await.map_err(error)?;
    schema.create_without_indexes(&transaction).await?;
    transaction.batch_execute(CREATE).await.map_err(error)?;
    for (table, _) in indexes() {
        transaction.execute(ADD_TABLE, &[&table]).await.map_err(error)?;
    }
    transaction.commit().await.map_err(error)
}

/// A schema whose tables have no keys and indexes yet.
pub(crate) struct Bulk {
    pool: Pool,
    fold: Fold,
    /// Whether some tables have their keys and indexes already, so that no more rows are added.
    is_finishing: bool,
}

impl Bulk {
    /// Goes on where the schema is; nothing where its tables have all they need.
    pub(crate) async fn open(
        database: &Database,
        schema: &ReadSchema,
        ledger: LedgerId,
    ) -> Result<Option<Self>, RebuildError> {
        let pool = database.pool_of(Session::Filling(schema), finish::SESSIONS)?;
        let client = pool.get().await.map_err(DatabaseError::from)?;
        let error = |error| DatabaseError::of("bulk/open", error);
        let row = client.query_one(IS_BEGUN, &[]).await.map_err(error)?;
        if !get::<bool>(&row, "found")? {
            return Ok(None);
        }
        let is_finishing = finish::tables(&**client).await?.len() < indexes().count();
        let memory = if is_finishing {
            Memory::default()
        } else {
            client.batch_execute(REMOVE_BEYOND).await.map_err(error)?;
            Memory::load(&client).await?
        };
        // The source tells what is in the log, so that the log does not end before it.
        let cursor = Cursor::read(&pool, ledger).await?;
        let fold = Fold { cursor, memory, commands_since: Timestamp::default() };
        Ok(Some(Self { pool, fold, is_finishing }))
    }

    /// Fills the tables up to where the live ones are, and gives them their keys and indexes.
    pub(crate) async fn fill<S: RecordSource>(
        self,
        feed: &mut Feed<'_, S>,
        goal: &Checkpoint,
        limits: &BulkLimits,
        progress: &mut (dyn FnMut(RebuildProgress) + Send),
    ) -> Result<Cursor, RebuildError> {
        let Self { pool, mut fold, is_finishing } = self;
        if !is_finishing {
            skip(feed, &mut fold, goal, progress).await?;
            fold.commands_since = remembered_since(goal);
            let mut folded = None;
            loop {
                let storing = store(&pool, folded);
                let folding = fold_next(feed, fold, goal.position, limits);
                let (stored, (back, next)) = futures::try_join!(storing, folding)?;
                fold = back;
                if let Some(position) = stored {
                    progress(RebuildProgress::Folded { position, live: goal.position });
                }
                if next.is_none() {
                    break;
                }
                folded = next;
            }
        }
        let Fold { cursor, .. } = fold;
        if let Some(reached) = cursor.checkpoint() {
            tracing::info!(
                ledger.position = reached.position.get(),
                "adding keys and indexes at {}",
                reached.position
            );
            finish::finish(&pool, remembered_since(reached)).await?;
        }
        Ok(cursor)
    }
}

/// The ledger time before which commands are forgotten at a checkpoint.
fn remembered_since(checkpoint: &Checkpoint) -> Timestamp {
    checkpoint.ledger_time.plus_seconds(-COMMANDS_REMEMBERED_SECONDS)
}

/// Takes the records that were folded before it was stopped.
async fn skip<S: RecordSource>(
    feed: &mut Feed<'_, S>,
    fold: &mut Fold,
    goal: &Checkpoint,
    progress: &mut (dyn FnMut(RebuildProgress) + Send),
) -> Result<(), RebuildError> {
    while let Some(last) = fold.cursor.to_verify() {
        let Some((batch, range)) = feed.take_all(last).await? else {
            tokio::time::sleep(SOURCE_PAUSE).await;
            continue;
        };
        let records: Vec<_> = batch.get(range).unwrap_or_default().iter().collect();
        fold.cursor.unseen(&records)?;
        if let Some(told) = records.last() {
            progress(RebuildProgress::Skipped { position: told.position, live: goal.position });
        }
    }
    Ok(())
}

/// Folds the next chunk; nothing where the goal is reached or enough is kept in memory.
async fn fold_next<S: RecordSource>(
    feed: &mut Feed<'_, S>,
    mut fold: Fold,
    last: Position,
    limits: &BulkLimits,
) -> Result<(Fold, Option<Rows>), RebuildError> {
    if fold.position() >= Some(last) || fold.memory.entries() > limits.entries_max {
        return Ok((fold, None));
    }
    let chunk = gather(feed, last, limits).await?;
    let folding = tokio::task::spawn_blocking(move || {
        let rows = fold.fold(&chunk)?;
        Ok::<_, ProjectorError>((fold, rows))
    });
    let (fold, rows) = folding.await.map_err(|error| RebuildError::Source(error.into()))??;
    Ok((fold, rows))
}

/// As much of the source as is there, within the limits. Waits for the first records.
async fn gather<S: RecordSource>(
    feed: &mut Feed<'_, S>,
    last: Position,
    limits: &BulkLimits,
) -> Result<Chunk, RebuildError> {
    let mut chunk = Chunk::default();
    while !chunk.is_full(limits) {
        match feed.take_all(last).await? {
            Some((batch, range)) => chunk.push(batch, range),
            None if chunk.is_empty() => tokio::time::sleep(SOURCE_PAUSE).await,
            None => break,
        }
    }
    Ok(chunk)
}

/// Adds the rows of a chunk, and moves the checkpoint with them.
///
/// Two sessions share the work. The one that adds records commits first, while the other one holds
/// the checkpoint: records beyond a checkpoint are removed by whoever goes on from it.
async fn store(pool: &Pool, rows: Option<Rows>) -> Result<Option<Position>, RebuildError> {
    let Some(Rows { left, reached, records, others, ended }) = rows else { return Ok(None) };
    let error = |error| DatabaseError::of("bulk/store", error);
    let mut of_records = pool.get().await.map_err(DatabaseError::from)?;
    let mut of_others = pool.get().await.map_err(DatabaseError::from)?;
    let adding_records = of_records.transaction().await.map_err(error)?;
    let adding_others = of_others.transaction().await.map_err(error)?;
    move_checkpoint(&adding_others, left.as_ref(), &reached).await?;
    let others = async {
        for (table, rows) in others {
            copy::copy(&adding_others, table, rows).await?;
        }
        copy::copy(&adding_others, "bulk_ended", ended).await
    };
    futures::try_join!(copy::copy(&adding_records, "ledger_records", records), others)?;
    adding_records.commit().await.map_err(error)?;
    adding_others.commit().await.map_err(error)?;
    Ok(Some(reached.position))
}
