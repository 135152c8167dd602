//! Following one partition.

use std::{
    pin::pin,
    sync::Arc,
    task::{self, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use fullmakt_events::Timestamp;
use rdkafka::{
    Message as _, Offset, TopicPartitionList,
    config::FromClientConfigAndContext,
    consumer::{Consumer as _, StreamConsumer},
    error::KafkaError,
    message::BorrowedMessage,
    types::RDKafkaErrorCode,
};

use super::{
    client::{Aside, Context},
    identity::{Doubt, Replaced, TopicIdentity, Witness},
    settings::KafkaSettings,
    watermarks::{Bounds, Watermarks},
};
use crate::{
    error::Cause,
    log::{RECORD_BYTES_MAX, ReadLimits},
};

/// One message of a partition.
pub(super) struct PartitionRecord {
    pub(super) offset: u64,
    pub(super) append_time: Timestamp,
    pub(super) key: Bytes,
    pub(super) bytes: Bytes,
}

/// Why a partition cannot be read.
#[derive(Debug)]
pub(super) enum PartitionError {
    OutOfBounds(Bounds),
    /// The topic was deleted, and another has taken its place.
    Replaced,
    Unavailable(Cause),
}

/// A consumer with one partition, assigned at an offset of our own. There is no group, hence no
/// rebalance, which is why the library's stream is enough here.
pub(super) struct PartitionReader {
    consumer: Aside<StreamConsumer<Context>>,
    witness: Arc<Witness>,
    watermarks: Arc<Watermarks>,
    topic: String,
    partition: i32,
    next: u64,
    /// An error that came after messages.
    failure: Option<KafkaError>,
}

impl PartitionReader {
    pub(super) async fn open(
        settings: &KafkaSettings,
        watermarks: Arc<Watermarks>,
        identity: &Arc<TopicIdentity>,
        topic: &str,
        partition: i32,
        from: u64,
    ) -> Result<Self, PartitionError> {
        let bounds = watermarks.ask(topic, partition).await.map_err(PartitionError::Unavailable)?;
        if from < bounds.start || from > bounds.end {
            return Err(PartitionError::OutOfBounds(bounds));
        }
        let witness = Witness::of(identity);
        let consumer = assigned(settings, &witness, topic, partition, from)?;
        Ok(Self {
            consumer: Aside::new(consumer),
            witness,
            watermarks,
            topic: topic.to_owned(),
            partition,
            next: from,
            failure: None,
        })
    }

    /// The offset the next message has at least.
    pub(super) fn next_offset(&self) -> u64 {
        self.next
    }

    /// The messages that are there, or the first that comes within `wait`.
    pub(super) async fn next(
        &mut self,
        limits: ReadLimits,
        wait: Duration,
    ) -> Result<Vec<PartitionRecord>, PartitionError> {
        if let Some(error) = self.failure.take() {
            return Err(self.explain(error).await);
        }
        // From the first message on nothing here waits, so that a dropped future loses nothing.
        let received = tokio::select! {
            biased;
            received = tokio::time::timeout(wait, self.consumer.recv()) => received,
            () = self.witness.replaced() => return Err(PartitionError::Replaced),
        };
        let first = match received {
            Ok(Ok(message)) => to_record(&message)?,
            Ok(Err(error)) => return Err(self.explain(error).await),
            Err(_) => return Ok(Vec::new()),
        };
        let mut batch_bytes = first.bytes.len();
        let mut batch = vec![first];
        // A message cannot be put back, so there has to be room for the largest.
        while limits.has_room(batch.len(), batch_bytes, RECORD_BYTES_MAX) {
            match self.received() {
                Some(Ok(record)) => {
                    batch_bytes = batch_bytes.saturating_add(record.bytes.len());
                    batch.push(record);
                }
                Some(Err(error)) => {
                    // Said once the messages before it have been given.
                    self.failure = Some(error);
                    break;
                }
                None => break,
            }
        }
        self.witness.check()?;
        if let Some(last) = batch.last() {
            self.next = last.offset.saturating_add(1);
        }
        Ok(batch)
    }

    /// The next message if it has been fetched already.
    fn received(&self) -> Option<Result<PartitionRecord, KafkaError>> {
        let received = pin!(self.consumer.recv());
        match received.poll(&mut task::Context::from_waker(Waker::noop())) {
            Poll::Ready(received) => Some(received.and_then(|message| to_record(&message))),
            Poll::Pending => None,
        }
    }

    /// Says what an error of the library means for the position.
    async fn explain(&self, error: KafkaError) -> PartitionError {
        if self.witness.check() == Err(Doubt::Replaced(Replaced)) {
            return PartitionError::Replaced;
        }
        if is_out_of_range(&error) {
            match self.watermarks.ask(&self.topic, self.partition).await {
                Ok(bounds) if self.next < bounds.start || self.next > bounds.end => {
                    return PartitionError::OutOfBounds(bounds);
                }
                Ok(_) | Err(_) => {}
            }
        }
        PartitionError::from(error)
    }
}

impl From<KafkaError> for PartitionError {
    fn from(error: KafkaError) -> Self {
        Self::Unavailable(Arc::new(error))
    }
}

impl From<Doubt> for PartitionError {
    fn from(doubt: Doubt) -> Self {
        match doubt {
            Doubt::Replaced(_) => Self::Replaced,
            Doubt::Silent => Self::Unavailable(Arc::new(doubt)),
        }
    }
}

fn assigned(
    settings: &KafkaSettings,
    witness: &Arc<Witness>,
    topic: &str,
    partition: i32,
    from: u64,
) -> Result<StreamConsumer<Context>, KafkaError> {
    let consumer: StreamConsumer<Context> =
        StreamConsumer::from_config_and_context(&settings.consumer(), Context::with(witness))?;
    let mut assignment = TopicPartitionList::new();
    let offset = i64::try_from(from).unwrap_or(i64::MAX);
    assignment.add_partition_offset(topic, partition, Offset::Offset(offset))?;
    consumer.assign(&assignment)?;
    Ok(consumer)
}

fn to_record(message: &BorrowedMessage<'_>) -> Result<PartitionRecord, KafkaError> {
    let copy = |bytes: Option<&[u8]>| bytes.map(Bytes::copy_from_slice).unwrap_or_default();
    Ok(PartitionRecord {
        // The library gives negative offsets to nothing that a broker sent.
        offset: u64::try_from(message.offset()).map_err(|_| KafkaError::NoMessageReceived)?,
        // Topics are checked to carry times; a record without one is as old as can be.
        append_time: Timestamp::from_millis(message.timestamp().to_millis().unwrap_or(0)),
        key: copy(message.key()),
        bytes: copy(message.payload()),
    })
}

fn is_out_of_range(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange)
    )
}
