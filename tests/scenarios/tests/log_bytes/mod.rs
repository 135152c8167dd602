//! The bytes of the ledger and of the decision log, read past the system.

use std::time::Duration;

use fullmakt_eventlog::{
    EventLog, ReadLimits, TopicName, Topics,
    kafka::{KafkaLog, KafkaSettings, KafkaTopics},
    postgres::{PostgresLog, PostgresSettings, PostgresTopics},
};
use fullmakt_events::Position;
use fullmakt_scenarios::System;

const WAIT: Duration = Duration::from_secs(5);

/// The partitions of the decision log.
const PARTITIONS: u32 = 4;

/// The records of the ledger up to its present end.
pub async fn all(system: &System) -> Vec<Vec<u8>> {
    let log: Box<dyn EventLog> = if is_kafka(system) {
        let ledger = system.setting("FULLMAKT_LEDGER__NAME");
        Box::new(KafkaLog::open(&kafka(system), ledger).await.unwrap())
    } else {
        Box::new(PostgresLog::open(&postgres(system)).await.unwrap())
    };
    let end = log.end().await.unwrap();
    let mut reader = log.reader(Position::GENESIS, ReadLimits::default()).await.unwrap();
    let mut records = Vec::new();
    while reader.position() < end {
        let batch = reader.next(WAIT).await.unwrap();
        assert!(!batch.is_empty(), "the log has records up to its end");
        records.extend(batch.into_iter().map(|record| record.bytes.to_vec()));
    }
    records
}

/// The records of decisions.
pub async fn decisions(system: &System) -> Vec<Vec<u8>> {
    let topics: Box<dyn Topics> = if is_kafka(system) {
        Box::new(KafkaTopics::open(&kafka(system)).unwrap())
    } else {
        Box::new(PostgresTopics::open(&postgres(system)).await.unwrap())
    };
    let ledger = system.setting("FULLMAKT_LEDGER__NAME");
    let topic = TopicName::new(format!("fullmakt.{ledger}.decisions")).unwrap();
    let mut records = Vec::new();
    for partition in 0..PARTITIONS {
        // One read has all that a scenario makes; an empty partition is waited for only briefly.
        let limits = ReadLimits::default();
        let wait = Duration::from_millis(500);
        let batch = topics.read(&topic, partition, 0, limits, wait).await.unwrap();
        records.extend(batch.into_iter().map(|record| record.bytes.to_vec()));
    }
    records
}

fn is_kafka(system: &System) -> bool {
    system.setting("FULLMAKT_LOG__KIND") == "kafka"
}

fn kafka(system: &System) -> KafkaSettings {
    KafkaSettings {
        replication_factor: 1,
        min_insync_replicas: 1,
        ..KafkaSettings::new(system.setting("FULLMAKT_LOG__KAFKA__BOOTSTRAP_SERVERS"))
    }
}

fn postgres(system: &System) -> PostgresSettings {
    PostgresSettings::new(&system.database_url()).unwrap()
}
