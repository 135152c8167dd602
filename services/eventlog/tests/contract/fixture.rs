//! What a suite needs of an implementation, and the macros that run a suite against it.

use std::{
    fmt::Debug,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use bytes::Bytes;
use fullmakt_eventlog::{EventLog, LogReader, ReadLimits, Record, Topics};
use fullmakt_events::Position;

/// The longest a test waits for anything.
pub const DEADLINE: Duration = Duration::from_mins(1);

/// A fresh log that any number of processes can open.
#[async_trait]
pub trait LogFixture: Send + Sync + Sized + 'static {
    async fn new() -> Self;
    /// Opens the log as another process would.
    async fn open(&self) -> Arc<dyn EventLog>;
    /// Removes the records below a position behind the log's back.
    async fn truncate_below(&self, position: Position);
    /// Deletes the log and creates it empty behind the log's back.
    async fn recreate(&self);
    async fn close(&self);
}

/// A log that can lose its newest records and stay the same log, as when a server takes over that
/// lacks them.
#[async_trait]
pub trait LosingFixture: LogFixture {
    /// Removes the records from a position on behind the log's back.
    async fn lose_from(&self, position: Position);
}

/// A place for fresh topics.
#[async_trait]
pub trait TopicsFixture: Send + Sync + Sized + 'static {
    async fn new() -> Self;
    /// Opens the topics as another process would.
    async fn open(&self) -> Arc<dyn Topics>;
    /// A topic name that nobody else uses.
    fn topic_name(&self, name: &str) -> String;
    async fn close(&self);
}

/// Runs functions of a suite as tests against a fixture, which is closed whatever happens.
macro_rules! suite_tests {
    ($fixture:ty, $fixture_trait:path, $suite:path { $($test:ident)* }) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                use $fixture_trait as _;
                use $suite as suite;
                let fixture = std::sync::Arc::new(<$fixture>::new().await);
                let shared = std::sync::Arc::clone(&fixture);
                let tested = tokio::spawn(async move { suite::$test(&*shared).await }).await;
                fixture.close().await;
                if let Err(failed) = tested {
                    std::panic::resume_unwind(failed.into_panic());
                }
            }
        )*
    };
}

pub(crate) use suite_tests;

/// The environment variable, or the test fails.
pub fn environment(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: `cargo xtask test contract` starts the servers and sets it")
    })
}

/// A name that nobody else uses.
pub fn unique(prefix: &str) -> String {
    format!("{prefix}_{}", uuid::Uuid::new_v4().simple())
}

/// A record that can be told from others.
pub fn record(name: impl Debug) -> Bytes {
    Bytes::from(format!("{name:?}"))
}

/// Reads until a reader has given this many records.
pub async fn read_records(reader: &mut dyn LogReader, count: usize) -> Vec<Record> {
    let began = Instant::now();
    let mut records = Vec::new();
    while records.len() < count {
        assert!(began.elapsed() < DEADLINE, "only {} of {count} records came", records.len());
        let expected = reader.position();
        let batch = reader.next(Duration::from_secs(1)).await.unwrap();
        for (record, position) in batch.iter().zip(expected.get()..) {
            assert_eq!(record.position.get(), position, "a batch has a gap");
        }
        records.extend(batch);
    }
    records
}

/// All records of a log.
pub async fn read_all(log: &dyn EventLog) -> Vec<Record> {
    let end = log.end().await.unwrap();
    let mut reader = log.reader(Position::GENESIS, ReadLimits::default()).await.unwrap();
    read_records(&mut *reader, usize::try_from(end.get()).unwrap()).await
}
