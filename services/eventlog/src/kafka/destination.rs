//! Filling a topic from another log.

use async_trait::async_trait;
use fullmakt_events::{Position, Timestamp};
use rdkafka::{
    config::FromClientConfigAndContext,
    producer::{DeliveryFuture, FutureProducer, FutureRecord},
};

use super::{
    admin::Admin,
    client::{Aside, Context},
    log::{KafkaLog, LOG_APPEND_TIME, PARTITION, Stamping, TIMESTAMP_TYPE},
    settings::KafkaSettings,
};
use crate::{
    copy::{Destination, FillError},
    error::OpenError,
    log::{EventLog, Record},
};

/// How a topic is set while it is filled: records keep the times they are sent with.
pub(super) const CREATE_TIME: &str = "CreateTime";

/// A topic that is filled from another log.
///
/// While it is filled its `message.timestamp.type` is `CreateTime`, with which nobody can open it
/// as a log, and when it is complete `LogAppendTime`. Records are sent in order by an idempotent
/// producer that sends nothing after a record which failed, so that what is there is the beginning
/// of the source at every moment.
pub struct KafkaDestination {
    log: KafkaLog,
    admin: Admin,
    producer: Aside<FutureProducer<Context>>,
}

impl KafkaDestination {
    /// Opens the topic of a ledger, complete or not. Creates it if it is missing and the settings
    /// allow it.
    ///
    /// # Errors
    ///
    /// As [`KafkaLog::open`].
    pub async fn open(settings: &KafkaSettings, ledger: &str) -> Result<Self, OpenError> {
        let log = KafkaLog::open_stamped(settings, ledger, Stamping::LogOrSender).await?;
        let producer = FutureProducer::from_config_and_context(
            &settings.gapless_producer(),
            Context::default(),
        );
        let producer = Aside::new(producer.map_err(OpenError::unavailable)?);
        Ok(Self { log, admin: Admin::new(settings)?, producer })
    }

    /// Says whose times the topic's records have.
    async fn stamp(&self, stamped_by: &str) -> Result<(), OpenError> {
        self.admin.set(self.log.topic().as_str(), TIMESTAMP_TYPE, stamped_by).await
    }

    fn send(&self, record: &Record) -> Result<DeliveryFuture, FillError> {
        let message = FutureRecord::<[u8], [u8]>::to(self.log.topic().as_str())
            .partition(PARTITION)
            .payload(&record.bytes[..])
            .timestamp(record.append_time.as_micros().div_euclid(1_000));
        self.producer.send_result(message).map_err(|(error, _)| FillError::unavailable(error))
    }
}

#[async_trait]
impl Destination for KafkaDestination {
    fn log(&self) -> &dyn EventLog {
        &self.log
    }

    async fn begin(&self) -> Result<(), OpenError> {
        self.stamp(CREATE_TIME).await
    }

    async fn fill(&self, records: &[Record]) -> Result<(), FillError> {
        let Some(first) = records.first() else { return Ok(()) };
        let found = self.log.end().await.map_err(FillError::unavailable)?;
        if found != first.position {
            return Err(FillError::Elsewhere { expected: first.position, found });
        }
        let mut sent = Vec::with_capacity(records.len());
        for record in records {
            sent.push((record, self.send(record)?));
        }
        for (record, sent) in sent {
            let position = record.position;
            let delivered = sent.await.map_err(FillError::unavailable)?;
            let delivered = delivered.map_err(|(error, _)| FillError::unavailable(error))?;
            let found = u64::try_from(delivered.offset).map_or(Position::GENESIS, Position::new);
            if found != position {
                return Err(FillError::Elsewhere { expected: position, found });
            }
            // A topic that stamps records itself answers with its stamp.
            let is_kept = match delivered.timestamp {
                rdkafka::Timestamp::CreateTime(millis) => {
                    Timestamp::from_millis(millis) == record.append_time
                }
                rdkafka::Timestamp::LogAppendTime(_) | rdkafka::Timestamp::NotAvailable => false,
            };
            if !is_kept {
                return Err(FillError::OtherTime { position });
            }
        }
        Ok(())
    }

    async fn finish(&self) -> Result<(), OpenError> {
        self.stamp(LOG_APPEND_TIME).await
    }
}
