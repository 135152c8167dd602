//! Topics as tables.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use fullmakt_events::Timestamp;
use tokio::time::{Instant, timeout_at};

use super::{
    appender::{Appender, Batch},
    failure::{Failure, to_limit, to_number, to_stored},
    log::create_missing,
    session::{Connector, Encryption, Session, SharedSession},
    settings::PostgresSettings,
};
use crate::{
    error::{AppendError, OpenError, TopicReadError},
    log::ReadLimits,
    partitioner::partition_of,
    topics::{Topic, TopicName, TopicPlace, TopicRecord, Topics},
};

const EXIST: &str = include_str!("sql/topics_exist.sql");
const SCHEMA: &str = include_str!("sql/topics_schema.sql");
const LISTEN: &str = include_str!("sql/topics_listen.sql");
const CREATE: &str = include_str!("sql/topic_create.sql");
const PARTITIONS: &str = include_str!("sql/topic_partitions.sql");
const APPEND: &str = include_str!("sql/topic_append.sql");
const READ: &str = include_str!("sql/topic_read.sql");
const BOUNDS: &str = include_str!("sql/topic_bounds.sql");
const PRUNE: &str = include_str!("sql/topic_prune.sql");

/// The longest a read waits for a notification before it looks by itself.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// How often the appender of a topic removes what has expired.
const PRUNE_INTERVAL: Duration = Duration::from_mins(1);

/// Most records removed at a time.
const PRUNE_RECORDS_MAX: i64 = 10_000;

/// Topics in PostgreSQL: schema `fullmakt_log`.
pub struct PostgresTopics {
    connector: Connector,
    session: SharedSession,
    /// How many partitions topics have; it never changes.
    partitions: Mutex<BTreeMap<TopicName, u32>>,
    /// One per topic that this process appends to.
    appenders: Mutex<BTreeMap<TopicName, Arc<Appender<TopicBatch>>>>,
}

impl PostgresTopics {
    /// Opens the topics over unencrypted connections. Creates their tables if they are missing.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unavailable`].
    pub async fn open(settings: &PostgresSettings) -> Result<Self, OpenError> {
        Self::open_with(Connector::plain(settings)).await
    }

    /// Opens the topics over connections that this implementation of TLS encrypts, if the
    /// connection settings ask for it.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unavailable`].
    pub async fn open_with_tls(
        settings: &PostgresSettings,
        tls: impl Encryption,
    ) -> Result<Self, OpenError> {
        Self::open_with(Connector::with_tls(settings, tls)).await
    }

    async fn open_with(connector: Connector) -> Result<Self, OpenError> {
        let session = SharedSession::new(connector.clone(), Some(LISTEN));
        create_missing(&*session.get().await?, EXIST, SCHEMA).await?;
        Ok(Self { connector, session, partitions: Mutex::default(), appenders: Mutex::default() })
    }

    /// How many partitions a topic has; nothing if there is no such topic.
    async fn partitions(&self, topic: &TopicName) -> Result<Option<u32>, Failure> {
        if let Some(partitions) = lock(&self.partitions).get(topic) {
            return Ok(Some(*partitions));
        }
        let rows = self.session.query(PARTITIONS, &[&topic.as_str()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let partitions = to_partition(row.try_get(0)?)?;
        lock(&self.partitions).insert(topic.clone(), partitions);
        Ok(Some(partitions))
    }

    /// A partition that is there, as the database has it.
    async fn known(&self, topic: &TopicName, partition: u32) -> Result<i32, TopicReadError> {
        let partitions = self.partitions(topic).await?;
        let partitions =
            partitions.ok_or_else(|| TopicReadError::UnknownTopic { topic: topic.to_string() })?;
        if partition < partitions {
            return Ok(to_stored_partition(partition));
        }
        let topic = topic.to_string();
        Err(TopicReadError::UnknownPartition { topic, partition })
    }

    fn appender(&self, topic: &TopicName) -> Arc<Appender<TopicBatch>> {
        let mut appenders = lock(&self.appenders);
        let appender = appenders.entry(topic.clone()).or_insert_with(|| {
            let batch = TopicBatch { topic: topic.clone(), pruned: Mutex::default() };
            Arc::new(Appender::start(self.connector.clone(), batch))
        });
        Arc::clone(appender)
    }

    async fn batch(
        &self,
        session: &Session,
        place: (&TopicName, i32),
        from: u64,
        limits: ReadLimits,
    ) -> Result<Vec<TopicRecord>, TopicReadError> {
        let (topic, partition) = (place.0.as_str(), place.1);
        let (records, bytes) = (to_limit(limits.records_max), to_limit(limits.bytes_max));
        let rows =
            session.query(READ, &[&topic, &partition, &to_stored(from), &records, &bytes]).await?;
        let batch = rows
            .iter()
            .map(|row| to_record(to_partition(partition)?, row))
            .collect::<Result<Vec<_>, Failure>>()?;
        if batch.first().is_some_and(|record| record.place.number == from) {
            return Ok(batch);
        }
        let Range { start, end } = bounds(session, place).await?;
        if from < start {
            return Err(TopicReadError::TruncatedBelow { from, start });
        }
        if from > end {
            return Err(TopicReadError::BeyondEnd { from, end });
        }
        Ok(batch)
    }
}

#[async_trait]
impl Topics for PostgresTopics {
    async fn ensure(&self, topic: &Topic) -> Result<(), OpenError> {
        let required = to_stored_partition(topic.partitions);
        let retention_millis =
            topic.retention.map(|kept| i64::try_from(kept.as_millis()).unwrap_or(i64::MAX).max(1));
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
            [&topic.name.as_str(), &required, &retention_millis];
        self.session.query(CREATE, &parameters).await?;
        // Asked afterwards, because a topic that another process is creating at the same time
        // cannot be seen by the statement above.
        let found = self.partitions(&topic.name).await?;
        if found != Some(topic.partitions) {
            return Err(OpenError::Unfit {
                name: topic.name.to_string(),
                setting: "partitions".to_owned(),
                found: found.unwrap_or_default().to_string(),
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
        let partitions = self.partitions(topic).await.map_err(AppendError::unavailable)?;
        let partitions = partitions
            .ok_or_else(|| AppendError::unavailable(Failure::UnknownTopic(topic.to_string())))?;
        let partition = to_stored_partition(partition_of(&key, partitions));
        self.appender(topic).append(KeyedRecord { partition, key, bytes }).await
    }

    async fn read(
        &self,
        topic: &TopicName,
        partition: u32,
        from: u64,
        limits: ReadLimits,
        wait: Duration,
    ) -> Result<Vec<TopicRecord>, TopicReadError> {
        let place = (topic, self.known(topic, partition).await?);
        let session = self.session.get().await?;
        let mut notifications = session.notifications();
        let now = Instant::now();
        let deadline = now.checked_add(wait).unwrap_or(now);
        loop {
            // Before the read, so that what is appended during it is not waited for in vain.
            notifications.mark_unchanged();
            let batch = self.batch(&session, place, from, limits).await?;
            let now = Instant::now();
            if !batch.is_empty() || now >= deadline {
                return Ok(batch);
            }
            let look_again = now.checked_add(LOOK_AGAIN).unwrap_or(deadline).min(deadline);
            let _ = timeout_at(look_again, notifications.changed()).await;
        }
    }

    async fn end(&self, topic: &TopicName, partition: u32) -> Result<u64, TopicReadError> {
        let place = (topic, self.known(topic, partition).await?);
        Ok(bounds(&*self.session.get().await?, place).await?.end)
    }
}

/// Where a partition begins and ends.
async fn bounds(
    session: &Session,
    (topic, partition): (&TopicName, i32),
) -> Result<Range<u64>, Failure> {
    let rows = session.query(BOUNDS, &[&topic.as_str(), &partition]).await?;
    let row = rows.first().ok_or(Failure::RowMissing { table: "topic_ends" })?;
    let start = to_number("topic_records", row.try_get(0)?)?;
    Ok(start..to_number("topic_ends", row.try_get(1)?)?)
}

/// A record on its way to a topic.
struct KeyedRecord {
    partition: i32,
    key: Bytes,
    bytes: Bytes,
}

/// Appends to one topic.
struct TopicBatch {
    topic: TopicName,
    /// When expired records were last removed.
    pruned: Mutex<Option<Instant>>,
}

impl TopicBatch {
    /// Removes expired records from time to time. A failure is left to the next time: the
    /// records that were appended are what the caller asked about.
    async fn prune(&self, session: &Session) {
        let is_due = lock(&self.pruned).is_none_or(|pruned| pruned.elapsed() >= PRUNE_INTERVAL);
        if is_due {
            *lock(&self.pruned) = Some(Instant::now());
            if let Err(error) =
                session.query(PRUNE, &[&self.topic.as_str(), &PRUNE_RECORDS_MAX]).await
            {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, "expired records of topic `{}` were kept", self.topic);
            }
        }
    }
}

#[async_trait]
impl Batch for TopicBatch {
    type Record = KeyedRecord;
    type Place = TopicPlace;

    fn size_bytes(record: &KeyedRecord) -> usize {
        record.key.len().saturating_add(record.bytes.len())
    }

    async fn prepare(&self, session: &Session) -> Result<(), Failure> {
        session.statement(APPEND).await?;
        self.prune(session).await;
        Ok(())
    }

    async fn append(
        &self,
        session: &Session,
        records: &[KeyedRecord],
    ) -> Result<Vec<TopicPlace>, Failure> {
        let partitions: Vec<i32> = records.iter().map(|record| record.partition).collect();
        let keys: Vec<&[u8]> = records.iter().map(|record| &record.key[..]).collect();
        let bytes: Vec<&[u8]> = records.iter().map(|record| &record.bytes[..]).collect();
        let rows =
            session.query(APPEND, &[&self.topic.as_str(), &partitions, &keys, &bytes]).await?;
        if rows.is_empty() {
            return Err(Failure::UnknownTopic(self.topic.to_string()));
        }
        let mut next = BTreeMap::new();
        for row in rows {
            next.insert(row.try_get::<_, i32>(0)?, to_number("topic_ends", row.try_get(1)?)?);
        }
        let places = records.iter().map(|record| {
            let next = next
                .get_mut(&record.partition)
                .ok_or(Failure::PartitionMissing { partition: record.partition })?;
            let number = *next;
            *next = next.saturating_add(1);
            Ok(TopicPlace { partition: to_partition(record.partition)?, number })
        });
        places.collect()
    }
}

fn to_record(partition: u32, row: &tokio_postgres::Row) -> Result<TopicRecord, Failure> {
    let number = to_number("topic_records", row.try_get(0)?)?;
    Ok(TopicRecord {
        place: TopicPlace { partition, number },
        append_time: Timestamp::from(row.try_get::<_, DateTime<Utc>>(1)?),
        key: Bytes::from(row.try_get::<_, Vec<u8>>(2)?),
        bytes: Bytes::from(row.try_get::<_, Vec<u8>>(3)?),
    })
}

fn to_partition(stored: i32) -> Result<u32, Failure> {
    u32::try_from(stored).map_err(|_| Failure::Number { table: "topics", found: i64::from(stored) })
}

fn to_stored_partition(partition: u32) -> i32 {
    i32::try_from(partition).unwrap_or(i32::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
