//! The log as a topic with one partition.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use fullmakt_events::Position;

use super::{
    admin::{Admin, Requirement, TopicForm},
    destination::CREATE_TIME,
    identity::TopicIdentity,
    producer::Producer,
    reader::{PartitionError, PartitionReader},
    settings::{KafkaSettings, MESSAGE_BYTES_MAX},
    watermarks::{Bounds, Watermarks},
};
use crate::{
    error::{AppendError, OpenError, ReadError},
    log::{EventLog, LogReader, ReadLimits, Record},
    topics::TopicName,
};

/// The only partition.
pub(super) const PARTITION: i32 = 0;

/// Largest batch the topic takes, in bytes: Kafka's own default, above [`MESSAGE_BYTES_MAX`].
const BATCH_BYTES_MAX: u64 = 1_048_588;

/// The setting that says whose times records have.
pub(super) const TIMESTAMP_TYPE: &str = "message.timestamp.type";

/// The log stamps its records; nobody else's clock counts.
pub(super) const LOG_APPEND_TIME: &str = "LogAppendTime";

/// Whose times a topic's records may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamping {
    /// The log's.
    Log,
    /// Also those that records are sent with, as while the topic is filled from another log.
    LogOrSender,
}

/// The log of one ledger in Kafka: topic `fullmakt.<ledger>.commits`.
pub struct KafkaLog {
    settings: KafkaSettings,
    topic: TopicName,
    identity: Arc<TopicIdentity>,
    producer: Producer,
    watermarks: Arc<Watermarks>,
}

impl KafkaLog {
    /// Opens the log of a ledger. Creates the topic if it is missing and the settings allow it.
    ///
    /// # Errors
    ///
    /// [`OpenError::Setting`] for a ledger name or client property that cannot be used,
    /// [`OpenError::Unfit`] for a topic that would break the log's promises, and
    /// [`OpenError::Unavailable`].
    pub async fn open(settings: &KafkaSettings, ledger: &str) -> Result<Self, OpenError> {
        Self::open_stamped(settings, ledger, Stamping::Log).await
    }

    pub(super) async fn open_stamped(
        settings: &KafkaSettings,
        ledger: &str,
        stamping: Stamping,
    ) -> Result<Self, OpenError> {
        settings.check()?;
        let topic = topic(ledger)?;
        Admin::new(settings)?.ensure(&form(topic.as_str(), settings, stamping)).await?;
        let identity = TopicIdentity::new(topic.as_str());
        identity.learn(settings).await?;
        Ok(Self {
            identity,
            producer: Producer::new(settings)?,
            watermarks: Arc::new(Watermarks::new(settings)?),
            settings: settings.clone(),
            topic,
        })
    }

    /// The topic.
    #[must_use]
    pub fn topic(&self) -> &TopicName {
        &self.topic
    }

    async fn bounds(&self) -> Result<Bounds, ReadError> {
        let bounds = self.watermarks.ask(self.topic.as_str(), PARTITION).await;
        self.identity.check().map_err(|_| ReadError::Replaced)?;
        bounds.map_err(ReadError::Unavailable)
    }
}

#[async_trait]
impl EventLog for KafkaLog {
    /// The library sends records by the topic's name, so those that are sent before anybody here
    /// was told of another topic may be acknowledged by that one. The position is that of a record
    /// of this log once a reader of this log has given it.
    async fn append(&self, bytes: Bytes) -> Result<Position, AppendError> {
        AppendError::check_size(&bytes)?;
        self.identity.check().map_err(AppendError::unavailable)?;
        let (_, offset) = self.producer.append(self.topic.as_str(), PARTITION, None, bytes).await?;
        self.identity.check().map_err(AppendError::unknown)?;
        Ok(Position::new(offset))
    }

    async fn reader(
        &self,
        from: Position,
        limits: ReadLimits,
    ) -> Result<Box<dyn LogReader>, ReadError> {
        let watermarks = Arc::clone(&self.watermarks);
        let (topic, offset) = (self.topic.as_str(), from.get());
        let identity = &self.identity;
        let reader =
            PartitionReader::open(&self.settings, watermarks, identity, topic, PARTITION, offset);
        let reader = reader.await;
        identity.check().map_err(|_| ReadError::Replaced)?;
        let reader = reader.map_err(|error| to_read_error(from, error))?;
        Ok(Box::new(KafkaReader { reader, position: from, limits }))
    }

    async fn end(&self) -> Result<Position, ReadError> {
        Ok(Position::new(self.bounds().await?.end))
    }

    async fn start(&self) -> Result<Position, ReadError> {
        Ok(Position::new(self.bounds().await?.start))
    }
}

struct KafkaReader {
    reader: PartitionReader,
    position: Position,
    limits: ReadLimits,
}

#[async_trait]
impl LogReader for KafkaReader {
    async fn next(&mut self, wait: Duration) -> Result<Vec<Record>, ReadError> {
        let received = self.reader.next(self.limits, wait).await;
        let received = received.map_err(|error| to_read_error(self.position, error))?;
        let mut records = Vec::with_capacity(received.len());
        let mut expected = self.position;
        for record in received {
            let position = Position::new(record.offset);
            if position != expected {
                return Err(ReadError::Gap { expected, found: position });
            }
            expected = position.next();
            records.push(Record { position, append_time: record.append_time, bytes: record.bytes });
        }
        self.position = expected;
        Ok(records)
    }

    fn position(&self) -> Position {
        self.position
    }
}

fn to_read_error(from: Position, error: PartitionError) -> ReadError {
    match error {
        PartitionError::OutOfBounds(bounds) if from.get() < bounds.start => {
            ReadError::TruncatedBelow { from, start: Position::new(bounds.start) }
        }
        PartitionError::OutOfBounds(bounds) => {
            ReadError::BeyondEnd { from, end: Position::new(bounds.end) }
        }
        PartitionError::Replaced => ReadError::Replaced,
        PartitionError::Unavailable(cause) => ReadError::Unavailable(cause),
    }
}

/// The topic of a ledger's log.
pub(super) fn topic(ledger: &str) -> Result<TopicName, OpenError> {
    TopicName::new(format!("fullmakt.{ledger}.commits")).ok_or_else(|| OpenError::Setting {
        setting: "ledger".to_owned(),
        reason: "a ledger is named by letters, digits, `.`, `_` and `-`".to_owned(),
    })
}

/// What the topic of a log must be like.
pub(super) fn form<'a>(
    topic: &'a str,
    settings: &KafkaSettings,
    stamping: Stamping,
) -> TopicForm<'a> {
    let exact = [
        // Nothing is ever removed.
        ("cleanup.policy", "delete"),
        ("retention.ms", "-1"),
        ("retention.bytes", "-1"),
        // A broker that misses acknowledged records never leads.
        ("unclean.leader.election.enable", "false"),
    ];
    let mut created_with: Vec<_> =
        exact.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let stamped_by = match stamping {
        Stamping::Log => LOG_APPEND_TIME,
        Stamping::LogOrSender => CREATE_TIME,
    };
    created_with.push((TIMESTAMP_TYPE, stamped_by.to_owned()));
    created_with.push(("min.insync.replicas", settings.min_insync_replicas.to_string()));
    created_with.push(("max.message.bytes", BATCH_BYTES_MAX.to_string()));
    let mut required: Vec<_> =
        exact.into_iter().map(|(name, value)| Requirement::Exactly(name, value)).collect();
    match stamping {
        Stamping::Log => required.push(Requirement::Exactly(TIMESTAMP_TYPE, LOG_APPEND_TIME)),
        Stamping::LogOrSender => {}
    }
    let in_sync = u64::from(settings.min_insync_replicas);
    required.push(Requirement::AtLeast("min.insync.replicas", in_sync));
    let message_bytes = u64::try_from(MESSAGE_BYTES_MAX).unwrap_or(u64::MAX);
    required.push(Requirement::AtLeast("max.message.bytes", message_bytes));
    TopicForm { name: topic, partitions: 1, created_with, required }
}
