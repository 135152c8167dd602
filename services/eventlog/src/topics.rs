//! Plain partitioned topics, for what needs no single order.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use fullmakt_events::Timestamp;

use crate::{
    error::{AppendError, OpenError, TopicReadError},
    log::ReadLimits,
};

/// The name of a topic: 1 to 200 letters, digits, dots, underscores and hyphens, as Kafka has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicName(String);

impl TopicName {
    /// Longest name, in bytes. Kafka allows 249; the rest is left for what it adds itself.
    pub const BYTES_MAX: usize = 200;

    /// Reads a name, or answers nothing if it is none.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Option<Self> {
        let name = name.into();
        let is_name = !name.is_empty()
            && name.len() <= Self::BYTES_MAX
            && name != "."
            && name != ".."
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        is_name.then_some(Self(name))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TopicName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A topic as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its name.
    pub name: TopicName,
    /// How many partitions it has. Fixed at creation: records of one key stay in one partition.
    pub partitions: u32,
    /// How long records are kept at least; nothing means for ever.
    pub retention: Option<Duration>,
}

/// A place in a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPlace {
    /// The partition, from 0.
    pub partition: u32,
    /// The record's number in the partition, from 0. Numbers grow and may have gaps.
    pub number: u64,
}

/// One record as a topic holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicRecord {
    /// Where it is.
    pub place: TopicPlace,
    /// When it was appended, in whole milliseconds.
    pub append_time: Timestamp,
    /// The key that chose its partition.
    pub key: Bytes,
    /// What was appended.
    pub bytes: Bytes,
}

/// Partitioned topics: records of one key are in one partition and in the order in which their
/// appends were acknowledged.
#[async_trait]
pub trait Topics: Send + Sync + 'static {
    /// Creates the topic unless it exists.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unfit`] where it exists with another number of partitions.
    async fn ensure(&self, topic: &Topic) -> Result<(), OpenError>;

    /// Appends a record to the partition of its key and answers with its place once it is
    /// durable.
    ///
    /// # Errors
    ///
    /// As [`EventLog::append`](crate::EventLog::append); key and bytes together count for the
    /// size. A topic that does not exist is [`AppendError::Unavailable`].
    async fn append(
        &self,
        topic: &TopicName,
        key: Bytes,
        bytes: Bytes,
    ) -> Result<TopicPlace, AppendError>;

    /// Records of one partition from number `from` on, in order. Waits up to `wait` for the
    /// first; empty when none came.
    ///
    /// # Errors
    ///
    /// Any [`TopicReadError`].
    async fn read(
        &self,
        topic: &TopicName,
        partition: u32,
        from: u64,
        limits: ReadLimits,
        wait: Duration,
    ) -> Result<Vec<TopicRecord>, TopicReadError>;

    /// The number that the next record of a partition gets, at some moment after this call began.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    async fn end(&self, topic: &TopicName, partition: u32) -> Result<u64, TopicReadError>;
}
