//! The suites against memory.

use std::sync::Arc;

use async_trait::async_trait;
use fullmakt_eventlog::{
    EventLog, Topics,
    memory::{ManualClock, MemoryLog, MemoryTopics},
};
use fullmakt_events::{Position, Timestamp};

use crate::{
    fixture::{LogFixture, LosingFixture, TopicsFixture},
    folder_suite::{folder_suite_tests, losing_suite_tests},
    log_suite::log_suite_tests,
    replaced_suite::replaced_suite_tests,
    topics_suite::topics_suite_tests,
};

const TIME: Timestamp = Timestamp::from_micros(1_700_000_000_123_456);

struct MemoryFixture {
    log: MemoryLog,
    topics: MemoryTopics,
}

impl MemoryFixture {
    fn create() -> Self {
        let time = ManualClock::at(TIME).source();
        Self { log: MemoryLog::new(time.clone()), topics: MemoryTopics::new(time) }
    }
}

#[async_trait]
impl LogFixture for MemoryFixture {
    async fn new() -> Self {
        Self::create()
    }

    async fn open(&self) -> Arc<dyn EventLog> {
        Arc::new(self.log.handle())
    }

    async fn truncate_below(&self, position: Position) {
        self.log.truncate_below(position);
    }

    async fn recreate(&self) {
        self.log.recreate();
    }

    async fn close(&self) {}
}

#[async_trait]
impl LosingFixture for MemoryFixture {
    async fn lose_from(&self, position: Position) {
        self.log.lose_from(position);
    }
}

struct MemoryTopicsFixture(MemoryFixture);

#[async_trait]
impl TopicsFixture for MemoryTopicsFixture {
    async fn new() -> Self {
        Self(MemoryFixture::create())
    }

    async fn open(&self) -> Arc<dyn Topics> {
        Arc::new(self.0.topics.clone())
    }

    fn topic_name(&self, name: &str) -> String {
        name.to_owned()
    }

    async fn close(&self) {}
}

mod log {
    super::log_suite_tests!(super::MemoryFixture);
}

mod replaced {
    super::replaced_suite_tests!(super::MemoryFixture);
}

mod folder {
    super::folder_suite_tests!(super::MemoryFixture);
    super::losing_suite_tests!(super::MemoryFixture);
}

mod topics {
    super::topics_suite_tests!(super::MemoryTopicsFixture);
}
