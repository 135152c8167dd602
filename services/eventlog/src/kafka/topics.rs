//! Plain topics.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use thiserror::Error;

use super::{
    admin::{Admin, TopicForm},
    identity::{Replaced, TopicIdentity},
    log::{LOG_APPEND_TIME, TIMESTAMP_TYPE},
    producer::Producer,
    reader::{PartitionError, PartitionReader, PartitionRecord},
    settings::KafkaSettings,
    watermarks::Watermarks,
};
use crate::{
    error::{AppendError, OpenError, TopicReadError},
    log::ReadLimits,
    partitioner::partition_of,
    topics::{Topic, TopicName, TopicPlace, TopicRecord, Topics},
};

/// Most readers that wait for the next read of their partition. Each holds a connection.
const IDLE_READERS_MAX: usize = 32;

/// Topics in Kafka.
pub struct KafkaTopics {
    settings: KafkaSettings,
    admin: Admin,
    producer: Producer,
    watermarks: Arc<Watermarks>,
    /// How many partitions topics have; it never changes.
    partitions: Mutex<BTreeMap<TopicName, u32>>,
    /// Readers that stand where a next read may go on, the one used last at the back.
    idle: Mutex<VecDeque<IdleReader>>,
}

struct IdleReader {
    topic: TopicName,
    partition: u32,
    reader: PartitionReader,
}

impl KafkaTopics {
    /// Prepares access to the topics of a cluster.
    ///
    /// # Errors
    ///
    /// [`OpenError::Setting`] for a client property that cannot be used, and
    /// [`OpenError::Unavailable`].
    pub fn open(settings: &KafkaSettings) -> Result<Self, OpenError> {
        settings.check()?;
        Ok(Self {
            admin: Admin::new(settings)?,
            producer: Producer::new(settings)?,
            watermarks: Arc::new(Watermarks::new(settings)?),
            settings: settings.clone(),
            partitions: Mutex::default(),
            idle: Mutex::default(),
        })
    }

    /// How many partitions a topic has; nothing if there is no such topic.
    async fn partitions(&self, topic: &TopicName) -> Result<Option<u32>, crate::Cause> {
        if let Some(partitions) = lock(&self.partitions).get(topic) {
            return Ok(Some(*partitions));
        }
        let Some(partitions) = self.admin.partitions(topic.as_str()).await? else {
            return Ok(None);
        };
        let partitions = u32::try_from(partitions.len()).unwrap_or(u32::MAX);
        lock(&self.partitions).insert(topic.clone(), partitions);
        Ok(Some(partitions))
    }

    /// A partition that is there, as Kafka counts.
    async fn known(&self, topic: &TopicName, partition: u32) -> Result<i32, TopicReadError> {
        let partitions = self.partitions(topic).await.map_err(TopicReadError::Unavailable)?;
        let partitions =
            partitions.ok_or_else(|| TopicReadError::UnknownTopic { topic: topic.to_string() })?;
        let known = i32::try_from(partition).ok().filter(|_| partition < partitions);
        let topic = topic.to_string();
        known.ok_or(TopicReadError::UnknownPartition { topic, partition })
    }

    fn take_idle(&self, topic: &TopicName, partition: u32, from: u64) -> Option<PartitionReader> {
        let mut idle = lock(&self.idle);
        let index = idle.iter().position(|idle| {
            idle.topic == *topic && idle.partition == partition && idle.reader.next_offset() == from
        })?;
        idle.remove(index).map(|idle| idle.reader)
    }

    fn keep_idle(&self, topic: &TopicName, partition: u32, reader: PartitionReader) {
        let mut idle = lock(&self.idle);
        idle.push_back(IdleReader { topic: topic.clone(), partition, reader });
        if idle.len() > IDLE_READERS_MAX {
            idle.pop_front();
        }
    }
}

#[async_trait]
impl Topics for KafkaTopics {
    async fn ensure(&self, topic: &Topic) -> Result<(), OpenError> {
        self.admin.ensure(&form(topic, &self.settings)).await?;
        lock(&self.partitions).insert(topic.name.clone(), topic.partitions);
        Ok(())
    }

    async fn append(
        &self,
        topic: &TopicName,
        key: Bytes,
        bytes: Bytes,
    ) -> Result<TopicPlace, AppendError> {
        AppendError::check_sizes(&key, &bytes)?;
        let partitions = self.partitions(topic).await.map_err(AppendError::Unavailable)?;
        let partitions =
            partitions.ok_or_else(|| AppendError::unavailable(UnknownTopic(topic.to_string())))?;
        let partition = i32::try_from(partition_of(&key, partitions)).unwrap_or(i32::MAX);
        let (partition, number) =
            self.producer.append(topic.as_str(), partition, Some(key), bytes).await?;
        Ok(TopicPlace { partition, number })
    }

    async fn read(
        &self,
        topic: &TopicName,
        partition: u32,
        from: u64,
        limits: ReadLimits,
        wait: Duration,
    ) -> Result<Vec<TopicRecord>, TopicReadError> {
        let known = self.known(topic, partition).await?;
        let mut reader = match self.take_idle(topic, partition, from) {
            Some(reader) => reader,
            None => PartitionReader::open(
                &self.settings,
                Arc::clone(&self.watermarks),
                &TopicIdentity::new(topic.as_str()),
                topic.as_str(),
                known,
                from,
            )
            .await
            .map_err(|error| to_read_error(from, error))?,
        };
        let received =
            reader.next(limits, wait).await.map_err(|error| to_read_error(from, error))?;
        self.keep_idle(topic, partition, reader);
        let to_record = |record: PartitionRecord| TopicRecord {
            place: TopicPlace { partition, number: record.offset },
            append_time: record.append_time,
            key: record.key,
            bytes: record.bytes,
        };
        Ok(received.into_iter().map(to_record).collect())
    }

    async fn end(&self, topic: &TopicName, partition: u32) -> Result<u64, TopicReadError> {
        let known = self.known(topic, partition).await?;
        let bounds = self.watermarks.ask(topic.as_str(), known).await;
        bounds.map(|bounds| bounds.end).map_err(TopicReadError::Unavailable)
    }
}

/// What a topic must be like.
pub(super) fn form<'a>(topic: &'a Topic, settings: &KafkaSettings) -> TopicForm<'a> {
    let retention = topic.retention.map_or("-1".to_owned(), |kept| kept.as_millis().to_string());
    TopicForm {
        name: topic.name.as_str(),
        partitions: topic.partitions,
        created_with: vec![
            (TIMESTAMP_TYPE, LOG_APPEND_TIME.to_owned()),
            ("cleanup.policy", "delete".to_owned()),
            ("retention.ms", retention),
            ("min.insync.replicas", settings.min_insync_replicas.to_string()),
        ],
        required: Vec::new(),
    }
}

fn to_read_error(from: u64, error: PartitionError) -> TopicReadError {
    match error {
        PartitionError::OutOfBounds(bounds) if from < bounds.start => {
            TopicReadError::TruncatedBelow { from, start: bounds.start }
        }
        PartitionError::OutOfBounds(bounds) => TopicReadError::BeyondEnd { from, end: bounds.end },
        // Of the reader that was used before. The next one begins in the topic that is there.
        PartitionError::Replaced => TopicReadError::unavailable(Replaced),
        PartitionError::Unavailable(cause) => TopicReadError::Unavailable(cause),
    }
}

#[derive(Clone, Debug, Error)]
#[error("there is no topic `{0}`")]
struct UnknownTopic(String);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
