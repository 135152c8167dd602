//! Which topic of a name one reads.
//!
//! A topic that is deleted and created anew keeps its name and nothing else, not even its offsets'
//! meaning. Brokers tell the two apart by an id that they give each topic when it is created, and
//! the library asks for records by that id. But when a topic of the same name has another id, it
//! goes over to that one by itself and says so in one line of its own log, nowhere else. So that
//! line is listened to.
//!
//! *Why no record of another topic is taken for one of ours*:
//! - A broker answers a request for records (Fetch, version 13 and above: Kafka 3.1) from the topic
//!   whose id is in the request and from no other, also if the topic changes while it waits for
//!   records to come.
//! - The library changes the id it asks by in one place (`rd_kafka_topic_metadata_update`), and
//!   there it first puts the line into the client's queue, where it overtakes every record. Records
//!   go through the same queue, and those asked for by the new id get there later.
//! - A reader takes the queue in order, and looks at what was said after it took records and before
//!   it gives them to anybody ([`Witness::check`]).
//! - The first id is told by the same line. A reader whose client has told none gives no record, so
//!   a library that no longer says the line, or words it in another way, or a broker that has no
//!   ids, stops every reader instead of passing unnoticed.
//!
//! *What this does not show*: records that were lost within one topic. The broker has no topic of
//! another id then. A leader may not lack acknowledged records (`unclean.leader.election.enable`
//! is checked to be off), the library compares the log of a new leader with what it has read, and
//! those who fold compare the last record they read when they connect again. A broker older than
//! Kafka 3.1 is asked for records by the topic's name, and the line then comes when the library
//! next looks at the topic, which may be too late.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rdkafka::{
    config::FromClientConfigAndContext,
    consumer::{BaseConsumer, Consumer as _},
    error::KafkaError,
};
use thiserror::Error;
use tokio::sync::watch;

use super::{
    admin::unfit,
    client::{Aside, Context},
    settings::KafkaSettings,
};
use crate::error::OpenError;

/// How long to wait before asking again for a topic that was just created.
const RETRY: Duration = Duration::from_millis(20);

/// How long the line about a topic that was just asked for may take from one thread to another.
const HEARING: Duration = Duration::from_secs(1);

/// One topic, as all clients of one log know it: the first id that any of them is told is its id.
#[derive(Debug)]
pub(super) struct TopicIdentity {
    topic: String,
    id: OnceLock<String>,
    replaced: watch::Sender<bool>,
}

/// The topic has another id than it had.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the topic was deleted, and another of its name has taken its place")]
pub(super) struct Replaced;

impl TopicIdentity {
    pub(super) fn new(topic: &str) -> Arc<Self> {
        let replaced = watch::Sender::new(false);
        Arc::new(Self { topic: topic.to_owned(), id: OnceLock::new(), replaced })
    }

    /// Refuses once any client was told of another id.
    pub(super) fn check(&self) -> Result<(), Replaced> {
        if *self.replaced.borrow() { Err(Replaced) } else { Ok(()) }
    }

    /// Waits until a client is told of another id.
    pub(super) async fn replaced(&self) {
        // The sender lives in `self`, so the channel cannot close.
        let _ = self.replaced.subscribe().wait_for(|replaced| *replaced).await;
    }

    fn tell(&self, id: &str) {
        if self.id.get_or_init(|| id.to_owned()) != id && !self.replaced.send_replace(true) {
            tracing::error!(topic = self.topic, "{}", Replaced);
        }
    }

    /// Asks for the topic's id, so that everything after this is held against it.
    pub(super) async fn learn(self: &Arc<Self>, settings: &KafkaSettings) -> Result<(), OpenError> {
        let (identity, settings) = (Arc::clone(self), settings.clone());
        let asked = tokio::task::spawn_blocking(move || identity.ask(&settings));
        asked.await.map_err(OpenError::unavailable)?
    }

    fn ask(self: &Arc<Self>, settings: &KafkaSettings) -> Result<(), OpenError> {
        let witness = Witness::of(self);
        let context = Context::with(&witness);
        let consumer: BaseConsumer<Context> =
            BaseConsumer::from_config_and_context(&settings.consumer(), context)
                .map_err(OpenError::unavailable)?;
        let consumer = Aside::new(consumer);
        let began = Instant::now();
        loop {
            let left = settings.request_timeout.saturating_sub(began.elapsed());
            match is_there(&consumer, &self.topic, left) {
                Ok(true) => break,
                Ok(false) if left > RETRY => std::thread::sleep(RETRY),
                Ok(false) => return Err(unfit(&self.topic, "existence", "missing", "present")),
                Err(error) => return Err(OpenError::unavailable(error)),
            }
        }
        // The line was queued before the answer, and each turn takes what is queued.
        let asked = Instant::now();
        while !witness.has_spoken() {
            if asked.elapsed() > HEARING {
                return Err(unfit(&self.topic, "id", "none", "one (Kafka 3.1 or newer)"));
            }
            let _ = consumer.poll(RETRY);
        }
        Ok(())
    }
}

fn is_there(
    consumer: &BaseConsumer<Context>,
    topic: &str,
    timeout: Duration,
) -> Result<bool, KafkaError> {
    let metadata = consumer.fetch_metadata(Some(topic), timeout)?;
    let found = metadata.topics().iter().find(|found| found.name() == topic);
    Ok(found.is_some_and(|found| found.error().is_none()))
}

/// What one client was told about a topic.
#[derive(Debug)]
pub(super) struct Witness {
    identity: Arc<TopicIdentity>,
    has_spoken: AtomicBool,
}

/// Why records that a client received may not be those of the topic.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(super) enum Doubt {
    #[error(transparent)]
    Replaced(#[from] Replaced),
    #[error("the client library does not tell the topic's id")]
    Silent,
}

impl Witness {
    pub(super) fn of(identity: &Arc<TopicIdentity>) -> Arc<Self> {
        Arc::new(Self { identity: Arc::clone(identity), has_spoken: AtomicBool::new(false) })
    }

    /// Takes a line of the library's log.
    pub(super) fn hear(&self, line: &str) {
        if let Some(id) = told_id(line, &self.identity.topic) {
            self.identity.tell(id);
            self.has_spoken.store(true, Ordering::SeqCst);
        }
    }

    /// Whether what the client has given so far is of the topic, which every reader asks between
    /// taking records from the client and giving them away.
    pub(super) fn check(&self) -> Result<(), Doubt> {
        self.identity.check()?;
        if self.has_spoken() { Ok(()) } else { Err(Doubt::Silent) }
    }

    /// Waits until any client of the log is told of another id.
    pub(super) async fn replaced(&self) {
        self.identity.replaced().await;
    }

    fn has_spoken(&self) -> bool {
        self.has_spoken.load(Ordering::SeqCst)
    }
}

/// The id that a line of the library's log says a topic has from here on.
fn told_id<'a>(line: &'a str, topic: &str) -> Option<&'a str> {
    let (_, line) = line.split_once("Topic ")?;
    let line = line.strip_prefix(topic)?.strip_prefix(" changed id from ")?;
    let (_, id) = line.split_once(" to ")?;
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "[thrd:main]: Topic t changed id from AAAAAAAAAAAAAAAAAAAAAA to \
                         ZRHC4SFsRbm7mBRIYVtDoA";
    const AGAIN: &str = "[thrd:main]: Topic t changed id from ZRHC4SFsRbm7mBRIYVtDoA to \
                         Gx5r9sOQSBCRB2NmwMThwA";

    #[test]
    fn a_client_that_has_said_nothing_is_not_believed() {
        let witness = Witness::of(&TopicIdentity::new("t"));
        assert_eq!(witness.check(), Err(Doubt::Silent));
        for line in ["Topic t [0] Leader 1 Epoch 0", &FIRST.replace("Topic t ", "Topic tt ")] {
            witness.hear(line);
            assert_eq!(witness.check(), Err(Doubt::Silent), "{line}");
        }
        witness.hear(FIRST);
        assert_eq!(witness.check(), Ok(()));
    }

    #[test]
    fn what_one_client_is_told_counts_for_all_clients_of_the_log() {
        let identity = TopicIdentity::new("t");
        let (one, other) = (Witness::of(&identity), Witness::of(&identity));
        one.hear(FIRST);
        other.hear(FIRST);
        assert_eq!((one.check(), other.check()), (Ok(()), Ok(())));
        one.hear(AGAIN);
        assert_eq!(other.check(), Err(Doubt::Replaced(Replaced)));
        one.hear(FIRST);
        assert_eq!(other.check(), Err(Doubt::Replaced(Replaced)), "it is not forgotten");
    }

    #[test]
    fn a_client_that_is_told_another_id_at_once_is_not_believed() {
        let identity = TopicIdentity::new("t");
        Witness::of(&identity).hear(FIRST);
        let late = Witness::of(&identity);
        late.hear(AGAIN);
        assert_eq!(late.check(), Err(Doubt::Replaced(Replaced)));
    }
}
