//! Where a partition begins and ends, asked of its leader.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    time::{Duration, Instant},
};

use rdkafka::{
    config::FromClientConfigAndContext,
    consumer::{BaseConsumer, Consumer as _},
    error::KafkaError,
    types::RDKafkaErrorCode,
};
use thiserror::Error;
use tokio::sync::oneshot;

use super::{client::Context, settings::KafkaSettings};
use crate::error::{Cause, OpenError};

/// Most questions that may wait for their answer.
const QUESTIONS_MAX: usize = 16 * 1024;

/// How often the client's own events are taken off its queue while nobody asks.
const IDLE_POLL: Duration = Duration::from_secs(1);

/// How long to wait before asking again who leads a partition.
const LEADER_RETRY: Duration = Duration::from_millis(20);

/// How long the leader is waited for before it is looked whether another one leads now; twice as
/// long the next time.
const LEADER_PATIENCE: Duration = Duration::from_secs(1);

/// The first offset of a partition and the one after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) start: u64,
    pub(super) end: u64,
}

struct Question {
    topic: String,
    partition: i32,
    answer: oneshot::Sender<Result<Bounds, Cause>>,
}

/// A thread that asks, because the library only has a blocking call. Questions that came while
/// it was asking share the next answer, so none is answered by what was asked before it came.
pub(super) struct Watermarks {
    questions: SyncSender<Question>,
}

impl Watermarks {
    pub(super) fn new(settings: &KafkaSettings) -> Result<Self, OpenError> {
        let consumer =
            BaseConsumer::from_config_and_context(&settings.client(), Context::default())
                .map_err(OpenError::unavailable)?;
        let timeout = settings.request_timeout;
        let (questions, inbox) = sync_channel(QUESTIONS_MAX);
        std::thread::Builder::new()
            .name("kafka-watermarks".to_owned())
            .spawn(move || answer_questions(&consumer, timeout, &inbox))
            .map_err(OpenError::unavailable)?;
        Ok(Self { questions })
    }

    /// The bounds of a partition at some moment after this call began.
    pub(super) async fn ask(&self, topic: &str, partition: i32) -> Result<Bounds, Cause> {
        let (answer, answered) = oneshot::channel();
        let question = Question { topic: topic.to_owned(), partition, answer };
        if self.questions.try_send(question).is_err() {
            return Err(Arc::new(NotAsked));
        }
        answered.await.unwrap_or_else(|_| Err(Arc::new(NotAsked)))
    }
}

#[derive(Clone, Copy, Debug, Error)]
#[error("too many wait for the bounds of partitions")]
struct NotAsked;

fn answer_questions(
    consumer: &BaseConsumer<Context>,
    timeout: Duration,
    inbox: &Receiver<Question>,
) {
    loop {
        match inbox.recv_timeout(IDLE_POLL) {
            Ok(first) => {
                let mut askers: BTreeMap<(String, i32), Vec<_>> = BTreeMap::new();
                for question in std::iter::once(first).chain(inbox.try_iter()) {
                    let asked = (question.topic, question.partition);
                    askers.entry(asked).or_default().push(question.answer);
                }
                for ((topic, partition), askers) in askers {
                    let bounds = ask(consumer, &topic, partition, timeout);
                    for asker in askers {
                        // Who no longer waits needs no answer.
                        let _ = asker.send(bounds.clone());
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        while consumer.poll(Duration::ZERO).is_some() {}
    }
}

/// Asks the leader, and again while the cluster is choosing one, as after a topic was created or a
/// broker died.
fn ask(
    consumer: &BaseConsumer<Context>,
    topic: &str,
    partition: i32,
    timeout: Duration,
) -> Result<Bounds, Cause> {
    let began = Instant::now();
    let mut patience = LEADER_PATIENCE;
    loop {
        let left = timeout.saturating_sub(began.elapsed());
        match consumer.fetch_watermarks(topic, partition, left.min(patience)) {
            Ok((start, end)) => return to_bounds(start, end),
            Err(error) if left <= LEADER_RETRY => return Err(Arc::new(error)),
            Err(error) if is_changing_leader(&error) => std::thread::sleep(LEADER_RETRY),
            Err(error) if is_silent(&error) => {
                // The library goes on to ask whom it knows as leader, for a quarter of an hour, and
                // only an answer to this tells it of another one.
                let _ = consumer.fetch_metadata(Some(topic), left.min(patience));
                patience *= 2;
            }
            Err(error) => return Err(Arc::new(error)),
        }
    }
}

fn is_changing_leader(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::NotLeaderForPartition
                | RDKafkaErrorCode::LeaderNotAvailable
                | RDKafkaErrorCode::OffsetNotAvailable
        )
    )
}

/// Whether it may be that whoever was asked is gone.
fn is_silent(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::OperationTimedOut
                | RDKafkaErrorCode::RequestTimedOut
                | RDKafkaErrorCode::BrokerTransportFailure
                | RDKafkaErrorCode::AllBrokersDown
        )
    )
}

fn to_bounds(start: i64, end: i64) -> Result<Bounds, Cause> {
    match (u64::try_from(start), u64::try_from(end)) {
        (Ok(start), Ok(end)) => Ok(Bounds { start, end }),
        (Err(_), _) | (_, Err(_)) => Err(Arc::new(NoBounds { start, end })),
    }
}

#[derive(Clone, Copy, Debug, Error)]
#[error("the broker answered with bounds that are no offsets: {start} and {end}")]
struct NoBounds {
    start: i64,
    end: i64,
}
