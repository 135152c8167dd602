//! What can go wrong with a log, in the terms of those who use it.

use std::{error::Error, sync::Arc};

use fullmakt_events::Position;
use thiserror::Error;

use crate::log::RECORD_BYTES_MAX;

/// What a driver said. One failure may concern many appends, hence shared.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// Why an append has no position to answer with.
#[derive(Clone, Debug, Error)]
pub enum AppendError {
    /// The record is larger than the log takes. Nothing was written.
    #[error("a record of {size_bytes} bytes is larger than the {limit_bytes} bytes a log takes")]
    TooLarge {
        /// The size of the record.
        size_bytes: usize,
        /// The largest size a record may have.
        limit_bytes: usize,
    },
    /// The record was surely not appended, now or later.
    #[error("the log is not available, nothing was appended")]
    Unavailable(#[source] Cause),
    /// The record may have been appended, or may still be appended. Only reading the log tells.
    #[error("it is not known whether the record was appended")]
    Unknown(#[source] Cause),
}

impl AppendError {
    /// Wraps a failure after which the record is surely not in the log.
    pub fn unavailable(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Unavailable(Arc::new(cause))
    }

    /// Wraps a failure after which the record may be in the log.
    pub fn unknown(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Unknown(Arc::new(cause))
    }

    /// Refuses a record that is larger than [`RECORD_BYTES_MAX`].
    pub(crate) fn check_size(bytes: &[u8]) -> Result<(), Self> {
        Self::check_sizes(&[], bytes)
    }

    /// Refuses a key and record that are together larger than [`RECORD_BYTES_MAX`].
    pub(crate) fn check_sizes(key: &[u8], bytes: &[u8]) -> Result<(), Self> {
        let size_bytes = key.len().saturating_add(bytes.len());
        if size_bytes > RECORD_BYTES_MAX {
            return Err(Self::TooLarge { size_bytes, limit_bytes: RECORD_BYTES_MAX });
        }
        Ok(())
    }
}

/// Why a log cannot be read from where one asked.
#[derive(Clone, Debug, Error)]
pub enum ReadError {
    /// The log no longer holds the position.
    #[error("position {from} is gone: the log begins at {start}")]
    TruncatedBelow {
        /// The position asked for.
        from: Position,
        /// The first position the log holds.
        start: Position,
    },
    /// The log ends before the position, so it is not the log the position was taken from, or it
    /// has lost records.
    #[error("position {from} is beyond the end of the log, which is {end}")]
    BeyondEnd {
        /// The position asked for.
        from: Position,
        /// The position the next append would get.
        end: Position,
    },
    /// A position inside the log holds no record. A log that is written by the rules has no gaps.
    #[error("the log has a gap: position {expected} was expected and {found} was found")]
    Gap {
        /// The position that should have come.
        expected: Position,
        /// The position that came.
        found: Position,
    },
    /// The log that was opened is not there any more.
    #[error("the log was deleted, and another has taken its place")]
    Replaced,
    /// The log cannot be read just now.
    #[error("the log is not available")]
    Unavailable(#[source] Cause),
}

impl ReadError {
    /// Wraps a failure to reach the log.
    pub fn unavailable(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Unavailable(Arc::new(cause))
    }
}

/// Why a partition of a topic cannot be read from where one asked.
#[derive(Clone, Debug, Error)]
pub enum TopicReadError {
    /// There is no such topic.
    #[error("there is no topic `{topic}`")]
    UnknownTopic {
        /// The topic asked for.
        topic: String,
    },
    /// The topic has fewer partitions.
    #[error("topic `{topic}` has no partition {partition}")]
    UnknownPartition {
        /// The topic asked for.
        topic: String,
        /// The partition asked for.
        partition: u32,
    },
    /// Retention has removed the record.
    #[error("record {from} is gone: the partition begins at {start}")]
    TruncatedBelow {
        /// The number asked for.
        from: u64,
        /// The first number the partition holds.
        start: u64,
    },
    /// The partition ends before the number.
    #[error("record {from} is beyond the end of the partition, which is {end}")]
    BeyondEnd {
        /// The number asked for.
        from: u64,
        /// The number the next record would get.
        end: u64,
    },
    /// The partition cannot be read just now.
    #[error("the topic is not available")]
    Unavailable(#[source] Cause),
}

impl TopicReadError {
    /// Wraps a failure to reach the partition.
    pub fn unavailable(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Unavailable(Arc::new(cause))
    }
}

/// Why a log or a topic cannot be used at all.
#[derive(Clone, Debug, Error)]
pub enum OpenError {
    /// It exists, but not as the ledger needs it; somebody has to change it first.
    #[error("`{name}` has {setting} `{found}` and needs `{required}`")]
    Unfit {
        /// The topic or table.
        name: String,
        /// The setting that is wrong.
        setting: String,
        /// What it is.
        found: String,
        /// What it has to be.
        required: String,
    },
    /// The settings contradict what the log needs.
    #[error("setting `{setting}` cannot be used: {reason}")]
    Setting {
        /// The setting.
        setting: String,
        /// Why it cannot be used. Never holds its value.
        reason: String,
    },
    /// It could not be reached.
    #[error("the log is not available")]
    Unavailable(#[source] Cause),
}

impl OpenError {
    /// Wraps a failure to reach the log.
    pub fn unavailable(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Unavailable(Arc::new(cause))
    }
}
