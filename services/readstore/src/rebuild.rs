//! Making the read models and the ledger index again, from the ledger's beginning.
//!
//! A new schema is filled beside the live one, compared with it at one position, and put in its
//! place when it has come exactly as far. Whoever reads meanwhile reads the old one, and whoever
//! reads next the new one. To stop at any point leaves the live schema as it was; the next rebuild
//! begins from nothing.

use std::{error::Error, sync::Arc, time::Duration};

use fullmakt_events::{Folded, LedgerId, LedgerRecord, Position};
use fullmakt_projections::Checkpoint;
use tokio::time::Instant;
use tokio_postgres::{Client, error::SqlState};

use crate::{
    Checksums, Database, DatabaseError, MigrateError, Projector, ProjectorError, ProjectorLimits,
    ReadSchema, checkpoints::CheckpointRow, checksums::checksums_since, database::Session, migrate,
};

const LOCK_CHECKPOINT: &str = include_str!("sql/lock_checkpoint.sql");

/// How long the last records may take while everyone is held up, before they are let go on and it
/// is tried again.
const SWAP_PATIENCE: Duration = Duration::from_secs(2);

/// How long to wait for more of the ledger when the live schema is ahead of what was given.
const SOURCE_PAUSE: Duration = Duration::from_millis(20);

/// A fold of the ledger from position 0, to be told record by record.
pub trait RecordSource: Send {
    /// The next records, in order; an empty list if there are none now.
    fn next(
        &mut self,
    ) -> impl Future<Output = Result<Arc<[Folded]>, Box<dyn Error + Send + Sync>>> + Send;
}

/// How to rebuild.
#[derive(Debug, Clone, Copy, Default)]
pub struct RebuildOptions {
    /// What bounds a transaction.
    pub limits: ProjectorLimits,
    /// What to do when the rebuilt tables are not equal to the live ones.
    pub on_difference: OnDifference,
}

/// What to do when the rebuilt tables are not equal to the live ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDifference {
    /// Keep the live ones, and leave the rebuilt ones beside them to be looked at.
    #[default]
    Keep,
    /// Replace the live ones all the same.
    Swap,
}

/// How far a rebuild has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RebuildProgress {
    /// Records were folded.
    Folded {
        /// The last one.
        position: Position,
        /// How far the live schema was when it was last asked.
        live: Position,
    },
    /// The tables are compared.
    Comparing {
        /// At this position.
        position: Position,
    },
    /// The rebuilt schema is the live one now.
    Swapped {
        /// It is at this position.
        position: Position,
    },
}

/// What a rebuild came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuildReport {
    /// The rebuilt tables at the position of the comparison.
    pub rebuilt: Checksums,
    /// The live tables at the same position.
    pub live: Checksums,
    /// The tables that are not equal.
    pub differences: Vec<&'static str>,
    /// Whether the rebuilt tables are the live ones now.
    pub is_swapped: bool,
}

/// Why a rebuild did not come to an end. The live schema is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// The source has no genesis at position 0.
    #[error("the source does not begin with the genesis of a ledger")]
    NoGenesis,
    /// Nothing has been folded into the live schema: whoever projects will fill it.
    #[error(
        "nothing has been folded into the live schema yet, so that there is nothing to rebuild"
    )]
    NothingFolded,
    /// The ledger cannot be read.
    #[error("the ledger cannot be read")]
    Source(#[source] Box<dyn Error + Send + Sync>),
    /// The live schema was folded from another history than the source tells.
    #[error("the live schema was folded from another ledger or another record at {position}")]
    OtherHistory {
        /// The position where they differ.
        position: Position,
    },
    /// Somebody else migrates or rebuilds, or the live schema is not one of this release.
    #[error("the database is not ready to be rebuilt")]
    Schema(
        #[from]
        #[source]
        MigrateError,
    ),
    /// The rebuilt schema cannot be filled.
    #[error("the rebuilt schema cannot be filled")]
    Projector(
        #[from]
        #[source]
        ProjectorError,
    ),
    /// The database.
    #[error("the schemas cannot be compared or swapped")]
    Database(
        #[from]
        #[source]
        DatabaseError,
    ),
}

/// Makes the live schema again from the ledger's beginning, and swaps.
///
/// # Errors
/// See [`RebuildError`]. That tables differ is no error but in the report.
pub async fn rebuild(
    database: &Database,
    source: &mut impl RecordSource,
    options: RebuildOptions,
    progress: &mut (dyn FnMut(RebuildProgress) + Send),
) -> Result<RebuildReport, RebuildError> {
    // Held until the end: nobody else rebuilds or migrates meanwhile.
    let mut client = migrate::lock(database).await?;
    let (live, next) = (ReadSchema::live(), ReadSchema::next());
    next.drop_from(&client).await?;
    ReadSchema::replaced().drop_from(&client).await?;
    migrate::create(&mut client, &next).await?;
    let mut feed = Feed::begin(source).await?;
    // The source tells what is in the log, so that the log does not end before it.
    let end = Position::new(u64::MAX);
    let projector = Projector::open_in(database, &next, feed.ledger, end, options.limits).await?;
    let mut filling = Filling { projector, limits: options.limits };

    let reached = filling.fill(&mut feed, database, &live, progress).await?;
    progress(RebuildProgress::Comparing { position: reached.position });
    let live_at = fetch(database, &live).await?.map(|at| at.ledger_time);
    let rebuilt = checksums_since(database, &next, Some(reached.position), live_at).await?;
    let current = checksums_since(database, &live, Some(reached.position), live_at).await?;
    let differences = rebuilt.differences(&current);
    let is_swapped = differences.is_empty() || options.on_difference == OnDifference::Swap;
    if is_swapped {
        let position = filling.swap(&mut feed, database, &mut client, progress).await?;
        progress(RebuildProgress::Swapped { position });
        ReadSchema::replaced().drop_from(&client).await?;
    }
    Ok(RebuildReport { rebuilt, live: current, differences, is_swapped })
}

/// The checkpoint of a schema.
async fn fetch(
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
struct Feed<'s, S> {
    source: &'s mut S,
    ledger: LedgerId,
    batch: Arc<[Folded]>,
    /// How many records of the batch have been taken.
    taken: usize,
}

impl<'s, S: RecordSource> Feed<'s, S> {
    async fn begin(source: &'s mut S) -> Result<Self, RebuildError> {
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
        let mut bytes = 0;
        let fitting = rest
            .iter()
            .take(limits.records_max.max(1))
            .take_while(|record| {
                let is_first = bytes == 0;
                bytes += record.bytes.len();
                record.position <= last && (is_first || bytes <= limits.bytes_max)
            })
            .count();
        self.taken += fitting;
        Ok(rest.get(..fitting).unwrap_or_default())
    }
}

async fn ask(source: &mut impl RecordSource) -> Result<Arc<[Folded]>, RebuildError> {
    source.next().await.map_err(RebuildError::Source)
}

/// The schema that is filled.
struct Filling {
    projector: Projector,
    limits: ProjectorLimits,
}

impl Filling {
    /// Folds until the rebuilt schema is where the live one is at some moment, never beyond.
    async fn fill<S: RecordSource>(
        &mut self,
        feed: &mut Feed<'_, S>,
        database: &Database,
        live: &ReadSchema,
        progress: &mut (dyn FnMut(RebuildProgress) + Send),
    ) -> Result<Checkpoint, RebuildError> {
        let goal = fetch(database, live).await?.ok_or(RebuildError::NothingFolded)?;
        while self.projector.checkpoint().is_none_or(|at| at.position < goal.position) {
            self.step(feed, goal.position, progress).await?;
        }
        self.at(&goal)
    }

    /// The checkpoint that both schemas share.
    fn at(&self, goal: &Checkpoint) -> Result<Checkpoint, RebuildError> {
        match self.projector.checkpoint() {
            Some(reached) if reached == goal => Ok(*reached),
            Some(_) | None => Err(RebuildError::OtherHistory { position: goal.position }),
        }
    }

    /// Folds what the source has up to `last`, or waits a little for it.
    async fn step<S: RecordSource>(
        &mut self,
        feed: &mut Feed<'_, S>,
        last: Position,
        progress: &mut (dyn FnMut(RebuildProgress) + Send),
    ) -> Result<(), RebuildError> {
        let records = feed.take(last, &self.limits).await?;
        match self.projector.apply(records).await? {
            Some(position) => progress(RebuildProgress::Folded { position, live: last }),
            None => tokio::time::sleep(SOURCE_PAUSE).await,
        }
        Ok(())
    }

    /// Puts the rebuilt schema in the place of the live one when both are at the same position.
    ///
    /// Everyone who reads or writes the live schema begins with its checkpoint, and the lock on it
    /// holds them up until the new schema has the old one's name.
    async fn swap<S: RecordSource>(
        &mut self,
        feed: &mut Feed<'_, S>,
        database: &Database,
        client: &mut Client,
        progress: &mut (dyn FnMut(RebuildProgress) + Send),
    ) -> Result<Position, RebuildError> {
        let (live, next) = (ReadSchema::live(), ReadSchema::next());
        loop {
            self.fill(feed, database, &live, progress).await?;
            let error = |error| DatabaseError::of("swap_schemas", error);
            let transaction = client.transaction().await.map_err(error)?;
            match transaction.batch_execute(&live.in_text(LOCK_CHECKPOINT)).await {
                Ok(()) => {}
                Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => continue,
                Err(source) => return Err(error(source).into()),
            }
            let goal = CheckpointRow::fetch(&transaction).await?.and_then(|row| row.checkpoint);
            let goal = goal.ok_or(RebuildError::NothingFolded)?;
            let deadline = Instant::now() + SWAP_PATIENCE;
            while self.projector.checkpoint().is_none_or(|at| at.position < goal.position)
                && Instant::now() < deadline
            {
                self.step(feed, goal.position, progress).await?;
            }
            if self.projector.checkpoint().is_none_or(|at| at.position < goal.position) {
                continue;
            }
            self.at(&goal)?;
            live.rename_to(&ReadSchema::replaced(), &transaction).await?;
            next.rename_to(&live, &transaction).await?;
            transaction.commit().await.map_err(error)?;
            return Ok(goal.position);
        }
    }
}
