//! The port: bytes in a total order.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use fullmakt_events::{Position, Timestamp};

use crate::error::{AppendError, ReadError};

/// The largest record a log takes, in bytes. Kafka's own limit is 1 MiB unless somebody raises
/// it on brokers, producers and consumers alike; this stays below it with room for framing.
pub const RECORD_BYTES_MAX: usize = 900 * 1024;

/// One record as the log holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place in the order.
    pub position: Position,
    /// When the log appended it, in whole milliseconds. May be lower than that of the record
    /// before it.
    pub append_time: Timestamp,
    /// What was appended.
    pub bytes: Bytes,
}

/// How much one batch of a reader may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadLimits {
    /// At most this many records; 0 counts as 1.
    pub records_max: usize,
    /// A batch ends with the record that would exceed this many bytes, unless it is the first.
    pub bytes_max: usize,
}

impl Default for ReadLimits {
    /// 2048 records or 4 MiB: a batch that a fold finishes in some milliseconds.
    fn default() -> Self {
        Self { records_max: 2048, bytes_max: 4 * 1024 * 1024 }
    }
}

impl ReadLimits {
    /// Batches of one record.
    pub const ONE: Self = Self { records_max: 1, bytes_max: RECORD_BYTES_MAX };

    /// Whether a batch that holds this much has room for a record of this size.
    #[must_use]
    pub(crate) fn has_room(&self, records: usize, bytes: usize, record_bytes: usize) -> bool {
        records == 0
            || (records < self.records_max && bytes.saturating_add(record_bytes) <= self.bytes_max)
    }
}

/// A log: bytes in a total order, numbered from 0 without gaps.
///
/// Any number of processes append and read at once. One value stands for one process's access to
/// the log and is shared by all its tasks.
///
/// A value stays with the log that it was opened on. If that is deleted and another is created in
/// its place, whatever is asked of the value ends in [`ReadError::Replaced`] once it is noticed, no
/// reader gives a record of the other log, and after a reader has noticed nothing is appended.
#[async_trait]
pub trait EventLog: Send + Sync + 'static {
    /// Appends a record and answers with its position once it is durable.
    ///
    /// Appends under way at the same time may be appended in any order. Dropping the future does
    /// not take the append back.
    ///
    /// # Errors
    ///
    /// [`AppendError::TooLarge`] above [`RECORD_BYTES_MAX`] and [`AppendError::Unavailable`] mean
    /// that nothing was or will be appended. [`AppendError::Unknown`] means that the record may be
    /// in the log, or still get there.
    ///
    /// A log that cannot tell at once that another has taken its place may answer with a position
    /// in that one. Whoever must know that a record is in *this* log reads it back.
    async fn append(&self, bytes: Bytes) -> Result<Position, AppendError>;

    /// Opens a reader whose first record is the one at `from`. `from` may be the end of the log.
    ///
    /// # Errors
    ///
    /// [`ReadError::TruncatedBelow`] and [`ReadError::BeyondEnd`] where the log holds no such
    /// position and `from` is not its end; [`ReadError::Replaced`]; [`ReadError::Unavailable`].
    async fn reader(
        &self,
        from: Position,
        limits: ReadLimits,
    ) -> Result<Box<dyn LogReader>, ReadError>;

    /// The position the next append would get, as it was at some moment after this call began;
    /// so it is above every position acknowledged before the call, by anybody.
    ///
    /// # Errors
    ///
    /// [`ReadError::Replaced`] and [`ReadError::Unavailable`].
    async fn end(&self) -> Result<Position, ReadError>;

    /// The first position the log holds: 0, unless somebody has truncated it.
    ///
    /// # Errors
    ///
    /// [`ReadError::Replaced`] and [`ReadError::Unavailable`].
    async fn start(&self) -> Result<Position, ReadError>;

    /// One batch from `from` on, as [`EventLog::reader`] and [`LogReader::next`] give it. To
    /// follow the log, keep a reader.
    ///
    /// # Errors
    ///
    /// As [`EventLog::reader`] and [`LogReader::next`].
    async fn read(
        &self,
        from: Position,
        limits: ReadLimits,
        wait: Duration,
    ) -> Result<Vec<Record>, ReadError> {
        self.reader(from, limits).await?.next(wait).await
    }
}

/// One reader's way through a log.
#[async_trait]
pub trait LogReader: Send {
    /// The next records, in order and without gaps: the first is the one at [`position`], and
    /// each is followed by its successor. Waits up to `wait` for the first and not at all for
    /// more; empty when none came.
    ///
    /// Dropping the future loses nothing: the next call gives what this one would have given.
    ///
    /// # Errors
    ///
    /// Any [`ReadError`]. The reader is then spent, also after [`ReadError::Unavailable`]: what
    /// answers after a broken connection may have lost records. Open another from [`position`] and
    /// compare the record before it with what was read.
    ///
    /// [`position`]: LogReader::position
    async fn next(&mut self, wait: Duration) -> Result<Vec<Record>, ReadError>;

    /// The position of the next record this reader will give.
    fn position(&self) -> Position;
}
