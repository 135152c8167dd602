//! Topics in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use thiserror::Error;
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use super::clock::TimeSource;
use crate::{
    error::{AppendError, OpenError, TopicReadError},
    log::ReadLimits,
    partitioner::partition_of,
    topics::{Topic, TopicName, TopicPlace, TopicRecord, Topics},
};

/// Topics in memory. Clones share them. Nothing is ever removed, whatever the retention.
#[derive(Clone, Debug)]
pub struct MemoryTopics {
    time: TimeSource,
    topics: Arc<Mutex<BTreeMap<TopicName, Vec<Vec<TopicRecord>>>>>,
    appends: Arc<watch::Sender<u64>>,
}

impl MemoryTopics {
    /// No topics; append times come from this source.
    #[must_use]
    pub fn new(time: TimeSource) -> Self {
        Self { time, topics: Arc::default(), appends: Arc::new(watch::Sender::new(0)) }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<TopicName, Vec<Vec<TopicRecord>>>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn batch(
        &self,
        topic: &TopicName,
        partition: u32,
        from: u64,
        limits: ReadLimits,
    ) -> Result<Vec<TopicRecord>, TopicReadError> {
        let topics = self.lock();
        let records = records(&topics, topic, partition)?;
        let end = number(records.len());
        if from > end {
            return Err(TopicReadError::BeyondEnd { from, end });
        }
        let mut batch = Vec::new();
        let mut batch_bytes = 0_usize;
        for record in records.iter().skip(usize::try_from(from).unwrap_or(usize::MAX)) {
            if !limits.has_room(batch.len(), batch_bytes, record.bytes.len()) {
                break;
            }
            batch_bytes = batch_bytes.saturating_add(record.bytes.len());
            batch.push(record.clone());
        }
        Ok(batch)
    }
}

#[async_trait]
impl Topics for MemoryTopics {
    async fn ensure(&self, topic: &Topic) -> Result<(), OpenError> {
        let mut topics = self.lock();
        let partitions = topics
            .entry(topic.name.clone())
            .or_insert_with(|| (0..topic.partitions).map(|_| Vec::new()).collect());
        if partitions.len() != index(topic.partitions) {
            return Err(OpenError::Unfit {
                name: topic.name.to_string(),
                setting: "partitions".to_owned(),
                found: partitions.len().to_string(),
                required: topic.partitions.to_string(),
            });
        }
        Ok(())
    }

    async fn append(
        &self,
        topic: &TopicName,
        key: Bytes,
        bytes: Bytes,
    ) -> Result<TopicPlace, AppendError> {
        AppendError::check_sizes(&key, &bytes)?;
        let place = {
            let mut topics = self.lock();
            let unknown_topic = || AppendError::unavailable(UnknownTopic(topic.to_string()));
            let partitions = topics.get_mut(topic).ok_or_else(unknown_topic)?;
            let partition = partition_of(&key, u32::try_from(partitions.len()).unwrap_or(u32::MAX));
            let records = partitions.get_mut(index(partition)).ok_or_else(unknown_topic)?;
            let place = TopicPlace { partition, number: number(records.len()) };
            records.push(TopicRecord { place, append_time: self.time.now(), key, bytes });
            place
        };
        self.appends.send_modify(|count| *count = count.wrapping_add(1));
        Ok(place)
    }

    async fn read(
        &self,
        topic: &TopicName,
        partition: u32,
        from: u64,
        limits: ReadLimits,
        wait: Duration,
    ) -> Result<Vec<TopicRecord>, TopicReadError> {
        let now = Instant::now();
        let deadline = now.checked_add(wait).unwrap_or(now);
        let mut appends = self.appends.subscribe();
        loop {
            let batch = self.batch(topic, partition, from, limits)?;
            if !batch.is_empty() || timeout_at(deadline, appends.changed()).await.is_err() {
                return Ok(batch);
            }
        }
    }

    async fn end(&self, topic: &TopicName, partition: u32) -> Result<u64, TopicReadError> {
        Ok(number(records(&self.lock(), topic, partition)?.len()))
    }
}

/// The records of a partition.
fn records<'a>(
    topics: &'a BTreeMap<TopicName, Vec<Vec<TopicRecord>>>,
    topic: &TopicName,
    partition: u32,
) -> Result<&'a Vec<TopicRecord>, TopicReadError> {
    topics
        .get(topic)
        .ok_or_else(|| TopicReadError::UnknownTopic { topic: topic.to_string() })?
        .get(index(partition))
        .ok_or_else(|| TopicReadError::UnknownPartition { topic: topic.to_string(), partition })
}

/// An append to a topic that nobody has created.
#[derive(Clone, Debug, Error)]
#[error("there is no topic `{0}`")]
struct UnknownTopic(String);

fn index(partition: u32) -> usize {
    usize::try_from(partition).unwrap_or(usize::MAX)
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
