//! The decision log: its own partitioned topic, since order between decisions does not matter.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use fullmakt_eventlog::{AppendError, Topic, TopicName, Topics};
use serde_json::json;
use tokio::{
    sync::mpsc,
    time::{Duration, sleep, timeout},
};
use tracing::warn;

use crate::record::DecisionRecord;

/// How many partitions the topic has.
pub const DECISIONS_TOPIC_PARTITIONS: u32 = 4;
/// How many records wait at most in mode `async`.
const QUEUE_MAX: usize = 16_384;
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
    Async,
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
    /// Records that were left out since the last that was queued.
    left_out: Arc<AtomicU64>,
}

type Entry = (Vec<u8>, Vec<u8>);

impl DecisionLog {
    /// The log on this topic, which is there already.
    #[must_use]
    pub fn new(topics: Arc<dyn Topics>, topic: TopicName, mode: DecisionLogMode) -> Self {
        let queue = match mode {
            DecisionLogMode::Required => None,
            DecisionLogMode::Async => {
                let (sender, receiver) = mpsc::channel(QUEUE_MAX);
                tokio::spawn(drain(Arc::clone(&topics), topic.clone(), receiver));
                Some(sender)
            }
        };
        Self { topics, topic, queue, left_out: Arc::default() }
    }

    pub(crate) async fn write(&self, record: &DecisionRecord) -> Result<(), LogError> {
        let key = record.id.uuid().as_bytes().to_vec();
        let bytes = serde_json::to_vec(record).map_err(LogError::Record)?;
        let Some(queue) = &self.queue else {
            let append = self.topics.append(&self.topic, key.into(), bytes.into());
            return match timeout(APPEND_WITHIN, append).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(LogError::Append(error)),
                Err(_) => Err(LogError::Slow),
            };
        };
        self.queue(queue, (key, bytes));
        Ok(())
    }

    /// Queues a record, after a record of the gap where some were left out.
    fn queue(&self, queue: &mpsc::Sender<Entry>, entry: Entry) {
        let left_out = self.left_out.swap(0, Ordering::Relaxed);
        if left_out > 0 {
            let gap = json!({ "gap": left_out }).to_string().into_bytes();
            if queue.try_send((b"gap".to_vec(), gap)).is_err() {
                self.left_out.fetch_add(left_out, Ordering::Relaxed);
            }
        }
        if queue.try_send(entry).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            metrics::counter!("decision_log_gaps_total").increment(1);
        }
    }
}

async fn drain(topics: Arc<dyn Topics>, topic: TopicName, mut entries: mpsc::Receiver<Entry>) {
    while let Some((key, bytes)) = entries.recv().await {
        // A record that may have been appended is appended again: twice is found by its id, and
        // lost is lost.
        while let Err(error) = topics.append(&topic, key.clone().into(), bytes.clone().into()).await
        {
            if let AppendError::TooLarge { .. } = error {
                metrics::counter!("decision_log_gaps_total").increment(1);
                warn!(
                    error = &error as &dyn std::error::Error,
                    "a decision's record is larger than the log takes"
                );
                break;
            }
            sleep(AGAIN_AFTER).await;
        }
    }
}
