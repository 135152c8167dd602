//! The suites against a Kafka broker.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use fullmakt_eventlog::{
    Destination, EventLog, OpenError, Topics,
    kafka::{KafkaDestination, KafkaLog, KafkaSettings, KafkaTopics},
};
use fullmakt_events::Position;
use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions, NewTopic},
    client::DefaultClientContext,
};

use crate::{
    copy_suite::{DestinationFixture, copy_suite_tests},
    fixture::{DEADLINE, LogFixture, TopicsFixture, environment, unique},
    folder_suite::folder_suite_tests,
    log_suite::log_suite_tests,
    replaced_suite::replaced_suite_tests,
    topics_suite::topics_suite_tests,
};

/// Settings for the broker that the environment names. It is alone, so it replicates to nobody.
pub fn settings() -> KafkaSettings {
    settings_at(environment("FULLMAKT_TEST_KAFKA"))
}

pub fn settings_at(bootstrap_servers: impl Into<String>) -> KafkaSettings {
    let mut settings = KafkaSettings::new(bootstrap_servers);
    settings.replication_factor = 1;
    settings.min_insync_replicas = 1;
    settings
}

/// What an administrator can do to topics.
pub struct Administrator(AdminClient<DefaultClientContext>);

impl Administrator {
    pub fn new() -> Self {
        let servers = environment("FULLMAKT_TEST_KAFKA");
        Self(ClientConfig::new().set("bootstrap.servers", servers).create().unwrap())
    }

    pub async fn create(&self, topic: &NewTopic<'_>) {
        let results = self.0.create_topics([topic], &AdminOptions::new()).await.unwrap();
        results[0].as_ref().unwrap();
    }

    /// Deletes a topic and waits until it is gone.
    pub async fn delete(&self, topic: &str) {
        let options = AdminOptions::new().operation_timeout(Some(Duration::from_secs(10)));
        self.0.delete_topics(&[topic], &options).await.unwrap();
        let began = Instant::now();
        loop {
            let metadata = self.0.inner().fetch_metadata(Some(topic), DEADLINE).unwrap();
            if metadata.topics()[0].error().is_some() {
                return;
            }
            assert!(began.elapsed() < DEADLINE, "topic `{topic}` is still there");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn delete_records_below(&self, topic: &str, offset: u64) {
        let mut offsets = TopicPartitionList::new();
        let offset = Offset::Offset(i64::try_from(offset).unwrap());
        offsets.add_partition_offset(topic, 0, offset).unwrap();
        self.0.delete_records(&offsets, &AdminOptions::new()).await.unwrap();
    }
}

struct KafkaFixture {
    ledger: String,
    administrator: Administrator,
}

impl KafkaFixture {
    fn topic(&self) -> String {
        format!("fullmakt.{}.commits", self.ledger)
    }
}

#[async_trait]
impl LogFixture for KafkaFixture {
    async fn new() -> Self {
        Self { ledger: unique("test"), administrator: Administrator::new() }
    }

    async fn open(&self) -> Arc<dyn EventLog> {
        Arc::new(KafkaLog::open(&settings(), &self.ledger).await.unwrap())
    }

    async fn truncate_below(&self, position: Position) {
        self.administrator.delete_records_below(&self.topic(), position.get()).await;
    }

    async fn recreate(&self) {
        self.administrator.delete(&self.topic()).await;
        self.open().await;
    }

    async fn close(&self) {
        self.administrator.delete(&self.topic()).await;
    }
}

#[async_trait]
impl DestinationFixture for KafkaFixture {
    async fn destination(&self) -> Box<dyn Destination> {
        Box::new(KafkaDestination::open(&settings(), &self.ledger).await.unwrap())
    }

    async fn try_open(&self) -> Result<(), OpenError> {
        KafkaLog::open(&settings(), &self.ledger).await.map(drop)
    }
}

struct KafkaTopicsFixture {
    suffix: String,
    named: Mutex<Vec<String>>,
    administrator: Administrator,
}

#[async_trait]
impl TopicsFixture for KafkaTopicsFixture {
    async fn new() -> Self {
        let administrator = Administrator::new();
        Self { suffix: unique("test"), named: Mutex::default(), administrator }
    }

    async fn open(&self) -> Arc<dyn Topics> {
        Arc::new(KafkaTopics::open(&settings()).unwrap())
    }

    fn topic_name(&self, name: &str) -> String {
        let topic = format!("{name}.{}", self.suffix);
        self.named.lock().unwrap().push(topic.clone());
        topic
    }

    async fn close(&self) {
        let named = self.named.lock().unwrap().clone();
        for topic in named {
            self.administrator.delete(&topic).await;
        }
    }
}

mod copied {
    super::copy_suite_tests!(super::KafkaFixture);
}

mod log {
    super::log_suite_tests!(super::KafkaFixture);
}

mod replaced {
    super::replaced_suite_tests!(super::KafkaFixture);
}

mod folder {
    super::folder_suite_tests!(super::KafkaFixture);
}

mod topics {
    super::topics_suite_tests!(super::KafkaTopicsFixture);
}
