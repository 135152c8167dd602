//! Filling a schema beside the live one, from the ledger's beginning.

use std::{sync::Arc, time::Duration};

use fullmakt_events::{Folded, LedgerId, LedgerRecord, Position};
use fullmakt_projections::Checkpoint;

use crate::{
    Database, MigrateError, Projector, ProjectorLimits, ReadSchema, RebuildError, RebuildProgress,
    RecordSource, checkpoints::CheckpointRow, database::Session,
};

/// How long to wait for more of the ledger when the live schema is ahead of what was given.
const SOURCE_PAUSE: Duration = Duration::from_millis(20);

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

    /// The next records up to and with `last`; none where the source has none now.
    async fn take(
        &mut self,
        last: Position,
        limits: &ProjectorLimits,
    ) -> Result<&[Folded], RebuildError> {
        if self.taken >= self.batch.len() {
            self.batch = ask(self.source).await?;
            self.taken = 0;
        }
        let rest = self.batch.get(self.taken..).unwrap_or_default();
        let wanted = rest.iter().take_while(|record| record.position <= last);
        let fitting = limits.fitting(wanted.map(|record| record.bytes.len()));
        self.taken += fitting;
        Ok(rest.get(..fitting).unwrap_or_default())
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
    /// Goes on where the schema is.
    pub(crate) async fn open(
        database: &Database,
        schema: &ReadSchema,
        ledger: LedgerId,
        limits: ProjectorLimits,
    ) -> Result<Self, RebuildError> {
        // The source tells what is in the log, so that the log does not end before it.
        let end = Position::new(u64::MAX);
        let projector = Projector::open_in(database, schema, ledger, end, limits).await?;
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
        let live = ReadSchema::live();
        let goal = fetch(database, &live).await?.ok_or(RebuildError::NothingFolded)?;
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
        let records = feed.take(last, &self.limits).await?;
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
