//! Making the read models and the ledger index again, from the ledger's beginning.
//!
//! A new schema is filled beside the live one, compared with it at one position, and put in its
//! place when it has come exactly as far. Whoever reads meanwhile reads the old one, and whoever
//! reads next the new one. To stop at any point leaves the live schema as it was, and the next
//! rebuild goes on where this one was stopped: rows and checkpoint are committed together.

use std::{error::Error, sync::Arc, time::Duration};

use fullmakt_events::{Admission, Folded, LedgerId, Position};
use fullmakt_projections::Checkpoint;
use tokio::time::Instant;
use tokio_postgres::{Client, error::SqlState};

use crate::{
    BulkLimits, Checksums, Database, DatabaseError, MigrateError, ProjectorError, ProjectorLimits,
    ReadSchema,
    checkpoints::CheckpointRow,
    checksums::checksums_since,
    filling::{Feed, Filling, create, fetch},
    migrate,
};

const LOCK_CHECKPOINT: &str = include_str!("sql/lock_checkpoint.sql");

/// How long the last records may take while everyone is held up, before they are let go on and it
/// is tried again.
const SWAP_PATIENCE: Duration = Duration::from_secs(2);

/// A fold of the ledger from position 0, to be told record by record.
pub trait RecordSource: Send {
    /// The next records, in order; an empty list if there are none now.
    fn next(
        &mut self,
    ) -> impl Future<Output = Result<Arc<[Folded]>, Box<dyn Error + Send + Sync>>> + Send;

    /// The state of the admission rule after the last record told, where the source knows it.
    fn admission(&self) -> Option<&Admission> {
        None
    }
}

/// How to rebuild.
#[derive(Debug, Clone, Copy, Default)]
pub struct RebuildOptions {
    /// What bounds a transaction.
    pub limits: ProjectorLimits,
    /// When and how the tables are filled at once.
    pub bulk: BulkLimits,
    /// What to do when the rebuilt tables are not equal to the live ones.
    pub on_difference: OnDifference,
}

/// What to do when the rebuilt tables are not equal to the live ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDifference {
    /// Keep the live ones, and leave the rebuilt ones beside them to be looked at, in the schema
    /// [`ReadSchema::differing`].
    #[default]
    Keep,
    /// Replace the live ones all the same.
    Swap,
}

/// How far a rebuild has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RebuildProgress {
    /// Records were told that an earlier rebuild, which was stopped, had folded.
    Skipped {
        /// The last one.
        position: Position,
        /// How far the live schema was when it was last asked.
        live: Position,
    },
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
    let next = ReadSchema::next();
    ReadSchema::replaced().drop_from(&client).await?;
    let mut feed = Feed::begin(source).await?;
    if !is_begun(database, &client, feed.ledger()).await? {
        next.drop_from(&client).await?;
        create(database, &mut client, &next, &options.bulk).await?;
    }
    // Futures of fills are too large for the stack.
    let filled = Box::pin(filled(database, &next, &mut feed, &options, progress)).await;
    let (mut filling, goal) = match filled {
        Ok(filled) => filled,
        // What an earlier rebuild has left is of another history. It is in nobody's way.
        Err(error @ RebuildError::Projector(ProjectorError::OtherRecord { .. })) => {
            next.drop_from(&client).await?;
            return Err(error);
        }
        Err(error) => return Err(error),
    };
    filling.is_at(&goal)?;
    progress(RebuildProgress::Comparing { position: goal.position });
    let (rebuilt, current) = compare(database, &next, goal.position).await?;
    let differences = rebuilt.differences(&current);
    let is_swapped = differences.is_empty() || options.on_difference == OnDifference::Swap;
    if is_swapped {
        let position = swap(&mut filling, &mut feed, database, &mut client, progress).await?;
        progress(RebuildProgress::Swapped { position });
        ReadSchema::replaced().drop_from(&client).await?;
    } else {
        // Under its own name the next rebuild would go on with it.
        let differing = ReadSchema::differing();
        differing.drop_from(&client).await?;
        next.rename_to(&differing, &client).await?;
    }
    Ok(RebuildReport { rebuilt, live: current, differences, is_swapped })
}

/// The schema, filled up to where the live one is at some moment.
async fn filled<S: RecordSource>(
    database: &Database,
    schema: &ReadSchema,
    feed: &mut Feed<'_, S>,
    options: &RebuildOptions,
    progress: &mut (dyn FnMut(RebuildProgress) + Send),
) -> Result<(Filling, Checkpoint), RebuildError> {
    let limits = (options.limits, options.bulk);
    let mut filling = Filling::open(database, schema, feed, limits, progress).await?;
    let goal = filling.fill(feed, database, progress).await?;
    Ok((filling, goal))
}

/// The checksums of another schema and of the live one at a position that both have reached.
pub(crate) async fn compare(
    database: &Database,
    other: &ReadSchema,
    position: Position,
) -> Result<(Checksums, Checksums), RebuildError> {
    let live = ReadSchema::live();
    let live_at = fetch(database, &live).await?.map(|at| at.ledger_time);
    // Both futures at once are too large for the stack.
    Ok(futures::try_join!(
        Box::pin(checksums_since(database, other, Some(position), live_at)),
        Box::pin(checksums_since(database, &live, Some(position), live_at)),
    )?)
}

/// Whether an earlier rebuild of this ledger was stopped and can be gone on with.
async fn is_begun(
    database: &Database,
    client: &Client,
    ledger: LedgerId,
) -> Result<bool, RebuildError> {
    let next = ReadSchema::next();
    if !next.exists(client).await? {
        return Ok(false);
    }
    let begun = match fetch(database, &next).await {
        Ok(Some(begun)) => begun,
        // Nothing was folded yet, or another release did.
        Ok(None)
        | Err(
            RebuildError::Schema(MigrateError::UnknownReadSchema(_))
            | RebuildError::Database(
                DatabaseError::Statement { .. } | DatabaseError::Inconsistency { .. },
            ),
        ) => return Ok(false),
        Err(error) => return Err(error),
    };
    let live = fetch(database, &ReadSchema::live()).await?;
    let is_behind = live.is_some_and(|live| begun.position <= live.position);
    Ok(begun.ledger == ledger && is_behind)
}

/// Puts the rebuilt schema in the place of the live one when both are at the same position.
///
/// Everyone who reads or writes the live schema begins with its checkpoint, and the lock on it
/// holds them up until the new schema has the old one's name.
async fn swap<S: RecordSource>(
    filling: &mut Filling,
    feed: &mut Feed<'_, S>,
    database: &Database,
    client: &mut Client,
    progress: &mut (dyn FnMut(RebuildProgress) + Send),
) -> Result<Position, RebuildError> {
    let (live, next) = (ReadSchema::live(), ReadSchema::next());
    loop {
        filling.fill(feed, database, progress).await?;
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
        while !filling.has_reached(goal.position) && Instant::now() < deadline {
            filling.step(feed, goal.position, progress).await?;
        }
        if !filling.has_reached(goal.position) {
            continue;
        }
        filling.is_at(&goal)?;
        live.rename_to(&ReadSchema::replaced(), &transaction).await?;
        next.rename_to(&live, &transaction).await?;
        transaction.commit().await.map_err(error)?;
        return Ok(goal.position);
    }
}
