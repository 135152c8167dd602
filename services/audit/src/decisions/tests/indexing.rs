use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use fullmakt_access::record::{DecisionRecord, ENGINE, LogRecord, RecordedRequest, STRICT};
use fullmakt_eventlog::{
    Topic, TopicName, Topics,
    memory::{MemoryTopics, TimeSource},
};
use fullmakt_events::{DecisionId, Position, Timestamp};
use fullmakt_readstore::testing::{TestDatabase, TestLedger};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::decisions::{
    DecisionIndex, DecisionIndexer, DecisionTopic, IndexRetention, index::Found,
};

/// Noon of a day.
pub(super) const NOON: Timestamp = Timestamp::from_millis(1_795_608_000_000);
const DAY_SECONDS: i64 = 86_400;
const KEPT_DAYS: u32 = 10;
const PARTITIONS: u32 = 4;
const NO_WAIT: Duration = Duration::ZERO;
/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A database, a topic, and an index of it that somebody has to fill.
pub(super) struct Setting {
    database: TestDatabase,
    topics: MemoryTopics,
    topic: TopicName,
    clock: Arc<Mutex<Timestamp>>,
    pub(super) index: DecisionIndex,
}

/// A decision that was made so many seconds after noon.
pub(super) fn decision(number: u128, seconds: i64) -> DecisionRecord {
    DecisionRecord {
        id: DecisionId::new(Uuid::from_u128(number)),
        caller: None,
        correlation: None,
        ledger: TestLedger::ID,
        position: Position::new(1),
        evaluated_at: NOON.plus_seconds(seconds),
        engine: ENGINE.into(),
        matching: STRICT.into(),
        request: RecordedRequest::default(),
        owner: None,
        policy: None,
        catalogues: std::collections::BTreeMap::new(),
        facts: String::new(),
        decision: "Permit".into(),
        status: "ok".into(),
        obligations: serde_json::Value::Null,
        reason: "policy-permits".into(),
        withheld: 0,
    }
}

impl Setting {
    pub(super) async fn new() -> Self {
        let name = TopicName::new("fullmakt.main.decisions").unwrap();
        let topic = Topic { name: name.clone(), partitions: PARTITIONS, retention: None };
        let topics = MemoryTopics::new(TimeSource::new(|| NOON));
        topics.ensure(&topic).await.unwrap();
        let database = TestDatabase::create();
        let topic = DecisionTopic { log: "memory", topics: Arc::new(topics.clone()), topic };
        let index = DecisionIndex::new(database.database().pool().unwrap(), topic);
        let clock = Arc::new(Mutex::new(NOON));
        Self { database, topics, topic: name, clock, index }
    }

    fn indexer(&self) -> DecisionIndexer {
        let clock = Arc::clone(&self.clock);
        let now = Arc::new(move || *clock.lock().unwrap());
        DecisionIndexer::new(self.index.clone(), IndexRetention { days: KEPT_DAYS }, now)
    }

    pub(super) async fn append(&self, record: &LogRecord) {
        let key = Bytes::copy_from_slice(record.id().uuid().as_bytes());
        let bytes = serde_json::to_vec(record).unwrap().into();
        self.topics.append(&self.topic, key, bytes).await.unwrap();
    }

    pub(super) async fn append_decision(&self, number: u128, seconds: i64) {
        self.append(&LogRecord::Decision(decision(number, seconds))).await;
    }

    /// Takes in everything that is there.
    pub(super) async fn take_in(&self) {
        let indexer = self.indexer();
        for partition in 0..PARTITIONS {
            let mut next = indexer.place(partition).await.unwrap();
            loop {
                let taken = indexer.take_in(partition, next, NO_WAIT).await.unwrap().unwrap();
                if taken == next {
                    break;
                }
                next = taken;
            }
        }
    }

    /// What one number that PostgreSQL answers is.
    async fn count(&self, statement: &str) -> i64 {
        self.database.client().await.query_one(statement, &[]).await.unwrap().get(0)
    }

    async fn rows(&self) -> i64 {
        self.count("SELECT count(*) FROM fullmakt.decisions").await
    }
}

fn id(number: u128) -> DecisionId {
    DecisionId::new(Uuid::from_u128(number))
}

#[tokio::test]
async fn each_record_is_indexed_once_however_often_it_is_logged_and_whoever_takes_it_in() {
    let setting = Setting::new().await;
    for number in 0..50 {
        setting.append_decision(number, 0).await;
    }
    // The log was asked again, because the answer did not come.
    for number in 0..10 {
        setting.append_decision(number, 0).await;
    }
    let (one, other) = (setting.indexer(), setting.indexer());
    for partition in 0..PARTITIONS {
        let place = one.place(partition).await.unwrap();
        assert_eq!((place, other.place(partition).await.unwrap()), (0, 0));
        let (taken, lost) = tokio::join!(
            one.take_in(partition, place, NO_WAIT),
            other.take_in(partition, place, NO_WAIT)
        );
        let end = setting.topics.end(&setting.topic, partition).await.unwrap();
        let mut outcomes = [taken.unwrap(), lost.unwrap()];
        outcomes.sort_unstable();
        assert_eq!(outcomes, [None, Some(end)], "one of them moves on");
        assert_eq!(one.place(partition).await.unwrap(), end);
    }
    assert_eq!(setting.rows().await, 50);
    assert_eq!(setting.index.behind().await.unwrap(), 0);
    // Whoever begins again goes on where it was.
    setting.append_decision(50, 0).await;
    assert_eq!(setting.index.behind().await.unwrap(), 1);
    setting.take_in().await;
    assert_eq!(setting.rows().await, 51);
}

#[tokio::test]
async fn a_topic_that_was_made_anew_is_read_from_its_beginning() {
    let setting = Setting::new().await;
    for number in 0..20 {
        setting.append_decision(number, 0).await;
    }
    setting.take_in().await;
    let beyond = "UPDATE fullmakt.decision_places SET next = next + 1000";
    setting.database.client().await.batch_execute(beyond).await.unwrap();
    setting.append_decision(20, 0).await;
    setting.take_in().await;
    assert_eq!(setting.rows().await, 21);
    assert_eq!(setting.index.behind().await.unwrap(), 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_left_out_and_holds_up_nothing() {
    let setting = Setting::new().await;
    for bytes in [&b"\xff"[..], b"{", b"{}", br#"{"kind":"prophecy"}"#, br#"{"kind":"decision"}"#] {
        let (key, bytes) = (Bytes::from_static(b"key"), Bytes::copy_from_slice(bytes));
        setting.topics.append(&setting.topic, key, bytes).await.unwrap();
    }
    for number in 0..20 {
        setting.append_decision(number, 0).await;
    }
    setting.take_in().await;
    assert_eq!(setting.rows().await, 20);
    assert_eq!(setting.index.behind().await.unwrap(), 0);
}

#[tokio::test]
async fn retention_drops_days_that_are_no_longer_kept_and_nothing_else() {
    let setting = Setting::new().await;
    let days = |days: i64| days * DAY_SECONDS;
    for (number, ago) in (0..).zip([0, 1, 9, 10, 11, 400]) {
        setting.append_decision(number, -days(ago)).await;
    }
    setting.append_decision(99, days(2)).await;
    let other = "CREATE TABLE fullmakt.decisions_20200101 (kept integer);
        INSERT INTO fullmakt.decisions_20200101 VALUES (1)";
    setting.database.client().await.batch_execute(other).await.unwrap();
    setting.indexer().keep_once().await.unwrap();
    setting.take_in().await;
    // What was not kept any more when it was taken in is not there.
    assert_eq!(setting.rows().await, 5);
    assert_eq!(setting.index.behind().await.unwrap(), 0);

    *setting.clock.lock().unwrap() = NOON.plus_seconds(days(1));
    setting.indexer().keep_once().await.unwrap();
    let found =
        async |number| matches!(setting.index.find(id(number)).await, Ok(Found::Indexed(_)));
    for (number, is_kept) in [(0, true), (1, true), (2, true), (3, false), (99, true)] {
        assert_eq!(found(number).await, is_kept, "{number}");
    }
    // Neither a table that only has such a name nor the places are touched.
    assert_eq!(setting.count("SELECT count(*) FROM fullmakt.decisions_20200101").await, 1);
    assert_eq!(setting.index.behind().await.unwrap(), 0);
    // Days to come have their partitions already.
    let ahead = "SELECT count(*) FROM pg_inherits
        WHERE inhparent = 'fullmakt.decisions'::regclass AND inhrelid::regclass::text LIKE '%202612%'";
    assert_eq!(setting.count(ahead).await, 3);
}

#[tokio::test]
async fn the_index_follows_the_log_until_it_is_told_to_stop() {
    let setting = Setting::new().await;
    let stopping = CancellationToken::new();
    let running = tokio::spawn(setting.indexer().run(stopping.clone()));
    for number in 0..20 {
        setting.append_decision(number, 0).await;
        // It is in the log, and so it is found.
        let found = timeout(PATIENCE, setting.index.find(id(number))).await.unwrap().unwrap();
        let Found::Indexed(found) = found else { panic!("{number} is not found") };
        assert_eq!(LogRecord::read(&found.record).unwrap().id(), id(number));
    }
    assert!(matches!(setting.index.find(id(77)).await.unwrap(), Found::Absent));
    stopping.cancel();
    timeout(PATIENCE, running).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_may_be_in_the_log_only_is_not_said_to_be_absent() {
    let setting = Setting::new().await;
    setting.append_decision(1, 0).await;
    let found = setting.index.find(id(1)).await.unwrap();
    assert!(matches!(found, Found::NotYet { behind: 1 }));
}
