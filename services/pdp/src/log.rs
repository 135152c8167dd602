//! The decision log: its own partitioned topic, since order between decisions does not matter.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use fullmakt_eventlog::{AppendError, Topic, TopicName, Topics};
use fullmakt_events::DecisionId;
use serde::Serialize;
use serde_json::json;
use tokio::{
    sync::mpsc,
    time::{Duration, sleep, timeout},
};
use tracing::warn;

/// How many partitions the topic has.
pub const DECISIONS_TOPIC_PARTITIONS: u32 = 4;
/// How long an answer waits for the log in mode `required`.
const APPEND_WITHIN: Duration = Duration::from_secs(2);
/// How long to wait before a record is appended again in mode `async`.
const AGAIN_AFTER: Duration = Duration::from_millis(200);

/// When a decision is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionLogMode {
    /// Only after the log has acknowledged its record.
    Required,
    /// At once; the record waits in a bounded queue, and what does not fit is a counted gap.
    Async {
        /// How many records wait at most, at least one.
        queue_max: usize,
    },
}

/// A decision cannot be given, because the log does not take its record.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The record cannot be expressed: a defect of this program.
    #[error("the decision's record cannot be expressed")]
    Record(#[source] serde_json::Error),
    /// The log did not acknowledge the record.
    #[error("the decision log does not take the record")]
    Append(#[source] AppendError),
    /// The log did not acknowledge the record in time.
    #[error("the decision log did not acknowledge the record within {APPEND_WITHIN:?}")]
    Slow,
}

/// The topic of the decisions of a ledger, if the ledger's name is one that topics can have.
#[must_use]
pub fn decisions_topic(ledger: &str) -> Option<Topic> {
    Some(Topic {
        name: TopicName::new(format!("fullmakt.{ledger}.decisions"))?,
        partitions: DECISIONS_TOPIC_PARTITIONS,
        retention: None,
    })
}

/// Takes the records of decisions.
#[derive(Clone)]
pub struct DecisionLog {
    topics: Arc<dyn Topics>,
    topic: TopicName,
    queue: Option<mpsc::Sender<Entry>>,
    /// Records that were left out since the last record of a gap.
    left_out: Arc<AtomicU64>,
}

type Entry = (Vec<u8>, Vec<u8>);

impl DecisionLog {
    /// The log on this topic, which is there already.
    #[must_use]
    pub fn new(topics: Arc<dyn Topics>, topic: TopicName, mode: DecisionLogMode) -> Self {
        let left_out = Arc::<AtomicU64>::default();
        let queue = match mode {
            DecisionLogMode::Required => None,
            DecisionLogMode::Async { queue_max } => {
                let (sender, receiver) = mpsc::channel(queue_max.max(1));
                let (topics, topic) = (Arc::clone(&topics), topic.clone());
                tokio::spawn(drain(topics, topic, receiver, Arc::clone(&left_out)));
                Some(sender)
            }
        };
        Self { topics, topic, queue, left_out }
    }

    pub(crate) async fn write(
        &self,
        id: DecisionId,
        record: &(impl Serialize + Sync),
    ) -> Result<(), LogError> {
        let key = id.uuid().as_bytes().to_vec();
        let bytes = serde_json::to_vec(record).map_err(LogError::Record)?;
        let Some(queue) = &self.queue else {
            let append = self.topics.append(&self.topic, key.into(), bytes.into());
            return match timeout(APPEND_WITHIN, append).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(LogError::Append(error)),
                Err(_) => Err(LogError::Slow),
            };
        };
        if queue.try_send((key, bytes)).is_err() {
            leave_out(&self.left_out);
        }
        Ok(())
    }
}

/// Appends what is queued, and records of the gaps where something was left out.
///
/// A gap is recorded with the next record that is taken from the queue. There is one: something is
/// left out only while the queue is full.
async fn drain(
    topics: Arc<dyn Topics>,
    topic: TopicName,
    mut entries: mpsc::Receiver<Entry>,
    left_out: Arc<AtomicU64>,
) {
    while let Some(entry) = entries.recv().await {
        append(topics.as_ref(), &topic, entry, &left_out).await;
        let count = left_out.swap(0, Ordering::Relaxed);
        if count > 0 {
            let gap = json!({ "gap": count }).to_string().into_bytes();
            append(topics.as_ref(), &topic, (b"gap".to_vec(), gap), &left_out).await;
        }
    }
}

/// Appends until it is surely done. A record that may have been appended is appended again: twice
/// is found by its id, and lost is lost.
async fn append(topics: &dyn Topics, topic: &TopicName, (key, bytes): Entry, left_out: &AtomicU64) {
    let (key, bytes) = (Bytes::from(key), Bytes::from(bytes));
    while let Err(error) = topics.append(topic, key.clone(), bytes.clone()).await {
        if let AppendError::TooLarge { .. } = error {
            leave_out(left_out);
            warn!(
                error = &error as &dyn std::error::Error,
                "a decision's record is larger than the log takes"
            );
            return;
        }
        sleep(AGAIN_AFTER).await;
    }
}

/// Counts a record that is not in the log.
fn leave_out(left_out: &AtomicU64) {
    left_out.fetch_add(1, Ordering::Relaxed);
    metrics::counter!("decision_log_gaps_total").increment(1);
}

#[cfg(test)]
mod tests;
