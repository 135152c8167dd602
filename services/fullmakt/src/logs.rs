//! The log and the topics, as the configuration says.

use std::{collections::BTreeMap, sync::Arc};

use fullmakt_config::{Configuration, LogKind};
use fullmakt_eventlog::{
    Destination, EventLog, Topics,
    kafka::{KafkaDestination, KafkaLog, KafkaSettings, KafkaTopics, TopicCreation},
    postgres::{PostgresDestination, PostgresLog, PostgresSettings, PostgresTopics},
};
use fullmakt_readstore::Tls;

use crate::{StartError, process};

pub(crate) async fn event_log(
    configuration: &Configuration,
) -> Result<Arc<dyn EventLog>, StartError> {
    Ok(match configuration.log.kind {
        LogKind::Kafka => {
            Arc::new(KafkaLog::open(&kafka(configuration), &configuration.ledger.name).await?)
        }
        LogKind::Postgres => {
            let (settings, tls) = postgres(configuration)?;
            Arc::new(PostgresLog::open_with_tls(&settings, tls.connector()).await?)
        }
    })
}

/// The log, which is there already. Creates nothing.
pub(crate) async fn existing_log(
    configuration: &Configuration,
) -> Result<Arc<dyn EventLog>, StartError> {
    Ok(match configuration.log.kind {
        LogKind::Kafka => {
            let settings =
                KafkaSettings { creation: TopicCreation::MustExist, ..kafka(configuration) };
            Arc::new(KafkaLog::open(&settings, &configuration.ledger.name).await?)
        }
        LogKind::Postgres if is_in_postgres(configuration).await? => {
            return event_log(configuration).await;
        }
        LogKind::Postgres => return Err(StartError::NoLog),
    })
}

/// The log of this configuration, to be filled from another.
pub(crate) async fn destination(
    configuration: &Configuration,
) -> Result<Box<dyn Destination>, StartError> {
    Ok(match configuration.log.kind {
        LogKind::Kafka => {
            let (settings, ledger) = (kafka(configuration), &configuration.ledger.name);
            Box::new(KafkaDestination::open(&settings, ledger).await?)
        }
        LogKind::Postgres => {
            let (settings, tls) = postgres(configuration)?;
            Box::new(PostgresDestination::open_with_tls(&settings, tls.connector()).await?)
        }
    })
}

/// Whether the database holds a log.
pub(crate) async fn is_in_postgres(configuration: &Configuration) -> Result<bool, StartError> {
    let (settings, tls) = postgres(configuration)?;
    Ok(PostgresLog::exists_with_tls(&settings, tls.connector()).await?)
}

pub(crate) async fn topics(configuration: &Configuration) -> Result<Arc<dyn Topics>, StartError> {
    Ok(match configuration.log.kind {
        LogKind::Kafka => Arc::new(KafkaTopics::open(&kafka(configuration))?),
        LogKind::Postgres => {
            let (settings, tls) = postgres(configuration)?;
            Arc::new(PostgresTopics::open_with_tls(&settings, tls.connector()).await?)
        }
    })
}

pub(crate) fn kafka(configuration: &Configuration) -> KafkaSettings {
    let kafka = &configuration.log.kafka;
    let properties = kafka.properties.iter();
    let properties: BTreeMap<String, String> =
        properties.map(|(name, value)| (name.clone(), value.reveal().to_owned())).collect();
    KafkaSettings {
        client_properties: properties,
        creation: TopicCreation::CreateMissing,
        replication_factor: kafka.replication,
        min_insync_replicas: kafka.min_insync,
        ..KafkaSettings::new(kafka.bootstrap_servers.clone())
    }
}

fn postgres(configuration: &Configuration) -> Result<(PostgresSettings, Tls), StartError> {
    let tls = process::database(configuration)?.tls().clone();
    let mut settings = PostgresSettings::new(configuration.postgres.url.reveal())?;
    let password = &configuration.postgres.password;
    if !password.is_empty() {
        settings.connection.password(password.reveal());
    }
    tls.apply(&mut settings.connection);
    Ok((settings, tls))
}
