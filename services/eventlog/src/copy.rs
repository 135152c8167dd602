//! Moving a log to another place, with the same positions and append times.
//!
//! A copy that was broken off is gone on with by copying again. While it is not finished nobody can
//! open the destination as a log ([`OpenError::Unfit`]); that holds from before the first record is
//! written until all were read back and compared.
//!
//! Whoever writes to the source has to be stopped first, and a source that grows all the same is
//! noticed ([`CopyError::SourceGrew`]). What is at the destination is never overwritten: it has to
//! be nothing, or the beginning of the source.

mod compare;

use std::{error::Error, sync::Arc, time::Duration};

use async_trait::async_trait;
use fullmakt_events::Position;
use thiserror::Error;

use self::compare::compare;
use crate::{
    error::{Cause, OpenError, ReadError},
    log::{EventLog, ReadLimits, Record},
};

pub use self::compare::RecordsHash;

/// How much is copied or compared at once: enough to keep a disk busy, little to hold in memory.
const BATCH: ReadLimits = ReadLimits { records_max: 8_192, bytes_max: 8 * 1024 * 1024 };

/// How long records may take that the log is known to hold.
const PATIENCE: Duration = Duration::from_secs(30);

/// A log that is filled from another.
#[async_trait]
pub trait Destination: Send + Sync {
    /// The log, to read what is there.
    fn log(&self) -> &dyn EventLog;

    /// Marks the log as one that is being filled, which nobody can open.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unavailable`].
    async fn begin(&self) -> Result<(), OpenError>;

    /// Appends records with the positions and append times that they have. Nothing is written
    /// unless the first position is the log's end.
    ///
    /// # Errors
    ///
    /// Any [`FillError`]. Some of the records may have been written, each after those before it.
    async fn fill(&self, records: &[Record]) -> Result<(), FillError>;

    /// Marks the log as one that is complete and can be opened.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unavailable`].
    async fn finish(&self) -> Result<(), OpenError>;
}

/// Why records were not written to where they belong.
#[derive(Clone, Debug, Error)]
pub enum FillError {
    /// Somebody else writes to the log.
    #[error(
        "the record of position {expected} came to position {found}: somebody else writes there"
    )]
    Elsewhere {
        /// The position of the record.
        expected: Position,
        /// Where it came to, or the log's end if it was not written.
        found: Position,
    },
    /// The log gave the record a time of its own.
    #[error("the record of position {position} did not keep its append time")]
    OtherTime {
        /// The position of the record.
        position: Position,
    },
    /// The log was deleted, or finished by somebody else, and is not filled any more.
    #[error("the destination is no longer the log that is being filled")]
    Gone,
    /// The log cannot be reached, or not in time.
    #[error("the destination is not available")]
    Unavailable(#[source] Cause),
}

impl FillError {
    /// Wraps a failure to reach the log.
    pub(crate) fn unavailable(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Unavailable(Arc::new(cause))
    }
}

/// Why a log is not copied.
#[derive(Clone, Debug, Error)]
pub enum CopyError {
    /// The source cannot be read.
    #[error("the source cannot be read")]
    Source(#[source] ReadError),
    /// The destination cannot be read.
    #[error("the destination cannot be read")]
    Destination(#[source] ReadError),
    /// The destination is something else than the beginning of the source.
    #[error(
        "the record at position {position} of the destination is not that of the source; \
         the destination was left as it is"
    )]
    Differs {
        /// The first position at which they differ.
        position: Position,
    },
    /// The destination has more than the source.
    #[error(
        "the destination ends at {destination} and the source at {source_end}; the destination \
         was left as it is"
    )]
    Longer {
        /// The end of the destination.
        destination: Position,
        /// The end of the source.
        source_end: Position,
    },
    /// The source has grown since the copy began.
    #[error(
        "the source was written to while it was copied: it ends at {end} and was copied up to \
         {copied}; stop whoever writes to it and copy again to go on from there"
    )]
    SourceGrew {
        /// Up to where it was copied.
        copied: Position,
        /// Where it ends now.
        end: Position,
    },
    /// A log does not give what it says that it holds.
    #[error("no record came from position {position} on, though it is there")]
    Stalled {
        /// The position that did not come.
        position: Position,
    },
    /// Records could not be written.
    #[error("the destination cannot be written to; what is there can be gone on from")]
    Fill(#[from] FillError),
    /// The destination could not be marked as being filled, or as complete.
    #[error("the destination cannot be marked")]
    Mark(#[from] OpenError),
}

/// What a copy is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyStep {
    /// Comparing what was at the destination before.
    Comparing,
    /// Writing to the destination.
    Copying,
    /// Reading back and comparing everything.
    Verifying,
}

/// How far a copy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyProgress {
    /// What it is doing.
    pub step: CopyStep,
    /// Up to where it is done.
    pub position: Position,
    /// Where the step ends.
    pub end: Position,
}

/// A copy that is complete: both logs hold the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyReport {
    /// How many records both logs hold.
    pub records: u64,
    /// How many bytes these have.
    pub bytes: u64,
    /// How many of the records were written just now.
    pub copied: u64,
    /// What the source's records hash to.
    pub source: RecordsHash,
    /// What the destination's records hash to, as read back: the same.
    pub destination: RecordsHash,
}

/// Fills a destination from a source, and compares everything in the end.
///
/// # Errors
///
/// Any [`CopyError`]. Unless it says that the destination differs, copying again goes on where this
/// ended.
pub async fn copy(
    source: &dyn EventLog,
    destination: &dyn Destination,
    say: &mut (dyn FnMut(CopyProgress) + Send),
) -> Result<CopyReport, CopyError> {
    // In this order a log that is copied to itself never looks like one that lacks something.
    let end = source.end().await.map_err(CopyError::Source)?;
    let held = destination.log().end().await.map_err(CopyError::Destination)?;
    if held > end {
        return Err(CopyError::Longer { destination: held, source_end: end });
    }
    let mut compared =
        compare(source, destination.log(), held, CopyStep::Comparing, &mut *say).await?;
    if held < end {
        destination.begin().await?;
        fill(source, destination, held, end, &mut *say).await?;
        compared = compare(source, destination.log(), end, CopyStep::Verifying, say).await?;
    }
    let now = source.end().await.map_err(CopyError::Source)?;
    if now != end {
        return Err(CopyError::SourceGrew { copied: end, end: now });
    }
    destination.finish().await?;
    Ok(CopyReport {
        records: end.get(),
        bytes: compared.bytes,
        copied: end.get().saturating_sub(held.get()),
        source: compared.source,
        destination: compared.destination,
    })
}

async fn fill(
    source: &dyn EventLog,
    destination: &dyn Destination,
    from: Position,
    end: Position,
    say: &mut (dyn FnMut(CopyProgress) + Send),
) -> Result<(), CopyError> {
    let mut reader = source.reader(from, BATCH).await.map_err(CopyError::Source)?;
    let mut position = from;
    while position < end {
        let mut records = reader.next(PATIENCE).await.map_err(CopyError::Source)?;
        records.retain(|record| record.position < end);
        let Some(last) = records.last().map(|record| record.position) else {
            return Err(CopyError::Stalled { position });
        };
        destination.fill(&records).await?;
        position = last.next();
        say(CopyProgress { step: CopyStep::Copying, position, end });
    }
    Ok(())
}
