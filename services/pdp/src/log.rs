//! The decision log: its own partitioned topic, since order between decisions does not matter.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use fullmakt_access::record::{GapRecord, LogRecord};
use fullmakt_eventlog::{AppendError, Topic, TopicName, Topics};
use fullmakt_events::{DecisionId, Timestamp};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
    time::{Duration, Instant, sleep, timeout, timeout_at},
};
use tracing::warn;
use uuid::Uuid;

use crate::withhold;

/// How many partitions the topic has.
pub const DECISIONS_TOPIC_PARTITIONS: u32 = 4;
/// How long an answer waits for the log in mode `required`.
const APPEND_WITHIN: Duration = Duration::from_secs(2);
/// How long to wait before a record is appended again in mode `async`.
const AGAIN_AFTER: Duration = Duration::from_millis(200);

/// How many records are appended at a time in mode `async`.
const APPENDING_MAX: usize = 256;

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
    queue: Option<mpsc::Sender<Queued>>,
    gap: Gap,
}

/// What waits in the queue.
enum Queued {
    Entry(Entry),
    /// Tells whoever waits that everything before it is in the log.
    Mark(oneshot::Sender<()>),
}

/// A record on its way to the log.
struct Entry {
    id: DecisionId,
    /// The time that the answer was made for.
    at: Timestamp,
    bytes: Bytes,
}

impl Entry {
    fn new(record: &LogRecord) -> Result<Self, serde_json::Error> {
        let bytes = withhold::to_bytes(record)?.into();
        Ok(Self { id: record.id(), at: record.evaluated_at(), bytes })
    }

    fn key(&self) -> Bytes {
        Bytes::copy_from_slice(self.id.uuid().as_bytes())
    }
}

impl DecisionLog {
    /// The log on this topic, which is there already.
    #[must_use]
    pub fn new(topics: Arc<dyn Topics>, topic: TopicName, mode: DecisionLogMode) -> Self {
        let gap = Gap::default();
        let queue = match mode {
            DecisionLogMode::Required => None,
            DecisionLogMode::Async { queue_max } => {
                let (sender, receiver) = mpsc::channel(queue_max.max(1));
                let (topics, topic) = (Arc::clone(&topics), topic.clone());
                tokio::spawn(drain(topics, topic, receiver, gap.clone()));
                Some(sender)
            }
        };
        Self { topics, topic, queue, gap }
    }

    /// Waits until the log has everything that waits for it, at most until `deadline`; answers
    /// whether it has.
    pub async fn flush(&self, deadline: Instant) -> bool {
        let Some(queue) = &self.queue else { return true };
        let (marked, reached) = oneshot::channel();
        let flushed =
            async { queue.send(Queued::Mark(marked)).await.is_ok() && reached.await.is_ok() };
        timeout_at(deadline, flushed).await.unwrap_or(false)
    }

    pub(crate) async fn write(&self, record: &LogRecord) -> Result<(), LogError> {
        let entry = Entry::new(record).map_err(LogError::Record)?;
        let Some(queue) = &self.queue else {
            let append = self.topics.append(&self.topic, entry.key(), entry.bytes);
            return match timeout(APPEND_WITHIN, append).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(LogError::Append(error)),
                Err(_) => Err(LogError::Slow),
            };
        };
        let at = entry.at;
        if queue.try_send(Queued::Entry(entry)).is_err() {
            self.gap.widen(at);
        }
        Ok(())
    }
}

/// Appends what is queued, and records of the gaps where something was left out: many at a time, since
/// the log takes those of one moment together.
///
/// A gap is recorded when the next record is taken from the queue or the next append ends. One of the
/// two comes: something is left out only while the queue is full, or by an append that ends.
async fn drain(
    topics: Arc<dyn Topics>,
    topic: TopicName,
    mut queue: mpsc::Receiver<Queued>,
    gap: Gap,
) {
    let mut appending = JoinSet::new();
    let append = |entry| append(Arc::clone(&topics), topic.clone(), entry, gap.clone());
    loop {
        let mut marked = None;
        tokio::select! {
            Some(_) = appending.join_next() => {}
            queued = queue.recv(), if appending.len() < APPENDING_MAX => match queued {
                Some(Queued::Entry(entry)) => drop(appending.spawn(append(entry))),
                Some(Queued::Mark(mark)) => marked = Some(mark),
                None => break,
            },
        }
        if marked.is_some() {
            while appending.join_next().await.is_some() {}
        }
        if let Some(record) = gap.close() {
            match Entry::new(&LogRecord::Gap(record)) {
                Ok(entry) => append(entry).await,
                Err(error) => warn!(
                    error = &error as &dyn std::error::Error,
                    "a gap of the decision log cannot be expressed"
                ),
            }
        }
        if let Some(mark) = marked {
            // Who asked may have stopped waiting.
            let _ = mark.send(());
        }
    }
    while appending.join_next().await.is_some() {}
}

/// Appends until it is surely done. A record that may have been appended is appended again: twice
/// is found by its id, and lost is lost.
async fn append(topics: Arc<dyn Topics>, topic: TopicName, entry: Entry, gap: Gap) {
    while let Err(error) = topics.append(&topic, entry.key(), entry.bytes.clone()).await {
        if let AppendError::TooLarge { .. } = error {
            gap.widen(entry.at);
            warn!(
                error = &error as &dyn std::error::Error,
                "a decision's record is larger than the log takes"
            );
            return;
        }
        sleep(AGAIN_AFTER).await;
    }
}

/// Records that were left out since the last record of a gap.
#[derive(Clone, Default)]
struct Gap(Arc<Mutex<Option<Missing>>>);

struct Missing {
    count: u64,
    since: Timestamp,
    until: Timestamp,
}

impl Gap {
    /// Counts a record that is not in the log.
    fn widen(&self, at: Timestamp) {
        metrics::counter!("decision_log_gaps_total").increment(1);
        let mut missing = self.lock();
        let known = missing.get_or_insert(Missing { count: 0, since: at, until: at });
        known.count += 1;
        known.since = known.since.min(at);
        known.until = known.until.max(at);
    }

    /// The record of what is missing, if anything is; what is missing from now on is another gap.
    fn close(&self) -> Option<GapRecord> {
        let Missing { count, since, until } = self.lock().take()?;
        Some(GapRecord { id: DecisionId::new(Uuid::now_v7()), gap: count, since, until })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Missing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
