//! Our log in Kafka, and the plain producer that it is measured beside.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use fullmakt_eventlog::kafka::{KafkaLog, KafkaSettings};
use rdkafka::{
    ClientConfig,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    producer::{FutureProducer, FutureRecord},
    util::Timeout,
};
use uuid::Uuid;

use crate::{Failed, service};

/// Where the broker is.
pub(crate) const ENVIRONMENT: &str = "FULLMAKT_TEST_KAFKA";

/// How to reach the one broker there is.
pub(crate) fn settings() -> Result<KafkaSettings, Failed> {
    let mut settings = KafkaSettings::new(service(ENVIRONMENT)?);
    settings.replication_factor = 1;
    settings.min_insync_replicas = 1;
    Ok(settings)
}

/// A log of its own.
pub(crate) async fn log(name: &str) -> Result<Arc<KafkaLog>, Failed> {
    Ok(Arc::new(KafkaLog::open(&settings()?, name).await?))
}

/// A name that nobody has used.
pub(crate) fn fresh_name() -> String {
    format!("bench{}", Uuid::new_v4().simple())
}

/// An idempotent producer as one has it without this product, on a topic like the log's.
#[derive(Clone)]
pub(crate) struct PlainProducer {
    producer: FutureProducer,
    topic: Arc<str>,
}

impl PlainProducer {
    pub(crate) async fn new() -> Result<Self, Failed> {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", service(ENVIRONMENT)?);
        let topic: Arc<str> = fresh_name().into();
        let admin: AdminClient<DefaultClientContext> = config.create()?;
        let made = NewTopic::new(&topic, 1, TopicReplication::Fixed(1))
            .set("message.timestamp.type", "LogAppendTime");
        for result in admin.create_topics([&made], &AdminOptions::new()).await? {
            result.map_err(|(topic, code)| format!("`{topic}` is not created: {code}"))?;
        }
        let producer = config
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("linger.ms", "0")
            .set("socket.nagle.disable", "true")
            .create()?;
        Ok(Self { producer, topic })
    }

    /// Produces a record, and waits until it is acknowledged.
    pub(crate) async fn produce(&self, bytes: &Bytes) -> Result<(), Failed> {
        let record: FutureRecord<'_, (), [u8]> = FutureRecord::to(&self.topic).payload(bytes);
        let sent = self.producer.send(record, Timeout::After(Duration::from_secs(10))).await;
        sent.map_err(|(error, _)| error)?;
        Ok(())
    }
}
