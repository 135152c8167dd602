//! Filling a schema beside the live one, from the ledger's beginning.

use std::{ops::Range, sync::Arc, time::Duration};

use fullmakt_events::{Folded, LedgerId, LedgerRecord, Position};
use fullmakt_projections::Checkpoint;

use tokio_postgres::Client;

use crate::{
    Database, MigrateError, Projector, ProjectorLimits, ReadSchema, RebuildError, RebuildProgress,
    RecordSource,
    bulk::{self, Bulk, BulkLimits},
    checkpoints::CheckpointRow,
    database::Session,
    migrate,
    projector::Cursor,
};

/// How long to wait for more of the ledger when the live schema is ahead of what was given.
pub(crate) const SOURCE_PAUSE: Duration = Duration::from_millis(20);

/// The checkpoint of a schema.
pub(crate) async fn fetch(
    database: &Database,
    schema: &ReadSchema,
) -> Result<Option<Checkpoint>, RebuildError> {
    let client = database.connect(Session::Reading(schema)).await?;
    let row = CheckpointRow::fetch(&client).await?;
    let row = row.filter(CheckpointRow::is_known);
    let row = row.ok_or_else(|| MigrateError::UnknownReadSchema(schema.clone()))?;
    Ok(row.checkpoint)
}

/// Where the live schema is.
async fn goal(database: &Database) -> Result<Checkpoint, RebuildError> {
    fetch(database, &ReadSchema::live()).await?.ok_or(RebuildError::NothingFolded)
}

/// Creates a schema that is to be filled: without keys and indexes where that is worth it.
pub(crate) async fn create(
    database: &Database,
    client: &mut Client,
    schema: &ReadSchema,
    limits: &BulkLimits,
) -> Result<(), RebuildError> {
    let live = fetch(database, &ReadSchema::live()).await?;
    if live.is_some_and(|live| live.position.get() >= limits.records_min) {
        bulk::create(client, schema).await?;
    } else {
        migrate::create(client, schema).await?;
    }
    Ok(())
}

/// A source whose records can be taken up to a position.
pub(crate) struct Feed<'s, S> {
    source: &'s mut S,
    ledger: LedgerId,
    batch: Arc<[Folded]>,
    /// How many records of the batch have been taken.
    taken: usize,
}

impl<'s, S: RecordSource> Feed<'s, S> {
    pub(crate) async fn begin(source: &'s mut S) -> Result<Self, RebuildError> {
        let batch = ask(source).await?;
        match batch.first() {
            Some(Folded {
                position: Position::GENESIS,
                record: Some(LedgerRecord::Genesis(genesis)),
                ..
            }) => Ok(Self { ledger: genesis.ledger, source, batch, taken: 0 }),
            Some(_) | None => Err(RebuildError::NoGenesis),
        }
    }

    /// The ledger that is told.
    pub(crate) const fn ledger(&self) -> LedgerId {
        self.ledger
    }

    /// The source, which has told all up to the end of the batch.
    pub(crate) const fn source(&self) -> &S {
        self.source
    }

    /// The records of the batch that were not taken.
    pub(crate) fn rest(&mut self) -> &[Folded] {
        let rest = self.batch.get(self.taken..).unwrap_or_default();
        self.taken = self.batch.len();
        rest
    }

    /// All records of a batch up to and with `last`; nothing where the source has none now.
    pub(crate) async fn take_all(
        &mut self,
        last: Position,
    ) -> Result<Option<(Arc<[Folded]>, Range<usize>)>, RebuildError> {
        self.refill().await?;
        let rest = self.batch.get(self.taken..).unwrap_or_default();
        let wanted = rest.partition_point(|record| record.position <= last);
        let range = self.taken..self.taken + wanted;
        self.taken = range.end;
        Ok((wanted > 0).then(|| (Arc::clone(&self.batch), range)))
    }

    /// The next records up to and with `last`; none where the source has none now.
    async fn take(
        &mut self,
        last: Position,
        limits: &ProjectorLimits,
    ) -> Result<&[Folded], RebuildError> {
        self.refill().await?;
        let rest = self.batch.get(self.taken..).unwrap_or_default();
        let wanted = rest.iter().take_while(|record| record.position <= last);
        let fitting = limits.fitting(wanted.map(|record| record.bytes.len()));
        self.taken += fitting;
        Ok(rest.get(..fitting).unwrap_or_default())
    }

    /// Asks for more where all of the batch was taken.
    async fn refill(&mut self) -> Result<(), RebuildError> {
        if self.taken >= self.batch.len() {
            self.batch = ask(self.source).await?;
            self.taken = 0;
        }
        Ok(())
    }
}

async fn ask(source: &mut impl RecordSource) -> Result<Arc<[Folded]>, RebuildError> {
    source.next().await.map_err(RebuildError::Source)
}

/// The schema that is filled.
pub(crate) struct Filling {
    projector: Projector,
    limits: ProjectorLimits,
}

impl Filling {
    /// Goes on where the schema is. A schema without keys and indexes is filled up to where the
    /// live one is first, and gets them.
    pub(crate) async fn open<S: RecordSource>(
        database: &Database,
        schema: &ReadSchema,
        feed: &mut Feed<'_, S>,
        limits: (ProjectorLimits, BulkLimits),
        progress: &mut (dyn FnMut(RebuildProgress) + Send),
    ) -> Result<Self, RebuildError> {
        let (limits, bulk_limits) = limits;
        let cursor = if let Some(bulk) = Bulk::open(database, schema, feed.ledger()).await? {
            let goal = goal(database).await?;
            // A future for every table is too large for the stack.
            Box::pin(bulk.fill(feed, &goal, &bulk_limits, progress)).await?
        } else {
            let pool = database.pool_of(Session::Projecting(schema), 1)?;
            // The source tells what is in the log, so that the log does not end before it.
            Cursor::read(&pool, feed.ledger()).await?
        };
        let projector = Projector::resume(database, schema, cursor, limits)?;
        Ok(Self { projector, limits })
    }

    /// How far the schema is.
    pub(crate) const fn checkpoint(&self) -> Option<&Checkpoint> {
        self.projector.checkpoint()
    }

    /// Folds until the schema is where the live one is at some moment, never beyond. Answers with
    /// the live one's checkpoint.
    pub(crate) async fn fill<S: RecordSource>(
        &mut self,
        feed: &mut Feed<'_, S>,
        database: &Database,
        progress: &mut (dyn FnMut(RebuildProgress) + Send),
    ) -> Result<Checkpoint, RebuildError> {
        let goal = goal(database).await?;
        while !self.has_reached(goal.position) {
            self.step(feed, goal.position, progress).await?;
        }
        Ok(goal)
    }

    pub(crate) fn has_reached(&self, position: Position) -> bool {
        self.checkpoint().is_some_and(|at| at.position >= position)
    }

    /// Whether both schemas were folded from the same history up to the same record.
    pub(crate) fn is_at(&self, goal: &Checkpoint) -> Result<(), RebuildError> {
        match self.checkpoint() {
            Some(reached) if reached == goal => Ok(()),
            Some(_) | None => Err(RebuildError::OtherHistory { position: goal.position }),
        }
    }

    /// Folds what the source has up to `last`, or waits a little for it.
    pub(crate) async fn step<S: RecordSource>(
        &mut self,
        feed: &mut Feed<'_, S>,
        last: Position,
        progress: &mut (dyn FnMut(RebuildProgress) + Send),
    ) -> Result<(), RebuildError> {
        // What was folded before is told apart from what is folded now.
        let last_taken = self.projector.cursor().to_verify().map_or(last, |at| at.min(last));
        let records = feed.take(last_taken, &self.limits).await?;
        let Some(told) = records.last().map(|record| record.position) else {
            tokio::time::sleep(SOURCE_PAUSE).await;
            return Ok(());
        };
        match self.projector.apply(records).await? {
            Some(position) => progress(RebuildProgress::Folded { position, live: last }),
            None => progress(RebuildProgress::Skipped { position: told, live: last }),
        }
        Ok(())
    }

    /// Folds these as well.
    pub(crate) async fn apply(&mut self, records: &[Folded]) -> Result<(), RebuildError> {
        self.projector.apply(records).await?;
        Ok(())
    }
}
